/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/word-align.h - words of two texts side by side with sclite's costs: a hit 0, an insertion 3, a deletion 3, a
 * substitution 4 (NIST SCTK). It would rather delete and insert than lose a hit, so it can have more errors than
 * there are edits (core/transcript.h): its counts are for showing what happened, not for the rate. Golden:
 * `transcript_sclite`. Any thread. */
#include "core/transcript.h"

G_BEGIN_DECLS

/* Of several cheapest alignments the one with most hits. `ret_cost` is nullable. */
AssayWordErrors assay_words_align (const char *reference, const char *hypothesis, guint64 *ret_cost);

/* The counts of every cheapest alignment there is, fewest substitutions first: of AssayWordErrors. `alone` is the
 * cost of an insertion or a deletion, `instead` that of a substitution, below 2 `alone`; 1 and 1 are plain edits.
 * NULL for texts of more than a few hundred words. */
GArray *assay_words_alignments (const char *reference, const char *hypothesis, guint alone, guint instead);

G_END_DECLS
