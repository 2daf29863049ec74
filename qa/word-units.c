/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/word-units.h"

#include <string.h>

#define MOST_CELLS 25000000 /* 5000 x 5000 words that differ: 50 MB for a moment */

static const char *const usual_fillers[] = { "um",  "umm", "uh", "uhh", "uhm", "erm", "hm",  "hmm", "mm",
                                             "mmm", "mhm", "ah", "äh",  "ähm", "öh",  "öhm", NULL };

static void
word_clear (gpointer data)
{
  AssayWordUnit *word = data;
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
      AssayWordUnit *last = &g_array_index (words, AssayWordUnit, words->len - 1);
      char *both = g_strconcat (last->text, text, NULL);
      g_free (last->text);
      last->text = both;
      return;
    }
  AssayWordUnit word = { .text = g_strdup (text), .folded = g_utf8_casefold (bare, -1), .tag = tag };
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

GArray *
assay_word_units_split (const char *const *texts, guint n, const char *const *fillers)
{
  const char *const *known = fillers != NULL ? fillers : usual_fillers;
  GArray *words = g_array_new (FALSE, FALSE, sizeof (AssayWordUnit));
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
          finish_word (words, text, closing != NULL, begins, known);
          begins = FALSE;
        }
    }
  return words;
}

void
assay_word_units_number (GArray *words, GHashTable *known)
{
  for (guint i = 0; i < words->len; i++)
    {
      AssayWordUnit *word = &g_array_index (words, AssayWordUnit, i);
      word->number = GPOINTER_TO_UINT (g_hash_table_lookup (known, word->folded));
      if (word->number != 0)
        continue;
      word->number = g_hash_table_size (known) + 1;
      g_hash_table_insert (known, word->folded, GUINT_TO_POINTER (word->number));
    }
}

guint *
assay_word_units_align (const GArray *a, const GArray *b)
{
  const AssayWordUnit *of_a = (const AssayWordUnit *) (gpointer) a->data,
                      *of_b = (const AssayWordUnit *) (gpointer) b->data;
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
