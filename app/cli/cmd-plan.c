/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"

#include "core/plan.h"
#include "qa/coverage.h"

static char *
describe (const json_t *document)
{
  GString *text = g_string_new (NULL);
  size_t index;
  const json_t *one;
  json_array_foreach (json_object_get (document, "targets"), index, one)
  {
    const json_t *condition = json_object_get (one, "condition");
    const char *class = assay_json_get_string (one, "class");
    g_autofree char *words = json_object_size (condition) > 0 ? assay_json_canonical (condition) : g_strdup ("");
    g_string_append_printf (text, "%s %s: %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT "\n",
                            class != NULL ? class : "any class", words,
                            json_integer_value (json_object_get (one, "have")),
                            json_integer_value (json_object_get (one, "count")));
  }
  const json_t *overlap = json_object_get (document, "overlap");
  g_string_append_printf (text,
                          "overlap %.0f %% by %" JSON_INTEGER_FORMAT ": %" JSON_INTEGER_FORMAT
                          " of %" JSON_INTEGER_FORMAT " items\n",
                          100 * json_number_value (json_object_get (overlap, "share")),
                          json_integer_value (json_object_get (overlap, "annotators")),
                          json_integer_value (json_object_get (overlap, "done")),
                          json_integer_value (json_object_get (overlap, "items")));
  json_array_foreach (json_object_get (document, "tasks"), index, one)
  {
    double hours;
    g_string_append_printf (
        text,
        "%s: %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " items answered, %" JSON_INTEGER_FORMAT
        " answers missing",
        assay_json_get_string (one, "task"), json_integer_value (json_object_get (one, "answered")),
        json_integer_value (json_object_get (one, "items")), json_integer_value (json_object_get (one, "missing")));
    if (assay_json_get_double (one, "projected_hours", &hours))
      g_string_append_printf (text, ", %.1f h\n", hours);
    else
      g_string_append (text, ", hours unknown until somebody has been timed\n");
  }
  return g_string_free (text, FALSE);
}

static gboolean
set_plan (AssayInvocation *invocation, AssayStore *store, const char *path, GError **error)
{
  g_autoptr (json_t) document = assay_json_load (path, error);
  g_autoptr (AssayPlan) plan = document != NULL ? assay_plan_from_json (document, error) : NULL;
  if (plan == NULL)
    {
      g_prefix_error (error, "setting the plan from %s: ", path);
      return FALSE;
    }
  g_autoptr (AssayAnnotator) by = assay_invocation_annotator (invocation, store, error);
  return by != NULL && assay_plan_save (store, plan, &by->id, error);
}

static int
run (AssayInvocation *invocation, GError **error)
{
  if (!assay_invocation_parse (invocation, NULL, error) || !assay_invocation_expect (invocation, 0, 2, error))
    return 0;
  gboolean set = invocation->argc == 3 && g_str_equal (invocation->argv[1], "set");
  if (invocation->argc > 1 && !set)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           "plan: that is not understood; write `assay plan` or `assay plan set FILE`");
      return 0;
    }
  g_autoptr (AssayProject) project
      = assay_invocation_open (invocation, set ? ASSAY_STORE_WRITE : ASSAY_STORE_READ, error);
  if (project == NULL || (set && !set_plan (invocation, project->store, invocation->argv[2], error)))
    return 0;
  g_autoptr (AssayPlan) plan = assay_plan_get (project->store, error);
  g_autoptr (json_t) document
      = plan != NULL ? assay_coverage_compute (project, plan, invocation->progress, error) : NULL;
  if (document == NULL)
    return 0;
  json_object_set (document, "plan", plan->document);
  g_autofree char *text = describe (document);
  assay_invocation_answer (invocation, json_incref (document), text);
  return 0;
}

const AssayCommand assay_command_plan = {
  .id = "plan",
  .form = "plan | plan set FILE",
  .help = "what data is needed, what exists, what is missing, and the hours it would take",
  .more = "FILE is JSON: {\"overlap\":0.2, \"annotators_per_overlap\":2, "
          "\"split\":{\"train\":0.8,\"val\":0.1,\"test\":0.1},\n"
          "\"settle_when_agreed\":true, "
          "\"targets\":[{\"class\":\"mug\",\"condition\":{\"light\":\"low\"},\"count\":200}],\n"
          "\"gate\":[{\"figure\":\"open_findings\",\"at_most\":0}]}. An item counts for a target when its truth "
          "has an object of the class\n"
          "and its conditions are the target's. \n"
          "\"annotators\": [\"ann\", \"bob\"] share the items by a draw that is the same on every desk; \"assign\": "
          "[{\"annotator\": \"ann\",\n"
          "\"task\": \"cups\", \"sequences\"|\"groups\"|\"names\": [...], \"share\": 0.5}] goes before it; "
          "\"gold\": 0.05 is the share of items\n"
          "flagged gold in each queue; \"audit\": 0.05 that of accepted labels that a second person labels again, blind "
          "(assay help review). Hours: answers missing times the median time people took; unknown "
          "is null.",
  .run = run,
};
