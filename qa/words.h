/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/words.h - the words of texts: parted at Unicode white space, as core/transcript.h counts them. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

GPtrArray *assay_words_split (const char *text); /* of char *, owned by the array */

/* Each different word has a number from 1 on, so that comparing words is comparing numbers. */
typedef struct
{
  GPtrArray *words;    /* the word of number i is at i - 1 */
  GHashTable *numbers; /* word to number */
} AssayVocabulary;

void assay_vocabulary_init (AssayVocabulary *vocabulary);
void assay_vocabulary_clear (AssayVocabulary *vocabulary);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayVocabulary, assay_vocabulary_clear)
/* The numbers (guint) of a text's words; words that are new get one. */
GArray *assay_vocabulary_number (AssayVocabulary *vocabulary, const char *text);
const char *assay_vocabulary_word (const AssayVocabulary *vocabulary, guint number);

G_END_DECLS
