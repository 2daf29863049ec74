/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/metric.h"

#include "metric-list.h"

#include <math.h>
#include <string.h>

#define X(name) extern const AssayMetric assay_metric_##name;
ASSAY_METRIC_LIST
#undef X
#define X(name) &assay_metric_##name,
static const AssayMetric *const metrics[] = { ASSAY_METRIC_LIST NULL };
#undef X

const AssayMetric *const *
assay_metric_list (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (metrics) - 1;
  return metrics;
}

const AssayMetric *
assay_metric_find (const char *id)
{
  for (guint i = 0; metrics[i] != NULL; i++)
    if (g_str_equal (metrics[i]->id, id))
      return metrics[i];
  return NULL;
}

const AssayMetric *
assay_metric_find_cases (const char *metric)
{
  for (guint i = 0; metrics[i] != NULL; i++)
    if (metrics[i]->cases != NULL && g_strv_contains (metrics[i]->cases, metric))
      return metrics[i];
  return NULL;
}

static json_t *
run_one (const AssayMetric *metric, const char *name, const json_t *one)
{
  g_autoptr (GError) error = NULL;
  const json_t *in = json_object_get (one, "in");
  json_t *out = NULL;
  if (!json_is_object (in))
    g_set_error_literal (&error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "the case has no \"in\"");
  else
    out = metric->run_case (name, in, one, &error);
  if (out == NULL)
    out = json_pack ("{s:b}", "error", TRUE);
  json_t *id = json_object_get (one, "id");
  return json_pack ("{s:O?, s:o, s:s?}", "id", id, "out", out, "error", error != NULL ? error->message : NULL);
}

json_t *
assay_metric_run_cases (const json_t *document, GError **error)
{
  const char *name = assay_json_get_string (document, "metric");
  const json_t *cases = json_object_get (document, "cases");
  if (name == NULL || !json_is_array (cases))
    {
      g_set_error_literal (
          error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
          "reading the cases: \"metric\" or \"cases\" is missing; see the format golden-1 in `assay help measure`");
      return NULL;
    }
  const AssayMetric *metric = assay_metric_find_cases (name);
  if (metric == NULL)
    {
      g_autofree char *why = g_strdup_printf (
          "the metric %s is not known to this version; `assay help measure` lists those that are", name);
      return json_pack ("{s:s, s:s}", "metric", name, "error", why);
    }
  json_t *answers = json_array ();
  size_t index;
  const json_t *one;
  json_array_foreach (cases, index, one) json_array_append_new (answers, run_one (metric, name, one));
  return json_pack ("{s:s, s:o}", "metric", name, "cases", answers);
}

double *
assay_metric_numbers (const json_t *array, guint *ret_n, GError **error)
{
  gsize n = json_array_size (array);
  g_autofree double *numbers = g_new (double, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      const json_t *value = json_array_get (array, i);
      if (!json_is_number (value) && !json_is_null (value))
        {
          assay_error_bad_data (error, "reading numbers: value %zu is neither a number nor null", i);
          return NULL;
        }
      numbers[i] = json_is_null (value) ? NAN : json_number_value (value);
    }
  *ret_n = (guint) n;
  return g_steal_pointer (&numbers);
}

double *
assay_metric_table (const json_t *rows, const char *what, guint *ret_rows, guint *ret_columns, GError **error)
{
  guint n_rows = (guint) json_array_size (rows), n_columns = (guint) json_array_size (json_array_get (rows, 0));
  g_autofree double *table = g_new (double, (gsize) n_rows *n_columns + 1);
  if (!json_is_array (rows))
    {
      assay_error_bad_data (error, "\"%s\" is no list of rows", what);
      return NULL;
    }
  for (guint i = 0; i < n_rows; i++)
    {
      guint n = 0;
      g_autofree double *row = assay_metric_numbers (json_array_get (rows, i), &n, error);
      if (row == NULL)
        return NULL;
      if (n != n_columns)
        {
          assay_error_bad_data (error, "row %u of \"%s\" has %u values and row 0 %u", i, what, n, n_columns);
          return NULL;
        }
      memcpy (table + (gsize) i * n_columns, row, n_columns * sizeof (double));
    }
  *ret_rows = n_rows;
  *ret_columns = n_columns;
  return g_steal_pointer (&table);
}

json_t *
assay_metric_list_numbers (const double *numbers, gsize n)
{
  json_t *list = json_array ();
  for (gsize i = 0; i < n; i++)
    json_array_append_new (list, assay_json_number (numbers[i]));
  return list;
}

json_t *
assay_metric_interval (double low, double high)
{
  return isnan (low) || isnan (high) ? json_null ()
                                     : json_pack ("[o, o]", assay_json_number (low), assay_json_number (high));
}
