/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dice, outlines in pixels, and every pixel's class. Outlines are looked at every pixel of their length. */
#include "qa/gauge.h"

#include <math.h>

#define DAVIS_BOUND 0.008 /* as qa/surface.c */
#define MOST_STEPS 4096   /* a side: a box may be larger than any picture */

static const AssayMeasureDef measures[] = {
  { "dice", "Dice", "", TRUE },
  { "boundary_f", "Boundary F", "", TRUE },
  { "hausdorff_px", "Hausdorff", "px", FALSE },
  { "surface_px", "Mean surface distance", "px", FALSE },
  { NULL },
};

/* Of a point to the nearest of the outline. */
static double
distance_to_outline (AssayPoint p, const AssayRect *box)
{
  double left = box->x - p.x, right = p.x - (box->x + box->w), top = box->y - p.y, bottom = p.y - (box->y + box->h);
  double nearest = fmax (fmax (left, right), fmax (top, bottom));
  return nearest <= 0 ? -nearest : hypot (fmax (0, fmax (left, right)), fmax (0, fmax (top, bottom)));
}

typedef struct
{
  double sum, largest, n, near;
} Walk;

static void
walk_side (Walk *walk, AssayPoint from, AssayPoint to, const AssayRect *other, double bound)
{
  guint n = (guint) CLAMP (ceil (hypot (to.x - from.x, to.y - from.y)), 1, MOST_STEPS);
  for (guint i = 0; i < n; i++)
    {
      double share = (double) i / n;
      AssayPoint p = { from.x + share * (to.x - from.x), from.y + share * (to.y - from.y) };
      double distance = distance_to_outline (p, other);
      walk->sum += distance;
      walk->largest = fmax (walk->largest, distance);
      walk->near += distance <= bound;
      walk->n++;
    }
}

static Walk
walk_round (const AssayRect *box, const AssayRect *other, double bound)
{
  Walk walk = { 0 };
  AssayPoint corners[] = { { box->x, box->y },
                           { box->x + box->w, box->y },
                           { box->x + box->w, box->y + box->h },
                           { box->x, box->y + box->h },
                           { box->x, box->y } };
  for (guint i = 0; i < 4; i++)
    walk_side (&walk, corners[i], corners[i + 1], other, bound);
  return walk;
}

static void
measure (gconstpointer loaded, const AssayLook *look, const AssayPairing *pairing, GArray *figures)
{
  const AssayRect *a = &((const AssayBox *) pairing->a->value)->box;
  const AssayRect *b = &((const AssayBox *) pairing->b->value)->box;
  double iou = assay_rect_iou (*a, *b, FALSE), diagonal = hypot (look->item->width_px, look->item->height_px);
  double bound = ceil (DAVIS_BOUND * diagonal);
  Walk ab = walk_round (a, b, bound), ba = walk_round (b, a, bound);
  double precision = ab.near / ab.n, recall = ba.near / ba.n;
  assay_figures_add (figures, &measures[0], 0, 2 * iou / (1 + iou), 1);
  if (diagonal > 0)
    assay_figures_add (figures, &measures[1], 0,
                       precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0, 1);
  assay_figures_add (figures, &measures[2], 0, fmax (ab.largest, ba.largest), 1);
  assay_figures_add (figures, &measures[3], 0, (ab.sum + ba.sum) / (ab.n + ba.n), 1);
}

static AssayMask *
cover (const AssayLook *look, const AssayObject *object, AssayMask **ret_unsure)
{
  return assay_mask_new_from_box (((const AssayBox *) object->value)->box, look->item->width_px,
                                  look->item->height_px);
}

const AssayGauge assay_gauge_box = {
  .id = "box",
  .measures = measures,
  .measure = measure,
  .cover = cover,
};
