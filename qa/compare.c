/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/compare.h"

#include <math.h>

guint
assay_kind_count_measures (const AssayKind *kind)
{
  guint n = 0;
  while (n < ASSAY_KIND_MAX_MEASURES && kind->measures[n].name != NULL)
    n++;
  return n;
}

static void
fill_undefined (double *values)
{
  for (guint i = 0; i < ASSAY_KIND_MAX_MEASURES; i++)
    values[i] = NAN;
}

static const AssayObject *
object_at (const AssayObjects *objects, guint index)
{
  return index == G_MAXUINT ? NULL : g_ptr_array_index (objects->list, index);
}

static int
compare_pairings (gconstpointer a, gconstpointer b)
{
  const AssayMatch *x = a, *y = b;
  int rank_x = x->a == G_MAXUINT ? 2 : x->b == G_MAXUINT;
  int rank_y = y->a == G_MAXUINT ? 2 : y->b == G_MAXUINT;
  if (rank_x != rank_y)
    return rank_x - rank_y;
  guint at_x = rank_x == 2 ? x->b : x->a, at_y = rank_y == 2 ? y->b : y->a;
  return (at_x > at_y) - (at_x < at_y);
}

AssayComparison *
assay_compare (const AssayObjects *a, const AssayObjects *b, const AssayTask *task)
{
  const AssayKind *kind = task->kind;
  AssayComparison *comparison = g_new0 (AssayComparison, 1);
  comparison->pairings = g_array_new (FALSE, FALSE, sizeof (AssayPairing));
  fill_undefined (comparison->values);
  if (kind->measure_whole != NULL)
    {
      comparison->whole = TRUE;
      if (!kind->measure_whole (a->list, b->list, task, comparison->values))
        fill_undefined (comparison->values);
    }
  g_autoptr (GArray) matches = assay_objects_match (a, b, task, kind->least_similarity);
  g_array_sort (matches, compare_pairings);
  for (guint i = 0; i < matches->len; i++)
    {
      const AssayMatch *match = &g_array_index (matches, AssayMatch, i);
      AssayPairing pairing = { object_at (a, match->a), object_at (b, match->b), NAN, { 0 } };
      fill_undefined (pairing.values);
      if (pairing.a != NULL && pairing.b != NULL)
        {
          pairing.similarity = match->similarity;
          assay_object_measure (pairing.a, pairing.b, task, pairing.values);
          comparison->matched++;
          comparison->same_class += assay_id_equal (&pairing.a->class_id, &pairing.b->class_id);
        }
      comparison->only_a += pairing.b == NULL;
      comparison->only_b += pairing.a == NULL;
      g_array_append_val (comparison->pairings, pairing);
    }
  return comparison;
}

void
assay_comparison_free (AssayComparison *comparison)
{
  if (comparison == NULL)
    return;
  g_array_unref (comparison->pairings);
  g_free (comparison);
}
