/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/item-model.h"

#include "app/gui/item-row.h"
#include "core/flag.h"
#include "core/listing.h"
#include "core/media.h"

#include <string.h>

#define PAGE_ITEMS 64

struct _AssayItemModel
{
  GObject parent_instance;
  AssayDesk *desk;
  GArray *rows;     /* of gint64, rising: the whole list */
  GHashTable *live; /* gint64 row -> AssayItemRow that somebody holds; not owned */
  AssayThumbnailer *thumbnailer;
  GQueue wanted;    /* first positions of pages to read, last asked first; at most what a screen can show */
  gboolean reading; /* one page at a time, so that the newest wish is never behind a queue */
  guint source;     /* starts reading once the list has asked for all it shows */
  guint generation; /* rises when the task changes: older answers are dropped */
  gint64 task_row;  /* whose items these are; 0 = none */
  gint64 again_row; /* comes again: its first answer is not told of; 0 = none */
};

static void assay_item_model_implement (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayItemModel, assay_item_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, assay_item_model_implement))

/* Pages */

typedef struct
{
  guint generation;
  gint64 rows[PAGE_ITEMS];
  guint n_rows;
  gint64 task_row, annotator_row;
  GPtrArray *listed; /* of AssayListed */
  GPtrArray *paths;  /* of char *, one each */
  GPtrArray *flags;  /* the same */
} Page;

static void
page_free (Page *page)
{
  g_clear_pointer (&page->listed, g_ptr_array_unref);
  g_clear_pointer (&page->paths, g_ptr_array_unref);
  g_clear_pointer (&page->flags, g_ptr_array_unref);
  g_free (page);
}

/* What an annotator or a technician says of an item; the rest takes it out of the queue. */
static char *
read_flags (AssayStore *store, gint64 row, GError **error)
{
  g_autoptr (GPtrArray) flags = assay_flag_list (store, row, error);
  g_autoptr (GString) words = g_string_new (NULL);
  for (guint i = 0; flags != NULL && i < flags->len; i++)
    {
      const char *flag = ((AssayFlag *) flags->pdata[i])->flag;
      if (g_str_equal (flag, ASSAY_FLAG_DISCUSS) || g_str_equal (flag, ASSAY_FLAG_HARD))
        g_string_append_printf (words, "%s%s", words->len > 0 ? " · " : "", flag);
    }
  return flags != NULL ? g_string_free (g_steal_pointer (&words), FALSE) : NULL;
}

static gboolean
read_page (AssayProject *project, gpointer data, GError **error)
{
  Page *page = data;
  page->listed
      = assay_listing_read (project->store, page->rows, page->n_rows, page->task_row, page->annotator_row, error);
  if (page->listed == NULL)
    return FALSE;
  page->paths = g_ptr_array_new_with_free_func (g_free);
  page->flags = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < page->listed->len; i++)
    {
      const AssayItem *item = ((AssayListed *) page->listed->pdata[i])->item;
      char *flags = read_flags (project->store, item->row, error);
      if (flags == NULL)
        return FALSE;
      g_ptr_array_add (page->paths, assay_item_dup_path (project, item));
      g_ptr_array_add (page->flags, flags);
    }
  return TRUE;
}

static void read_next (AssayItemModel *model);

static void
on_page_read (gpointer owner, gpointer data, const GError *error)
{
  AssayItemModel *model = owner;
  Page *page = data;
  model->reading = FALSE;
  for (guint i = 0; error == NULL && page->generation == model->generation && i < page->listed->len; i++)
    {
      AssayListed *listed = page->listed->pdata[i];
      gint64 held_row = listed->item->row;
      AssayItemRow *row = g_hash_table_lookup (model->live, &held_row);
      if (row == NULL)
        continue;
      g_autoptr (AssayItemRow) held = g_object_ref (row);
      AssayLabelState state = held_row == model->again_row ? ASSAY_LABEL_TODO : listed->state;
      assay_item_row_fill (held, g_steal_pointer (&listed->item), g_steal_pointer (&page->paths->pdata[i]), state,
                           page->flags->pdata[i]);
    }
  read_next (model);
}

static void
read_next (AssayItemModel *model)
{
  if (model->reading || g_queue_is_empty (&model->wanted))
    return;
  guint first = GPOINTER_TO_UINT (g_queue_pop_head (&model->wanted)) * PAGE_ITEMS;
  const AssayTask *task = assay_desk_get_task (model->desk);
  const AssayAnnotator *annotator = assay_desk_get_annotator (model->desk);
  if (task == NULL || first >= model->rows->len)
    return;
  Page *page = g_new0 (Page, 1);
  page->generation = model->generation;
  page->n_rows = MIN (PAGE_ITEMS, model->rows->len - first);
  memcpy (page->rows, &g_array_index (model->rows, gint64, first), page->n_rows * sizeof (gint64));
  page->task_row = task->row;
  page->annotator_row = annotator != NULL ? annotator->row : 0;
  model->reading = TRUE;
  assay_desk_read (model->desk, read_page, page, (GDestroyNotify) page_free, on_page_read, model);
}

