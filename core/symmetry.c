/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/symmetry.h"

#include <math.h>

const AssayPose ASSAY_POSE_NONE = { { 1, 0, 0, 0, 1, 0, 0, 0, 1 }, { 0, 0, 0 } };

AssayPose
assay_pose_compose (const AssayPose *outer, const AssayPose *inner)
{
  AssayPose pose;
  AssayPoint3 t = assay_pose_apply (outer, (AssayPoint3){ inner->t_m[0], inner->t_m[1], inner->t_m[2] });
  pose.t_m[0] = t.x;
  pose.t_m[1] = t.y;
  pose.t_m[2] = t.z;
  for (guint i = 0; i < 3; i++)
    for (guint j = 0; j < 3; j++)
      pose.r[3 * i + j] = outer->r[3 * i] * inner->r[j] + outer->r[3 * i + 1] * inner->r[3 + j]
                          + outer->r[3 * i + 2] * inner->r[6 + j];
  return pose;
}

/* Rodrigues' formula about an axis of length 1 through `offset`. */
static AssayPose
rotate_about (const double *axis, const double *offset, double angle)
{
  double c = cos (angle), s = sin (angle), x = axis[0], y = axis[1], z = axis[2];
  AssayPose pose = { { c + x * x * (1 - c), x * y * (1 - c) - z * s, x * z * (1 - c) + y * s,
                       y * x * (1 - c) + z * s, c + y * y * (1 - c), y * z * (1 - c) - x * s,
                       z * x * (1 - c) - y * s, z * y * (1 - c) + x * s, c + z * z * (1 - c) },
                     { 0, 0, 0 } };
  AssayPoint3 moved = assay_pose_apply (&pose, (AssayPoint3){ offset[0], offset[1], offset[2] });
  pose.t_m[0] = offset[0] - moved.x;
  pose.t_m[1] = offset[1] - moved.y;
  pose.t_m[2] = offset[2] - moved.z;
  return pose;
}

static void
add_discrete (GArray *symmetries, const json_t *list, double unit_m)
{
  gsize i;
  const json_t *one;
  json_array_foreach (list, i, one)
  {
    double m[16];
    if (!assay_json_to_doubles (one, m, 16))
      continue;
    AssayPose pose = { { m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10] },
                       { m[3] * unit_m, m[7] * unit_m, m[11] * unit_m } };
    if (assay_pose_is_rigid (&pose, 1e-2))
      g_array_append_val (symmetries, pose);
  }
}

/* Every symmetry so far, turned about the axis. */
static void
add_continuous (GArray *symmetries, const json_t *list, double unit_m)
{
  gsize i;
  const json_t *one;
  json_array_foreach (list, i, one)
  {
    double axis[3], offset[3] = { 0, 0, 0 };
    const json_t *moved = json_object_get (one, "offset");
    if (!assay_json_to_doubles (json_object_get (one, "axis"), axis, 3)
        || (moved != NULL && !assay_json_to_doubles (moved, offset, 3)))
      continue;
    double length = hypot (hypot (axis[0], axis[1]), axis[2]);
    if (!(length > 0))
      continue;
    for (guint k = 0; k < 3; k++)
      {
        axis[k] /= length;
        offset[k] *= unit_m;
      }
    guint n = symmetries->len;
    for (guint k = 0; k < n; k++)
      for (guint step = 1; step < ASSAY_POSE_STEPS; step++)
        {
          AssayPose turn = rotate_about (axis, offset, 2 * G_PI * step / ASSAY_POSE_STEPS);
          AssayPose both = assay_pose_compose (&turn, &g_array_index (symmetries, AssayPose, k));
          g_array_append_val (symmetries, both);
        }
  }
}

GArray *
assay_pose_list_symmetries (const json_t *extra, double unit_m)
{
  GArray *symmetries = g_array_new (FALSE, FALSE, sizeof (AssayPose));
  g_array_append_val (symmetries, ASSAY_POSE_NONE);
  add_discrete (symmetries, json_object_get (extra, "symmetries_discrete"), unit_m);
  add_continuous (symmetries, json_object_get (extra, "symmetries_continuous"), unit_m);
  return symmetries;
}

GArray *
assay_task_list_symmetries (const AssayTask *task, const AssayClass *class)
{
  const json_t *stated = json_object_get (json_object_get (task->rules, "symmetries"), class->name);
  return assay_pose_list_symmetries (stated != NULL ? stated : class->extra,
                                     class->model_unit_m > 0 ? class->model_unit_m : 1);
}

AssayPose
assay_pose_nearest (const AssayPose *pose, const AssayPose *to, const GArray *symmetries, double limit_deg,
                    double limit_m)
{
  AssayPose best = *pose;
  double least = INFINITY;
  for (guint i = 0; i < symmetries->len; i++)
    {
      AssayPose turned = assay_pose_compose (pose, &g_array_index (symmetries, AssayPose, i));
      double far = fmax (assay_pose_rotation_deg (to, &turned) / limit_deg,
                         assay_pose_translation (to, &turned) / limit_m);
      if (!(far < least))
        continue;
      least = far;
      best = turned;
    }
  return best;
}
