/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/between.h - an object as it would be between two pictures of a sequence in which it was drawn by hand.
 *
 * Boxes go in a straight line. Polygons of one outer ring are paired by length along them and go point by point.
 * Other masks are moved so that their centres meet, and blended by the distance to their borders. Any thread. */
#include "core/kind.h"

G_BEGIN_DECLS

/* How an object that was made between key frames is told from a hand-made one: `attributes.interpolated`. */
gboolean assay_object_is_interpolated (const AssayObject *object);
void assay_object_set_interpolated (AssayObject *object, gboolean interpolated);

/* Whether objects of this kind can stand between others. */
gboolean assay_kind_has_between (const AssayKind *kind);
/* The value at `t` (0 = a, 1 = b) in a picture of that size, to be freed by the kind; NULL = nothing of it is left in
 * the picture. */
gpointer assay_between (const AssayKind *kind, gconstpointer a, gconstpointer b, double t, guint width_px,
                        guint height_px);

G_END_DECLS
