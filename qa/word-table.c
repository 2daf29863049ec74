/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/word-table.h"

#include "qa/word-units.h"

#include <string.h>

const char *
assay_words_kind_to_text (AssayWordsKind kind)
{
  static const char *const words[] = { "word", "filler", "number", "casing", "punctuation", "tag", "segmentation" };
  return words[kind];
}

/* One text against the first. */
typedef struct
{
  GArray *words;   /* of AssayWordUnit */
  guint *kinds;    /* one a word */
  guint *place;    /* the word of the first text it stands under; or the one it is put in front of … */
  guint *inserted; /* … as the how-many-eth, from 1 on; 0 = it stands under a word */
} Row;

static void
row_clear (gpointer data)
{
  Row *row = data;
  g_array_unref (row->words);
  g_free (row->kinds);
  g_free (row->place);
  g_free (row->inserted);
}

static const AssayWordUnit *
unit (const Row *row, guint i)
{
  return &g_array_index (row->words, AssayWordUnit, i);
}

static guint
kinds_of_written (const AssayWordUnit *a, const AssayWordUnit *b)
{
  g_autofree char *low_a = g_utf8_casefold (a->text, -1), *low_b = g_utf8_casefold (b->text, -1);
  return (g_str_equal (a->bare, b->bare) ? 0 : 1u << ASSAY_WORDS_CASING)
         | (g_str_equal (low_a, low_b) ? 0 : 1u << ASSAY_WORDS_PUNCTUATION)
         | (a->begins == b->begins ? 0 : 1u << ASSAY_WORDS_SEGMENTATION);
}

/* A stretch [from, to) of one side, without tags and fillers. */
static char *
join (const Row *row, guint from, guint to, gboolean *ret_digits)
{
  GString *joined = g_string_new (NULL);
  *ret_digits = FALSE;
  for (guint i = from; i < to; i++)
    if (!unit (row, i)->tag && !unit (row, i)->filler)
      {
        g_string_append (joined, unit (row, i)->folded);
        *ret_digits |= unit (row, i)->digits;
      }
  return g_string_free (joined, FALSE);
}

/* What the words of one side are that have no partner: as qa/word-differences.c counts them. */
static void
mark_stretch (Row *row, guint from, guint to, const char *own, gboolean own_digits, const char *others,
              gboolean other_digits)
{
  gboolean cut = *own != '\0' && g_str_equal (own, others);
  gboolean number = *own != '\0' && *others != '\0' && own_digits != other_digits;
  for (guint i = from; i < to; i++)
    {
      const AssayWordUnit *word = unit (row, i);
      AssayWordsKind kind = word->tag                                 ? ASSAY_WORDS_TAG
                            : word->filler                            ? ASSAY_WORDS_FILLER
                            : cut                                     ? ASSAY_WORDS_SEGMENTATION
                            : number && (word->digits || !own_digits) ? ASSAY_WORDS_NUMBER
                                                                      : ASSAY_WORDS_WORD;
      row->kinds[i] |= 1u << kind;
    }
}

static void
place_stretch (Row *first, guint a_from, guint a_to, Row *row, guint b_from, guint b_to)
{
  gboolean digits_a, digits_b;
  g_autofree char *joined_a = join (first, a_from, a_to, &digits_a),
                  *joined_b = join (row, b_from, b_to, &digits_b);
  mark_stretch (first, a_from, a_to, joined_a, digits_a, joined_b, digits_b);
  mark_stretch (row, b_from, b_to, joined_b, digits_b, joined_a, digits_a);
  for (guint k = b_from; k < b_to; k++)
    {
      guint i = a_from + (k - b_from);
      row->place[k] = MIN (i, a_to);
      row->inserted[k] = i < a_to ? 0 : i - a_to + 1;
    }
}

