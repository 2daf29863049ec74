/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/agreement-categories.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double
weight_of (guint i, guint j, AssayWeights weights)
{
  double apart = fabs ((double) i - (double) j);
  switch (weights)
    {
    case ASSAY_WEIGHTS_LINEAR:
      return apart;
    case ASSAY_WEIGHTS_QUADRATIC:
      return apart * apart;
    case ASSAY_WEIGHTS_NONE:
    default:
      return i != j;
    }
}

AssayChance
assay_cohen_kappa (const int *a, const int *b, guint n_items, guint k, AssayWeights weights, guint64 *ret_table,
                   guint *ret_n)
{
  g_autofree guint64 *table = g_new0 (guint64, MAX (1, (gsize) k * k));
  g_autofree double *rows = g_new0 (double, MAX (1, k)), *columns = g_new0 (double, MAX (1, k));
  guint n = 0;
  for (guint i = 0; i < n_items; i++)
    {
      if (a[i] < 0 || b[i] < 0)
        continue;
      table[(gsize) a[i] * k + (gsize) b[i]]++;
      rows[a[i]]++;
      columns[b[i]]++;
      n++;
    }
  double observed = 0, expected = 0,
         heaviest = weights == ASSAY_WEIGHTS_NONE || k < 2 ? 1 : weight_of (0, k - 1, weights);
  for (guint i = 0; i < k; i++)
    for (guint j = 0; j < k; j++)
      {
        double weight = weight_of (i, j, weights);
        observed += weight * (double) table[(gsize) i * k + j];
        expected += weight * rows[i] * columns[j];
      }
  if (ret_table != NULL)
    memcpy (ret_table, table, (gsize) k * k * sizeof (guint64));
  if (ret_n != NULL)
    *ret_n = n;
  if (n == 0)
    return (AssayChance){ NAN, NAN, NAN };
  expected /= n;
  /* Disagreement in, agreement out: with weights, 1 less the mean weight over the heaviest. */
  return (AssayChance){ expected > 0 ? 1 - observed / expected : NAN, 1 - observed / n / heaviest,
                        1 - expected / n / heaviest };
}

AssayChance
assay_fleiss_kappa (const guint *counts, guint n_items, guint k, double *ret_randolph)
{
  if (ret_randolph != NULL)
    *ret_randolph = NAN;
  double raters = 0;
  for (guint j = 0; n_items > 0 && j < k; j++)
    raters += counts[j];
  if (n_items == 0 || raters < 2)
    return (AssayChance){ NAN, NAN, NAN };
  double observed = 0, expected = 0;
  guint used = 0;
  for (guint j = 0; j < k; j++)
    {
      double share = 0;
      for (guint i = 0; i < n_items; i++)
        {
          double count = counts[(gsize) i * k + j];
          share += count;
          observed += count * (count - 1);
        }
      share /= n_items * raters;
      expected += share * share;
      used += share > 0;
    }
  observed /= n_items * raters * (raters - 1);
  if (ret_randolph != NULL && k > 1)
    *ret_randolph = (observed - 1.0 / k) / (1 - 1.0 / k);
  return (AssayChance){ used > 1 ? (observed - expected) / (1 - expected) : NAN, observed, expected };
}

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

/* Sum of the squared distances over all ordered pairs of m values given as (scale, number): closed forms but for
 * ratio. */
static double
sum_of_pairs (const double *scale, const guint *n, guint n_distinct, AssayLevel level)
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

AssayChance
assay_krippendorff_alpha (const double *data, guint n_raters, guint n_units, guint skip_rater, AssayLevel level,
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
      within += sum_of_pairs (scale, ones, distinct, level) / (m - 1);
    }
  double observed = within / values.total;
  double expected = sum_of_pairs (values.scale, values.n, n_distinct, level) / values.total / (values.total - 1);
  return (AssayChance){ expected > 0 ? 1 - observed / expected : NAN, observed, expected };
}
