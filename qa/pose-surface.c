/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/pose-surface.h"

#include <math.h>

const AssayPose ASSAY_POSE_NONE = { { 1, 0, 0, 0, 1, 0, 0, 0, 1 }, { 0, 0, 0 } };

AssayPoseView
assay_pose_view (const AssayPosed *posed)
{
  const AssayCamera *c = &posed->camera;
  return (AssayPoseView){ posed->pose, { c->fx, 0, c->cx, 0, c->fy, c->cy, 0, 0, 1 } };
}

static AssayPoint
project (const double *k, AssayPoint3 p)
{
  double x = k[0] * p.x + k[1] * p.y + k[2] * p.z, y = k[3] * p.x + k[4] * p.y + k[5] * p.z,
         z = k[6] * p.x + k[7] * p.y + k[8] * p.z;
  return (AssayPoint){ x / z, y / z };
}

static AssayPose
compose (const AssayPose *outer, const AssayPose *inner)
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

static double
distance (AssayPoint3 a, AssayPoint3 b)
{
  return hypot (hypot (a.x - b.x, a.y - b.y), a.z - b.z);
}

/* Of one symmetry: the largest distances, and the mean in the picture. */
static AssayPoseSurface
measure_turned (const AssayPoseView *a, const AssayPoseView *b, const AssayPose *turned, const AssayPoint3 *points,
                guint n)
{
  AssayPoseSurface surface = { .rotation_deg = assay_pose_rotation_deg (&a->pose, turned) };
  for (guint i = 0; i < n; i++)
    {
      AssayPoint3 in_a = assay_pose_apply (&a->pose, points[i]), in_b = assay_pose_apply (turned, points[i]);
      AssayPoint at_a = project (a->k, in_a), at_b = project (b->k, in_b);
      double px = hypot (at_a.x - at_b.x, at_a.y - at_b.y);
      surface.mssd = fmax (surface.mssd, distance (in_a, in_b));
      surface.mspd_px = fmax (surface.mspd_px, px);
      surface.mean_px += px / n;
    }
  return surface;
}

AssayPoseSurface
assay_pose_surface (const AssayPoseView *a, const AssayPoseView *b, const AssayPose *symmetries, guint n_symmetries,
                    const AssayPoint3 *points, guint n_points)
{
  AssayPoseSurface least = { INFINITY, INFINITY, INFINITY, INFINITY };
  for (guint i = 0; i < n_symmetries; i++)
    {
      AssayPose turned = compose (&b->pose, &symmetries[i]);
      AssayPoseSurface surface = measure_turned (a, b, &turned, points, n_points);
      least.mssd = fmin (least.mssd, surface.mssd);
      least.mspd_px = fmin (least.mspd_px, surface.mspd_px);
      least.mean_px = fmin (least.mean_px, surface.mean_px);
      least.rotation_deg = fmin (least.rotation_deg, surface.rotation_deg);
    }
  if (n_points == 0)
    least.mssd = least.mspd_px = least.mean_px = NAN;
  return least;
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
          AssayPose both = compose (&turn, &g_array_index (symmetries, AssayPose, k));
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
