/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What leaves the picture: imported or set from elsewhere, since no tool draws there. A trainer would crop it, or
 * crash. */
#include "core/region.h"
#include "core/rule.h"

#include <math.h>

#define SLACK_PX 0.5 /* what rounding leaves beyond the last pixel is no error */

/* How far beyond the edges, and the part of `box` that is outside. */
static double
reach_beyond (AssayRect box, const AssayItem *item)
{
  return fmax (fmax (-box.x, box.x + box.w - item->width_px), fmax (-box.y, box.y + box.h - item->height_px));
}

static AssayRect
bound_points (const AssayPoint *points, guint n)
{
  double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
  for (guint i = 0; i < n; i++)
    {
      left = fmin (left, points[i].x);
      top = fmin (top, points[i].y);
      right = fmax (right, points[i].x);
      bottom = fmax (bottom, points[i].y);
    }
  return (AssayRect){ left, top, right - left, bottom - top };
}

/* The ring or box of the object that reaches farthest out. */
static double
find_farthest (const AssayDrawn *drawn, const AssayObject *object, AssayRect *ret_place)
{
  const AssayRegion *region = object->value;
  double farthest = -INFINITY;
  if (g_str_equal (drawn->task->kind->id, "box"))
    {
      *ret_place = ((const AssayBox *) object->value)->box;
      return reach_beyond (*ret_place, drawn->item);
    }
  for (guint i = 0; region->rings != NULL && i < region->rings->len; i++)
    {
      const AssayRing *ring = region->rings->pdata[i];
      AssayRect box = bound_points (ring->points, ring->n_points);
      double beyond = ring->n_points > 0 ? reach_beyond (box, drawn->item) : -INFINITY;
      if (beyond <= farthest)
        continue;
      farthest = beyond;
      *ret_place = box;
    }
  return farthest;
}

static gboolean
find (const AssayDrawn *drawn, const AssayObject *object, AssayBreach *ret_breach)
{
  double beyond = drawn->item->width_px > 0 ? find_farthest (drawn, object, &ret_breach->place) : 0;
  if (!(beyond > SLACK_PX))
    return FALSE;
  ret_breach->why = g_strdup_printf ("reaches %.0f px out of the picture", ceil (beyond));
  ret_breach->remedy = "clips it";
  return TRUE;
}

/* Sutherland and Hodgman (1974), one side of the picture after the other: 0 left, 1 right, 2 top, 3 bottom. */
static double
depth_inside (AssayPoint p, guint side, const AssayItem *item)
{
  double x = side == 0 ? p.x : item->width_px - p.x, y = side == 2 ? p.y : item->height_px - p.y;
  return side < 2 ? x : y;
}

static AssayRing *
clip_ring (const AssayRing *ring, const AssayItem *item)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  g_array_append_vals (points, ring->points, ring->n_points);
  for (guint side = 0; side < 4; side++)
    {
      g_autoptr (GArray) before = g_steal_pointer (&points);
      points = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
      for (guint i = 0; i < before->len; i++)
        {
          AssayPoint a = g_array_index (before, AssayPoint, i);
          AssayPoint b = g_array_index (before, AssayPoint, (i + 1) % before->len);
          double in_a = depth_inside (a, side, item), in_b = depth_inside (b, side, item);
          if (in_a >= 0)
            g_array_append_val (points, a);
          if ((in_a >= 0) == (in_b >= 0))
            continue;
          double t = in_a / (in_a - in_b);
          AssayPoint cut = { a.x + t * (b.x - a.x), a.y + t * (b.y - a.y) };
          g_array_append_val (points, cut);
        }
    }
  if (points->len < 3)
    return NULL;
  return assay_ring_new ((const AssayPoint *) (gpointer) points->data, points->len, ring->hole);
}

/* NULL when nothing is left. */
static gpointer
clip_region (const AssayRegion *region, const AssayItem *item)
{
  g_autoptr (GPtrArray) rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
  for (guint i = 0; i < region->rings->len; i++)
    {
      AssayRing *ring = clip_ring (region->rings->pdata[i], item);
      if (ring != NULL)
        g_ptr_array_add (rings, ring);
    }
  g_autoptr (AssayRegion) clipped
      = assay_region_new_from_rings (g_steal_pointer (&rings), region->mask->width_px, region->mask->height_px);
  clipped->crowd = region->crowd;
  assay_region_set_unsure (clipped, region->unsure != NULL ? assay_mask_copy (region->unsure) : NULL);
  return clipped->mask->n_runs > 1 ? g_steal_pointer (&clipped) : NULL;
}

static gpointer
clip_box (const AssayBox *box, const AssayItem *item)
{
  double left = fmax (box->box.x, 0), top = fmax (box->box.y, 0);
  double right = fmin (box->box.x + box->box.w, item->width_px),
         bottom = fmin (box->box.y + box->box.h, item->height_px);
  AssayBox *clipped = g_new0 (AssayBox, 1);
  clipped->box = (AssayRect){ left, top, right - left, bottom - top };
  if (right > left && bottom > top)
    return clipped;
  g_free (clipped);
  return NULL;
}

static AssayEdit *
repair (const AssayDrawn *drawn, const AssayObject *object)
{
  AssayRect place;
  if (!(find_farthest (drawn, object, &place) > SLACK_PX))
    return NULL;
  gboolean is_box = g_str_equal (drawn->task->kind->id, "box");
  gpointer after = is_box ? clip_box (object->value, drawn->item) : clip_region (object->value, drawn->item);
  return assay_rule_edit (drawn, object, "clipping to the picture", after);
}

static const char *const kinds[] = { "segmentation", "box", NULL };

const AssayRule assay_rule_outside = {
  .id = "outside",
  .title = "Outside the picture",
  .help = "an outline or box that leaves its picture: a trainer would crop it, or crash",
  .kinds = kinds,
  .find = find,
  .repair = repair,
};
