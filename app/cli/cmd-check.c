/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"

#include "app/job-check.h"
#include "core/plan.h"
#include "qa/precision.h"

static const char *const severities[] = { "note", "warning", "error", NULL };

static gboolean
parse_severity (const char *text, int *ret_severity, GError **error)
{
  *ret_severity = G_MAXINT; /* nothing is so bad */
  if (text == NULL)
    return TRUE;
  for (int i = 0; severities[i] != NULL; i++)
    if (g_str_equal (severities[i], text))
      {
        *ret_severity = i;
        return TRUE;
      }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "check: --fail-on %s is none of note, warning, error", text);
  return FALSE;
}

static gboolean
was_asked_for (const AssayFinding *finding, const char *const *only, const AssayTask *task)
{
  return (only == NULL || g_strv_contains (only, finding->check))
         && (task == NULL || finding->task_row == task->row);
}

static json_t *
count (const GPtrArray *findings, const AssayJobCheckCounts *looks)
{
  int by_severity[3] = { 0 };
  json_t *by_check = json_object ();
  for (guint i = 0; i < findings->len; i++)
    {
      const AssayFinding *finding = g_ptr_array_index (findings, i);
      by_severity[finding->severity]++;
      json_int_t n = json_integer_value (json_object_get (by_check, finding->check));
      json_object_set_new (by_check, finding->check, json_integer (n + 1));
    }
  return json_pack ("{s:i, s:i, s:i, s:i, s:o, s:I, s:I, s:i}", "total", (int) findings->len, "error",
                    by_severity[ASSAY_SEVERITY_ERROR], "warning", by_severity[ASSAY_SEVERITY_WARNING], "note",
                    by_severity[ASSAY_SEVERITY_NOTE], "by_check", by_check, "looked",
                    (json_int_t) looks->looks.looked, "kept", (json_int_t) looks->looks.kept, "settled",
                    (int) looks->settled);
}

static char *
describe (AssayStore *store, const GPtrArray *findings)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < findings->len; i++)
    {
      const AssayFinding *finding = g_ptr_array_index (findings, i);
      g_autoptr (AssayItem) item
          = finding->item_row != 0 ? assay_item_get_row (store, finding->item_row, NULL) : NULL;
      char id[ASSAY_ID_TEXT_SIZE];
      assay_id_to_text (&finding->id, id);
      g_string_append_printf (text, "%-7s %.2f  %.8s  %-16s %s: %s\n", assay_severity_to_text (finding->severity),
                              finding->score, id, finding->check, item != NULL ? item->name : "project",
                              finding->why);
    }
  return g_string_free (text, FALSE);
}

/* "was right in 2 of 15 (13 %, 4 to 38 %)" */
static char *
describe_precision (const AssayPrecision *precision)
{
  guint decided = precision->right + precision->wrong;
  if (decided == 0)
    return g_strdup (precision->quiet ? " (quiet)" : "");
  return g_strdup_printf (" (right in %u of %u: %.0f %%, %.0f to %.0f %%%s)", precision->right, decided,
                          100 * precision->share, 100 * precision->low, 100 * precision->high,
                          precision->quiet   ? "; quiet"
                          : precision->offer ? "; --quiet silences it"
                                             : "");
}

/* What there is to look for, and how often it was right in this project, when there is one. */
static gboolean
list_checks (AssayInvocation *invocation, GError **error)
{
  guint n = 0;
  const AssayCheck *const *checks = assay_check_list (&n);
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, NULL);
  g_autoptr (GArray) precisions = project != NULL ? assay_precision_list (project->store, error) : NULL;
  g_autoptr (json_t) list = json_array ();
  g_autoptr (GString) text = g_string_new (NULL);
  if (project != NULL && precisions == NULL)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const AssayPrecision *precision = project != NULL ? &g_array_index (precisions, AssayPrecision, i) : NULL;
      g_autofree char *words = precision != NULL ? describe_precision (precision) : g_strdup ("");
      json_t *one = json_pack ("{s:s, s:s, s:s, s:b}", "id", checks[i]->id, "title", checks[i]->title, "help",
                               checks[i]->help, "on_arrival", checks[i]->arrive != NULL);
      json_object_set_new (one, "quiet", json_boolean (precision != NULL && precision->quiet));
      json_object_set_new (one, "past", precision != NULL ? assay_precision_to_json (precision) : json_null ());
      json_array_append_new (list, one);
      g_string_append_printf (text, "%-16s %s%s\n", checks[i]->id, checks[i]->help, words);
    }
  assay_invocation_answer (invocation, json_pack ("{s:O}", "checks", list), text->str);
  return TRUE;
}

