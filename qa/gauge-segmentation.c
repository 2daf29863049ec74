/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outlines, in pixels, and every pixel's class. What either is unsure of is left out of all of it. */
#include "core/region.h"
#include "qa/gauge.h"
#include "qa/surface.h"

static const AssayMeasureDef measures[] = {
  { "boundary_f", "Boundary F", "", TRUE },
  { "hausdorff_px", "Hausdorff", "px", FALSE },
  { "hausdorff95_px", "Hausdorff, 95 %", "px", FALSE },
  { "surface_px", "Mean surface distance", "px", FALSE },
  { NULL },
};

static void
add (GArray *figures, const AssaySurface *surface)
{
  assay_figures_add (figures, &measures[0], 0, surface->boundary_f, 1);
  assay_figures_add (figures, &measures[1], 0, surface->hausdorff_px, 1);
  assay_figures_add (figures, &measures[2], 0, surface->hausdorff95_max_px, 1);
  assay_figures_add (figures, &measures[3], 0, surface->assd_px, 1);
}

static void
measure (gconstpointer loaded, const AssayLook *look, const AssayPairing *pairing, GArray *figures)
{
  const AssayRegion *a = pairing->a->value, *b = pairing->b->value;
  AssaySurface surface = { .boundary_f = 1 };
  g_autoptr (AssayMask) sure_a = NULL, sure_b = NULL;
  gboolean plain = a->unsure == NULL && b->unsure == NULL;
  if (!plain && !assay_region_leave_out (a, b, &sure_a, &sure_b))
    return;
  const AssayMask *of_a = plain ? a->mask : sure_a, *of_b = plain ? b->mask : sure_b;
  if (assay_mask_equal (of_a, of_b) ? of_a->n_runs > 1 : assay_borders_compare (of_a, of_b, &surface))
    add (figures, &surface);
}

static AssayMask *
cover (const AssayLook *look, const AssayObject *object, AssayMask **ret_unsure)
{
  const AssayRegion *region = object->value;
  *ret_unsure = region->unsure != NULL ? assay_mask_copy (region->unsure) : NULL;
  return assay_mask_copy (region->mask);
}

const AssayGauge assay_gauge_segmentation = {
  .id = "segmentation",
  .measures = measures,
  .measure = measure,
  .cover = cover,
};
