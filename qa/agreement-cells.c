/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two answers compared, and what a group takes from it. */
#include "qa/agreement-private.h"

#include <math.h>

void
assay_agreement_pair_clear (AssayAgreementPair *pair)
{
  for (guint i = 0; pair->gauged != NULL && i < pair->comparison->pairings->len; i++)
    g_clear_pointer (&pair->gauged[i], g_array_unref);
  g_clear_pointer (&pair->gauged, g_free);
  g_clear_pointer (&pair->comparison, assay_comparison_free);
  g_clear_pointer (&pair->whole, g_array_unref);
  g_clear_pointer (&pair->pixels, g_array_unref);
  g_clear_pointer (&pair->class_distances, g_free);
}
static void
gauge (AssayAgreementPair *pair, const AssayObjects *a, const AssayObjects *b)
{
  const AssayAgreementPlan *plan = pair->plan;
  const AssayTask *task = pair->look->task;
  GArray *pairings = pair->comparison->pairings;
  pair->whole = assay_figures_new ();
  pair->pixels = g_array_new (FALSE, FALSE, sizeof (AssayClassCount));
  pair->class_distances = g_new0 (double, task->classes->len + 1);
  pair->distance = assay_answer_distance (pair->comparison, task);
  assay_answer_class_distances (pair->comparison, task, pair->class_distances);
  if (plan->gauge == NULL)
    return;
  pair->gauged = g_new0 (GArray *, pairings->len + 1);
  for (guint i = 0; plan->gauge->measure != NULL && i < pairings->len; i++)
    {
      const AssayPairing *pairing = &g_array_index (pairings, AssayPairing, i);
      if (pairing->a == NULL || pairing->b == NULL)
        continue;
      pair->gauged[i] = assay_figures_new ();
      plan->gauge->measure (plan->loaded, pair->look, pairing, pair->gauged[i]);
    }
  if (plan->gauge->measure_whole != NULL)
    plan->gauge->measure_whole (plan->loaded, pair->look, a, b, pair->whole);
  if (!assay_gauge_count_pixels (plan->gauge, pair->look, a, b, pair->pixels))
    g_array_set_size (pair->pixels, 0);
}

void
assay_agreement_pair_init (AssayAgreementPair *pair, const AssayAgreementPlan *plan, const AssayLook *look, guint a,
                           guint b)
{
  const AssayObjects *one = ((const AssayLabel *) look->labels->pdata[a])->objects;
  const AssayObjects *other = ((const AssayLabel *) look->labels->pdata[b])->objects;
  *pair = (AssayAgreementPair){
    plan, look, a, b, assay_kind_count_measures (look->task->kind), assay_compare (one, other, look->task)
  };
  if (plan->all_figures)
    gauge (pair, one, other);
}

AssayAgreementCell *
assay_agreement_cell_new (const char *key, const char *title)
{
  AssayAgreementCell *cell = g_new0 (AssayAgreementCell, 1);
  cell->key = g_strdup (key);
  cell->title = g_strdup (title != NULL ? title : key);
  cell->figures = assay_figures_new ();
  cell->classes = g_array_new (FALSE, FALSE, sizeof (AssayClassCount));
  cell->pixels = g_array_new (FALSE, FALSE, sizeof (AssayClassCount));
  cell->confusion = g_array_new (FALSE, FALSE, sizeof (AssayClassCount));
  return cell;
}

void
assay_agreement_cell_free (gpointer data)
{
  AssayAgreementCell *cell = data;
  if (cell == NULL)
    return;
  g_free (cell->key);
  g_free (cell->title);
  g_array_unref (cell->figures);
  g_array_unref (cell->classes);
  g_array_unref (cell->pixels);
  g_array_unref (cell->confusion);
  g_free (cell);
}

void
assay_agreement_cell_add_values (AssayAgreementCell *cell, const AssayAgreementPair *pair, const double *values)
{
  const AssayMeasureDef *own = pair->look->task->kind->measures;
  for (guint m = 0; m < pair->n_own; m++)
    assay_figures_add (cell->figures, &own[m], 0, values[m], 1);
}

