/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/pose-surface.h - how far apart two poses put the points of a model: in space and in the picture, modulo the
 * model's symmetries (BOP toolkit's MSSD and MSPD). Lengths are in the unit of the poses. Any thread. */
#include "core/json.h"
#include "core/pose.h"

G_BEGIN_DECLS

extern const AssayPose ASSAY_POSE_NONE; /* turns and moves nothing */

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

/* The symmetries that a class's `extra` states as BOP's models_info.json does ("symmetries_discrete": 4 x 4
 * matrices row by row, "symmetries_continuous": [{"axis", "offset"}], lengths in units of `unit_m` metres), the
 * identity first. What is malformed is passed over. A continuous one is taken in steps of 2 pi / ASSAY_POSE_STEPS.
 * GArray of AssayPose. */
#define ASSAY_POSE_STEPS 72
GArray *assay_pose_list_symmetries (const json_t *extra, double unit_m);

G_END_DECLS
