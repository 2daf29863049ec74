/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/metric.h - one metric on plain files, no project needed: what `assay measure` offers. A registry:
 * qa/metric-*.c, one word each in qa/meson.build; the word is file name, C symbol (assay_metric_WORD) and
 * command-line name.
 *
 * The functions behind it are those that the kinds, agreement and the checks call. Undefined is null. Any thread.
 */
#include "core/error.h"
#include "core/json.h"
#include "core/option.h"

G_BEGIN_DECLS

typedef struct
{
  const char *id, *title;
  const char *files;          /* "RATINGS.csv", "A.png B.png": as in help */
  const char *help;           /* definition and edge cases */
  const AssayOption *options; /* (nullable) */
  guint least_files, most_files;
  /* {metric, value, …}: the keys beside `metric`. NULL = has cases only. New reference. */
  json_t *(*measure) (char *const *paths, guint n_paths, const AssayOptions *options, GError **error);
  /* Names that golden files give to it (ends with NULL), and one case, whole and its "in": gives `out` of that
   * file. NULL with an error: refused. */
  const char *const *cases;
  json_t *(*run_case) (const char *name, const json_t *in, const json_t *whole, GError **error);
} AssayMetric;

const AssayMetric *assay_metric_find (const char *id);           /* (nullable) */
const AssayMetric *assay_metric_find_cases (const char *metric); /* (nullable) by the name of a golden file */
const AssayMetric *const *assay_metric_list (guint *ret_n);

/* Runs all cases of one document of the golden format: {metric, cases:[{id, out, error}]}; a refused case has
 * out:{"error":true} and the reason in `error`. A metric that is not known gives {metric, error}. */
json_t *assay_metric_run_cases (const json_t *document, GError **error);

/* For the authors of metrics: the numbers of an array (of a table, of rows), null = NaN, and back; an interval,
 * null when undefined. */
double *assay_metric_numbers (const json_t *array, guint *ret_n, GError **error);
/* Row by row, from rows of one length. */
double *assay_metric_table (const json_t *rows, const char *what, guint *ret_rows, guint *ret_columns,
                            GError **error);
json_t *assay_metric_list_numbers (const double *numbers, gsize n); /* NaN = null */
json_t *assay_metric_interval (double low, double high);

G_END_DECLS
