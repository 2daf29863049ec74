/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* vision/flood.h - what looks like one pixel, for every tolerance at once.
 *
 * A pixel's difference is the largest of its channels' from the seed, in steps of 1/255 of the tones there are: of
 * all 8 bits, or, of 16-bit pictures, of the range that a grid of samples finds in the picture. A connected flood
 * keeps for each pixel the least tolerance at which a path of side-by-side pixels leads there (a bottleneck path:
 * Dijkstra's algorithm with the maximum in place of the sum, in buckets), so raising the tolerance goes on where it
 * stopped, and lowering it costs nothing. Each pixel is visited once.
 *
 * Any thread, one at a time. */
#include "core/mask.h"
#include "core/picture.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define ASSAY_FLOOD_MAX_TOLERANCE 254

typedef struct _AssayFlood AssayFlood;

/* NULL when (x, y) is not in the picture. Takes a reference to the picture. With `connected` FALSE pixels count
 * wherever they are. Reckons nothing yet. */
AssayFlood *assay_flood_new (const AssayPicture *picture, guint x_px, guint y_px, gboolean connected);
AssayFlood *assay_flood_ref (AssayFlood *flood);
void assay_flood_unref (AssayFlood *flood);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayFlood, assay_flood_unref)

/* Goes on until all within the tolerance is known (TRUE), about `most_px` pixels are visited, or it is cancelled
 * (polled). */
gboolean assay_flood_reach (AssayFlood *flood, guint tolerance, guint64 most_px, GCancellable *cancellable);
/* What is known to be within the tolerance. With a `step_px` above 1 only every so many-th pixel across and down is
 * asked, for a square of that width: to be looked at, where noise makes millions of runs. */
AssayMask *assay_flood_to_mask (const AssayFlood *flood, guint tolerance, guint step_px);

/* Pixels in the box round all that was reached so far: what a mask costs. */
guint64 assay_flood_get_box_px (const AssayFlood *flood);

G_END_DECLS
