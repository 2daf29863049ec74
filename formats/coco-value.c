/* SPDX-License-Identifier: GPL-3.0-or-later */
/* formats/coco-value.c - one COCO annotation to the value of an object, and back. */
#include "formats/coco.h"

#include "core/error.h"
#include "core/json.h"

#include <math.h>
#include <string.h>

/* The rasteriser walks every edge in fifths of a pixel; a ring may be no longer than this, or one line of JSON
 * could ask for hours. A spiral over a picture of 10,000 by 10,000 is shorter. */
#define MAX_PERIMETER_PX 4e6

static gboolean G_GNUC_PRINTF (2, 3) refuse (GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, why);
  return FALSE;
}

static gboolean
is_empty (const json_t *segmentation)
{
  gsize i;
  json_t *part;
  if (json_is_object (segmentation))
    return FALSE;
  json_array_foreach (segmentation, i, part) if (!json_is_array (part) || json_array_size (part) > 0) return FALSE;
  return TRUE; /* absent, null, [], [[]] */
}

AssayCocoHolds
assay_coco_holds (const json_t *annotation, const AssayCocoCategory *category)
{
  AssayCocoHolds holds = 0;
  const json_t *keypoints = json_object_get (annotation, "keypoints");
  if (!is_empty (json_object_get (annotation, "segmentation")))
    holds |= ASSAY_COCO_SEGMENTATION;
  if (json_array_size (keypoints) > 0 && (category == NULL || category->nodes != NULL))
    holds |= ASSAY_COCO_KEYPOINTS;
  if (holds == 0 && json_array_size (json_object_get (annotation, "bbox")) > 0)
    holds |= ASSAY_COCO_BOX;
  return holds;
}

/* ---- regions ---- */

/* One polygon: x, y pairs. */
static AssayRing *
parse_ring (const json_t *part, guint width_px, guint height_px, GError **error)
{
  gsize n = json_array_size (part);
  if (!json_is_array (part))
    return refuse (error, "a polygon is no list of numbers"), NULL;
  if (n < 6 || n % 2 != 0)
    return refuse (error,
                   "a polygon of %" G_GSIZE_FORMAT " numbers; three points take at least 6, and always x and y", n),
           NULL;
  g_autofree AssayPoint *points = g_new (AssayPoint, n / 2);
  double perimeter = 0;
  for (gsize i = 0; i < n / 2; i++)
    {
      const json_t *x = json_array_get (part, 2 * i), *y = json_array_get (part, 2 * i + 1);
      if (!json_is_number (x) || !json_is_number (y))
        return refuse (error, "point %" G_GSIZE_FORMAT " of a polygon is no pair of numbers", i + 1), NULL;
      points[i] = (AssayPoint){ json_number_value (x), json_number_value (y) };
      if (!(fabs (points[i].x) <= 2.0 * width_px + 1000 && fabs (points[i].y) <= 2.0 * height_px + 1000))
        return refuse (error, "a polygon has a point at %g, %g, far outside a picture of %u x %u", points[i].x,
                       points[i].y, width_px, height_px),
               NULL;
      if (i > 0)
        perimeter += hypot (points[i].x - points[i - 1].x, points[i].y - points[i - 1].y);
    }
  if (perimeter > MAX_PERIMETER_PX)
    return refuse (error, "the outline of a polygon is %.0f px long", perimeter), NULL;
  return assay_ring_new (points, (guint) (n / 2), FALSE);
}

static AssayRegion *
parse_polygons (const json_t *parts, guint width_px, guint height_px, guint *ret_lost, GError **error)
{
  g_autoptr (GPtrArray) rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
  g_autoptr (GError) wrong = NULL;
  guint lost = 0;
  gsize i;
  json_t *part;
  json_array_foreach (parts, i, part)
  {
    g_autoptr (GError) why = NULL;
    AssayRing *ring = parse_ring (part, width_px, height_px, &why);
    if (ring != NULL)
      {
        g_ptr_array_add (rings, ring);
        continue;
      }
    lost++;
    if (wrong == NULL)
      wrong = g_steal_pointer (&why);
  }
  if (rings->len == 0)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  *ret_lost = lost;
  return assay_region_new_from_rings (g_steal_pointer (&rings), width_px, height_px);
}

