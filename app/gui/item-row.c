/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/item-row.h"

struct _AssayItemRow
{
  GObject parent_instance;
  gint64 row;
  AssayItem *item; /* NULL until read */
  char *path;
  AssayLabelState state;
  char *flags;
  AssayThumbnailer *thumbnailer; /* of the model; NULL once that is gone */
  GdkTexture *thumbnail;
  GCancellable *asked; /* NULL until a thumbnail was asked for */
};

static guint signal_changed;

G_DEFINE_FINAL_TYPE (AssayItemRow, assay_item_row, G_TYPE_OBJECT)

AssayItemRow *
assay_item_row_new (gint64 row, AssayThumbnailer *thumbnailer)
{
  AssayItemRow *self = g_object_new (ASSAY_TYPE_ITEM_ROW, NULL);
  self->row = row;
  self->thumbnailer = thumbnailer;
  return self;
}

void
assay_item_row_fill (AssayItemRow *row, AssayItem *take_item, char *take_path, AssayLabelState state,
                     const char *flags)
{
  if (take_item != NULL)
    {
      g_clear_pointer (&row->item, assay_item_free);
      g_clear_pointer (&row->path, g_free);
      row->item = take_item;
      row->path = take_path;
    }
  row->state = state;
  g_free (row->flags);
  row->flags = g_strdup (flags);
  g_signal_emit (row, signal_changed, 0);
}

void
assay_item_row_orphan (AssayItemRow *row)
{
  row->thumbnailer = NULL;
}

gint64
assay_item_row_get_row (AssayItemRow *row)
{
  return row->row;
}

const AssayItem *
assay_item_row_get_item (AssayItemRow *row)
{
  return row->item;
}

AssayLabelState
assay_item_row_get_state (AssayItemRow *row)
{
  return row->state;
}

const char *
assay_item_row_get_flags (AssayItemRow *row)
{
  return row->flags != NULL ? row->flags : "";
}

static void
on_thumbnail (gpointer owner, GdkTexture *texture)
{
  AssayItemRow *row = owner;
  g_set_object (&row->thumbnail, texture);
  g_signal_emit (row, signal_changed, 0);
}

GdkTexture *
assay_item_row_get_thumbnail (AssayItemRow *row)
{
  if (row->thumbnail == NULL && row->asked == NULL && row->item != NULL && row->thumbnailer != NULL)
    {
      row->asked = g_cancellable_new ();
      assay_thumbnailer_ask (row->thumbnailer, row->item, row->path, on_thumbnail, row, row->asked);
    }
  return row->thumbnail;
}

static void
assay_item_row_finalize (GObject *object)
{
  AssayItemRow *row = ASSAY_ITEM_ROW (object);
  if (row->asked != NULL)
    g_cancellable_cancel (row->asked);
  g_clear_object (&row->asked);
  g_clear_object (&row->thumbnail);
  assay_item_free (row->item);
  g_free (row->path);
  g_free (row->flags);
  G_OBJECT_CLASS (assay_item_row_parent_class)->finalize (object);
}

static void
assay_item_row_class_init (AssayItemRowClass *class)
{
  G_OBJECT_CLASS (class)->finalize = assay_item_row_finalize;
  signal_changed
      = g_signal_new ("changed", ASSAY_TYPE_ITEM_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_item_row_init (AssayItemRow *row)
{
}
