/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/crowdlab.h - what several annotators and a model say together: CROWDLAB (Goh, Tkachenko and Mueller 2022).
 *
 * Model and annotators are averaged, each with a weight that tells how much better they are than always saying the
 * commonest class: the model by its agreement with the consensus, an annotator by agreement with other annotators
 * (who has none gets the mean of those who have). First with the majority as consensus (ties: the model's likelier
 * class, then the rarer, then whose raters agree more with the others, then the first), then with the likeliest
 * class of that average. Golden: `label_issues`, "multiannotator" (cleanlab 2.9). Any thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint n_items, n_annotators, n_classes;
  guint *majority, *consensus, *n_labels; /* items */
  double *quality;                        /* items: probability of the consensus */
  double *agreement;                      /* items: share of the labels that say the consensus */
  double *posterior;                      /* items x classes */
  double model_weight;
  double *annotator_weight, *annotator_quality; /* annotators; quality NaN for who shares no item with anybody */
  double *annotator_agreement;                  /* annotators: share of their labels that say the consensus */
} AssayCrowdlab;

/* `labels`: items x annotators, -1 = none; `probabilities`: items x classes, of a model not trained on them.
 * BAD_DATA for fewer than two classes, a label that is none of them, an item without a label, or no item with two.
 */
AssayCrowdlab *assay_crowdlab_new (const int *labels, const double *probabilities, guint n_items,
                                   guint n_annotators, guint n_classes, GError **error);
void assay_crowdlab_free (AssayCrowdlab *crowdlab);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCrowdlab, assay_crowdlab_free)

G_END_DECLS
