/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/queue.h"

#include "core/label.h"

/* The last row of a table that is this annotator's own, from its end: work is recent. By the table's own order, as
 * no index has an annotator's rows in the order of time. */
static gboolean
find_last (AssayStore *store, const char *sql, const AssayTask *task, const AssayAnnotator *annotator,
           gint64 *ret_row, gint64 *ret_made_us, char **ret_tool, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error, sql, "ii", task->row, annotator->row))
    return FALSE;
  if (assay_rows_next (&rows, &wrong))
    {
      *ret_row = assay_rows_get_int (&rows, 0);
      *ret_made_us = assay_rows_get_int (&rows, 1);
      if (ret_tool != NULL)
        *ret_tool = g_strdup (assay_rows_get_text (&rows, 2));
    }
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* Whoever has never begun here has no rows to look for. */
static gboolean
has_begun (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, gboolean *ret_begun,
           GError **error)
{
  gint64 row = 0, made_us;
  if (!find_last (store, "SELECT item, 0 FROM head WHERE task = ? AND annotator = ? LIMIT 1", task, annotator, &row,
                  &made_us, NULL, error))
    return FALSE;
  *ret_begun = row != 0;
  return TRUE;
}

gboolean
assay_queue_resume (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, gint64 *ret_row,
                    char **ret_tool, GError **error)
{
  gint64 stroke = 0, stroke_us = 0, answer = 0, answer_us = 0;
  gboolean begun;
  AssayLabelState state = ASSAY_LABEL_TODO;
  g_autofree char *tool = NULL;
  g_autoptr (AssayQueued) next = NULL;
  if (!has_begun (store, task, annotator, &begun, error)
      || (begun
          && (!find_last (
                  store,
                  "SELECT item, made_us FROM journal WHERE +task = ? AND +annotator = ? ORDER BY row DESC LIMIT 1",
                  task, annotator, &stroke, &stroke_us, NULL, error)
              || !find_last (store,
                             "SELECT item, made_us, tool FROM revision WHERE +task = ? AND +annotator = ?"
                             " ORDER BY row DESC LIMIT 1",
                             task, annotator, &answer, &answer_us, &tool, error))))
    return FALSE;
  gint64 last = stroke_us > answer_us ? stroke : answer;
  if (!assay_queue_next (store, task, annotator, last, &next, error)
      || (last != 0 && !assay_label_get_state (store, last, task->row, annotator->row, &state, error)))
    return FALSE;
  gboolean returned = next != NULL && next->why == ASSAY_QUEUE_RETURNED;
  gboolean open = last != 0 && (state == ASSAY_LABEL_DRAFT || state == ASSAY_LABEL_SENT_BACK);
  /* What comes again comes by the queue, not by where one left: it is not known here as whose. */
  *ret_row = (open && !returned) || next == NULL || next->again ? last : next->item_row;
  *ret_tool = g_steal_pointer (&tool);
  return TRUE;
}
