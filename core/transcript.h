/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/transcript.h - the value of a transcript object: one segment of sound and what is said in it.
 *
 * Positions are sample indices of the item's media. Words are separated by white space (Unicode), compared in NFC.
 * Word errors: Levenshtein for the rate; MER (S+D+I)/(H+S+D+I) is symmetric and is the headline between annotators. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gint64 start, end;   /* [start, end) samples, end > start */
  char *text;          /* UTF-8, NFC; "" is "nothing is said" */
  char *speaker;       /* (nullable) */
  gboolean unclear;
} AssaySegment;

AssaySegment *assay_segment_new (gint64 start, gint64 end, const char *text, const char *speaker);
AssaySegment *assay_segment_copy (const AssaySegment *segment);
void assay_segment_free (AssaySegment *segment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySegment, assay_segment_free)

typedef struct {
  guint hits, substitutions, deletions, insertions;
} AssayWordErrors;
/* Fewest edits; ties keep more hits, then prefer substitutions. */
AssayWordErrors assay_words_compare (const char *reference, const char *hypothesis);
AssayWordErrors assay_characters_compare (const char *reference, const char *hypothesis); /* code points, spaces count */
double assay_word_errors_wer (const AssayWordErrors *errors); /* reference of no words: the number of insertions (jiwer >= 4) */
double assay_word_errors_mer (const AssayWordErrors *errors); /* nothing on both sides: 0 */

G_END_DECLS
