/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/skew.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define PERIOD_NS G_GINT64_CONSTANT (33333333)

static void
a_constant_offset_is_found_with_its_sign_however_the_frames_arrive (void **state)
{
  g_autoptr (AssaySkew) skew = assay_skew_new (3);
  AssaySkewFacts facts;
  /* Camera 1 is 4 ms late and arrives first; camera 2 is 9 ms early and arrives three frames later. */
  for (gint64 i = 0; i < 1000; i++)
    {
      assay_skew_add (skew, 1, i * PERIOD_NS + 4000000);
      assay_skew_add (skew, 0, i * PERIOD_NS);
      if (i >= 3)
        assay_skew_add (skew, 2, (i - 3) * PERIOD_NS - 9000000);
    }
  assert_true (assay_skew_get (skew, 1, TRUE, &facts));
  assert_int_equal (facts.pairs, 999); /* the last one's partner may still come */
  assert_true (facts.offset_ns == 4000000 && facts.median_ns == 4000000 && facts.p95_ns == 4000000);
  assert_true (assay_skew_get (skew, 2, FALSE, &facts));
  assert_true (facts.offset_ns == -9000000 && facts.median_ns == 9000000);
  assert_int_equal (facts.alone, 1); /* the one before camera 0 began */
  assert_false (assay_skew_get (skew, 0, TRUE, &facts));
}

static void
a_frame_whose_partner_was_lost_is_alone_and_spoils_no_figure (void **state)
{
  g_autoptr (AssaySkew) skew = assay_skew_new (2);
  AssaySkewFacts facts;
  for (gint64 i = 0; i < 500; i++)
    {
      if (i % 10 != 5)
        assay_skew_add (skew, 0, i * PERIOD_NS);
      assay_skew_add (skew, 1, i * PERIOD_NS + 1000000);
    }
  assert_true (assay_skew_get (skew, 1, TRUE, &facts));
  assert_true (facts.alone >= 49 && facts.pairs >= 448);
  assert_true (facts.p95_ns == 1000000);
}

static void
cameras_that_run_freely_show_their_drift_in_the_recent_figure (void **state)
{
  g_autoptr (AssaySkew) skew = assay_skew_new (2);
  AssaySkewFacts whole, recent;
  for (gint64 i = 0; i < 3000; i++)
    {
      assay_skew_add (skew, 0, i * PERIOD_NS);
      assay_skew_add (skew, 1, i * PERIOD_NS + i * 5000); /* 15 ms apart at the end */
    }
  assert_true (assay_skew_get (skew, 1, TRUE, &whole) && assay_skew_get (skew, 1, FALSE, &recent));
  assert_true (fabs (whole.median_ns - 7500000) < 50000 && recent.median_ns > 14000000);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_constant_offset_is_found_with_its_sign_however_the_frames_arrive),
    cmocka_unit_test (a_frame_whose_partner_was_lost_is_alone_and_spoils_no_figure),
    cmocka_unit_test (cameras_that_run_freely_show_their_drift_in_the_recent_figure),
  };
  return cmocka_run_group_tests_name ("capture/skew", tests, NULL, NULL);
}
