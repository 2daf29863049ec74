/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/agreement-categories.h"
#include "qa/bootstrap.h"
#include "qa/metric.h"
#include "qa/ratings.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const guint *counts;
  guint k;
} Table;

static double
kappa_of_drawn (const guint *drawn, guint n, gconstpointer data)
{
  const Table *table = data;
  g_autofree guint *counts = g_new (guint, (gsize) n * table->k);
  for (guint i = 0; i < n; i++)
    memcpy (counts + (gsize) i * table->k, table->counts + (gsize) drawn[i] * table->k, table->k * sizeof (guint));
  return assay_fleiss_kappa (counts, n, table->k, NULL).value;
}

/* Items x categories; every item must have as many ratings as the first. */
static guint *
count_ratings (const AssayRatings *ratings, const char *path, GError **error)
{
  guint n = ratings->items->len, k = ratings->categories->len, wanted = 0;
  g_autofree guint *counts = g_new0 (guint, (gsize) n * k + 1);
  for (guint i = 0; i < n; i++)
    {
      guint raters = 0;
      for (guint r = 0; r < ratings->annotators->len; r++)
        {
          int category = ratings->category[(gsize) r * n + i];
          if (category < 0)
            continue;
          counts[(gsize) i * k + (guint) category]++;
          raters++;
        }
      if (i == 0)
        wanted = raters;
      if (raters == wanted)
        continue;
      assay_error_bad_data (
          error,
          "measuring fleiss-kappa on %s: item %s has %u ratings and item %s %u, and Fleiss needs the same "
          "number for all; use "
          "krippendorff-alpha",
          path, (char *) g_ptr_array_index (ratings->items, i), raters,
          (char *) g_ptr_array_index (ratings->items, 0), wanted);
      return NULL;
    }
  return g_steal_pointer (&counts);
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *values, GError **error)
{
  g_autoptr (AssayRatings) ratings = assay_ratings_load (paths[0], error);
  if (ratings == NULL)
    return NULL;
  g_autofree guint *counts = count_ratings (ratings, paths[0], error);
  if (counts == NULL)
    return NULL;
  guint n = ratings->items->len;
  Table table = { counts, ratings->categories->len };
  double randolph, low = NAN, high = NAN;
  AssayChance chance = assay_fleiss_kappa (counts, n, table.k, &randolph);
  if (table.k > 0)
    assay_bootstrap (n, &ratings->hash, kappa_of_drawn, &table, &low, &high);
  return json_pack ("{s:o, s:o, s:i, s:i, s:o, s:o, s:o}", "value", assay_json_number (chance.value), "randolph",
                    assay_json_number (randolph), "n_items", (int) n, "n_annotators",
                    (int) ratings->annotators->len, "observed", assay_json_number (chance.observed), "expected",
                    assay_json_number (chance.expected), "ci95", assay_metric_interval (low, high));
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  const json_t *rows = json_object_get (in, "counts");
  guint n = (guint) json_array_size (rows), k = (guint) json_array_size (json_array_get (rows, 0));
  g_autofree guint *counts = g_new0 (guint, (gsize) n * k + 1);
  double raters = 0;
  for (guint i = 0; i < n; i++)
    {
      guint n_row = 0;
      g_autofree double *row = assay_metric_numbers (json_array_get (rows, i), &n_row, error);
      if (row == NULL)
        return NULL;
      double sum = 0;
      for (guint j = 0; j < MIN (n_row, k); j++)
        {
          sum += row[j];
          counts[(gsize) i * k + j] = (guint) CLAMP (row[j], 0, 1e9);
        }
      raters = i == 0 ? sum : raters;
      if (n_row == k && sum == raters)
        continue;
      assay_error_bad_data (error, "item %u has %u counts with sum %g instead of %u with sum %g", i, n_row, sum, k,
                            raters);
      return NULL;
    }
  double randolph;
  AssayChance chance = assay_fleiss_kappa (counts, n, k, &randolph);
  return json_pack ("{s:i, s:i, s:o, s:o}", "items", (int) n, "raters", (int) raters, "fleiss",
                    assay_json_number (chance.value), "randolph", assay_json_number (randolph));
}

static const char *const cases[] = { "fleiss_kappa", NULL };

const AssayMetric assay_metric_fleiss_kappa = {
  .id = "fleiss-kappa",
  .title = "Fleiss' kappa",
  .files = "RATINGS.csv",
  .help = "any number of annotators, the same number of ratings for every item: (agreement seen - expected) / (1 - "
          "expected); "
          "undefined for one rating an item or one category in all; `randolph` expects 1 / categories",
  .least_files = 1,
  .most_files = 1,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
