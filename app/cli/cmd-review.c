/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"

#include "app/job-verdict.h"
#include "core/finding.h"
#include "core/question.h"
#include "core/returned.h"
#include "core/truth.h"
#include "qa/consensus.h"
#include "qa/audit.h"
#include "qa/impact.h"

#include <string.h>

typedef struct
{
  char *dismiss, *task, *truth, *send_back, *why, *where, *unclear, *answer;
  gboolean neither, both;
  double share;
} Flags;

static void
flags_clear (Flags *flags)
{
  g_free (flags->dismiss);
  g_free (flags->task);
  g_free (flags->truth);
  g_free (flags->send_back);
  g_free (flags->why);
  g_free (flags->where);
  g_free (flags->unclear);
  g_free (flags->answer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Flags, flags_clear)

static void
answer_finding (AssayInvocation *invocation, AssayStore *store, const AssayFinding *finding, guint n_open)
{
  json_t *document = finding != NULL ? assay_finding_to_json (store, finding) : NULL;
  g_autofree char *text = NULL;
  if (finding != NULL)
    {
      const char *name = assay_json_get_string (document, "name");
      g_autofree char *where = assay_json_canonical (finding->where);
      text = g_strdup_printf ("%s  %s\n%s\nwhere: %s\n%u open", assay_json_get_string (document, "id"),
                              name != NULL ? name : "", finding->why, where, n_open);
    }
  else
    text = g_strdup ("no open finding; `assay check` looks again");
  assay_invocation_answer (invocation, json_pack ("{s:o?, s:i}", "finding", document, "open", (int) n_open), text);
}

static int
show_next (AssayInvocation *invocation, AssayStore *store, GError **error)
{
  g_autoptr (GPtrArray) open = assay_finding_list (store, TRUE, error);
  if (open != NULL)
    assay_impact_sort (open);
  if (open != NULL)
    answer_finding (invocation, store, open->len > 0 ? g_ptr_array_index (open, 0) : NULL, open->len);
  return 0;
}

static int
dismiss (AssayInvocation *invocation, AssayStore *store, const char *why, GError **error)
{
  g_autoptr (AssayFinding) finding = assay_finding_get (store, invocation->argv[1], error);
  g_autoptr (AssayAnnotator) by = finding != NULL ? assay_invocation_annotator (invocation, store, error) : NULL;
  if (by == NULL || !assay_finding_dismiss (store, &finding->id, by, why, error))
    return 0;
  g_autofree char *id = assay_id_dup_text (&finding->id);
  g_autoptr (AssayFinding) after = assay_finding_get (store, id, error);
  g_autoptr (GPtrArray) open = after != NULL ? assay_finding_list (store, TRUE, error) : NULL;
  if (open == NULL)
    return 0;
  g_autofree char *text = g_strdup_printf ("dismissed; %u open", open->len);
  assay_invocation_answer (
      invocation,
      json_pack ("{s:o, s:i}", "finding", assay_finding_to_json (store, after), "open", (int) open->len), text);
  return 0;
}

/* The answer to be taken: one annotator's submitted one, or the consensus, made now. */
static AssayLabel *
find_answer (AssayStore *store, const AssayItem *item, const AssayTask *task, const char *name,
             AssayTruthHow *ret_how, GError **error)
{
  if (g_str_equal (name, "consensus"))
    {
      *ret_how = ASSAY_TRUTH_CONSENSUS;
      return assay_consensus_save (store, item, task, error);
    }
  *ret_how = ASSAY_TRUTH_ANNOTATOR;
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (store, name, error);
  if (annotator == NULL)
    return NULL;
  g_autoptr (GError) failure = NULL;
  g_autoptr (AssayLabel) label = assay_label_get (store, item->row, task, annotator->row, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  /* A person's draft is unfinished; a model's is as good as it will get, and is what a reviewer takes or leaves. */
  gboolean finished = label != NULL
                      && (label->state == ASSAY_LABEL_SUBMITTED
                          || (label->state == ASSAY_LABEL_DRAFT && annotator->kind != ASSAY_ANNOTATOR_PERSON
                              && annotator->kind != ASSAY_ANNOTATOR_AGAIN));
  if (finished)
    return g_steal_pointer (&label);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
               "reviewing %s: %s has %s to task %s; `assay label %s --task %s` lists who has", item->name, name,
               label == NULL ? "no answer" : "not submitted an answer", task->name, item->name, task->name);
  return NULL;
}

static json_t *
truth_to_json (AssayStore *store, const AssayItem *item, const AssayTask *task, GError **error)
{
  AssayTruthHow how;
  g_autoptr (AssayLabel) label = NULL;
  if (!assay_truth_get (store, item->row, task, &how, &label, error))
    return NULL;
  g_autoptr (AssayAnnotator) annotator
      = label != NULL ? assay_annotator_get_row (store, label->annotator_row, NULL) : NULL;
  return json_pack ("{s:o, s:s, s:s, s:{s:s, s:s?, s:o}}", "item", assay_json_id (&item->id), "name", item->name,
                    "task", task->name, "truth", "how", assay_truth_how_to_text (how), "annotator",
                    annotator != NULL ? annotator->name : NULL, "label",
                    label != NULL ? assay_json_id (&label->id) : json_null ());
}

/* Where the annotator is to look. */
static json_t *
read_place (const Flags *flags, GError **error)
{
  g_autoptr (json_t) place = json_loads (flags->where, 0, NULL);
  g_autoptr (GError) wrong = NULL;
  gboolean wanted = flags->send_back != NULL || flags->unclear != NULL;
  if (wanted && assay_returned_check_place (place, &wrong))
    return g_steal_pointer (&place);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "review: --where %s: %s", flags->where,
               !wanted ? "it goes with --send-back and --unclear" : wrong->message);
  return NULL;
}

