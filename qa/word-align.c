/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/word-align.h"

#include "qa/words.h"

#include <string.h>

#define ALONE 3 /* an insertion or a deletion */
#define INSTEAD 4
/* Cost and hits in one number: of equal costs more hits are less. */
#define COST (G_GINT64_CONSTANT (1) << 32)

/* Cost, hits and both lengths fix the rest: cost = instead S + alone (n - H - S) + alone (m - H - S). */
static AssayWordErrors
from_hits (gint64 n, gint64 m, gint64 hits, gint64 cost, guint alone, guint instead)
{
  gint64 substitutions = (alone * (n + m - 2 * hits) - cost) / (2 * (gint64) alone - instead);
  return (AssayWordErrors){ (guint) hits, (guint) substitutions, (guint) (n - hits - substitutions),
                            (guint) (m - hits - substitutions) };
}

AssayWordErrors
assay_words_align (const char *reference, const char *hypothesis, guint64 *ret_cost)
{
  g_auto (AssayVocabulary) vocabulary = { 0 };
  assay_vocabulary_init (&vocabulary);
  g_autoptr (GArray) a = assay_vocabulary_number (&vocabulary, reference),
                     b = assay_vocabulary_number (&vocabulary, hypothesis);
  g_autofree gint64 *row = g_new (gint64, (gsize) b->len + 1);
  for (guint j = 0; j <= b->len; j++)
    row[j] = (gint64) j * ALONE * COST;
  for (guint i = 1; i <= a->len; i++)
    {
      gint64 diagonal = row[0];
      row[0] = (gint64) i * ALONE * COST;
      for (guint j = 1; j <= b->len; j++)
        {
          gboolean hit = g_array_index (a, guint, i - 1) == g_array_index (b, guint, j - 1);
          gint64 best = MIN (row[j], row[j - 1]) + ALONE * COST;
          best = MIN (best, diagonal + (hit ? -1 : INSTEAD * COST));
          diagonal = row[j];
          row[j] = best;
        }
    }
  gint64 cost = (row[b->len] + COST - 1) / COST, hits = cost * COST - row[b->len];
  if (ret_cost != NULL)
    *ret_cost = (guint64) cost;
  return from_hits (a->len, b->len, hits, cost, ALONE, INSTEAD);
}

#define MOST_STEPS 20000000

/* Of the cheapest ways to a cell: the cost, and in a set of bits how many hits they can have. */
typedef struct
{
  guint64 *costs, *hits; /* hits: `n_words` a cell */
  gsize n_words;
} Row;

static void
join_hits (const Row *row, guint to, const guint64 *from, gboolean one_more)
{
  guint64 *bits = row->hits + to * row->n_words, carry = 0;
  for (gsize w = 0; w < row->n_words; w++)
    {
      bits[w] |= one_more ? from[w] << 1 | carry : from[w];
      carry = from[w] >> 63;
    }
}

/* One row from the one above; `word` is that of the row, 0 for the first. */
static void
fill_row (const Row *row, const Row *above, guint word, const GArray *b, guint alone, guint instead)
{
  memset (row->hits, 0, ((gsize) b->len + 1) * row->n_words * sizeof (guint64));
  for (guint j = 0; j <= b->len; j++)
    {
      gboolean hit = word != 0 && j > 0 && g_array_index (b, guint, j - 1) == word;
      guint64 best = word == 0 && j == 0 ? 0 : G_MAXUINT64;
      if (word != 0)
        best = MIN (best, above->costs[j] + alone);
      if (j > 0)
        best = MIN (best, row->costs[j - 1] + alone);
      if (word != 0 && j > 0)
        best = MIN (best, above->costs[j - 1] + (hit ? 0 : instead));
      row->costs[j] = best;
      if (word == 0 && j == 0)
        row->hits[0] = 1;
      if (word != 0 && above->costs[j] + alone == best)
        join_hits (row, j, above->hits + j * above->n_words, FALSE);
      if (j > 0 && row->costs[j - 1] + alone == best)
        join_hits (row, j, row->hits + (j - 1) * row->n_words, FALSE);
      if (word != 0 && j > 0 && above->costs[j - 1] + (hit ? 0 : instead) == best)
        join_hits (row, j, above->hits + (j - 1) * above->n_words, hit);
    }
}

GArray *
assay_words_alignments (const char *reference, const char *hypothesis, guint alone, guint instead)
{
  g_auto (AssayVocabulary) vocabulary = { 0 };
  assay_vocabulary_init (&vocabulary);
  g_autoptr (GArray) a = assay_vocabulary_number (&vocabulary, reference),
                     b = assay_vocabulary_number (&vocabulary, hypothesis);
  gsize n_words = (gsize) MIN (a->len, b->len) / 64 + 1, n_cells = (gsize) b->len + 1;
  if ((guint64) a->len * n_cells > MOST_STEPS / n_words)
    return NULL;
  g_autofree guint64 *costs = g_new0 (guint64, 2 * n_cells), *hits = g_new0 (guint64, 2 * n_cells * n_words);
  Row rows[2] = { { costs, hits, n_words }, { costs + n_cells, hits + n_cells * n_words, n_words } };
  fill_row (&rows[0], NULL, 0, b, alone, instead);
  for (guint i = 1; i <= a->len; i++)
    fill_row (&rows[i % 2], &rows[(i - 1) % 2], g_array_index (a, guint, i - 1), b, alone, instead);
  const Row *last = &rows[a->len % 2];
  GArray *list = g_array_new (FALSE, FALSE, sizeof (AssayWordErrors));
  for (guint h = MIN (a->len, b->len) + 1; h-- > 0;)
    if (last->hits[b->len * n_words + h / 64] >> (h % 64) & 1)
      {
        AssayWordErrors errors = from_hits (a->len, b->len, h, (gint64) last->costs[b->len], alone, instead);
        g_array_append_val (list, errors);
      }
  return list;
}
