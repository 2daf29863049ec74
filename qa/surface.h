/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/surface.h - how far apart the outlines of two masks are. The field has several definitions; each is named.
 *
 * Pixels: the border of a mask is the mask less its 4-neighbour erosion, outside the picture is background,
 * distances are between pixel centres (MedPy). Elements: pieces of contour on the grid of pixel corners, weighted
 * by length (DeepMind surface-distance). Distances are exact (Meijster, Roerdink and Hesselink 2000). Any thread.
 */
#include "core/mask.h"

G_BEGIN_DECLS

typedef struct
{
  double hausdorff_px;         /* largest */
  double hausdorff95_px;       /* 95th percentile of both directed lists pooled (MedPy) */
  double hausdorff95_max_px;   /* the larger of the two directed 95th percentiles (MONAI, most papers) */
  double asd_ab_px, asd_ba_px; /* directed means */
  double assd_px;              /* mean of both lists pooled */
  guint n_border_a, n_border_b;
  double boundary_f;          /* as assay_boundary_f */
  double hausdorff_region_px; /* of the filled sets */
} AssaySurface;

/* FALSE: undefined, since one of the masks is empty or the sizes differ. */
gboolean assay_surface_compare (const AssayMask *a, const AssayMask *b, AssaySurface *ret_surface);
/* The same without hausdorff_region_px (0), which costs most. */
gboolean assay_borders_compare (const AssayMask *a, const AssayMask *b, AssaySurface *ret_surface);

#define ASSAY_CONTOUR_N_TOLERANCES 2 /* surface Dice at 1 and 2 px */
typedef struct
{
  double asd_ab_px, asd_ba_px, hausdorff_px, hausdorff95_px;
  double surface_dice[ASSAY_CONTOUR_N_TOLERANCES];
  double length_a_px, length_b_px;
} AssayContour;
gboolean assay_contour_compare (const AssayMask *a, const AssayMask *b, AssayContour *ret_contour);

/* Boundary IoU (Cheng et al. 2021): of the rings of `ret_width_px` = max (1, round (ratio x diagonal)) pixels
 * inside the outlines, by 8-neighbour erosion. 0 for two empty masks, as the reference has it. */
double assay_boundary_iou (const AssayMask *a, const AssayMask *b, double ratio, guint *ret_width_px,
                           guint64 *ret_area_a, guint64 *ret_area_b);
/* Boundary F (Perazzi et al. 2016, DAVIS): border pixels within ceil (0.008 x diagonal) of the other's border;
 * harmonic mean of the two shares. NaN for two empty masks, 0 when one is empty. */
double assay_boundary_f (const AssayMask *a, const AssayMask *b);

G_END_DECLS
