/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/agreement-categories.h"
#include "qa/bootstrap.h"
#include "qa/metric.h"
#include "qa/ratings.h"

#include <math.h>

static const char *const level_names[] = { "nominal", "ordinal", "interval", "ratio", NULL };

static const AssayOption options[] = {
  { "level", ASSAY_OPTION_CHOICE, "nominal", 0, 0, level_names,
    "what the values are: names, ranks, or numbers with or without a true zero" },
  { NULL },
};

typedef struct
{
  const double *data;
  guint n_raters, n_units;
  AssayLevel level;
} Table;

static double
alpha_of_drawn (const guint *drawn, guint n, gconstpointer data)
{
  const Table *table = data;
  g_autofree double *resampled = g_new (double, (gsize) n * table->n_raters);
  for (guint r = 0; r < table->n_raters; r++)
    for (guint i = 0; i < n; i++)
      resampled[(gsize) r * n + i] = table->data[(gsize) r * table->n_units + drawn[i]];
  return assay_krippendorff_alpha (resampled, table->n_raters, n, G_MAXUINT, table->level, NULL).value;
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *values, GError **error)
{
  g_autoptr (AssayRatings) ratings = assay_ratings_load (paths[0], error);
  if (ratings == NULL)
    return NULL;
  AssayLevel level = ASSAY_LEVEL_NOMINAL;
  while (!g_str_equal (level_names[level], assay_options_get_string (values, "level")))
    level++;
  if (level != ASSAY_LEVEL_NOMINAL && !ratings->numeric)
    {
      assay_error_bad_data (
          error,
          "measuring krippendorff-alpha on %s: level %s needs numbers and the values are names; write "
          "numbers or take --level nominal",
          paths[0], level_names[level]);
      return NULL;
    }
  Table table = { ratings->value, ratings->annotators->len, ratings->items->len, level };
  AssayPairable pairable;
  AssayChance chance
      = assay_krippendorff_alpha (table.data, table.n_raters, table.n_units, G_MAXUINT, level, &pairable);
  double low, high;
  assay_bootstrap (table.n_units, &ratings->hash, alpha_of_drawn, &table, &low, &high);
  return json_pack ("{s:o, s:s, s:i, s:i, s:i, s:i, s:o, s:o, s:o}", "value", assay_json_number (chance.value),
                    "level", level_names[level], "n_items", (int) table.n_units, "n_annotators",
                    (int) table.n_raters, "pairable_items", (int) pairable.pairable_units, "pairable_values",
                    (int) pairable.pairable_values, "observed", assay_json_number (chance.observed), "expected",
                    assay_json_number (chance.expected), "ci95", assay_metric_interval (low, high));
}

/* raters x units from [[…], …]; every row as long as the first. */
static double *
read_table (const json_t *rows, guint *ret_raters, guint *ret_units, GError **error)
{
  guint n_raters = (guint) json_array_size (rows), n_units = (guint) json_array_size (json_array_get (rows, 0));
  g_autofree double *data = g_new (double, (gsize) n_raters *n_units + 1);
  for (guint r = 0; r < n_raters; r++)
    {
      guint n = 0;
      g_autofree double *row = assay_metric_numbers (json_array_get (rows, r), &n, error);
      if (row == NULL)
        return NULL;
      if (n != n_units)
        {
          assay_error_bad_data (error, "rater %u has %u values and rater 0 %u; write null for a missing one", r, n,
                                n_units);
          return NULL;
        }
      for (guint u = 0; u < n; u++)
        data[(gsize) r * n_units + u] = row[u];
    }
  *ret_raters = n_raters;
  *ret_units = n_units;
  return g_steal_pointer (&data);
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  guint n_raters = 0, n_units = 0;
  g_autofree double *data = read_table (json_object_get (in, "data"), &n_raters, &n_units, error);
  if (data == NULL)
    return NULL;
  AssayPairable pairable = { 0 };
  json_t *alpha = json_object (), *without = json_object ();
  for (guint level = 0; level_names[level] != NULL; level++)
    {
      AssayChance chance = assay_krippendorff_alpha (data, n_raters, n_units, G_MAXUINT, level, &pairable);
      json_object_set_new (alpha, level_names[level], assay_json_number (chance.value));
      json_t *dropped = json_array ();
      for (guint r = 0; r < n_raters; r++)
        json_array_append_new (
            dropped, assay_json_number (assay_krippendorff_alpha (data, n_raters, n_units, r, level, NULL).value));
      json_object_set_new (without, level_names[level], dropped);
    }
  return json_pack ("{s:i, s:i, s:i, s:i, s:i, s:o, s:o}", "raters", (int) n_raters, "units", (int) n_units,
                    "pairable_units", (int) pairable.pairable_units, "pairable_values",
                    (int) pairable.pairable_values, "distinct_pairable", (int) pairable.distinct_pairable, "alpha",
                    alpha, "alpha_without_rater", without);
}

static const char *const cases[] = { "krippendorff_alpha", NULL };

const AssayMetric assay_metric_krippendorff_alpha = {
  .id = "krippendorff-alpha",
  .title = "Krippendorff's alpha",
  .files = "RATINGS.csv",
  .help = "any number of annotators, any ratings missing: 1 - (disagreement seen) / (expected); items with one "
          "rating do not count; "
          "undefined when all that can be paired is one value",
  .options = options,
  .least_files = 1,
  .most_files = 1,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
