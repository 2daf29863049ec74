/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/polygon.h - rings of points, the form in which people draw regions, and the one rule that turns them into pixels.
 *
 * A ring has n >= 3 points and closes itself. A region is the union of its outer rings less the union of its holes,
 * each ring rasterised by COCO's rule (pycocotools rleFrPoly: 5 times upsampled edges, y column crossings), so that an
 * exported polygon gives the trainer the very pixels that were seen. Any thread. */
#include "core/mask.h"

G_BEGIN_DECLS

typedef struct {
  gboolean hole;
  guint n_points;
  AssayPoint *points;
} AssayRing;

AssayRing *assay_ring_new (const AssayPoint *points, guint n_points, gboolean hole);
AssayRing *assay_ring_copy (const AssayRing *ring);
void assay_ring_free (AssayRing *ring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRing, assay_ring_free)
gboolean assay_ring_equal (const AssayRing *a, const AssayRing *b);
double assay_ring_area (const AssayRing *ring);                  /* shoelace, positive */
gboolean assay_ring_contains (const AssayRing *ring, AssayPoint p); /* even-odd */
/* Distance to the nearest edge; `ret_edge` (nullable) is the index of its first point. */
double assay_ring_distance (const AssayRing *ring, AssayPoint p, guint *ret_edge);

AssayMask *assay_mask_new_from_ring (const AssayRing *ring, guint width_px, guint height_px);
/* `rings`: GPtrArray of AssayRing. */
AssayMask *assay_mask_new_from_rings (const GPtrArray *rings, guint width_px, guint height_px);

G_END_DECLS
