/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/edits-private.h - the acts of annotate/edits-selection.c's table, and what they share. Main thread. */
#include "annotate/edits-selection.h"
#include "core/region.h"

G_BEGIN_DECLS

typedef AssayEdit *AssayActFunc (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer);

/* edits-shape.c */
AssayActFunc assay_act_grow, assay_act_grow_more, assay_act_shrink, assay_act_shrink_more, assay_act_smooth,
    assay_act_fill_holes, assay_act_keep_largest, assay_act_drop_islands, assay_act_fill_gaps;
/* edits-join.c */
AssayActFunc assay_act_union, assay_act_subtract, assay_act_intersect, assay_act_split, assay_act_duplicate;
/* edits-order.c */
AssayActFunc assay_act_raise, assay_act_lower, assay_act_to_front, assay_act_to_back;

/* edits-propose.c */
AssayActFunc assay_act_accept, assay_act_reject;

/* "smooth on cup-3", "smooth on 3 objects". */
AssayEdit *assay_edit_new_on (const AssayScene *scene, const char *verb, const GPtrArray *objects);
const AssayMask *assay_object_get_mask (const AssayObject *object); /* segmentation */
/* What `object` becomes with another value. */
AssayObject *assay_object_copy_with (const AssayObject *object, const AssayKind *kind, gpointer take_value);

G_END_DECLS
