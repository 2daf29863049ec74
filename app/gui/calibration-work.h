/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/calibration-work.h - what the calibration page has done by the desk's threads: what is known of a camera;
 * solving, checking and saving the views of a feed. Main thread. */
#include "app/gui/board-feed.h"
#include "app/gui/desk.h"

G_BEGIN_DECLS

/* The views of one board, from the feed to the document. */
typedef struct
{
  char *camera; /* as it is opened */
  AssayBoard board;
  AssayBoardFeed *feed; /* until it was finished */
  GPtrArray *shots;     /* of AssayShot */
  json_t *controls, *document;
  AssayProgress *progress; /* to watch, and to cancel it with */
} AssayCalibrationWork;
/* Takes the feed. */
AssayCalibrationWork *assay_calibration_work_new (const char *camera, const AssayBoard *board,
                                                  AssayBoardFeed *take_feed);
AssayCalibrationWork *assay_calibration_work_ref (AssayCalibrationWork *work);
void assay_calibration_work_unref (AssayCalibrationWork *work);

/* `done` gets the work as its data; it holds a reference of its own meanwhile. */
void assay_calibration_solve (AssayDesk *desk, AssayCalibrationWork *work, AssayDeskDone done, gpointer owner);
/* `document` becomes the one of the check, which is kept with the camera. */
void assay_calibration_check (AssayDesk *desk, AssayCalibrationWork *work, AssayDeskDone done, gpointer owner);
/* Lets go of the camera, and of the views. */
void assay_calibration_drop (AssayDesk *desk, AssayCalibrationWork *work, AssayDeskDone done, gpointer owner);
void assay_calibration_save (AssayDesk *desk, AssayCalibrationWork *work, AssayDeskDone done, gpointer owner);

/* What is known of a camera. */
typedef struct
{
  char *camera;
  char *text;  /* "0.21 px, 640 × 480, 21 November 2026" or "Never" */
  char *board; /* (nullable) with which it was calibrated last */
  gboolean calibrated;
} AssayCalibrationFacts;
/* `done` gets AssayCalibrationFacts as its data. */
void assay_calibration_ask (AssayDesk *desk, const char *camera, AssayDeskDone done, gpointer owner);

G_END_DECLS