static gboolean
set_quiet (AssayInvocation *invocation, const char *name, gboolean quiet, GError **error)
{
  const AssayCheck *check = assay_check_find (name);
  if (check == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "check: there is no check %s; --list names them", name);
      return FALSE;
    }
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_WRITE, error);
  g_autoptr (AssayAnnotator) by
      = project != NULL ? assay_invocation_annotator (invocation, project->store, error) : NULL;
  if (by == NULL || !assay_precision_set_quiet (project->store, check, quiet, &by->id, error))
    return FALSE;
  g_autofree char *text = g_strdup_printf (
      quiet ? "%s looks only when --only asks for it" : "%s looks at every check again", check->id);
  assay_invocation_answer (invocation, json_pack ("{s:s, s:b}", "check", check->id, "quiet", quiet), text);
  return TRUE;
}

static int
run (AssayInvocation *invocation, GError **error)
{
  g_autofree char *only_text = NULL, *task_name = NULL, *fail_on = NULL, *quiet = NULL, *loud = NULL;
  gboolean list_only = FALSE;
  const GOptionEntry entries[] = {
    { "list", 0, 0, G_OPTION_ARG_NONE, &list_only, NULL, NULL },
    { "only", 0, 0, G_OPTION_ARG_STRING, &only_text, NULL, NULL },
    { "task", 0, 0, G_OPTION_ARG_STRING, &task_name, NULL, NULL },
    { "fail-on", 0, 0, G_OPTION_ARG_STRING, &fail_on, NULL, NULL },
    { "quiet", 0, 0, G_OPTION_ARG_STRING, &quiet, NULL, NULL },
    { "loud", 0, 0, G_OPTION_ARG_STRING, &loud, NULL, NULL },
    { NULL },
  };
  int limit;
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 0, 0, error)
      || !parse_severity (fail_on, &limit, error))
    return 0;
  if (list_only || quiet != NULL || loud != NULL)
    {
      if (list_only)
        list_checks (invocation, error);
      else
        set_quiet (invocation, quiet != NULL ? quiet : loud, quiet != NULL, error);
      return 0;
    }
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_WRITE, error);
  if (project == NULL)
    return 0;
  g_autoptr (AssayTask) task = task_name != NULL ? assay_task_find (project->store, task_name, error) : NULL;
  g_autoptr (AssayPlan) plan = task_name == NULL || task != NULL ? assay_plan_get (project->store, error) : NULL;
  if (plan == NULL)
    return 0;
  /* Looking makes nobody an annotator; settling is done in somebody's name. */
  g_autoptr (AssayAnnotator) by
      = plan->settle_when_agreed ? assay_invocation_annotator (invocation, project->store, error) : NULL;
  if (plan->settle_when_agreed && by == NULL)
    return 0;
  g_auto (GStrv) only = only_text != NULL ? g_strsplit (only_text, ",", -1) : NULL;
  AssayJobCheckCounts looks = { 0 };
  if (!assay_job_check (project, (const char *const *) only, task, by, invocation->progress, &looks, error))
    return 0;

  g_autoptr (GPtrArray) open = assay_finding_list (project->store, TRUE, error);
  if (open == NULL)
    return 0;
  g_autoptr (GPtrArray) findings = g_ptr_array_new (); /* borrowed */
  g_autoptr (json_t) list = json_array ();
  gboolean failed = FALSE;
  for (guint i = 0; i < open->len; i++)
    {
      AssayFinding *finding = g_ptr_array_index (open, i);
      if (!was_asked_for (finding, (const char *const *) only, task))
        continue;
      g_ptr_array_add (findings, finding);
      if (invocation->json)
        json_array_append_new (list, assay_finding_to_json (project->store, finding));
      failed = failed || (int) finding->severity >= limit;
    }
  g_autofree char *text = invocation->json ? NULL : describe (project->store, findings);
  assay_invocation_answer (invocation,
                           json_pack ("{s:O, s:o}", "findings", list, "counts", count (findings, &looks)), text);
  return failed ? 1 : 0;
}

const AssayCommand assay_command_check = {
  .id = "check",
  .form
  = "check [--list] [--only NAME[,NAME]] [--task T] [--fail-on note|warning|error] [--quiet NAME | --loud NAME]",
  .help = "finds labels that cannot be trusted, worst first",
  .more
  = "--list tells what there is to look for: on arrival (media), in single answers, between annotators, over the "
    "dataset; with\n"
    "how often each was right in this project: its findings that were repaired, of all that were repaired or "
    "dismissed. With --task\n"
    "media are left alone. A check lists the worst twentieth of the items and says how many more there are; --only "
    "NAME lists all.\n"
    "--quiet NAME: that check looks only when --only asks for it; --loud NAME takes that back.\n"
    "Answers that have not changed since the last run are not looked at again. Where the plan says "
    "settle_when_agreed, items\n"
    "whose answers all agree within the tolerance are settled with their consensus.\n"
    "With --fail-on the status is 1 when an open finding is at least that severe. `assay review FINDING --dismiss "
    "WHY` closes one.",
  .run = run,
};
