/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/region.h"

#include "core/mask-trace.h"

#include <math.h>

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

/* What is traced already is traced for every copy. */
static void
copy_unsure (AssayRegion *copy, const AssayRegion *region)
{
  GPtrArray *rings = g_atomic_pointer_get (&((AssayRegion *) region)->unsure_rings);
  copy->unsure = region->unsure != NULL ? assay_mask_copy (region->unsure) : NULL;
  copy->unsure_rings = rings != NULL ? g_ptr_array_ref (rings) : NULL;
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
  copy_unsure (copy, region);
  return copy;
}

AssayRegion *
assay_region_new_with_mask (const AssayRegion *region, AssayMask *take_mask)
{
  AssayRegion *changed = assay_region_new_from_mask (take_mask);
  changed->crowd = region->crowd;
  copy_unsure (changed, region);
  return changed;
}

void
assay_region_free (AssayRegion *region)
{
  if (region == NULL)
    return;
  assay_mask_free (region->mask);
  assay_mask_free (region->unsure);
  g_clear_pointer (&region->rings, g_ptr_array_unref);
  g_clear_pointer (&region->unsure_rings, g_ptr_array_unref);
  g_free (region);
}

void
assay_region_set_unsure (AssayRegion *region, AssayMask *take_unsure)
{
  assay_mask_free (region->unsure);
  g_clear_pointer (&region->unsure_rings, g_ptr_array_unref);
  region->unsure = take_unsure;
  if (take_unsure != NULL && take_unsure->n_runs < 2)
    g_clear_pointer (&region->unsure, assay_mask_free);
}

const GPtrArray *
assay_region_get_unsure_rings (const AssayRegion *region)
{
  GPtrArray *rings = g_atomic_pointer_get (&((AssayRegion *) region)->unsure_rings);
  if (rings != NULL || region->unsure == NULL)
    return rings;
  rings = assay_mask_trace (region->unsure);
  /* Any thread may ask first: the pixels do not change, and one outline is kept. */
  if (g_atomic_pointer_compare_and_exchange (&((AssayRegion *) region)->unsure_rings, NULL, rings))
    return rings;
  g_ptr_array_unref (rings);
  return g_atomic_pointer_get (&((AssayRegion *) region)->unsure_rings);
}

gboolean
assay_region_equal_unsure (const AssayRegion *a, const AssayRegion *b)
{
  if (a->unsure == NULL || b->unsure == NULL)
    return a->unsure == b->unsure;
  return assay_mask_equal (a->unsure, b->unsure);
}

/* The mask less what either is unsure of. */
static AssayMask *
leave_out (const AssayRegion *region, const AssayRegion *other)
{
  AssayMask *mask = assay_mask_copy (region->mask);
  const AssayMask *unsure[2] = { region->unsure, other->unsure };
  for (guint i = 0; i < G_N_ELEMENTS (unsure) && mask != NULL; i++)
    if (unsure[i] != NULL)
      assay_mask_combine_into (&mask, unsure[i], ASSAY_MASK_DIFFERENCE);
  return mask;
}

gboolean
assay_region_leave_out (const AssayRegion *a, const AssayRegion *b, AssayMask **ret_sure_a, AssayMask **ret_sure_b)
{
  g_autoptr (AssayMask) sure_a = leave_out (a, b);
  g_autoptr (AssayMask) sure_b = leave_out (b, a);
  if (sure_a == NULL || sure_b == NULL || sure_a->width_px != sure_b->width_px
      || sure_a->height_px != sure_b->height_px)
    return FALSE;
  *ret_sure_a = g_steal_pointer (&sure_a);
  *ret_sure_b = g_steal_pointer (&sure_b);
  return TRUE;
}

double
assay_region_iou (const AssayRegion *a, const AssayRegion *b)
{
  if (a->unsure == NULL && b->unsure == NULL)
    return assay_mask_iou (a->mask, b->mask, FALSE);
  g_autoptr (AssayMask) sure_a = NULL, sure_b = NULL;
  return assay_region_leave_out (a, b, &sure_a, &sure_b) ? assay_mask_iou (sure_a, sure_b, FALSE) : NAN;
}
