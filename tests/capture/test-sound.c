/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Microphones through a helper process that speaks core/sound-link and misbehaves on request. */
#include "capture/stream.h"

#include "core/clock.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MS G_GINT64_CONSTANT (1000000)

static AssayStream *
start (const char *words)
{
  g_autoptr (GError) error = NULL;
  AssayStream *stream = assay_stream_open (ASSAY_DEVICE_MICROPHONE, words, &error);
  if (stream == NULL || !assay_stream_start (stream, &error))
    fail_msg ("%s", error->message);
  return stream;
}

static void
a_meter_shows_what_is_heard_now (void **state)
{
  g_autoptr (AssayStream) stream = start ("sound:tone");
  AssayLevel level = { 0 };
  gint64 until_ns = assay_clock_now_ns () + 3000 * MS;
  while (level.n_samples < 16000 && assay_clock_now_ns () < until_ns)
    {
      assay_stream_peek_meter (stream, &level);
      g_usleep (20000);
    }
  assert_in_range (level.n_samples, 16000, 40000);
  assert_int_equal (level.channels, 1);
  assert_float_equal (level.held[0], 0.5, 0.001);
  assert_float_equal (level.rms[0], 0.5 / sqrt (2), 0.001);
  assert_true (level.momentary_lufs > -12 && level.momentary_lufs < -4);
  assert_int_equal (level.clipped_runs, 0);
  assert_false (assay_level_is_dead (&level));
}

/* 0.5 s of a tone, then zeros for ever: told two seconds later, and before the third. */
static void
a_microphone_that_is_muted_is_told_after_two_seconds (void **state)
{
  g_autoptr (AssayStream) stream = start ("sound:mutes");
  AssayLevel level = { 0 };
  gint64 began_ns = assay_clock_now_ns ();
  while (!assay_level_is_dead (&level) && assay_clock_now_ns () < began_ns + 5000 * MS)
    {
      assay_stream_peek_meter (stream, &level);
      g_usleep (20000);
    }
  assert_true (assay_level_is_dead (&level));
  assert_in_range (assay_clock_now_ns () - began_ns, 2400 * MS, 3500 * MS);
}

/* Killed, it can not even say so; hung, it says nothing: both are a device that is gone, within two seconds. */
static void
a_lost_microphone_is_told_within_two_seconds_and_can_be_opened_again (void **state)
{
  static const char *const ways[] = { "sound:dies", "sound:hangs" };
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      for (guint again = 0; again < 2; again++)
        {
          g_autoptr (AssayStream) stream = start (ways[i]);
          gint64 began_ns = assay_clock_now_ns ();
          while (!assay_stream_is_over (stream) && assay_clock_now_ns () < began_ns + 5000 * MS)
            g_usleep (20000);
          gint64 lasted_ns = assay_clock_now_ns () - began_ns;
          g_autofree char *trouble = assay_stream_dup_trouble (stream);
          assert_non_null (trouble);
          assert_in_range (lasted_ns, 400 * MS, 2500 * MS); /* it speaks for 0.5 s */
        }
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_meter_shows_what_is_heard_now),
    cmocka_unit_test (a_microphone_that_is_muted_is_told_after_two_seconds),
    cmocka_unit_test (a_lost_microphone_is_told_within_two_seconds_and_can_be_opened_again),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER"));
  return cmocka_run_group_tests (tests, NULL, NULL);
}
