/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Specks beside the object: strokes that went astray, or the crumbs of an automatic outline. */
#include "core/mask-parts.h"
#include "core/region.h"
#include "core/rule.h"

#define SPECK_PX 4 /* the area of an island that nobody drew on purpose */

static gboolean
find (const AssayDrawn *drawn, const AssayObject *object, AssayBreach *ret_breach)
{
  const AssayRegion *region = object->value;
  if (region->crowd || region->mask->n_runs < 4)
    return FALSE;
  g_autoptr (GArray) parts = assay_mask_list_parts (region->mask);
  guint n_specks = 0;
  guint64 most = 0;
  for (guint i = 0; i < parts->len; i++)
    {
      const AssayMaskPart *part = &g_array_index (parts, AssayMaskPart, i);
      if (part->area_px > SPECK_PX)
        continue;
      if (n_specks++ == 0)
        ret_breach->place = part->box;
      most = MAX (most, part->area_px);
    }
  if (n_specks == 0 || n_specks == parts->len)
    return FALSE;
  const char *size = most == 1 ? "one" : most == 2 ? "two" : most == 3 ? "three" : "four";
  ret_breach->why = n_specks == 1 ? g_strdup_printf ("%s-pixel island", size)
                                  : g_strdup_printf ("%u islands of %s%s pixel%s", n_specks,
                                                     most == 1 ? "" : "up to ", size, most == 1 ? "" : "s");
  ret_breach->remedy = n_specks == 1 ? "removes it" : "removes them";
  return TRUE;
}

/* A polygon stays one when leaving out its small rings gives the same pixels. */
static AssayRegion *
drop_rings (const AssayRegion *region, const AssayMask *wanted)
{
  g_autoptr (GPtrArray) rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
  for (guint i = 0; region->rings != NULL && i < region->rings->len; i++)
    {
      const AssayRing *ring = region->rings->pdata[i];
      g_autoptr (AssayMask) own = assay_mask_new_from_ring (ring, wanted->width_px, wanted->height_px);
      if (ring->hole || assay_mask_intersection_px (own, wanted) > 0)
        g_ptr_array_add (rings, assay_ring_copy (ring));
    }
  if (rings->len == 0)
    return NULL;
  g_autoptr (AssayRegion) polygon
      = assay_region_new_from_rings (g_steal_pointer (&rings), wanted->width_px, wanted->height_px);
  return assay_mask_equal (polygon->mask, wanted) ? g_steal_pointer (&polygon) : NULL;
}

static AssayEdit *
repair (const AssayDrawn *drawn, const AssayObject *object)
{
  const AssayRegion *region = object->value;
  g_autoptr (AssayMask) mask = assay_mask_drop_parts (region->mask, SPECK_PX);
  if (mask->n_runs < 2 || assay_mask_equal (mask, region->mask))
    return NULL;
  AssayRegion *after = drop_rings (region, mask);
  if (after == NULL)
    after = assay_region_new_with_mask (region, g_steal_pointer (&mask));
  else if (region->unsure != NULL)
    assay_region_set_unsure (after, assay_mask_copy (region->unsure));
  return assay_rule_edit (drawn, object, "removal of islands", after);
}

static const char *const kinds[] = { "segmentation", NULL };

const AssayRule assay_rule_island = {
  .id = "island",
  .title = "Islands",
  .help = "specks of no more than four pixels beside the object: strokes that went astray",
  .kinds = kinds,
  .find = find,
  .repair = repair,
};
