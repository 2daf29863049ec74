/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings that nobody closed, and those that outgrow 32 bits. */
#include "core/error.h"
#include "core/media.h"
#include "core/sound-repair.h"
#include "core/sound.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <cmocka.h>

enum
{
  RATE_HZ = 8000,
  ALIGN = 3,
  HALF = RATE_HZ / 2
};

typedef struct
{
  char *directory, *path, *copy;
} Fixture;

static int
set_up (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);
  f->directory = g_dir_make_tmp ("assay-repair-XXXXXX", NULL);
  f->path = g_build_filename (f->directory, "a.wav", NULL);
  f->copy = g_build_filename (f->directory, "b.wav", NULL);
  *state = f;
  return 0;
}

static int
tear_down (void **state)
{
  Fixture *f = *state;
  g_remove (f->path);
  g_remove (f->copy);
  g_rmdir (f->directory);
  g_free (f->directory);
  g_free (f->path);
  g_free (f->copy);
  g_free (f);
  return 0;
}

/* A 24-bit number that tells its place. */
static float
sample_at (gint64 i)
{
  return (float) ((gint32) ((guint32) i * 2654435761u) >> 8) / 8388608.0f;
}

static void
add (AssaySoundWriter *writer, gint64 start, gint64 n)
{
  g_autofree float *samples = g_new (float, n);
  for (gint64 i = 0; i < n; i++)
    samples[i] = sample_at (start + i);
  assert_true (assay_sound_writer_add (writer, samples, n, NULL));
}

static void
put (const char *path, const char *bytes, gsize n_bytes)
{
  assert_true (g_file_set_contents (path, bytes, (gssize) n_bytes, NULL));
}

static char *
get (const char *path, gsize *ret_n)
{
  char *bytes = NULL;
  assert_true (g_file_get_contents (path, &bytes, ret_n, NULL));
  return bytes;
}

/* The first `n` samples, neither more nor others. */
static void
assert_holds (const char *path, gint64 n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (path, &error);
  if (reader == NULL)
    fail_msg ("%s", error->message);
  assert_int_equal (assay_sound_reader_get_facts (reader)->n_samples, n);
  g_autofree float *samples = g_new (float, n + 1);
  assert_int_equal (assay_sound_reader_read (reader, 0, n, samples, NULL), n);
  for (gint64 i = 0; i < n; i++)
    if (samples[i] != sample_at (i))
      fail_msg ("%s: sample %" G_GINT64_FORMAT " is another", path, i);
}

static void
assert_repairs (const char *path, guint64 n_samples, guint64 n_lost)
{
  guint64 samples = 0, lost = 0;
  g_autoptr (GError) error = NULL;
  if (!assay_sound_repair (path, &samples, &lost, &error))
    fail_msg ("%s", error->message);
  assert_int_equal (samples, n_samples);
  assert_int_equal (lost, n_lost);
}

/* A minute, flushed each second, copied each half second: what a crash at that moment leaves. */
static void
copies_of_a_growing_recording_all_come_back_to_the_last_sample (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssaySoundWriter) writer = assay_sound_writer_new (f->path, RATE_HZ, 1, NULL);
  assert_true (
      assay_sound_writer_set_origin (writer, 1700000000 * G_GINT64_CONSTANT (1000000000), "mic", "s", NULL));
  for (gint64 half = 0; half < 120; half++)
    {
      gsize n_bytes;
      add (writer, half * HALF, HALF);
      if (half % 2 == 0)
        assert_true (assay_sound_writer_flush (writer, NULL));
      g_autofree char *bytes = get (f->path, &n_bytes);
      put (f->copy, bytes, n_bytes);
      assert_repairs (f->copy, (guint64) (half + 1) * HALF, 0);
      assert_holds (f->copy, (half + 1) * HALF);
    }
}

