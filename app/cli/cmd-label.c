/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "app/job-qualify.h"
#include "core/again.h"
#include "core/journal.h"
#include "core/queue.h"
#include "core/returned.h"
#include "core/truth.h"

#include <math.h>

typedef struct
{
  char *task, *set, *state, *tool;
  double seconds; /* < 0 = unknown */
  gboolean recall, model, again;
} Flags;

static void
flags_clear (Flags *flags)
{
  g_free (flags->task);
  g_free (flags->set);
  g_free (flags->state);
  g_free (flags->tool);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Flags, flags_clear)

/* Every revision of one annotator, oldest first. */
static json_t *
list_revisions (AssayStore *store, gint64 item_row, const AssayTask *task, gint64 annotator_row, GError **error)
{
  g_autoptr (GPtrArray) history = assay_label_history (store, item_row, task, error);
  if (history == NULL)
    return NULL;
  json_t *list = json_array ();
  for (guint i = 0; i < history->len; i++)
    {
      const AssayLabel *label = history->pdata[i];
      if (label->annotator_row == annotator_row)
        json_array_append_new (list, assay_label_to_json (store, label, task));
    }
  return list;
}

/* Whoever is not known yet has answered nothing. */
static gboolean
is_secret (AssayStore *store, const AssayItem *item, const AssayTask *task, const AssayAnnotator *annotator,
           GError **error)
{
  gboolean secret = TRUE;
  return !assay_queue_is_secret (store, item->row, task->row, annotator != NULL ? annotator->row : 0, &secret, error)
         || secret;
}

/* The annotator's own answer; who has none is shown what stands for the item (but of gold), so that nobody is shown
 * another's answer that was not settled. NULL without an error: there is neither. */
static AssayLabel *
find_label (AssayStore *store, const AssayItem *item, const AssayTask *task, const char *name, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (store, name, &wrong);
  if (annotator == NULL && !g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  g_clear_error (&wrong);
  AssayLabel *label = annotator != NULL ? assay_label_get (store, item->row, task, annotator->row, &wrong) : NULL;
  AssayTruthHow how;
  if (label == NULL && wrong == NULL && !is_secret (store, item, task, annotator, &wrong))
    assay_truth_get (store, item->row, task, &how, &label, &wrong);
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return label;
}

static json_t *
describe_nothing (const AssayItem *item, const AssayTask *task, const char *annotator)
{
  return json_pack ("{s:n, s:o, s:s, s:s, s:s, s:s, s:n, s:[]}", "id", "item", assay_json_id (&item->id), "name",
                    item->name, "task", task->name, "annotator", annotator, "state", "todo", "label", "revisions");
}

/* Why a reviewer sent it back, when one did. */
static gboolean
add_returned (json_t *json, AssayStore *store, const AssayLabel *label, GString *text, GError **error)
{
  g_autoptr (AssayReturned) returned = NULL;
  if (!assay_returned_get (store, label->item_row, label->task_row, label->annotator_row, &returned, error))
    return FALSE;
  if (returned == NULL)
    return TRUE;
  json_object_set_new (json, "returned",
                       json_pack ("{s:s?, s:s?, s:O?}", "comment", returned->comment, "by", returned->by, "where",
                                  returned->place));
  g_string_append_printf (text, "sent back by %s: %s\n", returned->by != NULL ? returned->by : "somebody",
                          returned->comment != NULL ? returned->comment : "");
  return TRUE;
}

/* `name`: whose. */
static void
show (AssayInvocation *invocation, AssayStore *store, const AssayItem *item, const AssayTask *task, const char *name,
      const AssayFeedback *feedback, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  g_autoptr (AssayLabel) label = find_label (store, item, task, name, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return;
    }
  g_autoptr (GString) text = g_string_new (NULL);
  if (label == NULL)
    {
      g_string_printf (text, "%s, %s: %s has no answer\n", item->name, task->name, name);
      assay_invocation_answer (invocation, describe_nothing (item, task, name), text->str);
      return;
    }
  json_t *revisions = list_revisions (store, item->row, task, label->annotator_row, error);
  if (revisions == NULL)
    return;
  json_t *json = assay_label_to_json (store, label, task);
  json_object_set_new (json, "revisions", revisions);
  if (!add_returned (json, store, label, text, error))
    {
      json_decref (json);
      return;
    }
  g_string_append_printf (text, "%s, %s: %s by %s, %u objects, %u revisions\n", item->name, task->name,
                   assay_json_get_string (json, "state"), assay_json_get_string (json, "annotator"),
                   label->objects->list->len, (guint) json_array_size (revisions));
  if (feedback->marked)
    {
      json_object_set_new (json, "qualification",
                           json_pack ("{s:b, s:s, s:i, s:i, s:i, s:i, s:b}", "right", (int) feedback->right, "words",
                                      feedback->words, "answered", (int) feedback->standing.n_answered, "right_of_last",
                                      (int) feedback->standing.n_right, "items", (int) feedback->standing.n_items, "needed",
                                      (int) feedback->standing.n_needed, "passed", (int) feedback->standing.passed));
      g_string_append_printf (text, "%s\n", feedback->words);
    }
  for (guint i = 0; i < label->objects->list->len; i++)
    {
      g_autofree char *line = task->kind->summarise (label->objects->list->pdata[i], task);
      g_string_append_printf (text, "  %s\n", line);
    }
  assay_invocation_answer (invocation, json, text->str);
}

static gboolean
read_state (const char *text, AssayLabelState *ret_state, GError **error)
{
  static const AssayLabelState states[] = { ASSAY_LABEL_SUBMITTED, ASSAY_LABEL_DRAFT, ASSAY_LABEL_SKIPPED };
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (text == NULL || g_str_equal (text, assay_label_state_to_text (states[i])))
      {
        *ret_state = states[i];
        return TRUE;
      }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "label: --state %s: say submitted, draft or skipped", text);
  return FALSE;
}

