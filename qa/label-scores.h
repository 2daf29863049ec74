/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/label-scores.h - how much a model believes a label: one number from 0 (surely wrong) to 1, from the
 * probabilities that it gives to the k classes, of a model that was not trained on the item. Golden: `label_issues`
 * (cleanlab). Any thread. */
#include <glib.h>

G_BEGIN_DECLS

/* The probability of the label. */
double assay_label_self_confidence (const double *probabilities, guint k, guint label);
/* (p of the label - the largest other + 1) / 2. Fewer than two classes: NaN. */
double assay_label_margin (const double *probabilities, guint k, guint label);
/* log (1 + q) / q with q = normalised entropy / self-confidence, both at least 1e-6. Fewer than two classes: NaN.
 */
double assay_label_entropy_score (const double *probabilities, guint k, guint label);
/* The class of the largest probability, the first of equals; k > 0. */
guint assay_label_predicted (const double *probabilities, guint k);

/* Nearly the least of the scores, with something of the others: mean weighted by exp (-score / temperature). NaN
 * among them is left out; none left: NaN. temperature > 0. */
double assay_softmin (const double *scores, gsize n, double temperature);
/* The same where score i is that of weights[i] things at once: so many pixels. */
double assay_softmin_weighted (const double *scores, const double *weights, gsize n, double temperature);

G_END_DECLS
