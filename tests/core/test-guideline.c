/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/guideline.h"
#include "tests/core/fixture.h"

#include <glib/gstdio.h>

static void
pictures_of_a_guideline_are_kept_in_the_project (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) png = make_png (7);
  gsize n_bytes;
  gconstpointer data = g_bytes_get_data (png, &n_bytes);
  g_autofree char *file = g_build_filename (f->directory, "good.png", NULL);
  assert_true (g_file_set_contents (file, data, (gssize) n_bytes, NULL));
  g_autofree char *kept = NULL;
  ok (kept = assay_guideline_keep_pictures (
          f->project, "Cups: ![good](good.png), ![again](good.png) and ![far](https://x.org/a.png) (all)",
          f->directory, &error));
  g_auto (GStrv) parts = g_strsplit_set (kept, "()", -1);
  assert_string_equal (parts[0], "Cups: ![good]");
  assert_string_equal (parts[1], parts[3]); /* the same bytes, once */
  assert_string_equal (parts[5], "https://x.org/a.png");
  assert_string_equal (parts[7], "all");
  assert_true (g_str_has_prefix (parts[1], "media/"));
  g_autofree char *place = g_build_filename (f->directory, "project", parts[1], NULL);
  g_autofree char *read = NULL;
  gsize n_read;
  assert_true (g_file_get_contents (place, &read, &n_read, NULL));
  assert_int_equal (n_read, n_bytes);
  assert_memory_equal (read, data, n_bytes);
  /* Kept once, it stays as it is, wherever it is read from. */
  g_autofree char *again = NULL;
  ok (again = assay_guideline_keep_pictures (f->project, kept, "/nowhere", &error));
  assert_string_equal (again, kept);
}

static void
titles_footnotes_and_a_folder_called_media_are_understood (void **state)
{
  static const char *const names[] = { "cup.png", "media/own.png", "my cup (1).png" };
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autofree char *beside = g_build_filename (f->directory, "media", NULL);
  assert_int_equal (g_mkdir (beside, 0700), 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GBytes) png = make_png (20 + i);
      g_autofree char *file = g_build_filename (f->directory, names[i], NULL);
      gsize n_bytes;
      gconstpointer data = g_bytes_get_data (png, &n_bytes);
      assert_true (g_file_set_contents (file, data, (gssize) n_bytes, NULL));
    }
  g_autofree char *kept = NULL;
  ok (kept = assay_guideline_keep_pictures (f->project,
                                            "Look![^1] ![a [full] cup](cup.png \"A cup\") ![own](media/own.png)"
                                            " ![](<my cup (1).png>) [rules](rules.pdf)! [^1]: so",
                                            f->directory, &error));
  assert_true (g_str_has_prefix (kept, "Look![^1] ![a [full] cup](media/"));
  assert_non_null (strstr (kept, ".png \"A cup\") ![own](media/"));
  assert_non_null (strstr (kept, ".png) ![](<media/"));
  assert_true (g_str_has_suffix (kept, ".png>) [rules](rules.pdf)! [^1]: so"));
  assert_null (strstr (kept, "own.png"));
  g_autofree char *again = NULL;
  ok (again = assay_guideline_keep_pictures (f->project, kept, "/nowhere", &error));
  assert_string_equal (again, kept);
}

static void
a_picture_that_is_not_there_or_is_none_is_told (void **state)
{
  Fixture *f = *state;
  g_autofree char *file = g_build_filename (f->directory, "words.png", NULL);
  assert_true (g_file_set_contents (file, "words", -1, NULL));
  refused (assay_guideline_keep_pictures (f->project, "![x](gone.png)", f->directory, to), ASSAY_ERROR_NOT_FOUND,
           "gone.png");
  refused (assay_guideline_keep_pictures (f->project, "![x](words.png)", f->directory, to), ASSAY_ERROR_BAD_DATA,
           "words.png");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (pictures_of_a_guideline_are_kept_in_the_project),
    CASE (titles_footnotes_and_a_folder_called_media_are_understood),
    CASE (a_picture_that_is_not_there_or_is_none_is_told),
  };
  return cmocka_run_group_tests_name ("core/guideline", tests, NULL, NULL);
}
