/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "app/job-capture.h"
#include "app/job-recover.h"
#include "core/plan.h"
#include "qa/coverage.h"

#include <math.h>

/* What is wrong with the sound of a microphone's files. */
static void
append_levels (GString *text, const json_t *sensor)
{
  size_t i, k;
  json_t *level, *why;
  json_array_foreach (json_object_get (sensor, "levels"), i, level)
      json_array_foreach (json_object_get (level, "wrong"), k, why)
          g_string_append_printf (text, "  sound: %s\n", json_string_value (why));
}

static GString *
to_text (const json_t *report, gboolean video)
{
  GString *text = g_string_new (NULL);
  const char *things = video ? "frames" : "stills";
  size_t i;
  json_t *sensor;
  json_array_foreach (json_object_get (report, "sensors"), i, sensor)
  {
    gint64 n = 0, dropped = 0, corrupt = 0;
    gboolean camera = assay_json_get_int (sensor, "frames", &n);
    if (!camera)
      assay_json_get_int (sensor, "samples", &n);
    assay_json_get_int (sensor, "dropped", &dropped);
    assay_json_get_int (sensor, "corrupt", &corrupt);
    g_string_append_printf (
        text, "%s: %" G_GINT64_FORMAT " %s kept, %" G_GINT64_FORMAT " lost, %" G_GINT64_FORMAT " corrupt\n",
        assay_json_get_string (sensor, "id"), n, camera ? things : "samples", dropped, corrupt);
    append_levels (text, sensor);
  }
  json_array_foreach (json_object_get (report, "remarks"), i, sensor)
      g_string_append_printf (text, "%s\n", json_string_value (sensor));
  return text;
}

/* What the plan asks for under these conditions, with what there is now. */
static json_t *
read_plan (AssayProject *project, const json_t *conditions, GError **error)
{
  g_autoptr (AssayPlan) plan = assay_plan_get (project->store, error);
  g_autoptr (json_t) all = plan != NULL ? assay_coverage_count_captured (project, plan, error) : NULL;
  json_t *targets = all != NULL ? json_array () : NULL, *target;
  size_t i;
  json_array_foreach (all, i, target)
  {
    gboolean here = TRUE;
    const char *name;
    json_t *wanted;
    json_object_foreach (json_object_get (target, "condition"), name, wanted) here
        = here && json_equal (wanted, json_object_get (conditions, name));
    if (here)
      json_array_append (targets, target);
  }
  return targets;
}

static void
append_plan (GString *text, const json_t *targets)
{
  size_t i;
  json_t *target;
  json_array_foreach (targets, i, target)
  {
    const char *class = assay_json_get_string (target, "class");
    const json_t *condition = json_object_get (target, "condition");
    g_autofree char *under = json_object_size (condition) > 0 ? assay_json_canonical (condition) : NULL;
    g_string_append_printf (text, "plan: %s%s%s: %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " captured\n",
                            class != NULL ? class : "any class", under != NULL ? " " : "", under != NULL ? under : "",
                            json_integer_value (json_object_get (target, "captured")),
                            json_integer_value (json_object_get (target, "count")));
  }
}

/* What a crash has cut off before is whole before something new begins; (nullable) words about it. It never stands in the
 * way of a recording: what could not be mended is told. */
static char *
recover (AssayProject *project, AssayProgress *progress)
{
  g_auto (AssayMended) mended = ASSAY_MENDED_INIT;
  g_autoptr (GError) wrong = NULL;
  if (!assay_job_recover (project, FALSE, progress, &mended, NULL, &wrong))
    g_ptr_array_add (mended.skipped, g_strdup (wrong->message));
  return assay_mended_dup_words (&mended);
}

/* The flags, as they were given. */
typedef struct
{
  char **cameras, **microphones, **conditions, **checklist, **triggers, **notes;
  char *session, *subject, *consent, *note;
  double duration_s, every_s, draw_fps, wait_s, pre_roll_s;
  gint64 frames, burst;
  gboolean video;
} Words;

