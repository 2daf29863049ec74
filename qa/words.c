/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/words.h"

GPtrArray *
assay_words_split (const char *text)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  for (const char *at = text; *at != '\0';)
    {
      const char *start = at;
      while (*at != '\0' && !g_unichar_isspace (g_utf8_get_char (at)))
        at = g_utf8_next_char (at);
      if (at > start)
        g_ptr_array_add (words, g_strndup (start, (gsize) (at - start)));
      else
        at = g_utf8_next_char (at);
    }
  return words;
}

void
assay_vocabulary_init (AssayVocabulary *vocabulary)
{
  vocabulary->words = g_ptr_array_new_with_free_func (g_free);
  vocabulary->numbers = g_hash_table_new (g_str_hash, g_str_equal);
}

void
assay_vocabulary_clear (AssayVocabulary *vocabulary)
{
  g_clear_pointer (&vocabulary->numbers, g_hash_table_unref);
  g_clear_pointer (&vocabulary->words, g_ptr_array_unref);
}

GArray *
assay_vocabulary_number (AssayVocabulary *vocabulary, const char *text)
{
  g_autoptr (GPtrArray) words = assay_words_split (text);
  GArray *numbers = g_array_sized_new (FALSE, FALSE, sizeof (guint), words->len);
  for (guint i = 0; i < words->len; i++)
    {
      char *word = g_ptr_array_index (words, i);
      guint number = GPOINTER_TO_UINT (g_hash_table_lookup (vocabulary->numbers, word));
      if (number == 0)
        {
          char *kept = g_strdup (word);
          g_ptr_array_add (vocabulary->words, kept);
          number = vocabulary->words->len;
          g_hash_table_insert (vocabulary->numbers, kept, GUINT_TO_POINTER (number));
        }
      g_array_append_val (numbers, number);
    }
  return numbers;
}

const char *
assay_vocabulary_word (const AssayVocabulary *vocabulary, guint number)
{
  return g_ptr_array_index (vocabulary->words, number - 1);
}
