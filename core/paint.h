/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/paint.h - a mask under the brush: the runs of every column apart, so that a stroke costs what it touches and
 * not what the picture has. Begins as a mask and becomes one again.
 *
 * Image coordinates of core/geometry.h; a pixel counts by its middle. Not shared between threads. */
#include "core/mask.h"

G_BEGIN_DECLS

typedef struct _AssayPaint AssayPaint;

/* `mask` is borrowed for as long as the paint lives: untouched columns stay its own. */
AssayPaint *assay_paint_new (const AssayMask *mask);
void assay_paint_free (AssayPaint *paint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPaint, assay_paint_free)

/* What is between the changes so far and the last time this was asked: FALSE = nothing. */
gboolean assay_paint_take_dirty (AssayPaint *paint, AssayRect *ret_box);

/* From now on only pixels that `limit` has inside (or, not `inside`, has not) are changed. Borrowed; NULL = all may
 * be. */
void assay_paint_set_limit (AssayPaint *paint, const AssayPaint *limit, gboolean inside);
/* Adds every pixel of a mask of the same size, limit or not. */
void assay_paint_add_mask (AssayPaint *paint, const AssayMask *mask);

/* The same in small boxes that hold all that changed and little else: a large brush changes its rim. Adds AssayRect to
 * `boxes`. */
void assay_paint_take_dirty_boxes (AssayPaint *paint, GArray *boxes);

/* Pixels [y0, y1) of a column become inside or outside; what is beyond the picture is left out. */
void assay_paint_span (AssayPaint *paint, int x, int y0, int y1, gboolean inside);

typedef enum
{
  ASSAY_BRUSH_ROUND,
  ASSAY_BRUSH_SQUARE
} AssayBrushShape;
/* A brush of `size_px` across drawn from `a` to `b` (the same point: a dab). Below 1.5 px it takes the pixels that
 * the line goes through. */
void assay_paint_stroke (AssayPaint *paint, AssayPoint a, AssayPoint b, double size_px, AssayBrushShape shape,
                         gboolean inside);

/* Becomes `mask`, which is of the same size and borrowed for the call: for pixels that are reckoned and not
 * brushed. What differs from before is dirty. */
void assay_paint_set_mask (AssayPaint *paint, const AssayMask *mask);

gboolean assay_paint_contains (const AssayPaint *paint, int x, int y);
/* Writes 1 inside and 0 outside for the pixels of [x0, x0+w) x [y0, y0+h), which lie in the picture; row-major. */
void assay_paint_to_bytes (const AssayPaint *paint, guint x0_px, guint y0_px, guint w_px, guint h_px,
                           guint8 *ret_bytes, gsize stride);
/* Where column `x` goes in and out: [edge 0, edge 1), [edge 2, edge 3) … ascending; borrowed until the next change. */
const guint32 *assay_paint_get_edges (const AssayPaint *paint, guint x, guint *ret_n);
AssayMask *assay_paint_to_mask (const AssayPaint *paint);
guint assay_paint_get_width_px (const AssayPaint *paint);
guint assay_paint_get_height_px (const AssayPaint *paint);

G_END_DECLS
