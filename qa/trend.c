/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/trend.h"

#include "qa/bootstrap.h"
#include "qa/correlation.h"
#include "qa/drift.h"
#include "qa/outliers.h"
#include "qa/share.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  const double *x, *y;
} Pairs;

static double
slope_of (const guint *drawn, guint n, gconstpointer data)
{
  const Pairs *pairs = data;
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  for (guint i = 0; i < n; i++)
    {
      mean_x += pairs->x[drawn[i]] / n;
      mean_y += pairs->y[drawn[i]] / n;
    }
  for (guint i = 0; i < n; i++)
    {
      double dx = pairs->x[drawn[i]] - mean_x;
      xx += dx * dx;
      xy += dx * (pairs->y[drawn[i]] - mean_y);
    }
  return xx > 1e-12 ? xy / xx : NAN;
}

AssayTrend
assay_trend_slope (const double *x, const double *y, guint n)
{
  AssayTrend trend = { NAN, NAN, NAN };
  if (n < 3)
    return trend;
  g_autofree guint *all = g_new (guint, n);
  for (guint i = 0; i < n; i++)
    all[i] = i;
  Pairs pairs = { x, y };
  trend.value = slope_of (all, n, &pairs);
  if (isnan (trend.value))
    return trend;
  g_autoptr (AssaySha256Stream) stream = assay_sha256_stream_new ();
  AssaySha256 seed;
  assay_sha256_stream_add (stream, x, n * sizeof *x);
  assay_sha256_stream_add (stream, y, n * sizeof *y);
  assay_sha256_stream_finish (stream, &seed);
  assay_bootstrap (n, &seed, slope_of, &pairs, &trend.low, &trend.high);
  return trend;
}

AssayTrend
assay_trend_spearman (const double *x, const double *y, guint n)
{
  AssayTrend trend = { NAN, NAN, NAN };
  if (n < 4)
    return trend;
  g_autofree double *ranks_x = g_new (double, n), *ranks_y = g_new (double, n);
  double mean = (n + 1) / 2.0, xx = 0, yy = 0, xy = 0;
  assay_rank_values (x, n, ranks_x);
  assay_rank_values (y, n, ranks_y);
  for (guint i = 0; i < n; i++)
    {
      xx += (ranks_x[i] - mean) * (ranks_x[i] - mean);
      yy += (ranks_y[i] - mean) * (ranks_y[i] - mean);
      xy += (ranks_x[i] - mean) * (ranks_y[i] - mean);
    }
  if (xx <= 0 || yy <= 0)
    return trend;
  double r = trend.value = CLAMP (xy / sqrt (xx * yy), -1, 1);
  if (fabs (r) == 1)
    {
      trend.low = trend.high = r; /* in the limit */
      return trend;
    }
  double half = ASSAY_SHARE_Z * sqrt ((1 + r * r / 2) / (n - 3));
  trend.low = tanh (atanh (r) - half);
  trend.high = tanh (atanh (r) + half);
  return trend;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

AssayTrendHalves
assay_trend_halves (const double *x, const double *y, guint n)
{
  AssayTrendHalves halves = { NAN, NAN };
  if (n < 4)
    return halves;
  g_autofree double *sorted = g_memdup2 (x, n * sizeof *x), *early = g_new (double, n), *late = g_new (double, n);
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  double median = assay_quantile_sorted (sorted, n, 0.5), of_early = 0, of_late = 0;
  guint n_early = 0, n_late = 0;
  for (guint i = 0; i < n; i++)
    if (x[i] > median)
      of_late += late[n_late++] = y[i];
    else
      of_early += early[n_early++] = y[i];
  AssaySampleDrift drift;
  if (!assay_drift_samples (late, n_late, early, n_early, &drift))
    return halves;
  halves.change = of_late / n_late - of_early / n_early;
  halves.p = drift.mann_whitney_p;
  return halves;
}
