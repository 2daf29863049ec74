/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit as a document: for `--json`, the dashboard, and what a version keeps of its moment. */
#include "qa/audit.h"

#include "qa/report.h"

#include <math.h>

#define USUAL_SHARE 0.05 /* of a listing, where the plan asks for no audit */

static json_t *
interval_to_json (double low, double high)
{
  return isnan (low) ? json_null () : json_pack ("[o, o]", assay_json_number (low), assay_json_number (high));
}

static json_t *
figure_to_json (const AssayAuditFigure *figure)
{
  return json_pack ("{s:o, s:o, s:I, s:I, s:i, s:i, s:o}", "error", assay_json_number (figure->error), "ci95",
                    interval_to_json (figure->low, figure->high), "n", (json_int_t) figure->n, "out",
                    (json_int_t) figure->out, "accepted", (int) figure->accepted, "audited", (int) figure->audited,
                    "n_effective", assay_json_number (figure->n_effective > 0 ? figure->n_effective : NAN));
}

static json_t *
class_to_json (const AssayTask *task, guint index)
{
  return index < task->classes->len ? json_string (((const AssayClass *) task->classes->pdata[index])->name)
                                    : json_null ();
}

const AssayAuditFigure *
assay_audit_find (const AssayAudit *audit, const json_t *condition)
{
  const char *name = assay_json_get_string (condition, "class");
  if (name == NULL)
    return &audit->labels;
  for (guint i = 0; i < audit->task->classes->len; i++)
    if (g_str_equal (((const AssayClass *) audit->task->classes->pdata[i])->name, name))
      return &g_array_index (audit->classes, AssayAuditFigure, i);
  return NULL;
}

static const char *const verdicts[] = { "open", "below", "above" };

char *
assay_audit_dup_words (const AssayAuditFigure *figure, double limit)
{
  AssayAuditVerdict verdict = assay_audit_judge (figure, limit);
  double more = assay_audit_count_more (figure, limit);
  guint left = figure->accepted > figure->audited ? figure->accepted - figure->audited : 0;
  if (verdict == ASSAY_AUDIT_BELOW)
    return g_strdup ("kept, the whole interval lies below");
  if (verdict == ASSAY_AUDIT_ABOVE)
    return g_strdup ("broken, the whole interval lies above; repair what is wrong");
  if (!isfinite (more))
    return g_strdup ("not settled, and at the present rate no number of audits would settle it");
  g_autofree char *rest = more > left ? g_strdup_printf (", and only %u are left", left) : g_strdup ("");
  return g_strdup_printf ("not settled; %.0f more audited item%s would settle it %s%s", more, more > 1 ? "s" : "",
                          isnan (figure->error) ? "were all right" : "at the present rate", rest);
}

static json_t *
gate_to_json (const AssayAudit *audit, const AssayPlan *plan)
{
  json_t *list = json_array ();
  size_t i;
  const json_t *condition;
  json_array_foreach (plan->gate, i, condition)
  {
    double limit;
    const AssayAuditFigure *figure = assay_audit_find (audit, condition);
    if (g_strcmp0 (assay_json_get_string (condition, "figure"), "remaining_error") != 0 || figure == NULL
        || g_strcmp0 (assay_json_get_string (condition, "task"), audit->task->name) != 0
        || !assay_json_get_double (condition, "at_most", &limit))
      continue;
    g_autofree char *words = assay_audit_dup_words (figure, limit);
    json_array_append_new (
        list, json_pack ("{s:O?, s:f, s:o, s:o, s:s, s:o, s:s}", "class", json_object_get (condition, "class"),
                         "at_most", limit, "error", assay_json_number (figure->error), "ci95",
                         interval_to_json (figure->low, figure->high), "verdict",
                         verdicts[assay_audit_judge (figure, limit)], "more",
                         assay_json_number (assay_audit_count_more (figure, limit)), "words", words));
  }
  return list;
}

