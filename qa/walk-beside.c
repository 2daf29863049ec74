/* SPDX-License-Identifier: GPL-3.0-or-later */
/* qa/walk-beside.c - what checks see beside the answers of people: what models say, masks of the same picture, what
 * was measured of the sound. Listed in one query each, loaded item by item. */
#include "qa/walk.h"

#include "core/json.h"

#include <string.h>

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

/* --- listing --- */

/* Both are in the order of item ids. */
static gboolean
next_answered (AssayAnswers *answers, const AssayId *item, guint *at)
{
  while (*at < answers->items->len
         && assay_id_compare (&g_array_index (answers->items, AssayAnswered, *at).item, item) < 0)
    ++*at;
  return *at < answers->items->len
         && assay_id_equal (&g_array_index (answers->items, AssayAnswered, *at).item, item);
}

/* One item alone is asked for by its row: an index finds it. */
static char *
dup_scope (const AssayAnswers *answers)
{
  g_autoptr (GString) scope = g_string_new ("");
  if (answers->items->len > 64)
    return g_strdup ("");
  g_string_append (scope, " AND h.item IN (0");
  for (guint i = 0; i < answers->items->len; i++)
    g_string_append_printf (scope, ",%" G_GINT64_FORMAT, g_array_index (answers->items, AssayAnswered, i).item_row);
  g_string_append_c (scope, ')');
  return g_strdup (scope->str);
}

