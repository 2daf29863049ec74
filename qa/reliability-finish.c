/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums become figures with n and a 95 % interval. */
#include "qa/bootstrap.h"
#include "qa/reliability-private.h"
#include "qa/share.h"

#include <math.h>
#include <string.h>

const AssayMeasureDef assay_reliability_right = { "right", "Right", "", TRUE },
                      assay_reliability_likeness = { "likeness", "Likeness", "", TRUE },
                      assay_reliability_found = { "found", "Found", "", TRUE },
                      assay_reliability_precise = { "precise", "Of what was said", "", TRUE },
                      assay_reliability_sensitivity = { "sensitivity", "Sensitivity (STAPLE)", "", TRUE },
                      assay_reliability_specificity = { "specificity", "Specificity (STAPLE)", "", TRUE };
static const AssayMeasureDef skill = { "skill", "Skill (Dawid-Skene)", "", TRUE },
                             believed = { "believed", "Believed (Dawid-Skene)", "", TRUE },
                             alpha = { "alpha", "Alpha (distance)", "", TRUE },
                             alpha_gain = { "alpha_gain", "Alpha gained without", "", FALSE };

AssayAgreementMeasure
assay_reliability_measure_new (const AssayMeasureDef *def)
{
  return (AssayAgreementMeasure){ .name = def->name,
                                  .title = def->title,
                                  .unit = def->unit,
                                  .higher_is_better = def->higher_is_better,
                                  .value = NAN,
                                  .low = NAN,
                                  .high = NAN,
                                  .sum = NAN };
}

static AssaySha256
seed_of (const char *name, const GArray *sums, const GArray *counts)
{
  g_autoptr (AssaySha256Stream) stream = assay_sha256_stream_new ();
  AssaySha256 seed;
  assay_sha256_stream_add (stream, name, strlen (name) + 1);
  assay_sha256_stream_add (stream, sums->data, sums->len * sizeof (double));
  assay_sha256_stream_add (stream, counts->data, counts->len * sizeof (double));
  assay_sha256_stream_finish (stream, &seed);
  return seed;
}

static AssayAgreementMeasure
measure_column (const AssayReliabilityColumn *column)
{
  AssayAgreementMeasure measure = assay_reliability_measure_new (column->def);
  const double *sums = (const double *) (gpointer) column->sums->data,
               *counts = (const double *) (gpointer) column->counts->data;
  double sum = 0, count = 0;
  for (guint i = 0; i < column->sums->len; i++)
    {
      sum += sums[i];
      count += counts[i];
    }
  measure.part = column->part != 0 ? g_quark_to_string (column->part) : NULL;
  measure.sum = sum;
  measure.n = (guint64) rint (count);
  measure.items = column->sums->len;
  measure.value = count > 0 ? sum / count : NAN;
  /* What stands in one picture is not independent: the items are what was drawn. */
  if (column->is_share)
    assay_share_interval_of (measure.value, column->sums->len, &measure.low, &measure.high);
  else
    {
      AssaySha256 seed = seed_of (column->def->name, column->sums, column->counts);
      assay_bootstrap_ratio (sums, counts, column->sums->len, &seed, &measure.low, &measure.high);
    }
  return measure;
}

static int
compare_defs (gconstpointer a, gconstpointer b)
{
  static const AssayMeasureDef *const first[] = { &assay_reliability_right, &assay_reliability_likeness,
                                                  &assay_reliability_found, &assay_reliability_precise };
  const AssayReliabilityColumn *x = *(AssayReliabilityColumn *const *) a, *y = *(AssayReliabilityColumn *const *) b;
  guint of_x = 0, of_y = 0;
  while (of_x < G_N_ELEMENTS (first) && first[of_x] != x->def)
    of_x++;
  while (of_y < G_N_ELEMENTS (first) && first[of_y] != y->def)
    of_y++;
  if (of_x != of_y)
    return of_x < of_y ? -1 : 1;
  int by_name = strcmp (x->def->name, y->def->name);
  return by_name != 0 ? by_name : g_strcmp0 (g_quark_to_string (x->part), g_quark_to_string (y->part));
}

GArray *
assay_reliability_measure_columns (const GPtrArray *columns)
{
  GArray *measures = g_array_new (FALSE, FALSE, sizeof (AssayAgreementMeasure));
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  for (guint i = 0; i < columns->len; i++)
    g_ptr_array_add (sorted, columns->pdata[i]);
  g_ptr_array_sort (sorted, compare_defs);
  for (guint i = 0; i < sorted->len; i++)
    {
      AssayAgreementMeasure measure = measure_column (sorted->pdata[i]);
      g_array_append_val (measures, measure);
    }
  return measures;
}

static void
class_free (gpointer data)
{
  AssayReliabilityClass *class = data;
  g_array_unref (class->measures);
  g_free (class);
}

static AssayReliabilityClass *
class_new (guint index, GArray *take_measures)
{
  AssayReliabilityClass *class = g_new0 (AssayReliabilityClass, 1);
  *class = (AssayReliabilityClass){ index, take_measures };
  return class;
}

static int
compare_cells (gconstpointer a, gconstpointer b)
{
  const AssayReliabilityCell *x = a, *y = b;
  return x->truth != y->truth ? (x->truth < y->truth ? -1 : 1) : (x->said > y->said) - (x->said < y->said);
}

