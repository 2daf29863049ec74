/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/pace.h"
#include "app/cli/command.h"
#include "core/label.h"
#include "core/scope.h"
#include "core/tally.h"

static const AssayLabelState states[]
    = { ASSAY_LABEL_DRAFT, ASSAY_LABEL_SUBMITTED, ASSAY_LABEL_SENT_BACK, ASSAY_LABEL_SETTLED, ASSAY_LABEL_SKIPPED };
static const char *const hows[] = { "undecided", "only", "annotator", "consensus", "edit", "rule" };

/* Answers by state; `todo` items are those of which there is none. */
static json_t *
count_states (const GArray *tally, gint64 task_row, gint64 annotator_row, gint64 todo)
{
  json_t *json = json_pack ("{s:I}", "todo", (json_int_t) todo);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      const char *text = assay_label_state_to_text (states[i]);
      gint64 n = assay_tally_sum (tally, task_row, annotator_row, text);
      if (states[i] == ASSAY_LABEL_SUBMITTED) /* to who made them they are as any other */
        n += assay_tally_sum (tally, task_row, annotator_row, "audit");
      json_object_set_new (json, text, json_integer (n));
    }
  return json;
}

static json_t *
describe (const AssayTask *task, gint64 items, const GArray *tally, const GPtrArray *annotators, gsize n_conflicts,
          GString *text)
{
  gint64 begun = assay_tally_sum (tally, task->row, 0, NULL);
  gint64 labelled = begun - assay_tally_sum (tally, task->row, 0, "none");
  json_t *truths = json_object (), *people = json_array ();
  for (guint i = 0; i < G_N_ELEMENTS (hows); i++)
    json_object_set_new (truths, hows[i], json_integer (assay_tally_sum (tally, task->row, 0, hows[i])));
  for (guint i = 0; i < annotators->len; i++)
    {
      const AssayAnnotator *annotator = annotators->pdata[i];
      gint64 own = assay_tally_sum (tally, task->row, annotator->row, NULL);
      if (own > 0)
        json_array_append_new (people,
                               json_pack ("{s:s, s:o}", "annotator", annotator->name, "states",
                                          count_states (tally, task->row, annotator->row, MAX (0, items - own))));
    }
  json_t *json = json_object ();
  json_object_set_new (json, "task", json_string (task->name));
  json_object_set_new (json, "kind", json_string (task->kind->id));
  json_object_set_new (json, "items", json_integer (items));
  json_object_set_new (json, "labelled", json_integer (labelled));
  json_object_set_new (json, "undecided", json_integer (assay_tally_sum (tally, task->row, 0, "undecided")));
  json_object_set_new (json, "conflicts", json_integer ((json_int_t) n_conflicts));
  json_object_set_new (json, "states", count_states (tally, task->row, -1, MAX (0, items - begun)));
  json_object_set_new (json, "truths", truths);
  json_object_set_new (json, "annotators", people);
  g_string_append_printf (text, "%s (%s): %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " items labelled", task->name,
                          task->kind->id, labelled, items);
  const char *state;
  json_t *n;
  json_object_foreach (json_object_get (json, "states"), state, n) if (json_integer_value (n) > 0)
      g_string_append_printf (text, ", %" JSON_INTEGER_FORMAT " %s", json_integer_value (n), state);
  if (n_conflicts > 0)
    g_string_append_printf (text, ", %u changed on two desks", (guint) n_conflicts);
  g_string_append_c (text, '\n');
  return json;
}

/* --seconds: what objects cost, by class. */
static json_t *
describe_seconds (AssayStore *store, const AssayTask *task, GString *text, GError **error)
{
  g_autoptr (AssayPace) pace = assay_pace_read (store, task, 0, 0, error);
  if (pace == NULL)
    return NULL;
  json_t *list = json_array ();
  for (guint i = 0; i < pace->classes->len; i++)
    {
      const AssayPaceClass *class = &g_array_index (pace->classes, AssayPaceClass, i);
      const char *name = assay_task_find_class (task, &class->class_id)->name;
      json_array_append_new (list,
                             json_pack ("{s:s, s:I, s:f, s:f}", "class", name, "objects", (json_int_t) class->n,
                                        "median_s", class->median_s, "total_s", class->total_s));
      g_string_append_printf (text, "  %s: %u objects timed, median %.1f s\n", name, class->n, class->median_s);
    }
  return list;
}

static int
run (AssayInvocation *invocation, GError **error)
{
  gboolean with_seconds = FALSE;
  const GOptionEntry entries[] = { { "seconds", 0, 0, G_OPTION_ARG_NONE, &with_seconds, NULL, NULL }, { NULL } };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 0, 0, error))
    return 0;
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, error);
  g_autoptr (GPtrArray) tasks = project != NULL ? assay_task_list (project->store, error) : NULL;
  g_autoptr (GPtrArray) annotators = tasks != NULL ? assay_annotator_list (project->store, error) : NULL;
  g_autoptr (GArray) tally = annotators != NULL ? assay_tally_list (project->store, 0, error) : NULL;
  if (tally == NULL)
    return 0;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (json_t) list = json_array ();
  gint64 items = assay_tally_sum (tally, 0, 0, NULL);
  g_string_printf (text, "%s: %" G_GINT64_FORMAT " items\n", project->name, items);
  for (guint i = 0; i < tasks->len; i++)
    {
      g_autoptr (GArray) conflicts = assay_label_list_conflicts (project->store, tasks->pdata[i], error);
      gint64 n;
      if (conflicts == NULL || !assay_scope_count (project->store, tasks->pdata[i], &n, error))
        return 0;
      json_array_append_new (list, describe (tasks->pdata[i], n, tally, annotators, conflicts->len, text));
      json_t *seconds = with_seconds ? describe_seconds (project->store, tasks->pdata[i], text, error) : NULL;
      if (with_seconds && seconds == NULL)
        return 0;
      if (seconds != NULL)
        json_object_set_new (json_array_get (list, i), "seconds", seconds);
    }
  if (tasks->len == 0)
    g_string_append (text, "no task yet; `assay task add NAME --kind KIND` makes one\n");
  json_t *answer = json_pack ("{s:s, s:s, s:o, s:I, s:O}", "project", project->directory, "name", project->name,
                              "id", assay_json_id (&project->id), "items", (json_int_t) items, "tasks", list);
  assay_invocation_answer (invocation, answer, text->str);
  return 0;
}

const AssayCommand assay_command_status = {
  .id = "status",
  .form = "status [--seconds]",
  .help = "counts items and answers by task and state",
  .more
  = "--json gives {project, name, id, items, tasks: [{task, kind, items, labelled, undecided, conflicts,"
    " states, truths,\n"
    "annotators: [{annotator, states}]}]}. states counts answers, one for each annotator of an item (todo:"
    " items that nobody has\n"
    "begun); truths counts items by what stands for them; conflicts are answers changed on two desks. --seconds\n"
    "adds what objects cost in active time, of all annotators: seconds: [{class, objects, median_s, total_s}]. It\n"
    "reads every gesture.",
  .run = run,
};
