/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/region.h - the value of a segmentation object: pixels are the truth, rings the form they can still be edited in. */
#include "core/polygon.h"

G_BEGIN_DECLS

typedef struct {
  AssayMask *mask;  /* never NULL */
  GPtrArray *rings; /* (nullable) of AssayRing; when there, the mask is exactly theirs. A brush stroke drops them. */
  gboolean crowd;   /* COCO iscrowd: a group that nobody told apart */
} AssayRegion;

AssayRegion *assay_region_new_from_rings (GPtrArray *take_rings, guint width_px, guint height_px);
AssayRegion *assay_region_new_from_mask (AssayMask *take_mask);
AssayRegion *assay_region_copy (const AssayRegion *region);
void assay_region_free (AssayRegion *region);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRegion, assay_region_free)

G_END_DECLS
