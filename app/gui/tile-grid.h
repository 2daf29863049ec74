/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/tile-grid.h - the tiles of a canvas: which are there, which are stale, which are still to make.
 *
 * The grid hangs on the image's corner at one zoom. An edit makes the tiles under it stale; another zoom makes a
 * new grid, and the old one is shown scaled until the new one covers the window. Main thread. */
#include "app/gui/tile-compose.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _AssayTileGrid AssayTileGrid;

AssayTileGrid *assay_tile_grid_new (void);
void assay_tile_grid_free (AssayTileGrid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTileGrid, assay_tile_grid_free)

void assay_tile_grid_set_pyramid (AssayTileGrid *grid, AssayPyramid *pyramid); /* (nullable); drops every tile */
/* What lies over the photo; tiles that touch `dirty` (image pixels; NULL = all) are made again. */
void assay_tile_grid_set_marks (AssayTileGrid *grid, AssayMarks *take_marks, const AssayRect *dirty);
/* How values are shown (nullable: as they are), and how marks are. */
void assay_tile_grid_set_display (AssayTileGrid *grid, AssayDisplayTable *take_table);
void assay_tile_grid_set_look (AssayTileGrid *grid, AssayMarksLook look);
const AssayTileScene *assay_tile_grid_get_scene (AssayTileGrid *grid);

/* Pixels of masks have changed in `dirty` (image pixels): only that is made again. */
void assay_tile_grid_make_stale (AssayTileGrid *grid, const AssayRect *dirty);
/* The same with the lines, points and names that reach over their geometry. */
void assay_tile_grid_make_marks_stale (AssayTileGrid *grid, const AssayRect *dirty);

/* Appends the window of width x height device pixels with the image's corner at (x, y), composing missing and stale
 * tiles for at most `budget_us` (at least one). TRUE when everything shown is up to date: else draw again soon. */
gboolean assay_tile_grid_snapshot (AssayTileGrid *grid, GtkSnapshot *snapshot, double zoom, double device_scale,
                                   double x, double y, double width, double height, gint64 budget_us);
/* Composes what is missing of the window shown last, and so many tiles `around` it, for at most `budget_us`: the next
 * frame, or a pan, finds it there. TRUE = nothing is missing. */
gboolean assay_tile_grid_prepare (AssayTileGrid *grid, guint around, gint64 budget_us);
/* Tiles composed so far: what the tests and the benchmark count. */
guint assay_tile_grid_get_n_composed (const AssayTileGrid *grid);

G_END_DECLS
