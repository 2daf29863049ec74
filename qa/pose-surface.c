/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/pose-surface.h"

#include <math.h>

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
      AssayPose turned = assay_pose_compose (&b->pose, &symmetries[i]);
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
