/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/mask-file.h"
#include "qa/metric.h"
#include "qa/surface.h"

#include <math.h>

#define BOUNDARY_RATIO 0.02 /* of the diagonal, as in boundary-iou-api */

static gboolean
same_size (const AssayMask *a, const AssayMask *b, GError **error)
{
  if (a->width_px == b->width_px && a->height_px == b->height_px)
    return TRUE;
  assay_error_bad_data (error, "comparing masks: one is %u x %u and the other %u x %u; they must be of one picture",
                        a->width_px, a->height_px, b->width_px, b->height_px);
  return FALSE;
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *options, GError **error)
{
  g_autoptr (AssayMask) a = assay_mask_load (paths[0], error);
  g_autoptr (AssayMask) b = a != NULL ? assay_mask_load (paths[1], error) : NULL;
  if (a == NULL || b == NULL || !same_size (a, b, error))
    return NULL;
  AssaySurface surface = { .hausdorff_px = NAN, .assd_px = NAN, .hausdorff95_max_px = NAN };
  assay_surface_compare (a, b, &surface);
  guint width;
  guint64 area_a, area_b;
  double iou = assay_mask_iou (a, b, FALSE),
         boundary = assay_boundary_iou (a, b, BOUNDARY_RATIO, &width, &area_a, &area_b);
  return json_pack ("{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o}", "value", assay_json_number (iou), "iou",
                    assay_json_number (iou), "dice", assay_json_number (assay_mask_dice (a, b)), "hausdorff_px",
                    assay_json_number (surface.hausdorff_px), "hausdorff95_px",
                    assay_json_number (surface.hausdorff95_max_px), "assd_px", assay_json_number (surface.assd_px),
                    "area_a", (json_int_t) assay_mask_area_px (a), "area_b", (json_int_t) assay_mask_area_px (b),
                    "boundary_f", assay_json_number (assay_boundary_f (a, b)), "boundary_iou",
                    assay_json_number (isnan (iou) ? NAN : boundary));
}

static json_t *
surface_to_json (const AssayMask *a, const AssayMask *b)
{
  AssaySurface s;
  if (!assay_surface_compare (a, b, &s))
    return json_null ();
  return json_pack ("{s:f, s:f, s:f, s:f, s:f, s:f, s:i, s:i, s:f}", "hd", s.hausdorff_px, "hd95", s.hausdorff95_px,
                    "hd95_max", s.hausdorff95_max_px, "asd_ab", s.asd_ab_px, "asd_ba", s.asd_ba_px, "assd",
                    s.assd_px, "n_border_a", (int) s.n_border_a, "n_border_b", (int) s.n_border_b, "hd_region",
                    s.hausdorff_region_px);
}

static json_t *
contour_to_json (const AssayMask *a, const AssayMask *b)
{
  AssayContour c;
  if (!assay_contour_compare (a, b, &c))
    return json_null ();
  return json_pack ("{s:f, s:f, s:f, s:f, s:{s:f, s:f}, s:f, s:f}", "asd_b_to_a", c.asd_ba_px, "asd_a_to_b",
                    c.asd_ab_px, "hd100", c.hausdorff_px, "hd95", c.hausdorff95_px, "surface_dice", "1",
                    c.surface_dice[0], "2", c.surface_dice[1], "len_a", c.length_a_px, "len_b", c.length_b_px);
}

/* pycocotools says 0 for two empty masks; where its own answer is asked for, it is given. */
static double
or_zero (double value)
{
  return isnan (value) ? 0 : value;
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  g_autoptr (json_t) of_a = json_pack ("{s:O?, s:O?, s:O?}", "h", json_object_get (in, "h"), "w",
                                       json_object_get (in, "w"), "rle", json_object_get (in, "a"));
  g_autoptr (json_t) of_b = json_pack ("{s:O?, s:O?, s:O?}", "h", json_object_get (in, "h"), "w",
                                       json_object_get (in, "w"), "rle", json_object_get (in, "b"));
  g_autoptr (AssayMask) a = assay_mask_from_json (of_a, error);
  g_autoptr (AssayMask) b = a != NULL ? assay_mask_from_json (of_b, error) : NULL;
  if (a == NULL || b == NULL)
    return NULL;
  guint64 area_a = assay_mask_area_px (a), area_b = assay_mask_area_px (b),
          both = assay_mask_intersection_px (a, b);
  guint width;
  guint64 ring_a, ring_b;
  double boundary = assay_boundary_iou (a, b, BOUNDARY_RATIO, &width, &ring_a, &ring_b);
  return json_pack ("{s:I, s:I, s:I, s:I, s:f, s:f, s:o, s:o, s:o, s:{s:f, s:i, s:I, s:I, s:f}}", "area_a",
                    (json_int_t) area_a, "area_b", (json_int_t) area_b, "inter", (json_int_t) both, "union",
                    (json_int_t) (area_a + area_b - both), "iou_coco", or_zero (assay_mask_iou (a, b, FALSE)),
                    "iou_coco_b_crowd", or_zero (assay_mask_iou (a, b, TRUE)), "dice",
                    assay_json_number (assay_mask_dice (a, b)), "px", surface_to_json (a, b), "dm",
                    contour_to_json (a, b), "boundary", "ratio", BOUNDARY_RATIO, "d", (int) width, "area_a",
                    (json_int_t) ring_a, "area_b", (json_int_t) ring_b, "iou", boundary);
}

static const char *const cases[] = { "mask_pair", NULL };

const AssayMetric assay_metric_mask = {
  .id = "mask",
  .title = "Masks",
  .files = "A.png B.png (or COCO RLE .json)",
  .help
  = "IoU, Dice, and how far apart the outlines are: borders of 4-neighbour erosion, distances between pixel "
    "centres; "
    "hausdorff95_px is the larger of the two directed 95th percentiles, assd_px the mean of both lists pooled, "
    "boundary_f "
    "within ceil (0.008 x diagonal); both empty: undefined (agree, nothing there); one empty: distances undefined",
  .least_files = 2,
  .most_files = 2,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
