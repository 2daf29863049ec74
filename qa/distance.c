/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/distance.h"

#include "qa/difference.h"

#include <math.h>
#include <string.h>

/* A set's union in the making, and what both have of it. */
typedef struct
{
  double all, common;
} Overlap;

static double
distance_of (const Overlap *overlap)
{
  return overlap->all > 0 ? 1 - overlap->common / overlap->all : 0;
}

/* `index` of the object's class, or none. */
static void
count (Overlap *overlaps, guint n, guint index, double all, double common)
{
  if (index >= n)
    return;
  overlaps[index].all += all;
  overlaps[index].common += common;
}

static double
likeness (const AssayPairing *pairing)
{
  return isnan (pairing->similarity) ? 0 : CLAMP (pairing->similarity, 0, 1);
}

double
assay_answer_distance (const AssayComparison *comparison, const AssayTask *task)
{
  if (comparison->whole)
    {
      double alike = assay_comparison_likeness (comparison, task->kind);
      return isnan (alike) ? 0 : 1 - alike;
    }
  Overlap overlap = { 0 };
  for (guint i = 0; i < comparison->pairings->len; i++)
    {
      const AssayPairing *pairing = &g_array_index (comparison->pairings, AssayPairing, i);
      gboolean both = pairing->a != NULL && pairing->b != NULL;
      gboolean same = both && assay_id_equal (&pairing->a->class_id, &pairing->b->class_id);
      overlap.all += both && !same ? 2 : 1;
      overlap.common += same ? likeness (pairing) : 0;
    }
  return distance_of (&overlap);
}

void
assay_answer_class_distances (const AssayComparison *comparison, const AssayTask *task, double *ret_distances)
{
  guint n = task->classes->len;
  g_autofree Overlap *overlaps = g_new0 (Overlap, n + 1);
  for (guint i = 0; i < comparison->pairings->len; i++)
    {
      const AssayPairing *pairing = &g_array_index (comparison->pairings, AssayPairing, i);
      guint of_a = pairing->a != NULL ? assay_task_class_index (task, &pairing->a->class_id) : G_MAXUINT;
      guint of_b = pairing->b != NULL ? assay_task_class_index (task, &pairing->b->class_id) : G_MAXUINT;
      count (overlaps, n, of_a, 1, of_a == of_b ? likeness (pairing) : 0);
      if (of_b != of_a)
        count (overlaps, n, of_b, 1, 0);
    }
  for (guint c = 0; c < n; c++)
    ret_distances[c] = distance_of (&overlaps[c]);
}

void
assay_expected_clear (AssayExpected *expected)
{
  g_clear_pointer (&expected->by_class, g_free);
}

/* The answers of the sample, in the order of items. */
typedef struct
{
  const AssayAnswers *answers;
  const gboolean *kept;
  AssayObjects **objects; /* by place in answers->answers; NULL = not in it */
} Sample;

static void
take (const AssayLook *look, guint index, guint worker, gpointer data)
{
  const Sample *sample = data;
  guint first = g_array_index (sample->answers->items, AssayAnswered, index).first;
  for (guint i = 0; i < look->labels->len; i++)
    if (sample->kept[first + i])
      sample->objects[first + i]
          = assay_objects_copy (((const AssayLabel *) g_ptr_array_index (look->labels, i))->objects);
}

static guint
count_kept (const AssayAnswers *answers, const gboolean *kept, guint item)
{
  const AssayAnswered *answered = &g_array_index (answers->items, AssayAnswered, item);
  guint n = 0;
  for (guint i = 0; i < answered->n; i++)
    n += kept[answered->first + i];
  return n;
}

/* Places in the list of items, of those with two or more answers that count. */
static GArray *
draw_items (const AssayAnswers *answers, const gboolean *kept)
{
  g_autoptr (GArray) eligible = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n_answers = 0;
  for (guint i = 0; i < answers->items->len; i++)
    {
      guint n = count_kept (answers, kept, i);
      if (n < 2)
        continue;
      g_array_append_val (eligible, i);
      n_answers += n;
    }
  if (n_answers <= ASSAY_EXPECTED_ANSWERS)
    return g_steal_pointer (&eligible);
  GArray *drawn = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n = MAX (2, (guint) ((guint64) eligible->len * ASSAY_EXPECTED_ANSWERS / n_answers));
  for (guint i = 0; i < n; i++)
    g_array_append_val (drawn, g_array_index (eligible, guint, (guint64) i * eligible->len / n));
  return drawn;
}

gboolean
assay_expected_compute (AssayProject *project, const AssayTask *task, const AssayAnswers *answers,
                        const gboolean *kept, AssayProgress *progress, AssayExpected *ret_expected, GError **error)
{
  guint n_classes = task->classes->len, n_all = answers->answers->len;
  g_autoptr (GArray) items = draw_items (answers, kept);
  g_autofree double *distances = g_new0 (double, n_classes + 1);
  *ret_expected = (AssayExpected){ .whole = NAN, .by_class = g_new0 (double, n_classes + 1) };
  Sample sample = { answers, kept, g_new0 (AssayObjects *, n_all + 1) };
  gboolean ok = items->len == 0 || assay_walk (project, task, answers, items, take, &sample, progress, error);
  g_autoptr (GPtrArray) drawn = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_objects_free);
  for (guint i = 0; i < n_all; i++)
    if (sample.objects[i] != NULL)
      g_ptr_array_add (drawn, sample.objects[i]);
  g_free (sample.objects);
  double n_pairs = 0, sum = 0;
  for (guint i = 0; ok && i < drawn->len; i++)
    {
      ok = !assay_progress_stopped (progress, error);
      for (guint j = i + 1; j < drawn->len; j++)
        {
          g_autoptr (AssayComparison) comparison = assay_compare (drawn->pdata[i], drawn->pdata[j], task);
          sum += assay_answer_distance (comparison, task);
          assay_answer_class_distances (comparison, task, distances);
          for (guint c = 0; c < n_classes; c++)
            ret_expected->by_class[c] += distances[c];
          n_pairs++;
        }
    }
  ret_expected->n_answers = drawn->len;
  ret_expected->whole = n_pairs > 0 ? sum / n_pairs : NAN;
  for (guint c = 0; c < n_classes; c++)
    ret_expected->by_class[c] = n_pairs > 0 ? ret_expected->by_class[c] / n_pairs : NAN;
  return ok;
}
