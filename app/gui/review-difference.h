/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/review-difference.h - where the answers of a case differ, exactly, to be drawn over its picture.
 *
 * Masks: of each class, the pixels that all claim (tinted), those that one alone claims (hatched in its colour), and
 * those that several claim but not all (hatched in grey); what anybody is unsure of is none of them. Everything else:
 * a vector from each answer's point to the middle of the same point of all (the line between them, when there are
 * two), with its length. Any thread. */
#include "app/gui/review-case.h"

G_BEGIN_DECLS

typedef struct
{
  AssayMarks *marks; /* image coordinates; borrow from `masks` and from the case */
  GPtrArray *masks;
  char *words; /* "61,200 px claimed by all · A alone 1,204 px · B alone 310 px" */
} AssayReviewDifference;

/* `hidden`: rows (gint64 *) of annotators who are left out. */
AssayReviewDifference *assay_review_difference_new (const AssayReviewCase *review, GHashTable *hidden);
void assay_review_difference_free (AssayReviewDifference *difference);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayReviewDifference, assay_review_difference_free)

G_END_DECLS
