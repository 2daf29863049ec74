/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/text-lines.h - two text files held against each other, line n against line n or by Kaldi ids. What wer and cer
 * share. */
#include "core/json.h"
#include "core/option.h"
#include "core/transcript.h"

G_BEGIN_DECLS

typedef AssayWordErrors (*AssayTextCompare) (const char *reference, const char *hypothesis);

extern const AssayOption assay_text_options[]; /* ids */

/* {value, substitutions, deletions, insertions, hits, words, mer, lines:[{line, id?, …}]}: counts pooled over all
 * lines. */
json_t *assay_text_measure (const char *reference, const char *hypothesis, gboolean by_id, AssayTextCompare compare,
                            GError **error);
/* The lines of a text file, UTF-8, without their ends; free with g_strfreev. */
char **assay_text_load_lines (const char *path, GError **error);
/* [[S, D, I], …] of an array of AssayWordErrors, or null; takes the array. */
json_t *assay_word_triples_to_json (GArray *list);
void assay_word_errors_add (AssayWordErrors *sum, const AssayWordErrors *errors);

G_END_DECLS
