/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/bootstrap.h - the percentile bootstrap (Efron 1979): how far a figure would move had other items been drawn.
 *
 * 1000 resamples; the generator (xoshiro256**, Blackman and Vigna 2018) is seeded by a SHA-256 of the data, so the
 * same data give the same interval everywhere. Any thread. */
#include "core/sha256.h"

G_BEGIN_DECLS

#define ASSAY_BOOTSTRAP_RESAMPLES 1000

typedef struct
{
  guint64 s[4];
} AssayRandom;
void assay_random_init (AssayRandom *random, const AssaySha256 *seed);
guint64 assay_random_next (AssayRandom *random);
/* Uniform in [0, n), without bias (Lemire 2019); n > 0. */
guint64 assay_random_below (AssayRandom *random, guint64 n);

/* The 2.5 and 97.5 percentiles (linear between order statistics) of `statistic` over resamples. `drawn` holds `n`
 * indices in [0, n). NaN on both sides when n < 2 or fewer than half of the resamples had a defined value. */
typedef double (*AssayStatistic) (const guint *drawn, guint n, gconstpointer data);
void assay_bootstrap (guint n, const AssaySha256 *seed, AssayStatistic statistic, gconstpointer data,
                      double *ret_low, double *ret_high);

/* A ratio of sums over n units: sum (numerators) / sum (denominators); the mean is the case of denominators that count. The units
 * stand in an order that has nothing to do with their values (item ids are hashes): of more than 4096, neighbours are drawn
 * together in 4096 blocks, which leaves the interval as wide and costs the same for any n. */
#define ASSAY_BOOTSTRAP_BLOCKS 4096
void assay_bootstrap_ratio (const double *numerators, const double *denominators, guint n, const AssaySha256 *seed, double *ret_low,
                            double *ret_high);

G_END_DECLS
