/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/coverage.h"

#include "core/scope.h"
#include "core/target-count.h"
#include "core/version.h"

#include <math.h>

typedef struct
{
  guint items, answered, undecided, missing;
} TaskCount;

typedef struct
{
  const AssayPlan *plan;
  const GPtrArray *tasks;      /* of AssayTask */
  GPtrArray *scopes;           /* of AssayScope, one a task */
  TaskCount *of_task;          /* one a task */
  AssayTargetCount *of_target; /* one a target */
  guint overlap_items, overlap_done;
} Coverage;

/* A row has no truth for tasks that nobody has answered yet. */
static const AssayTruth *
find_truth (const AssayRow *row, const AssayTask *task)
{
  for (guint i = 0; i < row->truths->len; i++)
    {
      const AssayTruth *truth = g_ptr_array_index (row->truths, i);
      if (assay_id_equal (&truth->task->id, &task->id))
        return truth;
    }
  return NULL;
}

static void
count_row (Coverage *coverage, const AssayRow *row)
{
  gboolean overlap = assay_plan_is_overlap (coverage->plan, &row->item->id);
  guint wanted = overlap ? coverage->plan->annotators_per_overlap : 1, most = 0;
  gboolean asked = FALSE;
  for (guint i = 0; i < coverage->tasks->len; i++)
    {
      const AssayTruth *truth = find_truth (row, g_ptr_array_index (coverage->tasks, i));
      TaskCount *count = &coverage->of_task[i];
      guint n_answers = truth != NULL ? truth->n_answers : 0;
      if (!assay_scope_has (g_ptr_array_index (coverage->scopes, i), row->item))
        continue;
      asked = TRUE;
      most = MAX (most, n_answers);
      count->items++;
      count->answered += n_answers > 0;
      count->undecided += truth != NULL && truth->how == ASSAY_TRUTH_UNDECIDED;
      count->missing += wanted > n_answers ? wanted - n_answers : 0;
    }
  coverage->overlap_items += overlap && asked;
  coverage->overlap_done += overlap && asked && most >= wanted;
}

/* Median active seconds of the standing answers that people gave; NaN = nobody's time is known. */
static gboolean
find_median_seconds (AssayStore *store, const AssayTask *task, double *ret_seconds, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (
          store, &rows, error,
          "SELECT r.seconds FROM head h JOIN revision r ON r.row = h.revision JOIN annotator a ON a.row = "
          "h.annotator "
          "WHERE h.task = ?1 AND r.state = 'submitted' AND r.simulated = 0 AND r.seconds > 0 AND a.kind = 'person' "
          "ORDER BY r.seconds",
          "i", task->row))
    return FALSE;
  g_autoptr (GArray) seconds = g_array_new (FALSE, FALSE, sizeof (double));
  GError *failure = NULL;
  while (assay_rows_next (&rows, &failure))
    {
      double one = assay_rows_get_double (&rows, 0);
      g_array_append_val (seconds, one);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  guint n = seconds->len;
  *ret_seconds
      = n == 0 ? NAN : (g_array_index (seconds, double, (n - 1) / 2) + g_array_index (seconds, double, n / 2)) / 2;
  return TRUE;
}

static json_t *
tasks_to_json (const Coverage *coverage, AssayStore *store, double *ret_hours, GError **error)
{
  g_autoptr (json_t) list = json_array ();
  *ret_hours = 0;
  for (guint i = 0; i < coverage->tasks->len; i++)
    {
      const AssayTask *task = g_ptr_array_index (coverage->tasks, i);
      const TaskCount *count = &coverage->of_task[i];
      double seconds;
      if (!find_median_seconds (store, task, &seconds, error))
        return NULL;
      double hours = count->missing == 0 ? 0 : count->missing * seconds / 3600;
      *ret_hours += hours; /* one unknown makes the sum unknown */
      json_array_append_new (
          list, json_pack ("{s:s, s:s, s:i, s:i, s:i, s:i, s:o, s:o}", "task", task->name, "kind", task->kind->id,
                           "items", (int) count->items, "answered", (int) count->answered, "undecided",
                           (int) count->undecided, "missing", (int) count->missing, "seconds_per_answer",
                           assay_json_number (seconds), "projected_hours", assay_json_number (hours)));
    }
  return json_incref (list);
}

