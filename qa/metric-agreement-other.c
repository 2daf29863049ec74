/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/agreement-missing.h"
#include "qa/correlation.h"
#include "qa/metric.h"
#include "qa/ratings.h"

#include <math.h>

static json_t *
coefficients_to_json (const int *ratings, guint n_items, guint n_raters, guint k)
{
  AssayChance gwet = assay_agreement_missing (ratings, n_items, n_raters, k, ASSAY_WEIGHTS_NONE, ASSAY_CHANCE_GWET);
  const struct
  {
    const char *key;
    AssayWeights weights;
    AssayChanceModel model;
  } others[] = {
    { "ac2_linear", ASSAY_WEIGHTS_LINEAR, ASSAY_CHANCE_GWET },
    { "ac2_quadratic", ASSAY_WEIGHTS_QUADRATIC, ASSAY_CHANCE_GWET },
    { "fleiss_missing", ASSAY_WEIGHTS_NONE, ASSAY_CHANCE_FLEISS },
    { "brennan_prediger", ASSAY_WEIGHTS_NONE, ASSAY_CHANCE_BRENNAN_PREDIGER },
    { "conger", ASSAY_WEIGHTS_NONE, ASSAY_CHANCE_CONGER },
  };
  json_t *answer
      = json_pack ("{s:o, s:o}", "pa", assay_json_number (gwet.observed), "ac1", assay_json_number (gwet.value));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    json_object_set_new (
        answer, others[i].key,
        assay_json_number (
            assay_agreement_missing (ratings, n_items, n_raters, k, others[i].weights, others[i].model).value));
  return answer;
}

static void
add_values (json_t *answer, const double *values, guint n_items, guint n_raters)
{
  AssayIcc icc;
  double plain, corrected;
  assay_icc_measure (values, n_items, n_raters, &icc);
  assay_kendall_w (values, n_items, n_raters, &plain, &corrected);
  const struct
  {
    const char *key;
    double value;
  } all[] = {
    { "icc1", icc.icc1 },   { "icc2", icc.icc2 },   { "icc3", icc.icc3 },       { "icc1k", icc.icc1k },
    { "icc2k", icc.icc2k }, { "icc3k", icc.icc3k }, { "w_uncorrected", plain }, { "w_tie_corrected", corrected },
  };
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    json_object_set_new (answer, all[i].key, assay_json_number (all[i].value));
}

/* The items that everybody rated, as numbers; the ICC and W know no missing ones. */
static void
add_complete (json_t *answer, const AssayRatings *ratings)
{
  guint n = ratings->items->len, n_raters = ratings->annotators->len, n_complete = 0;
  g_autofree double *values = g_new (double, (gsize) n *n_raters + 1);
  for (guint i = 0; i < n; i++)
    {
      guint n_rated = 0;
      for (guint r = 0; r < n_raters; r++)
        {
          double value = ratings->value[(gsize) r * n + i];
          values[(gsize) n_complete * n_raters + r] = value;
          n_rated += !isnan (value);
        }
      n_complete += n_rated == n_raters;
    }
  add_values (answer, values, n_complete, n_raters);
  json_object_set_new (answer, "n_complete", json_integer (n_complete));
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *options, GError **error)
{
  g_autoptr (AssayRatings) ratings = assay_ratings_load (paths[0], error);
  if (ratings == NULL)
    return NULL;
  guint n = ratings->items->len, n_raters = ratings->annotators->len;
  g_autofree int *by_item = g_new (int, (gsize) n *n_raters + 1);
  for (guint i = 0; i < n; i++)
    for (guint r = 0; r < n_raters; r++)
      by_item[(gsize) i * n_raters + r] = ratings->category[(gsize) r * n + i];
  json_t *answer = coefficients_to_json (by_item, n, n_raters, ratings->categories->len);
  json_object_set (answer, "value", json_object_get (answer, "ac1"));
  json_object_set_new (answer, "n_items", json_integer (n));
  json_object_set_new (answer, "n_annotators", json_integer (n_raters));
  if (ratings->numeric)
    add_complete (answer, ratings);
  return answer;
}

