/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/picture-measure.h"
#include "qa/metric.h"

static json_t *
to_text (guint64 hash)
{
  g_autofree char *text = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", hash);
  return json_string (text);
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *values, GError **error)
{
  json_t *rows = json_array ();
  g_autoptr (json_t) answer = json_pack ("{s:o}", "pictures", rows);
  guint64 first = 0, last = 0;
  for (guint i = 0; i < n_paths; i++)
    {
      g_autoptr (AssayPicture) picture = assay_picture_load (paths[i], error);
      if (picture == NULL)
        return NULL;
      last = assay_picture_hash_perceptual (picture);
      first = i == 0 ? last : first;
      json_array_append_new (rows, json_pack ("{s:s, s:o, s:o, s:o}", "path", paths[i], "phash", to_text (last),
                                              "dhash", to_text (assay_picture_hash_difference (picture)), "ahash",
                                              to_text (assay_picture_hash_average (picture))));
    }
  json_object_set_new (answer, "value",
                       n_paths == 2 ? json_integer (assay_picture_hash_distance (first, last)) : json_null ());
  return json_incref (answer);
}

static gboolean
read_grid (const json_t *in, const char *key, guint columns, guint rows, double *grid, GError **error)
{
  const json_t *lines = json_object_get (in, key);
  if (json_array_size (lines) != rows)
    {
      assay_error_bad_data (error, "\"%s\" is not %u rows of %u pixels", key, rows, columns);
      return FALSE;
    }
  for (guint y = 0; y < rows; y++)
    {
      guint n = 0;
      g_autofree double *numbers = assay_metric_numbers (json_array_get (lines, y), &n, error);
      if (numbers == NULL)
        return FALSE;
      if (n != columns)
        {
          assay_error_bad_data (error, "row %u of \"%s\" has %u pixels, not %u", y, key, n, columns);
          return FALSE;
        }
      for (guint x = 0; x < columns; x++)
        grid[y * columns + x] = numbers[x];
    }
  return TRUE;
}

/* Every hash against every other. */
static json_t *
run_distances (const json_t *hashes)
{
  json_t *rows = json_array ();
  for (gsize i = 0; i < json_array_size (hashes); i++)
    {
      json_t *row = json_array ();
      for (gsize j = 0; j < json_array_size (hashes); j++)
        {
          const char *a = json_string_value (json_array_get (hashes, i)),
                     *b = json_string_value (json_array_get (hashes, j));
          guint distance = assay_picture_hash_distance (g_ascii_strtoull (a != NULL ? a : "", NULL, 16),
                                                        g_ascii_strtoull (b != NULL ? b : "", NULL, 16));
          json_array_append_new (row, json_integer (distance));
        }
      json_array_append_new (rows, row);
    }
  return json_pack ("{s:o}", "distance", rows);
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  double large[32 * 32], wide[8 * 9], small[8 * 8], margin;
  if (json_object_get (in, "hashes") != NULL)
    return run_distances (json_object_get (in, "hashes"));
  if (!read_grid (in, "px32", 32, 32, large, error) || !read_grid (in, "px9x8", 9, 8, wide, error)
      || !read_grid (in, "px8", 8, 8, small, error))
    return NULL;
  guint64 perceptual = assay_grid_hash_perceptual (large, &margin);
  return json_pack ("{s:o, s:o, s:o, s:o}", "phash", to_text (perceptual), "phash_margin",
                    assay_json_number (margin), "dhash", to_text (assay_grid_hash_difference (wide)), "ahash",
                    to_text (assay_grid_hash_average (small)));
}

static const char *const cases[] = { "image_hash", NULL };

const AssayMetric assay_metric_image_hash = {
  .id = "image-hash",
  .title = "Perceptual hashes",
  .files = "PICTURE…",
  .help
  = "64 bits that change little when the picture does: phash, dhash and ahash of each; of two pictures, `value` "
    "is the number of bits in which their phash differs (0 = alike, 32 = unrelated)",
  .least_files = 1,
  .most_files = 1000,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
