/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/media.h"
#include "core/picture.h"
#include "qa/mask-file.h"
#include "qa/metric.h"

#include <string.h>

static const AssayOption options[] = {
  { "to-png", ASSAY_OPTION_STRING, NULL, 0, 0, NULL, "write the mask as a picture of 0 and 255 to this file" },
  { NULL },
};

static gboolean
write_png (const AssayMask *mask, const char *path, GError **error)
{
  g_autoptr (AssayPicture) picture = assay_picture_new (mask->width_px, mask->height_px, ASSAY_PIXELS_GREY8);
  if (picture == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "writing %s: a picture of %u x %u is too large; crop the mask", path, mask->width_px,
                   mask->height_px);
      return FALSE;
    }
  assay_mask_to_bytes (mask, 0, 0, mask->width_px, mask->height_px, picture->data, picture->stride);
  for (guint y = 0; y < picture->height_px; y++)
    for (guint x = 0; x < picture->width_px; x++)
      picture->data[y * picture->stride + x] = picture->data[y * picture->stride + x] ? 255 : 0;
  g_autoptr (GBytes) png = assay_picture_encode_png (picture, error);
  if (png == NULL)
    return FALSE;
  gsize n = 0;
  gconstpointer data = g_bytes_get_data (png, &n);
  return assay_file_write (path, data, n, error);
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *values, GError **error)
{
  g_autoptr (AssayMask) mask = assay_mask_load (paths[0], error);
  if (mask == NULL)
    return NULL;
  const char *out = assay_options_get_string (values, "to-png");
  if (out != NULL && !write_png (mask, out, error))
    return NULL;
  return assay_mask_to_json (mask);
}

/* Large golden masks leave out their rows: they are built from the runs that stand in `out`. */
static AssayMask *
read_mask (const json_t *in, const json_t *whole, GError **error)
{
  const json_t *out = json_object_get (whole, "out");
  if (json_object_get (in, "rows") != NULL || json_object_get (in, "rle") != NULL
      || json_object_get (in, "counts") != NULL)
    return assay_mask_from_json (in, error);
  g_autoptr (json_t) built = json_pack ("{s:O?, s:O?, s:O?}", "h", json_object_get (in, "h"), "w",
                                        json_object_get (in, "w"), "counts", json_object_get (out, "counts"));
  return assay_mask_from_json (built, error);
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  g_autoptr (AssayMask) mask = read_mask (in, whole, error);
  if (mask == NULL)
    return NULL;
  if (g_str_equal (name, "mask_rle_reject"))
    return json_pack ("{s:b, s:I}", "error", FALSE, "area", (json_int_t) assay_mask_area_px (mask));
  g_autofree char *rle = assay_mask_to_coco (mask);
  g_autoptr (AssayMask) back = assay_mask_new_from_coco (rle, mask->width_px, mask->height_px, error);
  if (back == NULL)
    return NULL;
  if (!assay_mask_equal (mask, back))
    {
      assay_error_bad_data (error, "the mask does not come back from its string %s; please report it", rle);
      return NULL;
    }
  return json_pack ("{s:o, s:s, s:I, s:o}", "counts", assay_mask_runs_to_json (back), "rle", rle, "area",
                    (json_int_t) assay_mask_area_px (back), "bbox", assay_mask_bounds_to_json (back));
}

static const char *const cases[] = { "mask_rle", "mask_rle_reject", NULL };

const AssayMetric assay_metric_rle = {
  .id = "rle",
  .title = "Run lengths",
  .files = "MASK.png | RLE.json --to-png OUT.png",
  .help = "a mask as COCO's compressed run lengths (column-major), and back; runs that do not sum to the picture "
          "are refused",
  .options = options,
  .least_files = 1,
  .most_files = 1,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
