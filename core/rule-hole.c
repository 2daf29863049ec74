/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pinholes: what a stroke or a wand left out. Larger holes are the handle of a cup. */
#include "core/mask-parts.h"
#include "core/region.h"
#include "core/rule.h"

#define PINHOLE_PX 16 /* the area of a hole that nobody left on purpose */

static gboolean
find (const AssayDrawn *drawn, const AssayObject *object, AssayBreach *ret_breach)
{
  const AssayRegion *region = object->value;
  guint n = 0;
  guint64 most = 0;
  if (region->crowd || region->mask->n_runs < 5)
    return FALSE;
  g_autoptr (GArray) holes = assay_mask_list_holes (region->mask);
  for (guint i = 0; i < holes->len; i++)
    {
      const AssayMaskPart *hole = &g_array_index (holes, AssayMaskPart, i);
      if (hole->area_px > PINHOLE_PX)
        continue;
      if (n++ == 0)
        ret_breach->place = hole->box;
      most = MAX (most, hole->area_px);
    }
  if (n == 0)
    return FALSE;
  ret_breach->why = n == 1 ? g_strdup_printf ("a hole of %" G_GUINT64_FORMAT " px", most)
                           : g_strdup_printf ("%u holes of up to %" G_GUINT64_FORMAT " px", n, most);
  ret_breach->remedy = n == 1 ? "fills it" : "fills them";
  return TRUE;
}

static AssayEdit *
repair (const AssayDrawn *drawn, const AssayObject *object)
{
  const AssayRegion *region = object->value;
  g_autoptr (AssayMask) mask = assay_mask_fill_holes (region->mask, PINHOLE_PX);
  if (assay_mask_equal (mask, region->mask))
    return NULL;
  return assay_rule_edit (drawn, object, "filling of holes",
                          assay_region_new_with_mask (region, g_steal_pointer (&mask)));
}

static const char *const kinds[] = { "segmentation", NULL };

const AssayRule assay_rule_hole = {
  .id = "hole",
  .title = "Pinholes",
  .help = "holes of no more than 16 pixels in an object: what a stroke left out",
  .kinds = kinds,
  .find = find,
  .repair = repair,
};
