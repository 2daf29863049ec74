/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/sound.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <glib/gstdio.h>

#include <cmocka.h>

enum
{
  RATE_HZ = 16000,
  N = 40000
};

typedef struct
{
  char *directory, *path;
  float samples[2 * N];
} Fixture;

/* Every sample is a 24-bit number, as a converter delivers them, both ends of the range among them. */
static int
set_up (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);
  f->directory = g_dir_make_tmp ("assay-sound-XXXXXX", NULL);
  f->path = g_build_filename (f->directory, "a.wav", NULL);
  guint32 random = 1;
  for (guint i = 0; i < 2 * N; i++)
    {
      random = random * 1664525 + 1013904223;
      f->samples[i] = (float) ((gint32) random >> 8) / 8388608.0f;
    }
  f->samples[0] = -1;
  f->samples[1] = 8388607.0f / 8388608.0f;
  *state = f;
  return 0;
}

static int
tear_down (void **state)
{
  Fixture *f = *state;
  GDir *folder = g_dir_open (f->directory, 0, NULL);
  for (const char *name; (name = g_dir_read_name (folder)) != NULL;)
    {
      g_autofree char *path = g_build_filename (f->directory, name, NULL);
      g_remove (path);
    }
  g_dir_close (folder);
  g_rmdir (f->directory);
  g_free (f->directory);
  g_free (f->path);
  g_free (f);
  return 0;
}

static char *
beside (Fixture *f, const char *name)
{
  return g_build_filename (f->directory, name, NULL);
}

static void
record (Fixture *f, guint channels)
{
  AssaySoundWriter *writer = assay_sound_writer_new (f->path, RATE_HZ, channels, NULL);
  assert_non_null (writer);
  assert_true (assay_sound_writer_add (writer, f->samples, N, NULL));
  assert_true (assay_sound_writer_close (writer, NULL));
}

static void
assert_holds (const char *path, const float *want, guint channels, gint64 n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (path, &error);
  if (reader == NULL)
    fail_msg ("%s", error->message);
  assert_int_equal (assay_sound_reader_get_facts (reader)->n_samples, n);
  assert_int_equal (assay_sound_reader_get_facts (reader)->channels, channels);
  g_autofree float *got = g_new (float, n *channels);
  assert_int_equal (assay_sound_reader_read (reader, 0, n, got, NULL), n);
  assert_memory_equal (got, want, sizeof (float) * n * channels);
}

static void
what_was_recorded_comes_back_bit_for_bit (void **state)
{
  Fixture *f = *state;
  record (f, 2);
  assert_holds (f->path, f->samples, 2, N);
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (f->path, NULL);
  float few[20];
  assert_int_equal (assay_sound_reader_read (reader, N - 3, 10, few, NULL), 3);
  assert_memory_equal (few, f->samples + 2 * (N - 3), sizeof (float) * 6);
  assert_int_equal (assay_sound_reader_read (reader, N, 10, few, NULL), 0);
}

/* A crash leaves the bytes as they are on disk at that moment: a copy of the file while the writer is open. */
static void
after_a_crash_everything_up_to_the_last_flush_is_there (void **state)
{
  Fixture *f = *state;
  g_autofree char *crashed = beside (f, "crashed.wav");
  g_autoptr (AssaySoundWriter) writer = assay_sound_writer_new (f->path, RATE_HZ, 1, NULL);
  for (int second = 0; second < 2; second++)
    {
      g_autofree char *bytes = NULL;
      gsize n_bytes;
      assert_true (assay_sound_writer_add (writer, f->samples + second * RATE_HZ, RATE_HZ, NULL));
      assert_true (assay_sound_writer_flush (writer, NULL));
      assert_true (g_file_get_contents (f->path, &bytes, &n_bytes, NULL));
      assert_true (g_file_set_contents (crashed, bytes, (gssize) n_bytes, NULL));
      assert_holds (crashed, f->samples, 1, (second + 1) * RATE_HZ);
    }
}

static void
a_recording_never_overwrites (void **state)
{
  Fixture *f = *state;
  record (f, 1);
  g_autoptr (GError) error = NULL;
  assert_null (assay_sound_writer_new (f->path, RATE_HZ, 1, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT));
  assert_holds (f->path, f->samples, 1, N);
}

static void
too_loud_and_undefined_samples_are_clipped_and_silent (void **state)
{
  Fixture *f = *state;
  const float wild[4] = { 3, -3, NAN, 1 }, tame[4] = { 8388607.0f / 8388608.0f, -1, 0, 8388607.0f / 8388608.0f };
  AssaySoundWriter *writer = assay_sound_writer_new (f->path, RATE_HZ, 1, NULL);
  assert_true (assay_sound_writer_add (writer, wild, 4, NULL));
  assert_true (assay_sound_writer_close (writer, NULL));
  assert_holds (f->path, tame, 1, 4);
}