/* Strokes that no revision holds yet get one of their own first: what is set must not bury them. */
static gboolean
keep_strokes (AssayStore *store, const AssayItem *item, const AssayTask *task, const AssayAnnotator *annotator,
              GError **error)
{
  g_autoptr (AssayJournal) journal = assay_journal_open (store, item, task, annotator, error);
  return journal != NULL
         && (!assay_journal_is_changed (journal)
             || assay_journal_make_revision (journal, ASSAY_LABEL_DRAFT, NAN, "journal", NULL, NULL, error));
}

/* Who says it: somebody, or their second self, who looks again at what the first has answered. */
static AssayAnnotator *
get_annotator (AssayInvocation *invocation, AssayStore *store, const AssayItem *item, const AssayTask *task,
               const Flags *flags, GError **error)
{
  g_autoptr (AssayAnnotator) annotator
      = flags->model ? assay_annotator_ensure (store, invocation->annotator, ASSAY_ANNOTATOR_MODEL, error)
                     : assay_invocation_annotator (invocation, store, error);
  AssayLabelState state;
  if (annotator != NULL && flags->model && annotator->kind != ASSAY_ANNOTATOR_MODEL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT, "label: %s is a person here; give the model another name",
                   annotator->name);
      return NULL;
    }
  if (annotator == NULL || !flags->again)
    return g_steal_pointer (&annotator);
  if (!assay_label_get_state (store, item->row, task->row, annotator->row, &state, error))
    return NULL;
  if (state == ASSAY_LABEL_SUBMITTED || state == ASSAY_LABEL_SETTLED)
    return assay_again_ensure (store, annotator, error);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               "label: --again: %s has no answer to %s yet that a second one could be held against; leave --again out",
               annotator->name, item->name);
  return NULL;
}

/* `ret_feedback`: what a new annotator is told of it. */
static gboolean
set (AssayInvocation *invocation, AssayStore *store, const AssayItem *item, const AssayTask *task,
     const Flags *flags, AssayFeedback *ret_feedback, GError **error)
{
  AssayLabelState state;
  if (!read_state (flags->state, &state, error))
    return FALSE;
  g_autoptr (json_t) json = assay_json_load (flags->set, error);
  if (json == NULL)
    return FALSE;
  /* What this command prints can be set again. */
  const json_t *value = json_is_object (json_object_get (json, "label")) ? json_object_get (json, "label") : json;
  g_autoptr (AssayObjects) objects = assay_objects_from_json (value, task, item, error);
  if (objects == NULL)
    {
      g_prefix_error (error, "reading %s: ", flags->set);
      return FALSE;
    }
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  g_autoptr (AssayAnnotator) annotator = get_annotator (invocation, store, item, task, flags, error);
  if (annotator == NULL || !keep_strokes (store, item, task, annotator, error))
    return FALSE;
  g_autoptr (AssayLabel) label = assay_label_new (item, task, annotator);
  assay_objects_free (label->objects);
  label->objects = g_steal_pointer (&objects);
  label->state = flags->model ? ASSAY_LABEL_DRAFT : state;
  label->seconds = flags->seconds >= 0 ? flags->seconds : NAN;
  label->tool = g_strdup (flags->tool != NULL ? flags->tool : "label --set");
  return assay_label_save (store, label, NULL, error)
         && (state != ASSAY_LABEL_SUBMITTED || flags->again
             || assay_job_qualify (store, item->row, task, annotator, ret_feedback, error))
         && assay_transaction_commit (&transaction, error);
}

