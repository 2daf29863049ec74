/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the checks on arrival find in real files, and what they leave alone. */
#include "core/media.h"
#include "core/picture.h"
#include "core/sound.h"
#include "qa/arrival.h"
#include "qa/check.h"

#include "tests/qa/fixture.h"

#include <glib/gstdio.h>
#include <math.h>

#define SIDE 96
#define RATE_HZ 16000

static AssayItem *
bring (Fixture *f, const char *name, GBytes *take_bytes)
{
  g_autoptr (GBytes) bytes = take_bytes;
  GError *error = NULL;
  AssayMediaFacts facts = { 0 };
  gboolean known;
  ok (assay_media_add_bytes (f->project, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &facts, &known,
                             &error),
      error);
  AssayItem *item = assay_item_new ();
  item->media = facts.hash;
  item->media_kind = facts.kind;
  item->media_type = g_strdup (facts.type);
  item->name = g_strdup (name);
  item->width_px = facts.width_px;
  item->height_px = facts.height_px;
  item->rate_hz = facts.rate_hz;
  item->channels = facts.channels;
  item->n_samples = facts.n_samples;
  ok (assay_item_add (f->project->store, item, NULL, &error), error);
  return item;
}

/* Blobs that differ from seed to seed, with fine grain unless `smooth`. */
static GBytes *
draw (guint seed, guint side, double gain, gboolean smooth)
{
  g_autoptr (AssayPicture) picture = assay_picture_new (side, side, ASSAY_PIXELS_GREY8);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  double phase[4], pace[4];
  for (guint i = 0; i < 4; i++)
    {
      phase[i] = g_rand_double_range (rand, 0, 6);
      pace[i] = g_rand_double_range (rand, 4, 20);
    }
  for (guint y = 0; y < side; y++)
    for (guint x = 0; x < side; x++)
      {
        double u = (double) x / side, v = (double) y / side, value = 128;
        for (guint i = 0; i < 4; i++)
          value += 25 * sin (pace[i] * u + phase[i]) * cos (pace[3 - i] * v + phase[i]);
        value += smooth ? 0 : g_rand_double_range (rand, -12, 12);
        picture->data[y * picture->stride + x] = (guint8) CLAMP (value * gain, 0, 255);
      }
  return assay_picture_encode_png (picture, NULL);
}

static GBytes *
sing (Fixture *f, double level, double from_s, double to_s)
{
  g_autofree float *samples = g_new0 (float, RATE_HZ);
  for (guint i = (guint) (from_s * RATE_HZ); i < (guint) (to_s * RATE_HZ); i++)
    samples[i] = (float) CLAMP (level * sin (2 * G_PI * 220 * i / RATE_HZ), -1, 1);
  for (guint i = 0; i < RATE_HZ; i++)
    samples[i] += 1e-4f * (float) ((int) (i * 2654435761u >> 24) - 128) / 128; /* a room */
  g_autofree char *path = g_build_filename (f->directory, "sound.wav", NULL);
  g_unlink (path);
  g_autoptr (AssaySoundWriter) writer = assay_sound_writer_new (path, RATE_HZ, 1, NULL);
  assert_true (assay_sound_writer_add (writer, samples, RATE_HZ, NULL));
  assert_true (assay_sound_writer_close (g_steal_pointer (&writer), NULL));
  char *bytes;
  gsize n;
  assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  return g_bytes_new_take (bytes, n);
}

static void
run (Fixture *f, AssayCheckCounts *ret_counts)
{
  GError *error = NULL;
  guint n;
  const AssayCheck *const *checks = assay_check_list (&n);
  ok (assay_check_run (f->project, checks, n, NULL, NULL, ret_counts, &error), error);
}

/* "check name" of what is open, worst first. */
static GPtrArray *
list (Fixture *f)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) findings = assay_finding_list (f->project->store, TRUE, &error);
  ok (findings != NULL, error);
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < findings->len; i++)
    {
      const AssayFinding *finding = findings->pdata[i];
      g_autoptr (AssayItem) item
          = finding->item_row != 0 ? assay_item_get_row (f->project->store, finding->item_row, NULL) : NULL;
      assert_true (finding->task_row == 0);
      g_ptr_array_add (words, g_strdup_printf ("%s %s", finding->check, item != NULL ? item->name : "project"));
    }
  return words;
}

static void
assert_found (const GPtrArray *words, const char *const *wanted)
{
  for (guint i = 0; wanted[i] != NULL; i++)
    if (!g_ptr_array_find_with_equal_func ((GPtrArray *) words, wanted[i], g_str_equal, NULL))
      fail_msg ("nothing says \"%s\"", wanted[i]);
  for (guint i = 0; i < words->len; i++)
    if (!g_strv_contains (wanted, words->pdata[i]))
      fail_msg ("\"%s\" was not to be said", (char *) words->pdata[i]);
}

