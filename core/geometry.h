/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/geometry.h - the plain numbers that values and tools are made of.
 *
 * Image coordinates: pixels, (0,0) is the top-left CORNER of the top-left pixel, so the middle of that pixel is
 * (0.5, 0.5). Space: metres; poses map model to camera, OpenCV axes (x right, y down, z forward). */
#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  double x, y;
} AssayPoint;

typedef struct {
  double x, y, z;
} AssayPoint3;

typedef struct {
  double x, y, w, h; /* half-open: [x, x+w) */
} AssayRect;

/* OpenCV's camera: pixel centres at integers. image = K * distort (X/Z, Y/Z); image points from core lose 0.5 at the
 * door of vision/ (decisions.md 14). */
typedef struct {
  double fx, fy, cx, cy;
  double distortion[5]; /* k1 k2 p1 p2 k3 */
  gboolean assumed;     /* nobody measured it */
} AssayCamera;

/* x_camera = R x_model + t. */
typedef struct {
  double r[9];   /* row-major, orthonormal, determinant +1 */
  double t_m[3]; /* metres */
} AssayPose;

/* Intersection over union; with `b_is_crowd` over a's area (pycocotools bbIou). Undefined (neither has an area) is NaN. */
double assay_rect_iou (AssayRect a, AssayRect b, gboolean b_is_crowd);

G_END_DECLS
