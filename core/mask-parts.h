/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/mask-parts.h - the pieces that a mask falls into: pixels that touch, by a side or a corner; and its holes:
 * what is outside, touches by a side, and reaches no edge of the picture. The cost follows the runs. Any thread. */
#include "core/mask.h"
#include "core/progress.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 area_px;
  AssayRect box; /* whole pixels */
} AssayMaskPart;

/* Of AssayMaskPart, from left to right by where each begins. */
GArray *assay_mask_list_parts (const AssayMask *mask);
/* The mask without its parts of at most `area_px`. */
AssayMask *assay_mask_drop_parts (const AssayMask *mask, guint64 area_px);
/* Its largest part alone; of two the first. */
AssayMask *assay_mask_keep_largest (const AssayMask *mask);
/* Each part as a mask of its own, in the order of assay_mask_list_parts: of AssayMask. */
GPtrArray *assay_mask_split (const AssayMask *mask);
/* Of `pixels` what is nearest to each of those parts, in their order: of AssayMask. Empty when `mask` is. The cost of a
 * pixel follows how far it is. Cancelled it is NULL. */
GPtrArray *assay_mask_share_out (const AssayMask *mask, const AssayMask *pixels, AssayProgress *progress);

/* Of AssayMaskPart, like the parts. */
GArray *assay_mask_list_holes (const AssayMask *mask);
#define ASSAY_MASK_ALL_HOLES G_MAXUINT64
/* With its holes of at most `area_px`. */
AssayMask *assay_mask_fill_holes (const AssayMask *mask, guint64 area_px);

G_END_DECLS
