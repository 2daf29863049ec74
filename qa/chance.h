/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/chance.h - how likely a statistic at least as large is by chance: upper tails of distributions, accurate to
 * about 1e-13 relative to the tail. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

/* Of the chi-square distribution: the regularised incomplete gamma function Q (dof / 2, x / 2), by its series below
 * and its continued fraction (modified Lentz) above the mean. dof 0, or x not a number at least 0: NaN. */
double assay_chance_chi_square (double x, guint dof);
/* Of the limit of sqrt (n) D of Kolmogorov and Smirnov. */
double assay_chance_kolmogorov (double x);
/* Both tails of the normal distribution, |z| or farther. */
double assay_chance_normal (double z);

G_END_DECLS