static gboolean
place_words (Row *first, Row *row)
{
  g_autofree guint *partner = assay_word_units_align (first->words, row->words);
  guint a_from = 0, b_from = 0;
  if (partner == NULL)
    return FALSE;
  for (guint i = 0; i < first->words->len; i++)
    {
      if (partner[i] == G_MAXUINT)
        continue;
      guint j = partner[i], kinds = kinds_of_written (unit (first, i), unit (row, j));
      place_stretch (first, a_from, i, row, b_from, j);
      first->kinds[i] |= kinds;
      row->kinds[j] |= kinds;
      row->place[j] = i;
      a_from = i + 1;
      b_from = j + 1;
    }
  place_stretch (first, a_from, first->words->len, row, b_from, row->words->len);
  return TRUE;
}

static GArray *
split_rows (const char *const *const *texts, guint n_rows, const char *const *fillers)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (Row));
  g_array_set_clear_func (rows, row_clear);
  for (guint i = 0; i < n_rows; i++)
    {
      guint n = g_strv_length ((char **) texts[i]);
      Row row = { .words = assay_word_units_split (texts[i], n, fillers) };
      assay_word_units_number (row.words, known);
      row.kinds = g_new0 (guint, row.words->len + 1);
      row.place = g_new0 (guint, row.words->len + 1);
      row.inserted = g_new0 (guint, row.words->len + 1);
      for (guint k = 0; i == 0 && k < row.words->len; k++)
        row.place[k] = k;
      g_array_append_val (rows, row);
    }
  return rows;
}

/* columns[i]: that of word i of the first text, behind as many as any text puts in front of it. */
static guint *
number_columns (const GArray *rows, guint *ret_n)
{
  guint n = g_array_index (rows, Row, 0).words->len;
  guint *columns = g_new0 (guint, n + 1);
  for (guint r = 1; r < rows->len; r++)
    {
      const Row *row = &g_array_index (rows, Row, r);
      for (guint k = 0; k < row->words->len; k++)
        columns[row->place[k]] = MAX (columns[row->place[k]], row->inserted[k]);
    }
  for (guint i = 0, before = 0; i <= n; i++)
    {
      columns[i] += before;
      before = columns[i] + 1;
    }
  *ret_n = columns[n];
  return columns;
}

AssayWordTable *
assay_word_table_new (const char *const *const *texts, guint n_rows, const char *const *fillers)
{
  g_return_val_if_fail (n_rows > 0, NULL);
  g_autoptr (GArray) rows = split_rows (texts, n_rows, fillers);
  for (guint i = 1; i < n_rows; i++)
    if (!place_words (&g_array_index (rows, Row, 0), &g_array_index (rows, Row, i)))
      return NULL;
  g_autoptr (AssayWordTable) table = g_new0 (AssayWordTable, 1);
  g_autofree guint *columns = number_columns (rows, &table->n_columns);
  table->n_rows = n_rows;
  table->cells = g_new0 (AssayWordCell, (gsize) n_rows * table->n_columns + 1);
  g_autofree guint *n_before = g_new0 (guint, g_array_index (rows, Row, 0).words->len + 1);
  for (guint i = 0; i < g_array_index (rows, Row, 0).words->len; i++)
    n_before[i + 1] = columns[i] + 1; /* the first column behind word i */
  for (guint r = 0; r < n_rows; r++)
    {
      const Row *row = &g_array_index (rows, Row, r);
      for (guint k = 0; k < row->words->len; k++)
        {
          guint at = row->place[k];
          guint column = row->inserted[k] > 0 ? n_before[at] + row->inserted[k] - 1 : columns[at];
          AssayWordCell *cell = &table->cells[(gsize) r * table->n_columns + column];
          cell->text = g_strdup (unit (row, k)->text);
          cell->kinds = row->kinds[k];
        }
    }
  return g_steal_pointer (&table);
}

void
assay_word_table_free (AssayWordTable *table)
{
  if (table == NULL)
    return;
  for (gsize i = 0; i < (gsize) table->n_rows * table->n_columns; i++)
    g_free (table->cells[i].text);
  g_free (table->cells);
  g_free (table);
}

const AssayWordCell *
assay_word_table_get (const AssayWordTable *table, guint row, guint column)
{
  return &table->cells[(gsize) row * table->n_columns + column];
}