static AssayReliabilityAgainst *
finish_against (const AssayReliabilityGathering *gathering, guint n_classes)
{
  AssayReliabilityAgainst *against = g_new0 (AssayReliabilityAgainst, 1);
  against->items = gathering->items;
  against->measures = assay_reliability_measure_columns (gathering->columns);
  against->classes = g_ptr_array_new_with_free_func (class_free);
  against->confusion = g_array_new (FALSE, FALSE, sizeof (AssayReliabilityCell));
  for (guint c = 0; c < n_classes; c++)
    if (gathering->classes[c] != NULL)
      g_ptr_array_add (against->classes, class_new (c, assay_reliability_measure_columns (gathering->classes[c])));
  for (guint i = 0; i < gathering->confusion->len; i++)
    {
      const AssayClassCount *count = &g_array_index (gathering->confusion, AssayClassCount, i);
      AssayReliabilityCell cell = { count->a, count->b, (guint64) rint (count->n) };
      g_array_append_val (against->confusion, cell);
    }
  g_array_sort (against->confusion, compare_cells);
  return against;
}

/* Dawid and Skene: of each vote how likely it is the truth. */
static void
tell_skill (const AssayReliabilityFold *fold)
{
  guint n_classes = fold->plan->task->classes->len;
  g_autoptr (AssayClassVotes) votes = assay_class_votes_new (fold->said, n_classes);
  g_autoptr (AssayDawidSkene) skene = assay_class_votes_weigh (votes, fold->people->len);
  if (skene == NULL)
    return;
  for (guint p = 0; p < fold->people->len; p++)
    {
      AssayReliabilityPerson *person = ((AssayReliabilityGathered *) fold->people->pdata[p])->person;
      AssayAgreementMeasure measure = assay_reliability_measure_new (&skill);
      for (guint i = 0; i < votes->votes->len; i++)
        measure.n += g_array_index (votes->votes, AssayVote, i).rater == p;
      if (measure.n == 0)
        continue;
      measure.items = measure.n;
      measure.value = skene->skill[p];
      measure.sum = measure.value * (double) measure.n;
      assay_share_interval_of (measure.value, (double) measure.n, &measure.low, &measure.high);
      g_array_append_val (person->measures, measure);
      for (guint c = 0; c < n_classes; c++)
        {
          double weight = assay_dawid_skene_weight (skene, p, c);
          AssayAgreementMeasure one = assay_reliability_measure_new (&believed);
          one.value = assay_dawid_skene_confusion (skene, p, c, c);
          one.n = one.items = (guint64) rint (weight);
          if (one.n == 0 || isnan (one.value))
            continue;
          one.sum = one.value * weight;
          assay_share_interval_of (one.value, weight, &one.low, &one.high);
          GArray *measures = g_array_new (FALSE, FALSE, sizeof one);
          g_array_append_val (measures, one);
          g_ptr_array_add (person->classes, class_new (c, measures));
        }
    }
}

/* One row an item: of all, then without each person. */
typedef struct
{
  const double *sums, *weights, *expected;
  guint stride, place; /* place 0: alpha itself; else what it gains without */
} Alpha;

static double
alpha_of (const guint *drawn, guint n, const Alpha *data, guint place)
{
  double sum = 0, weight = 0;
  for (guint i = 0; i < n; i++)
    {
      gsize at = (gsize) drawn[i] * data->stride + place;
      sum += data->sums[at];
      weight += data->weights[at];
    }
  return weight > 0 && data->expected[place] > 0 ? 1 - sum / weight / data->expected[place] : NAN;
}

static double
alpha_figure (const guint *drawn, guint n, gconstpointer data)
{
  const Alpha *one = data;
  double all = alpha_of (drawn, n, one, 0);
  return one->place == 0 ? all : alpha_of (drawn, n, one, one->place) - all;
}

static AssayAgreementMeasure
tell_alpha (const AssayReliabilityFold *fold, const double *expected, guint place)
{
  AssayAgreementMeasure measure = assay_reliability_measure_new (place == 0 ? &alpha : &alpha_gain);
  guint stride = fold->people->len + 1, n = fold->apart_sums->len / stride;
  Alpha data = { (const double *) (gpointer) fold->apart_sums->data,
                 (const double *) (gpointer) fold->apart_weights->data, expected, stride, place };
  g_autofree guint *all = g_new (guint, n + 1);
  for (guint i = 0; i < n; i++)
    {
      all[i] = i;
      measure.n += (guint64) rint (data.weights[(gsize) i * stride + place]);
      measure.items += data.weights[(gsize) i * stride + place] > 0;
    }
  measure.value = n > 0 ? alpha_figure (all, n, &data) : NAN;
  if (isnan (measure.value))
    return measure;
  AssaySha256 seed = seed_of (measure.name, fold->apart_sums, fold->apart_weights);
  assay_bootstrap (n, &seed, alpha_figure, &data, &measure.low, &measure.high);
  return measure;
}

void
assay_reliability_fold_finish (AssayReliabilityFold *fold, const double *expected, AssayReliability *reliability)
{
  for (guint i = 0; i < fold->people->len; i++)
    {
      AssayReliabilityGathered *gathered = fold->people->pdata[i];
      AssayReliabilityPerson *person = gathered->person;
      person->measures = assay_reliability_measure_columns (gathered->columns);
      person->classes = g_ptr_array_new_with_free_func (class_free);
      for (guint a = 0; a < ASSAY_AGAINST_N; a++)
        if (gathered->against[a] != NULL)
          person->against[a] = finish_against (gathered->against[a], fold->plan->task->classes->len);
      assay_reliability_tell_trends (gathered);
      AssayAgreementMeasure gain = tell_alpha (fold, expected, i + 1);
      if (!isnan (gain.value))
        g_array_append_val (person->measures, gain);
    }
  reliability->alpha = tell_alpha (fold, expected, 0);
  tell_skill (fold);
  for (guint i = 0; i < fold->people->len; i++)
    g_ptr_array_add (reliability->people,
                     g_steal_pointer (&((AssayReliabilityGathered *) fold->people->pdata[i])->person));
}
