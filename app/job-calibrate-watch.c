/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-calibrate-live.h"

#include "capture/stream.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/json.h"

#include <math.h>

#define LOOK_US 5000

static void
tell (const AssayLiveState *state, AssayProgress *progress)
{
  double done = 0;
  for (guint axis = 0; axis < ASSAY_BOARD_N_AXES; axis++)
    done += state->done[axis] / ASSAY_BOARD_N_AXES;
  g_autofree char *text
      = g_strdup_printf ("%u views; across %.0f %%, down %.0f %%, size %.0f %%, tilt %.0f %%: %s "
                         "(Ctrl+C solves what there is)",
                         state->n_views, 100 * state->done[ASSAY_BOARD_X], 100 * state->done[ASSAY_BOARD_Y],
                         100 * state->done[ASSAY_BOARD_SIZE], 100 * state->done[ASSAY_BOARD_SKEW], state->say);
  assay_progress_say (progress, text);
  assay_progress_set (progress, (guint64) lround (1000 * done), 1000);
}

static void
watch (AssayStream *stream, AssayLiveCalibration *live, guint n_views, AssayProgress *progress)
{
  for (;;)
    {
      /* Asked before the picture is fetched, so that the last one of a replay is looked at. */
      gboolean over = assay_stream_is_over (stream);
      g_autoptr (AssayPicture) picture = assay_stream_peek (stream);
      if (picture != NULL)
        assay_live_calibration_offer (live, picture, assay_clock_now_ns ());
      g_usleep (LOOK_US);
      g_autoptr (AssayLiveState) state = assay_live_calibration_get (live);
      tell (state, progress);
      if ((over && picture == NULL) || assay_progress_stopped (progress, NULL)
          || (n_views > 0 ? state->n_views >= n_views : state->enough))
        return;
    }
}

GPtrArray *
assay_job_calibrate_watch (const char *camera, const AssayBoard *board, guint n_views, AssayProgress *progress,
                           json_t **ret_controls, GError **error)
{
  g_autoptr (AssayStream) stream = assay_stream_open (ASSAY_DEVICE_CAMERA, camera, error);
  if (stream == NULL || !assay_stream_start (stream, error))
    return NULL;
  g_autoptr (AssayLiveCalibration) live = assay_live_calibration_new (board);
  watch (stream, live, n_views, progress);
  /* Before the stop: a device that is closed tells nothing. */
  g_autoptr (json_t) controls = assay_stream_get_controls (stream);
  assay_stream_stop (stream);
  g_autoptr (GPtrArray) shots = assay_live_calibration_take (live);
  g_autofree char *trouble = assay_stream_dup_trouble (stream);
  if (trouble != NULL && shots->len == 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, "calibrating %s: %s", camera, trouble);
      return NULL;
    }
  *ret_controls = g_steal_pointer (&controls);
  return g_steal_pointer (&shots);
}
