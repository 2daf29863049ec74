/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/majority.h - what most say, with a rule for every tie: the class that a model finds likelier, then the rarer
 * one (or the common would only grow), then the one whose raters agree more with the items that are no ties, then
 * the first. Golden: `label_issues`, "majority" (cleanlab 2.9, which draws lots where this takes the first). Any
 * thread. */
#include <glib.h>

G_BEGIN_DECLS

/* `labels`: items x raters, classes below k > 0, -1 = none; every item has one. `probabilities` (nullable): items x
 * classes. */
void assay_majority_vote (const int *labels, const double *probabilities, guint n_items, guint n_raters,
                          guint n_classes, guint *ret_majority);

G_END_DECLS
