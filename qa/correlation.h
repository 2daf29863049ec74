/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/correlation.h - whether raters put things in one order, or give them one value. Golden: `agreement_other` (R
 * irr and psych, scipy). Undefined (too few, or no spread) is NaN. Finite numbers. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

/* Intraclass correlation (Shrout and Fleiss 1979): shares of the spread that is between items. 1: each item has its
 * own raters; 2: raters are drawn from many; 3: these raters and no others; k: of the mean of all raters. For
 * coordinates and angles of annotators who could be others: the second. */
typedef struct
{
  double icc1, icc2, icc3, icc1k, icc2k, icc3k;
} AssayIcc;

/* `values`: items x raters, none missing. FALSE (all NaN): fewer than two items or raters. */
gboolean assay_icc_measure (const double *values, guint n_items, guint n_raters, AssayIcc *ret_icc);

/* Kendall's W of rankings (mean ranks for ties): 0 no concord, 1 all alike. `ret_corrected`: for ties. */
void assay_kendall_w (const double *values, guint n_items, guint n_raters, double *ret_plain,
                      double *ret_corrected);

typedef struct
{
  double tau_b, tau_c; /* Kendall 1945, Stuart 1953 */
  double spearman;     /* Pearson's correlation of mean ranks */
  double weighted_tau; /* Vigna 2015: additive, hyperbolic weights, mean of the ranks by x and by y; the top counts
                          more */
} AssayRankCorrelation;

/* Takes n^2 steps. FALSE (all NaN): fewer than two pairs. */
gboolean assay_rank_correlate (const double *x, const double *y, guint n, AssayRankCorrelation *ret_correlation);

/* Ranks from 1, ties share their mean; the return is the sum of t^3 - t over groups of t ties. */
double assay_rank_values (const double *values, guint n, double *ret_ranks);

G_END_DECLS
