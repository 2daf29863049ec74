/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/pose.h - the value of a pose object: where a known rigid model stands before the camera.
 *
 * Metres inside. Errors follow the BOP toolkit (pose_error.py): rotation by atan2, translation, ADD, ADD-S. */
#include "core/geometry.h"

G_BEGIN_DECLS

typedef struct {
  AssayPoint3 model_m; /* a point of the model */
  AssayPoint image_px; /* where it was clicked */
} AssayPosePair;

typedef struct {
  AssayPose pose;
  AssayCamera camera;   /* that it was solved with */
  guint n_pairs;        /* the clicks that led to it; 0 when it came otherwise */
  AssayPosePair *pairs;
  double rms_px;        /* reprojection error of the pairs; NaN without */
} AssayPosed;

AssayPosed *assay_posed_new (const AssayPose *pose, const AssayCamera *camera, const AssayPosePair *pairs, guint n_pairs, double rms_px);
AssayPosed *assay_posed_copy (const AssayPosed *posed);
void assay_posed_free (AssayPosed *posed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPosed, assay_posed_free)

double assay_pose_rotation_deg (const AssayPose *a, const AssayPose *b);
double assay_pose_translation (const AssayPose *a, const AssayPose *b); /* in the unit of t */
double assay_pose_add (const AssayPose *a, const AssayPose *b, const AssayPoint3 *points, guint n);
double assay_pose_add_s (const AssayPose *estimate, const AssayPose *truth, const AssayPoint3 *points, guint n);
gboolean assay_pose_is_rigid (const AssayPose *pose, double tolerance);
AssayPoint3 assay_pose_apply (const AssayPose *pose, AssayPoint3 p);

/* A triangle mesh, read from PLY (ascii or binary little-endian) or OBJ. */
typedef struct {
  guint n_vertices, n_triangles;
  AssayPoint3 *vertices_m;
  guint32 *triangles; /* 3 indices each */
  double diameter_m;  /* largest distance between two vertices */
} AssayModel;
/* `unit_m`: metres in one unit of the file: 1, 0.01 or 0.001. */
AssayModel *assay_model_load (const char *path, double unit_m, GError **error);
void assay_model_free (AssayModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayModel, assay_model_free)

G_END_DECLS
