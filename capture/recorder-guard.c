/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Watches the disk while a recorder writes, once a second, and ends the recording before it is full. */
#include "capture/recorder-private.h"

#include "core/error.h"

#include <errno.h>

/* What raw pixels and sound will need; compressed frames and stills promise nothing. */
static double
promise_of (const Lane *lane)
{
  const AssayStreamFormat *format = assay_stream_get_format (lane->stream);
  if (lane->outlet == &assay_outlet_sound)
    return (double) format->rate_hz * format->channels * ASSAY_SOUND_BYTES;
  gboolean raw = lane->outlet == &assay_outlet_film && format->pixels.bytes_per_line > 0;
  return raw ? format->fps * (double) format->pixels.bytes_per_line * format->pixels.height_px : 0;
}

gboolean
assay_recorder_look_at_disk (AssayRecorder *recorder, GError **error)
{
  guint64 written = 0, set_aside = 0;
  double promised = 0;
  for (guint i = 0; i < recorder->lanes->len; i++)
    {
      Lane *lane = recorder->lanes->pdata[i];
      written += atomic_load (&lane->flow);
      set_aside += atomic_load (&lane->set_aside);
      promised += promise_of (lane);
    }
  pthread_mutex_lock (&recorder->lock);
  gboolean right = assay_disk_guard_look (&recorder->disk, recorder->project_directory, written, set_aside,
                                          promised, assay_clock_now_ns (), error);
  pthread_mutex_unlock (&recorder->lock);
  return right;
}

gboolean
assay_recorder_check_room (AssayRecorder *recorder, GError **error)
{
  if (!assay_recorder_look_at_disk (recorder, error))
    return FALSE;
  const AssayDiskState *state = &recorder->disk.state;
  if (!assay_disk_state_is_full (state))
    return TRUE;
  g_autofree char *free = g_format_size (state->free_bytes), *reserve = g_format_size (state->reserve_bytes);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NO_SPACE,
               "recording into %s: only %s are free on its disk, and %s must stay free so that nothing is lost; "
               "make room, or record into a project on another disk",
               recorder->project_directory, free, reserve);
  return FALSE;
}

static void
stop_when_full (AssayRecorder *recorder)
{
  AssayDiskState state;
  assay_recorder_get_disk (recorder, &state);
  if (!assay_disk_state_is_full (&state) || atomic_load (&recorder->stopping))
    return;
  g_autofree char *free = g_format_size (state.free_bytes);
  pthread_mutex_lock (&recorder->lock);
  recorder->full
      = g_strdup_printf ("recording into %s: stopped with %s left, before the disk is full; make room, and "
                         "start a new recording",
                         recorder->project_directory, free);
  pthread_mutex_unlock (&recorder->lock);
  assay_recorder_stop (recorder);
}

/* TRUE when the lanes are over. */
static gboolean
wait_a_second (AssayRecorder *recorder)
{
  struct timespec until;
  clock_gettime (CLOCK_REALTIME, &until);
  until.tv_sec++;
  pthread_mutex_lock (&recorder->lock);
  while (!recorder->lanes_over)
    if (pthread_cond_timedwait (&recorder->changed, &recorder->lock, &until) == ETIMEDOUT)
      break;
  gboolean over = recorder->lanes_over;
  pthread_mutex_unlock (&recorder->lock);
  return over;
}

gpointer
assay_guard_run (gpointer data)
{
  AssayRecorder *recorder = data;
  while (!wait_a_second (recorder))
    if (assay_recorder_look_at_disk (recorder, NULL))
      stop_when_full (recorder);
  return NULL;
}

void
assay_recorder_get_disk (AssayRecorder *recorder, AssayDiskState *ret_state)
{
  pthread_mutex_lock (&recorder->lock);
  *ret_state = recorder->disk.state;
  pthread_mutex_unlock (&recorder->lock);
}
