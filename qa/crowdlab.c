/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/crowdlab.h"

#include "core/error.h"
#include "qa/label-scores.h"
#include "qa/majority.h"

#include <math.h>
#include <string.h>

#define LEAST 1e-6 /* of a weight and of an error: nobody is perfect or of no use */

typedef struct
{
  const int *labels;
  const double *probabilities;
  AssayCrowdlab *crowdlab;
} Work;

static int
label_of (const Work *work, guint item, guint annotator)
{
  return work->labels[(gsize) item * work->crowdlab->n_annotators + annotator];
}

/* Sums and their count, so that a mean of nothing is NaN. */
typedef struct
{
  double sum, n;
} Mean;

static double
mean_value (const Mean *mean)
{
  return mean->n > 0 ? mean->sum / mean->n : NAN;
}

/* Of an annotator with the others on the items they share; NaN without one. */
static double
agree_with_others (const Work *work, guint annotator)
{
  Mean mean = { 0, 0 };
  for (guint i = 0; i < work->crowdlab->n_items; i++)
    {
      int label = label_of (work, i, annotator);
      if (label < 0)
        continue;
      for (guint a = 0; a < work->crowdlab->n_annotators; a++)
        if (a != annotator && label_of (work, i, a) >= 0)
          {
            mean.sum += label_of (work, i, a) == label;
            mean.n++;
          }
    }
  return mean_value (&mean);
}

/* What follows from the consensus about the whole: how often it is agreed with, how often the commonest class and
 * the model miss it; over items with several labels. */
typedef struct
{
  Mean agreement, model_error;
  double commonest_error;
} Overall;

static Overall
look_overall (const Work *work)
{
  const AssayCrowdlab *crowdlab = work->crowdlab;
  guint k = crowdlab->n_classes;
  Overall overall = { { 0, 0 }, { 0, 0 }, 0 };
  g_autofree double *n = g_new0 (double, k);
  double commonest = 0;
  for (guint i = 0; i < crowdlab->n_items; i++)
    {
      if (crowdlab->n_labels[i] < 2)
        continue;
      overall.agreement.sum += crowdlab->agreement[i];
      overall.model_error.sum
          += assay_label_predicted (work->probabilities + (gsize) i * k, k) != crowdlab->consensus[i];
      overall.agreement.n++;
      overall.model_error.n++;
      n[crowdlab->consensus[i]]++;
    }
  for (guint c = 0; c < k; c++)
    commonest = fmax (commonest, n[c]);
  overall.commonest_error = fmax (1 - commonest / overall.agreement.n, LEAST);
  return overall;
}

static void
weigh_annotators (const Work *work, double commonest_error)
{
  AssayCrowdlab *crowdlab = work->crowdlab;
  Mean known = { 0, 0 };
  for (guint a = 0; a < crowdlab->n_annotators; a++)
    {
      double agreement = agree_with_others (work, a);
      crowdlab->annotator_weight[a] = agreement;
      known.sum += isnan (agreement) ? 0 : agreement;
      known.n += !isnan (agreement);
    }
  for (guint a = 0; a < crowdlab->n_annotators; a++)
    {
      double agreement
          = isnan (crowdlab->annotator_weight[a]) ? mean_value (&known) : crowdlab->annotator_weight[a];
      crowdlab->annotator_weight[a] = fmax (1 - (1 - agreement) / commonest_error, LEAST);
    }
}

static double
mean_labels (const AssayCrowdlab *crowdlab)
{
  double sum = 0;
  for (guint i = 0; i < crowdlab->n_items; i++)
    sum += crowdlab->n_labels[i];
  return sum / crowdlab->n_items;
}

/* The weighted mean of what model and annotators say. A label stands for the consensus with the probability that
 * labels agree with it, and shares the rest among the other classes. */
static void
average (const Work *work, guint item, double likelihood)
{
  AssayCrowdlab *crowdlab = work->crowdlab;
  guint k = crowdlab->n_classes;
  double *posterior = crowdlab->posterior + (gsize) item * k, weights = crowdlab->model_weight,
         other = (1 - likelihood) / (k - 1);
  for (guint c = 0; c < k; c++)
    posterior[c] = work->probabilities[(gsize) item * k + c] * crowdlab->model_weight;
  for (guint a = 0; a < crowdlab->n_annotators; a++)
    {
      if (label_of (work, item, a) < 0)
        continue;
      weights += crowdlab->annotator_weight[a];
      for (guint c = 0; c < k; c++)
        posterior[c] += crowdlab->annotator_weight[a] * ((int) c == label_of (work, item, a) ? likelihood : other);
    }
  for (guint c = 0; c < k; c++)
    posterior[c] /= weights;
}

/* Everything that follows from the consensus. */
static void
look_again (const Work *work)
{
  AssayCrowdlab *crowdlab = work->crowdlab;
  for (guint i = 0; i < crowdlab->n_items; i++)
    {
      double n = 0;
      for (guint a = 0; a < crowdlab->n_annotators; a++)
        n += label_of (work, i, a) == (int) crowdlab->consensus[i];
      crowdlab->agreement[i] = n / crowdlab->n_labels[i];
    }
  Overall overall = look_overall (work);
  weigh_annotators (work, overall.commonest_error);
  crowdlab->model_weight = fmax (1 - mean_value (&overall.model_error) / overall.commonest_error, LEAST)
                           * sqrt (mean_labels (crowdlab));
  for (guint i = 0; i < crowdlab->n_items; i++)
    {
      average (work, i, mean_value (&overall.agreement));
      crowdlab->quality[i] = crowdlab->posterior[(gsize) i * crowdlab->n_classes + crowdlab->consensus[i]];
    }
}

