/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/object-lab.h - which boxes are likely overlooked, badly placed or of the wrong class, beside a model's:
 * ObjectLab (Tkachenko, Thyagarajan and Mueller 2023).
 *
 * Boxes are alike by 0.9 IoU + 0.1 exp (-distance of their middles in px / 10). Scores go from 0 (surely wrong)
 * to 1.
 *
 * - Overlooked, of each prediction of at least 0.95 that overlaps no label: likeness to the nearest label of its
 * class; without one, the least likeness there is times (1 - probability).
 * - Badly placed, of each label: likeness to the nearest prediction above 0.5 of its class that overlaps it;
 * else 1.
 * - Wrong class, of each label: 1 - likeness to the nearest prediction above 0.95 of another class, at least the
 * least likeness there is; 1 without one. The least likeness where a label of another class is in the same place
 * (IoU 0.95).
 *
 * A picture's score is the geometric mean of the three softmins (temperature 0.1; nothing to score: 1).
 *
 * The least likeness is taken over all pictures in the reference, so that a score depends on what else is looked
 * at; here the caller says it, and can keep it. Golden: `label_issues`, "objects" (cleanlab 2.9). Any thread. */
#include "core/geometry.h"

G_BEGIN_DECLS

typedef struct
{
  AssayRect box;
  guint class;
  double probability; /* of predictions */
} AssayLabBox;

typedef struct
{
  const AssayLabBox *labels, *predictions;
  guint n_labels, n_predictions;
} AssayLabPicture;

/* The least likeness above 0 of a label and a prediction; 1 when there is none. */
double assay_object_lab_least (const AssayLabPicture *picture);

/* The picture's score. `ret_overlooked` (predictions; NaN for those that tell of nothing overlooked),
 * `ret_bad_place` and `ret_swapped` (labels) are nullable. */
double assay_object_lab_score (const AssayLabPicture *picture, double least, double *ret_overlooked,
                               double *ret_bad_place, double *ret_swapped);

G_END_DECLS
