/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/drift.h - how far what comes in now is from what came before: counts in bins, numbers, points. Golden: `drift`
 * (scipy, scikit-learn). doc/METRICS.md has the formulas. Undefined is NaN. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double psi;         /* population stability index, natural logarithm; infinite with an empty bin and no floor */
  double js_distance; /* root of the Jensen-Shannon divergence in nats (Endres and Schindelin 2003) */
  double js_divergence_bits;
  double total_variation; /* half the sum of differences */
  double hellinger;
  double chi_square, chi_square_p, cramers_v; /* of the 2 x bins table, bins empty on both sides left out */
  guint dof;
} AssayBinDrift;

/* Counts, none negative. `floor`: least proportion of a bin in the PSI, on both sides, without bringing the sum
 * back to 1; NaN = none. FALSE (all NaN): one side has no counts. */
gboolean assay_drift_bins (const double *expected, const double *actual, guint n_bins, double floor,
                           AssayBinDrift *ret_drift);

typedef struct
{
  double ks, ks_p_kolmogorov; /* Kolmogorov-Smirnov: largest distance of the distribution functions */
  double ks_p_exact;          /* over all ways to mix the samples (Hodges 1958); NaN above 10,000 values a side */
  double wasserstein;         /* area between the distribution functions, in the unit of the values */
  double mann_whitney_u;      /* pairs in which x is larger, a tie counts half */
  double mann_whitney_p;      /* normal limit, corrected for ties and continuity; NaN when all are equal */
} AssaySampleDrift;

/* Finite numbers, in any order. FALSE (all NaN): one side is empty. */
gboolean assay_drift_samples (const double *x, guint n_x, const double *y, guint n_y, AssaySampleDrift *ret_drift);

/* Squared maximum mean discrepancy (Gretton et al. 2012) with exp (-gamma |a - b|^2); rows of `n_dimensions`
 * numbers. The unbiased one is NaN with fewer than two rows a side. FALSE: one side is empty. Takes (n_x + n_y)^2
 * steps. */
gboolean assay_drift_mmd (const double *x, guint n_x, const double *y, guint n_y, guint n_dimensions, double gamma,
                          double *ret_biased, double *ret_unbiased);

G_END_DECLS
