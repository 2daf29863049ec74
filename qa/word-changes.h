/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/word-changes.h - which words differ between two texts, by name: for sentences, not for rates (core/transcript.h has those).
 * Longest common subsequence of words. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

/* "“colour” against “color”, “the” only in ann, “um” only in bob", at most `most` of them; `ret_n` (nullable): how many there are.
 * NULL when there are none, or the texts are too long to be told word by word. */
char *assay_word_changes (const char *a, const char *b, const char *name_a, const char *name_b, guint most, guint *ret_n);

G_END_DECLS
