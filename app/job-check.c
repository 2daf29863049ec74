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
  for (guint i = 0; only == NULL && i < n; i++)
    g_ptr_array_add (checks, (gpointer) all[i]);
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

typedef struct
{
  AssaySha256 *inputs; /* one an item */
  GPtrArray **known;   /* not NULL: judged before */
  gboolean *agreed;
} Judgement;

static Judgement
judgement_new (guint n_items)
{
  return (Judgement){ g_new0 (AssaySha256, n_items + 1), g_new0 (GPtrArray *, n_items + 1),
                      g_new0 (gboolean, n_items + 1) };
}

static void
judgement_clear (Judgement *judgement, guint n_items)
{
  for (guint i = 0; i < n_items; i++)
    g_clear_pointer (&judgement->known[i], g_ptr_array_unref);
  g_free (judgement->inputs);
  g_free (judgement->known);
  g_free (judgement->agreed);
}

/* One item: settles it when all agree, gives up what the rule took when they no longer do, and remembers the
 * answers. */
static gboolean
apply_rule (AssayStore *store, const AssayTask *task, const AssayAnswered *answered, const AssaySha256 *inputs,
            const AssayAnnotator *by, guint *settled, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  gboolean now = FALSE;
  g_autoptr (AssayItem) item = assay_item_get_row (store, answered->item_row, error);
  if (item == NULL || !assay_transaction_begin (&transaction, store, error)
      || !assay_consensus_settle_agreed (store, item, task, by, &now, error)
      || !assay_partial_save (store, rule.id, task, answered, inputs, nothing, error)
      || !assay_transaction_commit (&transaction, error))
    return FALSE;
  *settled += now;
  return TRUE;
}

static gboolean
judge (AssayProject *project, const AssayTask *task, const AssayAnswers *answers, Judgement *judgement,
       const AssayAnnotator *by, AssayProgress *progress, guint *settled, GError **error)
{
  g_autoptr (AssayOptions) options = assay_options_new (NULL);
  g_autoptr (GArray) indices = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < answers->items->len; i++)
    judgement->inputs[i] = assay_partial_inputs (&rule, options, task, answers, i);
  if (!assay_partial_load (project->store, rule.id, task, answers, judgement->inputs, judgement->known, error))
    return FALSE;
  for (guint i = 0; i < answers->items->len; i++)
    if (judgement->known[i] == NULL && g_array_index (answers->items, AssayAnswered, i).n >= 2)
      g_array_append_val (indices, i);
  if (!assay_walk (project, task, answers, indices, mark_agreed, judgement->agreed, progress, error))
    return FALSE;
  for (guint i = 0; i < indices->len; i++)
    {
      guint index = g_array_index (indices, guint, i);
      const AssayAnswered *answered = &g_array_index (answers->items, AssayAnswered, index);
      AssayTruthHow how;
      gint64 revision_row;
      guint n;
      if (!assay_truth_find (project->store, answered->item_row, task->row, &how, &revision_row, &n, error))
        return FALSE;
      if ((judgement->agreed[index] || how == ASSAY_TRUTH_RULE)
          && !apply_rule (project->store, task, answered, &judgement->inputs[index], by, settled, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
settle_task (AssayProject *project, const AssayTask *task, const AssayAnnotator *by, AssayProgress *progress,
             guint *settled, GError **error)
{
  g_autoptr (AssayAnswers) answers = assay_answers_list (project->store, task, error);
  if (answers == NULL)
    return FALSE;
  Judgement judgement = judgement_new (answers->items->len);
  gboolean done = judge (project, task, answers, &judgement, by, progress, settled, error);
  judgement_clear (&judgement, answers->items->len);
  return done;
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
      || !assay_check_run (project, (const AssayCheck *const *) checks->pdata, checks->len, task, progress,
                           &counts.looks, error)
      || (plan = assay_plan_get (project->store, error)) == NULL)
    return FALSE;
  if (plan->settle_when_agreed && by != NULL && !settle (project, task, by, progress, &counts.settled, error))
    return FALSE;
  *ret_counts = counts;
  return TRUE;
}