/* Categories are counted from 1 here. */
static json_t *
run_gwet (const json_t *in, GError **error)
{
  guint n_items = 0, n_raters = 0;
  gint64 k = 0;
  g_autofree double *table = assay_metric_table (json_object_get (in, "raw"), "raw", &n_items, &n_raters, error);
  if (table == NULL)
    return NULL;
  if (!assay_json_get_int (in, "k", &k) || k < 1 || k > 10000)
    {
      assay_error_bad_data (error, "\"k\", the number of categories, is missing or not in 1 to 10000");
      return NULL;
    }
  gsize n = (gsize) n_items * n_raters;
  g_autofree int *ratings = g_new (int, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      if (!isnan (table[i]) && !(table[i] >= 1 && table[i] <= k && table[i] == floor (table[i])))
        {
          assay_error_bad_data (error, "a rating of \"raw\" is not in 1 to k");
          return NULL;
        }
      ratings[i] = isnan (table[i]) ? -1 : (int) table[i] - 1;
    }
  return coefficients_to_json (ratings, n_items, n_raters, (guint) k);
}

static gboolean
is_complete (const double *values, gsize n, GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i]))
      return assay_error_bad_data (error, "a value is missing, and this coefficient knows no missing ones");
  return TRUE;
}

static json_t *
run_values (const json_t *in, GError **error)
{
  guint n_items = 0, n_raters = 0;
  g_autofree double *values
      = assay_metric_table (json_object_get (in, "items_by_raters"), "items_by_raters", &n_items, &n_raters, error);
  if (values == NULL || !is_complete (values, (gsize) n_items * n_raters, error))
    return NULL;
  json_t *answer = json_object ();
  add_values (answer, values, n_items, n_raters);
  return answer;
}

static json_t *
run_tau (const json_t *in, GError **error)
{
  guint n_x = 0, n_y = 0;
  g_autofree double *x = assay_metric_numbers (json_object_get (in, "x"), &n_x, error);
  g_autofree double *y = x != NULL ? assay_metric_numbers (json_object_get (in, "y"), &n_y, error) : NULL;
  if (y == NULL || !is_complete (x, n_x, error) || !is_complete (y, n_y, error))
    return NULL;
  if (n_x != n_y)
    {
      assay_error_bad_data (error, "x has %u values and y %u; they go one by one", n_x, n_y);
      return NULL;
    }
  AssayRankCorrelation correlation;
  assay_rank_correlate (x, y, n_x, &correlation);
  return json_pack ("{s:o, s:o, s:o, s:o}", "tau_b", assay_json_number (correlation.tau_b), "tau_c",
                    assay_json_number (correlation.tau_c), "spearman", assay_json_number (correlation.spearman),
                    "weighted_tau", assay_json_number (correlation.weighted_tau));
}

static const struct
{
  const char *type;
  json_t *(*run) (const json_t *in, GError **error);
} types[] = {
  { "gwet", run_gwet },
  { "icc", run_values },
  { "kendall_w", run_values },
  { "kendall_tau", run_tau },
};

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  const char *type = assay_json_get_string (in, "type");
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (type, types[i].type) == 0)
      return types[i].run (in, error);
  assay_error_bad_data (error, "the type %s is not known", type != NULL ? type : "(none)");
  return NULL;
}

static const char *const cases[] = { "agreement_other", NULL };

const AssayMetric assay_metric_agreement_other = {
  .id = "agreement-other",
  .title = "Other coefficients of agreement",
  .files = "RATINGS.csv",
  .help = "for any number of annotators and missing ratings: Gwet's AC1 (`value`) and AC2, Brennan-Prediger, "
          "Conger, Fleiss; "
          "of numbers, over items that everybody rated, the six intraclass correlations and Kendall's W",
  .least_files = 1,
  .most_files = 1,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
