/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/staple.h - one mask out of several, and how far each can be believed: STAPLE (Warfield, Zou and Wells 2004).
 *
 * EM over a sensitivity and a specificity a rater, with one prior, the mean of all votes, that stays. The first
 * weights are the shares of votes; it ends when no square of a change exceeds 1e-14 (as ITK's STAPLEImageFilter).
 * A pixel's probability depends on its pattern of votes alone, so it is computed by pattern (qa/mask-votes.h).
 *
 * Background counts: in a large picture every specificity is 1. So look at the box around all masks and a margin.
 * Golden: `staple` (ITK 5.2). Any thread. */
#include "qa/mask-votes.h"

G_BEGIN_DECLS

#define ASSAY_STAPLE_WHOLE_PICTURE G_MAXUINT

typedef struct
{
  AssayMaskVotes *votes;
  gboolean defined;    /* FALSE: where we look nobody, or everybody everywhere, marked anything; all below is NaN */
  double prior;        /* share of votes for "inside" */
  double *sensitivity; /* masks: P (says inside | inside) */
  double *specificity; /* masks: P (says outside | outside) */
  double *probability; /* patterns of `votes`: P (inside) */
  guint n_iterations;  /* ITK's counter: those before the one that changed nothing, or the most allowed */
} AssayStaple;

/* Looks at the box around all masks, `margin_px` wider on each side. `most_iterations` 0: until it comes to rest.
 * BAD_DATA for no masks, or masks of different sizes. */
AssayStaple *assay_staple_new (const AssayMask *const *masks, guint n_masks, guint margin_px, guint most_iterations,
                               GError **error);
void assay_staple_free (AssayStaple *staple);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayStaple, assay_staple_free)

/* Pixels with a probability of at least 1/2; NULL when undefined. */
AssayMask *assay_staple_consensus (const AssayStaple *staple);

G_END_DECLS