static AssayMask *
parse_run_list (const json_t *counts, guint width_px, guint height_px, GError **error)
{
  gsize n = json_array_size (counts), i;
  json_t *count;
  g_autofree guint32 *runs = g_new (guint32, MAX (n, 1));
  json_array_foreach (counts, i, count)
  {
    gint64 run = json_is_integer (count) ? json_integer_value (count) : -1;
    if (run < 0 || run > (gint64) G_MAXUINT32)
      return refuse (error, "run %" G_GSIZE_FORMAT " of the mask is no whole number of pixels", i + 1), NULL;
    runs[i] = (guint32) run;
  }
  return assay_mask_new_from_runs (width_px, height_px, runs, (guint) n, error);
}

static AssayRegion *
parse_runs (const json_t *rle, guint width_px, guint height_px, GError **error)
{
  const json_t *size = json_object_get (rle, "size"), *counts = json_object_get (rle, "counts");
  gint64 height = json_integer_value (json_array_get (size, 0)),
         width = json_integer_value (json_array_get (size, 1));
  if (json_array_size (size) != 2)
    return refuse (error, "a mask without its size [height, width]"), NULL;
  if (width != width_px || height != height_px)
    return refuse (error, "a mask of %" G_GINT64_FORMAT " x %" G_GINT64_FORMAT " for a picture of %u x %u", width,
                   height, width_px, height_px),
           NULL;
  AssayMask *mask = NULL;
  if (json_is_string (counts))
    mask = assay_mask_new_from_coco (json_string_value (counts), width_px, height_px, error);
  else if (json_is_array (counts))
    mask = parse_run_list (counts, width_px, height_px, error);
  else
    refuse (error, "the counts of a mask are neither a list nor a string");
  return mask != NULL ? assay_region_new_from_mask (mask) : NULL;
}

AssayRegion *
assay_coco_parse_region (const json_t *annotation, guint width_px, guint height_px, guint *ret_lost, GError **error)
{
  const json_t *segmentation = json_object_get (annotation, "segmentation");
  gint64 crowd = 0;
  *ret_lost = 0;
  AssayRegion *region = json_is_object (segmentation) ? parse_runs (segmentation, width_px, height_px, error)
                        : json_is_array (segmentation)
                            ? parse_polygons (segmentation, width_px, height_px, ret_lost, error)
                            : (refuse (error, "its segmentation is neither polygons nor run lengths"), NULL);
  if (region == NULL)
    return NULL;
  if (assay_mask_area_px (region->mask) == 0)
    {
      assay_region_free (region);
      return refuse (error, "its mask covers no pixel of the picture"), NULL;
    }
  assay_json_get_int (annotation, "iscrowd", &crowd);
  region->crowd = crowd != 0 || assay_json_get_bool (annotation, "iscrowd");
  return region;
}

/* ---- keypoints and boxes ---- */

/* COCO's 1 is "placed but hidden"; some programs write it, at 0, 0, for a point that lies outside the picture. */
static gboolean
parse_point (const json_t *list, gsize i, AssayKeypoint *ret_point, guint *ret_lost, GError **error)
{
  const json_t *x = json_array_get (list, 3 * i), *y = json_array_get (list, 3 * i + 1),
               *v = json_array_get (list, 3 * i + 2);
  double state = json_number_value (v);
  if (!json_is_number (v) || (state != 0 && state != 1 && state != 2))
    return refuse (error, "the third number of keypoint %" G_GSIZE_FORMAT " is none of 0, 1, 2", i + 1);
  AssayPoint at = { json_number_value (x), json_number_value (y) };
  gboolean placed = json_is_number (x) && json_is_number (y) && isfinite (at.x) && isfinite (at.y);
  if (state != 0 && !placed)
    (*ret_lost)++;
  if (state == 0 || !placed)
    *ret_point = (AssayKeypoint){ .state = ASSAY_NODE_UNLABELLED };
  else if (state == 1 && at.x == 0 && at.y == 0)
    *ret_point = (AssayKeypoint){ .state = ASSAY_NODE_OUTSIDE };
  else
    *ret_point = (AssayKeypoint){ .state = state == 1 ? ASSAY_NODE_OCCLUDED : ASSAY_NODE_VISIBLE, .at = at };
  return TRUE;
}

