/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/staple.h"

#include <math.h>

#define AT_REST 1e-14 /* square of a change, as ITK */
#define MOST_ITERATIONS 100000

/* The pixels that count, pattern by pattern: all of the picture, or those in a box, outside of which all is
 * background. */
static double *
count_pixels (const AssayMaskVotes *votes, const AssayMask *const *masks, guint margin_px)
{
  double *n_px = g_new (double, votes->n_patterns);
  for (guint p = 0; p < votes->n_patterns; p++)
    n_px[p] = (double) votes->pattern_px[p];
  if (margin_px == ASSAY_STAPLE_WHOLE_PICTURE)
    return n_px;
  double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY, marked = 0;
  for (guint i = 0; i < votes->n_masks; i++)
    {
      AssayRect box;
      if (!assay_mask_bounds (masks[i], &box))
        continue;
      x0 = fmin (x0, box.x);
      y0 = fmin (y0, box.y);
      x1 = fmax (x1, box.x + box.w);
      y1 = fmax (y1, box.y + box.h);
    }
  double width = fmin (votes->width_px, x1 + margin_px) - fmax (0, x0 - margin_px),
         height = fmin (votes->height_px, y1 + margin_px) - fmax (0, y0 - margin_px);
  for (guint p = 0; p < votes->n_patterns; p++)
    marked += votes->n_votes[p] > 0 ? n_px[p] : 0;
  for (guint p = 0; p < votes->n_patterns; p++)
    if (votes->n_votes[p] == 0)
      n_px[p] = marked > 0 ? width * height - marked : 0;
  return n_px;
}

/* Sensitivity and specificity from the weights; whether one of them moved. */
static gboolean
maximise (AssayStaple *staple, const double *n_px)
{
  const AssayMaskVotes *votes = staple->votes;
  double inside = 0, outside = 0;
  gboolean moved = FALSE;
  for (guint p = 0; p < votes->n_patterns; p++)
    {
      inside += n_px[p] * staple->probability[p];
      outside += n_px[p] * (1 - staple->probability[p]);
    }
  for (guint i = 0; i < votes->n_masks; i++)
    {
      double hit = 0, left = 0;
      for (guint p = 0; p < votes->n_patterns; p++)
        {
          if (votes->says[(gsize) p * votes->n_masks + i])
            hit += n_px[p] * staple->probability[p];
          else
            left += n_px[p] * (1 - staple->probability[p]);
        }
      double sensitivity = hit / inside, specificity = left / outside,
             change
             = fmax (fabs (sensitivity - staple->sensitivity[i]), fabs (specificity - staple->specificity[i]));
      moved = moved || !(change * change <= AT_REST);
      staple->sensitivity[i] = sensitivity;
      staple->specificity[i] = specificity;
    }
  return moved;
}

static void
expect (AssayStaple *staple)
{
  const AssayMaskVotes *votes = staple->votes;
  for (guint p = 0; p < votes->n_patterns; p++)
    {
      double odds = log (staple->prior) - log1p (-staple->prior);
      for (guint i = 0; i < votes->n_masks; i++)
        {
          double p1 = staple->sensitivity[i], q1 = staple->specificity[i];
          odds += votes->says[(gsize) p * votes->n_masks + i] ? log (p1) - log (1 - q1) : log (1 - p1) - log (q1);
        }
      /* Two who are never wrong contradict each other: nothing new is known. */
      if (!isnan (odds))
        staple->probability[p] = 1 / (1 + exp (-odds));
    }
}

static void
set_undefined (AssayStaple *staple)
{
  staple->defined = FALSE;
  staple->prior = NAN;
  for (guint i = 0; i < staple->votes->n_masks; i++)
    staple->sensitivity[i] = staple->specificity[i] = NAN;
  for (guint p = 0; p < staple->votes->n_patterns; p++)
    staple->probability[p] = NAN;
}

AssayStaple *
assay_staple_new (const AssayMask *const *masks, guint n_masks, guint margin_px, guint most_iterations,
                  GError **error)
{
  g_autoptr (AssayMaskVotes) votes = assay_mask_votes_new (masks, n_masks, error);
  if (votes == NULL)
    return NULL;
  AssayStaple *staple = g_new0 (AssayStaple, 1);
  guint n_patterns = votes->n_patterns;
  g_autofree double *n_px = count_pixels (votes, masks, margin_px);
  staple->votes = g_steal_pointer (&votes);
  staple->sensitivity = g_new0 (double, n_masks);
  staple->specificity = g_new0 (double, n_masks);
  staple->probability = g_new0 (double, n_patterns);
  double sum = 0, all = 0;
  for (guint p = 0; p < n_patterns; p++)
    {
      staple->probability[p] = (double) staple->votes->n_votes[p] / n_masks;
      sum += n_px[p] * staple->probability[p];
      all += n_px[p];
    }
  staple->prior = sum / all;
  staple->defined = staple->prior > 0 && staple->prior < 1;
  guint most = most_iterations > 0 ? most_iterations : MOST_ITERATIONS;
  while (staple->defined && staple->n_iterations < most)
    {
      gboolean moved = maximise (staple, n_px) || staple->n_iterations == 0;
      expect (staple);
      if (!moved)
        break;
      staple->n_iterations++;
    }
  if (!staple->defined)
    set_undefined (staple);
  return staple;
}

void
assay_staple_free (AssayStaple *staple)
{
  if (staple == NULL)
    return;
  assay_mask_votes_free (staple->votes);
  g_free (staple->sensitivity);
  g_free (staple->specificity);
  g_free (staple->probability);
  g_free (staple);
}

AssayMask *
assay_staple_consensus (const AssayStaple *staple)
{
  if (!staple->defined)
    return NULL;
  g_autofree guint8 *chosen = g_new (guint8, staple->votes->n_patterns);
  for (guint p = 0; p < staple->votes->n_patterns; p++)
    chosen[p] = staple->probability[p] >= 0.5;
  return assay_mask_votes_choose (staple->votes, chosen);
}
