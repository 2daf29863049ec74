/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/level-meter.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum
{
  RATE_HZ = 48000
};

static void
add_tone (AssayLevelMeter *meter, double height, double seconds)
{
  gsize n = (gsize) lround (seconds * RATE_HZ);
  g_autofree float *samples = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    samples[i] = (float) (height * sin (2 * G_PI * 1000 * (double) i / RATE_HZ));
  assay_level_meter_add (meter, samples, n);
}

static void
add_same (AssayLevelMeter *meter, float value, gsize n)
{
  g_autofree float *samples = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    samples[i] = value;
  assay_level_meter_add (meter, samples, n);
}

static void
a_tone_has_its_peak_its_power_and_its_loudness (void **state)
{
  g_autoptr (AssayLevelMeter) meter = assay_level_meter_new (RATE_HZ, 1);
  const AssayLevel *level = assay_level_meter_get (meter);
  assert_true (isinf (level->momentary_lufs));
  add_tone (meter, pow (10, -23.0 / 20), 5);
  assert_float_equal (assay_level_to_db (level->held[0]), -23, 0.02);
  assert_float_equal (assay_level_to_db (level->rms[0]), -23 - 10 * log10 (2), 0.02);
  assert_float_equal (level->momentary_lufs, -23, 0.1);
  assert_float_equal (level->short_term_lufs, -23, 0.1);
  assert_float_equal (level->integrated_lufs, -23, 0.11);
  assert_int_equal (level->clipped_runs, 0);
  assert_int_equal (level->n_silences, 0);
  assert_float_equal (level->dc, 0, 1e-4);
}

static void
the_peak_stands_for_a_second_and_a_half_and_then_falls (void **state)
{
  g_autoptr (AssayLevelMeter) meter = assay_level_meter_new (RATE_HZ, 1);
  const AssayLevel *level = assay_level_meter_get (meter);
  add_tone (meter, 0.5, 0.1);
  add_tone (meter, 0.001, 1.45);
  assert_float_equal (level->held[0], 0.5, 1e-3);
  assert_float_equal (assay_level_to_db (level->rms[0]), assay_level_to_db (0.001) - 3.01, 0.1);
  add_tone (meter, 0.001, 1.75);
  assert_float_equal (assay_level_to_db (level->held[0]), assay_level_to_db (0.5) - 20, 0.5);
  assert_float_equal (level->highest, 0.5, 1e-3);
}

static void
three_samples_at_full_scale_are_clipping_and_two_are_not (void **state)
{
  static const float loud[] = { 0, 1, 1, 0.5f, -1, -1, 0 };
  static const float clipped[] = { 0, 32766.0f / 32768, 1, 1, 1, 0, -1, -1, -1, 0.9f };
  g_autoptr (AssayLevelMeter) meter = assay_level_meter_new (RATE_HZ, 1);
  const AssayLevel *level = assay_level_meter_get (meter);
  assay_level_meter_add (meter, loud, G_N_ELEMENTS (loud));
  assert_int_equal (level->clipped_runs, 0);
  /* A run goes on from block to block. */
  assay_level_meter_add (meter, clipped, 3);
  assay_level_meter_add (meter, clipped + 3, G_N_ELEMENTS (clipped) - 3);
  assert_int_equal (level->clipped_runs, 2);
  assert_int_equal (level->clipped_samples, 7);
  assert_int_equal (level->first_clipped, G_N_ELEMENTS (loud) + 1);
  add_tone (meter, 0.1, 3);
  assert_int_equal (level->clipped_runs, 2);
}

static void
each_channel_is_judged_by_itself_and_one_living_channel_is_no_silence (void **state)
{
  g_autoptr (AssayLevelMeter) meter = assay_level_meter_new (RATE_HZ, 2);
  const AssayLevel *level = assay_level_meter_get (meter);
  g_autofree float *samples = g_new0 (float, 2 * 3 * RATE_HZ);
  for (guint i = 0; i < 3 * RATE_HZ; i++)
    samples[2 * i + 1] = 0.25f * (float) sin (i * 0.1);
  assay_level_meter_add (meter, samples, 3 * RATE_HZ);
  assert_float_equal (level->held[0], 0, 0);
  assert_float_equal (level->held[1], 0.25, 1e-3);
  assert_false (assay_level_is_dead (level));
  assert_int_equal (level->n_silences, 0);
}

static void
two_seconds_of_one_value_are_a_dead_microphone_and_shorter_ones_are_told (void **state)
{
  g_autoptr (AssayLevelMeter) meter = assay_level_meter_new (RATE_HZ, 1);
  const AssayLevel *level = assay_level_meter_get (meter);
  add_tone (meter, 0.1, 1);
  add_same (meter, 0.0125f, RATE_HZ / 100); /* too short to be told */
  add_tone (meter, 0.1, 1);
  guint64 at = level->n_samples;
  add_same (meter, 0.0125f, 2 * RATE_HZ - 1);
  assert_false (assay_level_is_dead (level));
  assert_float_equal ((double) level->silent_samples / RATE_HZ, 2, 1e-3);
  add_same (meter, 0.0125f, 1);
  assert_true (assay_level_is_dead (level));
  add_tone (meter, 0.1, 1);
  assert_false (assay_level_is_dead (level));
  assert_int_equal (level->n_silences, 1);
  assert_int_equal (level->longest_silence, 2 * RATE_HZ);
  assert_int_equal (level->longest_silence_at, at);
}

static void
what_is_no_number_spoils_nothing (void **state)
{
  static const float bad[] = { NAN, INFINITY, -INFINITY };
  g_autoptr (AssayLevelMeter) meter = assay_level_meter_new (RATE_HZ, 1);
  const AssayLevel *level = assay_level_meter_get (meter);
  assay_level_meter_add (meter, bad, 3);
  add_tone (meter, 0.1, 1);
  assert_float_equal (level->highest, 0.1, 1e-3);
  assert_true (isfinite (level->momentary_lufs) && isfinite (level->dc) && isfinite (level->rms[0]));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_tone_has_its_peak_its_power_and_its_loudness),
    cmocka_unit_test (the_peak_stands_for_a_second_and_a_half_and_then_falls),
    cmocka_unit_test (three_samples_at_full_scale_are_clipping_and_two_are_not),
    cmocka_unit_test (each_channel_is_judged_by_itself_and_one_living_channel_is_no_silence),
    cmocka_unit_test (two_seconds_of_one_value_are_a_dead_microphone_and_shorter_ones_are_told),
    cmocka_unit_test (what_is_no_number_spoils_nothing),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
