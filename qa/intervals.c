/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/intervals.h"

#include "qa/outliers.h"

#include <math.h>
#include <stdlib.h>

#define PER_SECOND 1e5 /* places that differ */

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static double
boundary_at (const GArray *boundaries, guint i)
{
  return g_array_index (boundaries, double, i);
}

GArray *
assay_interval_boundaries (const AssayInterval *intervals, guint n)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < n; i++)
    {
      double ends[2] = { rint (intervals[i].start_s * PER_SECOND) / PER_SECOND,
                         rint (intervals[i].end_s * PER_SECOND) / PER_SECOND };
      g_array_append_vals (all, ends, 2);
    }
  g_array_sort (all, compare_doubles);
  GArray *boundaries = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < all->len; i++)
    if (i == 0 || boundary_at (all, i) != boundary_at (all, i - 1))
      g_array_append_vals (boundaries, &g_array_index (all, double, i), 1);
  return boundaries;
}

AssayBoundaryMatch
assay_boundaries_match (const GArray *a, const GArray *b, double window_s)
{
  /* On a line, with one window for all, taking the first that fits leaves the most for the others. */
  AssayBoundaryMatch match = { 0, NAN, NAN, NAN };
  for (guint i = 0, j = 0; i < a->len && j < b->len;)
    {
      if (boundary_at (a, i) < boundary_at (b, j) - window_s)
        i++;
      else if (boundary_at (a, i) > boundary_at (b, j) + window_s)
        j++;
      else
        {
          match.n_matched++;
          i++;
          j++;
        }
    }
  if (b->len > 0)
    match.precision = (double) match.n_matched / b->len;
  if (a->len > 0)
    match.recall = (double) match.n_matched / a->len;
  if (a->len + b->len > 0)
    match.f = 2.0 * match.n_matched / (a->len + b->len);
  return match;
}

double
assay_boundaries_deviation (const GArray *from, const GArray *to)
{
  if (from->len == 0 || to->len == 0)
    return NAN;
  g_autofree double *nearest = g_new (double, from->len);
  for (guint i = 0, j = 0; i < from->len; i++)
    {
      while (j + 1 < to->len
             && fabs (boundary_at (to, j + 1) - boundary_at (from, i))
                    <= fabs (boundary_at (to, j) - boundary_at (from, i)))
        j++;
      nearest[i] = fabs (boundary_at (to, j) - boundary_at (from, i));
    }
  qsort (nearest, from->len, sizeof (double), compare_doubles);
  return assay_quantile_sorted (nearest, from->len, 0.5);
}

double
assay_interval_iou (AssayInterval a, AssayInterval b)
{
  double both = fmax (fmin (a.end_s, b.end_s) - fmax (a.start_s, b.start_s), 0),
         either = (a.end_s - a.start_s) + (b.end_s - b.start_s) - both;
  return either > 0 ? both / either : NAN;
}
