/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/transcript.h"

#include <string.h>

AssaySegment *
assay_segment_new (gint64 start, gint64 end, const char *text, const char *speaker)
{
  AssaySegment *segment = g_new0 (AssaySegment, 1);
  segment->start = start;
  segment->end = end;
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  segment->text = g_utf8_normalize (valid, -1, G_NORMALIZE_NFC);
  if (speaker != NULL)
    {
      g_autofree char *name = g_utf8_make_valid (speaker, -1);
      segment->speaker = g_utf8_normalize (name, -1, G_NORMALIZE_NFC);
    }
  return segment;
}

AssaySegment *
assay_segment_copy (const AssaySegment *segment)
{
  AssaySegment *copy = g_memdup2 (segment, sizeof *segment);
  copy->text = g_strdup (segment->text);
  copy->speaker = g_strdup (segment->speaker);
  return copy;
}

void
assay_segment_free (AssaySegment *segment)
{
  if (segment == NULL)
    return;
  g_free (segment->text);
  g_free (segment->speaker);
  g_free (segment);
}

/* An alignment's cost in one number: edits first, then fewer hits are worse. Hits and the two lengths fix the rest,
 * since hits + substitutions + deletions = n, hits + substitutions + insertions = m. */
#define EDIT (G_GINT64_CONSTANT (1) << 32)
#define NEVER (G_MAXINT64 / 2)

/* Least cost over alignments that stay within `band` of the diagonal: two rows of memory. */
static gint64
align_in_band (const guint32 *a, guint n, const guint32 *b, guint m, guint band)
{
  g_autofree gint64 *row = g_new (gint64, m + 1);
  for (guint j = 0; j <= m; j++)
    row[j] = j <= band ? j * EDIT : NEVER;
  for (guint i = 1; i <= n; i++)
    {
      guint from = i > band ? i - band : 0, to = (guint) MIN ((guint64) i + band, m);
      gint64 diagonal = from > 0 ? row[from - 1] : NEVER; /* row i-1, column from-1 */
      if (from > 0)
        row[from - 1] = NEVER;
      for (guint j = from; j <= to; j++)
        {
          gint64 best = row[j] + EDIT;
          if (j > 0)
            best = MIN (MIN (best, row[j - 1] + EDIT), diagonal + (a[i - 1] == b[j - 1] ? -1 : EDIT));
          diagonal = row[j];
          row[j] = best;
        }
    }
  return row[m];
}

static guint
count_edits (gint64 cost)
{
  return (guint) ((cost + EDIT - 1) / EDIT);
}

static AssayWordErrors
compare_tokens (const guint32 *a, guint n, const guint32 *b, guint m)
{
  guint whole_n = n, whole_m = m;
  /* What both begin or end with is always matched by some best alignment. */
  while (n > 0 && m > 0 && *a == *b)
    a++, b++, n--, m--;
  while (n > 0 && m > 0 && a[n - 1] == b[m - 1])
    n--, m--;
  /* From one corner to the other with d edits, an alignment strays (d + |n - m|) / 2 from the diagonal at most. A
   * narrow band finds too many edits, or as many as there are: a second look that is wide enough for those finds
   * the best. */
  guint gap = MAX (n, m) - MIN (n, m), band = gap + 16;
  gint64 cost = align_in_band (a, n, b, m, band);
  guint needed = (count_edits (cost) + gap) / 2;
  if (needed > band)
    cost = align_in_band (a, n, b, m, needed);
  guint edits = count_edits (cost);
  guint inner_hits = (guint) (edits * EDIT - cost);
  AssayWordErrors errors = { .hits = inner_hits + (whole_n - n) };
  errors.substitutions = whole_n + whole_m - 2 * errors.hits - edits;
  errors.deletions = whole_n - errors.hits - errors.substitutions;
  errors.insertions = whole_m - errors.hits - errors.substitutions;
  return errors;
}

/* Each different word gets a number; `known` (word to number + 1) is shared by both sides and owns the words. */
static GArray *
number_words (const char *text, GHashTable *known)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (const char *at = text; *at != '\0';)
    {
      const char *start = at;
      while (*at != '\0' && !g_unichar_isspace (g_utf8_get_char (at)))
        at = g_utf8_next_char (at);
      if (at == start)
        {
          at = g_utf8_next_char (at);
          continue;
        }
      char *word = g_strndup (start, (gsize) (at - start));
      guint32 number = GPOINTER_TO_UINT (g_hash_table_lookup (known, word));
      if (number == 0)
        {
          number = g_hash_table_size (known) + 1;
          g_hash_table_insert (known, word, GUINT_TO_POINTER (number));
        }
      else
        g_free (word);
      g_array_append_val (numbers, number);
    }
  return numbers;
}

AssayWordErrors
assay_words_compare (const char *reference, const char *hypothesis)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) a = number_words (reference, known);
  g_autoptr (GArray) b = number_words (hypothesis, known);
  return compare_tokens ((const guint32 *) (gpointer) a->data, a->len, (const guint32 *) (gpointer) b->data,
                         b->len);
}

static gunichar *
stripped_characters (const char *text, guint *ret_n)
{
  while (*text != '\0' && g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  glong n = 0;
  gunichar *characters = g_utf8_to_ucs4_fast (text, -1, &n);
  while (n > 0 && g_unichar_isspace (characters[n - 1]))
    n--;
  *ret_n = (guint) n;
  return characters;
}

AssayWordErrors
assay_characters_compare (const char *reference, const char *hypothesis)
{
  guint n = 0, m = 0;
  g_autofree gunichar *a = stripped_characters (reference, &n);
  g_autofree gunichar *b = stripped_characters (hypothesis, &m);
  return compare_tokens (a, n, b, m);
}

static guint
edits_of (const AssayWordErrors *errors)
{
  return errors->substitutions + errors->deletions + errors->insertions;
}

double
assay_word_errors_wer (const AssayWordErrors *errors)
{
  guint words = errors->hits + errors->substitutions + errors->deletions;
  return (double) edits_of (errors) / MAX (words, 1);
}

double
assay_word_errors_mer (const AssayWordErrors *errors)
{
  guint edits = edits_of (errors);
  return edits == 0 ? 0 : (double) edits / (edits + errors->hits);
}
