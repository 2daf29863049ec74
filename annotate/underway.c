/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/underway.h"

#include "core/region.h"

void
assay_underway_begin (AssayUnderway *underway, const AssayAim *aim, const AssayScene *scene)
{
  const AssayObject *object = assay_objects_find (scene->objects, &aim->object);
  g_autoptr (AssayMask) empty = assay_mask_new_empty (scene->item->width_px, scene->item->height_px);
  assay_underway_clear (underway);
  underway->object = aim->object;
  underway->unsure = assay_scene_paints_unsure (scene);
  underway->touched = assay_paint_new (empty);
  underway->base = assay_mask_copy (object != NULL ? ((const AssayRegion *) object->value)->mask : empty);
  underway->live = assay_paint_new (underway->base);
  gboolean inside = FALSE;
  if (aim->mode == ASSAY_PIXELS_ADD && !underway->unsure)
    underway->limit = assay_pixels_new_limit (scene, object, &inside);
  assay_paint_set_limit (underway->live, underway->limit, inside);
}

void
assay_underway_clear (AssayUnderway *underway)
{
  g_clear_pointer (&underway->live, assay_paint_free);
  g_clear_pointer (&underway->touched, assay_paint_free);
  g_clear_pointer (&underway->limit, assay_paint_free);
  g_clear_pointer (&underway->base, assay_mask_free);
}

gboolean
assay_underway_get_live (const AssayUnderway *underway, AssayLive *ret_live)
{
  if (underway->live == NULL)
    return FALSE;
  *ret_live = underway->unsure ? (AssayLive){ ASSAY_ID_NIL, underway->touched }
                               : (AssayLive){ underway->object, underway->live };
  return TRUE;
}
