/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/film.h"
#include "core/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <glib/gstdio.h>

#include <cmocka.h>

static char *
sample (const char *name)
{
  const char *samples = g_getenv ("ASSAY_SAMPLES");
  char *path = g_build_filename (samples != NULL ? samples : "/nowhere", "media", name, NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return path;
  g_free (path);
  return NULL;
}

static guint
hash_of (const AssayPicture *picture)
{
  g_autoptr (GBytes) bytes = g_bytes_new (picture->data, picture->stride * picture->height_px);
  return g_bytes_hash (bytes);
}

/* Every frame of the film in order: its stamp and the hash of its pixels. */
static GArray *
play (AssayFilm *film, GArray *stamps)
{
  GArray *hashes = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GError) error = NULL;
  gint64 pts_ns = -1;
  for (;;)
    {
      g_autoptr (AssayPicture) picture = assay_film_next (film, &pts_ns, &error);
      if (picture == NULL)
        break;
      assert_int_equal (pts_ns, g_array_index (stamps, gint64, hashes->len));
      guint hash = hash_of (picture);
      g_array_append_val (hashes, hash);
    }
  assert_null (error);
  return hashes;
}

static void
assert_any_order_gives_the_same_pixels (const char *name, gint64 n_frames, gint64 second_ns)
{
  g_autofree char *path = sample (name);
  if (path == NULL)
    return;
  g_autoptr (AssayFilm) film = assay_film_open (path, NULL);
  assert_non_null (film);
  assert_string_equal (assay_film_get_facts (film)->type, "mp4");
  assert_int_equal (assay_film_get_facts (film)->width_px, 640);
  assert_int_equal (assay_film_get_facts (film)->n_frames, n_frames);
  g_autoptr (GArray) stamps = assay_film_list_frames (film, NULL);
  assert_int_equal (g_array_index (stamps, gint64, 0), 0);
  assert_int_equal (g_array_index (stamps, gint64, 1), second_ns);
  g_autoptr (GArray) hashes = play (film, stamps);
  assert_int_equal (hashes->len, stamps->len);
  for (guint i = 0; i < 24; i++)
    {
      guint at = (i * 7919 + (i % 3 == 0 ? 1 : 0)) % stamps->len;
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayPicture) picture = assay_film_get_frame (film, g_array_index (stamps, gint64, at), &error);
      if (picture == NULL)
        fail_msg ("frame %u: %s", at, error->message);
      assert_int_equal (hash_of (picture), g_array_index (hashes, guint, at));
    }
}

static void
any_order_of_the_box_film_gives_the_same_pixels (void **state)
{
  assert_any_order_gives_the_same_pixels ("box/box.mp4", 455, 34000000);
}

static void
any_order_of_the_cup_film_gives_the_same_pixels (void **state)
{
  assert_any_order_gives_the_same_pixels ("cup/cup.mp4", 217, 37345483);
}

/* Stills that somebody else took from the film, every 19th frame. Its writer gave B-frames wrong stamps, so that a
 * reader which believes them is off by some frames. */
static void
stills_are_the_frames_that_their_number_says (void **state)
{
  g_autofree char *path = sample ("box/box.mp4");
  if (path == NULL)
    return;
  g_autoptr (AssayFilm) film = assay_film_open (path, NULL);
  g_autoptr (GArray) stamps = assay_film_list_frames (film, NULL);
  for (guint number = 2; number <= 24; number += 5)
    {
      g_autofree char *name = g_strdup_printf ("box/box_%03u.jpg", number);
      g_autofree char *still_path = sample (name);
      g_autoptr (AssayPicture) still = assay_picture_load (still_path, NULL);
      guint64 least = G_MAXUINT64;
      int best = 99;
      for (int off = -2; off <= 2; off++)
        {
          gint64 pts_ns = g_array_index (stamps, gint64, (int) (number - 1) * 19 + off);
          g_autoptr (AssayPicture) frame = assay_film_get_frame (film, pts_ns, NULL);
          guint64 difference = 0;
          for (gsize i = 0; i < still->stride * still->height_px; i++)
            difference += (guint64) ABS ((int) still->data[i] - (int) frame->data[i]);
          best = difference < least ? off : best;
          least = MIN (least, difference);
        }
      assert_int_equal (best, 0);
    }
}

static void
going_on_after_a_jump_gives_the_next_frame (void **state)
{
  g_autofree char *path = sample ("box/box.mp4");
  if (path == NULL)
    return;
  g_autoptr (AssayFilm) film = assay_film_open (path, NULL);
  g_autoptr (GArray) stamps = assay_film_list_frames (film, NULL);
  g_autoptr (AssayPicture) here = assay_film_get_frame (film, g_array_index (stamps, gint64, 100), NULL);
  gint64 pts_ns = 0;
  g_autoptr (AssayPicture) next = assay_film_next (film, &pts_ns, NULL);
  assert_non_null (next);
  assert_int_equal (pts_ns, g_array_index (stamps, gint64, 101));
}

static void
a_time_between_two_frames_is_no_frame (void **state)
{
  g_autofree char *path = sample ("box/box.mp4");
  if (path == NULL)
    return;
  g_autoptr (AssayFilm) film = assay_film_open (path, NULL);
  g_autoptr (GError) error = NULL;
  assert_null (assay_film_get_frame (film, 1, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND));
}

static void
a_cut_film_says_so_and_text_is_no_film (void **state)
{
  g_autofree char *path = sample ("box/box.mp4");
  g_autofree char *directory = g_dir_make_tmp ("assay-film-XXXXXX", NULL);
  g_autofree char *bad = g_build_filename (directory, "bad.mp4", NULL);
  AssayFilmFacts facts;
  g_autoptr (GError) text = NULL, cut = NULL, absent = NULL;
  assert_false (assay_film_probe (bad, &facts, &absent));
  assert_true (g_error_matches (absent, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND));
  assert_true (g_file_set_contents (bad, "#EXTM3U\n/etc/passwd\n", -1, NULL));
  assert_false (assay_film_probe (bad, &facts, &text));
  assert_true (g_error_matches (text, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
  if (path != NULL)
    {
      g_autofree char *bytes = NULL;
      gsize n_bytes;
      assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
      assert_true (g_file_set_contents (bad, bytes, 600, NULL));
      assert_false (assay_film_probe (bad, &facts, &cut));
      assert_non_null (strstr (cut->message, bad));
    }
  g_remove (bad);
  g_rmdir (directory);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (any_order_of_the_box_film_gives_the_same_pixels),
    cmocka_unit_test (any_order_of_the_cup_film_gives_the_same_pixels),
    cmocka_unit_test (stills_are_the_frames_that_their_number_says),
    cmocka_unit_test (going_on_after_a_jump_gives_the_next_frame),
    cmocka_unit_test (a_time_between_two_frames_is_no_frame),
    cmocka_unit_test (a_cut_film_says_so_and_text_is_no_film),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
