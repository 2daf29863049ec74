/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/trend.h - whether a number goes along with another: a slope and a rank correlation, each with a 95 % interval.
 * doc/METRICS.md has the formulas. Undefined is NaN. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double value, low, high;
} AssayTrend;

/* Least squares slope of y over x; the interval is the percentile bootstrap over pairs (qa/bootstrap.h). Fewer than
 * three pairs, or one x for all: undefined. */
AssayTrend assay_trend_slope (const double *x, const double *y, guint n);
/* Spearman's rank correlation (mean ranks for ties); the interval is Fisher's with the variance of Bonett and
 * Wright 2000, (1 + r^2 / 2) / (n - 3). Fewer than four pairs, or no spread: undefined. */
AssayTrend assay_trend_spearman (const double *x, const double *y, guint n);
/* Mean of y where x is above the median of x, less that of the others: by how much the later half differs; p of
 * Mann and Whitney. Fewer than four pairs: undefined. */
typedef struct
{
  double change, p;
} AssayTrendHalves;
AssayTrendHalves assay_trend_halves (const double *x, const double *y, guint n);

G_END_DECLS
