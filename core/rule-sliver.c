/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Neighbours that should share a border and miss each other by a pixel or two: a thread of background between them,
 * or a thread that both have. */
#include "core/mask-shape.h"
#include "core/region.h"
#include "core/rule.h"

#define WIDTH_PX 2     /* as wide as a sliver is at most */
#define SLIVER_PX 24   /* of area: less is where two round things touch */
#define MAX_BOX_PX 1e6 /* a gesture's hint has no time for more */

static const AssayMask *
mask_of (const AssayObject *object)
{
  return ((const AssayRegion *) object->value)->mask;
}

/* Where the boxes, a sliver's width larger, meet; FALSE = nowhere, or too much to look at. */
static gboolean
find_common (const AssayMask *a, AssayRect one, const AssayMask *b, AssayRect *ret_box)
{
  AssayRect other;
  const double pad = WIDTH_PX + 1;
  if (a->width_px != b->width_px || a->height_px != b->height_px || !assay_mask_bounds (b, &other))
    return FALSE;
  double left = MAX (MAX (one.x, other.x) - pad, 0), top = MAX (MAX (one.y, other.y) - pad, 0);
  double right = MIN (MIN (one.x + one.w, other.x + other.w) + pad, a->width_px);
  double bottom = MIN (MIN (one.y + one.h, other.y + other.h) + pad, a->height_px);
  *ret_box = (AssayRect){ left, top, right - left, bottom - top };
  return right > left && bottom > top && (right - left) * (bottom - top) <= MAX_BOX_PX;
}

static AssayMask *
cut_out (const AssayMask *mask, AssayRect box)
{
  g_autoptr (AssayMask) window = assay_mask_new_from_box (box, mask->width_px, mask->height_px);
  return assay_mask_combine (mask, window, ASSAY_MASK_INTERSECTION);
}

/* Both have it, and no pixel of it has all its neighbours in it. NULL = there is none. */
static AssayMask *
find_overlap (const AssayMask *a, const AssayMask *b)
{
  g_autoptr (AssayMask) both = assay_mask_combine (a, b, ASSAY_MASK_INTERSECTION);
  if (assay_mask_area_px (both) < SLIVER_PX)
    return NULL;
  g_autoptr (AssayMask) core = assay_mask_shrink (both, 1);
  return assay_mask_area_px (core) == 0 ? g_steal_pointer (&both) : NULL;
}

