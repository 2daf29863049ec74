/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders as people have them: links in circles, pipes, damaged and unreadable files, copies, hidden files. */
#include "app/job-export.h"
#include "app/job-import.h"

#include "core/error.h"
#include "core/item.h"
#include "core/json.h"
#include "core/picture.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct
{
  char *place;
  AssayProject *project;
} Fixture;

static char *
path_of (const Fixture *fixture, const char *name)
{
  char *path = g_build_filename (fixture->place, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_mkdir_with_parents (folder, 0755);
  return path;
}

static int
setup (void **state)
{
  Fixture *fixture = g_new0 (Fixture, 1);
  fixture->place = g_dir_make_tmp ("assay-import-XXXXXX", NULL);
  g_autofree char *path = path_of (fixture, "project");
  fixture->project = assay_project_create (path, "test", NULL);
  *state = fixture;
  return fixture->project == NULL;
}

static void
remove_tree (const char *path)
{
  struct stat status;
  if (lstat (path, &status) == 0 && S_ISDIR (status.st_mode))
    {
      g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
      for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;)
        {
          g_autofree char *below = g_build_filename (path, name, NULL);
          remove_tree (below);
        }
    }
  g_remove (path);
}

static int
teardown (void **state)
{
  Fixture *fixture = *state;
  assay_project_close (fixture->project);
  remove_tree (fixture->place);
  g_free (fixture->place);
  g_free (fixture);
  return 0;
}

