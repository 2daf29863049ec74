/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/intervals.h"
#include "qa/metric.h"
#include "qa/text-lines.h"

#include <math.h>
#include <string.h>

static const AssayOption options[] = {
  { "window", ASSAY_OPTION_DOUBLE, "0.05", 0, 1000, NULL, "seconds that two boundaries may be apart", NULL, "s" },
  { NULL },
};

static gboolean
add_interval (GArray *intervals, double start_s, double end_s, GError **error)
{
  AssayInterval interval = { start_s, end_s };
  if (!isfinite (start_s) || !isfinite (end_s) || end_s < start_s)
    return assay_error_bad_data (error, "interval %u ends before it starts, or is none", intervals->len + 1);
  g_array_append_val (intervals, interval);
  return TRUE;
}

/* "start end …" a line, as Audacity and mir_eval write them. */
static GArray *
load_intervals (const char *path, GError **error)
{
  g_auto (GStrv) lines = assay_text_load_lines (path, error);
  g_autoptr (GArray) intervals = g_array_new (FALSE, FALSE, sizeof (AssayInterval));
  if (lines == NULL)
    return NULL;
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *after_start, *after_end;
      if (*g_strstrip (lines[i]) == '\0')
        continue;
      double start_s = g_ascii_strtod (lines[i], &after_start), end_s = g_ascii_strtod (after_start, &after_end);
      if (after_start == lines[i] || after_end == after_start)
        {
          assay_error_bad_data (error, "reading %s: line %u does not begin with two numbers of seconds", path,
                                i + 1);
          return NULL;
        }
      if (!add_interval (intervals, start_s, end_s, error))
        {
          g_prefix_error (error, "reading %s: ", path);
          return NULL;
        }
    }
  return g_steal_pointer (&intervals);
}

static GArray *
boundaries_of (const GArray *intervals)
{
  return assay_interval_boundaries ((const AssayInterval *) (gpointer) intervals->data, intervals->len);
}

static json_t *
match_to_json (const GArray *ref, const GArray *est, double window_s)
{
  AssayBoundaryMatch match = assay_boundaries_match (ref, est, window_s);
  return json_pack ("{s:o, s:o, s:o}", "precision", assay_json_number (match.precision), "recall",
                    assay_json_number (match.recall), "f", assay_json_number (match.f));
}

static json_t *
deviation_to_json (const GArray *ref, const GArray *est)
{
  return json_pack ("{s:o, s:o}", "ref_to_est", assay_json_number (assay_boundaries_deviation (ref, est)),
                    "est_to_ref", assay_json_number (assay_boundaries_deviation (est, ref)));
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *values, GError **error)
{
  g_autoptr (GArray) a = load_intervals (paths[0], error);
  g_autoptr (GArray) b = a != NULL ? load_intervals (paths[1], error) : NULL;
  if (b == NULL)
    return NULL;
  g_autoptr (GArray) ref = boundaries_of (a), est = boundaries_of (b);
  double window_s = assay_options_get_double (values, "window");
  json_t *answer = match_to_json (ref, est, window_s);
  json_object_set (answer, "value", json_object_get (answer, "f"));
  json_object_set_new (answer, "window_s", json_real (window_s));
  json_object_set_new (answer, "deviation_s", deviation_to_json (ref, est));
  json_object_set_new (answer, "n_boundaries", json_pack ("[i, i]", (int) ref->len, (int) est->len));
  return answer;
}

static GArray *
read_intervals (const json_t *in, const char *key, GError **error)
{
  g_autoptr (GArray) intervals = g_array_new (FALSE, FALSE, sizeof (AssayInterval));
  size_t index;
  const json_t *one;
  json_array_foreach (json_object_get (in, key), index, one)
  {
    double ends[2];
    if (!assay_json_to_doubles (one, ends, 2))
      {
        assay_error_bad_data (error, "entry %zu of \"%s\" is not [start, end]", index, key);
        return NULL;
      }
    if (!add_interval (intervals, ends[0], ends[1], error))
      return NULL;
  }
  return g_steal_pointer (&intervals);
}

static json_t *
list_ious (const GArray *a, const GArray *b)
{
  json_t *rows = json_array ();
  for (guint i = 0; i < a->len; i++)
    {
      json_t *row = json_array ();
      for (guint j = 0; j < b->len; j++)
        json_array_append_new (row, assay_json_number (assay_interval_iou (g_array_index (a, AssayInterval, i),
                                                                           g_array_index (b, AssayInterval, j))));
      json_array_append_new (rows, row);
    }
  return rows;
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  g_autoptr (GArray) a = read_intervals (in, "ref", error);
  g_autoptr (GArray) b = a != NULL ? read_intervals (in, "est", error) : NULL;
  if (b == NULL)
    return NULL;
  g_autoptr (GArray) ref = boundaries_of (a), est = boundaries_of (b);
  return json_pack ("{s:{s:o, s:o}, s:o, s:o}", "detection", "0.05", match_to_json (ref, est, 0.05), "0.5",
                    match_to_json (ref, est, 0.5), "deviation", deviation_to_json (ref, est), "iou",
                    list_ious (a, b));
}

static const char *const cases[] = { "intervals", NULL };

const AssayMetric assay_metric_intervals = {
  .id = "intervals",
  .title = "Boundaries in time",
  .files = "REF.txt EST.txt",
  .help = "a segment on each line, start and end in seconds: precision, recall and F of boundaries matched one to "
          "one within "
          "the window (edges included), and the median distance to the nearest",
  .options = options,
  .least_files = 2,
  .most_files = 2,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
