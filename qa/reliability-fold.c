/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Items' scores added up by person. */
#include "qa/distance.h"
#include "qa/reliability-private.h"

#include <math.h>

static AssayReliabilityColumn *
column_new (const AssayMeasureDef *def, GQuark part, gboolean is_share)
{
  AssayReliabilityColumn *column = g_new0 (AssayReliabilityColumn, 1);
  *column = (AssayReliabilityColumn){ def, part, is_share, g_array_new (FALSE, FALSE, sizeof (double)),
                                      g_array_new (FALSE, FALSE, sizeof (double)) };
  return column;
}

void
assay_reliability_column_free (gpointer data)
{
  AssayReliabilityColumn *column = data;
  g_array_unref (column->sums);
  g_array_unref (column->counts);
  g_free (column);
}

void
assay_reliability_column_add (GPtrArray *columns, const AssayMeasureDef *def, GQuark part, gboolean is_share,
                              double sum, double count)
{
  AssayReliabilityColumn *column = NULL;
  if (!(count > 0) || isnan (sum))
    return;
  for (guint i = 0; i < columns->len && column == NULL; i++)
    {
      AssayReliabilityColumn *one = columns->pdata[i];
      if (one->def == def && one->part == part)
        column = one;
    }
  if (column == NULL)
    g_ptr_array_add (columns, column = column_new (def, part, is_share));
  g_array_append_val (column->sums, sum);
  g_array_append_val (column->counts, count);
}

static AssayReliabilityGathering *
gathering_new (guint n_classes)
{
  AssayReliabilityGathering *gathering = g_new0 (AssayReliabilityGathering, 1);
  gathering->columns = g_ptr_array_new_with_free_func (assay_reliability_column_free);
  gathering->classes = g_new0 (GPtrArray *, n_classes + 1);
  gathering->confusion = g_array_new (FALSE, FALSE, sizeof (AssayClassCount));
  return gathering;
}

static void
gathering_free (AssayReliabilityGathering *gathering, guint n_classes)
{
  if (gathering == NULL)
    return;
  for (guint c = 0; c < n_classes; c++)
    g_clear_pointer (&gathering->classes[c], g_ptr_array_unref);
  g_free (gathering->classes);
  g_ptr_array_unref (gathering->columns);
  g_array_unref (gathering->confusion);
  g_free (gathering);
}

static AssayReliabilityGathered *
gathered_new (const AssayAnnotator *annotator)
{
  AssayReliabilityGathered *gathered = g_new0 (AssayReliabilityGathered, 1);
  AssayReliabilityPerson *person = gathered->person = g_new0 (AssayReliabilityPerson, 1);
  person->annotator = g_new0 (AssayAnnotator, 1);
  *person->annotator
      = (AssayAnnotator){ annotator->row, annotator->id, g_strdup (annotator->name), annotator->kind };
  gathered->columns = g_ptr_array_new_with_free_func (assay_reliability_column_free);
  gathered->samples = g_array_new (FALSE, FALSE, sizeof (AssayReliabilitySample));
  return gathered;
}

AssayReliabilityFold *
assay_reliability_fold_new (const AssayReliabilityPlan *plan, const GPtrArray *annotators)
{
  AssayReliabilityFold *fold = g_new0 (AssayReliabilityFold, 1);
  fold->plan = plan;
  fold->people = g_ptr_array_new ();
  fold->said = g_array_new (FALSE, FALSE, sizeof (AssaySaid));
  fold->apart_sums = g_array_new (FALSE, FALSE, sizeof (double));
  fold->apart_weights = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < annotators->len; i++)
    g_ptr_array_add (fold->people, gathered_new (annotators->pdata[i]));
  return fold;
}

/* The persons themselves are handed over when it is finished. */
void
assay_reliability_fold_free (AssayReliabilityFold *fold)
{
  if (fold == NULL)
    return;
  for (guint i = 0; i < fold->people->len; i++)
    {
      AssayReliabilityGathered *gathered = fold->people->pdata[i];
      for (guint a = 0; a < ASSAY_AGAINST_N; a++)
        gathering_free (gathered->against[a], fold->plan->task->classes->len);
      if (gathered->person != NULL)
        {
          assay_annotator_free (gathered->person->annotator);
          g_free (gathered->person);
        }
      g_ptr_array_unref (gathered->columns);
      g_array_unref (gathered->samples);
      g_free (gathered);
    }
  g_ptr_array_unref (fold->people);
  g_array_unref (fold->said);
  g_array_unref (fold->apart_sums);
  g_array_unref (fold->apart_weights);
  g_free (fold);
}

guint
assay_reliability_fold_place (const AssayReliabilityFold *fold, gint64 annotator_row)
{
  for (guint i = 0; i < fold->people->len; i++)
    if (((const AssayReliabilityGathered *) fold->people->pdata[i])->person->annotator->row == annotator_row)
      return i;
  return G_MAXUINT;
}

static GPtrArray *
class_columns (AssayReliabilityGathering *gathering, guint class)
{
  if (gathering->classes[class] == NULL)
    gathering->classes[class] = g_ptr_array_new_with_free_func (assay_reliability_column_free);
  return gathering->classes[class];
}

