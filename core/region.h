/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/region.h - the value of a segmentation object: pixels are the truth, rings the form they can still be edited in. */
#include "core/polygon.h"

G_BEGIN_DECLS

typedef struct {
  AssayMask *mask;  /* never NULL */
  GPtrArray *rings; /* (nullable) of AssayRing; when there, the mask is exactly theirs. A brush stroke drops them. */
  gboolean crowd;   /* COCO iscrowd: a group that nobody told apart */
  AssayMask *unsure; /* (nullable; never empty) where nobody can tell whether it is the object, inside or outside of
                        the mask: hair, a shadow's edge. Agreement leaves these pixels out. */
  GPtrArray *unsure_rings; /* (nullable) its outline, as soon as somebody has asked for it */
} AssayRegion;

AssayRegion *assay_region_new_from_rings (GPtrArray *take_rings, guint width_px, guint height_px);
AssayRegion *assay_region_new_from_mask (AssayMask *take_mask);
/* The same but for its pixels; without rings, which would enclose others. */
AssayRegion *assay_region_new_with_mask (const AssayRegion *region, AssayMask *take_mask);
AssayRegion *assay_region_copy (const AssayRegion *region);
void assay_region_free (AssayRegion *region);
/* An empty mask, or NULL, is no unsure pixel. */
void assay_region_set_unsure (AssayRegion *region, AssayMask *take_unsure);
/* The outline of what is unsure (core/mask-trace.h), traced once: of AssayRing, borrowed; NULL = nothing is. */
const GPtrArray *assay_region_get_unsure_rings (const AssayRegion *region);
gboolean assay_region_equal_unsure (const AssayRegion *a, const AssayRegion *b);
/* What two answers can be compared by: their masks less the pixels that either is unsure of. FALSE: of different sizes. */
gboolean assay_region_leave_out (const AssayRegion *a, const AssayRegion *b, AssayMask **ret_sure_a, AssayMask **ret_sure_b);
/* Of these. NaN when nothing is left of both; 0 of one. */
double assay_region_iou (const AssayRegion *a, const AssayRegion *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRegion, assay_region_free)

G_END_DECLS
