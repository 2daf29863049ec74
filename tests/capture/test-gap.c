/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/account.h"
#include "capture/gap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define PERIOD_NS G_GINT64_CONSTANT (33333333)

typedef struct
{
  AssayFrameWatch watch;
  guint64 sequence;
  gint64 stamp_ns;
  guint64 missing;
  AssayGap last;
} Camera;

static void
deliver (Camera *camera, guint sequence_step, gint64 stamp_step_ns)
{
  AssayGap gap;
  camera->sequence += sequence_step;
  camera->stamp_ns += stamp_step_ns;
  if (assay_frame_watch_look (&camera->watch, (guint32) camera->sequence, camera->stamp_ns, &gap))
    {
      camera->missing += gap.missing;
      camera->last = gap;
    }
}

static void
deliver_many (Camera *camera, guint n, gint64 stamp_step_ns)
{
  for (guint i = 0; i < n; i++)
    deliver (camera, 1, stamp_step_ns + (i % 3 == 0 ? 900000 : -450000)); /* cameras jitter */
}

static void
a_steady_camera_has_no_gaps (void **state)
{
  Camera camera = { 0 };
  deliver_many (&camera, 1000, PERIOD_NS);
  assert_int_equal (camera.missing, 0);
}

static void
a_jump_of_the_counter_is_counted_once (void **state)
{
  Camera camera = { 0 };
  deliver_many (&camera, 50, PERIOD_NS);
  deliver (&camera, 4, 4 * PERIOD_NS);
  deliver_many (&camera, 50, PERIOD_NS);
  assert_int_equal (camera.missing, 3);
  assert_int_equal (camera.last.how, ASSAY_GAP_SEQUENCE);
}

static void
the_counter_wraps_without_a_gap (void **state)
{
  Camera camera = { .sequence = G_MAXUINT32 - 10 };
  deliver_many (&camera, 30, PERIOD_NS);
  assert_int_equal (camera.missing, 0);
  camera.sequence = G_MAXUINT32 - 1 + (1ull << 32);
  camera.watch.last_sequence = (guint32) camera.sequence;
  deliver (&camera, 4, 4 * PERIOD_NS);
  assert_int_equal (camera.missing, 3);
}

static void
a_hole_in_the_stamps_is_found_when_the_camera_does_not_count (void **state)
{
  Camera camera = { 0 };
  deliver_many (&camera, 50, PERIOD_NS);
  deliver (&camera, 1, 3 * PERIOD_NS);
  gint64 after_ns = camera.stamp_ns;
  deliver_many (&camera, 50, PERIOD_NS);
  assert_int_equal (camera.missing, 2);
  assert_int_equal (camera.last.how, ASSAY_GAP_STAMP);
  assert_int_equal (camera.last.at_ns, after_ns);
}

static void
a_stamp_that_is_late_alone_is_no_loss (void **state)
{
  Camera camera = { 0 };
  deliver_many (&camera, 50, PERIOD_NS);
  for (guint i = 0; i < 20; i++)
    {
      deliver (&camera, 1, PERIOD_NS * 18 / 10);
      deliver (&camera, 1, PERIOD_NS * 2 / 10);
      deliver_many (&camera, i % 5, PERIOD_NS);
    }
  deliver_many (&camera, 50, PERIOD_NS);
  assert_int_equal (camera.missing, 0);
}

/* A busy machine: nothing for half a second, then all of it at once. */
static void
frames_that_come_late_in_a_burst_are_no_loss_and_the_pace_stays_known (void **state)
{
  Camera camera = { 0 };
  deliver_many (&camera, 60, PERIOD_NS);
  for (guint round = 0; round < 5; round++)
    {
      deliver (&camera, 1, 15 * PERIOD_NS);
      for (guint i = 0; i < 14; i++)
        deliver (&camera, 1, 1000000);
      camera.stamp_ns -= 14 * 1000000; /* the next one is in time again */
      deliver_many (&camera, 7, PERIOD_NS);
    }
  deliver_many (&camera, 50, PERIOD_NS);
  assert_int_equal (camera.missing, 0);
  assert_true (llabs (assay_frame_watch_period_ns (&camera.watch) - PERIOD_NS) < PERIOD_NS / 100);
}

