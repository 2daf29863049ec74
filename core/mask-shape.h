/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/mask-shape.h - a mask grown, shrunk and smoothed, exact by pixels. Distances are Euclidean, between the
 * middles of pixels. Beyond the picture nothing is known: its edge eats nothing, and adds nothing. The cost follows
 * the object's box. Any thread. */
#include "core/mask.h"
#include "core/progress.h"

G_BEGIN_DECLS

#define ASSAY_MASK_MAX_REACH_PX 256u

/* With every pixel of the picture that is at most `n_px` (up to ASSAY_MASK_MAX_REACH_PX) from one inside. */
AssayMask *assay_mask_grow (const AssayMask *mask, guint n_px);
/* Without every pixel that is at most `n_px` from one of the picture that is outside. */
AssayMask *assay_mask_shrink (const AssayMask *mask, guint n_px);
/* What most pixels within `n_px` are: spikes go and nicks close, and a straight border stays where it is. Where it
 * is half and half a pixel stays as it was. */
AssayMask *assay_mask_smooth (const AssayMask *mask, guint n_px);
/* The same three, which can be cancelled between two columns of the object: then NULL. They tell how far they are. */
AssayMask *assay_mask_grow_watched (const AssayMask *mask, guint n_px, AssayProgress *progress);
AssayMask *assay_mask_shrink_watched (const AssayMask *mask, guint n_px, AssayProgress *progress);
AssayMask *assay_mask_smooth_watched (const AssayMask *mask, guint n_px, AssayProgress *progress);
/* The same pixels elsewhere: what leaves the picture is lost. */
AssayMask *assay_mask_shift (const AssayMask *mask, int dx_px, int dy_px);
/* The inside pixels with an outside one of the picture beside, above or below. */
AssayMask *assay_mask_boundary (const AssayMask *mask);

G_END_DECLS
