/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/outliers.h - which numbers do not fit the others, by measures that they cannot move themselves: median and MAD
 * (Iglewicz and Hoaglin 1993), and Tukey's fences (1977). Seconds, rates and sizes are looked at as logarithms.
 * Golden: `drift`, "outliers" (scipy). Undefined is NaN. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

#define ASSAY_OUTLIER_Z 3.5   /* modified z beyond which a number is one */
#define ASSAY_OUTLIER_IQR 1.5 /* quartile distances beyond the quartiles */

typedef struct
{
  double median, mad;            /* median of the distances from the median; not scaled */
  double quartile_1, quartile_3; /* linear between order statistics */
  double fence_low, fence_high;
  double log_median, log_mad; /* of the natural logarithms; NaN unless all numbers are above 0 */
} AssaySpread;

/* Finite numbers. FALSE (all NaN): there are none. */
gboolean assay_spread_measure (const double *values, guint n, AssaySpread *ret_spread);
/* 0.6745 (value - median) / MAD: in standard deviations where the rest is normal. NaN for a MAD of 0: then the
 * fences tell. */
double assay_spread_modified_z (const AssaySpread *spread, double value);
/* Beyond a fence. */
gboolean assay_spread_is_beyond (const AssaySpread *spread, double value);
/* The p-quantile of sorted numbers, linear between order statistics; n > 0. */
double assay_quantile_sorted (const double *sorted, guint n, double p);

G_END_DECLS
