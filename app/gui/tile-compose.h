/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/tile-compose.h - one tile of the screen: photo, tint of the masks, outlines. Main thread. */
#include "app/gui/tile-marks.h"
#include "app/gui/tile-pyramid.h"

G_BEGIN_DECLS

#define ASSAY_TILE_PX 256

/* How marks are drawn. */
typedef struct
{
  double opacity;        /* of the inside of masks: 0 nothing, 1 nothing else; ASSAY_MARKS_OPACITY as a rule */
  gboolean outline_only; /* masks are their outermost pixels alone */
} AssayMarksLook;
#define ASSAY_MARKS_OPACITY 0.28
#define ASSAY_MARKS_LOOK_PLAIN ((AssayMarksLook){ .opacity = ASSAY_MARKS_OPACITY })

/* What tiles are made of. All borrowed. */
typedef struct
{
  const AssayPyramid *pyramid;
  const AssayDisplayTable *table; /* (nullable) */
  AssayMarksIndex *index;         /* (nullable) */
  AssayMarksLook look;
  double zoom, device_scale; /* device pixels an image pixel, and a drawing unit */
} AssayTileScene;

typedef struct
{
  int x, y, w, h; /* device pixels */
} AssayTilePart;

/* w x h device pixels whose first is (x0, y0) from the image's corner. */
cairo_surface_t *assay_tile_compose (const AssayTileScene *scene, int x0, int y0, int w, int h);
/* The same tile after something changed in `part` (of the tile): another surface, the rest is `before`'s. */
cairo_surface_t *assay_tile_recompose (const AssayTileScene *scene, int x0, int y0, cairo_surface_t *before,
                                       AssayTilePart part);

G_END_DECLS