static int
decide (AssayInvocation *invocation, AssayStore *store, const Flags *flags, GError **error)
{
  if (flags->task == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "review: which task is missing; add --task T");
      return 0;
    }
  g_autoptr (json_t) place = NULL;
  if (flags->where != NULL && (place = read_place (flags, error)) == NULL)
    return 0;
  g_autoptr (AssayItem) item = assay_item_find (store, invocation->argv[1], error);
  g_autoptr (AssayTask) task = item != NULL ? assay_task_find (store, flags->task, error) : NULL;
  g_autoptr (AssayAnnotator) by = task != NULL ? assay_invocation_annotator (invocation, store, error) : NULL;
  if (by == NULL)
    return 0;
  AssayTruthHow how;
  const char *whose = flags->truth != NULL ? flags->truth : flags->send_back;
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, store, error))
    return 0;
  g_autoptr (AssayLabel) label = find_answer (store, item, task, whose, &how, error);
  if (label == NULL)
    return 0;
  gboolean done = flags->truth != NULL ? assay_truth_settle (store, label, how, by, flags->why, error)
                                       : assay_truth_send_back_to (store, label, by, flags->why, place, error);
  if (!done || !assay_transaction_commit (&transaction, error))
    return 0;
  json_t *document = truth_to_json (store, item, task, error);
  if (document == NULL)
    return 0;
  g_autofree char *text = flags->truth != NULL
                              ? g_strdup_printf ("%s: %s is now the truth of %s", item->name, whose, task->name)
                              : g_strdup_printf ("%s: sent back to %s", item->name, whose);
  assay_invocation_answer (invocation, document, text);
  return 0;
}

