/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/drift.h"
#include "qa/metric.h"
#include "qa/outliers.h"
#include "qa/text-lines.h"

#include <math.h>
#include <string.h>

static const char *const kinds[] = { "numbers", "names", NULL };

static const AssayOption options[] = {
  { "values", ASSAY_OPTION_CHOICE, "numbers", 0, 0, kinds,
    "what stands on each line: a number, or a name to count" },
  { "floor", ASSAY_OPTION_DOUBLE, "0.0001", 0, 1, NULL, "least share of a name in the PSI; 0 = none" },
  { NULL },
};

static double *
load_numbers (const char *path, guint *ret_n, GError **error)
{
  g_auto (GStrv) lines = assay_text_load_lines (path, error);
  if (lines == NULL)
    return NULL;
  g_autofree double *numbers = g_new (double, (gsize) g_strv_length (lines) + 1);
  *ret_n = 0;
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *end = lines[i];
      if (*g_strstrip (lines[i]) == '\0')
        continue;
      numbers[*ret_n] = g_ascii_strtod (lines[i], &end);
      if (*end != '\0' || !isfinite (numbers[*ret_n]))
        {
          assay_error_bad_data (error, "reading %s: line %u is no number; or use --values names", path, i + 1);
          return NULL;
        }
      (*ret_n)++;
    }
  return g_steal_pointer (&numbers);
}

static json_t *
measure_numbers (char *const *paths, GError **error)
{
  guint n_x = 0, n_y = 0;
  g_autofree double *x = load_numbers (paths[0], &n_x, error);
  g_autofree double *y = x != NULL ? load_numbers (paths[1], &n_y, error) : NULL;
  if (y == NULL)
    return NULL;
  AssaySampleDrift drift;
  assay_drift_samples (x, n_x, y, n_y, &drift);
  return json_pack ("{s:o, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "value", assay_json_number (drift.ks), "n_x",
                    (int) n_x, "n_y", (int) n_y, "ks", assay_json_number (drift.ks), "ks_p_exact",
                    assay_json_number (drift.ks_p_exact), "ks_p_kolmogorov",
                    assay_json_number (drift.ks_p_kolmogorov), "wasserstein", assay_json_number (drift.wasserstein),
                    "mann_whitney_u", assay_json_number (drift.mann_whitney_u), "mann_whitney_p",
                    assay_json_number (drift.mann_whitney_p));
}

/* Counts the names of one file in `names` (name to index + 1), into side `side` of pairs. */
static gboolean
count_names (const char *path, GHashTable *names, GArray *counts[2], guint side, GError **error)
{
  g_auto (GStrv) lines = assay_text_load_lines (path, error);
  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    {
      const double none = 0;
      if (*g_strstrip (lines[i]) == '\0')
        continue;
      guint index = GPOINTER_TO_UINT (g_hash_table_lookup (names, lines[i]));
      if (index == 0)
        {
          index = g_hash_table_size (names) + 1;
          g_hash_table_insert (names, g_strdup (lines[i]), GUINT_TO_POINTER (index));
          g_array_append_val (counts[0], none);
          g_array_append_val (counts[1], none);
        }
      g_array_index (counts[side], double, index - 1)++;
    }
  return lines != NULL;
}

static json_t *
bins_to_json (const AssayBinDrift *drift, double floor)
{
  json_t *chi = json_pack ("{s:o, s:o, s:i, s:o}", "stat", assay_json_number (drift->chi_square), "p",
                           assay_json_number (drift->chi_square_p), "dof", (int) drift->dof, "cramers_v",
                           assay_json_number (drift->cramers_v));
  return json_pack ("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "eps", assay_json_number (floor), "psi",
                    assay_json_number (drift->psi), "js_distance_ln", assay_json_number (drift->js_distance),
                    "js_divergence_bits", assay_json_number (drift->js_divergence_bits), "tv",
                    assay_json_number (drift->total_variation), "hellinger", assay_json_number (drift->hellinger),
                    "chi2", chi);
}

static json_t *
measure_names (char *const *paths, double floor, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) actual = g_array_new (FALSE, FALSE, sizeof (double));
  GArray *counts[2] = { expected, actual };
  if (!count_names (paths[0], names, counts, 0, error) || !count_names (paths[1], names, counts, 1, error))
    return NULL;
  AssayBinDrift drift;
  assay_drift_bins ((const double *) (gpointer) expected->data, (const double *) (gpointer) actual->data,
                    expected->len, floor > 0 ? floor : NAN, &drift);
  json_t *answer = bins_to_json (&drift, floor > 0 ? floor : NAN);
  json_object_set_new (answer, "value", assay_json_number (drift.psi));
  json_object_set_new (answer, "n_names", json_integer (expected->len));
  return answer;
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *values, GError **error)
{
  return g_str_equal (assay_options_get_string (values, "values"), "names")
             ? measure_names (paths, assay_options_get_double (values, "floor"), error)
             : measure_numbers (paths, error);
}

static double *
read_finite (const json_t *in, const char *key, double least, guint *ret_n, GError **error)
{
  g_autofree double *numbers = assay_metric_numbers (json_object_get (in, key), ret_n, error);
  for (guint i = 0; numbers != NULL && i < *ret_n; i++)
    if (!isfinite (numbers[i]) || numbers[i] < least)
      {
        assay_error_bad_data (error, "value %u of \"%s\" is missing or negative", i, key);
        return NULL;
      }
  return g_steal_pointer (&numbers);
}