static void
what_is_lost_in_the_middle_of_a_burst_is_counted (void **state)
{
  Camera camera = { 0 };
  deliver_many (&camera, 60, PERIOD_NS);
  deliver (&camera, 1, 15 * PERIOD_NS);
  for (guint i = 0; i < 9; i++) /* five of fourteen never come, and the counter does not say so */
    deliver (&camera, 1, 1000000);
  camera.stamp_ns -= 9 * 1000000;
  deliver_many (&camera, 50, PERIOD_NS);
  assert_int_equal (camera.missing, 5);
}

static void
two_holes_close_to_each_other_are_both_counted (void **state)
{
  Camera camera = { 0 };
  deliver_many (&camera, 60, PERIOD_NS);
  deliver (&camera, 1, 3 * PERIOD_NS);
  deliver (&camera, 1, PERIOD_NS);
  deliver (&camera, 1, 2 * PERIOD_NS);
  deliver_many (&camera, 50, PERIOD_NS);
  assert_int_equal (camera.missing, 3);
}

static void
a_hole_before_the_last_frame_is_found_at_the_end (void **state)
{
  Camera camera = { 0 };
  AssayGap gap;
  deliver_many (&camera, 50, PERIOD_NS);
  deliver (&camera, 1, 5 * PERIOD_NS);
  assert_int_equal (camera.missing, 0);
  assert_true (assay_frame_watch_end (&camera.watch, &gap));
  assert_int_equal (gap.missing, 4);
  assert_false (assay_frame_watch_end (&camera.watch, &gap));
}

static void
a_camera_that_slows_down_in_dim_light_loses_nothing (void **state)
{
  Camera camera = { 0 };
  deliver_many (&camera, 50, PERIOD_NS);
  deliver_many (&camera, 50, 2 * PERIOD_NS);
  deliver_many (&camera, 50, PERIOD_NS);
  deliver_many (&camera, 50, 4 * PERIOD_NS);
  assert_int_equal (camera.missing, 0);
}

static void
a_counter_that_starts_again_is_no_loss (void **state)
{
  Camera camera = { 0 };
  deliver_many (&camera, 50, PERIOD_NS);
  camera.sequence = 0;
  deliver_many (&camera, 50, PERIOD_NS);
  assert_int_equal (camera.missing, 0);
}

#define RATE_HZ 48000
#define BLOCK 480

typedef struct
{
  AssaySoundWatch watch;
  guint64 sample;
  gint64 clock_ns;
  guint64 missing;
} Microphone;

/* `ppm`: how much slower than told the device's clock runs; blocks come up to 8 ms late. */
static void
hear (Microphone *microphone, guint n_blocks, double ppm)
{
  for (guint i = 0; i < n_blocks; i++)
    {
      AssayGap gap;
      gint64 late_ns = i * 7919 % 9 * G_GINT64_CONSTANT (1000000);
      if (assay_sound_watch_look (&microphone->watch, RATE_HZ, microphone->sample, BLOCK,
                                  microphone->clock_ns + late_ns, FALSE, &gap))
        microphone->missing += gap.missing;
      microphone->sample += BLOCK;
      microphone->clock_ns += (gint64) (1e9 * BLOCK / RATE_HZ * (1 + ppm / 1e6));
    }
}

static void
an_hour_of_a_drifting_clock_is_no_loss (void **state)
{
  Microphone microphone = { 0 };
  hear (&microphone, 360000, 200);
  assert_int_equal (microphone.missing, 0);
}