void
assay_agreement_cell_add_objects (AssayAgreementCell *cell, guint matched, guint missing, guint extra,
                                  guint same_class)
{
  cell->matched += matched;
  cell->missing += missing;
  cell->extra += extra;
  assay_figures_add (cell->figures, &assay_agreement_common[FOUND_BY_BOTH], 0, 2.0 * matched,
                     2.0 * matched + missing + extra);
  assay_figures_add (cell->figures, &assay_agreement_common[SAME_CLASS], 0, same_class, matched);
}

/* Who called what what. Tags of one item are a set: with several the pairs that matching makes of them mean
 * nothing. */
static void
add_classes_called (AssayAgreementCell *cell, const AssayAgreementPair *pair, double weight)
{
  const AssayTask *task = pair->look->task;
  const AssayComparison *comparison = pair->comparison;
  guint n = task->classes->len;
  gboolean is_set = comparison->whole && comparison->pairings->len > 1;
  for (guint i = 0; i < comparison->pairings->len; i++)
    {
      const AssayPairing *pairing = &g_array_index (comparison->pairings, AssayPairing, i);
      guint of_a = pairing->a != NULL ? assay_task_class_index (task, &pairing->a->class_id) : n;
      guint of_b = pairing->b != NULL ? assay_task_class_index (task, &pairing->b->class_id) : n;
      if (of_a == G_MAXUINT || of_b == G_MAXUINT)
        continue;
      assay_class_counts_add (cell->confusion, MIN (of_a, of_b), MAX (of_a, of_b), 1);
      if (pair->plan->all_figures && of_a < n && of_b < n && !is_set)
        assay_class_counts_add (cell->classes, of_a, of_b, weight / 2);
    }
}

double
assay_agreement_weight (guint n_answers)
{
  return n_answers > 1 ? 2.0 / (n_answers - 1) : 2;
}

static void
add_all_figures (AssayAgreementCell *cell, const AssayAgreementPair *pair, guint n_answers)
{
  const AssayComparison *comparison = pair->comparison;
  double weight = assay_agreement_weight (n_answers);
  for (guint i = 0; pair->gauged != NULL && i < comparison->pairings->len; i++)
    if (pair->gauged[i] != NULL)
      assay_figures_merge (cell->figures, pair->gauged[i]);
  assay_figures_merge (cell->figures, pair->whole);
  assay_figures_add (cell->figures, &assay_agreement_alpha, 0, weight * pair->distance, weight);
  for (guint i = 0; i < pair->pixels->len; i++)
    {
      const AssayClassCount *count = &g_array_index (pair->pixels, AssayClassCount, i);
      assay_class_counts_add (cell->pixels, count->a, count->b, count->n * weight / 2);
    }
  cell->incomplete = cell->incomplete || (n_answers > 2 && comparison->only_a + comparison->only_b > 0);
}

const AssayAnnotator *
assay_agreement_annotator (const AssayAgreementPair *pair, guint index)
{
  return pair->look->annotators->pdata[index];
}

void
assay_agreement_cell_add (AssayAgreementCell *cell, const AssayAgreementPair *pair, gboolean swapped,
                          guint n_answers)
{
  const AssayComparison *comparison = pair->comparison;
  if (comparison->whole)
    assay_agreement_cell_add_values (cell, pair, comparison->values);
  for (guint i = 0; !comparison->whole && i < comparison->pairings->len; i++)
    assay_agreement_cell_add_values (cell, pair, g_array_index (comparison->pairings, AssayPairing, i).values);
  guint missing = swapped ? comparison->only_a : comparison->only_b;
  guint extra = swapped ? comparison->only_b : comparison->only_a;
  assay_agreement_cell_add_objects (cell, comparison->matched, missing, extra, comparison->same_class);
  cell->both_empty += comparison->matched + missing + extra == 0;
  gint64 first = assay_agreement_annotator (pair, pair->a)->row,
         second = assay_agreement_annotator (pair, pair->b)->row;
  cell->more_than_two
      = cell->more_than_two || (cell->first != 0 && (cell->first != first || cell->second != second));
  cell->first = first;
  cell->second = second;
  add_classes_called (cell, pair, assay_agreement_weight (n_answers));
  if (pair->plan->all_figures)
    add_all_figures (cell, pair, n_answers);
}
