/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/agreement-missing.h - agreement beyond chance where raters skip items, with four ideas of what chance is: Gwet
 * 2014, "Handbook of Inter-Rater Reliability". Golden: `agreement_other` (R irrCAC). Undefined is NaN. Any thread.
 */
#include "qa/agreement-categories.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_CHANCE_GWET,   /* AC1, with weights AC2: rare where the categories are all common or one is alone */
  ASSAY_CHANCE_FLEISS, /* all raters draw from one distribution */
  ASSAY_CHANCE_BRENNAN_PREDIGER, /* every category alike */
  ASSAY_CHANCE_CONGER            /* each rater draws from their own: Cohen for more than two */
} AssayChanceModel;

/* `ratings`: items x raters, categories below k, -1 = missing. Agreement is that of items with two or more ratings;
 * every item with a rating counts for chance. Weights are agreements: 1 - (distance / largest distance), squared
 * for quadratic. */
AssayChance assay_agreement_missing (const int *ratings, guint n_items, guint n_raters, guint k,
                                     AssayWeights weights, AssayChanceModel model);

G_END_DECLS
