/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/tag-sheet.h"

#define FIRST_ITEMS 128 /* at once */
#define MANY_ITEMS 1024 /* without being scrolled to */
#define NEAR_END_ITEMS 256
#define GROWTH 8
#define PAGE_ITEMS 48 /* read together */

struct _AssayTagSheet
{
  GObject parent_instance;
  AssayDesk *desk;
  const AssayTask *task;
  const AssayAnnotator *annotator;
  GListStore *store;  /* of AssayTagRow, in the order of the queue */
  GHashTable *by_row; /* gint64 to AssayTagRow, of the store */
  guint n_asked;      /* of the queue, so far */
  gboolean is_growing, is_whole, is_reading;
  char *end;
  GQueue wanted; /* of AssayTagRow: to be read, last asked first; owned */
  guint source;
  AssayThumbnailer *thumbnailer; /* NULL = it has ended */
};

G_DEFINE_FINAL_TYPE (AssayTagSheet, assay_tag_sheet, G_TYPE_OBJECT)

enum
{
  SIGNAL_GROWN,
  SIGNAL_READ,
  SIGNAL_FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* The queue */

static void grow (AssayTagSheet *self);

static void
on_queue (gpointer owner, gpointer data, const GError *error)
{
  AssayTagSheet *self = owner;
  AssayTagWork *work = data;
  self->is_growing = FALSE;
  if (error != NULL)
    {
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
      return;
    }
  g_autoptr (GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < work->rows->len; i++)
    {
      gint64 number = g_array_index (work->rows, gint64, i);
      if (g_hash_table_contains (self->by_row, &number))
        continue;
      AssayTagRow *row = assay_tag_row_new (number);
      g_hash_table_insert (self->by_row, g_memdup2 (&number, sizeof number), row);
      g_ptr_array_add (fresh, row);
    }
  self->is_whole = work->is_whole;
  g_free (self->end);
  self->end = g_steal_pointer (&work->end);
  g_list_store_splice (self->store, g_list_model_get_n_items (G_LIST_MODEL (self->store)), 0, fresh->pdata,
                       fresh->len);
  if (self->n_asked < MANY_ITEMS)
    grow (self);
  g_signal_emit (self, signals[SIGNAL_GROWN], 0);
}

static void
grow (AssayTagSheet *self)
{
  if (self->is_growing || self->is_whole || self->thumbnailer == NULL)
    return;
  self->is_growing = TRUE;
  self->n_asked = self->n_asked == 0 ? FIRST_ITEMS : GROWTH * self->n_asked;
  AssayTagWork *work = assay_tag_work_new (ASSAY_TAG_QUEUE, self->task, self->annotator, NULL, NULL);
  work->n = self->n_asked;
  assay_desk_read (self->desk, assay_tag_work_run, work, assay_tag_work_free, on_queue, self);
}

/* What comes into sight */

static gboolean read_some (gpointer data);

static void
on_read (gpointer owner, gpointer data, const GError *error)
{
  AssayTagSheet *self = owner;
  self->is_reading = FALSE;
  if (error != NULL)
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
  else
    assay_tag_sheet_fill (self, data);
  if (!g_queue_is_empty (&self->wanted) && self->source == 0)
    self->source = g_idle_add (read_some, self);
}

static gboolean
read_some (gpointer data)
{
  AssayTagSheet *self = data;
  AssayTagWork *work = assay_tag_work_new (ASSAY_TAG_READ, self->task, self->annotator, NULL, NULL);
  self->source = 0;
  while (work->rows->len < PAGE_ITEMS && !g_queue_is_empty (&self->wanted))
    {
      g_autoptr (AssayTagRow) row = g_queue_pop_head (&self->wanted);
      gint64 number = assay_tag_row_get_row (row);
      g_array_append_val (work->rows, number);
    }
  self->is_reading = TRUE;
  assay_desk_read (self->desk, assay_tag_work_run, work, assay_tag_work_free, on_read, self);
  return G_SOURCE_REMOVE;
}

void
assay_tag_sheet_show (AssayTagSheet *self, AssayTagRow *row, guint position)
{
  if (self->thumbnailer == NULL)
    return;
  assay_tag_row_wake (row, self->thumbnailer);
  if (assay_tag_row_get_item (row) == NULL && g_queue_find (&self->wanted, row) == NULL)
    g_queue_push_head (&self->wanted, g_object_ref (row));
  if (!g_queue_is_empty (&self->wanted) && self->source == 0 && !self->is_reading)
    self->source = g_idle_add (read_some, self);
  if (position + NEAR_END_ITEMS > self->n_asked)
    grow (self);
}

void
assay_tag_sheet_fill (AssayTagSheet *self, AssayTagWork *work)
{
  for (guint i = 0; i < work->found->len; i++)
    {
      AssayTagFound *found = work->found->pdata[i];
      AssayTagRow *row = g_hash_table_lookup (self->by_row, &found->row);
      if (row == NULL)
        continue;
      gboolean first = assay_tag_row_get_item (row) == NULL;
      assay_tag_row_fill (row, first ? g_steal_pointer (&found->item) : NULL,
                          first ? g_steal_pointer (&found->path) : NULL, found->state, found->tags);
    }
  g_signal_emit (self, signals[SIGNAL_READ], 0);
}

GListModel *
assay_tag_sheet_get_model (AssayTagSheet *self)
{
  return G_LIST_MODEL (self->store);
}

AssayTagRow *
assay_tag_sheet_get_at (AssayTagSheet *self, guint position)
{
  g_autoptr (AssayTagRow) row = g_list_model_get_item (G_LIST_MODEL (self->store), position);
  return row; /* the store keeps it */
}

guint
assay_tag_sheet_find (AssayTagSheet *self, AssayTagRow *row)
{
  guint position;
  return g_list_store_find (self->store, row, &position) ? position : G_MAXUINT;
}

gboolean
assay_tag_sheet_is_whole (AssayTagSheet *self)
{
  return self->is_whole;
}

const char *
assay_tag_sheet_get_end (AssayTagSheet *self)
{
  return self->end;
}

AssayTagSheet *
assay_tag_sheet_new (AssayDesk *desk, const AssayTask *task, const AssayAnnotator *annotator)
{
  AssayTagSheet *self = g_object_new (ASSAY_TYPE_TAG_SHEET, NULL);
  self->desk = g_object_ref (desk);
  self->task = task;
  self->annotator = annotator;
  grow (self);
  return self;
}

void
assay_tag_sheet_end (AssayTagSheet *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_queue_clear_full (&self->wanted, g_object_unref);
  g_clear_pointer (&self->thumbnailer, assay_thumbnailer_free);
}

static void
assay_tag_sheet_dispose (GObject *object)
{
  AssayTagSheet *self = ASSAY_TAG_SHEET (object);
  assay_tag_sheet_end (self);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (assay_tag_sheet_parent_class)->dispose (object);
}

static void
assay_tag_sheet_finalize (GObject *object)
{
  AssayTagSheet *self = ASSAY_TAG_SHEET (object);
  g_hash_table_unref (self->by_row);
  g_object_unref (self->store);
  g_free (self->end);
  G_OBJECT_CLASS (assay_tag_sheet_parent_class)->finalize (object);
}

static guint
signal_new (const char *name, guint n_arguments)
{
  return n_arguments == 0
             ? g_signal_new (name, ASSAY_TYPE_TAG_SHEET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0)
             : g_signal_new (name, ASSAY_TYPE_TAG_SHEET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                             G_TYPE_POINTER);
}

static void
assay_tag_sheet_class_init (AssayTagSheetClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_tag_sheet_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_tag_sheet_finalize;
  signals[SIGNAL_GROWN] = signal_new ("grown", 0);
  signals[SIGNAL_READ] = signal_new ("read", 0);
  signals[SIGNAL_FAILED] = signal_new ("failed", 1);
}

static void
assay_tag_sheet_init (AssayTagSheet *self)
{
  self->store = g_list_store_new (ASSAY_TYPE_TAG_ROW);
  self->by_row = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->thumbnailer = assay_thumbnailer_new ();
  g_queue_init (&self->wanted);
}
