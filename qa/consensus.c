/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/consensus.h"

#include "core/error.h"
#include "qa/compare.h"
#include "qa/difference.h"
#include "qa/fuse.h"

#define CONSENSUS_NAME "consensus"

AssayObjects *
assay_consensus_compute (const GPtrArray *labels, const AssayTask *task, const AssayItem *item,
                         const AssayTagModel *tags, char **ret_used, GError **error)
{
  if (labels->len < 2)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   "making the consensus of %s for task %s: %s; it takes two or more submitted answers", item->name,
                   task->name, labels->len == 0 ? "nobody has submitted an answer" : "there is one answer only");
      return NULL;
    }
  AssayObjects *objects = assay_fuse_labels (labels, task, tags, ret_used, error);
  if (objects == NULL)
    g_prefix_error (error, "making the consensus of %s for task %s: ", item->name, task->name);
  return objects;
}

gboolean
assay_consensus_agreed (const GPtrArray *labels, const AssayTask *task)
{
  for (guint i = 0; i < labels->len; i++)
    for (guint j = i + 1; j < labels->len; j++)
      {
        const AssayLabel *one = g_ptr_array_index (labels, i), *other = g_ptr_array_index (labels, j);
        g_autoptr (AssayComparison) comparison = assay_compare (one->objects, other->objects, task);
        if (!assay_comparison_agrees (comparison, task))
          return FALSE;
      }
  return labels->len >= 2;
}

/* "staple of 0199…, 0199…": the way, and the revisions that it was made of. */
static char *
describe (const char *used, const GPtrArray *answers)
{
  GString *text = g_string_new (used);
  for (guint i = 0; i < answers->len; i++)
    {
      char id[ASSAY_ID_TEXT_SIZE];
      g_string_append_printf (text, "%s%s", i == 0 ? " of " : ", ",
                              assay_id_to_text (&((const AssayLabel *) answers->pdata[i])->id, id));
    }
  return g_string_free (text, FALSE);
}

/* Saves what was made of these; takes `objects`. */
static AssayLabel *
save (AssayStore *store, const AssayItem *item, const AssayTask *task, const GPtrArray *answers,
      AssayObjects *take_objects, const char *used, gboolean *ret_added, GError **error)
{
  g_autoptr (AssayObjects) objects = take_objects;
  g_autoptr (AssayAnnotator) annotator
      = objects != NULL ? assay_annotator_ensure (store, CONSENSUS_NAME, ASSAY_ANNOTATOR_CONSENSUS, error) : NULL;
  if (annotator == NULL)
    return NULL;
  g_autoptr (AssayLabel) label = assay_label_new (item, task, annotator);
  assay_objects_free (label->objects);
  label->objects = g_steal_pointer (&objects);
  label->state = ASSAY_LABEL_DRAFT; /* until somebody, or the rule, takes it */
  g_free (label->tool);
  label->tool = g_strdup (CONSENSUS_NAME);
  g_free (label->assisted);
  label->assisted = describe (used, answers);
  if (!assay_label_save (store, label, ret_added, error))
    return NULL;
  return assay_label_get (store, item->row, task, annotator->row, error);
}

AssayLabel *
assay_consensus_save (AssayStore *store, const AssayItem *item, const AssayTask *task, GError **error)
{
  g_autoptr (GPtrArray) answers = assay_label_list (store, item->row, task, TRUE, error);
  if (answers == NULL)
    return NULL;
  /* What has no value is a class alone: the whole task tells who can be believed about it. */
  gboolean is_tag = task->kind->keys[0] == NULL;
  g_autoptr (AssayTagModel) tags = is_tag ? assay_tag_model_new (store, task, error) : NULL;
  if (is_tag && tags == NULL)
    return NULL;
  g_autofree char *used = NULL;
  AssayObjects *objects = assay_consensus_compute (answers, task, item, tags, &used, error);
  return objects != NULL ? save (store, item, task, answers, objects, used, NULL, error) : NULL;
}

/* The rule took what no longer holds: an answer has changed since. */
static gboolean
recall (AssayStore *store, const AssayItem *item, const AssayTask *task, const AssayAnnotator *by, GError **error)
{
  AssayTruthHow how;
  g_autoptr (AssayLabel) taken = NULL;
  return assay_truth_get (store, item->row, task, &how, &taken, error)
         && (taken == NULL || assay_truth_recall (store, taken, by, error));
}

gboolean
assay_consensus_settle_agreed (AssayStore *store, const AssayItem *item, const AssayTask *task,
                               const AssayAnnotator *by, gboolean *ret_settled, GError **error)
{
  *ret_settled = FALSE;
  AssayTruthHow how;
  gint64 revision_row;
  guint n_answers;
  if (!assay_truth_find (store, item->row, task->row, &how, &revision_row, &n_answers, error))
    return FALSE;
  /* What a person settled stands. */
  if (how != ASSAY_TRUTH_UNDECIDED && how != ASSAY_TRUTH_RULE)
    return TRUE;
  g_autoptr (GPtrArray) answers = assay_label_list (store, item->row, task, TRUE, error);
  if (answers == NULL)
    return FALSE;
  if (!assay_consensus_agreed (answers, task))
    return how != ASSAY_TRUTH_RULE || recall (store, item, task, by, error);
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  gboolean added = FALSE;
  g_autofree char *used = NULL;
  /* Where all agree there is nobody to weigh. */
  AssayObjects *objects = assay_consensus_compute (answers, task, item, NULL, &used, error);
  g_autoptr (AssayLabel) label
      = objects != NULL ? save (store, item, task, answers, objects, used, &added, error) : NULL;
  if (label == NULL)
    return FALSE;
  if (how == ASSAY_TRUTH_UNDECIDED || added)
    {
      if (!assay_truth_settle (store, label, ASSAY_TRUTH_RULE, by, "all answers agree within the tolerance", error))
        return FALSE;
      *ret_settled = TRUE;
    }
  return assay_transaction_commit (&transaction, error);
}
