/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "app/job-preflight.h"

#define DISK_TEST_S 2.0
#define LISTEN_S 1.0

static gboolean
open_all (char **words, AssayDeviceKind kind, GPtrArray *streams, GError **error)
{
  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      AssayStream *stream = assay_stream_open (kind, words[i], error);
      if (stream == NULL)
        return FALSE;
      g_ptr_array_add (streams, stream);
      if (kind == ASSAY_DEVICE_MICROPHONE && !assay_stream_start (stream, error))
        return FALSE;
    }
  return TRUE;
}

static char *
to_text (const GPtrArray *lines)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < lines->len; i++)
    {
      const AssayPreflightLine *line = lines->pdata[i];
      g_string_append_printf (text, "%s%s %s: %s%s%s", i > 0 ? "\n" : "",
                              assay_preflight_verdict_to_text (line->verdict), line->what, line->why,
                              line->remedy != NULL ? "; " : "", line->remedy != NULL ? line->remedy : "");
    }
  return g_string_free (text, FALSE);
}

static int
run (AssayInvocation *invocation, GError **error)
{
  g_auto (GStrv) cameras = NULL, microphones = NULL, ticked = NULL;
  g_autofree char *consent = NULL;
  double duration_s = 0;
  gint64 frames = 0;
  const GOptionEntry entries[] = {
    { "camera", 0, 0, G_OPTION_ARG_STRING_ARRAY, &cameras, NULL, NULL },
    { "microphone", 0, 0, G_OPTION_ARG_STRING_ARRAY, &microphones, NULL, NULL },
    { "duration", 0, 0, G_OPTION_ARG_DOUBLE, &duration_s, NULL, NULL },
    { "frames", 0, 0, G_OPTION_ARG_INT64, &frames, NULL, NULL },
    { "consent", 0, 0, G_OPTION_ARG_STRING, &consent, NULL, NULL },
    { "ticked", 0, 0, G_OPTION_ARG_STRING_ARRAY, &ticked, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 0, 0, error))
    return 0;
  if (!(duration_s >= 0) || frames < 0)
    {
      g_set_error_literal (
          error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
          "preflight: --duration and --frames cannot be negative; leave them out when nothing is planned");
      return 0;
    }
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, error);
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_stream_close);
  if (project == NULL || !open_all (cameras, ASSAY_DEVICE_CAMERA, streams, error)
      || !open_all (microphones, ASSAY_DEVICE_MICROPHONE, streams, error))
    return 0;
  const AssayPreflightLook look = { .streams = streams,
                                    .planned_s = duration_s,
                                    .planned_stills = (guint64) frames,
                                    .consent = consent,
                                    .done = (const char *const *) ticked,
                                    .disk_test_s = DISK_TEST_S,
                                    .listen_s = LISTEN_S };
  g_autoptr (GPtrArray) lines = assay_job_preflight (project, &look, invocation->progress, error);
  if (lines == NULL)
    return 0;
  AssayPreflightVerdict worst = assay_preflight_get_worst (lines);
  g_autofree char *text = to_text (lines);
  assay_invocation_answer (invocation,
                           json_pack ("{s:s, s:o}", "verdict", assay_preflight_verdict_to_text (worst), "lines",
                                      assay_preflight_to_json (lines)),
                           text);
  return worst == ASSAY_PREFLIGHT_STOP ? 1 : 0;
}

const AssayCommand assay_command_preflight = {
  .id = "preflight",
  .form = "preflight [--camera ID[,…]]… [--microphone ID[,…]]… [--duration S | --frames N] [--consent REFERENCE] "
          "[--ticked LINE]…",
  .help = "looks whether a recording would go well: disk, space, USB, levels, clock, consent",
  .more
  = "Each line is good, doubtful or stop, with its reason and remedy. Space must last for 1.3 times --duration, or "
    "for as many\n"
    "stills of each camera (--frames); the disk is\n"
    "written to for two seconds, the microphones are listened to for one. The status is 1 when anything says stop.",
  .run = run,
};
