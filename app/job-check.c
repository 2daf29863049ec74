/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-check.h"

#include "core/error.h"
#include "core/plan.h"
#include "qa/consensus.h"
#include "qa/partial.h"
#include "qa/walk.h"

static gboolean
choose_checks (const char *const *only, GPtrArray *checks, GError **error)
{
  guint n = 0;
  const AssayCheck *const *all = assay_check_list (&n);
  for (guint i = 0; only != NULL && only[i] != NULL; i++)
    {
      const AssayCheck *check = assay_check_find (only[i]);
      if (check == NULL)
        {
          g_autoptr (GString) names = g_string_new (NULL);
          for (guint j = 0; j < n; j++)
            g_string_append_printf (names, "%s%s", j > 0 ? ", " : "", all[j]->id);
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "check: there is no check %s; there are %s", only[i],
                       names->str);
          return FALSE;
        }
      g_ptr_array_add (checks, (gpointer) check);
    }
  return TRUE;
}

/* Which items all answers agree on; found on all cores, settled on this one. */
static void
mark_agreed (const AssayLook *look, guint index, guint worker, gpointer data)
{
  gboolean *agreed = data;
  agreed[index] = assay_consensus_agreed (look->labels, look->task);
}

/* The rule remembers, as a check does, which answers it has judged: they are not read again. */
static const AssayCheck rule = { .id = "settle-rule", .version = 1 };

/* One item: settles it when all agree, gives up what the rule took when they no longer do, and remembers the
 * answers. */
static gboolean
apply_rule (AssayStore *store, const AssayTask *task, const AssayAnswers *answers, guint index, gboolean agreed,
            const AssayAnnotator *by, guint *settled, GError **error)
{
  gint64 item_row = g_array_index (answers->items, AssayAnswered, index).item_row;
  g_autoptr (AssayOptions) options = assay_options_new (NULL);
  AssayTruthHow how;
  gint64 revision_row;
  guint n_answers;
  if (!assay_truth_find (store, item_row, task->row, &how, &revision_row, &n_answers, error))
    return FALSE;
  if (agreed || how == ASSAY_TRUTH_RULE)
    {
      gboolean now = FALSE;
      g_autoptr (AssayItem) item = assay_item_get_row (store, item_row, error);
      if (item == NULL || !assay_consensus_settle_agreed (store, item, task, by, &now, error))
        return FALSE;
      *settled += now;
    }
  return assay_partial_save (store, &rule, options, task, answers, index, NULL, error);
}

/* One transaction for a few hundred items: a sync to the disk for each would take minutes, and one for all would
 * keep annotators waiting. */
#define ITEMS_A_TRANSACTION 256

static gboolean
apply_rules (AssayStore *store, const AssayTask *task, const AssayAnswers *answers, const GArray *indices,
             const gboolean *agreed, const AssayAnnotator *by, AssayProgress *progress, guint *settled,
             GError **error)
{
  for (guint from = 0; from < indices->len; from += ITEMS_A_TRANSACTION)
    {
      g_auto (AssayTransaction) transaction = { 0 };
      guint now = 0;
      if (assay_progress_stopped (progress, error) || !assay_transaction_begin (&transaction, store, error))
        return FALSE;
      for (guint i = from; i < MIN (from + ITEMS_A_TRANSACTION, indices->len); i++)
        {
          guint index = g_array_index (indices, guint, i);
          if (!apply_rule (store, task, answers, index, agreed[index], by, &now, error))
            return FALSE;
        }
      if (!assay_transaction_commit (&transaction, error))
        return FALSE;
      *settled += now;
    }
  return TRUE;
}

/* Items with several answers that the rule has not judged as they are now. */
static GArray *
list_unjudged (AssayStore *store, const AssayTask *task, const AssayAnswers *answers, GError **error)
{
  guint n_items = answers->items->len;
  g_autofree gboolean *known = g_new0 (gboolean, n_items + 1);
  g_autofree GPtrArray **nothing = g_new0 (GPtrArray *, n_items + 1); /* the rule has no findings */
  g_autoptr (AssayOptions) options = assay_options_new (NULL);
  if (!assay_partial_load (store, &rule, options, task, answers, known, nothing, error))
    return NULL;
  GArray *indices = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < n_items; i++)
    if (!known[i] && g_array_index (answers->items, AssayAnswered, i).n >= 2)
      g_array_append_val (indices, i);
  return indices;
}

static gboolean
settle_task (AssayProject *project, const AssayTask *task, const AssayAnnotator *by, AssayProgress *progress,
             guint *settled, GError **error)
{
  g_autoptr (AssayAnswers) answers = assay_answers_list (project->store, task, error);
  g_autoptr (GArray) indices = answers != NULL ? list_unjudged (project->store, task, answers, error) : NULL;
  if (indices == NULL)
    return FALSE;
  g_autofree gboolean *agreed = g_new0 (gboolean, answers->items->len + 1);
  if (!assay_walk (project, task, answers, indices, mark_agreed, agreed, progress, error))
    return FALSE;
  return apply_rules (project->store, task, answers, indices, agreed, by, progress, settled, error);
}

static gboolean
settle (AssayProject *project, const AssayTask *task, const AssayAnnotator *by, AssayProgress *progress,
        guint *settled, GError **error)
{
  assay_progress_say (progress, "settling what all agree on");
  if (task != NULL)
    return settle_task (project, task, by, progress, settled, error);
  g_autoptr (GPtrArray) tasks = assay_task_list (project->store, error);
  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    if (!settle_task (project, g_ptr_array_index (tasks, i), by, progress, settled, error))
      return FALSE;
  return tasks != NULL;
}

gboolean
assay_job_check (AssayProject *project, const char *const *only, const AssayTask *task, const AssayAnnotator *by,
                 AssayProgress *progress, AssayJobCheckCounts *ret_counts, GError **error)
{
  g_autoptr (GPtrArray) checks = g_ptr_array_new ();
  g_autoptr (AssayPlan) plan = NULL;
  AssayJobCheckCounts counts = { 0 };
  if (!choose_checks (only, checks, error)
      || !(only == NULL ? assay_check_run (project, NULL, 0, task, progress, &counts.looks, error)
                        : assay_check_run_in_full (project, (const AssayCheck *const *) checks->pdata, checks->len, task,
                                                   progress, &counts.looks, error))
      || (plan = assay_plan_get (project->store, error)) == NULL)
    return FALSE;
  if (plan->settle_when_agreed && by != NULL && !settle (project, task, by, progress, &counts.settled, error))
    return FALSE;
  *ret_counts = counts;
  return TRUE;
}
