/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/item-tile.h"

#include "app/gui/widget.h"
#include "app/gui/state-dot.h"

struct _AssayItemTile
{
  GtkWidget parent_instance;
  AssayItemRow *row;
  GtkPicture *picture;
  GtkLabel *name, *facts;
  AssayStateDot *dot;
};

G_DEFINE_FINAL_TYPE (AssayItemTile, assay_item_tile, GTK_TYPE_WIDGET)

static char *
describe (const AssayItem *item)
{
  if (item->media_kind != ASSAY_MEDIA_SOUND)
    return g_strdup_printf ("%u × %u", item->width_px, item->height_px);
  double seconds = item->rate_hz > 0 ? (double) item->n_samples / item->rate_hz : 0;
  return g_strdup_printf ("%d:%04.1f", (int) (seconds / 60), seconds - 60 * (int) (seconds / 60));
}

static void
update (AssayItemTile *tile)
{
  const AssayItem *item = tile->row != NULL ? assay_item_row_get_item (tile->row) : NULL;
  GdkTexture *texture = item != NULL ? assay_item_row_get_thumbnail (tile->row) : NULL;
  gtk_picture_set_paintable (tile->picture, texture != NULL ? GDK_PAINTABLE (texture) : NULL);
  gtk_widget_set_opacity (GTK_WIDGET (tile->dot), item != NULL ? 1 : 0);
  if (item == NULL)
    {
      gtk_label_set_text (tile->name, "");
      gtk_label_set_text (tile->facts, "");
      return;
    }
  g_autofree char *name = g_path_get_basename (item->name);
  g_autofree char *size = describe (item);
  const char *flags = assay_item_row_get_flags (tile->row);
  g_autofree char *facts = *flags != '\0' ? g_strdup_printf ("%s · %s", flags, size) : g_strdup (size);
  gtk_label_set_text (tile->name, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (tile->name), item->name);
  gtk_label_set_text (tile->facts, facts);
  assay_state_dot_set_state (tile->dot, assay_item_row_get_state (tile->row));
}

void
assay_item_tile_set_row (AssayItemTile *tile, AssayItemRow *row)
{
  if (tile->row != NULL)
    g_signal_handlers_disconnect_by_func (tile->row, update, tile);
  g_set_object (&tile->row, row);
  if (row != NULL)
    g_signal_connect_object (row, "changed", G_CALLBACK (update), tile, G_CONNECT_SWAPPED);
  update (tile);
}

GtkWidget *
assay_item_tile_new (void)
{
  return g_object_new (ASSAY_TYPE_ITEM_TILE, NULL);
}

static void
assay_item_tile_dispose (GObject *object)
{
  AssayItemTile *tile = ASSAY_ITEM_TILE (object);
  g_clear_object (&tile->row);
  assay_widget_clear (tile, ASSAY_TYPE_ITEM_TILE);
  G_OBJECT_CLASS (assay_item_tile_parent_class)->dispose (object);
}

static void
assay_item_tile_class_init (AssayItemTileClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_item_tile_dispose;
  g_type_ensure (ASSAY_TYPE_STATE_DOT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/item-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayItemTile, picture);
  gtk_widget_class_bind_template_child (widget_class, AssayItemTile, name);
  gtk_widget_class_bind_template_child (widget_class, AssayItemTile, facts);
  gtk_widget_class_bind_template_child (widget_class, AssayItemTile, dot);
}

static void
assay_item_tile_init (AssayItemTile *tile)
{
  gtk_widget_init_template (GTK_WIDGET (tile));
}
