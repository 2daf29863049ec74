/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/skeleton.h"

#include <string.h>

static const AssaySkeleton skeletons[] = {
  {
      .id = "coco-person",
      .title = "Person, 17 points (COCO)",
      .names
      = "nose, left_eye, right_eye, left_ear, right_ear, left_shoulder, right_shoulder, left_elbow, right_elbow, "
        "left_wrist, right_wrist, left_hip, right_hip, left_knee, right_knee, left_ankle, right_ankle",
      .edges = "15 13, 13 11, 16 14, 14 12, 11 12, 5 11, 6 12, 5 6, 5 7, 6 8, 7 9, 8 10, 1 2, 0 1, 0 2, 1 3, 2 4, "
               "3 5, 4 6",
      /* cocodataset.org, keypoints evaluation. */
      .sigmas
      = "0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087, 0.087, "
        "0.089, 0.089",
  },
  {
      .id = "hand",
      .title = "Hand, 21 points",
      .names = "wrist, thumb_1, thumb_2, thumb_3, thumb_4, index_1, index_2, index_3, index_4, middle_1, middle_2, "
               "middle_3, "
               "middle_4, ring_1, ring_2, ring_3, ring_4, little_1, little_2, little_3, little_4",
      .edges
      = "0 1, 1 2, 2 3, 3 4, 0 5, 5 6, 6 7, 7 8, 0 9, 9 10, 10 11, 11 12, 0 13, 13 14, 14 15, 15 16, 0 17, 17 18, "
        "18 19, 19 20",
  },
  {
      .id = "box",
      .title = "Box, 8 corners",
      .names
      = "base_front_left, base_front_right, base_back_right, base_back_left, lid_front_left, lid_front_right, "
        "lid_back_right, lid_back_left",
      .edges = "0 1, 1 2, 2 3, 3 0, 4 5, 5 6, 6 7, 7 4, 0 4, 1 5, 2 6, 3 7",
  },
};

const AssaySkeleton *
assay_skeleton_list (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (skeletons);
  return skeletons;
}

const AssaySkeleton *
assay_skeleton_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (skeletons); i++)
    if (g_str_equal (skeletons[i].id, id))
      return &skeletons[i];
  return NULL;
}

/* Words between commas, without the blanks around them. */
static GStrv
split (const char *list)
{
  GStrv words = g_strsplit (list, ",", -1);
  for (guint i = 0; words[i] != NULL; i++)
    g_strstrip (words[i]);
  return words;
}

const AssaySkeleton *
assay_skeleton_find_names (const char *names)
{
  g_auto (GStrv) words = split (names);
  for (guint i = 0; i < G_N_ELEMENTS (skeletons); i++)
    {
      g_auto (GStrv) own = split (skeletons[i].names);
      if (g_strv_equal ((const char *const *) words, (const char *const *) own))
        return &skeletons[i];
    }
  return NULL;
}

static const AssayNode *
find_node (const AssayTask *task, const char *name)
{
  for (guint i = 0; i < task->nodes->len; i++)
    if (g_str_equal (g_array_index (task->nodes, AssayNode, i).name, name))
      return &g_array_index (task->nodes, AssayNode, i);
  return NULL;
}

static void
mirror_nodes (AssayTask *task)
{
  for (guint i = 0; i < task->nodes->len; i++)
    {
      AssayNode *node = &g_array_index (task->nodes, AssayNode, i);
      gboolean left = g_str_has_prefix (node->name, "left_"), right = g_str_has_prefix (node->name, "right_");
      if (!left && !right)
        continue;
      g_autofree char *name = g_strconcat (left ? "right_" : "left_", strchr (node->name, '_') + 1, NULL);
      const AssayNode *other = find_node (task, name);
      if (other != NULL)
        node->mirror = other->id;
    }
}

void
assay_skeleton_apply (const AssaySkeleton *skeleton, AssayTask *task)
{
  g_return_if_fail (task->nodes->len == 0);
  g_auto (GStrv) names = split (skeleton->names), edges = split (skeleton->edges);
  g_auto (GStrv) sigmas = skeleton->sigmas != NULL ? split (skeleton->sigmas) : NULL;
  for (guint i = 0; names[i] != NULL; i++)
    {
      AssayNode *node = assay_task_add_node (task, names[i]);
      if (sigmas != NULL)
        node->sigma = g_ascii_strtod (sigmas[i], NULL);
    }
  mirror_nodes (task);
  for (guint i = 0; edges[i] != NULL; i++)
    {
      char *end;
      AssayEdge edge = { .from = (guint) g_ascii_strtoull (edges[i], &end, 10) };
      edge.to = (guint) g_ascii_strtoull (end, NULL, 10);
      g_array_append_val (task->edges, edge);
    }
}
