/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signals of EBU Tech 3341 and 3342 that can be computed, as 48 kHz files through the whole path of
 * `assay measure loudness`; tolerances are those of the documents. */
#include "core/loudness.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <glib/gstdio.h>

#include <cmocka.h>

enum
{
  RATE_HZ = 48000,
  TONE_HZ = 1000,
  MOST_CHANNELS = 5
};

#define SILENT (-INFINITY)

static char *path;
static AssaySoundWriter *writer;
static guint channels;
static gint64 n_written;
static guint step; /* of the twenty shifts of one case: all of them in the long form */

static void
begin (guint n_channels)
{
  g_autoptr (GError) error = NULL;
  g_remove (path);
  channels = n_channels;
  n_written = 0;
  writer = assay_sound_writer_new (path, RATE_HZ, channels, &error);
  if (writer == NULL)
    fail_msg ("%s", error->message);
}

/* A sine of these heights above full scale, one a channel. */
static void
add_each (double seconds, double frequency_hz, double phase_deg, const double *dbfs)
{
  gint64 n = llround (seconds * RATE_HZ);
  g_autofree float *samples = g_new (float, n *channels);
  for (gint64 i = 0; i < n; i++, n_written++)
    for (guint c = 0; c < channels; c++)
      samples[i * channels + c]
          = (float) (pow (10, dbfs[c] / 20)
                     * sin (2 * G_PI * frequency_hz * (double) n_written / RATE_HZ + phase_deg * G_PI / 180));
  assert_true (assay_sound_writer_add (writer, samples, n, NULL));
}

static void
add (double dbfs, double seconds)
{
  const double all[MOST_CHANNELS] = { dbfs, dbfs, dbfs, dbfs, dbfs };
  add_each (seconds, TONE_HZ, 0, all);
}

static AssayLoudnessFacts
end (void)
{
  AssayLoudnessFacts facts;
  g_autoptr (GError) error = NULL;
  assert_true (assay_sound_writer_close (g_steal_pointer (&writer), NULL));
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (path, &error);
  if (reader == NULL || !assay_loudness_measure (reader, 0, -1, &facts, &error))
    fail_msg ("%s", error->message);
  return facts;
}

static void
assert_near (double got, double want, double tolerance, const char *what)
{
  if (!(fabs (got - want) <= tolerance))
    fail_msg ("%s: %.3f, not %.3f", what, got, want);
}

typedef struct
{
  double dbfs, seconds;
} Part;

static AssayLoudnessFacts
measure (guint n_channels, const Part *parts, guint n, guint times)
{
  begin (n_channels);
  for (guint k = 0; k < times; k++)
    for (guint i = 0; i < n; i++)
      add (parts[i].dbfs, parts[i].seconds);
  return end ();
}

static void
integrated_loudness_is_that_of_ebu_3341 (void **state)
{
  static const Part cases[5][5] = {
    { { -23, 20 } },
    { { -33, 20 } },
    { { -36, 10 }, { -23, 60 }, { -36, 10 } },
    { { -72, 10 }, { -36, 10 }, { -23, 60 }, { -36, 10 }, { -72, 10 } },
    { { -26, 20 }, { -20, 20.1 }, { -26, 20 } },
  };
  static const guint n[5] = { 1, 1, 3, 5, 3 };
  static const double want[5] = { -23, -33, -23, -23, -23 };
  for (guint i = 0; i < 5; i++)
    {
      AssayLoudnessFacts facts = measure (2, cases[i], n[i], 1);
      assert_near (facts.integrated_lufs, want[i], 0.1, "integrated");
      if (n[i] == 1)
        {
          assert_near (facts.momentary_max_lufs, want[i], 0.1, "momentary");
          assert_near (facts.short_term_max_lufs, want[i], 0.1, "short term");
          assert_near (facts.sample_peak_dbfs, want[i], 0.01, "sample peak");
        }
    }
  /* Case 6: L R C Ls Rs. */
  static const double five[MOST_CHANNELS] = { -28, -28, -24, -30, -30 };
  begin (5);
  add_each (20, TONE_HZ, 0, five);
  assert_near (end ().integrated_lufs, -23, 0.1, "five channels");
}

static void
one_channel_is_as_loud_as_the_same_sound_on_two (void **state)
{
  static const Part tone[] = { { -23, 20 } };
  assert_near (measure (1, tone, 1, 1).integrated_lufs, -23, 0.1, "one channel");
}

static void
the_highest_short_term_loudness_is_that_of_ebu_3341 (void **state)
{
  static const Part nine[] = { { -20, 1.34 }, { -30, 1.66 } };
  assert_near (measure (2, nine, 2, 5).short_term_max_lufs, -23, 0.1, "case 9");
  for (guint i = 0; i < 20; i += step)
    {
      const Part ten[] = { { SILENT, 0.15 * i }, { -23, 3 }, { SILENT, 1 } };
      const Part eleven[] = { { SILENT, 0.15 * i }, { -38.0 + i, 3 }, { SILENT, 3 - 0.15 * i } };
      assert_near (measure (2, ten, 3, 1).short_term_max_lufs, -23, 0.1, "case 10");
      assert_near (measure (2, eleven, 3, 1).short_term_max_lufs, -38.0 + i, 0.1, "case 11");
    }
}

