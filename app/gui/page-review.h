/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/page-review.h - Review: findings worst first, what every annotator says about the item, and settling it
 * by a key. */
#include "app/gui/page.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PAGE_REVIEW (assay_page_review_get_type ())
G_DECLARE_FINAL_TYPE (AssayPageReview, assay_page_review, ASSAY, PAGE_REVIEW, GtkWidget)

G_END_DECLS
