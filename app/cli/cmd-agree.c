/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"

#include "core/task.h"
#include "qa/reliability.h"
#include "qa/report.h"

#include <math.h>

static void
describe_measure (GString *text, const AssayAgreementMeasure *measure, guint n_items)
{
  g_autofree char *title = measure->part != NULL ? g_strdup_printf ("%s, %s", measure->title, measure->part)
                                                 : g_strdup (measure->title);
  g_string_append_printf (text, "    %-26s ", title);
  if (isnan (measure->value))
    g_string_append (text, "undefined");
  else
    g_string_append_printf (text, "%.3f %s", measure->value, measure->unit);
  if (!isnan (measure->low))
    g_string_append_printf (text, " [%.3f, %.3f]", measure->low, measure->high);
  g_string_append_printf (text, "  n = %" G_GUINT64_FORMAT, measure->n);
  if (measure->n > 0 && measure->items < n_items && !assay_agreement_measure_is_enough (measure))
    g_string_append_printf (text, ", of %" G_GUINT64_FORMAT " items", measure->items);
  g_string_append_c (text, '\n');
  if (measure->remedy != NULL && measure->sum > 0)
    g_string_append_printf (text, "      %.0f of them; %s\n", measure->sum, measure->remedy);
}

static const char *
class_at (const AssayTask *task, guint index)
{
  return index < task->classes->len ? ((const AssayClass *) task->classes->pdata[index])->name : "nothing";
}

static void
describe_group (GString *text, const char *title, const AssayAgreementGroup *group, const AssayTask *task)
{
  g_string_append_printf (text, "  %s%s\n", title,
                          group->items < ASSAY_AGREEMENT_ENOUGH ? " (few items: nothing to judge anybody by)" : "");
  for (guint i = 0; i < group->measures->len; i++)
    describe_measure (text, &g_array_index (group->measures, AssayAgreementMeasure, i), group->items);
  if (group->missing + group->extra > 0)
    g_string_append_printf (text, "    objects that only one has: %" G_GUINT64_FORMAT "\n",
                            group->missing + group->extra);
  for (guint i = 0; i < group->confusion->len; i++)
    {
      const AssayAgreementConfusion *one = &g_array_index (group->confusion, AssayAgreementConfusion, i);
      if (one->a != one->b && one->b < task->classes->len)
        g_string_append_printf (text, "    called %s by one and %s by the other: %" G_GUINT64_FORMAT "\n",
                                class_at (task, one->a), class_at (task, one->b), one->n);
    }
}

/* One line: what a model must beat. */
static void
describe_baseline (GString *text, const AssayAgreement *agreement)
{
  const AssayAgreementMeasure *baseline = assay_agreement_get_baseline (agreement);
  if (baseline == NULL)
    {
      g_string_append (text, "  human baseline: none, no two persons have answered the same item unaided\n");
      return;
    }
  g_string_append_printf (text, "  human baseline, which a model must beat: %s %.3f %s", baseline->title,
                          baseline->value, baseline->unit);
  if (!isnan (baseline->low))
    g_string_append_printf (text, " [%.3f, %.3f]", baseline->low, baseline->high);
  g_string_append_printf (text, "  n = %" G_GUINT64_FORMAT "%s\n", baseline->n,
                          assay_agreement_measure_is_enough (baseline) ? "" : ", too few items to judge by");
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
  describe_group (text, "all", agreement->all, agreement->task);
  describe_baseline (text, agreement);
  for (guint i = 0; i < agreement->groups->len; i++)
    {
      const AssayAgreementGroup *group = g_ptr_array_index (agreement->groups, i);
      describe_group (text, group->title, group, agreement->task);
    }
  for (guint i = 0; i < agreement->apart->len; i++)
    {
      const AssayAgreementGroup *group = g_ptr_array_index (agreement->apart, i);
      g_autofree char *title = g_strdup_printf ("apart, and in none of the above: %s", group->title);
      describe_group (text, title, group, agreement->task);
    }
}

static void
describe_measures (GString *text, const GArray *measures, guint n_items)
{
  for (guint i = 0; i < measures->len; i++)
    describe_measure (text, &g_array_index (measures, AssayAgreementMeasure, i), n_items);
}