static void
a_jump_of_the_sample_index_is_counted_exactly (void **state)
{
  Microphone microphone = { 0 };
  hear (&microphone, 500, 50);
  microphone.sample += 4800;
  microphone.clock_ns += 100000000;
  hear (&microphone, 500, 50);
  assert_int_equal (microphone.missing, 4800);
}

static void
samples_that_time_says_should_have_come_are_missed (void **state)
{
  Microphone microphone = { 0 };
  hear (&microphone, 500, 50);
  microphone.clock_ns += 500000000; /* half a second of which the device never spoke */
  hear (&microphone, 500, 50);
  assert_in_range (microphone.missing, RATE_HZ / 2 - 2 * BLOCK, RATE_HZ / 2 + 2 * BLOCK);
}

/* What a server that is short of time does: one period lost, again and again, without a flag. */
static void
single_blocks_lost_again_and_again_add_up (void **state)
{
  Microphone microphone = { 0 };
  hear (&microphone, 500, 50);
  for (guint i = 0; i < 40; i++)
    {
      microphone.clock_ns += 10000000;
      hear (&microphone, 50, 50);
    }
  assert_in_range (microphone.missing, 36 * BLOCK, 40 * BLOCK);
}

/* Everything comes 60 ms late for 0.7 s, as on a machine that is busy, and then as before. */
static void
a_delay_that_passes_within_a_second_is_no_loss (void **state)
{
  Microphone microphone = { 0 };
  hear (&microphone, 500, 0);
  for (guint i = 0; i < 5; i++)
    {
      microphone.clock_ns += 60000000;
      hear (&microphone, 70, 0);
      microphone.clock_ns -= 60000000;
      hear (&microphone, 100, 0);
    }
  assert_int_equal (microphone.missing, 0);
}

static void
what_the_driver_flags_is_a_gap_as_long_as_the_clock_says (void **state)
{
  Microphone microphone = { 0 };
  AssayGap gap;
  hear (&microphone, 20, 0); /* before there is anything to compare windows with */
  microphone.clock_ns += 50000000;
  assert_true (assay_sound_watch_look (&microphone.watch, RATE_HZ, microphone.sample, BLOCK, microphone.clock_ns,
                                       TRUE, &gap));
  assert_int_equal (gap.how, ASSAY_GAP_FLAG);
  assert_in_range (gap.missing, 2400 - BLOCK, 2400 + BLOCK);
  microphone.sample += BLOCK;
  microphone.clock_ns += 10000000;
  hear (&microphone, 500, 0);
  assert_int_equal (microphone.missing, 0);
}

static void
a_loss_just_before_the_end_is_found (void **state)
{
  Microphone microphone = { 0 };
  AssayGap gap;
  hear (&microphone, 100, 0);
  microphone.clock_ns += 500000000;
  hear (&microphone, 30, 0);
  assert_int_equal (microphone.missing, 0);
  assert_true (assay_sound_watch_end (&microphone.watch, RATE_HZ, &gap));
  assert_in_range (gap.missing, RATE_HZ / 2 - 2 * BLOCK, RATE_HZ / 2 + 2 * BLOCK);
}

static void
one_late_block_is_no_loss (void **state)
{
  Microphone microphone = { 0 };
  AssayGap gap;
  hear (&microphone, 500, 0);
  assert_false (assay_sound_watch_look (&microphone.watch, RATE_HZ, microphone.sample, BLOCK,
                                        microphone.clock_ns + 700000000, FALSE, &gap));
  microphone.sample += BLOCK;
  microphone.clock_ns += 10000000;
  hear (&microphone, 500, 0);
  assert_int_equal (microphone.missing, 0);
}

