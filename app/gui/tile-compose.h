/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/tile-compose.h - one tile of the screen: photo, tint of the masks, outlines. Main thread. */
#include "app/gui/marks-draw.h"
#include "app/gui/tile-pyramid.h"

G_BEGIN_DECLS

#define ASSAY_TILE_PX 256

/* Marks with their boxes, so that a tile looks only at what touches it. */
typedef struct _AssayMarksIndex AssayMarksIndex;
AssayMarksIndex *assay_marks_index_new (AssayMarks *take_marks);
void assay_marks_index_free (AssayMarksIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayMarksIndex, assay_marks_index_free)
guint assay_marks_index_get_n_marks (const AssayMarksIndex *index);

/* w x h device pixels whose first is (x0, y0) from the image's corner; `device_scale` device pixels a drawing unit.
 */
cairo_surface_t *assay_tile_compose (const AssayPyramid *pyramid, const AssayMarksIndex *index, double zoom,
                                     double device_scale, int x0, int y0, int w, int h);

G_END_DECLS
