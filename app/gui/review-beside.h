/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/review-beside.h - the answers of a case side by side: a canvas each, moved and zoomed as one. Main thread. */
#include "app/gui/canvas.h"
#include "app/gui/review-case.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_REVIEW_BESIDE (assay_review_beside_get_type ())
G_DECLARE_FINAL_TYPE (AssayReviewBeside, assay_review_beside, ASSAY, REVIEW_BESIDE, GtkWidget)

/* Borrows from the case: show NULL before it goes. `hidden`: rows (gint64 *) of annotators who are left out; `like`
 * (nullable): the place and zoom to begin with. */
void assay_review_beside_show (AssayReviewBeside *beside, const AssayReviewCase *review, AssayPyramid *pyramid,
                               GHashTable *hidden, const AssayView *like);
/* What keys move; the others follow. NULL when nothing is shown. */
AssayCanvas *assay_review_beside_get_canvas (AssayReviewBeside *beside);

G_END_DECLS