static void
a_file_cut_anywhere_keeps_every_whole_sample (void **state)
{
  Fixture *f = *state;
  gsize n_bytes, again;
  g_autoptr (AssaySoundWriter) writer = assay_sound_writer_new (f->path, RATE_HZ, 1, NULL);
  add (writer, 0, HALF);
  assert_true (assay_sound_writer_flush (writer, NULL));
  add (writer, HALF, HALF);
  g_autofree char *bytes = get (f->path, &n_bytes);
  gsize data_at = n_bytes - RATE_HZ * ALIGN;
  for (gsize cut = data_at + 1; cut < n_bytes; cut += 997)
    {
      put (f->copy, bytes, cut);
      assert_repairs (f->copy, (cut - data_at) / ALIGN, (cut - data_at) % ALIGN);
      g_autofree char *mended = get (f->copy, &n_bytes);
      if (cut - data_at >= ALIGN)
        assert_holds (f->copy, (gint64) ((cut - data_at) / ALIGN));
      assert_repairs (f->copy, (cut - data_at) / ALIGN, 0);
      g_autofree char *twice = get (f->copy, &again);
      assert_int_equal (again, n_bytes);
      assert_memory_equal (mended, twice, n_bytes);
      n_bytes = data_at + RATE_HZ * ALIGN;
    }
  put (f->copy, bytes, 30);
  guint64 samples, lost;
  g_autoptr (GError) error = NULL;
  assert_false (assay_sound_repair (f->copy, &samples, &lost, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
}

/* 3 bytes a sample: 1.5 thousand million of them are 4.5 GB, and a hole on the disk. */
#define FAR_AWAY G_GINT64_CONSTANT (1500000000)

static void
assert_far_end (const char *path, gint64 n)
{
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (path, NULL);
  float end[HALF + 1];
  assert_non_null (reader);
  assert_int_equal (assay_sound_reader_get_facts (reader)->n_samples, FAR_AWAY + n);
  assert_int_equal (assay_sound_reader_read (reader, FAR_AWAY - 1, n + 1, end, NULL), n + 1);
  assert_float_equal (end[0], 0, 0);
  for (gint64 i = 0; i < n; i++)
    assert_float_equal (end[i + 1], sample_at (i), 0);
}

static void
past_four_gigabytes_it_is_rf64_and_still_whole (void **state)
{
  Fixture *f = *state;
  char id[5] = "";
  AssaySoundWriter *writer = assay_sound_writer_new (f->path, RATE_HZ, 1, NULL);
  add (writer, 0, HALF);
  assert_true (assay_sound_writer_add_silence (writer, FAR_AWAY - HALF, NULL));
  assert_true (assay_sound_writer_flush (writer, NULL));
  add (writer, 0, HALF);
  assert_true (assay_sound_writer_close (writer, NULL));
  int fd = open (f->path, O_RDONLY);
  assert_int_equal (read (fd, id, 4), 4);
  close (fd);
  assert_string_equal (id, "RF64");
  assert_far_end (f->path, HALF);
}

/* Killed in the second in which it passes the limit: the header is still the small one. */
static void
a_recording_killed_as_it_passes_four_gigabytes_is_mended_to_rf64 (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssaySoundWriter) writer = assay_sound_writer_new (f->path, RATE_HZ, 1, NULL);
  assert_true (assay_sound_writer_set_origin (writer, 1, "mic", "s", NULL));
  add (writer, 0, HALF);
  assert_true (assay_sound_writer_flush (writer, NULL));
  assert_true (assay_sound_writer_add_silence (writer, FAR_AWAY - HALF, NULL));
  add (writer, 0, 10);
  assert_repairs (f->path, FAR_AWAY + 10, 0);
  assert_far_end (f->path, 10);
  int fd = open (f->path, O_RDONLY);
  char head[1024];
  assert_int_equal (read (fd, head, sizeof head), sizeof head);
  close (fd);
  assert_non_null (memmem (head, sizeof head, "bext", 4));
}

/* 16-bit, as anybody's program writes it. */
static void
put_foreign (const char *path, guint32 claimed_bytes, guint n_samples, const char *tail, gsize n_tail)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  static const guint8 head[40]
      = "RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data";
  guint32 claimed = GUINT32_TO_LE (claimed_bytes);
  g_byte_array_append (bytes, head, sizeof head);
  g_byte_array_append (bytes, (const guint8 *) &claimed, 4);
  for (guint i = 0; i < n_samples; i++)
    {
      gint16 sample = GINT16_TO_LE ((gint16) (sample_at (i) * 32768));
      g_byte_array_append (bytes, (const guint8 *) &sample, 2);
    }
  g_byte_array_append (bytes, (const guint8 *) tail, (guint) n_tail);
  put (path, (const char *) bytes->data, bytes->len);
}

