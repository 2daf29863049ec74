/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/symmetry.h - how a rigid model can be turned into itself: poses that differ by that are one. Any thread. */
#include "core/json.h"
#include "core/pose.h"
#include "core/task.h"

G_BEGIN_DECLS

extern const AssayPose ASSAY_POSE_NONE; /* turns and moves nothing */
/* First `inner`, then `outer`. */
AssayPose assay_pose_compose (const AssayPose *outer, const AssayPose *inner);

/* The symmetries that a class's `extra` states as BOP's models_info.json does ("symmetries_discrete": 4 x 4
 * matrices row by row, "symmetries_continuous": [{"axis", "offset"}], lengths in units of `unit_m` metres), the
 * identity first. What is malformed is passed over. A continuous one is taken in steps of 2 pi / ASSAY_POSE_STEPS.
 * GArray of AssayPose. */
#define ASSAY_POSE_STEPS 72
GArray *assay_pose_list_symmetries (const json_t *extra, double unit_m);

/* What the task's rules state, {"symmetries": {"box": {"symmetries_discrete": …}}}, else what came with the class.
 */
GArray *assay_task_list_symmetries (const AssayTask *task, const AssayClass *class);
/* Of the poses that look as `pose` does, the nearest to `to`: of rotation over `limit_deg` and translation over
 * `limit_m` the worse counts. */
AssayPose assay_pose_nearest (const AssayPose *pose, const AssayPose *to, const GArray *symmetries,
                              double limit_deg, double limit_m);

G_END_DECLS
