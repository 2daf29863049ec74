/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One skeleton of several, node by node: the state that most give it, and the middle of where they place it. */
#include "core/keypoints.h"
#include "qa/fuse.h"
#include "qa/robust.h"

static const char *const methods[] = { "median", "mean", NULL };

static AssayPoint
middle (const AssayFuse *fuse, const double *places, guint n)
{
  double at[2] = { 0, 0 };
  if (fuse->method == methods[0])
    assay_robust_point (places, n, 2, at);
  else
    for (guint i = 0; i < 2 * n; i++)
      at[i % 2] += places[i] / n;
  return (AssayPoint){ at[0], at[1] };
}

/* The first state on a tie. */
static AssayKeypoint
join_node (const AssayFuse *fuse, const AssayObject *const *members, guint n, const AssayId *node)
{
  guint votes[4] = { 0 }, n_placed = 0, best = 0;
  AssayKeypoint joined = { .node = *node };
  g_autofree double *places = g_new (double, 2 * (gsize) n);
  for (guint i = 0; i < n; i++)
    {
      const AssayKeypoint *point = assay_keypoints_find (members[i]->value, node);
      votes[point != NULL ? point->state : ASSAY_NODE_UNLABELLED]++;
      if (point == NULL || !assay_keypoint_is_placed (point))
        continue;
      places[2 * n_placed] = point->at.x;
      places[2 * n_placed++ + 1] = point->at.y;
    }
  for (guint i = 0; i < n; i++)
    {
      const AssayKeypoint *point = assay_keypoints_find (members[i]->value, node);
      AssayNodeState state = point != NULL ? point->state : ASSAY_NODE_UNLABELLED;
      if (votes[state] > best)
        {
          best = votes[state];
          joined.state = state;
        }
    }
  if (assay_keypoint_is_placed (&joined))
    joined.at = middle (fuse, places, n_placed);
  return joined;
}

static gpointer
join_values (const AssayFuse *fuse, const AssayObject *const *members, guint n, const AssayId *class_id)
{
  AssayKeypoints *joined = assay_keypoints_copy (members[0]->value);
  double area = 0;
  guint n_areas = 0;
  for (guint i = 0; i < joined->n_points; i++)
    joined->points[i] = join_node (fuse, members, n, &joined->points[i].node);
  for (guint i = 0; i < n; i++)
    {
      double one = ((const AssayKeypoints *) members[i]->value)->area_px;
      area += MAX (one, 0);
      n_areas += one > 0;
    }
  joined->area_px = n_areas > 0 ? area / n_areas : 0;
  assay_fuse_use (fuse, fuse->method);
  return joined;
}

static AssayObjects *
join (const AssayFuse *fuse)
{
  return assay_fuse_objects (fuse, join_values);
}

const AssayFusion assay_fusion_keypoints = { "keypoints", methods, join };
