/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/polygon.h"
#include "qa/mask-file.h"
#include "qa/metric.h"

static AssayRing *
read_ring (const json_t *flat, GError **error)
{
  guint n = 0;
  g_autofree double *numbers = assay_metric_numbers (flat, &n, error);
  if (numbers == NULL)
    return NULL;
  if (n < 6 || n % 2 != 0)
    {
      assay_error_bad_data (error, "a polygon of %u numbers; three points or more make one", n);
      return NULL;
    }
  g_autofree AssayPoint *points = g_new (AssayPoint, n / 2);
  for (guint i = 0; i < n / 2; i++)
    points[i] = (AssayPoint){ numbers[2 * i], numbers[2 * i + 1] };
  return assay_ring_new (points, n / 2, FALSE);
}

static void
free_ring (gpointer ring)
{
  assay_ring_free (ring);
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  gint64 w = 0, h = 0;
  if (!assay_json_get_int (in, "w", &w) || !assay_json_get_int (in, "h", &h) || w <= 0 || h <= 0 || w > 65500
      || h > 65500)
    {
      assay_error_bad_data (error, "\"h\" and \"w\", the picture's size, are missing or not possible");
      return NULL;
    }
  g_autoptr (GPtrArray) rings = g_ptr_array_new_with_free_func (free_ring);
  g_autoptr (json_t) strings = json_array ();
  size_t index;
  const json_t *flat;
  json_array_foreach (json_object_get (in, "polygons"), index, flat)
  {
    AssayRing *ring = read_ring (flat, error);
    if (ring == NULL)
      return NULL;
    g_ptr_array_add (rings, ring);
    g_autoptr (AssayMask) alone = assay_mask_new_from_ring (ring, (guint) w, (guint) h);
    g_autofree char *rle = assay_mask_to_coco (alone);
    json_array_append_new (strings, json_string (rle));
  }
  g_autoptr (AssayMask) mask = assay_mask_new_from_rings (rings, (guint) w, (guint) h);
  g_autofree char *rle = assay_mask_to_coco (mask);
  return json_pack ("{s:s, s:I, s:o, s:O}", "rle", rle, "area", (json_int_t) assay_mask_area_px (mask), "bbox",
                    assay_mask_bounds_to_json (mask), "rings", strings);
}

static const char *const cases[] = { "mask_poly", NULL };

const AssayMetric assay_metric_polygon = {
  .id = "polygon",
  .title = "Polygons to pixels",
  .files = "--cases FILE.json",
  .help = "COCO's rule (pycocotools rleFrPoly), the union of the rings; --cases only",
  .cases = cases,
  .run_case = run_case,
};
