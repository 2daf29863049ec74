/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/tag-tile.h"

#define WIDTH_PX 160
#define HEIGHT_PX 120

struct _AssayTagTile
{
  GtkWidget parent_instance;
  AssayTagRow *row;
  const AssayTask *task;
  GtkPicture *picture;
  GtkImage *playing;
  GtkLabel *name, *tags;
};

G_DEFINE_FINAL_TYPE (AssayTagTile, assay_tag_tile, GTK_TYPE_WIDGET)

static char *
dup_name (const AssayItem *item)
{
  g_autofree char *name = g_path_get_basename (item->name);
  if (item->media_kind != ASSAY_MEDIA_SOUND || item->rate_hz == 0)
    return g_steal_pointer (&name);
  double seconds = (double) item->n_samples / item->rate_hz;
  return g_strdup_printf ("%s  %d:%04.1f", name, (int) (seconds / 60), seconds - 60 * (int) (seconds / 60));
}

/* Colour and word, each by itself enough. */
static void
write_tags (AssayTagTile *self, GString *markup, GString *words)
{
  const GArray *tags = assay_tag_row_get_tags (self->row);
  for (guint i = 0; i < tags->len; i++)
    {
      const AssayClass *class = assay_task_find_class (self->task, &g_array_index (tags, AssayId, i));
      g_autofree char *name = g_markup_escape_text (class != NULL ? class->name : "?", -1);
      g_string_append_printf (markup, "%s<span foreground='#%06x'>●</span> %s", i > 0 ? "  " : "",
                              class != NULL ? class->colour : 0x808080, name);
      g_string_append_printf (words, ", %s", class != NULL ? class->name : "?");
    }
}

/* What is read aloud is the cell's, which has the focus. */
static void
tell (AssayTagTile *self, const char *words)
{
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (self));
  const AssayItem *item = assay_tag_row_get_item (self->row);
  g_autofree char *name = item != NULL ? g_path_get_basename (item->name) : g_strdup ("");
  g_autofree char *all = g_strdup_printf (
      "%s%s%s", name, *words != '\0' ? words : ", no tag",
      assay_tag_row_get_state (self->row) == ASSAY_LABEL_SENT_BACK ? ", sent back by a reviewer" : "");
  if (cell != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, all, -1);
}

static void
update (AssayTagTile *self)
{
  const AssayItem *item = self->row != NULL ? assay_tag_row_get_item (self->row) : NULL;
  GdkTexture *texture = item != NULL ? assay_tag_row_get_thumbnail (self->row) : NULL;
  gtk_picture_set_paintable (self->picture, texture != NULL ? GDK_PAINTABLE (texture) : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->playing),
                          self->row != NULL && (assay_tag_row_get_marks (self->row) & ASSAY_TAG_PLAYING) != 0);
  if (item == NULL)
    {
      gtk_label_set_text (self->name, "");
      gtk_label_set_text (self->tags, "");
      return;
    }
  g_autofree char *name = dup_name (item);
  g_autoptr (GString) markup = g_string_new (NULL), words = g_string_new (NULL);
  write_tags (self, markup, words);
  if (assay_tag_row_get_state (self->row) == ASSAY_LABEL_SENT_BACK)
    g_string_append (markup, markup->len > 0 ? "  ▲" : "▲ sent back");
  gtk_label_set_text (self->name, name);
  gtk_label_set_markup (self->tags, markup->str);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), item->name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->tags), words->len > 2 ? words->str + 2 : NULL);
  tell (self, words->str);
}

void
assay_tag_tile_set_row (AssayTagTile *self, AssayTagRow *row, const AssayTask *task)
{
  if (self->row != NULL)
    g_signal_handlers_disconnect_by_func (self->row, update, self);
  g_set_object (&self->row, row);
  self->task = task;
  if (row != NULL)
    g_signal_connect_object (row, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

AssayTagRow *
assay_tag_tile_get_row (AssayTagTile *self)
{
  return self->row;
}

GtkWidget *
assay_tag_tile_new (void)
{
  return g_object_new (ASSAY_TYPE_TAG_TILE, NULL);
}

static GtkLabel *
line_new (GtkWidget *box, PangoEllipsizeMode ellipsis)
{
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), ellipsis);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 1); /* as wide as the picture, however long it is */
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
assay_tag_tile_dispose (GObject *object)
{
  AssayTagTile *self = ASSAY_TAG_TILE (object);
  GtkWidget *child;
  g_clear_object (&self->row);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_tag_tile_parent_class)->dispose (object);
}

static void
assay_tag_tile_class_init (AssayTagTileClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_tag_tile_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "tag-tile");
}

static void
assay_tag_tile_init (AssayTagTile *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3), *overlay = gtk_overlay_new ();
  self->picture = GTK_PICTURE (gtk_picture_new ());
  gtk_picture_set_can_shrink (self->picture, TRUE);
  gtk_widget_set_size_request (GTK_WIDGET (self->picture), WIDTH_PX, HEIGHT_PX);
  gtk_widget_add_css_class (GTK_WIDGET (self->picture), "thumbnail");
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (self->picture));
  self->playing = GTK_IMAGE (gtk_image_new_from_icon_name ("media-playback-start-symbolic"));
  gtk_widget_set_halign (GTK_WIDGET (self->playing), GTK_ALIGN_START);
  gtk_widget_set_valign (GTK_WIDGET (self->playing), GTK_ALIGN_START);
  gtk_widget_add_css_class (GTK_WIDGET (self->playing), "badge");
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (self->playing));
  gtk_box_append (GTK_BOX (box), overlay);
  self->name = line_new (box, PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (GTK_WIDGET (self->name), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->name), "dim-label");
  self->tags = line_new (box, PANGO_ELLIPSIZE_END);
  gtk_widget_set_parent (box, GTK_WIDGET (self));
}
