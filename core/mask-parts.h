/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/mask-parts.h - the pieces that a mask falls into: pixels that touch, by a side or a corner. Any thread. */
#include "core/mask.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 area_px;
  AssayRect box; /* whole pixels */
} AssayMaskPart;

/* Of AssayMaskPart, from left to right by where each begins. The cost follows the runs, not the pixels. */
GArray *assay_mask_list_parts (const AssayMask *mask);
/* The mask without its parts of at most `area_px`. */
AssayMask *assay_mask_drop_parts (const AssayMask *mask, guint64 area_px);

G_END_DECLS