/* Of each class of the reference how much was found, and of each class said how much was so. */
static void
add_classes (AssayReliabilityGathering *gathering, const AssayReliabilityScore *score, const AssayTask *task)
{
  guint n = task->classes->len;
  g_autofree double *true_n = g_new0 (double, n + 1), *said_n = g_new0 (double, n + 1),
                    *same = g_new0 (double, n + 1);
  for (guint i = 0; i < score->confusion->len; i++)
    {
      const AssayClassCount *count = &g_array_index (score->confusion, AssayClassCount, i);
      assay_class_counts_add (gathering->confusion, count->a, count->b, count->n);
      true_n[count->a] += count->n;
      said_n[count->b] += count->n;
      same[count->a] += count->a == count->b ? count->n : 0;
    }
  for (guint c = 0; c < n; c++)
    {
      if (true_n[c] + said_n[c] == 0)
        continue;
      GPtrArray *columns = class_columns (gathering, c);
      assay_reliability_column_add (columns, &assay_reliability_found, 0, TRUE, same[c], true_n[c]);
      assay_reliability_column_add (columns, &assay_reliability_precise, 0, TRUE, same[c], said_n[c]);
    }
  for (guint i = 0; i < score->headlines->len; i++)
    {
      const AssayReliabilityHeadline *one = &g_array_index (score->headlines, AssayReliabilityHeadline, i);
      assay_reliability_column_add (class_columns (gathering, one->class), &task->kind->measures[0], 0, FALSE,
                                    one->sum, one->count);
    }
}

static void
add_score (AssayReliabilityGathering *gathering, const AssayReliabilityScore *score, const AssayTask *task)
{
  gathering->items++;
  assay_reliability_column_add (gathering->columns, &assay_reliability_right, 0, TRUE, score->right, score->n);
  assay_reliability_column_add (gathering->columns, &assay_reliability_likeness, 0, FALSE, score->likeness,
                                score->n);
  for (guint i = 0; i < score->figures->len; i++)
    {
      const AssayFigure *figure = &g_array_index (score->figures, AssayFigure, i);
      gboolean is_share = figure->def == &assay_reliability_found || figure->def == &assay_reliability_precise;
      assay_reliability_column_add (gathering->columns, figure->def, figure->part, is_share, figure->sum,
                                    figure->count);
    }
  add_classes (gathering, score, task);
}

static void
add_answer (AssayReliabilityFold *fold, AssayReliabilityGathered *gathered, const AssayReliabilityAnswer *answer)
{
  const AssayTask *task = fold->plan->task;
  AssayReliabilitySample sample = { .made_us = answer->made_us, .seconds_each = NAN };
  gathered->person->answers++;
  for (guint a = 0; a < ASSAY_AGAINST_N; a++)
    {
      const AssayReliabilityScore *score = answer->scores[a];
      sample.likeness[a] = score != NULL ? score->likeness / score->n : NAN;
      if (score == NULL)
        continue;
      if (gathered->against[a] == NULL)
        gathered->against[a] = gathering_new (task->classes->len);
      add_score (gathered->against[a], score, task);
    }
  assay_reliability_column_add (gathered->columns, &assay_reliability_sensitivity, 0, FALSE, answer->sensitivity,
                                answer->n_staple);
  assay_reliability_column_add (gathered->columns, &assay_reliability_specificity, 0, FALSE, answer->specificity,
                                answer->n_staple);
  if (answer->seconds > 0)
    {
      sample.seconds_each = answer->seconds / MAX (1, answer->n_objects);
      gathered->person->simulated = gathered->person->simulated || answer->simulated;
    }
  g_array_append_val (gathered->samples, sample);
}

/* Sums of the distances of all pairs that count, each weighed so that m answers count m; without answer `left_out`.
 */
static void
sum_distances (const AssayReliabilitySlot *slot, guint left_out, double *ret_sum, double *ret_weight)
{
  guint m = 0;
  double sum = 0;
  for (guint i = 0; i < slot->n; i++)
    {
      if (i == left_out || !slot->answers[i].counts)
        continue;
      m++;
      for (guint j = 0; j < i; j++)
        if (j != left_out && slot->answers[j].counts)
          sum += slot->distances[i * slot->n + j];
    }
  *ret_sum = m >= 2 ? sum * 2 / (m - 1) : 0;
  *ret_weight = m >= 2 ? m : 0;
}

static void
add_distances (AssayReliabilityFold *fold, const AssayReliabilitySlot *slot)
{
  double sum, weight;
  sum_distances (slot, G_MAXUINT, &sum, &weight);
  if (weight == 0)
    return;
  for (guint p = 0; p <= fold->people->len; p++)
    {
      double part = sum, part_weight = weight;
      for (guint i = 0; p > 0 && i < slot->n; i++)
        if (assay_reliability_fold_place (fold, slot->answers[i].annotator_row) == p - 1)
          sum_distances (slot, i, &part, &part_weight);
      g_array_append_val (fold->apart_sums, part);
      g_array_append_val (fold->apart_weights, part_weight);
    }
}

void
assay_reliability_fold_add (AssayReliabilityFold *fold, const AssayReliabilitySlot *slot)
{
  for (guint i = 0; i < slot->n; i++)
    {
      guint place = assay_reliability_fold_place (fold, slot->answers[i].annotator_row);
      if (place != G_MAXUINT)
        add_answer (fold, fold->people->pdata[place], &slot->answers[i]);
    }
  add_distances (fold, slot);
  for (guint i = 0; i < slot->said->len; i++)
    {
      AssaySaid said = g_array_index (slot->said, AssaySaid, i);
      said.rater = assay_reliability_fold_place (fold, slot->answers[said.rater].annotator_row);
      said.thing += fold->n_things;
      if (said.rater != G_MAXUINT)
        g_array_append_val (fold->said, said);
    }
  fold->n_things += slot->n_things;
}