/* The likeliest class where there is one, else what most say. */
static void
choose_consensus (AssayCrowdlab *crowdlab)
{
  guint k = crowdlab->n_classes;
  for (guint i = 0; i < crowdlab->n_items; i++)
    {
      const double *posterior = crowdlab->posterior + (gsize) i * k;
      guint best = assay_label_predicted (posterior, k), n = 0;
      for (guint c = 0; c < k; c++)
        n += posterior[c] == posterior[best];
      crowdlab->consensus[i] = n == 1 ? best : crowdlab->majority[i];
    }
}

static void
judge_annotators (const Work *work)
{
  AssayCrowdlab *crowdlab = work->crowdlab;
  double weights = 0;
  for (guint a = 0; a < crowdlab->n_annotators; a++)
    weights += crowdlab->annotator_weight[a];
  weights *= mean_labels (crowdlab) / crowdlab->n_annotators;
  double of_model = crowdlab->model_weight / (crowdlab->model_weight + weights);
  for (guint a = 0; a < crowdlab->n_annotators; a++)
    {
      Mean score = { 0, 0 }, shared = { 0, 0 }, all = { 0, 0 };
      for (guint i = 0; i < crowdlab->n_items; i++)
        {
          int label = label_of (work, i, a);
          if (label < 0)
            continue;
          gboolean agrees = label == (int) crowdlab->consensus[i];
          score.sum += crowdlab->posterior[(gsize) i * crowdlab->n_classes + (guint) label];
          score.n++;
          all.sum += agrees;
          all.n++;
          shared.sum += crowdlab->n_labels[i] > 1 && agrees;
          shared.n += crowdlab->n_labels[i] > 1;
        }
      crowdlab->annotator_quality[a] = of_model * mean_value (&score) + (1 - of_model) * mean_value (&shared);
      crowdlab->annotator_agreement[a] = mean_value (&all);
    }
}

static gboolean
check_input (const Work *work, GError **error)
{
  AssayCrowdlab *crowdlab = work->crowdlab;
  guint n_shared = 0;
  if (crowdlab->n_classes < 2)
    return assay_error_bad_data (error, "joining labels: there are %u classes; it takes two", crowdlab->n_classes);
  for (guint i = 0; i < crowdlab->n_items; i++)
    {
      for (guint a = 0; a < crowdlab->n_annotators; a++)
        {
          if (label_of (work, i, a) >= (int) crowdlab->n_classes)
            return assay_error_bad_data (error, "joining labels: item %u has label %d of %u classes", i,
                                         label_of (work, i, a), crowdlab->n_classes);
          crowdlab->n_labels[i] += label_of (work, i, a) >= 0;
        }
      if (crowdlab->n_labels[i] == 0)
        return assay_error_bad_data (error, "joining labels: item %u has none; leave it out", i);
      n_shared += crowdlab->n_labels[i] > 1;
    }
  return n_shared > 0
         || assay_error_bad_data (error, "joining labels: no item has two, so nobody can be compared with anybody");
}

AssayCrowdlab *
assay_crowdlab_new (const int *labels, const double *probabilities, guint n_items, guint n_annotators,
                    guint n_classes, GError **error)
{
  g_autoptr (AssayCrowdlab) crowdlab = g_new0 (AssayCrowdlab, 1);
  *crowdlab = (AssayCrowdlab){ n_items, n_annotators, n_classes };
  crowdlab->majority = g_new0 (guint, (gsize) n_items + 1);
  crowdlab->consensus = g_new0 (guint, (gsize) n_items + 1);
  crowdlab->n_labels = g_new0 (guint, (gsize) n_items + 1);
  crowdlab->quality = g_new0 (double, (gsize) n_items + 1);
  crowdlab->agreement = g_new0 (double, (gsize) n_items + 1);
  crowdlab->posterior = g_new0 (double, (gsize) n_items *n_classes + 1);
  crowdlab->annotator_weight = g_new0 (double, (gsize) n_annotators + 1);
  crowdlab->annotator_quality = g_new0 (double, (gsize) n_annotators + 1);
  crowdlab->annotator_agreement = g_new0 (double, (gsize) n_annotators + 1);
  Work work = { labels, probabilities, crowdlab };
  if (!check_input (&work, error))
    return NULL;
  assay_majority_vote (labels, probabilities, n_items, n_annotators, n_classes, crowdlab->majority);
  memcpy (crowdlab->consensus, crowdlab->majority, n_items * sizeof (guint));
  look_again (&work);
  choose_consensus (crowdlab);
  look_again (&work);
  judge_annotators (&work);
  return g_steal_pointer (&crowdlab);
}

void
assay_crowdlab_free (AssayCrowdlab *crowdlab)
{
  if (crowdlab == NULL)
    return;
  g_free (crowdlab->majority);
  g_free (crowdlab->consensus);
  g_free (crowdlab->n_labels);
  g_free (crowdlab->quality);
  g_free (crowdlab->agreement);
  g_free (crowdlab->posterior);
  g_free (crowdlab->annotator_weight);
  g_free (crowdlab->annotator_quality);
  g_free (crowdlab->annotator_agreement);
  g_free (crowdlab);
}