static gboolean
start_reading (gpointer data)
{
  AssayItemModel *model = data;
  model->source = 0;
  read_next (model);
  return G_SOURCE_REMOVE;
}

static void
want_page (AssayItemModel *model, guint position)
{
  gpointer page = GUINT_TO_POINTER (position / PAGE_ITEMS);
  if (g_queue_find (&model->wanted, page) == NULL)
    g_queue_push_head (&model->wanted, page);
  if (model->source == 0 && !model->reading)
    model->source = g_idle_add (start_reading, model);
}

void
assay_item_model_set_again (AssayItemModel *model, gint64 item_row)
{
  const gint64 rows[] = { model->again_row, item_row };
  if (item_row == model->again_row)
    return;
  model->again_row = item_row;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint position = rows[i] != 0 ? assay_item_model_find (model, rows[i]) : G_MAXUINT;
      if (position != G_MAXUINT)
        want_page (model, position);
    }
}

static void
want_live_pages (AssayItemModel *model)
{
  GHashTableIter iter;
  gpointer row;
  g_hash_table_iter_init (&iter, model->live);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    {
      guint position = assay_item_model_find (model, *(gint64 *) row);
      if (position != G_MAXUINT)
        want_page (model, position);
    }
}

/* The list itself. Items are only ever added, so what comes after the last one known is all there is to ask. */

typedef struct
{
  guint generation;
  AssayTask *task;
  gint64 annotator_row, after_row;
  gboolean replaces; /* the whole list, for another annotator */
  GArray *rows;
} Growth;

static void
growth_free (Growth *growth)
{
  assay_task_free (growth->task);
  g_clear_pointer (&growth->rows, g_array_unref);
  g_free (growth);
}

static gboolean
read_growth (AssayProject *project, gpointer data, GError **error)
{
  Growth *growth = data;
  growth->rows = assay_listing_rows (project->store, growth->task, growth->annotator_row, growth->after_row, error);
  return growth->rows != NULL;
}

/* The plan gives other items to this annotator, or the same ones. */
static void
replace_rows (AssayItemModel *model, GArray *rows)
{
  guint old = model->rows->len;
  if (rows->len == old && (old == 0 || memcmp (rows->data, model->rows->data, old * sizeof (gint64)) == 0))
    return;
  g_array_set_size (model->rows, 0);
  g_array_append_vals (model->rows, rows->data, rows->len);
  g_list_model_items_changed (G_LIST_MODEL (model), 0, old, rows->len);
}

static void
on_growth_read (gpointer owner, gpointer data, const GError *error)
{
  AssayItemModel *model = owner;
  Growth *growth = data;
  if (error != NULL || growth->generation != model->generation)
    return;
  if (growth->replaces)
    replace_rows (model, growth->rows);
  guint old = model->rows->len;
  if (growth->replaces || growth->rows->len == 0)
    return;
  gint64 last = old > 0 ? g_array_index (model->rows, gint64, old - 1) : 0;
  if (last != growth->after_row)
    return; /* an earlier answer has brought them */
  g_array_append_vals (model->rows, growth->rows->data, growth->rows->len);
  g_list_model_items_changed (G_LIST_MODEL (model), old, 0, growth->rows->len);
}

static void
ask_growth (AssayItemModel *model, gboolean replaces)
{
  const AssayTask *task = assay_desk_get_task (model->desk);
  const AssayAnnotator *annotator = assay_desk_get_annotator (model->desk);
  if (task == NULL)
    return;
  Growth *growth = g_new0 (Growth, 1);
  growth->generation = model->generation;
  growth->task = assay_task_copy (task);
  growth->annotator_row = annotator != NULL ? annotator->row : 0;
  growth->replaces = replaces;
  growth->after_row = !replaces && model->rows->len > 0 ? g_array_index (model->rows, gint64, model->rows->len - 1) : 0;
  assay_desk_read (model->desk, read_growth, growth, (GDestroyNotify) growth_free, on_growth_read, model);
}

static void
on_changed (AssayItemModel *model)
{
  ask_growth (model, FALSE);
  want_live_pages (model);
}