AssayKeypoints *
assay_coco_parse_keypoints (const json_t *annotation, guint n_nodes, guint *ret_lost, GError **error)
{
  const json_t *list = json_object_get (annotation, "keypoints");
  gsize n = json_array_size (list);
  *ret_lost = 0;
  if (n != 3 * (gsize) n_nodes)
    return refuse (error, "%" G_GSIZE_FORMAT " numbers of keypoints for a skeleton of %u points; it takes %u", n,
                   n_nodes, 3 * n_nodes),
           NULL;
  g_autoptr (AssayKeypoints) keypoints = assay_keypoints_new (n_nodes);
  for (guint i = 0; i < n_nodes; i++)
    if (!parse_point (list, i, &keypoints->points[i], ret_lost, error))
      return NULL;
  double area = 0;
  if (assay_json_get_double (annotation, "area", &area) && isfinite (area) && area > 0)
    keypoints->area_px = area;
  return g_steal_pointer (&keypoints);
}

gboolean
assay_coco_parse_box (const json_t *annotation, AssayRect *ret_box, GError **error)
{
  const json_t *list = json_object_get (annotation, "bbox");
  double numbers[4];
  if (json_array_size (list) != 4)
    return refuse (error, "its bbox has not four numbers");
  for (guint i = 0; i < 4; i++)
    {
      numbers[i] = json_number_value (json_array_get (list, i));
      if (!json_is_number (json_array_get (list, i)) || !isfinite (numbers[i]))
        return refuse (error, "number %u of its bbox is none", i + 1);
    }
  if (numbers[2] <= 0 || numbers[3] <= 0)
    return refuse (error, "its bbox is %g x %g; trainers fail on boxes without a side", numbers[2], numbers[3]);
  *ret_box = (AssayRect){ numbers[0], numbers[1], numbers[2], numbers[3] };
  return TRUE;
}

/* ---- what is not ours ---- */

static gboolean
is_known (const char *key, const json_t *value, const json_t *annotation, AssayCocoHolds held)
{
  static const char *const known[]
      = { "image_id", "category_id", "segmentation", "keypoints", "num_keypoints", NULL };
  AssayRect box;
  if (g_strv_contains (known, key))
    return TRUE;
  if (g_str_equal (key, "iscrowd")) /* a region has it itself */
    return held == ASSAY_COCO_SEGMENTATION || json_integer_value (value) == 0;
  if (g_str_equal (key, "bbox")) /* of a person, not of the points */
    return held != ASSAY_COCO_KEYPOINTS;
  if (g_str_equal (key, "area"))
    return held != ASSAY_COCO_BOX
           || (assay_coco_parse_box (annotation, &box, NULL) && json_number_value (value) == box.w * box.h);
  return FALSE;
}

json_t *
assay_coco_parse_extra (const json_t *annotation, AssayCocoHolds held)
{
  g_autoptr (json_t) extra = json_object ();
  const char *key;
  json_t *value;
  json_object_foreach ((json_t *) annotation, key, value) if (!is_known (key, value, annotation, held))
      json_object_set (extra, key, value);
  return json_object_size (extra) > 0 ? json_pack ("{s:O}", "coco", extra) : NULL;
}

/* ---- writing ---- */

static json_t *
box_to_json (AssayRect box)
{
  return json_pack ("[f, f, f, f]", box.x, box.y, box.w, box.h);
}

