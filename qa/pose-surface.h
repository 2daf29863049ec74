/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/pose-surface.h - how far apart two poses put the points of a model: in space and in the picture, modulo the
 * model's symmetries (BOP toolkit's MSSD and MSPD). Lengths are in the unit of the poses. Any thread. */
#include "core/symmetry.h"

G_BEGIN_DECLS

typedef struct
{
  AssayPose pose;
  double k[9]; /* the camera matrix, row by row */
} AssayPoseView;
AssayPoseView assay_pose_view (const AssayPosed *posed);

typedef struct
{
  double mssd, mspd_px; /* the least, over symmetries, of the largest distance of a point to itself */
  double mean_px;       /* the same of the mean distance in the picture */
  double rotation_deg;  /* the least rotation */
} AssayPoseSurface;
/* `symmetries` turn the model into itself and are applied on the side of `b`; one at least. No points: distances
 * are NaN. */
AssayPoseSurface assay_pose_surface (const AssayPoseView *a, const AssayPoseView *b, const AssayPose *symmetries,
                                     guint n_symmetries, const AssayPoint3 *points, guint n_points);

G_END_DECLS
