/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/marks-draw.h - marks (core/kind.h) drawn by cairo: outlines, lines, points, words. Masks are tinted by
 * app/gui/tile-compose.h, which has the pixels. Main thread (Pango). */
#include "core/kind.h"

#include <cairo.h>

G_BEGIN_DECLS

/* From image to drawing coordinates: p * scale + offset, across and down. */
typedef struct
{
  double scale_x, scale_y, x, y;
} AssayMarksFrame;

/* The box of a mark's geometry, in image coordinates; FALSE for a mark of nothing. */
gboolean assay_mark_get_box (const AssayMark *mark, AssayRect *ret_box);
/* That box on the screen, with what lines, points and words reach beyond it. */
AssayRect assay_mark_get_drawn_box (const AssayMark *mark, const AssayRect *box, const AssayMarksFrame *frame);
/* How far its words reach beyond its box, in drawing units. */
double assay_mark_get_words_reach (const AssayMark *mark);
void assay_mark_draw (const AssayMark *mark, const AssayMarksFrame *frame, cairo_t *cr);

G_END_DECLS