static gboolean
recall (AssayInvocation *invocation, AssayStore *store, const AssayItem *item, const AssayTask *task, GError **error)
{
  g_autoptr (AssayAnnotator) annotator = assay_invocation_annotator (invocation, store, error);
  g_autoptr (AssayJournal) journal
      = annotator != NULL ? assay_journal_open (store, item, task, annotator, error) : NULL;
  return journal != NULL && assay_journal_recall (journal, error);
}

static int
run (AssayInvocation *invocation, GError **error)
{
  g_auto (Flags) flags = { .seconds = -1 };
  const GOptionEntry entries[] = {
    { "task", 0, 0, G_OPTION_ARG_STRING, &flags.task, NULL, NULL },
    { "set", 0, 0, G_OPTION_ARG_FILENAME, &flags.set, NULL, NULL },
    { "state", 0, 0, G_OPTION_ARG_STRING, &flags.state, NULL, NULL },
    { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &flags.seconds, NULL, NULL },
    { "tool", 0, 0, G_OPTION_ARG_STRING, &flags.tool, NULL, NULL },
    { "recall", 0, 0, G_OPTION_ARG_NONE, &flags.recall, NULL, NULL },
    { "model", 0, 0, G_OPTION_ARG_NONE, &flags.model, NULL, NULL },
    { "again", 0, 0, G_OPTION_ARG_NONE, &flags.again, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 1, 1, error))
    return 0;
  if (flags.task == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "label: the task is missing; say which with --task NAME");
      return 0;
    }
  if (flags.recall && flags.set != NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "label: --recall and --set: say one of them");
      return 0;
    }
  if (flags.again && flags.set == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           "label: --again goes with --set: it is a second answer, given without seeing the first");
      return 0;
    }
  gboolean writes = flags.set != NULL || flags.recall;
  g_autoptr (AssayProject) project
      = assay_invocation_open (invocation, writes ? ASSAY_STORE_WRITE : ASSAY_STORE_READ, error);
  if (project == NULL)
    return 0;
  g_auto (AssayFeedback) feedback = { 0 };
  g_autoptr (AssayTask) task = assay_task_find (project->store, flags.task, error);
  g_autoptr (AssayItem) item = task != NULL ? assay_item_find (project->store, invocation->argv[1], error) : NULL;
  if (item == NULL || (flags.set != NULL && !set (invocation, project->store, item, task, &flags, &feedback, error))
      || (flags.recall && !recall (invocation, project->store, item, task, error)))
    return 0;
  g_autofree char *second = flags.again ? g_strdup_printf (ASSAY_AGAIN_NAME, invocation->annotator) : NULL;
  if (!writes || invocation->json || feedback.marked)
    show (invocation, project->store, item, task, second != NULL ? second : invocation->annotator, &feedback, error);
  return 0;
}

const AssayCommand assay_command_label = {
  .id = "label",
  .form = "label ITEM --task T [--set FILE.json [--again] | --recall] [--state submitted|draft|skipped] [--seconds S] [--tool NAME]"
          " [--model]",
  .help = "shows or sets one annotator's label of an item",
  .more = "ITEM is an id, the start of one, a name or the last part of a name. --recall takes back what was submitted and is not"
          " settled.\n"
          "Without --set: the label of"
          " --annotator, and when there\n"
          "is none what stands for the item, with all of its revisions. --set reads {\"schema\": \"assay.box/1\","
          " \"objects\": [...]} (or\n"
          "what this command printed) and adds a revision, submitted unless --state says otherwise. Classes go by"
          " name or id; objects\n"
          "that keep their \"id\" keep their identity. With --model the annotator is a model, and what is set its prediction: a "
          "draft that\n"
          "is nobody's opinion. --again: a second answer to what `assay queue` gives again (\"again\": true), kept\n"
          "apart from the first; it tells how far one agrees with oneself. Who has to qualify (the plan's \"qualify\") is told"
          " at once how\n"
          "the answer is against the truth.",
  .run = run,
};
