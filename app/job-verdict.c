/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-verdict.h"

#include "core/alias.h"
#include "core/error.h"
#include "core/json.h"
#include "core/question.h"
#include "qa/consensus.h"

#include <string.h>

static void
clear_settlement (gpointer data)
{
  assay_settlement_clear (data);
}

AssayVerdict *
assay_verdict_new (void)
{
  AssayVerdict *verdict = g_new0 (AssayVerdict, 1);
  verdict->reviews = g_array_new (FALSE, FALSE, sizeof (AssaySettlement));
  g_array_set_clear_func (verdict->reviews, clear_settlement);
  verdict->findings = g_array_new (FALSE, FALSE, sizeof (AssayId));
  return verdict;
}

void
assay_verdict_free (AssayVerdict *verdict)
{
  if (verdict == NULL)
    return;
  g_array_unref (verdict->reviews);
  g_array_unref (verdict->findings);
  g_free (verdict);
}

/* As text */

char *
assay_verdict_to_text (const AssayVerdict *verdict)
{
  g_autoptr (json_t) json = json_object ();
  json_t *reviews = json_array (), *findings = json_array ();
  for (guint i = 0; i < verdict->reviews->len; i++)
    {
      const AssaySettlement *settlement = &g_array_index (verdict->reviews, AssaySettlement, i);
      json_t *ids = json_array ();
      json_array_append_new (ids, assay_json_id (&settlement->id));
      for (guint k = 0; k < settlement->laid_aside->len; k++)
        json_array_append_new (ids, assay_json_id (&g_array_index (settlement->laid_aside, AssayId, k)));
      json_array_append_new (reviews, ids);
    }
  for (guint i = 0; i < verdict->findings->len; i++)
    json_array_append_new (findings, assay_json_id (&g_array_index (verdict->findings, AssayId, i)));
  json_object_set_new (json, "reviews", reviews);
  json_object_set_new (json, "findings", findings);
  return assay_json_canonical (json);
}

static gboolean
read_ids (const json_t *list, GArray *ids)
{
  gsize i;
  const json_t *one;
  AssayId id;
  json_array_foreach (list, i, one)
  {
    if (!json_is_string (one) || !assay_id_parse (json_string_value (one), &id))
      return FALSE;
    g_array_append_val (ids, id);
  }
  return TRUE;
}

AssayVerdict *
assay_verdict_from_text (const char *text)
{
  g_autoptr (json_t) json = json_loads (text, 0, NULL);
  g_autoptr (AssayVerdict) verdict = assay_verdict_new ();
  gsize i;
  const json_t *one;
  if (!read_ids (json_object_get (json, "findings"), verdict->findings))
    return NULL;
  json_array_foreach (json_object_get (json, "reviews"), i, one)
  {
    AssaySettlement settlement = { .laid_aside = g_array_new (FALSE, FALSE, sizeof (AssayId)) };
    gboolean right = read_ids (one, settlement.laid_aside) && settlement.laid_aside->len > 0;
    if (right)
      {
        settlement.id = g_array_index (settlement.laid_aside, AssayId, 0);
        g_array_remove_index (settlement.laid_aside, 0);
      }
    g_array_append_val (verdict->reviews, settlement);
    if (!right)
      return NULL;
  }
  return verdict->reviews->len + verdict->findings->len > 0 ? g_steal_pointer (&verdict) : NULL;
}

/* Deciding */

static gboolean
settle (AssayProject *project, const AssayLabel *chosen, AssayTruthHow how, const AssayAnnotator *by,
        const char *why, AssayVerdict *verdict, GError **error)
{
  AssaySettlement made = { 0 };
  if (!assay_truth_settle_to (project->store, chosen, how, by, why, &made, error))
    return FALSE;
  g_array_append_val (verdict->reviews, made);
  return TRUE;
}

gboolean
assay_verdict_take (AssayProject *project, const AssayLabel *answer, const AssayAnnotator *by, const char *why,
                    AssayVerdict *verdict, GError **error)
{
  return settle (project, answer, ASSAY_TRUTH_ANNOTATOR, by, why, verdict, error);
}

gboolean
assay_verdict_consensus (AssayProject *project, const AssayItem *item, const AssayTask *task,
                         const AssayAnnotator *by, const char *why, AssayVerdict *verdict, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, project->store, error))
    return FALSE;
  g_autoptr (AssayLabel) label = assay_consensus_save (project->store, item, task, error);
  return label != NULL && settle (project, label, ASSAY_TRUTH_CONSENSUS, by, why, verdict, error)
         && assay_transaction_commit (&transaction, error);
}

AssayAnnotator *
assay_verdict_ensure_hand (AssayStore *store, const AssayAnnotator *by, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%s (review)", by->name);
  return assay_annotator_ensure (store, name, ASSAY_ANNOTATOR_MEANS, error);
}

gboolean
assay_verdict_own (AssayProject *project, const AssayItem *item, const AssayTask *task, const AssayObjects *objects,
                   const char *tool, const AssayAnnotator *by, const char *why, AssayVerdict *verdict,
                   GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_objects_validate (objects, task, item, error)
      || !assay_transaction_begin (&transaction, project->store, error))
    return FALSE;
  g_autoptr (AssayAnnotator) hand = assay_verdict_ensure_hand (project->store, by, error);
  if (hand == NULL)
    return FALSE;
  g_autoptr (AssayLabel) label = assay_label_new (item, task, hand);
  assay_objects_free (label->objects);
  label->objects = assay_objects_copy (objects);
  label->state = ASSAY_LABEL_DRAFT;
  label->tool = g_strdup (tool);
  g_autoptr (AssayLabel) saved = NULL;
  if (!assay_label_save (project->store, label, NULL, error)
      /* The same as the hand's last one is not saved again, and that one is taken. */
      || (saved = assay_label_get (project->store, item->row, task, hand->row, error)) == NULL)
    return FALSE;
  return settle (project, saved, ASSAY_TRUTH_EDIT, by, why, verdict, error)
         && assay_transaction_commit (&transaction, error);
}