/* Of the verdicts that name no answer. */
static int
judge (AssayInvocation *invocation, AssayProject *project, const Flags *flags, GError **error)
{
  g_autoptr (AssayVerdict) verdict = assay_verdict_new ();
  g_autoptr (json_t) place = NULL;
  if (flags->task == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "review: which task is missing; add --task T");
      return 0;
    }
  if (flags->where != NULL && (place = read_place (flags, error)) == NULL)
    return 0;
  g_autoptr (AssayItem) item = assay_item_find (project->store, invocation->argv[1], error);
  g_autoptr (AssayTask) task = item != NULL ? assay_task_find (project->store, flags->task, error) : NULL;
  g_autoptr (AssayAnnotator) by
      = task != NULL ? assay_invocation_annotator (invocation, project->store, error) : NULL;
  if (by == NULL
      || !(flags->neither ? assay_verdict_neither (project, item, task, by, flags->why, verdict, error)
           : flags->both  ? assay_verdict_both (project, item, task, by, flags->why, verdict, error)
                          : assay_question_ask (project, item, task, place, flags->unclear, by, NULL, error)))
    return 0;
  json_t *document = truth_to_json (project->store, item, task, error);
  if (document == NULL)
    return 0;
  g_autofree char *text
      = g_strdup_printf ("%s: %s", item->name,
                         flags->neither ? "every answer is sent back"
                         : flags->both  ? "all answers are acceptable"
                                       : "the question is open; `assay review questions` lists it with the others");
  assay_invocation_answer (invocation, document, text);
  return 0;
}

static int
list_questions (AssayInvocation *invocation, AssayStore *store, const Flags *flags, GError **error)
{
  g_autoptr (AssayTask) task = NULL;
  if (flags->task != NULL && (task = assay_task_find (store, flags->task, error)) == NULL)
    return 0;
  g_autoptr (GPtrArray) questions = assay_question_list (store, task != NULL ? task->row : 0, FALSE, error);
  if (questions == NULL)
    return 0;
  json_t *list = json_array ();
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < questions->len; i++)
    {
      const AssayQuestion *question = questions->pdata[i];
      json_t *one = assay_question_to_json (store, question);
      g_string_append_printf (text, "%s  %-16s %s\n  %s\n  %s%s\n", assay_json_get_string (one, "id"),
                              assay_json_get_string (one, "task"), assay_json_get_string (one, "name"),
                              question->text, question->answer != NULL ? "answered: " : "open",
                              question->answer != NULL ? question->answer : "");
      json_array_append_new (list, one);
    }
  if (questions->len == 0)
    g_string_append (text, "no question");
  assay_invocation_answer (invocation, json_pack ("{s:o}", "questions", list), text->str);
  return 0;
}

/* The guideline as it is then, and what was labelled under another wording. */
static int
answer_question (AssayInvocation *invocation, AssayProject *project, const Flags *flags, GError **error)
{
  AssayId id;
  g_autoptr (AssayTask) task = NULL;
  if (!assay_id_parse (invocation->argv[1], &id))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "review: %s is no id of a question; `assay review questions` lists them", invocation->argv[1]);
      return 0;
    }
  g_autoptr (AssayAnnotator) by = assay_invocation_annotator (invocation, project->store, error);
  if (by == NULL || !assay_question_answer (project, &id, flags->answer, by, &task, error))
    return 0;
  g_autoptr (GArray) older = assay_guideline_list_older (project->store, task, error);
  if (older == NULL)
    return 0;
  json_t *list = json_array ();
  for (guint i = 0; i < older->len; i++)
    {
      const AssayOlderLabel *one = &g_array_index (older, AssayOlderLabel, i);
      g_autoptr (AssayItem) item = assay_item_get_row (project->store, one->item_row, NULL);
      g_autoptr (AssayAnnotator) who = assay_annotator_get_row (project->store, one->annotator_row, NULL);
      json_array_append_new (list, json_pack ("{s:s?, s:s?}", "name", item != NULL ? item->name : NULL, "annotator",
                                              who != NULL ? who->name : NULL));
    }
  g_autofree char *text = g_strdup_printf ("an example in the guideline of %s; %u label%s made before it (`assay "
                                           "agree --task %s --by guideline` compares)",
                                           task->name, older->len, older->len == 1 ? " was" : "s were", task->name);
  assay_invocation_answer (
      invocation, json_pack ("{s:s, s:s, s:o}", "task", task->name, "guideline", task->guideline, "older", list),
      text);
  return 0;
}

