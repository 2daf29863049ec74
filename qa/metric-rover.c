/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/metric.h"
#include "qa/rover.h"
#include "qa/text-lines.h"

#include <math.h>

/* The lines of each file; all have as many as the first. */
static GPtrArray *
load_files (char *const *paths, guint n_paths, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  for (guint i = 0; i < n_paths; i++)
    {
      char **lines = assay_text_load_lines (paths[i], error);
      if (lines == NULL)
        return NULL;
      g_ptr_array_add (files, lines);
      guint n_first = g_strv_length (files->pdata[0]), n = g_strv_length (lines);
      if (n == n_first)
        continue;
      assay_error_bad_data (error, "joining %s and %s: %u lines and %u lines; line n goes with line n", paths[0],
                            paths[i], n_first, n);
      return NULL;
    }
  return g_steal_pointer (&files);
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *options, GError **error)
{
  g_autoptr (GPtrArray) files = load_files (paths, n_paths, error);
  if (files == NULL)
    return NULL;
  g_autoptr (json_t) lines = json_array ();
  g_autofree const char **texts = g_new (const char *, n_paths);
  double sum = 0;
  guint n_slots = 0;
  for (guint line = 0; ((char **) files->pdata[0])[line] != NULL; line++)
    {
      for (guint i = 0; i < n_paths; i++)
        texts[i] = ((char **) files->pdata[i])[line];
      g_autoptr (AssayRover) rover = assay_rover_new (texts, n_paths, error);
      if (rover == NULL)
        {
          g_prefix_error (error, "line %u: ", line + 1);
          return NULL;
        }
      sum += rover->n_slots > 0 ? rover->agreement * rover->n_slots : 0;
      n_slots += rover->n_slots;
      json_array_append_new (lines, json_pack ("{s:i, s:s, s:o}", "line", (int) line + 1, "text", rover->text,
                                               "agreement", assay_json_number (rover->agreement)));
    }
  return json_pack ("{s:o, s:i, s:O}", "value", assay_json_number (n_slots > 0 ? sum / n_slots : NAN), "n_words",
                    (int) n_slots, "lines", lines);
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  const json_t *list = json_object_get (in, "texts");
  guint n = (guint) json_array_size (list);
  g_autofree const char **texts = g_new (const char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      texts[i] = json_string_value (json_array_get (list, i));
      if (texts[i] == NULL)
        {
          assay_error_bad_data (error, "entry %u of \"texts\" is no text", i);
          return NULL;
        }
    }
  g_autoptr (AssayRover) rover = assay_rover_new (texts, n, error);
  if (rover == NULL)
    return NULL;
  return json_pack ("{s:s, s:o}", "text", rover->text, "agreement", assay_json_number (rover->agreement));
}

static const char *const cases[] = { "rover", NULL };

const AssayMetric assay_metric_rover = {
  .id = "rover",
  .title = "ROVER",
  .files = "TEXT…",
  .help
  = "one text out of several, line by line: words are aligned and each place goes to what most say, ties to the "
    "longer word; `value` is the mean share of texts that say what was chosen",
  .least_files = 1,
  .most_files = 1000,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
