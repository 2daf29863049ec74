/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/agreement-alpha.h"

#include <math.h>
#include <stdlib.h>

/* The pairable values of one data set: sorted distinct ones, and each unit's as indices into them. */
typedef struct
{
  GArray *values; /* of double, distinct, ascending */
  double *scale;  /* what distance is taken of: the value, or its mid-rank */
  guint *n;       /* how often each occurs */
  guint total;
} Values;

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static guint
collect_unit (const double *data, guint n_raters, guint n_units, guint skip_rater, guint unit, double *ret_values)
{
  guint m = 0;
  for (guint r = 0; r < n_raters; r++)
    {
      double value = data[(gsize) r * n_units + unit];
      if (r != skip_rater && !isnan (value))
        ret_values[m++] = value;
    }
  return m;
}

static void
values_clear (Values *values)
{
  g_clear_pointer (&values->values, g_array_unref);
  g_clear_pointer (&values->scale, g_free);
  g_clear_pointer (&values->n, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Values, values_clear)

static guint
find_value (const Values *values, double value)
{
  guint at = 0;
  gboolean found = g_array_binary_search (values->values, &value, compare_doubles, &at);
  g_assert (found);
  return at;
}

/* Takes all pairable values (unsorted, with repeats) apart into distinct ones and their numbers. */
static void
values_init (Values *values, GArray *all, AssayLevel level)
{
  g_array_sort (all, compare_doubles);
  values->values = g_array_new (FALSE, FALSE, sizeof (double));
  values->n = g_new0 (guint, all->len + 1);
  values->total = all->len;
  for (guint i = 0; i < all->len; i++)
    {
      double value = g_array_index (all, double, i);
      if (i == 0 || value != g_array_index (all, double, i - 1))
        g_array_append_val (values->values, value);
      values->n[values->values->len - 1]++;
    }
  values->scale = g_new0 (double, all->len + 1);
  double below = 0;
  for (guint c = 0; c < values->values->len; c++)
    {
      values->scale[c]
          = level == ASSAY_LEVEL_ORDINAL ? below + values->n[c] / 2.0 : g_array_index (values->values, double, c);
      below += values->n[c];
    }
}

static double
ratio_distance (double c, double k)
{
  double sum = c + k;
  return c == k || sum == 0 ? 0 : (c - k) * (c - k) / (sum * sum);
}

double
assay_alpha_sum_of_pairs (const double *scale, const guint *n, guint n_distinct, AssayLevel level)
{
  double m = 0, squares = 0, sum = 0, mean = 0;
  for (guint c = 0; c < n_distinct; c++)
    m += n[c];
  if (level == ASSAY_LEVEL_NOMINAL)
    {
      for (guint c = 0; c < n_distinct; c++)
        squares += (double) n[c] * n[c];
      return m * m - squares;
    }
  if (level == ASSAY_LEVEL_RATIO)
    {
      for (guint c = 0; c < n_distinct; c++)
        for (guint k = c + 1; k < n_distinct; k++)
          sum += 2.0 * n[c] * n[k] * ratio_distance (scale[c], scale[k]);
      return sum;
    }
  /* 2 m sum (x - mean)^2: about the mean, or large coordinates would cancel. */
  for (guint c = 0; c < n_distinct; c++)
    mean += n[c] * scale[c] / m;
  for (guint c = 0; c < n_distinct; c++)
    squares += n[c] * (scale[c] - mean) * (scale[c] - mean);
  return 2 * m * squares;
}

/* Any number of different values. */
static AssayChance
alpha_of_values (const double *data, guint n_raters, guint n_units, guint skip_rater, AssayLevel level,
                 AssayPairable *ret_pairable)
{
  g_autofree double *unit = g_new (double, n_raters + 1);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (double));
  guint pairable_units = 0;
  for (guint u = 0; u < n_units; u++)
    {
      guint m = collect_unit (data, n_raters, n_units, skip_rater, u, unit);
      if (m < 2)
        continue;
      g_array_append_vals (all, unit, m);
      pairable_units++;
    }
  g_auto (Values) values = { 0 };
  values_init (&values, all, level);
  guint n_distinct = values.values->len;
  if (ret_pairable != NULL)
    *ret_pairable = (AssayPairable){ pairable_units, values.total, n_distinct };
  if (n_distinct < 2)
    return (AssayChance){ NAN, values.total > 0 ? 0 : NAN, values.total > 0 ? 0 : NAN };

  double within = 0;
  g_autofree double *scale = g_new (double, n_raters + 1);
  g_autofree guint *ones = g_new (guint, n_raters + 1);
  for (guint u = 0; u < n_units; u++)
    {
      guint m = collect_unit (data, n_raters, n_units, skip_rater, u, unit);
      if (m < 2)
        continue;
      /* Equal values side by side, so that nominal can count them. */
      qsort (unit, m, sizeof (double), compare_doubles);
      guint distinct = 0;
      for (guint i = 0; i < m; i++)
        {
          if (i == 0 || unit[i] != unit[i - 1])
            {
              scale[distinct] = values.scale[find_value (&values, unit[i])];
              ones[distinct++] = 0;
            }
          ones[distinct - 1]++;
        }
      within += assay_alpha_sum_of_pairs (scale, ones, distinct, level) / (m - 1);
    }
  double observed = within / values.total;
  double expected
      = assay_alpha_sum_of_pairs (values.scale, values.n, n_distinct, level) / values.total / (values.total - 1);
  return (AssayChance){ expected > 0 ? 1 - observed / expected : NAN, observed, expected };
}

AssayChance
assay_krippendorff_alpha (const double *data, guint n_raters, guint n_units, guint skip_rater, AssayLevel level,
                          AssayPairable *ret_pairable)
{
  AssayChance chance;
  if (assay_alpha_by_counting (data, n_raters, n_units, skip_rater, level, ret_pairable, &chance))
    return chance;
  return alpha_of_values (data, n_raters, n_units, skip_rater, level, ret_pairable);
}

AssayChance
assay_krippendorff_alpha_of_coincidences (const double *o, guint k, const double *values, AssayLevel level)
{
  g_autofree double *n = g_new0 (double, k + 1), *scale = g_new0 (double, k + 1);
  double total = 0, observed = 0, expected = 0;
  for (guint c = 0; c < k; c++)
    {
      for (guint d = 0; d < k; d++)
        n[c] += o[(gsize) c * k + d];
      scale[c] = level == ASSAY_LEVEL_ORDINAL ? total + n[c] / 2 : values != NULL ? values[c] : c;
      total += n[c];
    }
  if (!(total > 1))
    return (AssayChance){ NAN, NAN, NAN };
  for (guint c = 0; c < k; c++)
    for (guint d = 0; d < k; d++)
      {
        double apart = scale[c] - scale[d];
        double distance = level == ASSAY_LEVEL_NOMINAL ? c != d
                          : level == ASSAY_LEVEL_RATIO ? ratio_distance (scale[c], scale[d])
                                                       : apart * apart;
        observed += o[(gsize) c * k + d] * distance / total;
        expected += n[c] * n[d] * distance / total / (total - 1);
      }
  return (AssayChance){ expected > 0 ? 1 - observed / expected : NAN, observed, expected };
}