static void
headers_that_claim_nothing_or_too_much_are_recognised_and_the_sound_is_read (void **state)
{
  Fixture *f = *state;
  static const guint32 claims[] = { 0, 0x7ffff000, 0xffffffff };
  for (guint i = 0; i < G_N_ELEMENTS (claims); i++)
    {
      AssayMediaFacts facts = { 0 };
      put_foreign (f->path, claims[i], 1000, "", 0);
      assert_true (assay_media_probe (f->path, &facts, NULL));
      assert_int_equal (facts.n_samples, 1000);
      assert_non_null (strstr (facts.warning, "1000"));
      g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (f->path, NULL);
      float last;
      assert_int_equal (assay_sound_reader_read (reader, 999, 1, &last, NULL), 1);
      assert_float_equal (last, (gint16) (sample_at (999) * 32768) / 32768.0, 0);
    }
}

static void
what_follows_the_sound_of_a_good_file_is_left_alone (void **state)
{
  Fixture *f = *state;
  static const char list[] = "LIST\4\0\0\0INFO";
  gsize n_before, n_after;
  AssayMediaFacts facts = { 0 };
  put_foreign (f->path, 2000, 1000, list, 12);
  g_autofree char *before = get (f->path, &n_before);
  assert_repairs (f->path, 1000, 0);
  g_autofree char *after = get (f->path, &n_after);
  assert_int_equal (n_before, n_after);
  assert_memory_equal (before, after, n_before);
  assert_true (assay_media_probe (f->path, &facts, NULL));
  assert_string_equal (facts.warning, "");
  put_foreign (f->path, 2000, 1000, "TAG no chunk at all", 19);
  assert_true (assay_media_probe (f->path, &facts, NULL));
  assert_int_equal (facts.n_samples, 1000);
  assert_non_null (strstr (facts.warning, "not read"));
}

static guint64
read_number (const char *at)
{
  guint64 value;
  memcpy (&value, at, sizeof value);
  return GUINT64_FROM_LE (value);
}

/* EBU Tech 3285: description 256, originator 32, reference 32, date 10, time 8, samples since midnight. */
static void
a_recording_tells_when_its_first_sample_was_heard (void **state)
{
  Fixture *f = *state;
  gsize n_bytes;
  AssaySoundWriter *writer = assay_sound_writer_new (f->path, RATE_HZ, 1, NULL);
  assert_true (assay_sound_writer_set_origin (writer, G_GINT64_CONSTANT (1700000000250000000), "Mikrofon \xc3\xbc",
                                              "abc", NULL));
  add (writer, 0, HALF);
  assert_true (assay_sound_writer_close (writer, NULL));
  g_autofree char *bytes = get (f->path, &n_bytes);
  const char *bext = memmem (bytes, n_bytes, "bext", 4);
  assert_non_null (bext);
  bext += 8;
  assert_string_equal (bext, "Mikrofon ?");
  assert_memory_equal (bext + 256, "Assay ", 6);
  assert_string_equal (bext + 288, "abc");
  assert_memory_equal (bext + 320, "2023-11-1503:43:20", 18);
  assert_int_equal (read_number (bext + 338), ((3 * 60 + 43) * 60 + 20) * RATE_HZ + RATE_HZ / 4);
  assert_non_null (memmem (bext + 602, 100, "A=PCM,F=8000,W=24,M=mono,T=Assay", 32));
  assert_holds (f->path, HALF);
}

#define WITH_FILES(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    WITH_FILES (copies_of_a_growing_recording_all_come_back_to_the_last_sample),
    WITH_FILES (a_file_cut_anywhere_keeps_every_whole_sample),
    WITH_FILES (past_four_gigabytes_it_is_rf64_and_still_whole),
    WITH_FILES (a_recording_killed_as_it_passes_four_gigabytes_is_mended_to_rf64),
    WITH_FILES (headers_that_claim_nothing_or_too_much_are_recognised_and_the_sound_is_read),
    WITH_FILES (what_follows_the_sound_of_a_good_file_is_left_alone),
    WITH_FILES (a_recording_tells_when_its_first_sample_was_heard),
  };
  g_setenv ("TZ", "+05:30", TRUE);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
