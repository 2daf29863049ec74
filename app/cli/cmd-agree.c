/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"

#include "core/task.h"
#include "qa/report.h"

#include <math.h>

static void
describe_group (GString *text, const char *title, const AssayAgreementGroup *group)
{
  g_string_append_printf (text, "  %s\n", title);
  for (guint i = 0; i < group->measures->len; i++)
    {
      const AssayAgreementMeasure *measure = &g_array_index (group->measures, AssayAgreementMeasure, i);
      g_string_append_printf (text, "    %-16s ", measure->title);
      if (isnan (measure->value))
        g_string_append (text, "undefined");
      else
        g_string_append_printf (text, "%.3f %s", measure->value, measure->unit);
      if (!isnan (measure->low))
        g_string_append_printf (text, " [%.3f, %.3f]", measure->low, measure->high);
      g_string_append_printf (text, "  n = %" G_GUINT64_FORMAT "\n", measure->n);
    }
  if (group->missing + group->extra > 0)
    g_string_append_printf (text, "    objects that only one has: %" G_GUINT64_FORMAT "\n",
                            group->missing + group->extra);
}

static void
describe (GString *text, const AssayAgreement *agreement)
{
  g_string_append_printf (text, "%s (%s): %u of %u items have several answers, by %u annotators\n",
                          agreement->task->name, agreement->task->kind->id, agreement->overlapped, agreement->items,
                          agreement->annotators->len);
  if (agreement->overlapped == 0)
    {
      g_string_append (text, "  nothing to compare; let a second annotator label some of the same items\n");
      return;
    }
  describe_group (text, "all", agreement->all);
  for (guint i = 0; i < agreement->groups->len; i++)
    {
      const AssayAgreementGroup *group = g_ptr_array_index (agreement->groups, i);
      describe_group (text, group->title, group);
    }
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
  g_autofree char *task_name = NULL, *by_text = NULL;
  const GOptionEntry entries[] = {
    { "task", 0, 0, G_OPTION_ARG_STRING, &task_name, NULL, NULL },
    { "by", 0, 0, G_OPTION_ARG_STRING, &by_text, NULL, NULL },
    { NULL },
  };
  AssayAgreementBy by = ASSAY_AGREEMENT_BY_NOTHING;
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 0, 0, error))
    return 0;
  if (by_text != NULL && !assay_agreement_by_parse (by_text, &by))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "agree: --by %s is none of class, annotator, pair, item, condition, session, month", by_text);
      return 0;
    }
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, error);
  g_autoptr (GPtrArray) tasks = project != NULL ? list_tasks (project->store, task_name, error) : NULL;
  if (tasks == NULL)
    return 0;
  g_autoptr (json_t) answers = json_array ();
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < tasks->len; i++)
    {
      const AssayTask *task = g_ptr_array_index (tasks, i);
      g_autofree char *what = g_strdup_printf ("comparing answers to %s", task->name);
      assay_progress_say (invocation->progress, what);
      g_autoptr (AssayAgreement) agreement
          = assay_agreement_compute (project, task, by, invocation->progress, error);
      if (agreement == NULL)
        return 0;
      json_array_append_new (answers, assay_agreement_to_json (agreement));
      describe (text, agreement);
    }
  assay_invocation_answer (invocation, json_pack ("{s:O}", "tasks", answers), text->str);
  return 0;
}

const AssayCommand assay_command_agree = {
  .id = "agree",
  .form = "agree [--task T] [--by class|annotator|pair|item|condition|session|month]",
  .help = "how well annotators agree, with 95 % intervals",
  .more
  = "Over items with two or more submitted answers every pair of annotators is compared, objects matched one to "
    "one. Each figure is\n"
    "the mean over compared pairs; its interval is a bootstrap over items (1000 resamples, the same on every run); "
    "n says of how\n"
    "many. Undefined is null. Every kind has its own measures first (IoU and Dice, OKS, rotation and translation, "
    "MER, …), then\n"
    "found_by_both (2 matched / (2 matched + those only one has)) and same_class. Definitions: doc/METRICS.md.",
  .run = run,
};
