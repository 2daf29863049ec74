/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/word-differences.h"

#include <string.h>

#define MOST_CELLS 25000000 /* 5000 x 5000 words that differ: 50 MB for a moment */

static const char *const usual_fillers[] = { "um",  "umm", "uh", "uhh", "uhm", "erm", "hm",  "hmm", "mm",
                                             "mmm", "mhm", "ah", "äh",  "ähm", "öh",  "öhm", NULL };

typedef struct
{
  char *text;                           /* as written, with marks that stood by themselves behind it */
  char *bare;                           /* without marks */
  char *folded;                         /* and without case: what is aligned */
  guint number;                         /* of `folded`: equal numbers are equal words */
  gboolean tag, filler, digits, begins; /* begins: a segment, other than the first */
} Word;

static void
word_clear (gpointer data)
{
  Word *word = data;
  g_free (word->text);
  g_free (word->bare);
  g_free (word->folded);
}

/* Marks go, save between digits: 3.5 is not 35. */
static char *
strip_marks (const char *text)
{
  GString *bare = g_string_new (NULL);
  gboolean after_digit = FALSE;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gunichar next = g_utf8_get_char (g_utf8_next_char (at));
      if (!g_unichar_ispunct (c) || (after_digit && g_unichar_isdigit (next)))
        g_string_append_unichar (bare, c);
      after_digit = g_unichar_isdigit (c);
    }
  return g_string_free (bare, FALSE);
}

static gboolean
has_digit (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_isdigit (g_utf8_get_char (at)))
      return TRUE;
  return FALSE;
}

static void
finish_word (GArray *words, const char *text, gboolean tag, gboolean begins, const char *const *fillers)
{
  g_autofree char *bare = tag ? g_strdup (text) : strip_marks (text);
  if (*bare == '\0' && words->len > 0)
    {
      Word *last = &g_array_index (words, Word, words->len - 1);
      char *both = g_strconcat (last->text, text, NULL);
      g_free (last->text);
      last->text = both;
      return;
    }
  Word word = { .text = g_strdup (text), .folded = g_utf8_casefold (bare, -1), .tag = tag };
  word.filler = g_strv_contains (fillers, word.folded);
  word.digits = !tag && has_digit (text);
  word.begins = begins && words->len > 0;
  word.bare = g_steal_pointer (&bare);
  g_array_append_val (words, word);
}

/* A tag is what stands in brackets, blanks included; a bracket that is not closed is a mark. */
static const char *
find_tag_end (const char *start)
{
  static const char openings[] = "[<(", closings[] = "]>)";
  const char *which = *start != '\0' ? strchr (openings, *start) : NULL;
  return which != NULL ? strchr (start, closings[which - openings]) : NULL;
}

static GArray *
split (const char *const *texts, guint n, const char *const *fillers)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (Word));
  g_array_set_clear_func (words, word_clear);
  for (guint i = 0; i < n; i++)
    {
      gboolean begins = TRUE;
      for (const char *at = texts[i]; *at != '\0';)
        {
          if (g_unichar_isspace (g_utf8_get_char (at)))
            {
              at = g_utf8_next_char (at);
              continue;
            }
          const char *start = at, *closing = find_tag_end (at);
          if (closing != NULL)
            at = closing + 1;
          while (*at != '\0' && !g_unichar_isspace (g_utf8_get_char (at))
                 && (closing == NULL || g_ascii_ispunct (*at)))
            at = g_utf8_next_char (at);
          g_autofree char *text = g_strndup (start, (gsize) (at - start));
          finish_word (words, text, closing != NULL, begins, fillers);
          begins = FALSE;
        }
    }
  return words;
}

static void
number_words (GArray *words, GHashTable *known)
{
  for (guint i = 0; i < words->len; i++)
    {
      Word *word = &g_array_index (words, Word, i);
      word->number = GPOINTER_TO_UINT (g_hash_table_lookup (known, word->folded));
      if (word->number != 0)
        continue;
      word->number = g_hash_table_size (known) + 1;
      g_hash_table_insert (known, word->folded, GUINT_TO_POINTER (word->number));
    }
}

/* partner[i]: the word of b that stands for word i of a, G_MAXUINT = none; a longest common subsequence. NULL: too
 * long.
 */
static guint *
align (const GArray *a, const GArray *b)
{
  const Word *of_a = (const Word *) (gpointer) a->data, *of_b = (const Word *) (gpointer) b->data;
  guint first = 0, n = a->len, m = b->len;
  while (first < n && first < m && of_a[first].number == of_b[first].number)
    first++;
  while (n > first && m > first && of_a[n - 1].number == of_b[m - 1].number)
    n--, m--;
  gsize stride = (gsize) (m - first) + 1;
  if ((guint64) (n - first + 1) * stride > MOST_CELLS || MIN (n, m) - first > G_MAXUINT16)
    return NULL;
  g_autofree guint16 *length = g_new0 (guint16, (n - first + 1) * stride);
  for (guint i = n; i-- > first;)
    for (guint j = m; j-- > first;)
      {
        guint16 *here = length + (i - first) * stride + (j - first);
        here[0] = of_a[i].number == of_b[j].number ? here[stride + 1] + 1 : MAX (here[stride], here[1]);
      }
  guint *partner = g_new (guint, a->len + 1);
  for (guint i = 0; i < first; i++)
    partner[i] = i;
  for (guint i = n; i < a->len; i++)
    partner[i] = m + (i - n);
  guint j = first;
  for (guint i = first; i < n; i++)
    {
      const guint16 *row = length + (i - first) * stride;
      while (j < m && of_a[i].number != of_b[j].number && row[j - first + 1] == row[j - first])
        j++;
      gboolean taken = j < m && of_a[i].number == of_b[j].number;
      partner[i] = taken ? j++ : G_MAXUINT;
    }
  return partner;
}

static void
compare_written (const Word *a, const Word *b, AssayWordDifferences *differences)
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
      const Word *word = &g_array_index (words, Word, i);
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
  const char *const *words = fillers != NULL ? fillers : usual_fillers;
  g_autoptr (GArray) a = split (a_texts, n_a, words);
  g_autoptr (GArray) b = split (b_texts, n_b, words);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  number_words (a, known);
  number_words (b, known);
  g_autofree guint *partner = align (a, b);
  if (partner == NULL)
    return FALSE;
  *ret_differences = (AssayWordDifferences){ .n_a = a->len, .n_b = b->len };
  guint a_from = 0, b_from = 0;
  for (guint i = 0; i < a->len; i++)
    {
      if (partner[i] == G_MAXUINT)
        continue;
      compare_stretch (a, a_from, i, b, b_from, partner[i], ret_differences);
      compare_written (&g_array_index (a, Word, i), &g_array_index (b, Word, partner[i]), ret_differences);
      a_from = i + 1;
      b_from = partner[i] + 1;
    }
  compare_stretch (a, a_from, a->len, b, b_from, b->len, ret_differences);
  return TRUE;
}
