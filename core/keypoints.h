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

/* Box of the placed points; FALSE when there is none. */
gboolean assay_keypoints_bounds (const AssayKeypoints *keypoints, AssayRect *ret_box);

/* What OKS divides by: the object's area when it is known, else that of the box of its placed points (doc/METRICS.md); 0 when none
 * is placed. */
double assay_keypoints_area (const AssayKeypoints *keypoints);

/* OKS as pycocotools computes it (COCOeval.computeOks): mean over the truth's placed points of
 * exp (-d^2 / (8 sigma^2 (area + 2^-52))), v=1 and v=2 alike. When none is placed, d is how far the other's points lie outside
 * `box` doubled about its middle; without a `box` (nullable) that is undefined: NaN. All arrays hold `n`. */
double assay_oks (const AssayPoint *truth, const gboolean *placed, const AssayPoint *other, const double *sigmas, guint n, double area_px,
                  const AssayRect *box);
/* The same, one way, over two values: a node that `other` has not placed counts 0. The area is the truth's, or that of the box of
 * its points (doc/METRICS.md). NaN when the truth places nothing. */
double assay_keypoints_oks (const AssayKeypoints *truth, const AssayKeypoints *other, const double *sigmas /* one a point of truth */);

G_END_DECLS