static void
on_annotator_changed (AssayItemModel *model)
{
  ask_growth (model, TRUE);
  want_live_pages (model);
}

/* Another definition of the same task leaves the list as it stands: somebody works in it. */
static void
on_task_changed (AssayItemModel *model)
{
  const AssayTask *task = assay_desk_get_task (model->desk);
  gint64 task_row = task != NULL ? task->row : 0;
  guint old = model->rows->len;
  if (task_row == model->task_row)
    {
      on_annotator_changed (model);
      return;
    }
  model->task_row = task_row;
  model->generation++;
  g_queue_clear (&model->wanted);
  g_array_set_size (model->rows, 0);
  g_list_model_items_changed (G_LIST_MODEL (model), 0, old, 0);
  ask_growth (model, FALSE);
}

gint64
assay_item_model_get_row (AssayItemModel *model, guint position)
{
  return position < model->rows->len ? g_array_index (model->rows, gint64, position) : 0;
}

guint
assay_item_model_find (AssayItemModel *model, gint64 item_row)
{
  guint low = 0, high = model->rows->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (model->rows, gint64, middle) < item_row)
        low = middle + 1;
      else
        high = middle;
    }
  return low < model->rows->len && g_array_index (model->rows, gint64, low) == item_row ? low : G_MAXUINT;
}

/* GListModel */

static GType
get_item_type (GListModel *base)
{
  return ASSAY_TYPE_ITEM_ROW;
}

static guint
get_n_items (GListModel *base)
{
  return ASSAY_ITEM_MODEL (base)->rows->len;
}

/* Nobody holds the row any more. */
static void
forget_row (gpointer data, GObject *was)
{
  AssayItemModel *model = data;
  GHashTableIter iter;
  gpointer row;
  g_hash_table_iter_init (&iter, model->live);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    if (row == was)
      {
        g_hash_table_iter_remove (&iter);
        return;
      }
}

static gpointer
get_item (GListModel *base, guint position)
{
  AssayItemModel *model = ASSAY_ITEM_MODEL (base);
  gint64 number = assay_item_model_get_row (model, position);
  if (number == 0)
    return NULL;
  AssayItemRow *row = g_hash_table_lookup (model->live, &number);
  if (row != NULL)
    return g_object_ref (row);
  row = assay_item_row_new (number, model->thumbnailer);
  g_hash_table_insert (model->live, g_memdup2 (&number, sizeof number), row);
  g_object_weak_ref (G_OBJECT (row), forget_row, model);
  want_page (model, position);
  return row;
}

static void
assay_item_model_implement (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* GObject */

AssayItemModel *
assay_item_model_new (AssayDesk *desk)
{
  AssayItemModel *model = g_object_new (ASSAY_TYPE_ITEM_MODEL, NULL);
  model->desk = g_object_ref (desk);
  model->task_row = assay_desk_get_task (desk) != NULL ? assay_desk_get_task (desk)->row : 0;
  g_signal_connect_object (desk, "changed", G_CALLBACK (on_changed), model, G_CONNECT_SWAPPED);
  g_signal_connect_object (desk, "notify::annotator", G_CALLBACK (on_annotator_changed), model, G_CONNECT_SWAPPED);
  g_signal_connect_object (desk, "notify::task", G_CALLBACK (on_task_changed), model, G_CONNECT_SWAPPED);
  ask_growth (model, FALSE);
  return model;
}

static void
assay_item_model_dispose (GObject *object)
{
  AssayItemModel *model = ASSAY_ITEM_MODEL (object);
  GHashTableIter iter;
  gpointer row;
  g_hash_table_iter_init (&iter, model->live);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    {
      g_object_weak_unref (row, forget_row, model);
      assay_item_row_orphan (row);
    }
  g_hash_table_remove_all (model->live);
  g_clear_handle_id (&model->source, g_source_remove);
  g_queue_clear (&model->wanted);
  g_clear_pointer (&model->thumbnailer, assay_thumbnailer_free);
  g_clear_object (&model->desk);
  G_OBJECT_CLASS (assay_item_model_parent_class)->dispose (object);
}

static void
assay_item_model_finalize (GObject *object)
{
  AssayItemModel *model = ASSAY_ITEM_MODEL (object);
  g_array_unref (model->rows);
  g_hash_table_unref (model->live);
  G_OBJECT_CLASS (assay_item_model_parent_class)->finalize (object);
}

static void
assay_item_model_class_init (AssayItemModelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_item_model_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_item_model_finalize;
}

static void
assay_item_model_init (AssayItemModel *model)
{
  model->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  model->live = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  model->thumbnailer = assay_thumbnailer_new ();
  g_queue_init (&model->wanted);
}
