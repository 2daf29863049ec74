/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/review-act.h"

#include "qa/consensus.h"

AssayAct *
assay_act_new (AssayActKind kind, const AssayReviewCase *review, const AssayAnswerShown *answer)
{
  AssayAct *act = g_new0 (AssayAct, 1);
  act->kind = kind;
  if (review != NULL)
    {
      act->item_row = review->item->row;
      act->task_row = review->task->row;
    }
  if (answer != NULL)
    act->revision = answer->label->id;
  return act;
}

GVariant *
assay_act_target_new (const AssayAct *act)
{
  GVariantBuilder ids;
  const GArray *aside = act->settlement.laid_aside;
  g_variant_builder_init (&ids, G_VARIANT_TYPE_STRING_ARRAY);
  g_variant_builder_add_value (&ids, g_variant_new_take_string (assay_id_dup_text (&act->settlement.id)));
  for (guint i = 0; i < aside->len; i++)
    g_variant_builder_add_value (
        &ids, g_variant_new_take_string (assay_id_dup_text (&g_array_index (aside, AssayId, i))));
  return g_variant_builder_end (&ids);
}

AssayAct *
assay_act_new_recall (GVariant *target)
{
  AssayAct *act = assay_act_new (ASSAY_ACT_RECALL, NULL, NULL);
  GVariantIter ids;
  const char *text;
  AssayId id;
  g_variant_iter_init (&ids, target);
  act->settlement.laid_aside = g_array_new (FALSE, FALSE, sizeof (AssayId));
  while (g_variant_iter_next (&ids, "&s", &text))
    if (assay_id_parse (text, &id))
      g_array_append_val (act->settlement.laid_aside, id);
  if (act->settlement.laid_aside->len > 0)
    {
      act->settlement.id = g_array_index (act->settlement.laid_aside, AssayId, 0);
      g_array_remove_index (act->settlement.laid_aside, 0);
    }
  return act;
}

void
assay_act_free (AssayAct *act)
{
  assay_settlement_clear (&act->settlement);
  g_free (act->words);
  json_decref (act->place);
  g_free (act->said);
  g_free (act->by);
  g_free (act);
}

static gboolean
take_consensus (AssayProject *project, AssayAct *act, const AssayTask *task, const AssayAnnotator *by,
                GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, project->store, error))
    return FALSE;
  g_autoptr (AssayItem) item = assay_item_get_row (project->store, act->item_row, error);
  g_autoptr (AssayLabel) label = item != NULL ? assay_consensus_save (project->store, item, task, error) : NULL;
  return label != NULL
         && assay_truth_settle_to (project->store, label, ASSAY_TRUTH_CONSENSUS, by, act->words, &act->settlement,
                                   error)
         && assay_transaction_commit (&transaction, error);
}

static gboolean
do_act (AssayProject *project, gpointer data, GError **error)
{
  AssayAct *act = data;
  g_autoptr (AssayAnnotator) by = assay_annotator_ensure (project->store, act->by, ASSAY_ANNOTATOR_PERSON, error);
  if (by == NULL)
    return FALSE;
  if (act->kind == ASSAY_ACT_DISMISS)
    return assay_finding_dismiss (project->store, &act->finding, by, act->words, error);
  if (act->kind == ASSAY_ACT_RECALL)
    return assay_truth_unsettle (project->store, &act->settlement, by, error);
  g_autoptr (AssayTask) task = assay_task_get_row (project->store, act->task_row, error);
  if (task == NULL)
    return FALSE;
  if (act->kind == ASSAY_ACT_CONSENSUS)
    return take_consensus (project, act, task, by, error);
  g_autoptr (AssayLabel) label = assay_label_get_revision (project->store, &act->revision, task, error);
  if (label == NULL)
    return FALSE;
  if (act->kind == ASSAY_ACT_SEND_BACK)
    return assay_truth_send_back_to (project->store, label, by, act->words, act->place, error);
  return assay_truth_settle_to (project->store, label, ASSAY_TRUTH_ANNOTATOR, by, act->words, &act->settlement,
                                error);
}

void
assay_act_do (AssayDesk *desk, AssayAct *take_act, AssayDeskDone done, gpointer owner)
{
  const AssayAnnotator *annotator = assay_desk_get_annotator (desk);
  take_act->by = g_strdup (annotator != NULL ? annotator->name : g_get_user_name ());
  assay_desk_run (desk, do_act, take_act, (GDestroyNotify) assay_act_free, done, owner);
}
