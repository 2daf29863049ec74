/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/word-units.h - transcripts as words that can be aligned whatever their marks and case: what
 * qa/word-differences.h counts and qa/word-table.h shows. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *text;                           /* as written, with marks that stood by themselves behind it */
  char *bare;                           /* without marks */
  char *folded;                         /* and without case: what is aligned */
  guint number;                         /* of `folded`: equal numbers are equal words */
  gboolean tag, filler, digits, begins; /* begins: a segment, other than the first */
} AssayWordUnit;

/* Of the texts of segments, in order of time: of AssayWordUnit, not numbered yet. `fillers` (nullable, ends with
 * NULL): words in lower case; NULL = those of English and German. */
GArray *assay_word_units_split (const char *const *texts, guint n, const char *const *fillers);
/* Over all lists that share `known` (a set of strings, borrowed from the lists). */
void assay_word_units_number (GArray *words, GHashTable *known);
/* [i]: the word of b that stands for word i of a, G_MAXUINT = none; a longest common subsequence. NULL: too long. */
guint *assay_word_units_align (const GArray *a, const GArray *b);

G_END_DECLS