/* Frames of a steady camera, each 5 ms under way; the watch's word is given to the account as a lane does. */
static void
account_for (AssayAccount *account, guint64 first, guint n, gint64 begin_ns, gint64 late_ns)
{
  for (guint i = 0; i < n; i++)
    {
      gint64 stamp_ns = begin_ns + i * PERIOD_NS;
      assay_account_add (account, TRUE, (guint32) (first + i), 1, 0, stamp_ns,
                         stamp_ns + 5000000 + (i == n / 2 ? late_ns : i % 4 * 1000000), PERIOD_NS);
    }
}

static void
the_account_counts_across_the_wrap_and_anew_when_the_camera_is_back (void **state)
{
  AssayAccount account = { 0 };
  account_for (&account, G_MAXUINT32 - 9, 30, 0, 0);
  assert_int_equal (account.counted, 30);
  assay_account_resume (&account);
  account_for (&account, 0, 20, 100 * PERIOD_NS, 0);
  assert_int_equal (account.counted, 50);
  assert_int_equal (assay_account_expect_by_rate (&account), 50);
}

static void
what_the_counter_jumps_over_is_expected_by_number_and_by_time (void **state)
{
  AssayAccount account = { 0 };
  account_for (&account, 0, 300, 0, 0);
  assay_account_add (&account, TRUE, 307, 1, 7, 307 * PERIOD_NS, 307 * PERIOD_NS + 5000000, PERIOD_NS);
  assert_int_equal (account.counted, 308);
  assert_int_equal (assay_account_expect_by_rate (&account), 308);
}

static void
a_frame_that_comes_a_period_behind_the_others_is_late_and_a_slow_way_is_not (void **state)
{
  AssayAccount account = { 0 };
  account_for (&account, 0, 200, 0, 2 * PERIOD_NS);
  assert_int_equal (account.late, 1);
  AssayAccount slow = { 0 };
  for (guint i = 0; i < 200; i++)
    assay_account_add (&slow, TRUE, i, 1, 0, i * PERIOD_NS, i * PERIOD_NS + 3 * PERIOD_NS, PERIOD_NS);
  assert_int_equal (slow.late, 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_steady_camera_has_no_gaps),
    cmocka_unit_test (a_jump_of_the_counter_is_counted_once),
    cmocka_unit_test (the_counter_wraps_without_a_gap),
    cmocka_unit_test (a_hole_in_the_stamps_is_found_when_the_camera_does_not_count),
    cmocka_unit_test (a_stamp_that_is_late_alone_is_no_loss),
    cmocka_unit_test (frames_that_come_late_in_a_burst_are_no_loss_and_the_pace_stays_known),
    cmocka_unit_test (what_is_lost_in_the_middle_of_a_burst_is_counted),
    cmocka_unit_test (two_holes_close_to_each_other_are_both_counted),
    cmocka_unit_test (a_hole_before_the_last_frame_is_found_at_the_end),
    cmocka_unit_test (a_camera_that_slows_down_in_dim_light_loses_nothing),
    cmocka_unit_test (a_counter_that_starts_again_is_no_loss),
    cmocka_unit_test (an_hour_of_a_drifting_clock_is_no_loss),
    cmocka_unit_test (a_jump_of_the_sample_index_is_counted_exactly),
    cmocka_unit_test (samples_that_time_says_should_have_come_are_missed),
    cmocka_unit_test (single_blocks_lost_again_and_again_add_up),
    cmocka_unit_test (a_delay_that_passes_within_a_second_is_no_loss),
    cmocka_unit_test (what_the_driver_flags_is_a_gap_as_long_as_the_clock_says),
    cmocka_unit_test (a_loss_just_before_the_end_is_found),
    cmocka_unit_test (one_late_block_is_no_loss),
    cmocka_unit_test (the_account_counts_across_the_wrap_and_anew_when_the_camera_is_back),
    cmocka_unit_test (what_the_counter_jumps_over_is_expected_by_number_and_by_time),
    cmocka_unit_test (a_frame_that_comes_a_period_behind_the_others_is_late_and_a_slow_way_is_not),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER"));
  return cmocka_run_group_tests (tests, NULL, NULL);
}
