/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-calibrate.h - from pictures of a board to a camera's calibration, for both faces: look, solve, save;
 * then, one picture at the start of a session, check. Off the main loop. */
#include "core/calibration.h"
#include "core/progress.h"
#include "core/project.h"
#include "vision/calibrate.h"

G_BEGIN_DECLS

/* One picture of the board. */
typedef struct
{
  char *name;           /* its path, or "view 3" */
  GBytes *file;         /* (nullable) the picture as a file: what is kept in media/ */
  AssayBoardView *view; /* (nullable) what was found */
  char *why;            /* (nullable) why it is not used */
  double rms_px;        /* after solving; NaN = not used */
} AssayShot;
AssayShot *assay_shot_new (const char *name, GBytes *file, AssayBoardView *take_view, char *take_why);
void assay_shot_free (AssayShot *shot);

/* The pictures (PNG, JPEG) of a folder in the order of names, or the one file: of char *. */
GPtrArray *assay_job_calibrate_list (const char *path, GError **error);
/* Each picture, folders walked one level deep in the order of names; what cannot be read or shows no board becomes
 * a shot with `why`. of AssayShot; NULL when cancelled or there is no picture at all. */
GPtrArray *assay_job_calibrate_look (const char *const *paths, const AssayBoard *board, guint window_px,
                                     AssayProgress *progress, GError **error);

/* Sorts out shots (another size, blurred, at the edge, the same again, far off the others), which get their `why`,
 * and solves the lens from the rest: the document of `assay calibrate --json` (doc/DATASET.md "Calibrations"). */
json_t *assay_job_calibrate_solve (GPtrArray *shots, const AssayBoard *board, guint window_px,
                                   AssayProgress *progress, GError **error);

/* Two cameras. Shots i of both were taken at one moment. {left, right: as above, r, t_m, baseline_m, rms_px,
 * epipolar_px, per_view_px: pairs, used, rejected}. */
json_t *assay_job_calibrate_pair (GPtrArray *left, GPtrArray *right, const AssayBoard *board, guint window_px,
                                  AssayProgress *progress, GError **error);

/* A depth camera whose grey shots show the board: the metres in one count of its depth pictures (16-bit, as they
 * came, one a shot, by the same order). {unit_m, spread_m: median deviation, n}. */
json_t *assay_job_calibrate_depth (GPtrArray *shots, const char *const *depth_paths, const AssayBoard *board,
                                   const json_t *intrinsics, GError **error);

/* The camera of that id (what follows a comma is not its): NOT_FOUND when the project does not know it, or made. */
AssaySensor *assay_job_calibrate_find_sensor (AssayProject *project, const char *camera_id, GError **error);
/* Keeps the document with the camera of that id (as `assay devices` says it), the pictures in media/. `controls`
 * (nullable): as read back when the views were taken. */
gboolean assay_job_calibrate_save (AssayProject *project, const char *camera_id, const json_t *document,
                                   GPtrArray *shots, const json_t *controls, AssayId *ret_id, GError **error);
/* The same for two (left, right), the place of the right one beside the left (`ret_id`), and its unit of depth when
 * `document` has one. */
gboolean assay_job_calibrate_save_pair (AssayProject *project, const char *const camera_ids[2],
                                        const json_t *document, GPtrArray *const shots[2], AssayId *ret_id,
                                        GError **error);

/* Does the lens still hold? {drift_px, usual_px, verdict, why, least_focal_percent}: the smallest change of the
 * focal length that this view would show as doubtful. */
json_t *assay_job_calibrate_check (const AssayBoardView *view, const AssayBoard *board,
                                   const AssayCalibration *calibration, GError **error);

G_END_DECLS
