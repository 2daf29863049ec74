/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/kind.h"
#include "qa/metric.h"

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  const json_t *rows = json_object_get (in, "sim");
  double threshold = 0;
  guint n_rows = (guint) json_array_size (rows), n_columns = (guint) json_array_size (json_array_get (rows, 0));
  if (n_rows == 0 || n_columns == 0 || !assay_json_get_double (in, "thr", &threshold))
    {
      assay_error_bad_data (error, "\"sim\" has no rows or \"thr\" is missing");
      return NULL;
    }
  g_autofree double *scores = g_new (double, (gsize) n_rows *n_columns);
  for (guint i = 0; i < n_rows; i++)
    {
      guint n = 0;
      g_autofree double *row = assay_metric_numbers (json_array_get (rows, i), &n, error);
      if (row == NULL)
        return NULL;
      if (n != n_columns)
        {
          assay_error_bad_data (error, "row %u has %u values and row 0 %u", i, n, n_columns);
          return NULL;
        }
      for (guint j = 0; j < n; j++)
        scores[(gsize) i * n_columns + j] = row[j];
    }
  g_autofree guint *columns = g_new (guint, n_rows);
  assay_assign (scores, n_rows, n_columns, threshold, columns);
  json_t *pairs = json_array ();
  double total = 0;
  for (guint i = 0; i < n_rows; i++)
    {
      if (columns[i] == G_MAXUINT)
        continue;
      total += scores[(gsize) i * n_columns + columns[i]];
      json_array_append_new (pairs, json_pack ("[i, i]", (int) i, (int) columns[i]));
    }
  return json_pack ("{s:o, s:o, s:o}", "thr", assay_json_number (threshold), "total", assay_json_number (total),
                    "pairs", pairs);
}

static const char *const cases[] = { "assignment", NULL };

const AssayMetric assay_metric_assignment = {
  .id = "assignment",
  .title = "One-to-one matching",
  .files = "--cases FILE.json",
  .help = "pairs of the highest total similarity, none under the threshold; --cases only",
  .cases = cases,
  .run_case = run_case,
};
