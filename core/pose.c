/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pose.h"

#include <math.h>

AssayPosed *
assay_posed_new (const AssayPose *pose, const AssayCamera *camera, const AssayPosePair *pairs, guint n_pairs,
                 double rms_px)
{
  AssayPosed *posed = g_new0 (AssayPosed, 1);
  posed->pose = *pose;
  posed->camera = *camera;
  posed->n_pairs = n_pairs;
  posed->pairs = g_memdup2 (pairs, sizeof *pairs * n_pairs);
  posed->rms_px = rms_px;
  return posed;
}

AssayPosed *
assay_posed_copy (const AssayPosed *posed)
{
  return assay_posed_new (&posed->pose, &posed->camera, posed->pairs, posed->n_pairs, posed->rms_px);
}

void
assay_posed_free (AssayPosed *posed)
{
  if (posed == NULL)
    return;
  g_free (posed->pairs);
  g_free (posed);
}

AssayPoint3
assay_pose_apply (const AssayPose *pose, AssayPoint3 p)
{
  const double *r = pose->r, *t = pose->t_m;
  return (AssayPoint3){ r[0] * p.x + r[1] * p.y + r[2] * p.z + t[0], r[3] * p.x + r[4] * p.y + r[5] * p.z + t[1],
                        r[6] * p.x + r[7] * p.y + r[8] * p.z + t[2] };
}

static double
distance (AssayPoint3 a, AssayPoint3 b)
{
  return sqrt ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) + (a.z - b.z) * (a.z - b.z));
}

/* The angle of A B^T from both its cosine (trace) and its sine (skew part): acos alone loses half the digits near 0
 * and 180 degrees. */
double
assay_pose_rotation_deg (const AssayPose *a, const AssayPose *b)
{
  double d[9];
  for (guint i = 0; i < 3; i++)
    for (guint j = 0; j < 3; j++)
      d[3 * i + j]
          = a->r[3 * i] * b->r[3 * j] + a->r[3 * i + 1] * b->r[3 * j + 1] + a->r[3 * i + 2] * b->r[3 * j + 2];
  double x = d[7] - d[5], y = d[2] - d[6], z = d[3] - d[1];
  return atan2 (sqrt (x * x + y * y + z * z), d[0] + d[4] + d[8] - 1) * 180 / G_PI;
}

double
assay_pose_translation (const AssayPose *a, const AssayPose *b)
{
  return distance ((AssayPoint3){ a->t_m[0], a->t_m[1], a->t_m[2] },
                   (AssayPoint3){ b->t_m[0], b->t_m[1], b->t_m[2] });
}

double
assay_pose_add (const AssayPose *a, const AssayPose *b, const AssayPoint3 *points, guint n)
{
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += distance (assay_pose_apply (a, points[i]), assay_pose_apply (b, points[i]));
  return n > 0 ? sum / n : NAN;
}

static int
compare_z (gconstpointer a, gconstpointer b)
{
  double x = ((const AssayPoint3 *) a)->z, y = ((const AssayPoint3 *) b)->z;
  return x < y ? -1 : x > y;
}

/* Nearest of points that are sorted by z: outwards from where z would stand, until z alone is farther than the
 * best. */
static double
nearest (AssayPoint3 p, const AssayPoint3 *sorted, guint n)
{
  guint low = 0, high = n;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (sorted[middle].z < p.z)
        low = middle + 1;
      else
        high = middle;
    }
  double best = INFINITY;
  for (guint i = low; i < n && sorted[i].z - p.z < best; i++)
    best = fmin (best, distance (p, sorted[i]));
  for (guint i = low; i > 0 && p.z - sorted[i - 1].z < best; i--)
    best = fmin (best, distance (p, sorted[i - 1]));
  return best;
}

double
assay_pose_add_s (const AssayPose *estimate, const AssayPose *truth, const AssayPoint3 *points, guint n)
{
  if (n == 0)
    return NAN;
  g_autoptr (GArray) placed = g_array_sized_new (FALSE, FALSE, sizeof (AssayPoint3), n);
  for (guint i = 0; i < n; i++)
    {
      AssayPoint3 p = assay_pose_apply (estimate, points[i]);
      g_array_append_val (placed, p);
    }
  g_array_sort (placed, compare_z);
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += nearest (assay_pose_apply (truth, points[i]), (const AssayPoint3 *) (gpointer) placed->data, n);
  return sum / n;
}

gboolean
assay_pose_is_rigid (const AssayPose *pose, double tolerance)
{
  const double *r = pose->r;
  for (guint i = 0; i < 3; i++)
    for (guint j = i; j < 3; j++)
      {
        double dot = r[3 * i] * r[3 * j] + r[3 * i + 1] * r[3 * j + 1] + r[3 * i + 2] * r[3 * j + 2];
        if (!(fabs (dot - (i == j)) <= tolerance)) /* NaN is not rigid */
          return FALSE;
      }
  double determinant = r[0] * (r[4] * r[8] - r[5] * r[7]) - r[1] * (r[3] * r[8] - r[5] * r[6])
                       + r[2] * (r[3] * r[7] - r[4] * r[6]);
  return determinant > 0 && isfinite (pose->t_m[0]) && isfinite (pose->t_m[1]) && isfinite (pose->t_m[2]);
}
