/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/vsd.h - the error of a pose where it can be seen: Visible Surface Discrepancy (Hodan et al. 2016 and 2020), as
 * BOP has it since 2019. It compares what is drawn of the object in both poses with what the depth camera saw, so
 * that a pose which looks the same is not wrong. Golden: `pose6d_vsd` (bop_toolkit). Any thread. */
#include <glib.h>

G_BEGIN_DECLS

/* Depth pictures: z along the camera's axis, in one unit for all, row by row; 0 = nothing seen or drawn. */
typedef struct
{
  guint width_px, height_px;
  const double *seen, *estimate, *truth;
  double fx, fy, cx, cy; /* pixels; (0, 0) is the middle of the first pixel, as BOP has it */
} AssayDepths;

typedef enum
{
  ASSAY_VSD_STEP,  /* a pixel is wrong from the tolerance on */
  ASSAY_VSD_LINEAR /* distance / tolerance, at most 1 */
} AssayVsdCost;

/* Distances are along the ray. A drawn pixel is visible when it is at most `delta` behind what was seen, or nothing
 * was seen there; of the estimate also where the truth is. The error for each tolerance is the mean cost over
 * pixels that are visible in either, 1 for those in only one. Nothing visible: 1. `diameter`: distances are divided
 * by it first; NaN = not. */
void assay_vsd_measure (const AssayDepths *depths, double delta, double diameter, AssayVsdCost cost,
                        const double *tolerances, guint n_tolerances, double *ret_errors);

G_END_DECLS
