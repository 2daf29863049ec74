/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/live-grid.h - the cameras that are on, as tiles: all alike, or one large and the others in a row below it.
 * A click on a tile, or Enter, makes it large; once more, all are alike again. Signal "chosen": another camera is the
 * one that settings and keys mean. Main thread. */
#include "app/gui/live.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_LIVE_GRID (assay_live_grid_get_type ())
G_DECLARE_FINAL_TYPE (AssayLiveGrid, assay_live_grid, ASSAY, LIVE_GRID, GtkWidget)

GtkWidget *assay_live_grid_new (void);
/* Of AssayLive; tiles of those that stay are kept. */
void assay_live_grid_set_lives (AssayLiveGrid *grid, const GPtrArray *lives);
AssayLive *assay_live_grid_get_chosen (AssayLiveGrid *grid); /* (nullable) borrowed */

G_END_DECLS
