/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/mask-votes.h - several masks of one picture, cut into stretches where each says the same all along.
 *
 * Few different patterns of votes occur (at most 2^masks, far fewer in practice), so what is computed pixel by
 * pixel elsewhere is computed pattern by pattern here. Pixels run down columns, as in core/mask.h. Any thread. */
#include "core/mask.h"

G_BEGIN_DECLS

typedef struct
{
  guint width_px, height_px, n_masks;
  guint n_patterns;
  guint8 *says;        /* patterns x masks: 1 = this mask has these pixels */
  guint *n_votes;      /* patterns: how many masks have them */
  guint64 *pattern_px; /* patterns: pixels of the picture; sums to width x height */
  guint n_stretches;
  guint32 *length_px, *pattern; /* stretches, in order; no two neighbours have one pattern */
} AssayMaskVotes;

/* BAD_DATA for no masks, or masks of different sizes. Nothing is kept of them. */
AssayMaskVotes *assay_mask_votes_new (const AssayMask *const *masks, guint n_masks, GError **error);
void assay_mask_votes_free (AssayMaskVotes *votes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayMaskVotes, assay_mask_votes_free)

/* The pixels of the patterns that are not 0 in `chosen`. */
AssayMask *assay_mask_votes_choose (const AssayMaskVotes *votes, const guint8 *chosen);
/* The pixels that at least half of the masks have (as crowd-kit's SegmentationMajorityVote). */
AssayMask *assay_mask_votes_majority (const AssayMaskVotes *votes);

G_END_DECLS
