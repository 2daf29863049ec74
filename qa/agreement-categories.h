/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/agreement-categories.h - agreement beyond chance on categories: Cohen, Fleiss, Krippendorff.
 *
 * 0/0 is undefined: NaN, never 0 or 1. Sources: Cohen 1960 and 1968 (weights); Fleiss 1971, Randolph 2005 (free
 * marginals); Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability". doc/METRICS.md has the formulas. Any
 * thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ASSAY_WEIGHTS_NONE,
  ASSAY_WEIGHTS_LINEAR,
  ASSAY_WEIGHTS_QUADRATIC
} AssayWeights;

typedef struct
{
  double value;    /* the coefficient */
  double observed; /* (weighted) agreement; for alpha: disagreement */
  double expected; /* the same, by chance */
} AssayChance;

/* `a` and `b`: category indices below k, -1 = missing; pairs with a missing side are dropped. `ret_table`
 * (nullable) gets the k x k counts [a][b], `ret_n` (nullable) the pairs used. */
AssayChance assay_cohen_kappa (const int *a, const int *b, guint n_items, guint k, AssayWeights weights,
                               guint64 *ret_table, guint *ret_n);

/* The same of counts [a][b], k x k, which may be weighted. */
AssayChance assay_cohen_kappa_of_table (const double *table, guint k, AssayWeights weights);

/* `counts`: items x k, each row with the same sum (the raters an item). `ret_randolph` (nullable): expected
 * agreement 1/k. */
AssayChance assay_fleiss_kappa (const guint *counts, guint n_items, guint k, double *ret_randolph);

/* The same of coincidences: o[c][d] holds each ordered pair of ratings of a unit with m of them, 1 / (m - 1) each.
 */
AssayChance assay_fleiss_kappa_of_coincidences (const double *o, guint k);

typedef enum
{
  ASSAY_LEVEL_NOMINAL,
  ASSAY_LEVEL_ORDINAL,
  ASSAY_LEVEL_INTERVAL,
  ASSAY_LEVEL_RATIO
} AssayLevel;

typedef struct
{
  guint pairable_units, pairable_values, distinct_pairable;
} AssayPairable;

/* `data`: raters x units, NaN = missing. Units with fewer than two values, and values that only they have, do not
 * count. `skip_rater`: left out (G_MAXUINT = nobody). `ret_pairable` is nullable. */
AssayChance assay_krippendorff_alpha (const double *data, guint n_raters, guint n_units, guint skip_rater,
                                      AssayLevel level, AssayPairable *ret_pairable);
/* The same of coincidences. `values`: of the categories, ascending, for interval and ratio; else nullable. */
AssayChance assay_krippendorff_alpha_of_coincidences (const double *o, guint k, const double *values,
                                                      AssayLevel level);

G_END_DECLS
