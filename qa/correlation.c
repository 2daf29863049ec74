/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/correlation.h"

#include <math.h>
#include <stdlib.h>

typedef struct
{
  double first, second;
  guint index;
} Keyed;

static int
compare_keyed (gconstpointer a, gconstpointer b)
{
  const Keyed *x = a, *y = b;
  if (x->first != y->first)
    return x->first < y->first ? -1 : 1;
  if (x->second != y->second)
    return x->second < y->second ? -1 : 1;
  return (x->index > y->index) - (x->index < y->index);
}

/* 0/0 and x/0 tell nothing. */
static double
ratio (double a, double b)
{
  return b != 0 ? a / b : NAN;
}

gboolean
assay_icc_measure (const double *values, guint n_items, guint n_raters, AssayIcc *ret_icc)
{
  *ret_icc = (AssayIcc){ NAN, NAN, NAN, NAN, NAN, NAN };
  if (n_items < 2 || n_raters < 2)
    return FALSE;
  double n = n_items, k = n_raters, mean = 0, rows = 0, columns = 0, all = 0;
  for (gsize i = 0; i < (gsize) n_items * n_raters; i++)
    mean += values[i] / (n * k);
  for (guint i = 0; i < n_items; i++)
    {
      double row = 0;
      for (guint r = 0; r < n_raters; r++)
        {
          double apart = values[(gsize) i * n_raters + r] - mean;
          row += apart;
          all += apart * apart;
        }
      rows += row * row / k;
    }
  for (guint r = 0; r < n_raters; r++)
    {
      double column = 0;
      for (guint i = 0; i < n_items; i++)
        column += values[(gsize) i * n_raters + r] - mean;
      columns += column * column / n;
    }
  double between = rows / (n - 1), within = (all - rows) / (n * (k - 1)), raters = columns / (k - 1),
         rest = (all - rows - columns) / ((n - 1) * (k - 1));
  ret_icc->icc1 = ratio (between - within, between + (k - 1) * within);
  ret_icc->icc2 = ratio (between - rest, between + (k - 1) * rest + k * (raters - rest) / n);
  ret_icc->icc3 = ratio (between - rest, between + (k - 1) * rest);
  ret_icc->icc1k = ratio (between - within, between);
  ret_icc->icc2k = ratio (between - rest, between + (raters - rest) / n);
  ret_icc->icc3k = ratio (between - rest, between);
  return TRUE;
}

double
assay_rank_values (const double *values, guint n, double *ret_ranks)
{
  g_autofree Keyed *order = g_new (Keyed, (gsize) n + 1);
  double ties = 0;
  for (guint i = 0; i < n; i++)
    order[i] = (Keyed){ values[i], 0, i };
  qsort (order, n, sizeof (Keyed), compare_keyed);
  for (guint from = 0, to; from < n; from = to)
    {
      for (to = from + 1; to < n && order[to].first == order[from].first;)
        to++;
      double tied = to - from;
      for (guint i = from; i < to; i++)
        ret_ranks[order[i].index] = from + (tied + 1) / 2;
      ties += tied * tied * tied - tied;
    }
  return ties;
}

void
assay_kendall_w (const double *values, guint n_items, guint n_raters, double *ret_plain, double *ret_corrected)
{
  double n = n_items, m = n_raters, ties = 0, squares = 0;
  g_autofree double *column = g_new (double, (gsize) n_items + 1), *ranks = g_new (double, (gsize) n_items + 1),
                    *sums = g_new0 (double, (gsize) n_items + 1);
  for (guint r = 0; r < n_raters; r++)
    {
      for (guint i = 0; i < n_items; i++)
        column[i] = values[(gsize) i * n_raters + r];
      ties += assay_rank_values (column, n_items, ranks);
      for (guint i = 0; i < n_items; i++)
        sums[i] += ranks[i];
    }
  for (guint i = 0; i < n_items; i++)
    squares += (sums[i] - m * (n + 1) / 2) * (sums[i] - m * (n + 1) / 2);
  *ret_plain = n_raters < 2 ? NAN : ratio (12 * squares, m * m * (n * n * n - n));
  *ret_corrected = n_raters < 2 ? NAN : ratio (12 * squares, m * m * (n * n * n - n) - m * ties);
}

static int
sign_of (double x)
{
  return (x > 0) - (x < 0);
}

static double
correlate (const double *x, const double *y, guint n)
{
  double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
  for (guint i = 0; i < n; i++)
    {
      mean_x += x[i] / n;
      mean_y += y[i] / n;
    }
  for (guint i = 0; i < n; i++)
    {
      xx += (x[i] - mean_x) * (x[i] - mean_x);
      yy += (y[i] - mean_y) * (y[i] - mean_y);
      xy += (x[i] - mean_x) * (y[i] - mean_y);
    }
  return ratio (xy, sqrt (xx * yy));
}

/* 1 / (1 + place) with places from the largest of `first`, ties by `second`. */
static void
weigh_places (const double *first, const double *second, guint n, double *ret_weights)
{
  g_autofree Keyed *order = g_new (Keyed, n);
  for (guint i = 0; i < n; i++)
    order[i] = (Keyed){ first[i], second[i], i };
  qsort (order, n, sizeof (Keyed), compare_keyed);
  for (guint i = 0; i < n; i++)
    ret_weights[order[i].index] = 1.0 / (n - i);
}

/* The sum over pairs of the product of orders, each with its weight. */
static double
sum_orders (const double *x, const double *y, const double *weights, guint n)
{
  double sum = 0;
  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      sum += sign_of (x[i] - x[j]) * sign_of (y[i] - y[j]) * (weights != NULL ? weights[i] + weights[j] : 1);
  return sum;
}

static double
tau_of (const double *x, const double *y, const double *weights, guint n)
{
  return ratio (sum_orders (x, y, weights, n),
                sqrt (sum_orders (x, x, weights, n)) * sqrt (sum_orders (y, y, weights, n)));
}

static guint
count_distinct (const double *ranks, guint n)
{
  g_autofree Keyed *order = g_new (Keyed, n);
  guint n_distinct = 0;
  for (guint i = 0; i < n; i++)
    order[i] = (Keyed){ ranks[i], 0, i };
  qsort (order, n, sizeof (Keyed), compare_keyed);
  for (guint i = 0; i < n; i++)
    n_distinct += i == 0 || order[i].first != order[i - 1].first;
  return n_distinct;
}

gboolean
assay_rank_correlate (const double *x, const double *y, guint n, AssayRankCorrelation *ret_correlation)
{
  *ret_correlation = (AssayRankCorrelation){ NAN, NAN, NAN, NAN };
  if (n < 2)
    return FALSE;
  g_autofree double *ranks_x = g_new (double, n), *ranks_y = g_new (double, n), *weights = g_new (double, n);
  assay_rank_values (x, n, ranks_x);
  assay_rank_values (y, n, ranks_y);
  double least = MIN (count_distinct (x, n), count_distinct (y, n));
  ret_correlation->tau_b = tau_of (x, y, NULL, n);
  ret_correlation->tau_c
      = least > 1 ? 2 * sum_orders (x, y, NULL, n) / ((double) n * n * (least - 1) / least) : NAN;
  ret_correlation->spearman = correlate (ranks_x, ranks_y, n);
  weigh_places (x, y, n, weights);
  double by_x = tau_of (x, y, weights, n);
  weigh_places (y, x, n, weights);
  ret_correlation->weighted_tau = (by_x + tau_of (x, y, weights, n)) / 2;
  return TRUE;
}