static void
the_highest_momentary_loudness_is_that_of_ebu_3341 (void **state)
{
  static const Part twelve[] = { { -20, 0.18 }, { -30, 0.22 } };
  assert_near (measure (2, twelve, 2, 25).momentary_max_lufs, -23, 0.1, "case 12");
  for (guint i = 0; i < 20; i += step)
    {
      const Part thirteen[] = { { SILENT, 0.02 * i }, { -23, 0.4 }, { SILENT, 1 } };
      const Part fourteen[] = { { SILENT, 0.02 * i }, { -38.0 + i, 0.4 }, { SILENT, 0.4 - 0.02 * i } };
      assert_near (measure (2, thirteen, 3, 1).momentary_max_lufs, -23, 0.1, "case 13");
      assert_near (measure (2, fourteen, 3, 1).momentary_max_lufs, -38.0 + i, 0.1, "case 14");
    }
}

static void
true_peaks_between_the_samples_are_those_of_ebu_3341 (void **state)
{
  static const struct
  {
    double part, phase_deg, height, want_dbtp;
  } cases[] = {
    { 4, 0, 0.5, -6 }, { 4, 45, 0.5, -6 }, { 6, 60, 0.5, -6 }, { 8, 67.5, 0.5, -6 }, { 4, 45, 1.41, 3 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const double height_db = 20 * log10 (cases[i].height), all[2] = { height_db, height_db };
      begin (2);
      /* It grows: a tone that begins at full height has a higher peak, and rightly so. */
      for (double below_db = 60; below_db > 0; below_db -= 0.25)
        {
          const double lower[2] = { height_db - below_db, height_db - below_db };
          add_each (24.0 / RATE_HZ, RATE_HZ / cases[i].part, cases[i].phase_deg, lower);
        }
      add_each (1, RATE_HZ / cases[i].part, cases[i].phase_deg, all);
      double peak = end ().true_peak_dbtp;
      if (peak < cases[i].want_dbtp - 0.4 || peak > cases[i].want_dbtp + 0.2)
        fail_msg ("case %u: %.3f dBTP", 15 + i, peak);
    }
}

static void
the_range_is_that_of_ebu_3342 (void **state)
{
  static const Part cases[4][5] = {
    { { -20, 20 }, { -30, 20 } },
    { { -20, 20 }, { -15, 20 } },
    { { -40, 20 }, { -20, 20 } },
    { { -50, 20 }, { -35, 20 }, { -20, 20 }, { -35, 20 }, { -50, 20 } },
  };
  static const double want[4] = { 10, 5, 20, 15 };
  for (guint i = 0; i < 4; i++)
    assert_near (measure (2, cases[i], i < 3 ? 2 : 5, 1).range_lu, want[i], 1, "range");
}

static void
what_is_silent_or_too_short_is_undefined_and_not_zero (void **state)
{
  static const Part silence[] = { { SILENT, 5 } }, brief[] = { { -23, 0.3 } };
  AssayLoudnessFacts facts = measure (1, silence, 1, 1);
  assert_true (isnan (facts.integrated_lufs) && isnan (facts.range_lu) && isnan (facts.true_peak_dbtp)
               && isnan (facts.momentary_max_lufs));
  facts = measure (1, brief, 1, 1);
  assert_true (isnan (facts.integrated_lufs) && isnan (facts.range_lu) && isnan (facts.momentary_max_lufs)
               && isnan (facts.short_term_max_lufs));
  assert_near (facts.true_peak_dbtp, -23, 0.4, "true peak");
}

static int
set_up (void **state)
{
  g_autofree char *directory = g_dir_make_tmp ("assay-loudness-XXXXXX", NULL);
  path = g_build_filename (directory, "a.wav", NULL);
  step = g_strcmp0 (g_getenv ("ASSAY_TEST_LONG"), "1") == 0 ? 1 : 6;
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
    cmocka_unit_test (integrated_loudness_is_that_of_ebu_3341),
    cmocka_unit_test (one_channel_is_as_loud_as_the_same_sound_on_two),
    cmocka_unit_test (the_highest_short_term_loudness_is_that_of_ebu_3341),
    cmocka_unit_test (the_highest_momentary_loudness_is_that_of_ebu_3341),
    cmocka_unit_test (true_peaks_between_the_samples_are_those_of_ebu_3341),
    cmocka_unit_test (the_range_is_that_of_ebu_3342),
    cmocka_unit_test (what_is_silent_or_too_short_is_undefined_and_not_zero),
  };
  return cmocka_run_group_tests (tests, set_up, tear_down);
}
