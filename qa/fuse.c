/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/fuse.h"

#include "core/keypoints.h"
#include "core/label.h"
#include "core/pose.h"
#include "core/region.h"
#include "qa/cluster.h"
#include "qa/difference.h"
#include "qa/region-vote.h"
#include "qa/rotation.h"

#include <math.h>
#include <string.h>

static gpointer
fuse_regions (const AssayObject *const *members, guint n, const AssayTask *task)
{
  g_autofree const AssayRegion **regions = g_new (const AssayRegion *, n);
  for (guint i = 0; i < n; i++)
    regions[i] = members[i]->value;
  AssayRegion *region = assay_region_vote (regions, n);
  if (region == NULL)
    region = assay_region_new_from_mask (assay_mask_copy (regions[0]->mask));
  region->crowd = regions[0]->crowd;
  return region;
}

static gpointer
fuse_boxes (const AssayObject *const *members, guint n, const AssayTask *task)
{
  AssayBox *mean = g_new0 (AssayBox, 1);
  for (guint i = 0; i < n; i++)
    {
      const AssayRect *box = &((const AssayBox *) members[i]->value)->box;
      mean->box.x += box->x / n;
      mean->box.y += box->y / n;
      mean->box.w += box->w / n;
      mean->box.h += box->h / n;
    }
  return mean;
}

/* The state most give it (the first on a tie), and the mean of where they place it. */
static AssayKeypoint
fuse_node (const AssayObject *const *members, guint n, const AssayId *node)
{
  guint votes[4] = { 0 }, n_placed = 0;
  AssayKeypoint fused = { .node = *node };
  AssayPoint sum = { 0, 0 };
  for (guint i = 0; i < n; i++)
    {
      const AssayKeypoint *point = assay_keypoints_find (members[i]->value, node);
      votes[point != NULL ? point->state : ASSAY_NODE_UNLABELLED]++;
      if (point == NULL || !assay_keypoint_is_placed (point))
        continue;
      sum.x += point->at.x;
      sum.y += point->at.y;
      n_placed++;
    }
  guint best = 0;
  for (guint i = 0; i < n; i++)
    {
      const AssayKeypoint *point = assay_keypoints_find (members[i]->value, node);
      AssayNodeState state = point != NULL ? point->state : ASSAY_NODE_UNLABELLED;
      if (votes[state] > best)
        {
          best = votes[state];
          fused.state = state;
        }
    }
  if (assay_keypoint_is_placed (&fused))
    fused.at = (AssayPoint){ sum.x / n_placed, sum.y / n_placed };
  return fused;
}

static gpointer
fuse_keypoints (const AssayObject *const *members, guint n, const AssayTask *task)
{
  AssayKeypoints *fused = assay_keypoints_copy (members[0]->value);
  double area = 0;
  guint n_areas = 0;
  for (guint i = 0; i < fused->n_points; i++)
    fused->points[i] = fuse_node (members, n, &fused->points[i].node);
  for (guint i = 0; i < n; i++)
    {
      double one = ((const AssayKeypoints *) members[i]->value)->area_px;
      area += MAX (one, 0);
      n_areas += one > 0;
    }
  fused->area_px = n_areas > 0 ? area / n_areas : 0;
  return fused;
}

static gpointer
fuse_poses (const AssayObject *const *members, guint n, const AssayTask *task)
{
  const AssayPosed *first = members[0]->value;
  g_autofree double *rotations = g_new (double, 9 * (gsize) n);
  AssayPose mean = { 0 };
  for (guint i = 0; i < n; i++)
    {
      const AssayPose *pose = &((const AssayPosed *) members[i]->value)->pose;
      memcpy (rotations + 9 * (gsize) i, pose->r, sizeof pose->r);
      for (guint j = 0; j < 3; j++)
        mean.t_m[j] += pose->t_m[j] / n;
    }
  assay_rotation_mean (rotations, n, mean.r);
  return assay_posed_new (&mean, &first->camera, NULL, 0, NAN);
}

static AssayId
derive_id (const AssayId *ids, guint n)
{
  return assay_id_derive ("consensus", ids, n * sizeof (AssayId));
}

typedef gpointer (*FuseValues) (const AssayObject *const *members, guint n, const AssayTask *task);

static AssayObject *
fuse_cluster (const AssayCluster *cluster, guint n_labels, const AssayTask *task, FuseValues fuse)
{
  g_autofree const AssayObject **members = g_new (const AssayObject *, cluster->n_members);
  g_autofree AssayId *ids = g_new (AssayId, cluster->n_members);
  guint n = 0;
  for (guint i = 0; i < n_labels; i++)
    if (cluster->members[i] != NULL)
      {
        ids[n] = cluster->members[i]->id;
        members[n++] = cluster->members[i];
      }
  AssayId class_id = assay_cluster_class (cluster, n_labels, NULL);
  AssayObject *object = assay_object_new (&class_id, fuse (members, n, task));
  object->id = derive_id (ids, n);
  object->track = members[0]->track;
  object->attributes = json_incref (members[0]->attributes);
  return object;
}

