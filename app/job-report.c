/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-report.h"

#include "core/finding.h"
#include "core/json.h"
#include "qa/audit.h"
#include "qa/precision.h"
#include "qa/reliability.h"
#include "qa/report.h"

#include <math.h>

#define FEW_MONTHS 3 /* fewer are shown by their days */

char *
assay_job_report_dup_stamp (AssayProject *project, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (
          project->store, &rows, error,
          "SELECT (SELECT coalesce(max(row), 0) FROM revision) || '.' || (SELECT coalesce(max(row), 0)"
          " FROM review) || '.' || (SELECT coalesce(max(row), 0) FROM task_revision) || '.' || (SELECT"
          " coalesce(max(row), 0) FROM item_flag) || '.' || (SELECT coalesce(max(row), 0) FROM"
          " finding_event) || '.' || (SELECT coalesce(max(row), 0) || '.' || count(*) || '.' ||"
          " coalesce(sum(present), 0) FROM finding) || '.' || (SELECT coalesce(max(row), 0) FROM"
          " plan_revision) || '.' || (SELECT coalesce(max(row), 0) FROM item) || '.' || (SELECT"
          " coalesce(max(row), 0) FROM journal)",
          "")
      || !assay_rows_next (&rows, error))
    return NULL;
  return g_strdup (assay_rows_get_text (&rows, 0));
}

static json_t *
group_by (AssayProject *project, const AssayTask *task, AssayAgreementBy by, AssayProgress *progress,
          GError **error)
{
  g_autoptr (AssayAgreement) agreement = assay_agreement_compute (project, task, by, progress, error);
  if (agreement == NULL)
    return NULL;
  g_autoptr (json_t) document = assay_agreement_to_json (agreement);
  return json_incref (json_object_get (document, "groups"));
}

/* Pairs are named by both; who they are is said beside it, since a name may hold anything. */
static void
name_pairs (json_t *pairs, const json_t *annotators)
{
  for (size_t i = 0; i < json_array_size (annotators); i++)
    for (size_t k = i + 1; k < json_array_size (annotators); k++)
      {
        const char *a = json_string_value (json_array_get (annotators, i)),
                   *b = json_string_value (json_array_get (annotators, k));
        g_autofree char *key = g_strdup_printf ("%s + %s", a, b);
        size_t at;
        json_t *pair;
        json_array_foreach (pairs, at, pair) if (g_strcmp0 (assay_json_get_string (pair, "key"), key) == 0)
        {
          json_object_set_new (pair, "a", json_string (a));
          json_object_set_new (pair, "b", json_string (b));
        }
      }
}

static int
by_value (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* Linear between order statistics, as everywhere. */
static double
quantile (const GArray *sorted, double q)
{
  if (sorted->len == 0)
    return NAN;
  double at = q * (sorted->len - 1);
  guint below = (guint) at, above = MIN (below + 1, sorted->len - 1);
  double low = g_array_index (sorted, double, below), high = g_array_index (sorted, double, above);
  return low + (at - below) * (high - low);
}

static json_t *
cost_of (GArray *seconds)
{
  g_array_sort (seconds, by_value);
  return json_pack ("{s:i, s:o, s:o}", "n", (int) seconds->len, "median_s",
                    assay_json_number (quantile (seconds, 0.5)), "p90_s",
                    assay_json_number (quantile (seconds, 0.9)));
}

/* Of the standing answers that people gave; what a program simulated is no human time. */
static json_t *
report_cost (AssayStore *store, const AssayTask *task, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (double)),
                     objects = g_array_new (FALSE, FALSE, sizeof (double));
  GError *wrong = NULL;
  int n_simulated = 0;
  if (!assay_store_query (store, &rows, error,
                          "SELECT r.seconds, r.n_objects, r.simulated FROM head AS h JOIN revision AS r ON r.row ="
                          " h.revision JOIN annotator AS a ON a.row = h.annotator WHERE h.task = ? AND r.state ="
                          " 'submitted' AND r.seconds > 0 AND a.kind = 'person'",
                          "i", task->row))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      double seconds = assay_rows_get_double (&rows, 0), n = (double) assay_rows_get_int (&rows, 1),
             each = seconds / n;
      if (assay_rows_get_int (&rows, 2) != 0)
        {
          n_simulated++;
          continue;
        }
      g_array_append_val (items, seconds);
      if (n > 0)
        g_array_append_val (objects, each);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, wrong);
      return NULL;
    }
  const char *why = items->len > 0    ? NULL
                    : n_simulated > 0 ? "the times that are known are a program's"
                                      : "nobody's time is known";
  return json_pack ("{s:o, s:o, s:i, s:s?}", "items", cost_of (items), "objects", cost_of (objects), "simulated",
                    n_simulated, "why", why);
}

static json_t *
report_times (AssayProject *project, const AssayTask *task, AssayProgress *progress, GError **error)
{
  const char *by = "month";
  g_autoptr (json_t) groups = group_by (project, task, ASSAY_AGREEMENT_BY_MONTH, progress, error);
  if (groups != NULL && json_array_size (groups) < FEW_MONTHS)
    {
      json_decref (groups);
      by = "day";
      groups = group_by (project, task, ASSAY_AGREEMENT_BY_DAY, progress, error);
    }
  return groups != NULL ? json_pack ("{s:s, s:O}", "by", by, "groups", groups) : NULL;
}

