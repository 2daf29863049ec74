/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-take.h"

#include "core/error.h"
#include "core/flag.h"
#include "core/media.h"

#include <string.h>

/* Rows that are looked at for one take: no more than this of a film's drawn frames are shown. */
#define ROWS_A_TAKE 40

void
assay_take_free (AssayTake *take)
{
  if (take == NULL)
    return;
  g_ptr_array_unref (take->items);
  g_ptr_array_unref (take->paths);
  g_ptr_array_unref (take->flags);
  g_free (take->note);
  g_free (take);
}

static AssayTake *
take_new (const AssayItem *item)
{
  AssayTake *take = g_new0 (AssayTake, 1);
  take->session = item->session;
  take->items = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_item_free);
  take->paths = g_ptr_array_new_with_free_func (g_free);
  take->flags = g_ptr_array_new_with_free_func (g_free);
  return take;
}

/* A still is told from others by its instant; frames of a film and sound belong to the whole recording. */
static gboolean
is_still (const AssayItem *item)
{
  return item->media_kind == ASSAY_MEDIA_PICTURE && item->range == ASSAY_RANGE_WHOLE;
}

static gboolean
belongs (const AssayTake *take, const AssayItem *item)
{
  const AssayItem *first = take->items->pdata[0];
  if (!assay_id_equal (&take->session, &item->session) || is_still (first) != is_still (item))
    return FALSE;
  return !is_still (item) || (!assay_id_is_nil (&item->moment) && assay_id_equal (&first->moment, &item->moment));
}

static gboolean
add_item (AssayProject *project, AssayTake *take, AssayItem *take_item, GError **error)
{
  g_autoptr (AssayItem) item = take_item;
  g_autoptr (GPtrArray) flags = assay_flag_list (project->store, item->row, error);
  if (flags == NULL)
    return FALSE;
  for (guint i = 0; i < flags->len; i++)
    {
      const AssayFlag *flag = flags->pdata[i];
      if (!g_ptr_array_find_with_equal_func (take->flags, flag->flag, g_str_equal, NULL))
        g_ptr_array_add (take->flags, g_strdup (flag->flag));
      if (g_str_equal (flag->flag, ASSAY_FLAG_NOTE) && take->note == NULL)
        take->note = g_strdup (flag->why);
    }
  g_ptr_array_insert (take->paths, 0, assay_item_dup_path (project, item));
  g_ptr_array_insert (take->items, 0, g_steal_pointer (&item));
  return TRUE;
}

static GArray *
list_rows (AssayStore *store, guint most, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!assay_store_query (store, &rows, error,
                          "SELECT row FROM item WHERE session IS NOT NULL ORDER BY row DESC LIMIT ?", "i",
                          (gint64) most))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      gint64 row = assay_rows_get_int (&rows, 0);
      g_array_append_val (list, row);
    }
  if (wrong == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

GPtrArray *
assay_take_list (AssayProject *project, guint most, GError **error)
{
  g_autoptr (GArray) rows = list_rows (project->store, most * ROWS_A_TAKE, error);
  g_autoptr (GPtrArray) takes = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_take_free);
  g_autoptr (AssaySessionTimes) times = assay_session_times_new (project->store);
  AssayTake *last = NULL;
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      AssayItem *item = assay_item_get_row (project->store, g_array_index (rows, gint64, i), error);
      if (item == NULL)
        return NULL;
      if (!assay_session_times_of (times, item, &item->time, error))
        {
          assay_item_free (item);
          return NULL;
        }
      if (last == NULL || !belongs (last, item))
        {
          if (takes->len == most)
            {
              assay_item_free (item);
              break;
            }
          last = take_new (item);
          g_ptr_array_add (takes, last);
        }
      if (!add_item (project, last, item, error))
        return NULL;
    }
  return rows != NULL ? g_steal_pointer (&takes) : NULL;
}

/* --- film and sound --- */

gint64
assay_take_find_sample (const AssayTake *take, guint sound, guint picture)
{
  const AssayItem *heard = take->items->pdata[sound], *shown = take->items->pdata[picture];
  return assay_item_time_to_sample (&heard->time, heard, shown->time.captured_ns);
}

int
assay_take_find_picture (const AssayTake *take, guint sound, gint64 sample, const AssayId *camera,
                         const GPtrArray *pictures)
{
  const AssayItem *heard = take->items->pdata[sound];
  gint64 heard_ns = assay_item_time_of_sample (&heard->time, heard, sample);
  int best = -1;
  for (guint i = 0; i < pictures->len; i++)
    {
      const AssayItem *item = take->items->pdata[GPOINTER_TO_UINT (pictures->pdata[i])];
      if (assay_id_equal (&item->sensor, camera) && (best < 0 || item->time.captured_ns <= heard_ns))
        best = (int) i;
    }
  return best;
}

/* --- what is said of the last one --- */

static gboolean
is_flagged (AssayStore *store, gint64 row, const char *name)
{
  g_autoptr (GPtrArray) flags = assay_flag_list (store, row, NULL);
  for (guint i = 0; flags != NULL && i < flags->len; i++)
    if (g_str_equal (((const AssayFlag *) flags->pdata[i])->flag, name))
      return TRUE;
  return FALSE;
}

/* A burst is the last `n` instants of one session. All rows of a film or voice, however many. */
static GArray *
find_last (AssayStore *store, guint n, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!assay_store_query (
          store, &rows, error,
          "WITH last AS (SELECT row, session, range, media_kind FROM item WHERE session IS NOT NULL"
          "  ORDER BY row DESC LIMIT 1),"
          " instants AS (SELECT moment FROM item WHERE session = (SELECT session FROM last) AND moment IS NOT NULL"
          "  AND range = 'whole' GROUP BY moment ORDER BY max (row) DESC LIMIT ?)"
          " SELECT i.row FROM item AS i, last AS l WHERE i.session = l.session AND CASE"
          "  WHEN l.range = 'whole' AND l.media_kind = 'picture' THEN i.moment IN instants OR i.row = l.row"
          "  ELSE TRUE END",
          "i", (gint64) n))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      gint64 row = assay_rows_get_int (&rows, 0);
      g_array_append_val (list, row);
    }
  if (wrong == NULL && list->len == 0)
    g_set_error_literal (&wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                         "marking the last take: nothing was recorded in this project; take something first");
  if (wrong == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

gboolean
assay_take_flag_last (AssayProject *project, guint n, const char *flag, const char *why, gboolean toggles,
                      const AssayId *by_annotator, gboolean *ret_stands, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, project->store, error))
    return FALSE;
  g_autoptr (GArray) rows = find_last (project->store, n, error);
  if (rows == NULL)
    return FALSE;
  gboolean all = TRUE;
  for (guint i = 0; toggles && i < rows->len; i++)
    all &= is_flagged (project->store, g_array_index (rows, gint64, i), flag);
  *ret_stands = !(toggles && all);
  for (guint i = 0; i < rows->len; i++)
    if (!assay_flag_set (project->store, g_array_index (rows, gint64, i), flag, *ret_stands, why, by_annotator,
                         NULL, error))
      return FALSE;
  return assay_transaction_commit (&transaction, error);
}
