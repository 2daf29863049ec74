/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/region.h"

AssayRegion *
assay_region_new_from_rings (GPtrArray *take_rings, guint width_px, guint height_px)
{
  AssayRegion *region = assay_region_new_from_mask (assay_mask_new_from_rings (take_rings, width_px, height_px));
  region->rings = take_rings;
  return region;
}

AssayRegion *
assay_region_new_from_mask (AssayMask *take_mask)
{
  AssayRegion *region = g_new0 (AssayRegion, 1);
  region->mask = take_mask;
  return region;
}

static gpointer
copy_ring (gconstpointer ring, gpointer data)
{
  return assay_ring_copy (ring);
}

AssayRegion *
assay_region_copy (const AssayRegion *region)
{
  AssayRegion *copy = assay_region_new_from_mask (assay_mask_copy (region->mask));
  if (region->rings != NULL)
    {
      copy->rings = g_ptr_array_copy (region->rings, copy_ring, NULL);
      g_ptr_array_set_free_func (copy->rings, (GDestroyNotify) assay_ring_free);
    }
  copy->crowd = region->crowd;
  return copy;
}

void
assay_region_free (AssayRegion *region)
{
  if (region == NULL)
    return;
  assay_mask_free (region->mask);
  g_clear_pointer (&region->rings, g_ptr_array_unref);
  g_free (region);
}
