/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/bootstrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

static AssaySha256
seed (const char *text)
{
  return assay_sha256 (text, strlen (text));
}

/* Uniform numbers have mean 1/2 and standard error sqrt (1/12 / n): the interval must be about 2 x 1.96 of them
 * wide. */
static void
assert_width (guint n)
{
  g_autofree double *values = g_new (double, n), *ones = g_new (double, n);
  AssaySha256 hash = seed ("values");
  AssayRandom random;
  assay_random_init (&random, &hash);
  for (guint i = 0; i < n; i++)
    {
      values[i] = (double) (assay_random_next (&random) >> 11) / (double) ((guint64) 1 << 53);
      ones[i] = 1;
    }
  double low, high, wanted = 2 * 1.96 * sqrt (1.0 / 12 / n);
  AssaySha256 of_data = seed ("draws");
  assay_bootstrap_ratio (values, ones, n, &of_data, &low, &high);
  if (!(fabs (high - low - wanted) < 0.12 * wanted && low < 0.5 + wanted && high > 0.5 - wanted))
    fail_msg ("n = %u: [%g, %g] is %g wide and not about %g", n, low, high, high - low, wanted);
}

static void
interval_is_as_wide_as_theory_says (void **state)
{
  assert_width (100);
  assert_width (4096);
  assert_width (50000); /* in blocks */
}

static void
one_unit_has_no_interval (void **state)
{
  double value = 3, one = 1, low = 0, high = 0;
  AssaySha256 hash = seed ("x");
  assay_bootstrap_ratio (&value, &one, 1, &hash, &low, &high);
  assert_true (isnan (low) && isnan (high));
  assay_bootstrap_ratio (NULL, NULL, 0, &hash, &low, &high);
  assert_true (isnan (low) && isnan (high));
}

static void
numbers_below_a_bound_are_even (void **state)
{
  AssaySha256 hash = seed ("even");
  AssayRandom random;
  assay_random_init (&random, &hash);
  guint counts[3] = { 0 };
  for (guint i = 0; i < 30000; i++)
    counts[assay_random_below (&random, 3)]++;
  for (guint i = 0; i < 3; i++)
    assert_in_range (counts[i], 9600, 10400);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (interval_is_as_wide_as_theory_says),
    cmocka_unit_test (one_unit_has_no_interval),
    cmocka_unit_test (numbers_below_a_bound_are_even),
  };
  return cmocka_run_group_tests_name ("bootstrap", tests, NULL, NULL);
}
