/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/agreement-categories.h"
#include "qa/bootstrap.h"
#include "qa/metric.h"
#include "qa/ratings.h"

#include <math.h>

static const char *const weight_names[] = { "none", "linear", "quadratic", NULL };

static const AssayOption options[] = {
  { "weights", ASSAY_OPTION_CHOICE, "none", 0, 0, weight_names,
    "cost of a confusion: none, or by the distance of the categories" },
  { NULL },
};

typedef struct
{
  const int *a, *b;
  guint k;
  AssayWeights weights;
} Pair;

static double
kappa_of_drawn (const guint *drawn, guint n, gconstpointer data)
{
  const Pair *pair = data;
  g_autofree int *a = g_new (int, n), *b = g_new (int, n);
  for (guint i = 0; i < n; i++)
    {
      a[i] = pair->a[drawn[i]];
      b[i] = pair->b[drawn[i]];
    }
  return assay_cohen_kappa (a, b, n, pair->k, pair->weights, NULL, NULL).value;
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *values, GError **error)
{
  g_autoptr (AssayRatings) ratings = assay_ratings_load (paths[0], error);
  if (ratings == NULL)
    return NULL;
  if (ratings->annotators->len != 2)
    {
      assay_error_bad_data (error,
                            "measuring cohen-kappa on %s: it has %u annotators and Cohen's kappa compares two; use "
                            "fleiss-kappa or krippendorff-alpha",
                            paths[0], ratings->annotators->len);
      return NULL;
    }
  AssayWeights weights = ASSAY_WEIGHTS_NONE;
  while (!g_str_equal (weight_names[weights], assay_options_get_string (values, "weights")))
    weights++;
  if (weights != ASSAY_WEIGHTS_NONE && !ratings->numeric)
    {
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
          "measuring cohen-kappa on %s: weights need an order and the values are names; write them as numbers",
          paths[0]);
      return NULL;
    }
  guint n = ratings->items->len, used = 0;
  Pair pair = { ratings->category, ratings->category + n, ratings->categories->len, weights };
  AssayChance chance = assay_cohen_kappa (pair.a, pair.b, n, pair.k, weights, NULL, &used);
  double low, high;
  assay_bootstrap (n, &ratings->hash, kappa_of_drawn, &pair, &low, &high);
  return json_pack ("{s:o, s:i, s:i, s:i, s:o, s:o, s:o}", "value", assay_json_number (chance.value), "n_items",
                    (int) n, "n_compared", (int) used, "n_annotators", 2, "observed",
                    assay_json_number (chance.observed), "expected", assay_json_number (chance.expected), "ci95",
                    assay_metric_interval (low, high));
}

/* Category indices, null = -1; refuses what is no index below k. */
static int *
read_indices (const json_t *array, gint64 k, guint *ret_n, GError **error)
{
  g_autofree double *numbers = assay_metric_numbers (array, ret_n, error);
  if (numbers == NULL)
    return NULL;
  g_autofree int *indices = g_new (int, *ret_n + 1);
  for (guint i = 0; i < *ret_n; i++)
    {
      if (!isnan (numbers[i]) && (numbers[i] < 0 || numbers[i] >= k || numbers[i] != floor (numbers[i])))
        {
          assay_error_bad_data (error, "rating %u is no category below k = %" G_GINT64_FORMAT, i, k);
          return NULL;
        }
      indices[i] = isnan (numbers[i]) ? -1 : (int) numbers[i];
    }
  return g_steal_pointer (&indices);
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  gint64 k = 0;
  guint n_a = 0, n_b = 0, used = 0;
  if (!assay_json_get_int (in, "k", &k) || k < 1 || k > 10000)
    {
      assay_error_bad_data (error, "\"k\", the number of categories, is missing or not in 1 to 10000");
      return NULL;
    }
  g_autofree int *a = read_indices (json_object_get (in, "a"), k, &n_a, error);
  g_autofree int *b = a != NULL ? read_indices (json_object_get (in, "b"), k, &n_b, error) : NULL;
  if (a == NULL || b == NULL)
    return NULL;
  if (n_a != n_b)
    {
      assay_error_bad_data (error, "a has %u ratings and b %u; they go item by item", n_a, n_b);
      return NULL;
    }
  g_autofree guint64 *table = g_new0 (guint64, (gsize) (k * k));
  AssayChance plain = assay_cohen_kappa (a, b, n_a, (guint) k, ASSAY_WEIGHTS_NONE, table, &used);
  AssayChance linear = assay_cohen_kappa (a, b, n_a, (guint) k, ASSAY_WEIGHTS_LINEAR, NULL, NULL);
  AssayChance quadratic = assay_cohen_kappa (a, b, n_a, (guint) k, ASSAY_WEIGHTS_QUADRATIC, NULL, NULL);
  json_t *rows = json_array ();
  for (gint64 i = 0; i < k; i++)
    {
      json_t *row = json_array ();
      for (gint64 j = 0; j < k; j++)
        json_array_append_new (row, json_integer ((json_int_t) table[i * k + j]));
      json_array_append_new (rows, row);
    }
  return json_pack ("{s:i, s:o, s:o, s:o, s:o, s:o}", "n", (int) used, "table", rows, "po",
                    assay_json_number (plain.observed), "kappa", assay_json_number (plain.value), "linear",
                    assay_json_number (linear.value), "quadratic", assay_json_number (quadratic.value));
}

static const char *const cases[] = { "cohen_kappa", NULL };

const AssayMetric assay_metric_cohen_kappa = {
  .id = "cohen-kappa",
  .title = "Cohen's kappa",
  .files = "RATINGS.csv",
  .help = "two annotators: 1 - (weighted disagreement seen) / (expected from both marginals); items that one of "
          "them did not rate "
          "are left out; undefined when both always say the same one thing, or nothing is rated twice",
  .options = options,
  .least_files = 1,
  .most_files = 1,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
