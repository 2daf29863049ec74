/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-calibrate-live.h - views of a board taken by themselves from a live camera, for both faces.
 *
 * offer() pictures as they come, get() what to show, until `enough`; then take the shots and solve them
 * (app/job-calibrate.h). The board is looked for on a thread of its own, at reduced scale first; offer() never
 * waits, and a picture that comes while the last is being looked at replaces the one that waits. A view is taken
 * when the board is sharp, away from the edge, held still and unlike all views so far (core/board-coverage.h). */
#include "app/job-calibrate.h"
#include "core/board-coverage.h"

G_BEGIN_DECLS

typedef struct _AssayLiveCalibration AssayLiveCalibration;

typedef struct
{
  guint64 n_looked;          /* pictures looked at so far */
  GArray *corners_px;        /* of AssayPoint: in the last picture; empty when there is no board */
  guint width_px, height_px; /* of that picture */
  gboolean taken;            /* the last picture became a view */
  char *say;                 /* why it did not, or what to do next; one sentence for people */
  guint n_views;
  double low[ASSAY_BOARD_N_AXES], high[ASSAY_BOARD_N_AXES], done[ASSAY_BOARD_N_AXES]; /* the bars */
  gboolean enough;
} AssayLiveState;
void assay_live_state_free (AssayLiveState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayLiveState, assay_live_state_free)

AssayLiveCalibration *assay_live_calibration_new (const AssayBoard *board);
/* Any thread. `stamp_ns`: when it was taken, on any clock that goes forward. */
void assay_live_calibration_offer (AssayLiveCalibration *live, AssayPicture *picture, gint64 stamp_ns);
/* Any thread: a copy. */
AssayLiveState *assay_live_calibration_get (AssayLiveCalibration *live);
/* Ends the looking (waits for the picture in hand), and gives the views: of AssayShot. Once. */
GPtrArray *assay_live_calibration_take (AssayLiveCalibration *live);
void assay_live_calibration_free (AssayLiveCalibration *live);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayLiveCalibration, assay_live_calibration_free)

/* The whole of it for a command line: opens the camera (words of assay_stream_open), takes views until there are
 * enough (or `n_views`, unless 0), the device ends or `progress` is cancelled, which is a clean end. of AssayShot;
 * `ret_controls` as read back at the end. */
GPtrArray *assay_job_calibrate_watch (const char *camera, const AssayBoard *board, guint n_views,
                                      AssayProgress *progress, json_t **ret_controls, GError **error);

G_END_DECLS
