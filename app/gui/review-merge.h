/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/review-merge.h - one answer put together of several, thing by thing: whose object each thing is, or nobody's.
 * Which objects are the same thing is qa/cluster.h's. Borrows from the case, whose answers it numbers. Any thread. */
#include "app/gui/review-case.h"

G_BEGIN_DECLS

#define ASSAY_MERGE_NOBODY G_MAXUINT

typedef struct
{
  const AssayReviewCase *review;
  GPtrArray *things; /* of AssayCluster, its members in the order of the answers */
  guint *whose;      /* one a thing: the index of an answer, or ASSAY_MERGE_NOBODY */
} AssayReviewMerge;

/* To begin with, the first answer that has the thing; nobody's when most do not have it. */
AssayReviewMerge *assay_review_merge_new (const AssayReviewCase *review);
void assay_review_merge_free (AssayReviewMerge *merge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayReviewMerge, assay_review_merge_free)

gboolean assay_review_merge_has (const AssayReviewMerge *merge, guint thing, guint answer);
/* FALSE, and nothing changed: this answer has no such thing. */
gboolean assay_review_merge_choose (AssayReviewMerge *merge, guint thing, guint answer);
/* The smallest thing at a point of the picture, as any answer has it; G_MAXUINT = none. */
guint assay_review_merge_find (const AssayReviewMerge *merge, AssayPoint at);
/* Whose it is goes to the next answer that has it, then to nobody. */
void assay_review_merge_cycle (AssayReviewMerge *merge, guint thing);
/* "cup", or the classes it is given. */
char *assay_review_merge_dup_name (const AssayReviewMerge *merge, guint thing);
/* What was chosen, as one answer: copies. */
AssayObjects *assay_review_merge_build (const AssayReviewMerge *merge);
/* What is chosen drawn fully, the rest faintly, `selected` (G_MAXUINT = none) emphasised; borrows from the case. */
AssayMarks *assay_review_merge_list_marks (const AssayReviewMerge *merge, guint selected);

G_END_DECLS