static void
write_text (const Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = path_of (fixture, name);
  assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* `keep` of its bytes, in percent. */
static void
write_jpeg (const Fixture *fixture, const char *name, guint value, guint keep)
{
  g_autofree char *path = path_of (fixture, name);
  g_autoptr (AssayPicture) picture = assay_picture_new (160, 120, ASSAY_PIXELS_RGB8);
  for (guint y = 0; y < 120; y++)
    for (guint x = 0; x < 160 * 3; x++)
      picture->data[y * picture->stride + x] = (guint8) (value * 31 + x * y / 7);
  g_autoptr (GBytes) bytes = assay_picture_encode_jpeg (picture, 90, NULL);
  gsize n = 0;
  const char *data = g_bytes_get_data (bytes, &n);
  assert_true (g_file_set_contents (path, data, (gssize) (n * keep / 100), NULL));
}

static json_t *
run_import (const Fixture *fixture, const char *name, const AssayJobImport *options, GError **error)
{
  json_t *answer = NULL;
  g_autofree char *path = path_of (fixture, name);
  const char *const paths[] = { path, NULL };
  const AssayJobImport plain = { .annotator = "anna" };
  assay_job_import (fixture->project, paths, options != NULL ? options : &plain, NULL, &answer, error);
  return answer;
}

static gint64
number (const json_t *answer, const char *key)
{
  return json_integer_value (json_object_get (answer, key));
}

static const char *
why_skipped (const json_t *answer, const char *end_of_path)
{
  gsize i;
  json_t *entry;
  json_array_foreach (json_object_get (answer, "skipped"), i,
                      entry) if (g_str_has_suffix (assay_json_get_string (entry, "path"),
                                                   end_of_path)) return assay_json_get_string (entry, "why");
  return NULL;
}

static void
a_folder_as_people_have_them_comes_in_as_far_as_it_is_good (void **state)
{
  Fixture *fixture = *state;
  write_jpeg (fixture, "in/a.jpg", 1, 100);
  write_jpeg (fixture, "in/deep/er/b.jpg", 2, 100);
  write_jpeg (fixture, "in/copy of a.jpg", 1, 100);
  write_jpeg (fixture, "in/cut.jpg", 3, 60);
  write_jpeg (fixture, "in/.hidden.jpg", 4, 100);
  write_text (fixture, "in/notes.txt", "hello");
  write_text (fixture, "in/broken.jpg", "\xff\xd8\xff nothing more");
  write_text (fixture, "in/half.json", "{\"images\": [{\"id\": 1, \"file_name\": \"a.jpg\"}], \"annotations\": [");
  write_text (fixture, "in/empty.png", "");
  write_text (fixture, "in/EXPORT.json", "{}");
  g_autofree char *loop = path_of (fixture, "in/deep/loop"), *nowhere = path_of (fixture, "in/nowhere"),
                  *pipe = path_of (fixture, "in/pipe"), *in = path_of (fixture, "in");
  assert_int_equal (symlink (in, loop), 0);
  assert_int_equal (symlink ("no such file", nowhere), 0);
  assert_int_equal (mkfifo (pipe, 0644), 0);

  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer = run_import (fixture, "in", NULL, &error);
  assert_null (error);
  assert_int_equal (number (answer, "media_added"), 3); /* a, b, and what is left of cut.jpg */
  assert_int_equal (number (answer, "media_known"), 1); /* the copy */
  static const char *const bad[] = { "notes.txt", "broken.jpg", "half.json", "empty.png", "nowhere", "pipe" };
  assert_int_equal (json_array_size (json_object_get (answer, "skipped")), G_N_ELEMENTS (bad));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (why_skipped (answer, bad[i]) == NULL || *why_skipped (answer, bad[i]) == '\0')
      fail_msg ("%s is not named", bad[i]);
  assert_non_null (strstr (why_skipped (answer, "half.json"), "cut off"));
  g_autoptr (AssayItem) cut = assay_item_find (fixture->project->store, "cut.jpg", &error);
  assert_non_null (cut);
  assert_non_null (assay_json_get_string (cut->facts, "warning"));
  g_autoptr (AssayItem) deep = assay_item_find (fixture->project->store, "b.jpg", &error);
  assert_string_equal (deep->name, "deep/er/b.jpg");
}

/* What a label file says of a picture comes in with it, under the name that the walk would give. */
static void
label_files_of_a_folder_come_before_its_pictures (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  write_jpeg (fixture, "set/images/train/a.jpg", 1, 100);
  write_jpeg (fixture, "set/images/train/b.jpg", 2, 100);
  write_text (fixture, "set/annotations/instances_train.json",
              "{\"images\": [{\"id\": 7, \"file_name\": \"a.jpg\", \"license\": 4}], \"categories\": [{\"id\": 1, "
              "\"name\": \"x\"}],"
              "\"annotations\": [{\"id\": 1, \"image_id\": 7, \"category_id\": 1, \"bbox\": [1, 2, 3, 4]}]}");
  g_autoptr (json_t) answer
      = run_import (fixture, "set", &(AssayJobImport){ .annotator = "anna", .group_by = "folder" }, &error);
  assert_null (error);
  assert_true (number (answer, "media_added") == 2 && number (answer, "media_known") == 0
               && number (answer, "labels_added") == 1);
  assert_string_equal (assay_json_get_string (answer, "format"), "coco");
  g_autoptr (AssayItem) a = assay_item_find (fixture->project->store, "a.jpg", &error);
  assert_string_equal (a->name, "images/train/a.jpg");
  assert_string_equal (a->group, "images/train");
  assert_int_equal (json_integer_value (json_object_get (json_object_get (a->facts, "coco"), "license")), 4);
  g_autoptr (json_t) again = run_import (fixture, "set", NULL, &error);
  assert_true (number (again, "media_added") == 0 && number (again, "media_known") == 2
               && number (again, "labels_added") == 0);
}

static void
one_bad_file_named_by_hand_is_an_error (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  write_text (fixture, "x.jpg", "\xff\xd8\xff nothing more");
  assert_null (run_import (fixture, "x.jpg", NULL, &error));
  assert_int_equal (error->code, ASSAY_ERROR_BAD_DATA);
  g_clear_error (&error);
  assert_null (run_import (fixture, "absent.jpg", NULL, &error));
  assert_int_equal (error->code, ASSAY_ERROR_NOT_FOUND);
  g_clear_error (&error);
  assert_null (
      run_import (fixture, "x.jpg", &(AssayJobImport){ .annotator = "anna", .format = "no such format" }, &error));
  assert_int_equal (error->code, ASSAY_ERROR_USAGE);
}

/* Labels that were made for pictures which lie elsewhere: found below --media by the last part of their name. */
static void
media_elsewhere_are_found_by_their_last_part (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  g_autofree char *media = path_of (fixture, "disk");
  write_jpeg (fixture, "disk/2026/may/a.jpg", 1, 100);
  write_jpeg (fixture, "disk/2026/may/twice.jpg", 2, 100);
  write_jpeg (fixture, "disk/2026/june/twice.jpg", 3, 100);
  write_text (fixture, "labels.json",
              "{\"images\": [{\"id\": 1, \"file_name\": \"C:\\\\Users\\\\me\\\\a.jpg\"}, {\"id\": 2, "
              "\"file_name\": \"/home/me/twice.jpg\"}],"
              "\"categories\": [{\"id\": 1, \"name\": \"x\"}],"
              "\"annotations\": [{\"id\": 1, \"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 2, 3, 4]}]}");
  g_autoptr (json_t) answer
      = run_import (fixture, "labels.json", &(AssayJobImport){ .annotator = "anna", .media_dir = media }, &error);
  assert_null (error);
  assert_true (number (answer, "media_added") == 1 && number (answer, "labels_added") == 1);
  assert_non_null (
      strstr (why_skipped (answer, "labels.json"), "twice.jpg")); /* two have that name: none is guessed */
}

int
main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
  const struct CMUnitTest tests[] = {
    TEST (a_folder_as_people_have_them_comes_in_as_far_as_it_is_good),
    TEST (label_files_of_a_folder_come_before_its_pictures),
    TEST (one_bad_file_named_by_hand_is_an_error),
    TEST (media_elsewhere_are_found_by_their_last_part),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
