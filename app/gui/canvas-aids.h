/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/canvas-aids.h - what helps the eye over a picture and is no part of it: crosshair, loupe, overview map.
 * Drawing coordinates are the widget's. Main thread. */
#include "annotate/view.h"
#include "app/gui/tile-compose.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Two hair lines through `at` (drawing units). */
void assay_aid_crosshair (GtkSnapshot *snapshot, AssayPoint at, int width, int height);
/* What is under `at`, four times as large, beside it. `scene` is the canvas's. */
void assay_aid_loupe (GtkSnapshot *snapshot, const AssayTileScene *scene, const AssayView *view, AssayPoint at,
                      int width, int height);

/* The whole picture, small, in the corner of the window. */
#define ASSAY_MAP_PX 180
/* Made once a picture; NULL without one. Free with cairo_surface_destroy. */
cairo_surface_t *assay_aid_new_map (const AssayTileScene *scene);
/* Where it stands in a window of this size; drawing units. */
AssayRect assay_aid_get_map_box (cairo_surface_t *map, int width, int height);
void assay_aid_map (GtkSnapshot *snapshot, cairo_surface_t *map, const AssayView *view, int width, int height);

G_END_DECLS