static gboolean
meet (AssayRect a, AssayRect b)
{
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/* One pixel from one and at most two from the other. NULL = too little, or too late. */
static AssayMask *
find_between (const AssayDrawn *drawn, const AssayMask *a, const AssayMask *b)
{
  g_autoptr (AssayMask) gap = assay_mask_grow (a, 1);
  g_autoptr (AssayMask) near_b = assay_mask_grow (b, 1);
  if (assay_drawn_is_late (drawn))
    return NULL;
  g_autoptr (AssayMask) far_a = assay_mask_grow (a, WIDTH_PX);
  g_autoptr (AssayMask) far_b = assay_mask_grow (b, WIDTH_PX);
  assay_mask_combine_into (&gap, far_b, ASSAY_MASK_INTERSECTION);
  assay_mask_combine_into (&near_b, far_a, ASSAY_MASK_INTERSECTION);
  assay_mask_combine_into (&gap, near_b, ASSAY_MASK_UNION);
  return assay_mask_area_px (gap) >= SLIVER_PX ? g_steal_pointer (&gap) : NULL;
}

/* The same, and nobody's. */
static AssayMask *
find_gap (const AssayDrawn *drawn, const AssayMask *a, const AssayMask *b)
{
  g_autoptr (AssayMask) gap = find_between (drawn, a, b);
  AssayRect box = { 0 }, other;
  if (gap == NULL)
    return NULL;
  assay_mask_bounds (gap, &box);
  for (guint i = 0; i < drawn->objects->list->len && !assay_drawn_is_late (drawn); i++)
    {
      const AssayMask *mask = mask_of (drawn->objects->list->pdata[i]);
      if (!assay_mask_bounds (mask, &other) || !meet (box, other))
        continue;
      assay_mask_combine_into (&gap, mask, ASSAY_MASK_DIFFERENCE);
      if (assay_mask_area_px (gap) < SLIVER_PX)
        return NULL;
    }
  return assay_drawn_is_late (drawn) ? NULL : g_steal_pointer (&gap); /* what is not all known is not told */
}

typedef struct
{
  const AssayObject *other;
  AssayMask *overlap, *gap; /* one of them */
} Sliver;

static gboolean
find_sliver (const AssayDrawn *drawn, const AssayObject *object, Sliver *ret_sliver)
{
  const AssayRegion *region = object->value;
  AssayRect own;
  if (region->crowd || !assay_mask_bounds (region->mask, &own))
    return FALSE;
  for (guint i = 0; i < drawn->objects->list->len && !assay_drawn_is_late (drawn); i++)
    {
      const AssayObject *other = drawn->objects->list->pdata[i];
      AssayRect box;
      if (other == object || ((const AssayRegion *) other->value)->crowd
          || !find_common (region->mask, own, mask_of (other), &box))
        continue;
      g_autoptr (AssayMask) a = cut_out (region->mask, box);
      g_autoptr (AssayMask) b = cut_out (mask_of (other), box);
      *ret_sliver = (Sliver){ .other = other };
      gboolean apart = assay_mask_intersection_px (a, b) == 0;
      ret_sliver->overlap = apart ? NULL : find_overlap (a, b);
      ret_sliver->gap = apart ? find_gap (drawn, a, b) : NULL;
      if (ret_sliver->overlap != NULL || ret_sliver->gap != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
sliver_clear (Sliver *sliver)
{
  g_clear_pointer (&sliver->overlap, assay_mask_free);
  g_clear_pointer (&sliver->gap, assay_mask_free);
}

static gboolean
find (const AssayDrawn *drawn, const AssayObject *object, AssayBreach *ret_breach)
{
  Sliver sliver = { 0 };
  if (!find_sliver (drawn, object, &sliver))
    return FALSE;
  const AssayClass *class = assay_task_find_class (drawn->task, &sliver.other->class_id);
  const char *name = class != NULL ? class->name : "object";
  gboolean is_gap = sliver.gap != NULL;
  assay_mask_bounds (is_gap ? sliver.gap : sliver.overlap, &ret_breach->place);
  ret_breach->why = is_gap ? g_strdup_printf ("misses the %s beside it by a pixel or two", name)
                           : g_strdup_printf ("laps over the %s beside it by a pixel or two", name);
  ret_breach->remedy = is_gap ? "fills the gap" : "takes the overlap from the one below";
  sliver_clear (&sliver);
  return TRUE;
}

static AssayEdit *
repair (const AssayDrawn *drawn, const AssayObject *object)
{
  Sliver sliver = { 0 };
  guint at = 0, other_at = 0;
  if (!find_sliver (drawn, object, &sliver))
    return NULL;
  g_ptr_array_find (drawn->objects->list, object, &at);
  g_ptr_array_find (drawn->objects->list, sliver.other, &other_at);
  gboolean is_gap = sliver.gap != NULL;
  const AssayObject *changed = is_gap || at < other_at ? object : sliver.other;
  const AssayRegion *region = changed->value;
  AssayMask *mask = assay_mask_combine (region->mask, is_gap ? sliver.gap : sliver.overlap,
                                        is_gap ? ASSAY_MASK_UNION : ASSAY_MASK_DIFFERENCE);
  sliver_clear (&sliver);
  if (assay_mask_area_px (mask) == 0) /* all that it is: a person has to say what it should be */
    {
      assay_mask_free (mask);
      return NULL;
    }
  return assay_rule_edit (drawn, changed, is_gap ? "filling of a gap" : "removal of an overlap",
                          assay_region_new_with_mask (region, mask));
}

static const char *const kinds[] = { "segmentation", NULL };

const AssayRule assay_rule_sliver = {
  .id = "sliver",
  .title = "Slivers between neighbours",
  .help
  = "neighbours that miss each other, or lap over each other, by no more than two pixels along their border: a "
    "trainer learns the thread between them",
  .kinds = kinds,
  .find = find,
  .repair = repair,
};
