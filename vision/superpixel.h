/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* vision/superpixel.h - a window of a picture cut into patches that keep to its borders: SLIC (Achanta et al.
 * 2012).
 *
 * Clusters of colour (CIELAB, slightly smoothed) and place, begun on a grid of `size_px`; a patch hangs together,
 * and what falls off one and is less than a quarter of a grid cell goes to the neighbour
 * that looks most alike. Every pixel of the window
 * is in exactly one. Core's frame; 8 and 16 bits, grey and colour. The same window and size give the same patches.
 * Plain C; any thread, and not changed once made. G_IO_ERROR_CANCELLED when given up, which is asked for between
 * the rounds. */
#include "core/paint.h"
#include "core/picture.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define ASSAY_SUPERPIXEL_LEAST_PX 8
#define ASSAY_SUPERPIXEL_MOST_PX 200

typedef struct _AssaySuperpixels AssaySuperpixels;

/* Of the window's part that is in the picture; BAD_DATA when there is none. `size_px` is how wide a patch is,
 * about. */
AssaySuperpixels *assay_vision_superpixels (const AssayPicture *picture, AssayRect window, guint size_px,
                                            GCancellable *cancellable, GError **error);
void assay_superpixels_free (AssaySuperpixels *superpixels);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySuperpixels, assay_superpixels_free)

guint assay_superpixels_get_n (const AssaySuperpixels *superpixels);
/* The patch of a pixel of the picture, 0 to n - 1; -1 = beyond the window. */
int assay_superpixels_find (const AssaySuperpixels *superpixels, AssayPoint at);
/* Its pixels become inside or outside; the paint is of the picture's size. */
void assay_superpixels_paint (const AssaySuperpixels *superpixels, int patch, AssayPaint *paint, gboolean inside);
/* Its borders along the edges of pixels: GPtrArray of GArray of AssayPoint, as assay_vision_contours. */
GPtrArray *assay_superpixels_list_outlines (const AssaySuperpixels *superpixels, int patch);

G_END_DECLS