static void
append_error (GString *text, const char *what, const json_t *figure)
{
  const json_t *interval = json_object_get (figure, "ci95");
  double error = 0;
  if (!assay_json_get_double (figure, "error", &error))
    g_string_append_printf (text, "  %-20s nothing audited yet\n", what);
  else
    g_string_append_printf (text, "  %-20s %5.1f %% out of tolerance [%.1f, %.1f], n = %" JSON_INTEGER_FORMAT "\n",
                            what, 100 * error, 100 * json_number_value (json_array_get (interval, 0)),
                            100 * json_number_value (json_array_get (interval, 1)),
                            json_integer_value (json_object_get (figure, "n")));
}

static void
describe_audit (GString *text, const json_t *task)
{
  size_t index;
  const json_t *one;
  g_string_append_printf (
      text, "%s: %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " accepted labels audited\n",
      assay_json_get_string (task, "task"), json_integer_value (json_object_get (task, "audited")),
      json_integer_value (json_object_get (task, "accepted")));
  append_error (text, "labels", json_object_get (task, "labels"));
  append_error (text, "objects", json_object_get (task, "objects"));
  json_array_foreach (json_object_get (task, "classes"), index, one)
  {
    const char *name = assay_json_get_string (one, "class");
    append_error (text, name != NULL ? name : "(no class)", one);
  }
  json_array_foreach (json_object_get (task, "gate"), index, one)
  {
    const char *class = assay_json_get_string (one, "class");
    g_string_append_printf (text, "  gate: %s at most %g %%: %s\n", class != NULL ? class : "labels",
                            100 * json_number_value (json_object_get (one, "at_most")),
                            assay_json_get_string (one, "words"));
  }
}

static int
list_audit (AssayInvocation *invocation, AssayProject *project, const Flags *flags, GError **error)
{
  g_autoptr (json_t) audit = assay_audit_describe (project, flags->task, flags->share, invocation->progress, error);
  if (audit == NULL)
    return 0;
  g_autoptr (GString) text = g_string_new (NULL);
  size_t index;
  const json_t *one;
  json_array_foreach (json_object_get (audit, "tasks"), index, one) describe_audit (text, one);
  json_array_foreach (json_object_get (audit, "items"), index, one)
      g_string_append_printf (text, "%-16s %s  %s\n", assay_json_get_string (one, "task"),
                              assay_json_get_string (one, "item"), assay_json_get_string (one, "name"));
  assay_invocation_answer (invocation, json_incref (audit), text->str);
  return 0;
}

