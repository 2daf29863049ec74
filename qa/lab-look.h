/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/lab-look.h - boxes and masks of people beside those of models, as ObjectLab (qa/object-lab.h) looks at them: what three checks have
 * in common. A mask is its box. The least likeness is a number of ours and not of the batch, so that the score of one picture does not
 * depend on the others. One thread a value. */
#include "qa/check.h"
#include "qa/object-lab.h"

G_BEGIN_DECLS

#define ASSAY_LAB_LEAST 0.01

extern const char *const assay_lab_kinds[]; /* of tasks whose objects have a box that says it all */

/* One answer beside one model's. */
typedef struct
{
  const AssayLook *look;
  const AssayLabel *label, *prediction;       /* borrowed */
  const AssayAnnotator *annotator, *model;
  const double *overlooked;                   /* one an object of the prediction; NaN = none of it */
  const double *bad_place, *swapped;          /* one an object of the label */
} AssayLabPair;

typedef void (*AssayLabFunc) (const AssayLabPair *pair, GPtrArray *findings);
void assay_lab_each (const AssayLook *look, AssayLabFunc func, GPtrArray *findings);

/* The object of the other side whose box is nearest to this one's: of `others`, of another class when `other_class`, of at least this
 * confidence (NaN = a label's, which has none). NULL = there is none. */
const AssayObject *assay_lab_nearest (const AssayLabPair *pair, const AssayObject *object, const AssayObjects *others,
                                      gboolean other_class, double least_confidence);
/* Any of them shares something of its box. */
gboolean assay_lab_overlaps (const AssayTask *task, const AssayObject *object, const AssayObjects *others);
/* How sure a model is of itself in this picture: the mean; 0.5 when it says nothing. */
double assay_lab_confidence (const AssayLabel *prediction);
/* About this answer. `object` is where; takes `why`. */
AssayFinding *assay_lab_flag (const AssayLabPair *pair, const AssayCheck *check, double score, const AssayObject *object, char *take_why);

G_END_DECLS