static json_t *
run_binned (const json_t *in, GError **error)
{
  guint n = 0, n_actual = 0;
  double floor = NAN;
  g_autofree double *expected = read_finite (in, "expected", 0, &n, error);
  g_autofree double *actual = expected != NULL ? read_finite (in, "actual", 0, &n_actual, error) : NULL;
  if (actual == NULL)
    return NULL;
  if (n != n_actual)
    {
      assay_error_bad_data (error, "%u bins and %u bins: they go one by one", n, n_actual);
      return NULL;
    }
  assay_json_get_double (in, "eps", &floor);
  AssayBinDrift drift;
  assay_drift_bins (expected, actual, n, floor, &drift);
  return bins_to_json (&drift, floor);
}

static json_t *
run_samples (const json_t *in, GError **error)
{
  guint n_x = 0, n_y = 0;
  g_autofree double *x = read_finite (in, "x", -INFINITY, &n_x, error);
  g_autofree double *y = x != NULL ? read_finite (in, "y", -INFINITY, &n_y, error) : NULL;
  if (y == NULL)
    return NULL;
  AssaySampleDrift drift;
  assay_drift_samples (x, n_x, y, n_y, &drift);
  return json_pack ("{s:o, s:o, s:o, s:o, s:o, s:o}", "ks", assay_json_number (drift.ks), "ks_p_kolmogorov",
                    assay_json_number (drift.ks_p_kolmogorov), "wasserstein", assay_json_number (drift.wasserstein),
                    "ks_p_exact", assay_json_number (drift.ks_p_exact), "mannwhitney_u",
                    assay_json_number (drift.mann_whitney_u), "mannwhitney_p_asymp",
                    assay_json_number (drift.mann_whitney_p));
}

static json_t *
run_mmd (const json_t *in, GError **error)
{
  guint n_x = 0, n_y = 0, d_x = 0, d_y = 0;
  double gamma = 1, biased, unbiased;
  g_autofree double *x = assay_metric_table (json_object_get (in, "x"), "x", &n_x, &d_x, error);
  g_autofree double *y = x != NULL ? assay_metric_table (json_object_get (in, "y"), "y", &n_y, &d_y, error) : NULL;
  if (y == NULL)
    return NULL;
  if ((d_x != d_y && n_x > 0 && n_y > 0) || !assay_json_get_double (in, "gamma", &gamma))
    {
      assay_error_bad_data (error, "\"gamma\" is missing, or the rows are of %u and of %u numbers", d_x, d_y);
      return NULL;
    }
  assay_drift_mmd (x, n_x, y, n_y, d_x, gamma, &biased, &unbiased);
  return json_pack ("{s:f, s:o, s:o}", "gamma", gamma, "mmd2_biased", assay_json_number (biased), "mmd2_unbiased",
                    assay_json_number (unbiased));
}

static json_t *
run_outliers (const json_t *in, GError **error)
{
  guint n = 0;
  g_autofree double *x = read_finite (in, "x", -INFINITY, &n, error);
  AssaySpread spread;
  if (x == NULL)
    return NULL;
  assay_spread_measure (x, n, &spread);
  json_t *beyond = json_array (), *z = json_array (), *far = json_array ();
  for (guint i = 0; i < n; i++)
    {
      double score = assay_spread_modified_z (&spread, x[i]);
      json_array_append_new (z, assay_json_number (score));
      if (assay_spread_is_beyond (&spread, x[i]))
        json_array_append_new (beyond, json_integer (i));
      if (fabs (score) > ASSAY_OUTLIER_Z)
        json_array_append_new (far, json_integer (i));
    }
  json_t *answer = json_pack (
      "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "median", assay_json_number (spread.median), "mad",
      assay_json_number (spread.mad), "q1", assay_json_number (spread.quartile_1), "q3",
      assay_json_number (spread.quartile_3), "fence_low", assay_json_number (spread.fence_low), "fence_high",
      assay_json_number (spread.fence_high), "tukey", beyond, "modified_z", z, "mad_outliers", far, "log_median",
      assay_json_number (spread.log_median), "log_mad", assay_json_number (spread.log_mad));
  if (!(spread.mad > 0))
    {
      json_object_set_new (answer, "modified_z", json_null ());
      json_object_set_new (answer, "mad_outliers", json_null ());
    }
  return answer;
}

static const struct
{
  const char *type;
  json_t *(*run) (const json_t *in, GError **error);
} types[] = {
  { "binned", run_binned },
  { "samples", run_samples },
  { "mmd", run_mmd },
  { "outliers", run_outliers },
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

static const char *const cases[] = { "drift", NULL };

const AssayMetric assay_metric_drift = {
  .id = "drift",
  .title = "Drift",
  .files = "BEFORE.txt AFTER.txt",
  .help = "a value on each line. Numbers: Kolmogorov-Smirnov, Wasserstein, Mann-Whitney. Names: PSI, "
          "Jensen-Shannon, total "
          "variation, Hellinger, chi-square with Cramer's V. `value` is KS or PSI",
  .options = options,
  .least_files = 2,
  .most_files = 2,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