static void
words_clear (Words *words)
{
  char **const lists[] = { words->cameras, words->microphones, words->conditions, words->checklist, words->triggers,
                           words->notes };
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_strfreev (lists[i]);
  g_free (words->session);
  g_free (words->subject);
  g_free (words->consent);
  g_free (words->note);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static gboolean
check_numbers (const Words *words, GError **error)
{
  const double numbers[] = { (double) words->frames, (double) words->burst, words->duration_s, words->every_s,
                             words->draw_fps,        words->wait_s,         words->pre_roll_s };
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (!(numbers[i] >= 0 && isfinite (numbers[i])))
      {
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                     "capture: --frames, --duration, --every, --burst, --pre-roll, --draw and --wait cannot be negative; "
                     "leave them out to record until Ctrl+C");
        return FALSE;
      }
  if (words->pre_roll_s == 0 || (words->triggers != NULL && words->every_s == 0 && !words->video))
    {
      if (words->pre_roll_s <= ASSAY_PRE_ROLL_MOST_S)
        return TRUE;
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "capture: --pre-roll %g: give at most %d seconds",
                   words->pre_roll_s, ASSAY_PRE_ROLL_MOST_S);
      return FALSE;
    }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               "capture: --pre-roll keeps stills from before a trigger; give --trigger, without --every and --video "
               "(films and sound have all of it)");
  return FALSE;
}

static gboolean
parse (AssayInvocation *invocation, Words *words, GError **error)
{
  const GOptionEntry entries[] = {
    { "camera", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words->cameras, NULL, NULL },
    { "microphone", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words->microphones, NULL, NULL },
    { "duration", 0, 0, G_OPTION_ARG_DOUBLE, &words->duration_s, NULL, NULL },
    { "frames", 0, 0, G_OPTION_ARG_INT64, &words->frames, NULL, NULL },
    { "every", 0, 0, G_OPTION_ARG_DOUBLE, &words->every_s, NULL, NULL },
    { "burst", 0, 0, G_OPTION_ARG_INT64, &words->burst, NULL, NULL },
    { "trigger", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words->triggers, NULL, NULL },
    { "pre-roll", 0, 0, G_OPTION_ARG_DOUBLE, &words->pre_roll_s, NULL, NULL },
    { "video", 0, 0, G_OPTION_ARG_NONE, &words->video, NULL, NULL },
    { "draw", 0, 0, G_OPTION_ARG_DOUBLE, &words->draw_fps, NULL, NULL },
    { "wait", 0, 0, G_OPTION_ARG_DOUBLE, &words->wait_s, NULL, NULL },
    { "session", 0, 0, G_OPTION_ARG_STRING, &words->session, NULL, NULL },
    { "condition", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words->conditions, NULL, NULL },
    { "subject", 0, 0, G_OPTION_ARG_STRING, &words->subject, NULL, NULL },
    { "consent", 0, 0, G_OPTION_ARG_STRING, &words->consent, NULL, NULL },
    { "note", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words->notes, NULL, NULL },
    { "ticked", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words->checklist, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 0, 0, error))
    return FALSE;
  words->note = words->notes != NULL ? g_strjoinv ("\n", words->notes) : NULL;
  return check_numbers (words, error);
}

/* Borrows from all of them. */
static AssayCaptureRequest
make_request (const AssayInvocation *invocation, const Words *words, const json_t *conditions)
{
  return (AssayCaptureRequest){
    .cameras = (const char *const *) words->cameras,
    .microphones = (const char *const *) words->microphones,
    .plan = { .name = words->session,
              .conditions = conditions,
              .operator_name = invocation->annotator,
              .subject = words->subject,
              .consent = words->consent,
              .note = words->note,
              .checklist = (const char *const *) words->checklist,
              .frames = (guint64) words->frames,
              .duration_s = words->duration_s,
              .every_s = words->every_s,
              .burst = (guint) words->burst,
              .triggers = (const char *const *) words->triggers,
              .pre_roll_s = words->pre_roll_s,
              .wait_s = words->wait_s,
              .video = words->video,
              .draw_fps = words->draw_fps },
  };
}

