/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/word-align.h"

#include "qa/words.h"

#define ALONE 3 /* an insertion or a deletion */
#define INSTEAD 4
/* Cost and hits in one number: of equal costs more hits are less. */
#define COST (G_GINT64_CONSTANT (1) << 32)

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
  /* Cost, hits and both lengths fix the rest: cost = 4 S + 3 (n - H - S) + 3 (m - H - S). */
  gint64 cost = (row[b->len] + COST - 1) / COST, hits = cost * COST - row[b->len],
         substitutions = (ALONE * ((gint64) a->len + b->len - 2 * hits) - cost) / (2 * ALONE - INSTEAD);
  if (ret_cost != NULL)
    *ret_cost = (guint64) cost;
  return (AssayWordErrors){ (guint) hits, (guint) substitutions, (guint) (a->len - hits - substitutions),
                            (guint) (b->len - hits - substitutions) };
}
