/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "core/label.h"
#include "core/qualification.h"
#include "core/queue.h"

typedef struct
{
  char *task;
  int n;
} Flags;

/* Whoever is not known yet has no row: theirs are the items that the plan gives to the name. */
static AssayAnnotator *
find_annotator (AssayInvocation *invocation, AssayStore *store, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  AssayAnnotator *annotator = assay_annotator_find (store, invocation->annotator, &wrong);
  if (annotator != NULL)
    return annotator;
  if (!g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  annotator = g_new0 (AssayAnnotator, 1);
  annotator->name = g_strdup (invocation->annotator);
  return annotator;
}

static json_t *
describe_item (AssayStore *store, const AssayQueued *queued, const AssayTask *task, const AssayAnnotator *annotator,
               GString *text, GError **error)
{
  AssayLabelState state = ASSAY_LABEL_TODO;
  g_autoptr (AssayItem) item = assay_item_get_row (store, queued->item_row, error);
  if (item == NULL || !assay_label_get_state (store, item->row, task->row, annotator->row, &state, error))
    return NULL;
  if (queued->again) /* the first answer is not theirs to see now */
    state = ASSAY_LABEL_TODO;
  g_string_append_printf (text, "%s  %s  %s\n", item->name, assay_label_state_to_text (state), queued->words);
  json_t *json = json_pack ("{s:o, s:s, s:s, s:s, s:s, s:s?, s:o}", "item", assay_json_id (&item->id), "name", item->name,
                    "state", assay_label_state_to_text (state), "why", assay_queue_why_to_text (queued->why),
                    "words", queued->words, "sequence", item->sequence, "position",
                    item->sequence != NULL ? json_integer (item->position) : json_null ());
  if (queued->again)
    json_object_set_new (json, "again", json_true ());
  return json;
}

static json_t *
describe_task (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, guint n, GString *text,
               GError **error)
{
  g_autoptr (GPtrArray) list = assay_queue_list (store, task, annotator, n, error);
  g_autoptr (json_t) items = json_array ();
  g_autoptr (AssayPlan) plan = list != NULL ? assay_plan_get (store, error) : NULL;
  AssayQualification qualification;
  if (plan == NULL || !assay_qualification_get (store, plan, task, annotator, &qualification, error))
    return NULL;
  g_autofree char *standing = qualification.asked ? assay_qualification_dup_words (&qualification) : NULL;
  g_autofree char *end = list->len == 0 ? assay_queue_dup_end (store, task, annotator, error) : g_strdup ("");
  if (end == NULL)
    return NULL;
  g_string_append_printf (text, "%s, %s:%s%s\n", task->name, annotator->name, list->len == 0 ? " " : "", end);
  for (guint i = 0; i < list->len; i++)
    {
      g_string_append (text, "  ");
      json_t *item = describe_item (store, list->pdata[i], task, annotator, text, error);
      if (item == NULL)
        return NULL;
      json_array_append_new (items, item);
    }
  if (standing != NULL)
    g_string_append_printf (text, "  %s\n", standing);
  return json_pack ("{s:s, s:s, s:O, s:s?, s:s?}", "task", task->name, "annotator", annotator->name, "items", items,
                    "end", list->len == 0 ? end : NULL, "qualification", standing);
}

static GPtrArray *
list_tasks (AssayStore *store, const char *name, GError **error)
{
  if (name == NULL)
    return assay_task_list (store, error);
  AssayTask *task = assay_task_find (store, name, error);
  if (task == NULL)
    return NULL;
  GPtrArray *tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_task_free);
  g_ptr_array_add (tasks, task);
  return tasks;
}

static int
run (AssayInvocation *invocation, GError **error)
{
  Flags flags = { .n = 10 };
  const GOptionEntry entries[] = {
    { "task", 0, 0, G_OPTION_ARG_STRING, &flags.task, NULL, NULL },
    { "limit", 'n', 0, G_OPTION_ARG_INT, &flags.n, NULL, NULL },
    { NULL },
  };
  gboolean parsed
      = assay_invocation_parse (invocation, entries, error) && assay_invocation_expect (invocation, 0, 0, error);
  g_autofree char *name = flags.task;
  if (!parsed)
    return 0;
  if (flags.n < 1 || flags.n > 1000)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "queue: --limit %d: say how many, 1 to 1000", flags.n);
      return 0;
    }
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, error);
  g_autoptr (AssayAnnotator) annotator
      = project != NULL ? find_annotator (invocation, project->store, error) : NULL;
  g_autoptr (GPtrArray) tasks = annotator != NULL ? list_tasks (project->store, name, error) : NULL;
  g_autoptr (json_t) json = json_array ();
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    {
      json_t *one = describe_task (project->store, tasks->pdata[i], annotator, (guint) flags.n, text, error);
      if (one == NULL)
        return 0;
      json_array_append_new (json, one);
    }
  if (tasks != NULL)
    assay_invocation_answer (invocation, json_pack ("{s:O}", "tasks", json), text->str);
  return 0;
}

const AssayCommand assay_command_queue = {
  .id = "queue",
  .form = "queue [--task T] [--annotator A] [-n N]",
  .help = "what an annotator is to label next, and why",
  .more = "In this order: what was sent back, then what was begun or the plan gives: by its \"assign\" and "
          "\"annotators\", else to"
          " whoever\n"
          "comes first; among the next ones those first that bring the target furthest below its count nearer, "
          "then the rest of\n"
          "the sequence, then the order of adding. The same on every desk.\n"
          "Whoever has to qualify (the plan's \"qualify\") gets items whose answer is known, and is told after each; "
          "\"qualification\" says how it stands.\n"
          "why: qualify, returned, begun, target, neighbour, overlap, assigned, open. \"again\": true (only in --json): an own answer, days"
          " old, comes\n"
          "again by the plan's \"again\": {\"share\": 0.02, \"days\": 7}; answer it with `assay label --set --again`, without"
          " looking at the first.",
  .run = run,
};
