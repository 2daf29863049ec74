/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/word-table.h - several transcripts of one sound, word over word: a row each, in columns of words that stand for
 * one another, each word with the kinds of its differences (qa/word-differences.h).
 *
 * Every text is aligned with the first. A word of the first differs in every way in which it differs from any other's;
 * a word of another, in those in which it differs from the first's. Any thread. */
#include "qa/word-differences.h"

G_BEGIN_DECLS

typedef struct
{
  char *text;  /* as written; NULL = this text has no word here */
  guint kinds; /* bits 1 << AssayWordsKind; 0 = as in the first text */
} AssayWordCell;

typedef struct
{
  guint n_rows, n_columns;
  AssayWordCell *cells; /* n_rows x n_columns, row by row */
} AssayWordTable;

/* `texts`: n_rows arrays of the texts of segments, in order of time, each ended by NULL. NULL: too long to be aligned
 * word by word. `fillers`: as for counting. */
AssayWordTable *assay_word_table_new (const char *const *const *texts, guint n_rows, const char *const *fillers);
void assay_word_table_free (AssayWordTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayWordTable, assay_word_table_free)
const AssayWordCell *assay_word_table_get (const AssayWordTable *table, guint row, guint column);

/* "word", "filler" …, for people. */
const char *assay_words_kind_to_text (AssayWordsKind kind);

G_END_DECLS
