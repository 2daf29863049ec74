/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/agreement-missing.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const int *ratings;
  guint n_items, n_raters, k;
  AssayWeights weights;
} Table;

static double
agreement_of (const Table *table, guint a, guint b)
{
  double apart = table->k > 1 ? fabs ((double) a - (double) b) / (table->k - 1) : 0;
  switch (table->weights)
    {
    case ASSAY_WEIGHTS_LINEAR:
      return 1 - apart;
    case ASSAY_WEIGHTS_QUADRATIC:
      return 1 - apart * apart;
    case ASSAY_WEIGHTS_NONE:
    default:
      return a == b;
    }
}

/* The ratings of one item by category; how many. */
static double
count_item (const Table *table, guint item, double *ret_counts)
{
  double n = 0;
  memset (ret_counts, 0, table->k * sizeof (double));
  for (guint r = 0; r < table->n_raters; r++)
    {
      int rating = table->ratings[(gsize) item * table->n_raters + r];
      if (rating < 0)
        continue;
      ret_counts[rating]++;
      n++;
    }
  return n;
}

/* Of two ratings of one item, mean over items with two; and the mean share of each category, over items with one.
 */
static double
observe (const Table *table, double *ret_shares)
{
  g_autofree double *counts = g_new (double, table->k);
  double sum = 0, n_pairable = 0, n_rated = 0;
  memset (ret_shares, 0, table->k * sizeof (double));
  for (guint i = 0; i < table->n_items; i++)
    {
      double n = count_item (table, i, counts), pairs = 0;
      n_rated += n > 0;
      for (guint a = 0; n > 0 && a < table->k; a++)
        ret_shares[a] += counts[a] / n;
      if (n < 2)
        continue;
      for (guint a = 0; a < table->k; a++)
        for (guint b = 0; counts[a] > 0 && b < table->k; b++)
          pairs += agreement_of (table, a, b) * counts[a] * (counts[b] - (a == b));
      sum += pairs / (n * (n - 1));
      n_pairable++;
    }
  for (guint a = 0; a < table->k; a++)
    ret_shares[a] /= n_rated;
  return n_pairable > 0 ? sum / n_pairable : NAN;
}

static double
sum_of_weights (const Table *table)
{
  double sum = 0;
  for (guint a = 0; a < table->k; a++)
    for (guint b = 0; b < table->k; b++)
      sum += agreement_of (table, a, b);
  return sum;
}

static double
weigh_products (const Table *table, const double *shares)
{
  double sum = 0;
  for (guint a = 0; a < table->k; a++)
    for (guint b = 0; b < table->k; b++)
      sum += agreement_of (table, a, b) * shares[a] * shares[b];
  return sum;
}

/* Two raters drawn without putting one back, each with their own shares. */
static double
expect_by_raters (const Table *table)
{
  guint k = table->k, n_raters = 0;
  g_autofree double *sum = g_new0 (double, k), *own = g_new (double, k);
  double same = 0;
  for (guint r = 0; r < table->n_raters; r++)
    {
      double n = 0;
      memset (own, 0, k * sizeof (double));
      for (guint i = 0; i < table->n_items; i++)
        {
          int rating = table->ratings[(gsize) i * table->n_raters + r];
          if (rating < 0)
            continue;
          own[rating]++;
          n++;
        }
      if (n <= 0)
        continue;
      n_raters++;
      for (guint a = 0; a < k; a++)
        {
          own[a] /= n;
          sum[a] += own[a];
        }
      same += weigh_products (table, own);
    }
  return n_raters > 1 ? (weigh_products (table, sum) - same) / ((double) n_raters * (n_raters - 1)) : NAN;
}

AssayChance
assay_agreement_missing (const int *ratings, guint n_items, guint n_raters, guint k, AssayWeights weights,
                         AssayChanceModel model)
{
  Table table = { ratings, n_items, n_raters, k, weights };
  g_autofree double *shares = g_new0 (double, (gsize) k + 1);
  double observed = k > 0 ? observe (&table, shares) : NAN, expected = NAN, spread = 0;
  for (guint a = 0; a < k; a++)
    spread += shares[a] * (1 - shares[a]);
  switch (model)
    {
    case ASSAY_CHANCE_GWET:
      expected = k > 1 ? sum_of_weights (&table) * spread / ((double) k * (k - 1)) : NAN;
      break;
    case ASSAY_CHANCE_FLEISS:
      expected = weigh_products (&table, shares);
      break;
    case ASSAY_CHANCE_BRENNAN_PREDIGER:
      expected = sum_of_weights (&table) / ((double) k * k);
      break;
    case ASSAY_CHANCE_CONGER:
      expected = expect_by_raters (&table);
      break;
    default:
      break;
    }
  return (AssayChance){ expected < 1 ? (observed - expected) / (1 - expected) : NAN, observed, expected };
}
