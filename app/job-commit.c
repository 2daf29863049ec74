/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-commit.h"

#include "core/error.h"
#include "core/finding.h"
#include "core/json.h"
#include "core/plan.h"
#include "qa/agreement.h"
#include "qa/audit.h"
#include "qa/report.h"

#include <math.h>

/* More answers than this and the agreement of a task is not computed at each commit: it would cost what there is,
 * not what changed. The report then says so, and `assay agree` tells it. */
#define REPORT_MAX_ANSWERS 50000

void
assay_gate_clear (AssayGate *gate)
{
  g_clear_pointer (&gate->failed, json_decref);
}

static gboolean
query_count (AssayStore *store, gint64 *ret_n, GError **error, const char *sql, gint64 argument)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, sql, "i", argument) || !assay_rows_next (&rows, error))
    return FALSE;
  *ret_n = assay_rows_get_int (&rows, 0);
  return TRUE;
}

static void
fail (AssayGate *gate, const json_t *condition, const char *wanted, double found, const char *why)
{
  json_t *entry = json_deep_copy (condition);
  json_object_set_new (entry, "wanted", json_string (wanted));
  json_object_set_new (entry, "found", assay_json_number (found));
  json_object_set_new (entry, "why", json_string (why));
  json_array_append_new (gate->failed, entry);
  gate->open = FALSE;
}

/* Holds one figure against at_least or at_most; an unknown figure (NaN) never passes. */
static void
hold (AssayGate *gate, const json_t *condition, double found, const char *what)
{
  double bound;
  char number[32], limit[32];
  if (assay_json_get_double (condition, "at_least", &bound) && !(found >= bound))
    {
      g_autofree char *wanted = g_strdup_printf ("at least %s", assay_json_double (bound, limit));
      g_autofree char *why = isnan (found) ? g_strdup_printf ("%s is not known yet; it should be %s", what, wanted)
                                           : g_strdup_printf ("%s is %s; it should be %s", what,
                                                              assay_json_double (found, number), wanted);
      fail (gate, condition, wanted, found, why);
    }
  if (assay_json_get_double (condition, "at_most", &bound) && !(found <= bound))
    {
      g_autofree char *wanted = g_strdup_printf ("at most %s", assay_json_double (bound, limit));
      g_autofree char *why
          = g_strdup_printf ("%s is %s; it should be %s", what, assay_json_double (found, number), wanted);
      fail (gate, condition, wanted, found, why);
    }
}

static gboolean
hold_open_findings (AssayProject *project, const json_t *condition, AssayGate *gate, GError **error)
{
  g_autoptr (GPtrArray) findings = assay_finding_list (project->store, TRUE, error);
  if (findings == NULL)
    return FALSE;
  hold (gate, condition, findings->len, "the number of open findings");
  return TRUE;
}

