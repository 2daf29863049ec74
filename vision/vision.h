/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* vision/vision.h - image geometry over OpenCV, behind plain C (the only C++ of Assay stands behind this header).
 *
 * Points come and go in core's frame ((0,0) = corner of the top-left pixel) and lose 0.5 inside. No exception leaves:
 * OpenCV's become ASSAY_ERROR_BAD_DATA with its words. Any thread. */
#include "core/geometry.h"
#include "core/mask.h"
#include "core/picture.h"

G_BEGIN_DECLS

/* Pose from n >= 4 pairs: SQPNP, then Levenberg-Marquardt on the reprojection error; coplanar points use IPPE first.
 * `ret_rms_px` is sqrt(mean squared reprojection distance), `ret_residual_px` (nullable) one distance a pair. */
gboolean assay_vision_solve_pose (const AssayPoint3 *model_m, const AssayPoint *image_px, guint n, const AssayCamera *camera,
                                  AssayPose *ret_pose, double *ret_rms_px, double *ret_residual_px, GError **error);
/* Image points of model points, distortion applied; points behind the camera become NaN. */
void assay_vision_project (const AssayPose *pose, const AssayCamera *camera, const AssayPoint3 *model_m, guint n, AssayPoint *ret_px);
/* Filled silhouette of a triangle mesh (`triangles`: 3 indices each), clipped at z = 1 mm. */
AssayMask *assay_vision_silhouette (const AssayPose *pose, const AssayCamera *camera, const AssayPoint3 *vertices_m, guint n_vertices,
                                    const guint32 *triangles, guint n_triangles, guint width_px, guint height_px);
/* GrabCut (Rother 2004) from a box; runs at most at `max_side_px` and scales the answer back. */
AssayMask *assay_vision_grabcut (const AssayPicture *picture, AssayRect box, guint iterations, guint max_side_px, GError **error);
/* Outer and inner borders of a mask as corner polygons; holes are rings with opposite turn. GPtrArray of GArray of AssayPoint. */
GPtrArray *assay_vision_contours (const AssayMask *mask, double tolerance_px);

G_END_DECLS
