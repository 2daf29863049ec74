/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-qualify.h"

#include "core/flag.h"
#include "core/truth.h"
#include "qa/difference.h"

#include <math.h>
#include <string.h>

#define MOST_REASONS 3

void
assay_feedback_clear (AssayFeedback *feedback)
{
  g_clear_pointer (&feedback->words, g_free);
}

static gboolean
is_gold (AssayStore *store, gint64 item_row, gboolean *ret_gold, GError **error)
{
  g_autoptr (GPtrArray) flags = assay_flag_list (store, item_row, error);
  *ret_gold = FALSE;
  for (guint i = 0; flags != NULL && i < flags->len; i++)
    *ret_gold = *ret_gold || g_str_equal (((const AssayFlag *) flags->pdata[i])->flag, ASSAY_FLAG_GOLD);
  return flags != NULL;
}

/* `a` is the answer, `b` the truth: what is not right, the first few. */
static char *
describe (const AssayComparison *comparison, const AssayLabel *own, const AssayLabel *truth, const AssayTask *task)
{
  g_autoptr (GPtrArray) reasons = g_ptr_array_new_with_free_func (g_free);
  if (comparison->whole)
    g_ptr_array_add (reasons, assay_difference_whole_why (own->objects, truth->objects, comparison, task, "you",
                                                          "the known answer"));
  for (guint i = 0; !comparison->whole && i < comparison->pairings->len && reasons->len < MOST_REASONS; i++)
    {
      const AssayPairing *pairing = &g_array_index (comparison->pairings, AssayPairing, i);
      if (pairing->a == NULL)
        g_ptr_array_add (reasons,
                         g_strdup_printf ("you missed a %s", assay_object_class_name (pairing->b, task)));
      else if (pairing->b == NULL)
        g_ptr_array_add (reasons, g_strdup_printf ("there is no %s where you have one",
                                                   assay_object_class_name (pairing->a, task)));
      else if (!assay_id_equal (&pairing->a->class_id, &pairing->b->class_id))
        g_ptr_array_add (reasons, g_strdup_printf ("what you call %s is a %s",
                                                   assay_object_class_name (pairing->a, task),
                                                   assay_object_class_name (pairing->b, task)));
      else if (!(pairing->similarity >= task->tolerance))
        g_ptr_array_add (reasons, assay_difference_why (pairing, task, "you", "the known answer"));
    }
  g_ptr_array_add (reasons, NULL);
  return g_strjoinv ("; ", (char **) reasons->pdata);
}

static gboolean
judge (AssayStore *store, const AssayLabel *own, const AssayLabel *truth, const AssayTask *task,
       const AssayAnnotator *annotator, const AssayPlan *plan, AssayFeedback *ret_feedback, GError **error)
{
  g_autoptr (AssayComparison) comparison = assay_compare (own->objects, truth->objects, task);
  AssayFeedback feedback = { .right = assay_comparison_agrees (comparison, task) };
  g_autofree char *why = feedback.right ? NULL : describe (comparison, own, truth, task);
  if (!assay_qualification_mark (store, own, annotator, feedback.right, why, &feedback.marked, error)
      || !assay_qualification_get (store, plan, task, annotator, &feedback.standing, error))
    return FALSE;
  if (!feedback.marked)
    return TRUE;
  g_autofree char *standing = assay_qualification_dup_words (&feedback.standing);
  feedback.words = why != NULL ? g_strdup_printf ("Not right (%s): %s", standing, why)
                               : g_strdup_printf ("Right (%s)", standing);
  *ret_feedback = feedback;
  return TRUE;
}

gboolean
assay_job_qualify (AssayStore *store, gint64 item_row, const AssayTask *task, const AssayAnnotator *annotator,
                   AssayFeedback *ret_feedback, GError **error)
{
  AssayQualification before;
  AssayTruthHow how;
  gboolean gold;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (AssayPlan) plan = assay_plan_get (store, error);
  *ret_feedback = (AssayFeedback){ 0 };
  if (plan == NULL || !assay_qualification_get (store, plan, task, annotator, &before, error))
    return FALSE;
  ret_feedback->standing = before;
  if (before.passed)
    return TRUE;
  g_autoptr (AssayLabel) truth = NULL, own = NULL;
  if (!is_gold (store, item_row, &gold, error) || !assay_truth_get (store, item_row, task, &how, &truth, error))
    return FALSE;
  own = assay_label_get (store, item_row, task, annotator->row, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  /* Whoever gave the known answer is not tested by it. */
  if (!gold || truth == NULL || how < ASSAY_TRUTH_ANNOTATOR || own == NULL
      || truth->annotator_row == annotator->row)
    return TRUE;
  return judge (store, own, truth, task, annotator, plan, ret_feedback, error);
}
