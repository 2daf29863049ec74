/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/mask-hatch.h - the pixels of a mask as diagonal strokes, exact at their ends: told apart from tints without
 * colour. Any thread. */
#include "core/kind.h"

G_BEGIN_DECLS

/* No more strokes in all than can be drawn at once. */
void assay_mask_hatch (const AssayMask *mask, guint32 colour, AssayMarkFlags flags, AssayMarks *marks);

G_END_DECLS