static gboolean
hold_undecided (AssayProject *project, const json_t *condition, AssayGate *gate, GError **error)
{
  guint64 n_undecided = 0;
  g_autoptr (AssaySnapshot) snapshot = assay_snapshot_open (project, NULL, error);
  g_autoptr (GError) wrong = NULL;
  AssayRow *row;
  while (snapshot != NULL && (row = assay_snapshot_next (snapshot, &wrong)) != NULL)
    {
      for (guint i = 0; i < row->truths->len; i++)
        n_undecided += ((const AssayTruth *) row->truths->pdata[i])->how == ASSAY_TRUTH_UNDECIDED;
      assay_row_free (row);
    }
  if (snapshot == NULL || wrong != NULL)
    {
      if (wrong != NULL)
        g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  hold (gate, condition, (double) n_undecided, "the number of undecided items");
  return TRUE;
}

static gboolean
hold_agreement (AssayProject *project, const AssayTask *task, const json_t *condition, AssayProgress *progress,
                AssayGate *gate, GError **error)
{
  g_autoptr (AssayAgreement) agreement
      = assay_agreement_compute (project, task, ASSAY_AGREEMENT_BY_NOTHING, progress, error);
  if (agreement == NULL)
    return FALSE;
  const AssayAgreementMeasure *headline = assay_agreement_get_headline (agreement);
  const char *nothing = agreement->apart->len > 0 ? "only hard, mined or drafted items were compared"
                                                  : "nothing compared";
  g_autofree char *what
      = g_strdup_printf ("agreement on %s (%s)", task->name, headline != NULL ? headline->title : nothing);
  hold (gate, condition, headline != NULL ? headline->value : NAN, what);
  return TRUE;
}

/* Not the figure but all of its interval must be below: what was not looked at is not known to be right. */
static gboolean
hold_remaining_error (AssayProject *project, const AssayTask *task, const json_t *condition, AssayProgress *progress,
                      AssayGate *gate, GError **error)
{
  double limit;
  char number[32];
  g_autoptr (AssayAudit) audit = assay_audit_compute (project, task, progress, error);
  if (audit == NULL)
    return FALSE;
  const AssayAuditFigure *figure = assay_audit_find (audit, condition);
  if (figure == NULL || !assay_json_get_double (condition, "at_most", &limit) || !(limit > 0 && limit < 1))
    {
      fail (gate, condition, "a class of the task, and at_most between 0 and 1", NAN,
            figure == NULL ? "the plan's gate names a class that the task does not have; change the plan"
                           : "the plan's gate asks for the remaining error without at_most between 0 and 1");
      return TRUE;
    }
  if (assay_audit_judge (figure, limit) == ASSAY_AUDIT_BELOW)
    return TRUE;
  double more = assay_audit_count_more (figure, limit);
  g_autofree char *wanted = g_strdup_printf ("at most %s, with 95 %% certainty", assay_json_double (limit, number));
  g_autofree char *found = isnan (figure->error)
                               ? g_strdup ("is not known: nothing was audited")
                               : g_strdup_printf ("is %.4f [%.4f, %.4f] in %u audited items", figure->error,
                                                  figure->low, figure->high, figure->audited);
  g_autofree char *words = assay_audit_dup_words (figure, limit);
  g_autofree char *why
      = g_strdup_printf ("the error that remains in %s %s; it should be %s: %s", task->name, found, wanted, words);
  fail (gate, condition, wanted, figure->error, why);
  json_object_set_new (json_array_get (gate->failed, json_array_size (gate->failed) - 1), "more",
                       assay_json_number (more));
  return TRUE;
}

static gboolean
hold_class_count (AssayProject *project, const AssayTask *task, const json_t *condition, AssayGate *gate,
                  GError **error)
{
  for (guint i = 0; i < task->classes->len; i++)
    {
      const AssayClass *class = task->classes->pdata[i];
      g_auto (AssayRows) rows = { 0 };
      if (!assay_store_query (project->store, &rows, error,
                              "SELECT coalesce(sum(n), 0) FROM tally WHERE task = ? AND class = ? AND state IN "
                              "('submitted', 'settled')",
                              "iI", task->row, &class->id)
          || !assay_rows_next (&rows, error))
        return FALSE;
      g_autofree char *what = g_strdup_printf ("the number of labelled objects of class %s", class->name);
      g_autoptr (json_t) named = json_deep_copy (condition);
      json_object_set_new (named, "class", json_string (class->name));
      hold (gate, named, (double) assay_rows_get_int (&rows, 0), what);
    }
  return TRUE;
}

static gboolean
hold_condition (AssayProject *project, const json_t *condition, AssayProgress *progress, AssayGate *gate,
                GError **error)
{
  const char *figure = assay_json_get_string (condition, "figure"),
             *task_name = assay_json_get_string (condition, "task");
  if (g_strcmp0 (figure, "open_findings") == 0)
    return hold_open_findings (project, condition, gate, error);
  if (g_strcmp0 (figure, "undecided") == 0)
    return hold_undecided (project, condition, gate, error);
  gboolean by_task = g_strcmp0 (figure, "agreement") == 0 || g_strcmp0 (figure, "remaining_error") == 0
                     || g_strcmp0 (figure, "class_count") == 0;
  if (!by_task || task_name == NULL)
    {
      g_autofree char *why = g_strdup_printf (
          "the plan's gate asks for \"%s\", which this version of Assay can not hold; change the plan",
          figure != NULL ? figure : "nothing");
      fail (gate, condition, "a figure that is known", NAN, why);
      return TRUE;
    }
  g_autoptr (AssayTask) task = assay_task_find (project->store, task_name, error);
  if (task == NULL)
    return FALSE;
  if (g_str_equal (figure, "remaining_error"))
    return hold_remaining_error (project, task, condition, progress, gate, error);
  return g_str_equal (figure, "agreement") ? hold_agreement (project, task, condition, progress, gate, error)
                                           : hold_class_count (project, task, condition, gate, error);
}

gboolean
assay_job_gate (AssayProject *project, AssayProgress *progress, AssayGate *ret_gate, GError **error)
{
  g_autoptr (AssayPlan) plan = assay_plan_get (project->store, error);
  if (plan == NULL)
    return FALSE;
  g_auto (AssayGate) gate = { .open = TRUE, .failed = json_array () };
  gsize i;
  json_t *condition;
  json_array_foreach (plan->gate, i, condition) if (!hold_condition (project, condition, progress, &gate, error))
  {
    g_prefix_error (error, "holding the plan's gate: ");
    return FALSE;
  }
  *ret_gate = gate;
  gate.failed = NULL;
  return TRUE;
}

static json_t *
report_findings (AssayProject *project, GError **error)
{
  g_autoptr (GPtrArray) findings = assay_finding_list (project->store, TRUE, error);
  if (findings == NULL)
    return NULL;
  json_t *by_check = json_object ();
  for (guint i = 0; i < findings->len; i++)
    {
      const AssayFinding *finding = findings->pdata[i];
      json_int_t n = json_integer_value (json_object_get (by_check, finding->check));
      json_object_set_new (by_check, finding->check, json_integer (n + 1));
    }
  return json_pack ("{s:i, s:o}", "open", (int) findings->len, "by_check", by_check);
}

static gboolean
report_agreement (AssayProject *project, const AssayTask *task, AssayProgress *progress, json_t *tasks,
                  GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  gint64 n_answers = 0;
  g_string_printf (
      sql,
      "SELECT count(*) FROM (SELECT 1 FROM head WHERE task = ? AND state IN ('submitted', 'settled') LIMIT %d)",
      REPORT_MAX_ANSWERS + 1);
  if (!query_count (project->store, &n_answers, error, sql->str, task->row))
    return FALSE;
  if (n_answers > REPORT_MAX_ANSWERS)
    {
      json_array_append_new (tasks,
                             json_pack ("{s:s, s:n, s:s}", "task", task->name, "measures", "why",
                                        "too many answers to compare at each commit; `assay agree` tells it"));
      return TRUE;
    }
  g_autoptr (AssayAgreement) agreement
      = assay_agreement_compute (project, task, ASSAY_AGREEMENT_BY_NOTHING, progress, error);
  if (agreement == NULL)
    return FALSE;
  json_array_append_new (tasks, assay_agreement_to_json (agreement));
  return TRUE;
}

/* Of the tasks in which anything was audited. */
static json_t *
report_audits (AssayProject *project, const GPtrArray *tasks, AssayProgress *progress, GError **error)
{
  g_autoptr (AssayPlan) plan = assay_plan_get (project->store, error);
  g_autoptr (json_t) list = json_array ();
  for (guint i = 0; plan != NULL && i < tasks->len; i++)
    {
      gint64 n = 0;
      const AssayTask *task = tasks->pdata[i];
      if (!query_count (project->store, &n, error, "SELECT count(*) FROM head WHERE task = ? AND state = 'audit'",
                        task->row))
        return NULL;
      g_autoptr (AssayAudit) audit = n > 0 ? assay_audit_compute (project, task, progress, error) : NULL;
      if (n > 0 && audit == NULL)
        return NULL;
      if (audit != NULL)
        json_array_append_new (list, assay_audit_to_json (audit, plan));
    }
  return plan != NULL ? json_incref (list) : NULL;
}

/* The QA figures of this moment, as they go into the manifest. */
static json_t *
make_report (AssayProject *project, AssayProgress *progress, GError **error)
{
  g_autoptr (GPtrArray) tasks = assay_task_list (project->store, error);
  g_autoptr (json_t) agreement = json_array ();
  if (tasks == NULL)
    return NULL;
  assay_progress_say (progress, "measuring agreement");
  for (guint i = 0; i < tasks->len; i++)
    if (!report_agreement (project, tasks->pdata[i], progress, agreement, error))
      return NULL;
  g_autoptr (json_t) audits = report_audits (project, tasks, progress, error);
  json_t *findings = audits != NULL ? report_findings (project, error) : NULL;
  if (findings == NULL)
    return NULL;
  json_t *report = json_pack ("{s:O, s:o}", "agreement", agreement, "findings", findings);
  if (json_array_size (audits) > 0)
    json_object_set (report, "audit", audits);
  return report;
}

gboolean
assay_job_commit (AssayProject *project, const char *message, const char *author, const char *tag,
                  gboolean with_gate, AssayProgress *progress, AssayVersion **ret_version, AssayGate *ret_gate,
                  GError **error)
{
  g_auto (AssayGate) gate = { 0 };
  if (!assay_job_gate (project, progress, &gate, error))
    return FALSE;
  g_autoptr (AssayVersion) version = NULL;
  if (gate.open || !with_gate)
    {
      g_autoptr (json_t) report = make_report (project, progress, error);
      g_auto (AssayTransaction) transaction = { 0 };
      assay_progress_say (progress, "writing the version");
      /* One transaction: a tag that is refused leaves no version behind that nobody asked for. */
      if (report == NULL || !assay_transaction_begin (&transaction, project->store, error)
          || (version = assay_version_commit (project, message, author, report, progress, error)) == NULL
          || (tag != NULL && !assay_version_tag (project, tag, version->version, error))
          || !assay_transaction_commit (&transaction, error))
        return FALSE;
      if (tag != NULL)
        {
          g_free (version->tags);
          version->tags = g_strdup (tag);
        }
    }
  *ret_version = g_steal_pointer (&version);
  *ret_gate = gate;
  gate.failed = NULL;
  return TRUE;
}
