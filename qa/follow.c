/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/follow.h"

#include "qa/course.h"

#include <string.h>

#define MEMORY "follow"

gboolean
assay_followed_now (AssayStore *store, AssayFollowed *ret_now, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT (SELECT coalesce(max(row), 0) FROM revision), (SELECT coalesce(max(row), 0) FROM review)", ""))
    return FALSE;
  if (assay_rows_next (&rows, &failure))
    *ret_now = (AssayFollowed){ assay_rows_get_int (&rows, 0), assay_rows_get_int (&rows, 1) };
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
assay_followed_set (AssayStore *store, const AssayFollowed *followed, GError **error)
{
  return assay_store_run (store, NULL, error,
                          "INSERT OR REPLACE INTO partial (\"check\", key, data) VALUES (?1, ?2, ?3)", "tbb",
                          MEMORY, "", (gsize) 0, followed, sizeof *followed);
}

static gboolean
get_followed (AssayStore *store, AssayFollowed *ret_followed, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  *ret_followed = (AssayFollowed){ 0 };
  if (!assay_store_query (store, &rows, error, "SELECT data FROM partial WHERE \"check\" = ?1", "t", MEMORY))
    return FALSE;
  if (assay_rows_next (&rows, &failure))
    {
      gsize n = 0;
      gconstpointer data = assay_rows_get_blob (&rows, 0, &n);
      if (n == sizeof *ret_followed)
        memcpy (ret_followed, data, n);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* What changed, in the order in which it did: at most `most` of either. Moves `followed` behind it. */
typedef struct
{
  gint64 task_row, item_row;
} Change;

static gboolean
list_changes (AssayStore *store, const char *sql, guint most, gint64 *row, GArray *changes, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  if (!assay_store_query (store, &rows, error, sql, "ii", *row, (gint64) most))
    return FALSE;
  while (assay_rows_next (&rows, &failure))
    {
      Change change = { assay_rows_get_int (&rows, 1), assay_rows_get_int (&rows, 2) };
      *row = assay_rows_get_int (&rows, 0);
      g_array_append_val (changes, change);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
has_row (const GArray *rows, gint64 row)
{
  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, gint64, i) == row)
      return TRUE;
  return FALSE;
}

/* Its own answers, and the masks of others that its checks look at beside them. */
static gboolean
concerns (const Change *change, const AssayTask *task, const GPtrArray *tasks, guint beside)
{
  for (guint t = 0; (beside & ASSAY_BESIDE_MASKS) != 0 && t < tasks->len; t++)
    {
      const AssayTask *other = tasks->pdata[t];
      if (other->row == change->task_row && g_str_equal (other->kind->id, "segmentation"))
        return TRUE;
    }
  return change->task_row == task->row;
}

static gboolean
follow_task (AssayProject *project, const AssayTask *task, const GPtrArray *tasks, const GPtrArray *checks,
             AssayOptions *const *options, const GArray *changes, guint *items, GError **error)
{
  AssayCheckCounts counts = { 0 };
  const AssayCheck *const *all = (const AssayCheck *const *) checks->pdata;
  guint beside = assay_course_beside (all, checks->len, task);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < changes->len; i++)
    {
      const Change *change = &g_array_index (changes, Change, i);
      if (concerns (change, task, tasks, beside) && !has_row (rows, change->item_row))
        g_array_append_val (rows, change->item_row);
    }
  *items += rows->len;
  return rows->len == 0
         || assay_course_run (project, all, options, checks->len, task, rows, FALSE, NULL, &counts, error);
}

static void
free_options (gpointer options)
{
  assay_options_free (options);
}

gboolean
assay_follow (AssayProject *project, guint most, guint *ret_items, gboolean *ret_more, GError **error)
{
  AssayStore *store = project->store;
  AssayFollowed followed;
  guint items = 0;
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (Change));
  *ret_items = 0;
  *ret_more = FALSE;
  if (!get_followed (store, &followed, error))
    return FALSE;
  if (followed.revision_row == 0)
    return TRUE;
  if (!list_changes (store, "SELECT row, task, item FROM revision WHERE row > ?1 ORDER BY row LIMIT ?2", most,
                     &followed.revision_row, changes, error)
      || !list_changes (store, "SELECT row, task, item FROM review WHERE row > ?1 ORDER BY row LIMIT ?2", most,
                        &followed.review_row, changes, error))
    return FALSE;
  if (changes->len == 0)
    return TRUE;
  g_autoptr (GPtrArray) tasks = assay_task_list (store, error);
  g_autoptr (GPtrArray) checks = assay_check_list_loud (store, error);
  g_autoptr (GPtrArray) options = g_ptr_array_new_with_free_func (free_options);
  for (guint c = 0; checks != NULL && c < checks->len; c++)
    g_ptr_array_add (options, assay_options_new (((const AssayCheck *) checks->pdata[c])->options));
  if (checks == NULL)
    return FALSE;
  for (guint t = 0; tasks != NULL && t < tasks->len; t++)
    if (!follow_task (project, tasks->pdata[t], tasks, checks, (AssayOptions *const *) options->pdata, changes, &items, error))
      return FALSE;
  *ret_items = items;
  *ret_more = changes->len >= most;
  return tasks != NULL && assay_followed_set (store, &followed, error);
}
