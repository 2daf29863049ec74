/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* vision/wire.h - paths along borders: intelligent scissors (Mortensen and Barrett 1995), in a window.
 *
 * A wire holds the cheapest path from one point to every other of its window: Dijkstra's algorithm over the
 * window's cells and their eight neighbours, in buckets of whole costs. A step is cheap on a crest of the gradient
 * (the largest of the channels'), where the gradient is strong, and along it. A cell is `step_px` pixels wide: who
 * looks at the picture from afar sees no finer. Core's frame, points in the middles of cells; 8 and 16 bits, grey
 * and colour. Plain C; any thread, and not changed once made. G_IO_ERROR_CANCELLED when given up, which is asked
 * for on the way. */
#include "core/geometry.h"
#include "core/picture.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define ASSAY_WIRE_CELLS 512 /* across the window round a point */
#define ASSAY_WIRE_SNAP 3    /* cells: how far off the border a point is put right */

typedef struct _AssayWire AssayWire;

/* `from` is moved to the strongest border near it (assay_wire_get_source). With `also` (nullable) the window holds
 * that point too, and its cells are as much larger as that needs. BAD_DATA: a point lies beyond the picture. */
AssayWire *assay_vision_wire (const AssayPicture *picture, AssayPoint from, const AssayPoint *also, guint step_px,
                              GCancellable *cancellable, GError **error);
void assay_wire_free (AssayWire *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayWire, assay_wire_free)

AssayPoint assay_wire_get_source (const AssayWire *wire);
gboolean assay_wire_has (const AssayWire *wire, AssayPoint p);
/* The strongest border near a point of the window. */
AssayPoint assay_wire_snap (const AssayWire *wire, AssayPoint p);
/* Of AssayPoint, from the source to the cell of `to`, both with it; beyond the window straight on from its edge. */
GArray *assay_wire_list_path (const AssayWire *wire, AssayPoint to);

/* The corners of a ring that are needed to stay within the tolerance (Douglas and Peucker 1973): of AssayPoint. */
GArray *assay_vision_simplify_ring (const GArray *points, double tolerance_px);

G_END_DECLS
