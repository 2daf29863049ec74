/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/tag-row.h"

struct _AssayTagRow
{
  GObject parent_instance;
  gint64 row;
  AssayItem *item;
  char *path;
  AssayLabelState state;
  GArray *tags; /* of AssayId */
  GdkTexture *thumbnail;
  GCancellable *asked; /* NULL = asleep, or not read yet */
  AssayTagMarks marks;
};

static guint signal_changed;

G_DEFINE_FINAL_TYPE (AssayTagRow, assay_tag_row, G_TYPE_OBJECT)

AssayTagRow *
assay_tag_row_new (gint64 item_row)
{
  AssayTagRow *self = g_object_new (ASSAY_TYPE_TAG_ROW, NULL);
  self->row = item_row;
  return self;
}

gint64
assay_tag_row_get_row (AssayTagRow *self)
{
  return self->row;
}

const AssayItem *
assay_tag_row_get_item (AssayTagRow *self)
{
  return self->item;
}

const char *
assay_tag_row_get_path (AssayTagRow *self)
{
  return self->path;
}

AssayLabelState
assay_tag_row_get_state (AssayTagRow *self)
{
  return self->state;
}

const GArray *
assay_tag_row_get_tags (AssayTagRow *self)
{
  return self->tags;
}

void
assay_tag_row_fill (AssayTagRow *self, AssayItem *take_item, char *take_path, AssayLabelState state,
                    const GArray *tags)
{
  if (take_item != NULL)
    {
      assay_item_free (self->item);
      g_free (self->path);
      self->item = take_item;
      self->path = take_path;
    }
  self->state = state;
  g_array_set_size (self->tags, 0);
  if (tags->len > 0)
    g_array_append_vals (self->tags, tags->data, tags->len);
  g_signal_emit (self, signal_changed, 0);
}

static void
on_thumbnail (gpointer owner, GdkTexture *texture)
{
  AssayTagRow *self = owner;
  g_set_object (&self->thumbnail, texture);
  g_signal_emit (self, signal_changed, 0);
}

void
assay_tag_row_wake (AssayTagRow *self, AssayThumbnailer *thumbnailer)
{
  if (self->asked != NULL || self->item == NULL)
    return;
  self->asked = g_cancellable_new ();
  assay_thumbnailer_ask (thumbnailer, self->item, self->path, on_thumbnail, self, self->asked);
}

void
assay_tag_row_sleep (AssayTagRow *self)
{
  if (self->asked != NULL)
    g_cancellable_cancel (self->asked);
  g_clear_object (&self->asked);
  g_clear_object (&self->thumbnail);
}

GdkTexture *
assay_tag_row_get_thumbnail (AssayTagRow *self)
{
  return self->thumbnail;
}

AssayTagMarks
assay_tag_row_get_marks (AssayTagRow *self)
{
  return self->marks;
}

void
assay_tag_row_mark (AssayTagRow *self, AssayTagMarks marks, gboolean set)
{
  AssayTagMarks before = self->marks;
  self->marks = set ? before | marks : before & ~marks;
  if (((before ^ self->marks) & ASSAY_TAG_PLAYING) != 0) /* the rest does not show */
    g_signal_emit (self, signal_changed, 0);
}

static void
assay_tag_row_finalize (GObject *object)
{
  AssayTagRow *self = ASSAY_TAG_ROW (object);
  assay_tag_row_sleep (self);
  assay_item_free (self->item);
  g_free (self->path);
  g_array_unref (self->tags);
  G_OBJECT_CLASS (assay_tag_row_parent_class)->finalize (object);
}

static void
assay_tag_row_class_init (AssayTagRowClass *class)
{
  G_OBJECT_CLASS (class)->finalize = assay_tag_row_finalize;
  signal_changed
      = g_signal_new ("changed", ASSAY_TYPE_TAG_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_tag_row_init (AssayTagRow *self)
{
  self->tags = g_array_new (FALSE, FALSE, sizeof (AssayId));
}
