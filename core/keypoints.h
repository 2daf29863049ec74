/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/keypoints.h - the value of a keypoints object: named nodes of a skeleton, each in one of four states. */
#include "core/geometry.h"
#include "core/id.h"

G_BEGIN_DECLS

typedef enum {
  ASSAY_NODE_UNLABELLED, /* not labelled yet: has no coordinates, anywhere, ever */
  ASSAY_NODE_VISIBLE,
  ASSAY_NODE_OCCLUDED, /* in the picture but hidden: placed by guess */
  ASSAY_NODE_OUTSIDE,  /* outside the picture: no coordinates */
} AssayNodeState;

typedef struct {
  AssayId node; /* of the task's skeleton */
  AssayNodeState state;
  AssayPoint at; /* meaningful when VISIBLE or OCCLUDED, else 0,0 */
} AssayKeypoint;

typedef struct {
  guint n_points;
  AssayKeypoint *points; /* one a node of the skeleton, in its order at the time of writing */
  double area_px;        /* the object's area for OKS when known (a mask, COCO's field), else 0: the box of the points is used */
} AssayKeypoints;

AssayKeypoints *assay_keypoints_new (guint n_points);
AssayKeypoints *assay_keypoints_copy (const AssayKeypoints *keypoints);
void assay_keypoints_free (AssayKeypoints *keypoints);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayKeypoints, assay_keypoints_free)
const AssayKeypoint *assay_keypoints_find (const AssayKeypoints *keypoints, const AssayId *node); /* (nullable) */
gboolean assay_keypoint_is_placed (const AssayKeypoint *keypoint);

/* OKS as pycocotools computes it: mean over the truth's placed nodes of exp (-d^2 / (8 sigma^2 (area + 2^-52))), v=1 and
 * v=2 alike. Between annotators it is taken both ways and averaged (symmetric). NaN when no node is placed in either. */
double assay_keypoints_oks (const AssayKeypoints *truth, const AssayKeypoints *other, const double *sigmas /* one a point of truth */);

G_END_DECLS
