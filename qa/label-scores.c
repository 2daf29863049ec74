/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/label-scores.h"

#include <math.h>

#define LEAST 1e-6

double
assay_label_self_confidence (const double *probabilities, guint k, guint label)
{
  return probabilities[label];
}

double
assay_label_margin (const double *probabilities, guint k, guint label)
{
  double other = NAN;
  for (guint c = 0; c < k; c++)
    if (c != label)
      other = fmax (other, probabilities[c]);
  return (probabilities[label] - other + 1) / 2;
}

double
assay_label_entropy_score (const double *probabilities, guint k, guint label)
{
  if (k < 2)
    return NAN;
  double entropy = 0;
  for (guint c = 0; c < k; c++)
    if (probabilities[c] > 0)
      entropy -= probabilities[c] * log (probabilities[c]);
  double score = entropy / log (k) / fmax (probabilities[label], LEAST);
  return log (score + 1) / fmax (score, LEAST);
}

guint
assay_label_predicted (const double *probabilities, guint k)
{
  guint best = 0;
  for (guint c = 1; c < k; c++)
    if (probabilities[c] > probabilities[best])
      best = c;
  return best;
}

double
assay_softmin_weighted (const double *scores, const double *weights, gsize n, double temperature)
{
  double least = NAN, all = 0, sum = 0;
  for (gsize i = 0; i < n; i++)
    if (weights == NULL || weights[i] > 0)
      least = fmin (least, scores[i]);
  for (gsize i = 0; i < n; i++)
    {
      if (isnan (scores[i]) || (weights != NULL && !(weights[i] > 0)))
        continue;
      double weight = exp ((least - scores[i]) / temperature) * (weights != NULL ? weights[i] : 1);
      all += weight;
      sum += weight * scores[i];
    }
  return sum / all;
}

double
assay_softmin (const double *scores, gsize n, double temperature)
{
  return assay_softmin_weighted (scores, NULL, n, temperature);
}