static int
run (AssayInvocation *invocation, GError **error)
{
  g_auto (Words) words = { .draw_fps = 1, .wait_s = 10, .burst = 1 };
  g_autoptr (json_t) conditions = json_object ();
  if (!parse (invocation, &words, error) || !assay_invocation_read_conditions (invocation, words.conditions, conditions, error))
    return 0;
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_WRITE, error);
  if (project == NULL)
    return 0;
  AssayCaptureRequest request = make_request (invocation, &words, conditions);
  g_autofree char *recovered = recover (project, invocation->progress), *trouble = NULL;
  json_t *report = assay_job_capture (project->directory, &request, invocation->progress, &trouble, error);
  if (report == NULL)
    return 0;
  json_t *targets = read_plan (project, conditions, error);
  if (targets == NULL)
    {
      json_decref (report);
      return 0;
    }
  json_object_set_new (report, "plan", targets);
  g_autoptr (GString) text = to_text (report, words.video);
  append_plan (text, targets);
  if (recovered != NULL)
    {
      json_object_set_new (report, "recovered_before", json_string (recovered));
      g_string_append_printf (text, "before it began: %s\n", recovered);
    }
  assay_invocation_answer (invocation, report, text->str);
  if (trouble != NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, "%s; what came before is kept", trouble);
  return 0;
}

const AssayCommand assay_command_capture = {
  .id = "capture",
  .form = "capture (--camera ID[,size=WxH][,fps=N][,format=FOURCC][,CONTROL=VALUE…])… (--microphone "
          "ID[,rate=N][,channels=N])… "
          "[--duration S | --frames N] [--every S | --video [--draw FPS]] [--trigger WORDS]… [--burst N] [--pre-roll S] [--wait S]\n"
          "       [--session NAME] [--condition NAME=VALUE]… [--subject NAME] [--consent REFERENCE] [--ticked LINE]… [--note TEXT]…",
  .help = "records stills, video and sound from cameras and microphones into the project",
  .more
  = "Each still is an item: JPEG from the camera byte for byte, anything else as PNG. Each microphone gives one WAV\n"
    "file, an item too. Stills of several cameras at one instant share a moment. Every frame is kept, or one of each\n"
    "camera every S seconds with --every, or with --trigger when something happens, at most once a second:\n"
    "  motion[:LEVELS]  a camera's picture changes by so many grey levels in the mean (4)\n"
    "  sound[:DBFS]     50 ms of a microphone are louder than so many decibels below full scale (-30)\n"
    "  command:PROGRAM  the program writes a line; it ends with the recording\n"
    "--burst takes N frames each time. --pre-roll keeps every frame of the S seconds (10 at the most) before a trigger too;\n"
    "films and sound have them in any case. With --video every frame goes into films just as the camera gave it, and FPS\n"
    "frames of each second (1), and those of triggers, become items.\n"
    "The end is N stills (frames) of each camera, those of --pre-roll not counted, S seconds, or Ctrl+C, which loses\n"
    "nothing, or a disk that is nearly full. A device that is unplugged is waited for while the rest goes on, and for S seconds (--wait, 10) when nothing\n"
    "else comes; when it is back, the recording goes on in files of their own. If it stays away, the answer is given,\n"
    "and the status is 3.\n"
    "For each sensor `expected`, `received`, `written`, `corrupt`, `late` and `lost` are told, and in `gaps` when and\n"
    "how something was lost: by the device's own counter (sequence), a hole in its time stamps (stamp), the sound\n"
    "driver's word (flag), no room left here (overrun), or being away (unplugged). Times are nanoseconds of the\n"
    "monotonic clock; `clock` ties them to the calendar. Each --note stands on every item and in the recording's receipt,\n"
    "which `assay receipt` tells again.",
  .run = run,
};
