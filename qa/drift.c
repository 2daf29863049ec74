/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/drift.h"

#include "qa/chance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_EXACT 10000

static double
sum_of (const double *values, guint n)
{
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += values[i];
  return sum;
}

/* p ln (p / q), 0 for p = 0. */
static double
relative_entropy (double p, double q)
{
  return p > 0 ? p * log (p / q) : 0;
}

static double
psi_of (double e, double a, double floor)
{
  double p = isnan (floor) ? e : fmax (e, floor), q = isnan (floor) ? a : fmax (a, floor);
  return p == q ? 0 : (q - p) * log (q / p);
}

static void
compare_table (const double *expected, const double *actual, guint n_bins, AssayBinDrift *drift)
{
  double n_e = sum_of (expected, n_bins), n_a = sum_of (actual, n_bins), n = n_e + n_a, chi_square = 0;
  guint n_used = 0;
  for (guint i = 0; i < n_bins; i++)
    {
      double both = expected[i] + actual[i], of_e = n_e * both / n, of_a = n_a * both / n;
      if (both <= 0)
        continue;
      n_used++;
      chi_square += (expected[i] - of_e) * (expected[i] - of_e) / of_e;
      chi_square += (actual[i] - of_a) * (actual[i] - of_a) / of_a;
    }
  drift->dof = n_used - 1;
  drift->chi_square = n_used > 1 ? chi_square : NAN;
  drift->chi_square_p = assay_chance_chi_square (drift->chi_square, drift->dof);
  drift->cramers_v = sqrt (drift->chi_square / n);
}

gboolean
assay_drift_bins (const double *expected, const double *actual, guint n_bins, double floor,
                  AssayBinDrift *ret_drift)
{
  double n_e = sum_of (expected, n_bins), n_a = sum_of (actual, n_bins), divergence = 0, roots = 0;
  *ret_drift = (AssayBinDrift){ NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0 };
  if (!(n_e > 0) || !(n_a > 0))
    return FALSE;
  ret_drift->psi = ret_drift->total_variation = 0;
  for (guint i = 0; i < n_bins; i++)
    {
      double e = expected[i] / n_e, a = actual[i] / n_a, middle = (e + a) / 2, root = sqrt (e) - sqrt (a);
      ret_drift->psi += psi_of (e, a, floor);
      ret_drift->total_variation += fabs (e - a) / 2;
      divergence += (relative_entropy (e, middle) + relative_entropy (a, middle)) / 2;
      roots += root * root / 2;
    }
  ret_drift->js_distance = sqrt (fmax (divergence, 0));
  ret_drift->js_divergence_bits = fmax (divergence, 0) / M_LN2;
  ret_drift->hellinger = sqrt (roots);
  compare_table (expected, actual, n_bins, ret_drift);
  return TRUE;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static double *
dup_sorted (const double *values, guint n)
{
  double *sorted = g_memdup2 (values, n * sizeof (double));
  qsort (sorted, n, sizeof (double), compare_doubles);
  return sorted;
}

/* The share of the ways to mix the samples whose distribution functions are somewhere `steps` / (n_x n_y) apart or
 * farther: from one corner of a grid to the other, one step a value, all ways being alike. */
static double
share_of_paths (guint n_x, guint n_y, guint64 steps)
{
  if (n_x > MOST_EXACT || n_y > MOST_EXACT)
    return NAN;
  if (steps == 0)
    return 1;
  g_autofree double *row = g_new (double, (gsize) n_y + 1);
  for (guint i = 0; i <= n_x; i++)
    for (guint j = 0; j <= n_y; j++)
      {
        gint64 apart = (gint64) i * n_y - (gint64) j * n_x;
        double from_x = i > 0 ? row[j] * i : 0, from_y = j > 0 ? row[j - 1] * j : 0;
        row[j] = (guint64) ABS (apart) >= steps ? 1 : i + j > 0 ? (from_x + from_y) / (i + j) : 0;
      }
  return row[n_y];
}

gboolean
assay_drift_samples (const double *x, guint n_x, const double *y, guint n_y, AssaySampleDrift *ret_drift)
{
  *ret_drift = (AssaySampleDrift){ NAN, NAN, NAN, NAN, NAN, NAN };
  if (n_x == 0 || n_y == 0)
    return FALSE;
  g_autofree double *a = dup_sorted (x, n_x), *b = dup_sorted (y, n_y);
  double n = (double) n_x + n_y, area = 0, last = fmin (a[0], b[0]), ranks = 0, ties = 0;
  guint64 largest = 0;
  for (guint i = 0, j = 0; i < n_x || j < n_y;)
    {
      double value = i < n_x && (j == n_y || a[i] <= b[j]) ? a[i] : b[j];
      guint before_x = i, before = i + j;
      area += fabs ((double) i / n_x - (double) j / n_y) * (value - last);
      while (i < n_x && a[i] == value)
        i++;
      while (j < n_y && b[j] == value)
        j++;
      /* In steps of 1 / (n_x n_y), which are whole. */
      gint64 apart = (gint64) i * n_y - (gint64) j * n_x;
      double tied = i + j - before;
      largest = MAX (largest, (guint64) ABS (apart));
      ranks += (i - before_x) * (before + (tied + 1) / 2);
      ties += tied * tied * tied - tied;
      last = value;
    }
  double pairs = (double) n_x * n_y, u = ranks - n_x * (n_x + 1.0) / 2,
         spread = sqrt (pairs / 12 * (n + 1 - ties / (n * (n - 1)))), apart = fmax (u, pairs - u) - pairs / 2 - 0.5;
  ret_drift->ks = (double) largest / pairs;
  ret_drift->ks_p_kolmogorov = assay_chance_kolmogorov (sqrt (pairs / n) * ret_drift->ks);
  ret_drift->ks_p_exact = share_of_paths (n_x, n_y, largest);
  ret_drift->wasserstein = area;
  ret_drift->mann_whitney_u = u;
  ret_drift->mann_whitney_p = spread > 0 ? apart > 0 ? assay_chance_normal (apart / spread) : 1 : NAN;
  return TRUE;
}

/* The sum of the kernel over all pairs of rows. */
static double
sum_kernel (const double *a, guint n_a, const double *b, guint n_b, guint n_dimensions, double gamma)
{
  double sum = 0;
  for (guint i = 0; i < n_a; i++)
    for (guint j = 0; j < n_b; j++)
      {
        double squares = 0;
        for (guint d = 0; d < n_dimensions; d++)
          {
            double apart = a[(gsize) i * n_dimensions + d] - b[(gsize) j * n_dimensions + d];
            squares += apart * apart;
          }
        sum += exp (-gamma * squares);
      }
  return sum;
}

gboolean
assay_drift_mmd (const double *x, guint n_x, const double *y, guint n_y, guint n_dimensions, double gamma,
                 double *ret_biased, double *ret_unbiased)
{
  *ret_biased = *ret_unbiased = NAN;
  if (n_x == 0 || n_y == 0)
    return FALSE;
  double xx = sum_kernel (x, n_x, x, n_x, n_dimensions, gamma),
         yy = sum_kernel (y, n_y, y, n_y, n_dimensions, gamma),
         xy = sum_kernel (x, n_x, y, n_y, n_dimensions, gamma), m = n_x, n = n_y;
  *ret_biased = xx / (m * m) + yy / (n * n) - 2 * xy / (m * n);
  /* A row with itself gives 1. */
  if (n_x > 1 && n_y > 1)
    *ret_unbiased = (xx - m) / (m * (m - 1)) + (yy - n) / (n * (n - 1)) - 2 * xy / (m * n);
  return TRUE;
}
