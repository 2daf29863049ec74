/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/skeleton.h - skeletons that many datasets share, to begin a keypoints task with. Data; any thread. */
#include "core/task.h"

G_BEGIN_DECLS

typedef struct
{
  const char *id, *title; /* "coco-person", "Person, 17 points (COCO)" */
  const char *names;      /* of the nodes in order, joined by ", "; left_ and right_ mirror each other */
  const char *edges;      /* pairs of indices: "0 1, 0 2" */
  const char *sigmas;     /* (nullable) one a node, published with the dataset */
} AssaySkeleton;

const AssaySkeleton *assay_skeleton_find (const char *id); /* (nullable) */
const AssaySkeleton *
assay_skeleton_find_names (const char *names); /* (nullable) whose names these are, blanks aside */
const AssaySkeleton *assay_skeleton_list (guint *ret_n);
/* Gives the nodes, mirrors, sigmas and edges to a task that has no nodes yet. */
void assay_skeleton_apply (const AssaySkeleton *skeleton, AssayTask *task);

G_END_DECLS
