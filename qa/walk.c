/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/walk.h"

#include <stdatomic.h>

#define MAX_WORKERS 16
#define ITEMS_A_WORKER 8 /* fewer items are not worth another thread */

static AssayAnswers *
list (AssayStore *store, const AssayTask *task, const char *which, GError **error)
{
  g_autofree char *sql
      = g_strconcat ("SELECT h.item, i.id, h.annotator, r.id FROM head h JOIN item i ON i.row = h.item "
                     "JOIN revision r ON r.row = h.revision JOIN annotator a ON a.row = h.annotator "
                     "WHERE h.task = ?1 AND r.state = 'submitted' AND h.state IN ('submitted', 'settled') "
                     "AND " ASSAY_ANNOTATOR_COUNTS " ",
                     which, " ORDER BY i.id, a.name, a.id", NULL);
  g_autoptr (AssayAnswers) answers = g_new0 (AssayAnswers, 1);
  answers->items = g_array_new (FALSE, FALSE, sizeof (AssayAnswered));
  answers->answers = g_array_new (FALSE, FALSE, sizeof (AssayAnswer));
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, sql, "i", task->row))
    return NULL;
  GError *failure = NULL;
  while (assay_rows_next (&rows, &failure))
    {
      gint64 item_row = assay_rows_get_int (&rows, 0);
      guint n_items = answers->items->len;
      AssayAnswered *last = n_items > 0 ? &g_array_index (answers->items, AssayAnswered, n_items - 1) : NULL;
      if (last == NULL || last->item_row != item_row)
        {
          AssayAnswered fresh
              = { .item_row = item_row, .item = assay_rows_get_id (&rows, 1), .first = answers->answers->len };
          g_array_append_val (answers->items, fresh);
        }
      AssayAnswer answer = { assay_rows_get_int (&rows, 2), assay_rows_get_id (&rows, 3), 0 };
      g_array_append_val (answers->answers, answer);
      g_array_index (answers->items, AssayAnswered, answers->items->len - 1).n++;
    }
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  return g_steal_pointer (&answers);
}

AssayAnswers *
assay_answers_list (AssayStore *store, const AssayTask *task, GError **error)
{
  return list (store, task, "", error);
}