static gboolean
list_predictions (AssayAnswers *answers, AssayStore *store, const AssayTask *task, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  guint at = 0;
  g_autofree char *scope = dup_scope (answers),
                  *sql = g_strconcat ("SELECT i.id, h.annotator, r.id FROM annotator a JOIN head h ON h.annotator "
                                      "= a.row AND h.task = ?1 AND h.state IN"
                                      " ('draft', 'submitted', 'settled') JOIN item i ON i.row = h.item JOIN "
                                      "revision r ON r.row = h.revision WHERE a.kind ="
                                      " 'model'",
                                      scope, " ORDER BY i.id, a.name, a.id", NULL);
  answers->predictions = g_array_new (FALSE, FALSE, sizeof (AssayAnswer));
  if (!assay_store_query (store, &rows, error, sql, "i", task->row))
    return FALSE;
  while (assay_rows_next (&rows, &failure))
    {
      AssayId item = assay_rows_get_id (&rows, 0);
      AssayAnswer answer = { assay_rows_get_int (&rows, 1), assay_rows_get_id (&rows, 2), 0 };
      if (!next_answered (answers, &item, &at))
        continue;
      AssayAnswered *answered = &g_array_index (answers->items, AssayAnswered, at);
      if (answered->n_predictions++ == 0)
        answered->first_prediction = answers->predictions->len;
      g_array_append_val (answers->predictions, answer);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
find_mask_task (const AssayAnswers *answers, gint64 task_row, guint *ret_index)
{
  for (*ret_index = 0; *ret_index < answers->mask_tasks->len; ++*ret_index)
    if (((const AssayTask *) answers->mask_tasks->pdata[*ret_index])->row == task_row)
      return TRUE;
  return FALSE;
}

static gboolean
list_masks (AssayAnswers *answers, AssayStore *store, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  guint at = 0;
  g_autofree char *scope = dup_scope (answers),
                  *sql = g_strconcat ("SELECT i.id, h.annotator, r.id, h.task FROM head h JOIN item i ON i.row = "
                                      "h.item JOIN revision r ON r.row = h.revision"
                                      " JOIN annotator a ON a.row = h.annotator WHERE r.state = 'submitted' AND "
                                      "h.state IN ('submitted', 'settled') AND a.kind"
                                      " NOT IN ('model', 'consensus')",
                                      scope, " ORDER BY i.id, h.task, a.name, a.id", NULL);
  answers->masks = g_array_new (FALSE, FALSE, sizeof (AssayAnswer));
  answers->mask_tasks = assay_task_list (store, error);
  for (guint i = answers->mask_tasks != NULL ? answers->mask_tasks->len : 0; i > 0; i--)
    if (!g_str_equal (((const AssayTask *) answers->mask_tasks->pdata[i - 1])->kind->id, "segmentation"))
      g_ptr_array_remove_index (answers->mask_tasks, i - 1);
  if (answers->mask_tasks == NULL)
    return FALSE;
  if (answers->mask_tasks->len == 0)
    return TRUE;
  if (!assay_store_query (store, &rows, error, sql, ""))
    return FALSE;
  while (assay_rows_next (&rows, &failure))
    {
      AssayId item = assay_rows_get_id (&rows, 0);
      AssayAnswer answer = { assay_rows_get_int (&rows, 1), assay_rows_get_id (&rows, 2), 0 };
      if (!find_mask_task (answers, assay_rows_get_int (&rows, 3), &answer.task)
          || !next_answered (answers, &item, &at))
        continue;
      AssayAnswered *answered = &g_array_index (answers->items, AssayAnswered, at);
      if (answered->n_masks++ == 0)
        answered->first_mask = answers->masks->len;
      g_array_append_val (answers->masks, answer);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
assay_answers_add_beside (AssayAnswers *answers, AssayStore *store, const AssayTask *task, guint beside,
                          GError **error)
{
  answers->beside = beside;
  return ((beside & ASSAY_BESIDE_MODELS) == 0 || list_predictions (answers, store, task, error))
         && ((beside & ASSAY_BESIDE_MASKS) == 0 || list_masks (answers, store, error));
}

/* --- one item's --- */

void
assay_besides_clear (AssayBesides *besides)
{
  g_clear_pointer (&besides->predictions, g_ptr_array_unref);
  g_clear_pointer (&besides->models, g_ptr_array_unref);
  g_clear_pointer (&besides->masks, g_ptr_array_unref);
  g_clear_pointer (&besides->mask_tasks, g_ptr_array_unref);
  g_clear_pointer (&besides->facts, json_decref);
}

static gboolean
load_facts (AssayBesides *besides, AssayStore *store, const AssayId *item, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  if (!assay_store_query (store, &rows, error, "SELECT data FROM partial WHERE \"check\" = 'arrival' AND key = ?1",
                          "b", item, sizeof *item))
    return FALSE;
  if (assay_rows_next (&rows, &failure))
    {
      gsize n = 0;
      const char *text = assay_rows_get_blob (&rows, 0, &n);
      besides->facts = assay_json_parse (text, n, "what was measured on arrival", NULL);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
assay_besides_load (AssayBesides *besides, AssayStore *store, const AssayTask *task, const AssayAnswers *answers,
                    const AssayAnswered *answered, GError **error)
{
  besides->predictions = g_ptr_array_new_with_free_func (free_label);
  besides->models = g_ptr_array_new_with_free_func (free_annotator);
  besides->masks = g_ptr_array_new_with_free_func (free_label);
  besides->mask_tasks = g_ptr_array_new ();
  for (guint i = 0; i < answered->n_predictions; i++)
    {
      const AssayAnswer *answer
          = &g_array_index (answers->predictions, AssayAnswer, answered->first_prediction + i);
      AssayAnnotator *model = assay_annotator_get_row (store, answer->annotator_row, error);
      AssayLabel *label = model != NULL ? assay_label_get_revision (store, &answer->revision, task, error) : NULL;
      if (model != NULL)
        g_ptr_array_add (besides->models, model);
      if (label == NULL)
        return FALSE;
      g_ptr_array_add (besides->predictions, label);
    }
  for (guint i = 0; i < answered->n_masks; i++)
    {
      const AssayAnswer *answer = &g_array_index (answers->masks, AssayAnswer, answered->first_mask + i);
      const AssayTask *mask_task = answers->mask_tasks->pdata[answer->task];
      AssayLabel *label = assay_label_get_revision (store, &answer->revision, mask_task, error);
      if (label == NULL)
        return FALSE;
      g_ptr_array_add (besides->masks, label);
      g_ptr_array_add (besides->mask_tasks, (gpointer) mask_task);
    }
  return (answers->beside & ASSAY_BESIDE_FACTS) == 0 || load_facts (besides, store, &answered->item, error);
}
