/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "app/job-reading.h"

#include <string.h>

#define LOOK_US 10000
#define MOST_AGAIN 20

typedef struct
{
  double seconds;
  gint64 again;
  gboolean keep;
} Pace;

static gboolean
check_words (const char *microphone, const Pace *pace, GError **error)
{
  if (microphone == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 "read: no microphone was named; give --microphone ID, `assay devices` lists them");
  else if (!(pace->seconds > 0 && pace->seconds <= 300))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 "read: --seconds is how long each sentence is recorded: above 0, at most 300");
  else if (pace->again < 0 || pace->again > MOST_AGAIN)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "read: --again is 0 to %d", MOST_AGAIN);
  else
    return TRUE;
  return FALSE;
}

/* Waits for one of two states, for the take to be so long, or for the end; FALSE when the reading is to end. */
static gboolean
wait_for (AssayReading *reading, AssayReadingState a, AssayReadingState b, double seconds, AssayProgress *progress,
          AssayReadingStatus *ret_status)
{
  for (;;)
    {
      assay_reading_status_clear (ret_status);
      assay_reading_get_status (reading, ret_status);
      if (assay_progress_stopped (progress, NULL) || ret_status->state == ASSAY_READING_FAILED)
        return FALSE;
      if (!ret_status->busy && (ret_status->state == a || ret_status->state == b) && ret_status->seconds >= seconds)
        return TRUE;
      g_usleep (LOOK_US);
    }
}

static void
show (const AssayReadingStatus *status, const char *what, AssayProgress *progress)
{
  g_autofree char *text = g_strdup_printf ("%s %u of %u: %s", what, status->position + 1, status->n_prompts,
                                           status->prompt != NULL ? status->prompt->text : "");
  assay_progress_say (progress, text);
  assay_progress_set (progress, status->position, status->n_prompts);
}

/* One sentence: recorded, looked at, again when it is not fit, and then taken or left. */
static gboolean
read_one (AssayReading *reading, const Pace *pace, AssayProgress *progress)
{
  g_auto (AssayReadingStatus) status = { 0 };
  gboolean fit = FALSE;
  if (!wait_for (reading, ASSAY_READING_READY, ASSAY_READING_OVER, 0, progress, &status)
      || status.state == ASSAY_READING_OVER)
    return FALSE;
  for (gint64 n = 0; n <= pace->again && !fit; n++)
    {
      show (&status, n == 0 ? "read" : "read again", progress);
      assay_reading_do (reading, ASSAY_READING_RECORD);
      if (!wait_for (reading, ASSAY_READING_RECORDING, ASSAY_READING_RECORDING, pace->seconds, progress, &status))
        return FALSE;
      assay_reading_do (reading, ASSAY_READING_STOP);
      if (!wait_for (reading, ASSAY_READING_CHECKED, ASSAY_READING_CHECKED, 0, progress, &status))
        return FALSE;
      fit = status.check.faults == 0 && status.missing == 0;
    }
  return assay_reading_do (reading, fit || pace->keep ? ASSAY_READING_ACCEPT : ASSAY_READING_SKIP);
}

static GString *
to_text (const json_t *report)
{
  GString *text = g_string_new (NULL);
  size_t i, k;
  json_t *item, *fault;
  json_array_foreach (json_object_get (report, "items"), i, item)
  {
    const json_t *check = json_object_get (item, "check");
    g_string_append_printf (text, "%s: %s\n", assay_json_get_string (item, "prompt"),
                            assay_json_get_string (item, "name"));
    json_array_foreach (json_object_get (check, "faults"), k, fault)
        g_string_append_printf (text, "  %s\n", assay_json_get_string (fault, "why"));
  }
  g_string_append_printf (text, "%" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " sentences taken\n",
                          json_integer_value (json_object_get (report, "accepted")),
                          json_integer_value (json_object_get (report, "prompts")));
  return text;
}

