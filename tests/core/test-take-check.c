/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json.h"
#include "core/take-check.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <glib/gstdio.h>

#include <cmocka.h>

enum
{
  RATE_HZ = 16000
};

static char *path;

/* Parts of a take: so many seconds at such a height; 0 is a quiet room, below 0 digital silence. */
typedef struct
{
  double seconds, height;
} Part;

static AssayTakeCheck
check (const Part *parts, guint n_parts)
{
  g_remove (path);
  AssaySoundWriter *writer = assay_sound_writer_new (path, RATE_HZ, 1, NULL);
  guint32 random = 7;
  gint64 n_all = 0;
  for (guint p = 0; p < n_parts; p++)
    for (gint64 i = 0; i < llround (parts[p].seconds * RATE_HZ); i++, n_all++)
      {
        random = random * 1664525 + 1013904223;
        /* Syllables: 4 a second, never down to nothing, and the hiss of a room. */
        double hiss = ((double) random / G_MAXUINT32 - 0.5) * 0.002, t = (double) n_all / RATE_HZ;
        float sample
            = parts[p].height < 0
                  ? 0
                  : (float) (parts[p].height * (0.6 + 0.4 * sin (2 * G_PI * 4 * t)) * sin (2 * G_PI * 220 * t)
                             + hiss);
        assert_true (assay_sound_writer_add (writer, &sample, 1, NULL));
      }
  assert_true (assay_sound_writer_close (writer, NULL));
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (path, NULL);
  AssayTakeCheck found;
  assert_true (assay_take_check (reader, 0, n_all, &found, NULL));
  return found;
}

#define CHECK(...) check ((const Part[]){ __VA_ARGS__ }, sizeof ((const Part[]){ __VA_ARGS__ }) / sizeof (Part))

static void
a_sentence_between_two_pauses_is_fit_and_its_place_is_known (void **state)
{
  AssayTakeCheck found = CHECK ({ 0.5, 0 }, { 1.0, 0.3 }, { 0.3, 0 }, { 1.0, 0.3 }, { 0.6, 0 });
  assert_int_equal (found.faults, 0);
  assert_float_equal (found.speech_s, 2.0, 0.1);
  assert_float_equal ((double) found.speech_start / RATE_HZ, 0.5, 0.03);
  assert_float_equal ((double) found.speech_end / RATE_HZ, 2.8, 0.03);
}

static void
each_fault_is_found_alone (void **state)
{
  static const char *const names[]
      = { "silent", "clipped", "too_quiet", "too_short", "cut_start", "cut_end", "dropout" };
  const AssayTakeCheck cases[] = {
    CHECK ({ 2, -1 }),
    CHECK ({ 0.5, 0 }, { 1, 1.2 }, { 0.5, 0 }),
    CHECK ({ 0.5, 0 }, { 1, 0.01 }, { 0.5, 0 }),
    CHECK ({ 0.5, 0 }, { 0.2, 0.3 }, { 0.5, 0 }),
    CHECK ({ 0.05, 0 }, { 1, 0.3 }, { 0.5, 0 }),
    CHECK ({ 0.5, 0 }, { 1, 0.3 }, { 0.05, 0 }),
    CHECK ({ 0.5, 0 }, { 0.5, 0.3 }, { 0.06, -1 }, { 0.5, 0.3 }, { 0.5, 0 }),
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (json_t) told = assay_take_check_to_json (&cases[i]);
      const json_t *faults = json_object_get (told, "faults");
      if (cases[i].faults != 1u << i || json_array_size (faults) != 1)
        fail_msg ("%s: %s", names[i], json_dumps (told, 0));
      assert_string_equal (assay_json_get_string (json_array_get (faults, 0), "check"), names[i]);
      assert_non_null (strchr (assay_json_get_string (json_array_get (faults, 0), "why"), ' '));
    }
}

static void
a_room_without_a_voice_and_a_click_are_no_speech (void **state)
{
  AssayTakeCheck room = CHECK ({ 2, 0 }), click = CHECK ({ 1, 0 }, { 0.03, 0.5 }, { 1, 0 });
  assert_true (room.faults & ASSAY_TAKE_TOO_SHORT);
  assert_true (room.faults & ASSAY_TAKE_TOO_QUIET);
  assert_int_equal (room.speech_end, 0);
  assert_true (click.faults & ASSAY_TAKE_TOO_SHORT);
}

static void
speech_without_a_pause_is_speech_all_the_same (void **state)
{
  AssayTakeCheck found = CHECK ({ 1.5, 0.3 });
  assert_int_equal (found.faults, ASSAY_TAKE_CUT_START | ASSAY_TAKE_CUT_END);
  assert_float_equal (found.speech_s, 1.5, 0.1);
}

/* People, reading: cut from a longer recording, so speech may reach their edges, but nothing else is wrong. */
static void
recorded_sentences_are_speech (void **state)
{
  const char *samples = g_getenv ("ASSAY_SAMPLES");
  static const char *const names[] = { "austen-0870.wav", "austen-0880.wav", "austen-0890.wav" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *speech
          = g_build_filename (samples != NULL ? samples : "", "media", "speech", names[i], NULL);
      if (!g_file_test (speech, G_FILE_TEST_EXISTS))
        {
          print_message ("# not run: %s is not there\n", names[i]);
          return;
        }
      g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (speech, NULL);
      AssayTakeCheck found;
      gint64 n = assay_sound_reader_get_facts (reader)->n_samples;
      assert_true (assay_take_check (reader, 0, n, &found, NULL));
      assert_int_equal (found.faults & ~(guint) (ASSAY_TAKE_CUT_START | ASSAY_TAKE_CUT_END), 0);
      assert_true (found.speech_s > 0.5 * (double) n / found.rate_hz);
    }
}

static int
set_up (void **state)
{
  g_autofree char *directory = g_dir_make_tmp ("assay-take-XXXXXX", NULL);
  path = g_build_filename (directory, "a.wav", NULL);
  return 0;
}

static int
tear_down (void **state)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_remove (path);
  g_rmdir (directory);
  g_free (path);
  return 0;
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_sentence_between_two_pauses_is_fit_and_its_place_is_known),
    cmocka_unit_test (each_fault_is_found_alone),
    cmocka_unit_test (a_room_without_a_voice_and_a_click_are_no_speech),
    cmocka_unit_test (speech_without_a_pause_is_speech_all_the_same),
    cmocka_unit_test (recorded_sentences_are_speech),
  };
  return cmocka_run_group_tests (tests, set_up, tear_down);
}