static void
a_range_is_copied_exactly_to_wav_and_flac (void **state)
{
  Fixture *f = *state;
  static const char *const names[] = { "part.wav", "part.flac" };
  record (f, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *out = beside (f, names[i]);
      assert_true (assay_sound_copy_range (f->path, 1234, 5678, out, NULL));
      assert_holds (out, f->samples + 2 * 1234, 2, 5678 - 1234);
      AssaySoundFacts facts;
      assert_true (assay_sound_probe (out, TRUE, &facts, NULL));
      assert_string_equal (facts.type, names[i] + 5);
      assert_int_equal (facts.rate_hz, RATE_HZ);
    }
  g_autoptr (GError) error = NULL;
  g_autofree char *out = beside (f, "long.wav");
  assert_false (assay_sound_copy_range (f->path, 0, N + 1, out, &error));
  assert_false (g_file_test (out, G_FILE_TEST_EXISTS));
}

static void
cut_files_give_what_is_in_them (void **state)
{
  Fixture *f = *state;
  g_autofree char *bytes = NULL, *cut = beside (f, "cut.wav");
  gsize n_bytes;
  record (f, 1);
  assert_true (g_file_get_contents (f->path, &bytes, &n_bytes, NULL));
  assert_true (g_file_set_contents (cut, bytes, (gssize) (n_bytes - 3 * 1000), NULL));
  AssaySoundFacts facts;
  assert_true (assay_sound_probe (cut, TRUE, &facts, NULL));
  assert_int_equal (facts.n_samples, N - 1000);
  g_autoptr (GError) error = NULL;
  assert_true (g_file_set_contents (cut, bytes, 30, NULL));
  assert_false (assay_sound_probe (cut, TRUE, &facts, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
}

static void
damaged_flac_is_refused_and_names_the_place (void **state)
{
  Fixture *f = *state;
  g_autofree char *bytes = NULL, *out = beside (f, "a.flac");
  gsize n_bytes;
  record (f, 1);
  assert_true (assay_sound_copy_range (f->path, 0, N, out, NULL));
  assert_true (g_file_get_contents (out, &bytes, &n_bytes, NULL));
  memset (bytes + n_bytes / 2, 0x5a, 2000);
  assert_true (g_file_set_contents (out, bytes, (gssize) n_bytes, NULL));
  AssaySoundFacts facts;
  g_autoptr (GError) error = NULL;
  assert_false (assay_sound_probe (out, TRUE, &facts, &error));
  assert_non_null (strstr (error->message, "damaged after sample"));
}

static void
what_is_no_sound_is_refused_in_one_line (void **state)
{
  Fixture *f = *state;
  AssaySoundFacts facts;
  g_autoptr (GError) absent = NULL, text = NULL;
  assert_false (assay_sound_probe (f->path, FALSE, &facts, &absent));
  assert_true (g_error_matches (absent, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND));
  assert_true (g_file_set_contents (f->path, "hello, this is text", -1, NULL));
  assert_false (assay_sound_probe (f->path, FALSE, &facts, &text));
  assert_true (g_error_matches (text, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
  assert_null (strchr (text->message, '\n'));
}

static void
peaks_are_the_extremes_and_the_power_of_each_part (void **state)
{
  Fixture *f = *state;
  for (guint i = 0; i < N; i++)
    {
      f->samples[2 * i] = i < N / 2 ? 0.5f : -0.25f; /* left; right is silent: the average halves it */
      f->samples[2 * i + 1] = 0;
    }
  f->samples[2 * 100] = -1;
  record (f, 2);
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (f->path, NULL);
  AssaySoundPeak peaks[4];
  assert_true (assay_sound_reader_peaks (reader, 0, N, 4, peaks, NULL));
  assert_float_equal (peaks[0].low, -0.5, 1e-6);
  assert_float_equal (peaks[0].high, 0.25, 1e-6);
  assert_float_equal (peaks[1].rms, 0.25, 1e-6);
  assert_float_equal (peaks[3].high, -0.125, 1e-6);
  assert_float_equal (peaks[3].rms, 0.125, 1e-6);
  AssaySoundPeak close[8];
  assert_true (assay_sound_reader_peaks (reader, 99, 101, 8, close, NULL));
  assert_float_equal (close[3].low, 0.25, 1e-6);
  assert_float_equal (close[4].high, -0.5, 1e-6);
}

#define WITH_FILES(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    WITH_FILES (what_was_recorded_comes_back_bit_for_bit),
    WITH_FILES (after_a_crash_everything_up_to_the_last_flush_is_there),
    WITH_FILES (a_recording_never_overwrites),
    WITH_FILES (too_loud_and_undefined_samples_are_clipped_and_silent),
    WITH_FILES (a_range_is_copied_exactly_to_wav_and_flac),
    WITH_FILES (cut_files_give_what_is_in_them),
    WITH_FILES (damaged_flac_is_refused_and_names_the_place),
    WITH_FILES (what_is_no_sound_is_refused_in_one_line),
    WITH_FILES (peaks_are_the_extremes_and_the_power_of_each_part),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
