/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/preview.h - pixels that a tool has reckoned and not painted, shown before they are anybody's: what the
 * object would have with them, or without. Segmentation only. Main thread. */
#include "annotate/aim.h"

G_BEGIN_DECLS

/* `paint` is made when NULL, and kept from then on: what is drawn borrows it. */
void assay_preview_show (AssayPaint **paint, const AssayAim *aim, const AssayScene *scene, const AssayMask *pixels);
/* What a tool's `live` answers. */
gboolean assay_preview_get_live (AssayPaint *paint, const AssayAim *aim, const AssayScene *scene,
                                 AssayLive *ret_live);

/* The mask with its holes of at most `most_px` filled, and so what is that small between it and the picture's edge;
 * and without its islands that small, unless it is nothing else. */
AssayMask *assay_preview_clean (AssayMask *take_mask, guint64 most_px);
#define ASSAY_OPTION_SPECKS "specks-px"
/* Its row in a tool's options. */
#define ASSAY_SPECKS_OPTION                                                                                        \
  {                                                                                                                \
    .name = ASSAY_OPTION_SPECKS, .type = ASSAY_OPTION_INT, .default_text = "64", .minimum = 0, .maximum = 1000000, \
    .title = "Specks", .unit = "px",                                                                               \
    .help = "holes and islands of at most this many pixels are not left in what is found"                          \
  }

G_END_DECLS
