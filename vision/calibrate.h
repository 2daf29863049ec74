/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* vision/calibrate.h - a camera's lens, and the place of one camera beside another, from views of a board. Plain C;
 * any thread. */
#include "vision/board.h"

G_BEGIN_DECLS

typedef struct
{
  AssayCamera camera; /* OpenCV's convention, pixel centres at integers */
  double std[9];      /* standard deviations of fx fy cx cy k1 k2 p1 p2 k3 (cv::calibrateCameraExtended) */
  double rms_px;      /* sqrt (mean squared reprojection distance) */
} AssayIntrinsics;

/* Zhang (2000) by cv::calibrateCamera without flags: five distortion parameters, 30 steps. Views: at least 3, all
 * of one size. `ret_per_view_px` (nullable): n figures, each like rms_px of one view. */
gboolean assay_vision_calibrate (const AssayBoard *board, const AssayBoardView *const *views, guint n,
                                 AssayIntrinsics *ret_intrinsics, double *ret_per_view_px, GError **error);

typedef struct
{
  AssayPose right_from_left;
  double rms_px;      /* of all points of both cameras */
  double epipolar_px; /* mean distance of undistorted points to the line that the other camera's point draws */
  guint n_points;
} AssayPairGeometry;

/* cv::stereoCalibrate with both lenses held fixed. Views i of both were taken at one moment; corners that only one
 * camera saw do not count. `ret_per_view_px` (nullable): n pairs (left, right). */
gboolean assay_vision_calibrate_pair (const AssayBoard *board, const AssayBoardView *const *left,
                                      const AssayBoardView *const *right, guint n, const AssayCamera *left_camera,
                                      const AssayCamera *right_camera, AssayPairGeometry *ret_geometry,
                                      double *ret_per_view_px, GError **error);

/* The board's place for a known lens, and how well it fits (assay_vision_solve_pose on all corners of the view). */
gboolean assay_vision_fit_view (const AssayBoard *board, const AssayBoardView *view, const AssayCamera *camera,
                                AssayPose *ret_pose, double *ret_rms_px, GError **error);

G_END_DECLS