json_t *
assay_audit_to_json (const AssayAudit *audit, const AssayPlan *plan)
{
  const AssayTask *task = audit->task;
  json_t *classes = json_array (), *strata = json_array ();
  for (guint i = 0; i < audit->classes->len; i++)
    {
      const AssayAuditFigure *figure = &g_array_index (audit->classes, AssayAuditFigure, i);
      if (i == task->classes->len && figure->n == 0) /* everything has a class */
        continue;
      json_t *one = figure_to_json (figure);
      json_object_set_new (one, "class", class_to_json (task, i));
      json_array_append_new (classes, one);
    }
  for (guint i = 0; i < audit->strata->len; i++)
    {
      const AssayAuditStratum *stratum = &g_array_index (audit->strata, AssayAuditStratum, i);
      json_array_append_new (strata,
                             json_pack ("{s:o, s:i, s:i}", "class", class_to_json (task, stratum->class),
                                        "accepted", (int) stratum->accepted, "audited", (int) stratum->audited));
    }
  return json_pack ("{s:s, s:s, s:f, s:f, s:i, s:i, s:i, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "task",
                    task->name, "kind", task->kind->id, "tolerance", task->tolerance, "share", audit->share,
                    "accepted", (int) audit->accepted, "drawn", (int) audit->drawn, "audited",
                    (int) audit->cases->len, "apart", (int) audit->apart, "changed", (int) audit->changed, "labels",
                    figure_to_json (&audit->labels), "objects", figure_to_json (&audit->objects), "classes",
                    classes, "strata", strata, "likeness", assay_agreement_measure_to_json (&audit->likeness),
                    "gate", gate_to_json (audit, plan));
}

static gboolean
list_task (AssayProject *project, const AssayTask *task, double share, json_t *items, guint *eligible,
           GError **error)
{
  g_autoptr (AssayAuditDraw) draw = assay_audit_draw_new (project->store, task, share, error);
  g_auto (AssayRows) rows = { 0 };
  if (draw == NULL
      || !assay_store_query (
          project->store, &rows, error,
          "SELECT i.id, i.name, m.hash, t.how, a.name, t.n_answers, r.classes FROM truth t JOIN item i ON i.row = "
          "t.item JOIN media m ON m.row = i.media JOIN revision r ON r.row = t.revision JOIN annotator a ON a.row "
          "= "
          "r.annotator WHERE t.task = ?1 AND t.item NOT IN (SELECT item FROM left_out WHERE everywhere = 1) ORDER "
          "BY "
          "i.id",
          "i", task->row))
    return FALSE;
  GError *failure = NULL;
  while (assay_rows_next (&rows, &failure))
    {
      AssayId item = assay_rows_get_id (&rows, 0);
      ++*eligible;
      if (!assay_audit_draws (draw, &item, assay_rows_get_text (&rows, 6)))
        continue;
      AssaySha256 media;
      char hash[ASSAY_SHA256_TEXT_SIZE] = "";
      if (assay_rows_get_sha256 (&rows, 2, &media))
        assay_sha256_to_text (&media, hash);
      json_array_append_new (
          items, json_pack ("{s:o, s:s, s:s, s:s, s:{s:s, s:s}, s:I}", "item", assay_json_id (&item), "name",
                            assay_rows_get_text (&rows, 1), "media", hash, "task", task->name, "truth", "how",
                            assay_rows_get_text (&rows, 3), "annotator", assay_rows_get_text (&rows, 4), "answers",
                            (json_int_t) assay_rows_get_int (&rows, 5)));
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
describe_task (AssayProject *project, const AssayTask *task, const AssayPlan *plan, double share, json_t *items,
               json_t *tasks, guint *eligible, AssayProgress *progress, GError **error)
{
  if (!list_task (project, task, share, items, eligible, error))
    return FALSE;
  g_autoptr (AssayAudit) audit = assay_audit_compute (project, task, progress, error);
  if (audit != NULL)
    json_array_append_new (tasks, assay_audit_to_json (audit, plan));
  return audit != NULL;
}

json_t *
assay_audit_describe (AssayProject *project, const char *task_name, double share, AssayProgress *progress,
                      GError **error)
{
  g_autoptr (json_t) items = json_array (), all = json_array ();
  guint eligible = 0;
  g_autoptr (AssayPlan) plan = assay_plan_get (project->store, error);
  g_autoptr (AssayTask) one
      = plan != NULL && task_name != NULL ? assay_task_find (project->store, task_name, error) : NULL;
  g_autoptr (GPtrArray) tasks = plan != NULL && task_name == NULL ? assay_task_list (project->store, error) : NULL;
  if (one == NULL && tasks == NULL)
    return NULL;
  if (!(share >= 0))
    share = plan->audit > 0 ? plan->audit : USUAL_SHARE;
  if (one != NULL && !describe_task (project, one, plan, share, items, all, &eligible, progress, error))
    return NULL;
  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    if (!describe_task (project, tasks->pdata[i], plan, share, items, all, &eligible, progress, error))
      return NULL;
  return json_pack ("{s:f, s:i, s:O, s:O}", "share", share, "eligible", (int) eligible, "items", items, "tasks",
                    all);
}
