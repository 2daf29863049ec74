/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sync-mark.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define RATE 48000
#define N (10 * RATE)

static float *
make_room (gdouble noise)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  float *samples = g_new (float, N);
  for (guint i = 0; i < N; i++)
    samples[i] = (float) g_rand_double_range (random, -noise, noise);
  return samples;
}

static void
a_clap_is_found_to_the_half_millisecond_over_noise_and_speech (void **state)
{
  g_autofree float *samples = make_room (0.003);
  AssayClap clap;
  /* A voice: 150 Hz that swells over 100 ms, as loud as the clap at its height. */
  for (guint i = 0; i < 2 * RATE; i++)
    samples[RATE + i] += (float) (0.5 * MIN (i / (0.1 * RATE), 1) * sin (2 * G_PI * 150 * i / RATE));
  for (guint i = 0; i < RATE / 20; i++)
    samples[6 * RATE + 123 + i] += (float) (0.6 * exp (-(double) i / 400) * sin (2 * G_PI * 1900 * i / RATE));
  assert_true (assay_sync_find_clap (samples, N, RATE, &clap));
  assert_true (llabs (clap.sample - (6 * RATE + 123)) <= RATE / 2000);
  assert_true (clap.strength_db > 30);
}

static void
a_quiet_room_and_digital_silence_have_no_clap (void **state)
{
  g_autofree float *room = make_room (0.01), *silence = make_room (0);
  AssayClap clap;
  assert_false (assay_sync_find_clap (room, N, RATE, &clap));
  assert_false (assay_sync_find_clap (silence, N, RATE, &clap));
}

static void
a_flash_is_the_first_frame_that_it_lights_by_half (void **state)
{
  double luma[200];
  AssayFlash flash;
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  for (guint i = 0; i < 200; i++)
    luma[i] = 60 + i * 0.05 + g_rand_double_range (random, -1, 1); /* it gets lighter slowly */
  luma[120] += 3;                                                  /* the shutter's last lines */
  luma[121] += 45;
  luma[122] += 80;
  luma[123] += 20;
  assert_true (assay_sync_find_flash (luma, 200, &flash));
  assert_int_equal (flash.frame, 121);
  assert_true (flash.rise > 70);
}

static void
flicker_is_no_flash (void **state)
{
  double luma[200];
  AssayFlash flash;
  for (guint i = 0; i < 200; i++)
    luma[i] = 100 + 6 * sin (i * 2.0);
  assert_false (assay_sync_find_flash (luma, 200, &flash));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_clap_is_found_to_the_half_millisecond_over_noise_and_speech),
    cmocka_unit_test (a_quiet_room_and_digital_silence_have_no_clap),
    cmocka_unit_test (a_flash_is_the_first_frame_that_it_lights_by_half),
    cmocka_unit_test (flicker_is_no_flash),
  };
  return cmocka_run_group_tests_name ("core/sync-mark", tests, NULL, NULL);
}
