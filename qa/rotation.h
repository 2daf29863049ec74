/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/rotation.h - the middle of several rotations: the chordal L2 mean (Markley et al. 2007), which is the
 * eigenvector of the largest eigenvalue of the sum of the quaternions' outer products. Any thread. */
#include "core/geometry.h"

G_BEGIN_DECLS

/* `rotations`: n row-major matrices of 9. n > 0. */
void assay_rotation_mean (const double *rotations, guint n, double ret_mean[9]);

G_END_DECLS