AssayAnswers *
assay_answers_list_people (AssayStore *store, const AssayTask *task, const GArray *item_rows, GError **error)
{
  g_autoptr (GString) which = g_string_new ("AND a.kind <> 'model'");
  if (item_rows != NULL)
    g_string_append (which, " AND h.item IN (");
  for (guint i = 0; item_rows != NULL && i < item_rows->len; i++)
    g_string_append_printf (which, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", g_array_index (item_rows, gint64, i));
  if (item_rows != NULL)
    g_string_append_c (which, ')');
  return list (store, task, which->str, error);
}

void
assay_answers_free (AssayAnswers *answers)
{
  if (answers == NULL)
    return;
  g_array_unref (answers->items);
  g_array_unref (answers->answers);
  g_clear_pointer (&answers->predictions, g_array_unref);
  g_clear_pointer (&answers->masks, g_array_unref);
  g_clear_pointer (&answers->mask_tasks, g_ptr_array_unref);
  g_free (answers);
}

/* What the workers share. */
typedef struct
{
  const char *directory;
  const AssayTask *task;
  const AssayAnswers *answers;
  const GArray *indices;
  guint n;
  AssayWalkFunc func;
  gpointer data;
  AssayProgress *progress;
  atomic_uint next, done;
  atomic_bool stop;
  GMutex lock; /* guards error */
  GError *error;
} Walk;

typedef struct
{
  Walk *walk;
  guint index;
} Worker;

/* Takes the error; the first one is told. */
static void
fail (Walk *walk, GError *take_error)
{
  walk->stop = TRUE;
  g_mutex_lock (&walk->lock);
  if (walk->error == NULL)
    walk->error = take_error;
  else
    g_error_free (take_error);
  g_mutex_unlock (&walk->lock);
}

static void
free_annotator (gpointer annotator)
{
  assay_annotator_free (annotator);
}

static void
free_label (gpointer label)
{
  assay_label_free (label);
}

static const AssayAnnotator *
get_annotator (GHashTable *known, AssayStore *store, gint64 row, GError **error)
{
  AssayAnnotator *annotator = g_hash_table_lookup (known, &row);
  if (annotator != NULL)
    return annotator;
  annotator = assay_annotator_get_row (store, row, error);
  if (annotator != NULL)
    g_hash_table_insert (known, g_memdup2 (&row, sizeof row), annotator);
  return annotator;
}

static gboolean
visit (Walk *walk, const AssayProject *project, GHashTable *known, guint index, guint worker, GError **error)
{
  AssayStore *store = project->store;
  const AssayAnswered *answered = &g_array_index (walk->answers->items, AssayAnswered, index);
  g_autoptr (AssayItem) item = assay_item_get_row (store, answered->item_row, error);
  if (item == NULL)
    return FALSE;
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (free_label);
  g_autoptr (GPtrArray) annotators = g_ptr_array_new ();
  for (guint i = 0; i < answered->n; i++)
    {
      const AssayAnswer *answer = &g_array_index (walk->answers->answers, AssayAnswer, answered->first + i);
      const AssayAnnotator *annotator = get_annotator (known, store, answer->annotator_row, error);
      AssayLabel *label
          = annotator != NULL ? assay_label_get_revision (store, &answer->revision, walk->task, error) : NULL;
      if (label == NULL)
        return FALSE;
      g_ptr_array_add (labels, label);
      g_ptr_array_add (annotators, (gpointer) annotator);
    }
  g_auto (AssayBesides) beside = { 0 };
  if (!assay_besides_load (&beside, store, walk->task, walk->answers, answered, error))
    return FALSE;
  AssayLook look = { .item = item,
                     .task = walk->task,
                     .labels = labels,
                     .annotators = annotators,
                     .project = project,
                     .predictions = beside.predictions,
                     .models = beside.models,
                     .masks = beside.masks,
                     .mask_tasks = beside.mask_tasks,
                     .facts = beside.facts };
  walk->func (&look, index, worker, walk->data);
  return TRUE;
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  Walk *walk = worker->walk;
  GError *error = NULL;
  g_autoptr (AssayProject) project = assay_project_open (walk->directory, ASSAY_STORE_READ, &error);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_annotator);
  while (error == NULL && !walk->stop)
    {
      guint at = atomic_fetch_add (&walk->next, 1);
      if (at >= walk->n)
        return NULL;
      guint index = walk->indices != NULL ? g_array_index (walk->indices, guint, at) : at;
      if (!assay_progress_stopped (walk->progress, &error))
        visit (walk, project, known, index, worker->index, &error);
      assay_progress_set (walk->progress, atomic_fetch_add (&walk->done, 1) + 1, walk->n);
    }
  if (error != NULL)
    fail (walk, error);
  return NULL;
}

guint
assay_walk_n_workers (guint n_items)
{
  return CLAMP (n_items / ITEMS_A_WORKER, 1, MIN (g_get_num_processors (), MAX_WORKERS));
}

gboolean
assay_walk (AssayProject *project, const AssayTask *task, const AssayAnswers *answers, const GArray *indices,
            AssayWalkFunc func, gpointer data, AssayProgress *progress, GError **error)
{
  guint n = indices != NULL ? indices->len : answers->items->len;
  if (n == 0)
    return !assay_progress_stopped (progress, error);
  Walk walk = { .directory = project->directory,
                .task = task,
                .answers = answers,
                .indices = indices,
                .n = n,
                .func = func,
                .data = data,
                .progress = progress };
  g_mutex_init (&walk.lock);
  guint n_workers = assay_walk_n_workers (n);
  Worker workers[MAX_WORKERS];
  GThread *threads[MAX_WORKERS];
  for (guint i = 0; i < n_workers; i++)
    {
      workers[i] = (Worker){ &walk, i };
      threads[i] = g_thread_new ("look", work, &workers[i]);
    }
  for (guint i = 0; i < n_workers; i++)
    g_thread_join (threads[i]);
  g_mutex_clear (&walk.lock);
  if (walk.error != NULL)
    g_propagate_error (error, walk.error);
  return walk.error == NULL;
}