static void
describe_person (GString *text, const AssayReliabilityPerson *person)
{
  g_string_append_printf (text, "  %s (%s): %u answers%s\n", person->annotator->name,
                          assay_annotator_kind_to_text (person->annotator->kind), person->answers,
                          person->simulated ? ", some of the seconds are a program's" : "");
  for (guint a = 0; a < ASSAY_AGAINST_N; a++)
    {
      const AssayReliabilityAgainst *against = person->against[a];
      if (against == NULL)
        continue;
      g_string_append_printf (text, "   against %s: %u items%s\n", assay_against_to_title (a), against->items,
                              against->items < ASSAY_AGREEMENT_ENOUGH ? " (few: nothing to judge anybody by)" : "");
      describe_measures (text, against->measures, against->items);
    }
  if (person->measures->len > 0)
    g_string_append_printf (text, "   over all%s%s\n", person->trend < ASSAY_AGAINST_N ? ", over time against " : "",
                            person->trend < ASSAY_AGAINST_N ? assay_against_to_title (person->trend) : "");
  describe_measures (text, person->measures, 0);
}

static gboolean
add_people (json_t *answer, GString *text, AssayProject *project, const AssayTask *task, AssayProgress *progress,
            GError **error)
{
  g_autoptr (AssayReliability) reliability = assay_reliability_compute (project, task, progress, error);
  if (reliability == NULL)
    return FALSE;
  g_autoptr (json_t) json = assay_reliability_to_json (reliability);
  json_object_set (answer, "people", json_object_get (json, "people"));
  for (guint i = 0; i < reliability->people->len; i++)
    describe_person (text, reliability->people->pdata[i]);
  return TRUE;
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
  gboolean people = FALSE;
  const GOptionEntry entries[] = {
    { "task", 0, 0, G_OPTION_ARG_STRING, &task_name, NULL, NULL },
    { "by", 0, 0, G_OPTION_ARG_STRING, &by_text, NULL, NULL },
    { "people", 0, 0, G_OPTION_ARG_NONE, &people, NULL, NULL },
    { NULL },
  };
  AssayAgreementBy by = ASSAY_AGREEMENT_BY_NOTHING;
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 0, 0, error))
    return 0;
  if (by_text != NULL && !assay_agreement_by_parse (by_text, &by))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "agree: --by %s is none of class, annotator, pair, item, condition, session, month, day, guideline",
                   by_text);
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
          = assay_agreement_compute_all (project, task, by, invocation->progress, error);
      if (agreement == NULL)
        return 0;
      json_t *answer = assay_agreement_to_json (agreement);
      json_array_append_new (answers, answer);
      describe (text, agreement);
      if (people && !add_people (answer, text, project, task, invocation->progress, error))
        return 0;
    }
  assay_invocation_answer (invocation, json_pack ("{s:O}", "tasks", answers), text->str);
  return 0;
}

const AssayCommand assay_command_agree = {
  .id = "agree",
  .form = "agree [--task T] [--by class|annotator|pair|item|condition|session|month|day|guideline] [--people]",
  .help = "how well annotators agree, with 95 % intervals",
  .more
  = "Over items with two or more submitted answers every pair of annotators is compared, objects matched one to "
    "one. Each figure is\n"
    "the mean over compared pairs; its interval is a bootstrap over items (1000 resamples, the same on every run); "
    "n says of how\n"
    "many. Undefined is null. Every kind has its own measures first (IoU and Dice, OKS, rotation and translation, "
    "MER, …), then\n"
    "found_by_both (2 matched / (2 matched + those only one has)), same_class, alpha (Krippendorff's, by the "
    "distance of whole\n"
    "answers, so that tasks compare), coefficients of the classes, and what the kind has beside. A figure on fewer "
    "than 30 items has\n"
    "enough: false. Items flagged hard, discuss or mined, answers that began as a program's draft, and those of "
    "models are told\n"
    "apart and enter nothing else.\n"
    "--people adds who can be believed: each annotator against gold, what reviewers settled, the consensus of the "
    "others, the others\n"
    "one by one and their own second answer: right (within the tolerance), likeness, found, precise, the kind's "
    "measures, by class,\n"
    "with confusion; skill by Dawid-Skene, sensitivity and specificity by STAPLE, alpha gained without them, and over "
    "time learning,\n"
    "drift a week, the later half less the earlier, whether slower goes with better, seconds an object; curve and "
    "weeks. Everything\n"
    "with n and ci95. Definitions: doc/METRICS.md.",
  .run = run,
};