static json_t *
report_agreement (AssayProject *project, const AssayTask *task, gboolean all, AssayProgress *progress,
                  GError **error)
{
  g_autoptr (AssayAgreement) agreement
      = all ? assay_agreement_compute_all (project, task, ASSAY_AGREEMENT_BY_CLASS, progress, error)
            : assay_agreement_compute (project, task, ASSAY_AGREEMENT_BY_CLASS, progress, error);
  return agreement != NULL ? assay_agreement_to_json (agreement) : NULL;
}

static json_t *
report_task (AssayProject *project, const AssayTask *task, const AssayPlan *plan, gboolean all,
             AssayProgress *progress, GError **error)
{
  g_autofree char *what = g_strdup_printf ("measuring %s", task->name);
  assay_progress_say (progress, what);
  g_autoptr (json_t) agreement = report_agreement (project, task, all, progress, error);
  g_autoptr (json_t) annotators
      = agreement != NULL ? group_by (project, task, ASSAY_AGREEMENT_BY_ANNOTATOR, progress, error) : NULL;
  g_autoptr (json_t) pairs
      = annotators != NULL ? group_by (project, task, ASSAY_AGREEMENT_BY_PAIR, progress, error) : NULL;
  g_autoptr (json_t) times = pairs != NULL ? report_times (project, task, progress, error) : NULL;
  g_autoptr (AssayReliability) reliability
      = times != NULL ? assay_reliability_compute (project, task, progress, error) : NULL;
  g_autoptr (AssayAudit) audit = reliability != NULL ? assay_audit_compute (project, task, progress, error) : NULL;
  g_autoptr (json_t) cost = audit != NULL ? report_cost (project->store, task, error) : NULL;
  if (cost == NULL)
    return NULL;
  name_pairs (pairs, json_object_get (agreement, "annotators"));
  return json_pack ("{s:s, s:s, s:O, s:O, s:O, s:O, s:o, s:o, s:O}", "task", task->name, "kind", task->kind->id,
                    "agreement", agreement, "annotators", annotators, "pairs", pairs, "times", times, "reliability",
                    assay_reliability_to_json (reliability), "audit", assay_audit_to_json (audit, plan), "cost",
                    cost);
}

/* Every check that has something open, or about which people have decided. */
static json_t *
report_findings (AssayProject *project, GError **error)
{
  static const char *const severities[] = { "note", "warning", "error" };
  g_autoptr (GPtrArray) findings = assay_finding_list (project->store, TRUE, error);
  g_autoptr (GArray) precisions = findings != NULL ? assay_precision_list (project->store, error) : NULL;
  if (precisions == NULL)
    return NULL;
  json_t *checks = json_array ();
  for (guint i = 0; i < precisions->len; i++)
    {
      const AssayPrecision *one = &g_array_index (precisions, AssayPrecision, i);
      guint n = 0, of[3] = { 0 }, decided = one->right + one->wrong;
      for (guint k = 0; k < findings->len; k++)
        {
          const AssayFinding *finding = findings->pdata[k];
          gboolean its = g_str_equal (finding->check, one->check->id);
          n += its;
          of[finding->severity] += its;
        }
      if (n == 0 && decided == 0)
        continue;
      json_t *entry = json_pack ("{s:s, s:s, s:i, s:i, s:i, s:o, s:o}", "check", one->check->id, "title",
                                 one->check->title, "n", (int) n, "right", (int) one->right, "decided",
                                 (int) decided, "share", assay_json_number (one->share), "ci95",
                                 decided > 0 ? json_pack ("[f, f]", one->low, one->high) : json_null ());
      for (guint k = 0; k < 3; k++)
        json_object_set_new (entry, severities[k], json_integer (of[k]));
      json_array_append_new (checks, entry);
    }
  return json_pack ("{s:i, s:o}", "open", (int) findings->len, "checks", checks);
}

json_t *
assay_job_report (AssayProject *project, gboolean all, AssayProgress *progress, GError **error)
{
  g_autofree char *stamp = assay_job_report_dup_stamp (project, error);
  g_autoptr (AssayPlan) plan = stamp != NULL ? assay_plan_get (project->store, error) : NULL;
  g_autoptr (GPtrArray) tasks = plan != NULL ? assay_task_list (project->store, error) : NULL;
  if (tasks == NULL)
    return NULL;
  g_autoptr (json_t) list = json_array ();
  for (guint i = 0; i < tasks->len; i++)
    {
      json_t *task = report_task (project, tasks->pdata[i], plan, all, progress, error);
      if (task == NULL)
        return NULL;
      json_array_append_new (list, task);
    }
  json_t *findings = report_findings (project, error);
  return findings != NULL ? json_pack ("{s:s, s:s, s:s, s:O, s:o}", "schema", "assay.report/1", "project",
                                       project->name, "stamp", stamp, "tasks", list, "findings", findings)
                          : NULL;
}
