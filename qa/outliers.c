/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/outliers.h"

#include <math.h>
#include <stdlib.h>

#define NORMAL_QUARTILE 0.6745 /* as published, rounded */

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

double
assay_quantile_sorted (const double *sorted, guint n, double p)
{
  double at = p * (n - 1), below = floor (at);
  guint i = (guint) below;
  return i + 1 < n ? sorted[i] + (at - below) * (sorted[i + 1] - sorted[i]) : sorted[n - 1];
}

/* The median of the distances from `middle`; `scratch` has room for them. */
static double
median_distance (const double *values, guint n, double middle, double *scratch)
{
  for (guint i = 0; i < n; i++)
    scratch[i] = fabs (values[i] - middle);
  qsort (scratch, n, sizeof (double), compare_doubles);
  return assay_quantile_sorted (scratch, n, 0.5);
}

gboolean
assay_spread_measure (const double *values, guint n, AssaySpread *ret_spread)
{
  *ret_spread = (AssaySpread){ NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
  if (n == 0)
    return FALSE;
  g_autofree double *sorted = g_memdup2 (values, n * sizeof (double)), *scratch = g_new (double, n);
  qsort (sorted, n, sizeof (double), compare_doubles);
  ret_spread->median = assay_quantile_sorted (sorted, n, 0.5);
  ret_spread->mad = median_distance (sorted, n, ret_spread->median, scratch);
  ret_spread->quartile_1 = assay_quantile_sorted (sorted, n, 0.25);
  ret_spread->quartile_3 = assay_quantile_sorted (sorted, n, 0.75);
  double reach = ASSAY_OUTLIER_IQR * (ret_spread->quartile_3 - ret_spread->quartile_1);
  ret_spread->fence_low = ret_spread->quartile_1 - reach;
  ret_spread->fence_high = ret_spread->quartile_3 + reach;
  if (!(sorted[0] > 0))
    return TRUE;
  for (guint i = 0; i < n; i++)
    sorted[i] = log (sorted[i]);
  ret_spread->log_median = assay_quantile_sorted (sorted, n, 0.5);
  ret_spread->log_mad = median_distance (sorted, n, ret_spread->log_median, scratch);
  return TRUE;
}

double
assay_spread_modified_z (const AssaySpread *spread, double value)
{
  return spread->mad > 0 ? NORMAL_QUARTILE * (value - spread->median) / spread->mad : NAN;
}

gboolean
assay_spread_is_beyond (const AssaySpread *spread, double value)
{
  return value < spread->fence_low || value > spread->fence_high;
}
