/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/agreement-alpha.h - the two ways to Krippendorff's alpha behind qa/agreement-categories.h: by counting, which
 * takes few different values and is fast (agreement-counting.c), and by sorting (agreement-alpha.c). Any thread. */
#include "qa/agreement-categories.h"

G_BEGIN_DECLS

/* As assay_krippendorff_alpha. FALSE: there are too many different values. */
gboolean assay_alpha_by_counting (const double *data, guint n_raters, guint n_units, guint skip_rater,
                                  AssayLevel level, AssayPairable *ret_pairable, AssayChance *ret_chance);

/* Sum of the squared distances over all ordered pairs of values given as (scale, number): closed forms but for
 * ratio. */
double assay_alpha_sum_of_pairs (const double *scale, const guint *n, guint n_distinct, AssayLevel level);

G_END_DECLS