/* Several polygons are a union to every reader; holes they cannot have. */
static gboolean
polygons_are_the_mask (const AssayRegion *region)
{
  if (region->rings == NULL || region->crowd)
    return FALSE;
  for (guint i = 0; i < region->rings->len; i++)
    if (((const AssayRing *) region->rings->pdata[i])->hole)
      return FALSE;
  g_autoptr (AssayMask) mask
      = assay_mask_new_from_rings (region->rings, region->mask->width_px, region->mask->height_px);
  return mask != NULL && assay_mask_equal (mask, region->mask);
}

static json_t *
polygons_to_json (const GPtrArray *rings)
{
  json_t *parts = json_array ();
  for (guint i = 0; i < rings->len; i++)
    {
      const AssayRing *ring = rings->pdata[i];
      json_t *part = json_array ();
      for (guint k = 0; k < ring->n_points; k++)
        {
          json_array_append_new (part, json_real (ring->points[k].x));
          json_array_append_new (part, json_real (ring->points[k].y));
        }
      json_array_append_new (parts, part);
    }
  return parts;
}

void
assay_coco_write_region (json_t *annotation, const AssayRegion *region)
{
  AssayRect box = { 0 };
  assay_mask_bounds (region->mask, &box);
  json_object_set_new (annotation, "area", json_integer ((json_int_t) assay_mask_area_px (region->mask)));
  json_object_set_new (annotation, "bbox", box_to_json (box));
  json_object_set_new (annotation, "iscrowd", json_integer (region->crowd));
  if (polygons_are_the_mask (region))
    {
      json_object_set_new (annotation, "segmentation", polygons_to_json (region->rings));
      return;
    }
  g_autofree char *counts = assay_mask_to_coco (region->mask);
  json_object_set_new (annotation, "segmentation",
                       json_pack ("{s:[i, i], s:s}", "size", (int) region->mask->height_px,
                                  (int) region->mask->width_px, "counts", counts));
}

static void
grow (AssayRect *box, AssayPoint p, guint n_before)
{
  double right = n_before == 0 ? p.x : MAX (box->x + box->w, p.x),
         bottom = n_before == 0 ? p.y : MAX (box->y + box->h, p.y);
  box->x = n_before == 0 ? p.x : MIN (box->x, p.x);
  box->y = n_before == 0 ? p.y : MIN (box->y, p.y);
  box->w = right - box->x;
  box->h = bottom - box->y;
}

void
assay_coco_write_keypoints (json_t *annotation, const AssayKeypoints *keypoints, const GArray *nodes,
                            guint *ret_lost)
{
  AssayRect box = { 0 };
  guint n_placed = 0;
  json_t *list = json_array ();
  *ret_lost = 0;
  for (guint i = 0; i < nodes->len; i++)
    {
      const AssayKeypoint *point = assay_keypoints_find (keypoints, &g_array_index (nodes, AssayNode, i).id);
      gboolean placed = point != NULL && assay_keypoint_is_placed (point);
      *ret_lost += point != NULL && point->state == ASSAY_NODE_OUTSIDE;
      json_array_append_new (list, placed ? json_real (point->at.x) : json_integer (0));
      json_array_append_new (list, placed ? json_real (point->at.y) : json_integer (0));
      json_array_append_new (list, json_integer (!placed ? 0 : point->state == ASSAY_NODE_OCCLUDED ? 1 : 2));
      if (placed)
        grow (&box, point->at, n_placed++);
    }
  double area = keypoints->area_px > 0 ? keypoints->area_px : box.w * box.h;
  json_object_set_new (annotation, "keypoints", list);
  json_object_set_new (annotation, "num_keypoints", json_integer (n_placed));
  json_object_set_new (annotation, "area", json_real (area));
  json_object_set_new (annotation, "bbox", box_to_json (box));
  json_object_set_new (annotation, "iscrowd", json_integer (0));
}

void
assay_coco_write_box (json_t *annotation, AssayRect box)
{
  json_object_set_new (annotation, "area", json_real (box.w * box.h));
  json_object_set_new (annotation, "bbox", box_to_json (box));
  json_object_set_new (annotation, "iscrowd", json_integer (0));
}
