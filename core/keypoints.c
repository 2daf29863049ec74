/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/keypoints.h"

#include <math.h>

AssayKeypoints *
assay_keypoints_new (guint n_points)
{
  AssayKeypoints *keypoints = g_new0 (AssayKeypoints, 1);
  keypoints->n_points = n_points;
  keypoints->points = g_new0 (AssayKeypoint, n_points);
  return keypoints;
}

AssayKeypoints *
assay_keypoints_copy (const AssayKeypoints *keypoints)
{
  AssayKeypoints *copy = g_memdup2 (keypoints, sizeof *keypoints);
  copy->points = g_memdup2 (keypoints->points, sizeof *keypoints->points * keypoints->n_points);
  return copy;
}

void
assay_keypoints_free (AssayKeypoints *keypoints)
{
  if (keypoints == NULL)
    return;
  g_free (keypoints->points);
  g_free (keypoints);
}

const AssayKeypoint *
assay_keypoints_find (const AssayKeypoints *keypoints, const AssayId *node)
{
  for (guint i = 0; i < keypoints->n_points; i++)
    if (assay_id_equal (&keypoints->points[i].node, node))
      return &keypoints->points[i];
  return NULL;
}

gboolean
assay_keypoint_is_placed (const AssayKeypoint *keypoint)
{
  return keypoint->state == ASSAY_NODE_VISIBLE || keypoint->state == ASSAY_NODE_OCCLUDED;
}

gboolean
assay_keypoints_bounds (const AssayKeypoints *keypoints, AssayRect *ret_box)
{
  double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
  for (guint i = 0; i < keypoints->n_points; i++)
    {
      const AssayKeypoint *point = &keypoints->points[i];
      if (!assay_keypoint_is_placed (point))
        continue;
      left = fmin (left, point->at.x);
      right = fmax (right, point->at.x);
      top = fmin (top, point->at.y);
      bottom = fmax (bottom, point->at.y);
    }
  if (left > right)
    return FALSE;
  *ret_box = (AssayRect){ left, top, right - left, bottom - top };
  return TRUE;
}

double
assay_oks (const AssayPoint *truth, const gboolean *placed, const AssayPoint *other, const double *sigmas, guint n,
           double area_px, const AssayRect *box)
{
  gboolean any = FALSE;
  for (guint i = 0; i < n; i++)
    any = any || placed[i];
  if (n == 0 || (!any && box == NULL))
    return NAN;
  double area = area_px + 0x1p-52, sum = 0;
  guint counted = 0;
  for (guint i = 0; i < n; i++)
    {
      if (any && !placed[i])
        continue;
      double dx, dy;
      if (any)
        {
          dx = other[i].x - truth[i].x;
          dy = other[i].y - truth[i].y;
        }
      else
        { /* how far outside the box, doubled about its middle */
          dx = fmax (0, box->x - box->w - other[i].x) + fmax (0, other[i].x - (box->x + 2 * box->w));
          dy = fmax (0, box->y - box->h - other[i].y) + fmax (0, other[i].y - (box->y + 2 * box->h));
        }
      sum += exp (-(dx * dx + dy * dy) / (8 * sigmas[i] * sigmas[i] * area));
      counted++;
    }
  return sum / counted;
}

/* Without a known area: the box of the placed points. A flat skeleton (an upright pole) has no area, so no side
 * counts as less than a quarter of the other; a single point counts as COCO's small object, 32 x 32. */
double
assay_keypoints_area (const AssayKeypoints *keypoints)
{
  AssayRect box;
  if (keypoints->area_px > 0)
    return keypoints->area_px;
  if (!assay_keypoints_bounds (keypoints, &box))
    return 0;
  double longer = fmax (box.w, box.h);
  return longer > 0 ? fmax (box.w, longer / 4) * fmax (box.h, longer / 4) : 32 * 32;
}

double
assay_keypoints_oks (const AssayKeypoints *truth, const AssayKeypoints *other, const double *sigmas)
{
  guint n = truth->n_points;
  g_autofree AssayPoint *at = g_new0 (AssayPoint, n);
  g_autofree AssayPoint *other_at = g_new0 (AssayPoint, n);
  g_autofree gboolean *placed = g_new0 (gboolean, n);
  for (guint i = 0; i < n; i++)
    {
      const AssayKeypoint *there = assay_keypoints_find (other, &truth->points[i].node);
      placed[i] = assay_keypoint_is_placed (&truth->points[i]);
      at[i] = truth->points[i].at;
      other_at[i]
          = there != NULL && assay_keypoint_is_placed (there) ? there->at : (AssayPoint){ INFINITY, INFINITY };
    }
  return assay_oks (at, placed, other_at, sigmas, n, assay_keypoints_area (truth), NULL);
}
