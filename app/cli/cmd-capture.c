/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "app/job-capture.h"
#include "app/job-recover.h"
#include "core/plan.h"
#include "qa/coverage.h"

#include <math.h>

static gboolean
read_conditions (char **words, json_t *conditions, GError **error)
{
  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      const char *equals = strchr (words[i], '=');
      if (equals == NULL || equals == words[i])
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       "capture: condition \"%s\"; write it as NAME=VALUE, light=low", words[i]);
          return FALSE;
        }
      g_autofree char *name = g_strndup (words[i], (gsize) (equals - words[i]));
      json_object_set_new (conditions, name, json_string (equals + 1));
    }
  return TRUE;
}

static gboolean
check_plan (gint64 frames, double duration_s, double every_s, double draw_fps, double wait_s, GError **error)
{
  if (frames >= 0 && duration_s >= 0 && every_s >= 0 && draw_fps >= 0 && isfinite (duration_s)
      && isfinite (every_s) && isfinite (draw_fps) && wait_s >= 0 && isfinite (wait_s))
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               "capture: --frames, --duration, --every, --draw and --wait cannot be negative; leave them out "
               "to record until Ctrl+C");
  return FALSE;
}

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

static int
run (AssayInvocation *invocation, GError **error)
{
  g_auto (GStrv) cameras = NULL, microphones = NULL, conditions = NULL;
  g_autofree char *session = NULL, *subject = NULL, *consent = NULL;
  g_auto (GStrv) checklist = NULL;
  double duration_s = 0, every_s = 0, draw_fps = 1, wait_s = 10;
  gint64 frames = 0;
  gboolean video = FALSE;
  const GOptionEntry entries[] = {
    { "camera", 0, 0, G_OPTION_ARG_STRING_ARRAY, &cameras, NULL, NULL },
    { "microphone", 0, 0, G_OPTION_ARG_STRING_ARRAY, &microphones, NULL, NULL },
    { "duration", 0, 0, G_OPTION_ARG_DOUBLE, &duration_s, NULL, NULL },
    { "frames", 0, 0, G_OPTION_ARG_INT64, &frames, NULL, NULL },
    { "every", 0, 0, G_OPTION_ARG_DOUBLE, &every_s, NULL, NULL },
    { "video", 0, 0, G_OPTION_ARG_NONE, &video, NULL, NULL },
    { "draw", 0, 0, G_OPTION_ARG_DOUBLE, &draw_fps, NULL, NULL },
    { "wait", 0, 0, G_OPTION_ARG_DOUBLE, &wait_s, NULL, NULL },
    { "session", 0, 0, G_OPTION_ARG_STRING, &session, NULL, NULL },
    { "condition", 0, 0, G_OPTION_ARG_STRING_ARRAY, &conditions, NULL, NULL },
    { "subject", 0, 0, G_OPTION_ARG_STRING, &subject, NULL, NULL },
    { "consent", 0, 0, G_OPTION_ARG_STRING, &consent, NULL, NULL },
    { "ticked", 0, 0, G_OPTION_ARG_STRING_ARRAY, &checklist, NULL, NULL },
    { NULL },
  };
  g_autoptr (json_t) values = json_object ();
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 0, 0, error)
      || !check_plan (frames, duration_s, every_s, draw_fps, wait_s, error) || !read_conditions (conditions, values, error))
    return 0;
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_WRITE, error);
  if (project == NULL)
    return 0;
  AssayCaptureRequest request = {
    .cameras = (const char *const *) cameras,
    .microphones = (const char *const *) microphones,
    .plan = { .name = session,
              .conditions = values,
              .operator_name = invocation->annotator,
              .subject = subject,
              .consent = consent,
              .checklist = (const char *const *) checklist,
              .frames = (guint64) frames,
              .duration_s = duration_s,
              .every_s = every_s,
              .wait_s = wait_s,
              .video = video,
              .draw_fps = draw_fps },
  };
  g_autofree char *recovered = recover (project, invocation->progress), *trouble = NULL;
  json_t *report = assay_job_capture (project->directory, &request, invocation->progress, &trouble, error);
  if (report == NULL)
    return 0;
  json_t *targets = read_plan (project, values, error);
  if (targets == NULL)
    {
      json_decref (report);
      return 0;
    }
  json_object_set_new (report, "plan", targets);
  g_autoptr (GString) text = to_text (report, video);
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
          "[--duration S | --frames N] [--every S | --video [--draw FPS]] [--wait S] [--session NAME] [--condition NAME=VALUE]…\n"
          "       [--subject NAME] [--consent REFERENCE] [--ticked LINE]…",
  .help = "records stills, video and sound from cameras and microphones into the project",
  .more = "Each still is an item: JPEG from the camera byte for byte, anything else as PNG. Each microphone gives "
          "one WAV file, an\n"
          "item too. Stills of several cameras at one instant share a moment. Every frame is kept, or one of each "
          "camera every S\n"
          "seconds with --every; the end is N stills of each camera, S seconds, or Ctrl+C, which loses nothing. With --video "
          "every frame\n"
          "goes into films just as the camera gave it, and FPS frames of each second (1) become items.\n"
          "`dropped` counts frames (samples) that the device did not deliver, `gaps` says when: found by the "
          "device's own\n"
          "counter (how: sequence) or by a hole in its time stamps (how: stamp). Times are nanoseconds of the "
          "monotonic clock;\n"
          "`clock` ties them to the calendar. A device that is unplugged is waited for while the rest goes on, and for S "
          "seconds\n"
          "(--wait, 10) when nothing else comes; when it is back, the recording goes on in files of their own. If it stays "
          "away, the\n"
          "answer is given, and the status is 3.",
  .run = run,
};
