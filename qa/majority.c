/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/majority.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const int *labels;
  const double *probabilities; /* (nullable) */
  guint n_items, n_raters, n_classes;
  guint *majority;
} Work;

static int
label_of (const Work *work, guint item, guint rater)
{
  return work->labels[(gsize) item * work->n_raters + rater];
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

/* Leaves those of the `n` candidates whose score is the largest; how many. */
static guint
keep_best (guint *candidates, const double *scores, guint n)
{
  double best = -INFINITY;
  guint kept = 0;
  for (guint i = 0; i < n; i++)
    best = fmax (best, scores[i]);
  for (guint i = 0; i < n; i++)
    if (scores[i] == best)
      candidates[kept++] = candidates[i];
  return kept > 0 ? kept : n;
}

/* The classes that most say of an item, after the model and the rarity of classes have chosen among them. */
static guint
find_modes (const Work *work, guint item, const double *frequency, guint *ret_modes, double *scores)
{
  guint k = work->n_classes, n = k;
  for (guint c = 0; c < k; c++)
    {
      ret_modes[c] = c;
      scores[c] = 0;
    }
  for (guint a = 0; a < work->n_raters; a++)
    if (label_of (work, item, a) >= 0)
      scores[label_of (work, item, a)]++;
  n = keep_best (ret_modes, scores, n);
  if (n < 2)
    return n;
  for (guint i = 0; work->probabilities != NULL && i < n; i++)
    scores[i] = work->probabilities[(gsize) item * k + ret_modes[i]];
  if (work->probabilities != NULL)
    n = keep_best (ret_modes, scores, n);
  for (guint i = 0; i < n; i++)
    scores[i] = -frequency[ret_modes[i]];
  return keep_best (ret_modes, scores, n);
}

static gboolean
has_single_mode (const Work *work, guint item, guint *votes)
{
  guint k = work->n_classes, most = 0, n = 0;
  memset (votes, 0, k * sizeof (guint));
  for (guint a = 0; a < work->n_raters; a++)
    if (label_of (work, item, a) >= 0)
      votes[label_of (work, item, a)]++;
  for (guint c = 0; c < k; c++)
    most = MAX (most, votes[c]);
  for (guint c = 0; c < k; c++)
    n += votes[c] == most;
  return n == 1;
}

/* How often each rater says what most say, where the votes alone decide; for who cannot be told, the mean. */
static double *
rate_raters (const Work *work)
{
  double *rates = g_new0 (double, (gsize) work->n_raters + 1);
  g_autofree Mean *means = g_new0 (Mean, (gsize) work->n_raters + 1);
  g_autofree guint *votes = g_new (guint, work->n_classes);
  Mean all = { 0, 0 };
  for (guint i = 0; i < work->n_items; i++)
    {
      if (!has_single_mode (work, i, votes))
        continue;
      for (guint a = 0; a < work->n_raters; a++)
        if (label_of (work, i, a) >= 0)
          {
            means[a].sum += label_of (work, i, a) == (int) work->majority[i];
            means[a].n++;
          }
    }
  for (guint a = 0; a < work->n_raters; a++)
    if (means[a].n > 0)
      {
        all.sum += mean_value (&means[a]);
        all.n++;
      }
  for (guint a = 0; a < work->n_raters; a++)
    rates[a] = means[a].n > 0 ? mean_value (&means[a]) : mean_value (&all);
  return rates;
}

void
assay_majority_vote (const int *labels, const double *probabilities, guint n_items, guint n_raters, guint n_classes,
                     guint *ret_majority)
{
  const Work data = { labels, probabilities, n_items, n_raters, n_classes, ret_majority };
  const Work *work = &data;
  guint k = n_classes;
  g_autofree double *frequency = g_new0 (double, k), *scores = g_new (double, k), *rates = NULL;
  g_autofree guint *modes = g_new (guint, k), *tied = g_new (guint, (gsize) work->n_items + 1);
  guint n_tied = 0;
  for (guint i = 0; i < work->n_items; i++)
    for (guint a = 0; a < work->n_raters; a++)
      if (label_of (work, i, a) >= 0)
        frequency[label_of (work, i, a)]++;
  for (guint i = 0; i < work->n_items; i++)
    {
      guint n = find_modes (work, i, frequency, modes, scores);
      work->majority[i] = modes[0];
      if (n > 1)
        tied[n_tied++] = i;
    }
  for (guint t = 0; t < n_tied; t++)
    {
      rates = rates != NULL ? rates : rate_raters (work);
      guint n = find_modes (work, tied[t], frequency, modes, scores);
      for (guint m = 0; m < n; m++)
        {
          Mean mean = { 0, 0 };
          for (guint a = 0; a < work->n_raters; a++)
            if (label_of (work, tied[t], a) == (int) modes[m])
              {
                mean.sum += rates[a];
                mean.n++;
              }
          scores[m] = mean_value (&mean);
        }
      keep_best (modes, scores, n);
      work->majority[tied[t]] = modes[0];
    }
}
