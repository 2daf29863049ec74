/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/review-act.h"

AssayAct *
assay_act_new (AssayActKind kind, const AssayReviewCase *review, const AssayAnswerShown *answer)
{
  AssayAct *act = g_new0 (AssayAct, 1);
  act->kind = kind;
  act->verdict = assay_verdict_new ();
  if (review != NULL)
    {
      act->item_row = review->item->row;
      act->task_row = assay_review_case_get_task_row (review);
    }
  if (answer != NULL)
    act->revision = answer->label->id;
  return act;
}

GVariant *
assay_act_target_new (const AssayAct *act)
{
  return g_variant_new_take_string (assay_verdict_to_text (act->verdict));
}

AssayAct *
assay_act_new_recall (GVariant *target)
{
  AssayAct *act = assay_act_new (ASSAY_ACT_RECALL, NULL, NULL);
  AssayVerdict *verdict = assay_verdict_from_text (g_variant_get_string (target, NULL));
  if (verdict == NULL)
    return act;
  assay_verdict_free (act->verdict);
  act->verdict = verdict;
  return act;
}

void
assay_act_free (AssayAct *act)
{
  assay_verdict_free (act->verdict);
  assay_objects_free (act->objects);
  g_free (act->words);
  json_decref (act->place);
  g_free (act->said);
  g_free (act->by);
  g_free (act);
}

static gboolean
decide_case (AssayProject *project, AssayAct *act, const AssayAnnotator *by, GError **error)
{
  g_autoptr (AssayTask) task = assay_task_get_row (project->store, act->task_row, error);
  g_autoptr (AssayItem) item = task != NULL ? assay_item_get_row (project->store, act->item_row, error) : NULL;
  if (item == NULL)
    return FALSE;
  switch (act->kind)
    {
    case ASSAY_ACT_CONSENSUS:
      return assay_verdict_consensus (project, item, task, by, act->words, act->verdict, error);
    case ASSAY_ACT_OWN:
      return assay_verdict_own (project, item, task, act->objects, act->tool, by, act->words, act->verdict, error);
    case ASSAY_ACT_NEITHER:
      return assay_verdict_neither (project, item, task, by, act->words, act->verdict, error);
    case ASSAY_ACT_BOTH:
      return assay_verdict_both (project, item, task, by, act->words, act->verdict, error);
    case ASSAY_ACT_UNCLEAR:
      return assay_verdict_unclear (project, item, task, by, act->words, act->place, act->verdict, error);
    case ASSAY_ACT_TAKE:
    case ASSAY_ACT_SEND_BACK:
    case ASSAY_ACT_DISMISS:
    case ASSAY_ACT_RECALL:
    default:
      break;
    }
  g_autoptr (AssayLabel) label = assay_label_get_revision (project->store, &act->revision, task, error);
  if (label == NULL)
    return FALSE;
  return act->kind == ASSAY_ACT_SEND_BACK
             ? assay_verdict_send_back (project, label, by, act->words, act->place, act->verdict, error)
             : assay_verdict_take (project, label, by, act->words, act->verdict, error);
}

static gboolean
do_act (AssayProject *project, gpointer data, GError **error)
{
  AssayAct *act = data;
  g_autoptr (AssayAnnotator) by = assay_annotator_ensure (project->store, act->by, ASSAY_ANNOTATOR_PERSON, error);
  if (by == NULL)
    return FALSE;
  if (act->kind == ASSAY_ACT_DISMISS)
    return assay_verdict_dismiss (project, &act->finding, by, act->words, act->verdict, error);
  if (act->kind == ASSAY_ACT_RECALL)
    return assay_verdict_undo (project, act->verdict, by, error);
  return decide_case (project, act, by, error);
}

void
assay_act_do (AssayDesk *desk, AssayAct *take_act, AssayDeskDone done, gpointer owner)
{
  const AssayAnnotator *annotator = assay_desk_get_annotator (desk);
  take_act->by = g_strdup (annotator != NULL ? annotator->name : g_get_user_name ());
  assay_desk_run (desk, do_act, take_act, (GDestroyNotify) assay_act_free, done, owner);
}