static int
run (AssayInvocation *invocation, GError **error)
{
  g_auto (Flags) flags = { .share = -1 };
  const GOptionEntry entries[] = {
    { "dismiss", 0, 0, G_OPTION_ARG_STRING, &flags.dismiss, NULL, NULL },
    { "task", 0, 0, G_OPTION_ARG_STRING, &flags.task, NULL, NULL },
    { "truth", 0, 0, G_OPTION_ARG_STRING, &flags.truth, NULL, NULL },
    { "send-back", 0, 0, G_OPTION_ARG_STRING, &flags.send_back, NULL, NULL },
    { "why", 0, 0, G_OPTION_ARG_STRING, &flags.why, NULL, NULL },
    { "where", 0, 0, G_OPTION_ARG_STRING, &flags.where, NULL, NULL },
    { "neither", 0, 0, G_OPTION_ARG_NONE, &flags.neither, NULL, NULL },
    { "both", 0, 0, G_OPTION_ARG_NONE, &flags.both, NULL, NULL },
    { "unclear", 0, 0, G_OPTION_ARG_STRING, &flags.unclear, NULL, NULL },
    { "answer", 0, 0, G_OPTION_ARG_STRING, &flags.answer, NULL, NULL },
    { "share", 0, 0, G_OPTION_ARG_DOUBLE, &flags.share, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 1, 1, error))
    return 0;
  const char *word = invocation->argv[1];
  guint n_decisions = (flags.dismiss != NULL) + (flags.truth != NULL) + (flags.send_back != NULL)
                      + (flags.unclear != NULL) + (flags.answer != NULL) + flags.neither + flags.both;
  gboolean named = g_str_equal (word, "next") || g_str_equal (word, "audit") || g_str_equal (word, "questions");
  gboolean share = flags.share == -1 || (flags.share > 0 && flags.share <= 1);
  if ((named && n_decisions > 0) || (!named && n_decisions != 1) || !share)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "review: %s; see `assay help review`",
                   !share ? "--share is not over 0 and at most 1"
                   : named
                       ? "there is nothing to decide here"
                       : "say one of --dismiss WHY, --truth ANNOTATOR, --send-back ANNOTATOR, --neither, --both, "
                         "--unclear QUESTION, --answer TEXT");
      return 0;
    }
  g_autoptr (AssayProject) project
      = assay_invocation_open (invocation, named ? ASSAY_STORE_READ : ASSAY_STORE_WRITE, error);
  if (project == NULL)
    return 0;
  if (g_str_equal (word, "next"))
    return show_next (invocation, project->store, error);
  if (g_str_equal (word, "audit"))
    return list_audit (invocation, project, &flags, error);
  if (g_str_equal (word, "questions"))
    return list_questions (invocation, project->store, &flags, error);
  if (flags.answer != NULL)
    return answer_question (invocation, project, &flags, error);
  if (flags.neither || flags.both || flags.unclear != NULL)
    return judge (invocation, project, &flags, error);
  return flags.dismiss != NULL ? dismiss (invocation, project->store, flags.dismiss, error)
                               : decide (invocation, project->store, &flags, error);
}

const AssayCommand assay_command_review = {
  .id = "review",
  .form
  = "review next | review FINDING --dismiss WHY | review ITEM --task T (--truth ANNOTATOR|consensus | "
    "--send-back ANNOTATOR [--where JSON] | --neither | --both | --unclear QUESTION [--where JSON]) [--why TEXT] | "
    "review questions [--task T] | review QUESTION --answer TEXT | "
    "review audit [--task T] [--share F]",
  .help = "settles what is doubtful: the next finding, dismissals, truths, and the sample to be labelled again",
  .more
  = "next: the open finding of most impact (doc/METRICS.md). FINDING: its id, or the first digits of it; a "
    "dismissal holds until one of the "
    "answers changes.\n"
    "--truth takes one annotator's answer, or the consensus of all submitted ones, as the truth of the item.\n"
    "--where is the place of what is sent back, as findings have it: {\"box\":[x,y,w,h]}, {\"points\":[[x,y]]},"
    " {\"samples\":[from,to]}.\n"
    "--neither sends every answer back; --both takes the consensus and dismisses what is said of several answers "
    "there.\n"
    "--unclear asks what the guideline leaves open, with a picture of the place; --answer makes it an example in "
    "the"
    " guideline\nand lists what was labelled under another wording. questions: all, the open ones are to be "
    "answered.\n"
    "audit: a stable random sample (the plan's \"audit\", else 5 %, or --share; of rare classes more) of accepted "
    "labels. "
    "With \"audit\"\n"
    "in the plan the queue gives them, blind, to somebody who had no part in them; what they say is held against "
    "what "
    "was accepted,\n"
    "and the share out of tolerance is told with its 95 % interval. {\"figure\":\"remaining_error\",\"task\":T,"
    "\"class\":C,\"at_most\":0.05}\n"
    "in the plan's gate asks for the whole interval to lie below.",
  .run = run,
};
