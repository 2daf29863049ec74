/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/word-differences.h - what two transcripts of one sound differ in, by kind: each kind has a text rule that
 * would end it. Which words changed is told by qa/word-changes.h; rates are core/transcript.h's. Definitions:
 * doc/METRICS.md. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ASSAY_WORDS_WORD, /* heard otherwise, or not at all */
  ASSAY_WORDS_FILLER,
  ASSAY_WORDS_NUMBER, /* digits against words */
  ASSAY_WORDS_CASING,
  ASSAY_WORDS_PUNCTUATION,
  ASSAY_WORDS_TAG,          /* [noise], <laughs>, (unclear) */
  ASSAY_WORDS_SEGMENTATION, /* the same words cut otherwise: in two, into one, or into segments */
  ASSAY_WORDS_N_KINDS
} AssayWordsKind;

typedef struct
{
  guint counts[ASSAY_WORDS_N_KINDS];
  guint n_a, n_b; /* words of either, tags and fillers too */
} AssayWordDifferences;

/* Of the texts of segments, in order of time. `fillers` (nullable, ends with NULL): words in lower case; NULL =
 * those of English and German. FALSE: too long to be aligned word by word. */
gboolean assay_word_differences_count (const char *const *a, guint n_a, const char *const *b, guint n_b,
                                       const char *const *fillers, AssayWordDifferences *ret_differences);

G_END_DECLS
