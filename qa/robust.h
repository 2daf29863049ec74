/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/robust.h - the middle of several that a few wild ones cannot move far: up to half of them may be anything. Any
 * thread. */
#include <glib.h>

G_BEGIN_DECLS

/* The middle one of the sorted numbers, of an even number the mean of the two; n > 0. */
double assay_robust_median (const double *values, guint n);
/* The point with the least total distance to all (Weiszfeld 1937, with the step of Vardi and Zhang 2000 where it
 * falls upon one of them), from their mean; of two, or on a tie, that mean. `points`: n x dimensions (at most 3), n
 * > 0. */
void assay_robust_point (const double *points, guint n, guint dimensions, double *ret_point);
/* The rotation with the least total angle to all (Hartley, Aftab and Trumpf 2011), from the chordal mean.
 * `rotations`: n row-major matrices of 9, n > 0. */
void assay_robust_rotation (const double *rotations, guint n, double ret_rotation[9]);

G_END_DECLS
