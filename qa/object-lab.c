/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/object-lab.h"

#include "qa/label-scores.h"

#include <math.h>

#define IOU_WEIGHT 0.9
#define REACH_PX 10.0
#define SURE 0.95
#define HALF_SURE 0.5
#define TEMPERATURE 0.1
#define TINY 1e-100

#define SAME_PLACE 0.95 /* IoU of two labels that are of one thing */

static double
iou_of (const AssayRect *a, const AssayRect *b)
{
  double width = fmin (a->x + a->w, b->x + b->w) - fmax (a->x, b->x),
         height = fmin (a->y + a->h, b->y + b->h) - fmax (a->y, b->y),
         both = width > 0 && height > 0 ? width * height : 0, either = a->w * a->h + b->w * b->h - both;
  return either > 0 ? both / either : 0;
}

static double
likeness (const AssayRect *a, const AssayRect *b)
{
  double apart = hypot (a->x + a->w / 2 - b->x - b->w / 2, a->y + a->h / 2 - b->y - b->h / 2);
  return IOU_WEIGHT * iou_of (a, b) + (1 - IOU_WEIGHT) * exp (-apart / REACH_PX);
}

double
assay_object_lab_least (const AssayLabPicture *picture)
{
  double least = 1;
  for (guint i = 0; i < picture->n_labels; i++)
    for (guint j = 0; j < picture->n_predictions; j++)
      {
        double alike = likeness (&picture->labels[i].box, &picture->predictions[j].box);
        least = alike > 0 ? fmin (least, alike) : least;
      }
  return least;
}

static double
score_overlooked (const AssayLabPicture *picture, const AssayLabBox *prediction, double least)
{
  double nearest = NAN;
  if (prediction->probability < SURE)
    return NAN;
  for (guint i = 0; i < picture->n_labels; i++)
    {
      if (iou_of (&picture->labels[i].box, &prediction->box) > 0)
        return NAN;
      if (picture->labels[i].class == prediction->class)
        nearest = fmax (nearest, likeness (&picture->labels[i].box, &prediction->box));
    }
  return isnan (nearest) ? least * (1 - prediction->probability) : nearest;
}

static double
score_place (const AssayLabPicture *picture, const AssayLabBox *label)
{
  double nearest = NAN;
  for (guint j = 0; j < picture->n_predictions; j++)
    {
      const AssayLabBox *prediction = &picture->predictions[j];
      if (prediction->class == label->class && prediction->probability > HALF_SURE
          && iou_of (&label->box, &prediction->box) > 0)
        nearest = fmax (nearest, likeness (&label->box, &prediction->box));
    }
  return isnan (nearest) ? 1 : nearest;
}

static double
score_class (const AssayLabPicture *picture, const AssayLabBox *label, double least)
{
  double nearest = NAN;
  for (guint i = 0; i < picture->n_labels; i++)
    if (picture->labels[i].class != label->class && iou_of (&picture->labels[i].box, &label->box) >= SAME_PLACE)
      return least;
  for (guint j = 0; j < picture->n_predictions; j++)
    {
      const AssayLabBox *prediction = &picture->predictions[j];
      if (prediction->class != label->class && prediction->probability > SURE)
        nearest = fmax (nearest, likeness (&label->box, &prediction->box));
    }
  return isnan (nearest) ? 1 : fmax (least, 1 - nearest);
}

static double
pool (const double *scores, guint n)
{
  double pooled = assay_softmin (scores, n, TEMPERATURE);
  return log (TINY + (isnan (pooled) ? 1 : pooled));
}

double
assay_object_lab_score (const AssayLabPicture *picture, double least, double *ret_overlooked, double *ret_bad_place,
                        double *ret_swapped)
{
  g_autofree double *overlooked = g_new (double, (gsize) picture->n_predictions + 1),
                    *bad_place = g_new (double, (gsize) picture->n_labels + 1),
                    *swapped = g_new (double, (gsize) picture->n_labels + 1);
  for (guint j = 0; j < picture->n_predictions; j++)
    overlooked[j] = score_overlooked (picture, &picture->predictions[j], least);
  for (guint i = 0; i < picture->n_labels; i++)
    {
      bad_place[i] = score_place (picture, &picture->labels[i]);
      swapped[i] = score_class (picture, &picture->labels[i], least);
    }
  for (guint j = 0; ret_overlooked != NULL && j < picture->n_predictions; j++)
    ret_overlooked[j] = overlooked[j];
  for (guint i = 0; i < picture->n_labels; i++)
    {
      if (ret_bad_place != NULL)
        ret_bad_place[i] = bad_place[i];
      if (ret_swapped != NULL)
        ret_swapped[i] = swapped[i];
    }
  return exp ((pool (overlooked, picture->n_predictions) + pool (bad_place, picture->n_labels)
               + pool (swapped, picture->n_labels))
              / 3);
}
