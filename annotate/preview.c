/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/preview.h"

#include "core/mask-parts.h"

static const AssayObject *
object_of (const AssayAim *aim, const AssayScene *scene)
{
  return assay_id_is_nil (&aim->object) ? NULL : assay_objects_find (scene->objects, &aim->object);
}

void
assay_preview_show (AssayPaint **paint, const AssayAim *aim, const AssayScene *scene, const AssayMask *pixels)
{
  g_autoptr (AssayMask) mask = assay_scene_paints_unsure (scene)
                                   ? assay_mask_copy (pixels)
                                   : assay_pixels_reckon (scene, object_of (aim, scene), pixels, aim->mode);
  if (mask == NULL)
    return;
  if (*paint == NULL)
    {
      g_autoptr (AssayMask) empty = assay_mask_new_empty (mask->width_px, mask->height_px);
      *paint = assay_paint_new (empty);
    }
  assay_paint_set_mask (*paint, mask);
}

gboolean
assay_preview_get_live (AssayPaint *paint, const AssayAim *aim, const AssayScene *scene, AssayLive *ret_live)
{
  if (paint == NULL)
    return FALSE;
  gboolean instead = !assay_scene_paints_unsure (scene) && object_of (aim, scene) != NULL;
  *ret_live = (AssayLive){ instead ? aim->object : ASSAY_ID_NIL, paint };
  return TRUE;
}

AssayMask *
assay_preview_clean (AssayMask *take_mask, guint64 most_px)
{
  g_autoptr (AssayMask) mask = take_mask;
  if (most_px == 0)
    return g_steal_pointer (&mask);
  const AssayRect all = { 0, 0, mask->width_px, mask->height_px };
  g_autoptr (AssayMask) whole = assay_mask_new_from_box (all, mask->width_px, mask->height_px);
  g_autoptr (AssayMask) outside = assay_mask_combine (whole, mask, ASSAY_MASK_DIFFERENCE);
  g_autoptr (AssayMask) kept = assay_mask_drop_parts (outside, most_px);
  g_autoptr (AssayMask) filled = assay_mask_combine (whole, kept, ASSAY_MASK_DIFFERENCE);
  g_autoptr (AssayMask) clean = assay_mask_drop_parts (filled, most_px);
  return assay_mask_area_px (clean) > 0 ? g_steal_pointer (&clean) : g_steal_pointer (&filled);
}
