/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/word-changes.h"

#include "qa/words.h"

#include <string.h>

#define MOST_CELLS 4000000 /* 2000 x 2000 words: some milliseconds */

static gboolean
same (const GPtrArray *a, guint i, const GPtrArray *b, guint j)
{
  return strcmp (g_ptr_array_index (a, i), g_ptr_array_index (b, j)) == 0;
}

/* length[i][j]: of the longest common subsequence of a from i and b from j. */
static guint16 *
measure_common (const GPtrArray *a, const GPtrArray *b)
{
  gsize stride = b->len + 1;
  guint16 *length = g_new0 (guint16, (a->len + 1) * stride);
  for (guint i = a->len; i-- > 0;)
    for (guint j = b->len; j-- > 0;)
      length[i * stride + j] = same (a, i, b, j) ? length[(i + 1) * stride + j + 1] + 1
                                                 : MAX (length[(i + 1) * stride + j], length[i * stride + j + 1]);
  return length;
}

static char *
quote (const GPtrArray *words, guint from, guint to)
{
  GString *text = g_string_new ("“");
  for (guint i = from; i < to; i++)
    g_string_append_printf (text, "%s%s", i > from ? " " : "", (char *) g_ptr_array_index (words, i));
  g_string_append (text, "”");
  return g_string_free (text, FALSE);
}

/* The words of one side, or of both where they stand against each other. */
static char *
tell (const GPtrArray *a, guint a_from, guint a_to, const char *name_a, const GPtrArray *b, guint b_from,
      guint b_to, const char *name_b)
{
  g_autofree char *of_a = quote (a, a_from, a_to), *of_b = quote (b, b_from, b_to);
  if (a_from == a_to)
    return g_strdup_printf ("%s only in %s", of_b, name_b);
  if (b_from == b_to)
    return g_strdup_printf ("%s only in %s", of_a, name_a);
  return g_strdup_printf ("%s against %s", of_a, of_b);
}

char *
assay_word_changes (const char *a_text, const char *b_text, const char *name_a, const char *name_b, guint most,
                    guint *ret_n)
{
  g_autoptr (GPtrArray) a = assay_words_split (a_text), b = assay_words_split (b_text);
  if (ret_n != NULL)
    *ret_n = 0;
  if ((guint64) (a->len + 1) * (b->len + 1) > MOST_CELLS || a->len > G_MAXUINT16 || b->len > G_MAXUINT16)
    return NULL;
  g_autofree guint16 *length = measure_common (a, b);
  gsize stride = b->len + 1;
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 0;
  for (guint i = 0, j = 0; i < a->len || j < b->len;)
    {
      if (i < a->len && j < b->len && same (a, i, b, j))
        {
          i++;
          j++;
          continue;
        }
      guint a_from = i, b_from = j;
      while ((i < a->len || j < b->len) && !(i < a->len && j < b->len && same (a, i, b, j)))
        {
          if (j == b->len || (i < a->len && length[(i + 1) * stride + j] >= length[i * stride + j + 1]))
            i++;
          else
            j++;
        }
      if (n++ >= most)
        continue;
      g_autofree char *change = tell (a, a_from, i, name_a, b, b_from, j, name_b);
      g_string_append_printf (text, "%s%s", n > 1 ? ", " : "", change);
    }
  if (n > most)
    g_string_append_printf (text, " and %u more", n - most);
  if (ret_n != NULL)
    *ret_n = n;
  return n > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