static json_t *
read_all (AssayInvocation *invocation, const char *project, const char *microphone, GPtrArray *prompts,
          const AssayReadingPlan *plan, const Pace *pace, char **ret_trouble, GError **error)
{
  g_autoptr (AssayStream) stream = assay_stream_open (ASSAY_DEVICE_MICROPHONE, microphone, error);
  if (stream == NULL)
    return NULL;
  g_autoptr (AssayReading) reading = assay_reading_start (project, stream, prompts, plan, error);
  if (reading == NULL)
    return NULL;
  while (read_one (reading, pace, invocation->progress))
    ;
  return assay_reading_finish (reading, ret_trouble, error);
}

static int
run (AssayInvocation *invocation, GError **error)
{
  g_auto (GStrv) conditions = NULL;
  g_autofree char *microphone = NULL, *task = NULL, *session = NULL, *subject = NULL, *consent = NULL;
  Pace pace = { 0 };
  const GOptionEntry entries[] = {
    { "microphone", 0, 0, G_OPTION_ARG_STRING, &microphone, NULL, NULL },
    { "task", 0, 0, G_OPTION_ARG_STRING, &task, NULL, NULL },
    { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &pace.seconds, NULL, NULL },
    { "again", 0, 0, G_OPTION_ARG_INT64, &pace.again, NULL, NULL },
    { "keep", 0, 0, G_OPTION_ARG_NONE, &pace.keep, NULL, NULL },
    { "session", 0, 0, G_OPTION_ARG_STRING, &session, NULL, NULL },
    { "subject", 0, 0, G_OPTION_ARG_STRING, &subject, NULL, NULL },
    { "consent", 0, 0, G_OPTION_ARG_STRING, &consent, NULL, NULL },
    { "condition", 0, 0, G_OPTION_ARG_STRING_ARRAY, &conditions, NULL, NULL },
    { NULL },
  };
  g_autoptr (json_t) values = json_object ();
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 1, 1, error)
      || !check_words (microphone, &pace, error) || !assay_invocation_read_conditions (invocation, conditions, values, error))
    return 0;
  g_autoptr (GPtrArray) prompts = assay_prompts_load (invocation->argv[1], error);
  g_autoptr (AssayProject) project
      = prompts != NULL ? assay_invocation_open (invocation, ASSAY_STORE_WRITE, error) : NULL;
  if (project == NULL)
    return 0;
  g_autofree char *script = g_path_get_basename (invocation->argv[1]), *trouble = NULL;
  const AssayReadingPlan plan = { .task = task,
                                  .script = script,
                                  .name = session,
                                  .conditions = values,
                                  .operator_name = invocation->annotator,
                                  .subject = subject,
                                  .consent = consent };
  json_t *report = read_all (invocation, project->directory, microphone, prompts, &plan, &pace, &trouble, error);
  if (report == NULL)
    return 0;
  gboolean all = json_integer_value (json_object_get (report, "accepted")) == (json_int_t) prompts->len;
  g_autoptr (GString) text = to_text (report);
  assay_invocation_answer (invocation, report, text->str);
  if (trouble != NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, "%s; what was taken before is kept", trouble);
  return all ? 0 : 1;
}

const AssayCommand assay_command_read = {
  .id = "read",
  .form
  = "read SCRIPT --microphone ID[,rate=N][,channels=N] --seconds S [--task T] [--again N] [--keep] [--session "
    "NAME] [--subject NAME] [--consent REF] [--condition NAME=VALUE]…",
  .help = "records a script of sentences, one after another, each looked at as it is taken",
  .more = "SCRIPT is UTF-8 text, a sentence a line, or ID<TAB>SENTENCE. Each is shown and recorded for S seconds, "
          "of which half a second\n"
          "lies before it is shown, and half a second after. A take that is clipped, too quiet, too short, cut off "
          "or silent is "
          "recorded\n"
          "again up to N times (0), and then left in the session's folder, or taken all the same with --keep. Each "
          "that is taken is an "
          "item,\n"
          "the prompt and the check among its facts; with --task (of kind transcript) the sentence is its first "
          "draft, by the "
          "annotator\n"
          "\"prompt\". Status 1: not every sentence was taken. In the window a person begins and ends each take by "
          "a key.",
  .run = run,
};
