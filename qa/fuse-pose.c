/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pose of several, where turning the model into itself is no difference. */
#include "core/symmetry.h"
#include "qa/fuse.h"
#include "qa/robust.h"
#include "qa/rotation.h"

#include <math.h>
#include <string.h>

static const char *const methods[] = { "median", "mean", NULL };

/* Brings all poses to where they are nearest to the one that is nearest to all. */
static void
bring_together (AssayPose *poses, guint n, const GArray *symmetries, const AssayTask *task)
{
  double limit_deg = task->tolerance_deg > 0 ? task->tolerance_deg : ASSAY_TASK_TOLERANCE_DEG;
  double limit_m = task->tolerance_m > 0 ? task->tolerance_m : ASSAY_TASK_TOLERANCE_M, least = INFINITY;
  guint middle = 0;
  for (guint k = 0; k < n; k++)
    {
      double sum = 0;
      for (guint i = 0; i < n; i++)
        {
          AssayPose near = assay_pose_nearest (&poses[i], &poses[k], symmetries, limit_deg, limit_m);
          sum += assay_pose_rotation_deg (&poses[k], &near) / limit_deg
                 + assay_pose_translation (&poses[k], &near) / limit_m;
        }
      if (sum >= least)
        continue;
      least = sum;
      middle = k;
    }
  for (guint i = 0; i < n; i++)
    if (i != middle)
      poses[i] = assay_pose_nearest (&poses[i], &poses[middle], symmetries, limit_deg, limit_m);
}

static gpointer
join_values (const AssayFuse *fuse, const AssayObject *const *members, guint n, const AssayId *class_id)
{
  const AssayPosed *first = members[0]->value;
  const AssayClass *class = assay_task_find_class (fuse->task, class_id);
  g_autoptr (GArray) symmetries = class != NULL ? assay_task_list_symmetries (fuse->task, class) : NULL;
  g_autofree AssayPose *poses = g_new (AssayPose, n);
  g_autofree double *rotations = g_new (double, 9 * (gsize) n), *places = g_new (double, 3 * (gsize) n);
  AssayPose joined = { 0 };
  for (guint i = 0; i < n; i++)
    poses[i] = ((const AssayPosed *) members[i]->value)->pose;
  if (symmetries != NULL && symmetries->len > 1)
    bring_together (poses, n, symmetries, fuse->task);
  for (guint i = 0; i < n; i++)
    {
      memcpy (rotations + 9 * (gsize) i, poses[i].r, sizeof poses[i].r);
      memcpy (places + 3 * (gsize) i, poses[i].t_m, sizeof poses[i].t_m);
      for (guint d = 0; d < 3; d++)
        joined.t_m[d] += poses[i].t_m[d] / n;
    }
  if (fuse->method == methods[0])
    {
      assay_robust_point (places, n, 3, joined.t_m);
      assay_robust_rotation (rotations, n, joined.r);
    }
  else
    assay_rotation_mean (rotations, n, joined.r);
  assay_fuse_use (fuse, fuse->method);
  return assay_posed_new (&joined, &first->camera, NULL, 0, NAN);
}

static AssayObjects *
join (const AssayFuse *fuse)
{
  return assay_fuse_objects (fuse, join_values);
}

const AssayFusion assay_fusion_pose = { "pose", methods, join };