static AssayObjects *
fuse_objects (const GPtrArray *labels, const AssayTask *task, FuseValues fuse)
{
  g_autoptr (GPtrArray) clusters = assay_cluster_objects (labels, task);
  AssayObjects *objects = assay_objects_new (task->kind);
  for (guint i = 0; i < clusters->len; i++)
    {
      const AssayCluster *cluster = g_ptr_array_index (clusters, i);
      if (2 * cluster->n_members <= labels->len)
        continue;
      AssayObject *object = fuse_cluster (cluster, labels->len, task, fuse);
      /* Masks that overlap in pairs only have no pixel that most agree on: there is no object to keep. */
      if (task->kind->validate (object->value, task, NULL, NULL))
        assay_objects_take (objects, object);
      else
        assay_object_free (object, task->kind);
    }
  return objects;
}

static AssayObjects *
fuse_regions_of_labels (const GPtrArray *labels, const AssayTask *task)
{
  return fuse_objects (labels, task, fuse_regions);
}

static AssayObjects *
fuse_boxes_of_labels (const GPtrArray *labels, const AssayTask *task)
{
  return fuse_objects (labels, task, fuse_boxes);
}

static AssayObjects *
fuse_keypoints_of_labels (const GPtrArray *labels, const AssayTask *task)
{
  return fuse_objects (labels, task, fuse_keypoints);
}

static AssayObjects *
fuse_poses_of_labels (const GPtrArray *labels, const AssayTask *task)
{
  return fuse_objects (labels, task, fuse_poses);
}

static const AssayObjects *
objects_of (const GPtrArray *labels, guint index)
{
  return ((const AssayLabel *) g_ptr_array_index (labels, index))->objects;
}

/* The transcript nearest to all others; its segments as they are. */
static AssayObjects *
choose_nearest (const GPtrArray *labels, const AssayTask *task)
{
  guint best = 0;
  double best_likeness = -1;
  for (guint i = 0; i < labels->len; i++)
    {
      double likeness = 0;
      for (guint j = 0; j < labels->len; j++)
        {
          g_autoptr (AssayComparison) comparison
              = assay_compare (objects_of (labels, i), objects_of (labels, j), task);
          likeness += assay_comparison_likeness (comparison, task->kind);
        }
      if (likeness <= best_likeness)
        continue;
      best_likeness = likeness;
      best = i;
    }
  AssayObjects *chosen = assay_objects_copy (objects_of (labels, best));
  for (guint i = 0; i < chosen->list->len; i++)
    {
      AssayObject *object = g_ptr_array_index (chosen->list, i);
      object->id = derive_id (&object->id, 1);
    }
  return chosen;
}

/* Tags that more than half of the answers have, in the order of the task's classes. */
static AssayObjects *
vote_tags (const GPtrArray *labels, const AssayTask *task)
{
  AssayObjects *chosen = assay_objects_new (task->kind);
  for (guint c = 0; c < task->classes->len; c++)
    {
      const AssayClass *class = g_ptr_array_index (task->classes, c);
      guint n = 0;
      for (guint i = 0; i < labels->len; i++)
        {
          gboolean has = FALSE;
          for (guint o = 0; o < objects_of (labels, i)->list->len; o++)
            has = has
                  || assay_id_equal (
                      &((AssayObject *) g_ptr_array_index (objects_of (labels, i)->list, o))->class_id, &class->id);
          n += has;
        }
      if (2 * n <= labels->len)
        continue;
      AssayObject *object = assay_object_new (&class->id, NULL);
      object->id = derive_id (&class->id, 1);
      assay_objects_take (chosen, object);
    }
  return chosen;
}

static const struct
{
  const char *kind;
  AssayObjects *(*fuse) (const GPtrArray *labels, const AssayTask *task);
} fuses[] = {
  { "segmentation", fuse_regions_of_labels }, { "box", fuse_boxes_of_labels },
  { "keypoints", fuse_keypoints_of_labels },  { "pose", fuse_poses_of_labels },
  { "transcript", choose_nearest },           { "tag", vote_tags },
};

AssayObjects *
assay_fuse_labels (const GPtrArray *labels, const AssayTask *task)
{
  for (guint i = 0; i < G_N_ELEMENTS (fuses); i++)
    if (g_str_equal (fuses[i].kind, task->kind->id))
      return fuses[i].fuse (labels, task);
  return NULL;
}
