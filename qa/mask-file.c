/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/mask-file.h"

#include "core/error.h"
#include "core/picture.h"

#include <string.h>

static AssayMask *
mask_from_picture (const AssayPicture *picture)
{
  guint step = assay_pixels_bytes (picture->pixels);
  gsize stride = picture->width_px;
  g_autofree guint8 *inside = g_malloc0 (stride * picture->height_px);
  for (guint y = 0; y < picture->height_px; y++)
    for (guint x = 0; x < picture->width_px; x++)
      {
        const guint8 *pixel = picture->data + y * picture->stride + (gsize) x * step;
        for (guint i = 0; i < step; i++)
          inside[y * stride + x] |= pixel[i];
      }
  return assay_mask_new_from_bytes (inside, stride, picture->width_px, picture->height_px);
}

static gboolean
looks_like_json (const char *path)
{
  g_autofree char *text = NULL;
  gsize n = 0;
  if (!g_file_get_contents (path, &text, &n, NULL))
    return FALSE;
  gsize blanks = strspn (text, " \t\r\n");
  return blanks < n && text[blanks] == '{';
}

AssayMask *
assay_mask_load (const char *path, GError **error)
{
  if (!looks_like_json (path))
    {
      g_autoptr (AssayPicture) picture = assay_picture_load (path, error);
      return picture != NULL ? mask_from_picture (picture) : NULL;
    }
  g_autoptr (json_t) object = assay_json_load (path, error);
  if (object == NULL)
    return NULL;
  AssayMask *mask = assay_mask_from_json (object, error);
  if (mask == NULL)
    g_prefix_error (error, "reading %s: ", path);
  return mask;
}

static gboolean
read_size (const json_t *object, guint *ret_width, guint *ret_height, GError **error)
{
  const json_t *size = json_object_get (object, "size");
  gint64 h = 0, w = 0;
  gboolean given = TRUE;
  if (size != NULL)
    {
      given = json_is_integer (json_array_get (size, 0)) && json_is_integer (json_array_get (size, 1));
      h = json_integer_value (json_array_get (size, 0));
      w = json_integer_value (json_array_get (size, 1));
    }
  else
    given = assay_json_get_int (object, "h", &h) && assay_json_get_int (object, "w", &w);
  if (!given || h <= 0 || w <= 0 || h > G_MAXINT32 || w > G_MAXINT32
      || (guint64) h * (guint64) w > ASSAY_MASK_MAX_PX)
    {
      assay_error_bad_data (error,
                            "the mask's size is missing or not possible: %" G_GINT64_FORMAT " x %" G_GINT64_FORMAT
                            "; give \"size\":[height,width]",
                            w, h);
      return FALSE;
    }
  *ret_width = (guint) w;
  *ret_height = (guint) h;
  return TRUE;
}

static AssayMask *
mask_from_runs (const json_t *counts, guint w, guint h, GError **error)
{
  gsize n = json_array_size (counts);
  g_autofree guint32 *runs = g_new (guint32, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      const json_t *run = json_array_get (counts, i);
      if (!json_is_integer (run) || json_integer_value (run) < 0 || json_integer_value (run) > G_MAXUINT32)
        {
          assay_error_bad_data (error, "run %zu of the mask is no number of pixels", i);
          return NULL;
        }
      runs[i] = (guint32) json_integer_value (run);
    }
  return assay_mask_new_from_runs (w, h, runs, (guint) n, error);
}

static AssayMask *
mask_from_rows (const json_t *rows, guint w, guint h, GError **error)
{
  g_autofree guint8 *bytes = g_malloc0 ((gsize) w * h);
  for (guint y = 0; y < h; y++)
    {
      const char *row = json_string_value (json_array_get (rows, y));
      if (row == NULL || strlen (row) != w)
        {
          assay_error_bad_data (error, "row %u of the mask is not %u characters long", y, w);
          return NULL;
        }
      for (guint x = 0; x < w; x++)
        bytes[(gsize) y * w + x] = row[x] == '#';
    }
  return assay_mask_new_from_bytes (bytes, w, w, h);
}

AssayMask *
assay_mask_from_json (const json_t *object, GError **error)
{
  guint w, h;
  if (!read_size (object, &w, &h, error))
    return NULL;
  const json_t *counts = json_object_get (object, "counts"), *rle = json_object_get (object, "rle");
  if (json_is_array (counts))
    return mask_from_runs (counts, w, h, error);
  if (json_is_string (counts))
    return assay_mask_new_from_coco (json_string_value (counts), w, h, error);
  if (json_is_string (rle))
    return assay_mask_new_from_coco (json_string_value (rle), w, h, error);
  if (json_is_array (json_object_get (object, "rows")))
    return mask_from_rows (json_object_get (object, "rows"), w, h, error);
  assay_error_bad_data (error, "the mask has no \"counts\"; give COCO's string or an array of runs");
  return NULL;
}

json_t *
assay_mask_bounds_to_json (const AssayMask *mask)
{
  AssayRect box = { 0 };
  assay_mask_bounds (mask, &box);
  return json_pack ("[i, i, i, i]", (int) box.x, (int) box.y, (int) box.w, (int) box.h);
}

json_t *
assay_mask_runs_to_json (const AssayMask *mask)
{
  json_t *runs = json_array ();
  for (guint i = 0; i < mask->n_runs; i++)
    json_array_append_new (runs, json_integer (mask->runs[i]));
  return runs;
}

json_t *
assay_mask_to_json (const AssayMask *mask)
{
  g_autofree char *counts = assay_mask_to_coco (mask);
  return json_pack ("{s:[i, i], s:s, s:I, s:o}", "size", (int) mask->height_px, (int) mask->width_px, "counts",
                    counts, "area", (json_int_t) assay_mask_area_px (mask), "bbox",
                    assay_mask_bounds_to_json (mask));
}
