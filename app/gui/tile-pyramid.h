/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/tile-pyramid.h - a picture as the canvas samples it: its own pixels, in its own depth, and each level the
 * 2x2 average of the one before (a third more memory in all). Made once off the main loop; counted, never changed.
 * Any thread. */
#include "app/gui/display-table.h"
#include "core/picture.h"

G_BEGIN_DECLS

#define ASSAY_PYRAMID_MAX_LEVELS 16

typedef struct
{
  guint width_px, height_px;
  gsize stride; /* bytes */
  guint8 *data; /* pixels of the picture's format; level 0 is the picture itself */
} AssayPyramidLevel;

typedef struct
{
  guint n_levels;
  AssayPyramidLevel levels[ASSAY_PYRAMID_MAX_LEVELS];
  AssayPicture *picture;     /* what it was made from */
  AssayHistogram *histogram; /* of its brightness */
  gint refs;
} AssayPyramid;

AssayPyramid *assay_pyramid_new (AssayPicture *picture);
AssayPyramid *assay_pyramid_ref (AssayPyramid *pyramid);
void assay_pyramid_unref (AssayPyramid *pyramid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPyramid, assay_pyramid_unref)

/* Samples the picture at `zoom` device pixels an image pixel into w x h pixels (0xffRRGGBB) whose first is (x0, y0)
 * from the image's corner: the nearest pixel above 1:1, so that single pixels stay crisp, and smooth below. Outside
 * the picture: `outside`. `table` (nullable: as it is) says how values are shown. */
void assay_pyramid_sample (const AssayPyramid *pyramid, const AssayDisplayTable *table, double zoom, int x0, int y0,
                           int w, int h, guint32 outside, guint32 *ret_pixels, gsize stride_px);

G_END_DECLS
