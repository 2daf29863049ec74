/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-capture.h"

#include "core/error.h"

#include <math.h>

#define LOOK_US 100000
#define TELL_EVERY 3 /* looks: nobody reads faster, and the machine is there for the frames */

static gboolean
open_all (const char *const *words, AssayDeviceKind kind, GPtrArray *streams, GError **error)
{
  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      AssayStream *stream = assay_stream_open (kind, words[i], error);
      if (stream == NULL)
        return FALSE;
      g_ptr_array_add (streams, stream);
    }
  return TRUE;
}

/* What is wrong with a microphone now; the newest block decides. */
static const char *
listen_to (AssayStream *stream)
{
  AssayLevel level;
  if (assay_stream_get_kind (stream) != ASSAY_DEVICE_MICROPHONE || !assay_stream_peek_meter (stream, &level))
    return NULL;
  if (assay_level_is_dead (&level))
    return ", digital silence: muted, or another device in its place?";
  return level.clipped_runs > 0 ? ", clipped: turn the gain down" : NULL;
}

static void
tell (AssayRecorder *recorder, const GPtrArray *streams, const AssayRecordPlan *plan, gint64 began_us,
      AssayProgress *progress)
{
  guint64 stills = 0, lost = 0, cameras = 0;
  const char *away = NULL, *sound = NULL;
  for (guint i = 0; i < streams->len; i++)
    {
      guint64 kept, missing;
      if (assay_recorder_is_away (recorder, streams->pdata[i]))
        away = assay_stream_get_id (streams->pdata[i]);
      const char *wrong = listen_to (streams->pdata[i]);
      sound = wrong != NULL ? wrong : sound;
      if (assay_stream_get_kind (streams->pdata[i]) != ASSAY_DEVICE_CAMERA)
        continue;
      assay_recorder_get_counts (recorder, streams->pdata[i], &kept, &missing);
      stills += kept;
      lost += missing;
      cameras++;
    }
  double seconds = (double) (g_get_monotonic_time () - began_us) / G_USEC_PER_SEC;
  AssayDiskState disk;
  assay_recorder_get_disk (recorder, &disk);
  g_autofree char *room = disk.seconds_left < ASSAY_DISK_LOW_S
                              ? g_strdup_printf (", %.0f min of disk left", disk.seconds_left / 60)
                              : g_strdup ("");
  g_autofree char *text = g_strdup_printf ("recording: %.0f s, %" G_GUINT64_FORMAT " %s, %" G_GUINT64_FORMAT
                                           " lost%s%s%s%s (Ctrl+C ends it)",
                                           seconds, stills, plan->video ? "frames" : "stills", lost,
                                           away != NULL ? ", waiting for " : "", away != NULL ? away : "",
                                           sound != NULL ? sound : "", room);
  assay_progress_say (progress, text);
  if (plan->frames > 0)
    assay_progress_set (progress, stills, plan->frames * cameras);
  else if (plan->duration_s > 0)
    assay_progress_set (progress, (guint64) llround (MIN (seconds, plan->duration_s) * 1000),
                        (guint64) llround (plan->duration_s * 1000));
}

json_t *
assay_job_capture (const char *project_directory, const AssayCaptureRequest *request, AssayProgress *progress,
                   char **ret_trouble, GError **error)
{
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_stream_close);
  if (!open_all (request->cameras, ASSAY_DEVICE_CAMERA, streams, error)
      || !open_all (request->microphones, ASSAY_DEVICE_MICROPHONE, streams, error))
    return NULL;
  if (streams->len == 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "capture: no device was named; give --camera ID or --microphone ID, `assay devices` lists them");
      return NULL;
    }
  gint64 began_us = g_get_monotonic_time ();
  g_autoptr (AssayRecorder) recorder = assay_recorder_start (project_directory, streams, &request->plan, error);
  if (recorder == NULL)
    return NULL;
  for (guint look = 0; !assay_recorder_is_done (recorder); look++)
    {
      if (look % TELL_EVERY == 0)
        tell (recorder, streams, &request->plan, began_us, progress);
      g_usleep (LOOK_US);
      if (assay_progress_stopped (progress, NULL))
        assay_recorder_stop (recorder);
    }
  return assay_recorder_finish (recorder, ret_trouble, error);
}
