/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/word-differences.h"

#include "qa/word-units.h"

static void
compare_written (const AssayWordUnit *a, const AssayWordUnit *b, AssayWordDifferences *differences)
{
  g_autofree char *low_a = g_utf8_casefold (a->text, -1), *low_b = g_utf8_casefold (b->text, -1);
  differences->counts[ASSAY_WORDS_CASING] += !g_str_equal (a->bare, b->bare);
  differences->counts[ASSAY_WORDS_PUNCTUATION] += !g_str_equal (low_a, low_b);
  differences->counts[ASSAY_WORDS_SEGMENTATION] += a->begins != b->begins;
}

/* One side of a stretch where no word has a partner. */
typedef struct
{
  guint n_tags, n_fillers, n_digits, n_words; /* n_words: of the rest, digits included */
  GString *joined;                            /* the rest, without blanks */
} Side;

static Side
look_at_side (const GArray *words, guint from, guint to)
{
  Side side = { .joined = g_string_new (NULL) };
  for (guint i = from; i < to; i++)
    {
      const AssayWordUnit *word = &g_array_index (words, AssayWordUnit, i);
      side.n_tags += word->tag;
      side.n_fillers += !word->tag && word->filler;
      if (word->tag || word->filler)
        continue;
      side.n_words++;
      side.n_digits += word->digits;
      g_string_append (side.joined, word->folded);
    }
  return side;
}

static void
compare_stretch (const GArray *a, guint a_from, guint a_to, const GArray *b, guint b_from, guint b_to,
                 AssayWordDifferences *differences)
{
  if (a_from == a_to && b_from == b_to)
    return;
  Side of_a = look_at_side (a, a_from, a_to), of_b = look_at_side (b, b_from, b_to);
  guint *counts = differences->counts;
  counts[ASSAY_WORDS_TAG] += MAX (of_a.n_tags, of_b.n_tags);
  counts[ASSAY_WORDS_FILLER] += MAX (of_a.n_fillers, of_b.n_fillers);
  if (of_a.joined->len > 0 && g_string_equal (of_a.joined, of_b.joined))
    counts[ASSAY_WORDS_SEGMENTATION]++;
  else if (of_a.n_words > 0 && of_b.n_words > 0 && (of_a.n_digits > 0) != (of_b.n_digits > 0))
    {
      const Side *digits = of_a.n_digits > 0 ? &of_a : &of_b;
      counts[ASSAY_WORDS_NUMBER]++;
      counts[ASSAY_WORDS_WORD] += digits->n_words - digits->n_digits;
    }
  else
    counts[ASSAY_WORDS_WORD] += MAX (of_a.n_words, of_b.n_words);
  g_string_free (of_a.joined, TRUE);
  g_string_free (of_b.joined, TRUE);
}

gboolean
assay_word_differences_count (const char *const *a_texts, guint n_a, const char *const *b_texts, guint n_b,
                              const char *const *fillers, AssayWordDifferences *ret_differences)
{
  g_autoptr (GArray) a = assay_word_units_split (a_texts, n_a, fillers);
  g_autoptr (GArray) b = assay_word_units_split (b_texts, n_b, fillers);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  assay_word_units_number (a, known);
  assay_word_units_number (b, known);
  g_autofree guint *partner = assay_word_units_align (a, b);
  if (partner == NULL)
    return FALSE;
  *ret_differences = (AssayWordDifferences){ .n_a = a->len, .n_b = b->len };
  guint a_from = 0, b_from = 0;
  for (guint i = 0; i < a->len; i++)
    {
      if (partner[i] == G_MAXUINT)
        continue;
      compare_stretch (a, a_from, i, b, b_from, partner[i], ret_differences);
      compare_written (&g_array_index (a, AssayWordUnit, i), &g_array_index (b, AssayWordUnit, partner[i]), ret_differences);
      a_from = i + 1;
      b_from = partner[i] + 1;
    }
  compare_stretch (a, a_from, a->len, b, b_from, b->len, ret_differences);
  return TRUE;
}