static json_t *
targets_to_json (const Coverage *coverage)
{
  json_t *list = json_array ();
  for (guint i = 0; i < json_array_size (coverage->plan->targets); i++)
    {
      json_t *target = json_deep_copy (json_array_get (coverage->plan->targets, i));
      gint64 count = 0;
      assay_json_get_int (target, "count", &count);
      json_object_set_new (target, "captured", json_integer (coverage->of_target[i].captured));
      json_object_set_new (target, "have", json_integer (coverage->of_target[i].have));
      json_object_set_new (target, "undecided", json_integer (coverage->of_target[i].undecided));
      json_object_set_new (target, "missing", json_integer (MAX (0, count - coverage->of_target[i].have)));
      json_array_append_new (list, target);
    }
  return list;
}

static gboolean
count_all (Coverage *coverage, AssaySnapshot *snapshot, AssayProgress *progress, GError **error)
{
  GError *failure = NULL;
  guint64 n = assay_snapshot_get_n_items (snapshot), done = 0;
  while (TRUE)
    {
      g_autoptr (AssayRow) row = assay_snapshot_next (snapshot, &failure);
      if (row == NULL)
        break;
      count_row (coverage, row);
      assay_progress_set (progress, ++done, n);
      if (assay_progress_stopped (progress, error))
        return FALSE;
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static GPtrArray *
list_scopes (AssayStore *store, const GPtrArray *tasks, GError **error)
{
  g_autoptr (GPtrArray) scopes = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_scope_free);
  for (guint i = 0; i < tasks->len; i++)
    {
      AssayScope *scope = assay_scope_new (store, g_ptr_array_index (tasks, i), error);
      if (scope == NULL)
        return NULL;
      g_ptr_array_add (scopes, scope);
    }
  return g_steal_pointer (&scopes);
}

json_t *
assay_coverage_compute (AssayProject *project, const AssayPlan *plan, AssayProgress *progress, GError **error)
{
  g_autoptr (AssaySnapshot) snapshot = assay_snapshot_open (project, NULL, error);
  if (snapshot == NULL)
    return NULL;
  const GPtrArray *tasks = assay_snapshot_get_tasks (snapshot);
  g_autofree TaskCount *of_task = g_new0 (TaskCount, tasks->len + 1);
  g_autofree AssayTargetCount *of_target = g_new0 (AssayTargetCount, json_array_size (plan->targets) + 1);
  Coverage coverage = { .plan = plan, .tasks = tasks, .of_task = of_task, .of_target = of_target };
  double hours;
  g_autoptr (GPtrArray) scopes = list_scopes (project->store, tasks, error);
  coverage.scopes = scopes;
  if (scopes == NULL || !count_all (&coverage, snapshot, progress, error)
      || !assay_target_count (project->store, plan->targets, tasks, ASSAY_COUNT_ALL, of_target, progress, error))
    return NULL;
  json_t *list = tasks_to_json (&coverage, project->store, &hours, error);
  if (list == NULL)
    return NULL;
  return json_pack ("{s:o, s:{s:f, s:i, s:i, s:i, s:i}, s:o, s:o}", "targets", targets_to_json (&coverage),
                    "overlap", "share", plan->overlap, "annotators", (int) plan->annotators_per_overlap, "items",
                    (int) coverage.overlap_items, "done", (int) coverage.overlap_done, "missing",
                    (int) (coverage.overlap_items - coverage.overlap_done), "tasks", list, "projected_hours",
                    assay_json_number (hours));
}

json_t *
assay_coverage_count_captured (AssayProject *project, const AssayPlan *plan, GError **error)
{
  gsize n = json_array_size (plan->targets);
  g_autoptr (GPtrArray) tasks = assay_task_list (project->store, error);
  g_autofree AssayTargetCount *counts = g_new0 (AssayTargetCount, n + 1);
  if (tasks == NULL
      || !assay_target_count (project->store, plan->targets, tasks, ASSAY_COUNT_ALL, counts, NULL, error))
    return NULL;
  json_t *targets = json_array ();
  for (gsize i = 0; i < n; i++)
    {
      json_t *target = json_deep_copy (json_array_get (plan->targets, i));
      json_object_set_new (target, "captured", json_integer (counts[i].captured));
      json_array_append_new (targets, target);
    }
  return targets;
}
