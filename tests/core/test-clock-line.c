/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/clock-line.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define DAY_NS (G_GINT64_CONSTANT (86400) * 1000000000)

/* A sound card of 48,000 Hz that is 40 ppm fast, 10 ms blocks, a day after the machine was started. */
static const double true_ns = 1e9 / 48000 / (1 + 40e-6);

static gint64
true_stamp (guint64 count)
{
  return DAY_NS + llround (true_ns * (double) count);
}

static void
stamps_that_come_late_do_not_bend_the_line (void **state)
{
  g_autoptr (AssayClockLine) line = assay_clock_line_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  AssayClockFit fit;
  /* Ten minutes. Each block is up to 0.2 ms late, and one in five up to 30 ms, more of them toward the end. */
  for (guint64 i = 0; i < 60000; i++)
    {
      gint64 late = g_rand_int_range (random, 0, 200000);
      if (g_rand_double (random) < 0.1 + 0.2 * (double) i / 60000)
        late = g_rand_int_range (random, 0, 30000000);
      assay_clock_line_add (line, i * 480, true_stamp (i * 480) + late);
    }
  assert_true (assay_clock_line_fit (line, &fit));
  assert_true (fit.n <= 4096 && fit.n > 1000);
  assert_true (fabs (fit.ns_per_count / true_ns - 1) < 0.5e-6); /* the card's 40 ppm are seen to half of one */
  for (guint64 i = 0; i < 60000; i += 1000)
    assert_true (llabs (assay_clock_fit_to_ns (&fit, (double) i * 480) - true_stamp (i * 480)) < 300000);
  assert_true (fit.residual_median_ns < 100000 && fit.residual_p95_ns > 1000000);
  assert_true (fabs (assay_clock_fit_to_count (&fit, assay_clock_fit_to_ns (&fit, 1e6)) - 1e6) < 1e-3);
}

static void
exact_stamps_give_an_exact_line (void **state)
{
  g_autoptr (AssayClockLine) line = assay_clock_line_new ();
  AssayClockFit fit, back;
  for (guint64 i = 100; i < 400; i++)
    assay_clock_line_add (line, i, DAY_NS + (gint64) i * 33333333);
  assert_true (assay_clock_line_fit (line, &fit));
  assert_true (fabs (fit.ns_per_count - 33333333) < 1e-3 && fit.residual_p95_ns < 1);
  assert_int_equal (assay_clock_fit_to_ns (&fit, 1000), DAY_NS + G_GINT64_CONSTANT (33333333000));
  json_t *json = assay_clock_fit_to_json (&fit);
  assert_true (assay_clock_fit_from_json (json, &back) && back.origin_ns == fit.origin_ns && back.n == fit.n);
  json_decref (json);
}

static void
too_few_points_or_a_counter_that_stands_still_give_none (void **state)
{
  g_autoptr (AssayClockLine) line = assay_clock_line_new ();
  AssayClockFit fit;
  for (guint i = 0; i < 10; i++)
    assay_clock_line_add (line, 5, i);
  assert_false (assay_clock_line_fit (line, &fit));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (stamps_that_come_late_do_not_bend_the_line),
    cmocka_unit_test (exact_stamps_give_an_exact_line),
    cmocka_unit_test (too_few_points_or_a_counter_that_stands_still_give_none),
  };
  return cmocka_run_group_tests_name ("core/clock-line", tests, NULL, NULL);
}
