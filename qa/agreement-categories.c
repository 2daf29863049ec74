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
assay_cohen_kappa_of_table (const double *table, guint k, AssayWeights weights)
{
  g_autofree double *rows = g_new0 (double, MAX (1, k)), *columns = g_new0 (double, MAX (1, k));
  double n = 0, observed = 0, expected = 0,
         heaviest = weights == ASSAY_WEIGHTS_NONE || k < 2 ? 1 : weight_of (0, k - 1, weights);
  for (guint i = 0; i < k; i++)
    for (guint j = 0; j < k; j++)
      {
        rows[i] += table[(gsize) i * k + j];
        columns[j] += table[(gsize) i * k + j];
        n += table[(gsize) i * k + j];
      }
  for (guint i = 0; i < k; i++)
    for (guint j = 0; j < k; j++)
      {
        double weight = weight_of (i, j, weights);
        observed += weight * table[(gsize) i * k + j];
        expected += weight * rows[i] * columns[j];
      }
  if (!(n > 0))
    return (AssayChance){ NAN, NAN, NAN };
  expected /= n;
  /* Disagreement in, agreement out: with weights, 1 less the mean weight over the heaviest. */
  return (AssayChance){ expected > 0 ? 1 - observed / expected : NAN, 1 - observed / n / heaviest,
                        1 - expected / n / heaviest };
}

AssayChance
assay_cohen_kappa (const int *a, const int *b, guint n_items, guint k, AssayWeights weights, guint64 *ret_table,
                   guint *ret_n)
{
  g_autofree double *table = g_new0 (double, MAX (1, (gsize) k * k));
  guint n = 0;
  for (guint i = 0; i < n_items; i++)
    {
      if (a[i] < 0 || b[i] < 0)
        continue;
      table[(gsize) a[i] * k + (gsize) b[i]]++;
      n++;
    }
  for (gsize i = 0; ret_table != NULL && i < (gsize) k * k; i++)
    ret_table[i] = (guint64) table[i];
  if (ret_n != NULL)
    *ret_n = n;
  return assay_cohen_kappa_of_table (table, k, weights);
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

AssayChance
assay_fleiss_kappa_of_coincidences (const double *o, guint k)
{
  double n = 0, observed = 0, expected = 0;
  guint used = 0;
  for (guint c = 0; c < k; c++)
    for (guint d = 0; d < k; d++)
      n += o[(gsize) c * k + d];
  if (!(n > 0))
    return (AssayChance){ NAN, NAN, NAN };
  for (guint c = 0; c < k; c++)
    {
      double share = 0;
      for (guint d = 0; d < k; d++)
        share += o[(gsize) c * k + d] / n;
      observed += o[(gsize) c * k + c] / n;
      expected += share * share;
      used += share > 0;
    }
  return (AssayChance){ used > 1 ? (observed - expected) / (1 - expected) : NAN, observed, expected };
}
