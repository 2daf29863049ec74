/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void
assay_random_init (AssayRandom *random, const AssaySha256 *seed)
{
  for (guint i = 0; i < 4; i++)
    {
      guint64 word;
      memcpy (&word, seed->bytes + 8 * i, 8);
      random->s[i] = GUINT64_FROM_LE (word);
    }
  if ((random->s[0] | random->s[1] | random->s[2] | random->s[3]) == 0)
    random->s[0] = 1; /* all zero is the one state that never leaves itself */
}

static inline guint64
rotate_left (guint64 x, int k)
{
  return (x << k) | (x >> (64 - k));
}

guint64
assay_random_next (AssayRandom *random)
{
  guint64 *s = random->s;
  guint64 result = rotate_left (s[1] * 5, 7) * 9;
  guint64 t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left (s[3], 45);
  return result;
}

guint64
assay_random_below (AssayRandom *random, guint64 n)
{
  __extension__ typedef unsigned __int128 Wide;
  Wide product = (Wide) assay_random_next (random) * n;
  guint64 least = (guint64) (-n) % n;
  while ((guint64) product < least)
    product = (Wide) assay_random_next (random) * n;
  return (guint64) (product >> 64);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static double
percentile (const double *sorted, guint n, double share)
{
  double at = share * (n - 1);
  guint below = (guint) floor (at);
  guint above = MIN (below + 1, n - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

void
assay_bootstrap (guint n, const AssaySha256 *seed, AssayStatistic statistic, gconstpointer data, double *ret_low,
                 double *ret_high)
{
  *ret_low = *ret_high = NAN;
  if (n < 2)
    return;
  AssayRandom random;
  assay_random_init (&random, seed);
  double estimates[ASSAY_BOOTSTRAP_RESAMPLES];
  guint defined = 0;
  g_autofree guint *drawn = g_new (guint, n);
  for (guint r = 0; r < ASSAY_BOOTSTRAP_RESAMPLES; r++)
    {
      for (guint i = 0; i < n; i++)
        drawn[i] = (guint) assay_random_below (&random, n);
      double value = statistic (drawn, n, data);
      if (!isnan (value))
        estimates[defined++] = value;
    }
  if (defined < ASSAY_BOOTSTRAP_RESAMPLES / 2)
    return;
  qsort (estimates, defined, sizeof (double), compare_doubles);
  *ret_low = percentile (estimates, defined, 0.025);
  *ret_high = percentile (estimates, defined, 0.975);
}

/* Side by side, since a draw reads both. */
typedef struct
{
  double numerator, denominator;
} Unit;

static double
ratio_of_sums (const guint *drawn, guint n, gconstpointer data)
{
  const Unit *units = data;
  double numerator = 0, denominator = 0;
  for (guint i = 0; i < n; i++)
    {
      numerator += units[drawn[i]].numerator;
      denominator += units[drawn[i]].denominator;
    }
  return denominator > 0 ? numerator / denominator : NAN;
}

void
assay_bootstrap_ratio (const double *numerators, const double *denominators, guint n, const AssaySha256 *seed,
                       double *ret_low, double *ret_high)
{
  guint n_units = MIN (n, ASSAY_BOOTSTRAP_BLOCKS);
  g_autofree Unit *units = g_new0 (Unit, n_units + 1);
  for (guint i = 0; i < n; i++)
    {
      Unit *unit = &units[(guint64) i * n_units / n];
      unit->numerator += numerators[i];
      unit->denominator += denominators[i];
    }
  assay_bootstrap (n_units, seed, ratio_of_sums, units, ret_low, ret_high);
}