gboolean
assay_verdict_send_back (AssayProject *project, const AssayLabel *answer, const AssayAnnotator *by,
                         const char *comment, const json_t *place, AssayVerdict *verdict, GError **error)
{
  AssaySettlement made = { 0 };
  if (!assay_truth_return (project->store, answer, by, comment, place, &made, error))
    return FALSE;
  g_array_append_val (verdict->reviews, made);
  return TRUE;
}

static gboolean
remark (AssayProject *project, const AssayItem *item, const AssayTask *task, const char *kind, gboolean lay_aside,
        const AssayAnnotator *by, const char *why, AssayVerdict *verdict, GError **error)
{
  const AssayLabel place = { .item_row = item->row, .task_row = task->row };
  AssaySettlement made = { 0 };
  if (!assay_truth_remark (project->store, &place, kind, NULL, why, lay_aside, by, &made, error))
    return FALSE;
  g_array_append_val (verdict->reviews, made);
  return TRUE;
}

gboolean
assay_verdict_neither (AssayProject *project, const AssayItem *item, const AssayTask *task,
                       const AssayAnnotator *by, const char *why, AssayVerdict *verdict, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, project->store, error))
    return FALSE;
  g_autoptr (GPtrArray) answers = assay_label_list (project->store, item->row, task, TRUE, error);
  if (answers == NULL || !remark (project, item, task, "neither", TRUE, by, why, verdict, error))
    return FALSE;
  for (guint i = 0; i < answers->len; i++)
    if (!assay_verdict_send_back (project, answers->pdata[i], by, why != NULL ? why : "none of the answers will do",
                                  NULL, verdict, error))
      return FALSE;
  return assay_transaction_commit (&transaction, error);
}

gboolean
assay_verdict_dismiss (AssayProject *project, const AssayId *finding, const AssayAnnotator *by, const char *why,
                       AssayVerdict *verdict, GError **error)
{
  if (!assay_finding_dismiss (project->store, finding, by, why, error))
    return FALSE;
  g_array_append_val (verdict->findings, *finding);
  return TRUE;
}

/* Of the answers that stand, the one with the first letter. */
static AssayLabel *
find_first (AssayProject *project, const AssayItem *item, const AssayTask *task, GError **error)
{
  g_autoptr (GPtrArray) answers = assay_label_list (project->store, item->row, task, TRUE, error);
  g_autoptr (AssayAliases) aliases
      = answers != NULL ? assay_aliases_read (project->store, item, task->row, error) : NULL;
  guint best = G_MAXUINT, best_place = G_MAXUINT;
  for (guint i = 0; aliases != NULL && i < answers->len; i++)
    {
      guint place = assay_aliases_get_place (aliases, ((AssayLabel *) answers->pdata[i])->annotator_row);
      if (best == G_MAXUINT || place < best_place)
        {
          best = i;
          best_place = place;
        }
    }
  if (aliases != NULL && best == G_MAXUINT)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 "reviewing %s: nobody has answered task %s; there is nothing to accept", item->name, task->name);
  return best != G_MAXUINT ? g_steal_pointer (&answers->pdata[best]) : NULL;
}

gboolean
assay_verdict_both (AssayProject *project, const AssayItem *item, const AssayTask *task, const AssayAnnotator *by,
                    const char *why, AssayVerdict *verdict, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_autoptr (GError) unfair = NULL;
  if (!assay_transaction_begin (&transaction, project->store, error))
    return FALSE;
  if (!assay_verdict_consensus (project, item, task, by, "all acceptable", verdict, &unfair))
    {
      g_autoptr (AssayLabel) first = find_first (project, item, task, error);
      if (first == NULL || !settle (project, first, ASSAY_TRUTH_ANNOTATOR, by, "all acceptable", verdict, error))
        return FALSE;
    }
  if (!remark (project, item, task, "both", FALSE, by, why, verdict, error))
    return FALSE;
  g_autoptr (GPtrArray) open = assay_finding_list (project->store, TRUE, error);
  if (open == NULL)
    return FALSE;
  for (guint i = 0; i < open->len; i++)
    {
      const AssayFinding *finding = open->pdata[i];
      if (finding->item_row == item->row && finding->task_row == task->row && finding->annotators->len > 1
          && !assay_verdict_dismiss (project, &finding->id, by, why != NULL ? why : "all answers are acceptable",
                                     verdict, error))
        return FALSE;
    }
  return assay_transaction_commit (&transaction, error);
}

gboolean
assay_verdict_unclear (AssayProject *project, const AssayItem *item, const AssayTask *task,
                       const AssayAnnotator *by, const char *question, const json_t *place, AssayVerdict *verdict,
                       GError **error)
{
  AssaySettlement made = { 0 };
  if (!assay_question_ask (project, item, task, place, question, by, &made, error))
    return FALSE;
  g_array_append_val (verdict->reviews, made);
  return TRUE;
}

gboolean
assay_verdict_undo (AssayProject *project, const AssayVerdict *verdict, const AssayAnnotator *by, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, project->store, error)
      || (verdict->reviews->len > 0 && !assay_truth_take_back (project->store, verdict->reviews, by, error)))
    return FALSE;
  for (guint i = 0; i < verdict->findings->len; i++)
    if (!assay_finding_reopen (project->store, &g_array_index (verdict->findings, AssayId, i), by, error))
      return FALSE;
  return assay_transaction_commit (&transaction, error);
}