static void
each_fault_is_found_once_and_good_media_are_left_alone (void **state)
{
  Fixture *f = *state;
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *name = g_strdup_printf ("good/%02u.png", i);
      g_autoptr (AssayItem) item = bring (f, name, draw (i, SIDE, 1, FALSE));
    }
  g_autoptr (AssayItem) dark = bring (f, "dark/1.png", draw (20, SIDE, 0.01, FALSE)),
                        burnt = bring (f, "burnt/1.png", draw (21, SIDE, 8, FALSE)),
                        blurred = bring (f, "good/blurred.png", draw (22, SIDE, 1, TRUE)),
                        small = bring (f, "good/small.png", draw (23, SIDE / 2, 1, FALSE)),
                        again = bring (f, "other/again.png", draw (3, SIDE * 2, 1, TRUE)),
                        same = bring (f, "other/same.png", draw (5, SIDE, 1, FALSE)),
                        broken = bring (f, "broken/1.png", draw (24, SIDE, 1, FALSE));
  g_autofree char *path = assay_item_dup_path (f->project, broken);
  assert_int_equal (g_chmod (path, 0644), 0);
  assert_true (g_file_set_contents (path, "no picture any more", -1, NULL));
  g_autoptr (AssayItem) loud = bring (f, "sound/loud.wav", sing (f, 2, 0.3, 0.7)),
                        mute = bring (f, "sound/mute.wav", sing (f, 0, 0, 0)),
                        fine = bring (f, "sound/fine.wav", sing (f, 0.5, 0.2, 0.8)),
                        late = bring (f, "sound/late.wav", sing (f, 0.4, 0.4, 1));
  AssayCheckCounts counts;
  run (f, &counts);
  g_autoptr (GPtrArray) words = list (f);
  static const char *const wanted[] = { "corrupt broken/1.png",
                                        "exposure dark/1.png",
                                        "exposure burnt/1.png",
                                        "blur good/blurred.png",
                                        "size good/small.png",
                                        "duplicate other/again.png",
                                        "duplicate other/same.png",
                                        "clipped sound/loud.wav",
                                        "silent sound/mute.wav",
                                        "cut-off sound/late.wav",
                                        NULL };
  assert_found (words, wanted);
}

static void
nothing_is_measured_or_looked_at_twice (void **state)
{
  Fixture *f = *state;
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", i);
      g_autoptr (AssayItem) item = bring (f, name, draw (i, SIDE, 0.01, FALSE));
    }
  AssayCheckCounts counts;
  guint64 measured = 0;
  run (f, &counts);
  assert_true (counts.looked > 0);
  assert_true (assay_arrival_measure (f->project, NULL, &measured, NULL));
  assert_int_equal (measured, 0);
  run (f, &counts);
  assert_int_equal (counts.looked, 0);
  g_autoptr (GPtrArray) before = list (f);
  assert_int_equal (before->len, 3);
  g_autoptr (AssayItem) more = bring (f, "3.png", draw (3, SIDE, 0.01, FALSE));
  run (f, &counts);
  assert_true (counts.looked > 0);
  g_autoptr (GPtrArray) after = list (f);
  assert_int_equal (after->len, 4);
}

static void
a_file_that_is_put_back_is_no_finding_any_more (void **state)
{
  Fixture *f = *state;
  AssayCheckCounts counts;
  g_autoptr (AssayItem) item = bring (f, "a.png", draw (1, SIDE, 1, FALSE));
  g_autofree char *path = assay_item_dup_path (f->project, item), *bytes = NULL;
  gsize n;
  assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  assert_int_equal (g_chmod (path, 0644), 0);
  assert_true (g_file_set_contents (path, "no picture any more", -1, NULL));
  run (f, &counts);
  g_autoptr (GPtrArray) broken = list (f);
  static const char *const wanted[] = { "corrupt a.png", NULL };
  assert_found (broken, wanted);
  assert_true (g_file_set_contents (path, bytes, (gssize) n, NULL));
  run (f, &counts);
  g_autoptr (GPtrArray) mended = list (f);
  assert_int_equal (mended->len, 0);
}

static void
a_flood_is_one_sentence_with_a_number (void **state)
{
  Fixture *f = *state;
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.png", i);
      g_autoptr (AssayItem) item = bring (f, name, draw (i, 32, 0.01, FALSE));
    }
  const AssayCheck *check = assay_check_find ("exposure");
  GError *error = NULL;
  ok (assay_check_run (f->project, &check, 1, NULL, NULL, NULL, &error), error);
  g_autoptr (GPtrArray) findings = assay_finding_list (f->project->store, TRUE, NULL);
  assert_int_equal (findings->len, 21);
  const AssayFinding *rest = findings->pdata[20];
  assert_true (rest->item_row == 0);
  assert_non_null (strstr (rest->why, "10 more items like the 20 that are listed"));
}

static void
a_voice_far_softer_than_it_usually_is_is_told (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  for (guint i = 0; i < 9; i++)
    {
      g_autofree char *name = g_strdup_printf ("voice/%u.wav", i);
      g_autoptr (AssayItem) item = bring (f, name, sing (f, i == 4 ? 0.05 : 0.3 + 0.01 * i, 0.2, 0.8));
    }
  const AssayCheck *check = assay_check_find ("loudness");
  ok (assay_check_run (f->project, &check, 1, NULL, NULL, NULL, &error), error);
  g_autoptr (GPtrArray) words = list (f);
  static const char *const wanted[] = { "loudness voice/4.wav", NULL };
  assert_found (words, wanted);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (each_fault_is_found_once_and_good_media_are_left_alone),
    CASE (nothing_is_measured_or_looked_at_twice),
    CASE (a_voice_far_softer_than_it_usually_is_is_told),
    CASE (a_file_that_is_put_back_is_no_finding_any_more),
    CASE (a_flood_is_one_sentence_with_a_number),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
