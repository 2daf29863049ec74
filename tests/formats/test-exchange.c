/* SPDX-License-Identifier: GPL-3.0-or-later */
/* COCO in, COCO out, and in again: nothing lost, nothing doubled, the same bytes. */
#include "tests/formats/fixture.h"

#include "core/error.h"
#include "core/film-writer.h"
#include "core/picture.h"
#include "core/region.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* Sparse ids, folders, Unicode, a backslash, several polygons, run lengths both ways, a crowd, keys of others, an
 * image without annotations, and what cannot be taken. */
static const char dataset[]
    = "{\"info\": {\"year\": 2026}, \"images\": ["
      "{\"id\": 10, \"file_name\": \"left/a b.png\", \"width\": 20, \"height\": 16, \"license\": 3},"
      "{\"id\": 7, \"file_name\": \"right\\\\\xc3\xa9t\xc3\xa9.png\", \"width\": 20, \"height\": 16},"
      "{\"id\": 99, \"file_name\": \"left/empty.png\"},"
      "{\"id\": 100, \"file_name\": \"../outside.png\"},"
      "{\"id\": 101, \"file_name\": \"/etc/hostname\"},"
      "{\"id\": 102, \"file_name\": \"left/missing.png\"},"
      "{\"id\": 103, \"file_name\": \"left/other.png\", \"width\": 40, \"height\": 16}],"
      "\"categories\": [{\"id\": 90, \"name\": \"cup\", \"supercategory\": \"kitchen\"}, {\"id\": 3, \"name\": "
      "\"hand\"}],"
      "\"annotations\": ["
      "{\"id\": 5, \"image_id\": 10, \"category_id\": 90, \"segmentation\": "
      "[[1,1,5,1,5,5,1,5],[10.5,2,14,2.25,12,7]], \"score\": 0.5},"
      "{\"id\": 900, \"image_id\": 7, \"category_id\": 3, \"segmentation\": {\"size\": [16, 20], \"counts\": "
      "[2,3,15,1,299]}},"
      "{\"id\": 901, \"image_id\": 7, \"category_id\": 3, \"segmentation\": {\"size\": [16, 20], \"counts\": "
      "[0,40,280]}, \"iscrowd\": 1},"
      "{\"id\": 6, \"image_id\": 10, \"category_id\": 3, \"segmentation\": [[1,1,5,1]]},"
      "{\"id\": 8, \"image_id\": 10, \"category_id\": 55, \"segmentation\": [[1,1,5,1,5,5]]},"
      "{\"id\": 9, \"image_id\": 103, \"category_id\": 3, \"segmentation\": [[1,1,5,1,5,5]]}]}";

static void
write_dataset (Fixture *fixture)
{
  fixture_write (fixture, "set/things.json", dataset);
  fixture_write_png (fixture, "set/left/a b.png", 20, 16, 1);
  fixture_write_png (fixture, "set/right/\xc3\xa9t\xc3\xa9.png", 20, 16, 2);
  fixture_write_png (fixture, "set/left/empty.png", 20, 16, 3);
  fixture_write_png (fixture, "set/left/other.png", 20, 16, 4);
  fixture_write_png (fixture, "outside.png", 20, 16, 5);
}

static gboolean
was_skipped (const AssayImport *import, const char *words)
{
  g_autoptr (json_t) skipped = assay_import_get_skipped (import);
  gsize i;
  json_t *entry;
  json_array_foreach (skipped, i,
                      entry) if (strstr (assay_json_get_string (entry, "why"), words) != NULL) return TRUE;
  return FALSE;
}

static void
labels_of_others_come_in_once_and_the_bad_ones_are_named (void **state)
{
  Fixture *fixture = *state;
  write_dataset (fixture);
  g_autoptr (AssayImport) import = fixture_import (fixture, fixture->project, "set/things.json", NULL);
  const AssayImportCounts *counts = assay_import_get_counts (import);
  assert_int_equal (counts->media_added, 4); /* the one whose size disagrees is a good picture */
  assert_int_equal (counts->labels_added, 3);
  assert_int_equal (counts->objects_added, 3);
  assert_int_equal (counts->classes_added, 2);
  assert_int_equal (counts->skipped, 6);
  assert_true (was_skipped (import, "leads out of its folder"));
  assert_true (was_skipped (import, "hostname is neither"));
  assert_true (was_skipped (import, "left/missing.png is neither"));
  assert_true (was_skipped (import, "the file says 40 x 16, the picture is 20 x 16"));
  assert_true (was_skipped (import, "annotation 6: a polygon of 4 numbers"));
  assert_true (was_skipped (import, "annotation 8: its category is not in the file"));

  g_autoptr (AssayImport) again = fixture_import (fixture, fixture->project, "set/things.json", NULL);
  counts = assay_import_get_counts (again);
  assert_true (counts->media_added == 0 && counts->labels_added == 0 && counts->objects_added == 0
               && counts->classes_added == 0);
  assert_int_equal (counts->media_known, 4);
  assert_int_equal (counts->labels_known, 3);
  g_autoptr (AssayItem) item = fixture_item (fixture, "right/\xc3\xa9t\xc3\xa9.png");
  assert_string_equal (item->name, "right/\xc3\xa9t\xc3\xa9.png");
}

static void
what_goes_out_comes_in_the_same_elsewhere (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  write_dataset (fixture);
  g_autoptr (AssayImport) first = fixture_import (fixture, fixture->project, "set/things.json", NULL);
  assert_null (fixture_export (fixture, "out", "coco", NULL));
  /* Small as it is, it all lies in the splits that the hash of each picture gives. */
  static const char *const splits[] = { "train", "val", "test" };
  g_autofree char *other_path = fixture_path (fixture, "other");
  g_autoptr (AssayProject) other = assay_project_create (other_path, "other", &error);
  guint64 labels = 0, objects = 0, skipped = 0;
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("out/annotations/instances_%s.json", splits[i]);
      if (!fixture_exists (fixture, name))
        continue;
      g_autoptr (AssayImport) import = fixture_import (fixture, other, name, NULL);
      labels += assay_import_get_counts (import)->labels_added;
      objects += assay_import_get_counts (import)->objects_added;
      skipped += assay_import_get_counts (import)->skipped;
      g_autofree char *text = fixture_read (fixture, name);
      assert_null (strstr (text, "\"id\":0"));
    }
  assert_true (labels == 3 && objects == 3 && skipped == 0);
  static const char *const names[] = { "left/a b.png", "right/\xc3\xa9t\xc3\xa9.png", "left/empty.png" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *before = fixture_label_text (fixture, fixture->project, names[i], "things", "anna");
      g_autofree char *after = fixture_label_text (fixture, other, names[i], "things", "anna");
      g_autoptr (json_t) a = json_loads (before, 0, NULL), b = json_loads (after, 0, NULL);
      gsize k;
      json_t *object;
      /* Ids of objects and classes are made anew; pixels, outlines and the keys of others are the same. */
      json_array_foreach (json_object_get (a, "objects"), k, object)
      {
        json_t *twin = json_array_get (json_object_get (b, "objects"), k);
        static const char *const made[] = { "id", "class" };
        for (guint m = 0; m < G_N_ELEMENTS (made); m++)
          {
            json_object_del (object, made[m]);
            json_object_del (twin, made[m]);
          }
      }
      g_autofree char *a_text = assay_json_canonical (a), *b_text = assay_json_canonical (b);
      assert_string_equal (a_text, b_text);
    }
  g_autoptr (AssayTask) task = assay_task_find (other->store, "things", &error);
  assert_int_equal (assay_task_find_class_named (task, "cup")->source_id, 90);
  assert_int_equal (assay_task_find_class_named (task, "hand")->source_id, 3);
}

/* A file without a single annotation: that nothing is there was somebody's answer, to a task of a kind. */
static void
an_answer_that_nothing_is_there_survives_alone (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = assay_task_new ("mugs", assay_kind_find ("box"));
  assay_task_add_class (task, "mug");
  fixture_write_png (fixture, "p.png", 8, 8, 1);
  g_autoptr (AssayImport) import = fixture_import (fixture, fixture->project, "p.png", NULL);
  fixture_label (fixture, "p.png", task, "anna", "[]");
  assert_null (fixture_export (fixture, "out", "coco", NULL));
  g_autofree char *other_path = fixture_path (fixture, "other");
  g_autoptr (AssayProject) other = assay_project_create (other_path, "other", &error);
  static const char *const files[] = { "out/annotations/instances_train.json", "out/annotations/instances_val.json",
                                       "out/annotations/instances_test.json" };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    if (fixture_exists (fixture, files[i]))
      assay_import_free (fixture_import (fixture, other, files[i], NULL));
  g_autofree char *text = fixture_label_text (fixture, other, "p.png", "mugs", "anna");
  assert_string_equal (text, "{\"objects\":[],\"schema\":\"assay.box/1\"}");
}

static void
an_export_is_the_same_in_any_place_zone_and_language (void **state)
{
  Fixture *fixture = *state;
  write_dataset (fixture);
  g_autoptr (AssayImport) import = fixture_import (fixture, fixture->project, "set/things.json", NULL);
  assert_null (fixture_export (fixture, "here", "coco", NULL));
  setenv ("TZ", "Asia/Tokyo", 1);
  tzset ();
  setlocale (LC_ALL, "de_DE.UTF-8"); /* commas in numbers, where it is installed */
  assert_null (fixture_export (fixture, "far/away/there", "coco", NULL));
  setlocale (LC_ALL, "C");
  unsetenv ("TZ");
  tzset ();
  g_autofree char *here = fixture_digest (fixture, "here"), *there = fixture_digest (fixture, "far/away/there");
  assert_string_equal (here, there);
  assert_non_null (strstr (here, "EXPORT.json"));
  /* The same again takes the place of the old one. */
  assert_null (fixture_export (fixture, "here", "coco", NULL));
  g_autofree char *again = fixture_digest (fixture, "here");
  assert_string_equal (here, again);
}

static void
importing_again_does_not_undo_what_a_person_did (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  write_dataset (fixture);
  g_autoptr (AssayImport) import = fixture_import (fixture, fixture->project, "set/things.json", NULL);
  g_autoptr (AssayTask) task = assay_task_find (fixture->project->store, "things", &error);
  fixture_label (fixture, "left/a b.png", task, "anna", "[]");
  g_autoptr (AssayImport) again = fixture_import (fixture, fixture->project, "set/things.json", NULL);
  assert_int_equal (assay_import_get_counts (again)->labels_added, 0);
  g_autofree char *text = fixture_label_text (fixture, fixture->project, "left/a b.png", "things", "anna");
  assert_non_null (strstr (text, "\"objects\":[]"));
}

static void
a_folder_with_anything_else_is_left_alone (void **state)
{
  Fixture *fixture = *state;
  write_dataset (fixture);
  g_autoptr (AssayImport) import = fixture_import (fixture, fixture->project, "set/things.json", NULL);
  fixture_write (fixture, "mine/thesis.txt", "years of work");
  g_autoptr (GError) error = fixture_export (fixture, "mine", "coco", NULL);
  assert_int_equal (error->code, ASSAY_ERROR_CONFLICT);
  g_autofree char *text = fixture_read (fixture, "mine/thesis.txt");
  assert_string_equal (text, "years of work");
  assert_null (fixture_export (fixture, "out", "coco", NULL));
  g_autoptr (GError) other = fixture_export (fixture, "out", "coco", &(AssayExportOptions){ .fraction = 50 });
  assert_int_equal (other->code, ASSAY_ERROR_CONFLICT);
}

static guint
count_entries (const char *path)
{
  guint n = 0;
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static void
a_failed_or_cancelled_export_leaves_nothing (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  write_dataset (fixture);
  g_autoptr (AssayImport) import = fixture_import (fixture, fixture->project, "set/things.json", NULL);
  g_autoptr (AssayProgress) progress = assay_progress_new ();
  g_autofree char *place = fixture_path (fixture, "exports"), *out = g_build_filename (place, "out", NULL);
  g_mkdir (place, 0755);
  const AssayExportOptions options = { .format = assay_format_find ("coco"), .fraction = 100 };
  AssayExport *export = assay_export_new (fixture->project, out, &options, progress, &error);
  assert_non_null (export);
  assay_progress_cancel (progress);
  assert_false (assay_export_run (export, &error));
  assert_int_equal (error->code, ASSAY_ERROR_CANCELLED);
  assay_export_free (export);
  assert_int_equal (count_entries (place), 0);
  /* What the format cannot hold fails a strict one. */
  g_autoptr (AssayTask) task = assay_task_new ("kinds of day", assay_kind_find ("tag"));
  assay_task_add_class (task, "sunny");
  fixture_label (fixture, "left/a b.png", task, "anna", "[{\"class\":\"sunny\"}]");
  g_autoptr (GError) strict
      = fixture_export (fixture, "exports/out", "coco", &(AssayExportOptions){ .strict = TRUE });
  assert_int_equal (strict->code, ASSAY_ERROR_UNSUPPORTED);
  assert_non_null (strstr (strict->message, "1 labels of task kinds of day"));
  assert_int_equal (count_entries (place), 0);
}

/* The number that an annotation's attributes bear; 0 = none. */
static gint64
track_number (const json_t *annotations, gsize i)
{
  gint64 number = 0;
  assay_json_get_int (json_object_get (json_array_get (annotations, i), "attributes"), "track_id", &number);
  return number;
}

static void
a_thing_keeps_its_number_through_a_sequence (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = assay_task_new ("boxes", assay_kind_find ("box"));
  assay_task_add_class (task, "cup");
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *name = g_strdup_printf ("film/%u.png", i);
      fixture_write_png (fixture, name, 16, 8, 40 + i);
      g_autoptr (AssayImport) import = fixture_import (fixture, fixture->project, name, NULL);
      fixture_label (
          fixture, name + strlen ("film/"), task, "anna",
          i == 0 ? "[{\"class\":\"cup\",\"box\":[1,1,3,3],\"track\":\"0190a000-0000-7000-8000-0000000000aa\","
                   "\"attributes\":{\"colour\":\"red\"}},{\"class\":\"cup\",\"box\":[9,1,3,3],"
                   "\"attributes\":{\"colour\":\"blue\",\"coco\":{\"attributes\":{\"occluded\":true,\"colour\":"
                   "\"grey\","
                   "\"track_id\":1}}}},{\"class\":\"cup\",\"box\":[12,1,3,3]}]"
                 : "[{\"class\":\"cup\",\"box\":[5,1,3,3],\"track\":\"0190a000-0000-7000-8000-0000000000bb\"},"
                   "{\"class\":\"cup\",\"box\":[2,1,3,3],\"track\":\"0190a000-0000-7000-8000-0000000000aa\"}]");
    }
  assert_null (fixture_export (fixture, "out", "coco", &(AssayExportOptions){ .strict = TRUE }));
  g_autofree char *root = fixture_path (fixture, "out/annotations");
  g_autoptr (GDir) folder = g_dir_open (root, 0, NULL);
  gint64 numbers[5] = { 0 }, n = 0;
  for (const char *file; (file = g_dir_read_name (folder)) != NULL;)
    {
      g_autofree char *path = g_build_filename (root, file, NULL);
      g_autoptr (json_t) document = assay_json_load (path, &error);
      const json_t *annotations = json_object_get (document, "annotations");
      for (gsize i = 0; i < json_array_size (annotations); i++)
        {
          const json_t *entry = json_array_get (annotations, i);
          double x = json_number_value (json_array_get (json_object_get (entry, "bbox"), 0));
          numbers[x == 1 ? 0 : x == 9 ? 1 : x == 5 ? 2 : x == 2 ? 3 : 4] = track_number (annotations, i);
          n++;
          const json_t *attributes = json_object_get (entry, "attributes");
          if (x == 1 || x == 9) /* what came with an import stays, what people said goes over it */
            assert_string_equal (assay_json_get_string (attributes, "colour"), x == 1 ? "red" : "blue");
          assert_int_equal (assay_json_get_bool (attributes, "occluded"), x == 9);
        }
    }
  assert_int_equal (n, 5);
  assert_true (numbers[0] > 0 && numbers[2] > 0);
  assert_int_equal (numbers[0], numbers[3]);
  assert_int_not_equal (numbers[0], numbers[2]);
  assert_true (numbers[1] > 0 && numbers[1] != numbers[0] && numbers[1] != numbers[2]);
  assert_int_equal (numbers[4], 0);
}

/* Two folders with one name in them, two spellings of case, and a name that Windows keeps for itself. */
static void
every_picture_has_a_name_of_its_own_on_any_system (void **state)
{
  Fixture *fixture = *state;
  static const char *const names[] = { "a.png", "A.PNG", "aux.png", "x/a.png" };
  g_autoptr (AssayTask) task = assay_task_new ("boxes", assay_kind_find ("box"));
  assay_task_add_class (task, "cup");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = g_strdup_printf ("in/%s", names[i]);
      g_autofree char *root = fixture_path (fixture, "in"), *path = fixture_path (fixture, name);
      fixture_write_png (fixture, name, 8, 8, 10 + i);
      g_autoptr (AssayImport) import
          = assay_import_new (fixture->project, &(AssayImportOptions){ .annotator = "anna" }, NULL);
      g_autoptr (AssayItem) item = NULL;
      assay_import_add_root (import, root);
      assert_true (assay_import_media (import, path, NULL, NULL, &item, NULL));
      assert_true (assay_import_commit (import, NULL));
      char id[ASSAY_ID_TEXT_SIZE];
      fixture_label (fixture, assay_id_to_text (&item->id, id), task, "anna",
                     "[{\"class\":\"cup\",\"box\":[1,1,3,3]}]");
    }
  assert_null (fixture_export (fixture, "out", "coco", NULL));
  g_autofree char *listing = fixture_digest (fixture, "out/images");
  g_auto (GStrv) lines = g_strsplit (listing, "\n", -1);
  assert_int_equal (g_strv_length (lines), 4);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *mine = g_utf8_casefold (lines[i], (gssize) strcspn (lines[i], " "));
      assert_false (g_str_has_prefix (mine, "aux."));
      for (guint k = 0; k < i; k++)
        {
          g_autofree char *theirs = g_utf8_casefold (lines[k], (gssize) strcspn (lines[k], " "));
          assert_string_not_equal (mine, theirs);
        }
    }
}

static void
a_smaller_fraction_lies_within_a_larger_one (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (AssayTask) task = assay_task_new ("boxes", assay_kind_find ("box"));
  assay_task_add_class (task, "cup");
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *name = g_strdup_printf ("p%02u.png", i);
      fixture_write_png (fixture, name, 8, 8, i);
      g_autoptr (AssayImport) import = fixture_import (fixture, fixture->project, name, NULL);
      fixture_label (fixture, name, task, "anna", "[{\"class\":\"cup\",\"box\":[1,1,3,3]}]");
    }
  g_autofree char *before = NULL;
  static const guint fractions[] = { 10, 25, 50, 100 };
  guint n_before = 0;
  for (guint f = 0; f < G_N_ELEMENTS (fractions); f++)
    {
      g_autofree char *out = g_strdup_printf ("out%u", fractions[f]),
                      *images = g_build_filename (out, "images", NULL);
      assert_null (fixture_export (fixture, out, "coco", &(AssayExportOptions){ .fraction = fractions[f] }));
      char *now = fixture_digest (fixture, images);
      g_auto (GStrv) lines = g_strsplit (before != NULL ? before : "", "\n", -1);
      for (guint i = 0; lines[i] != NULL; i++)
        assert_non_null (strstr (now, lines[i]));
      g_auto (GStrv) all = g_strsplit (now, "\n", -1);
      guint n = *now == '\0' ? 0 : g_strv_length (all);
      assert_true (n >= n_before && (fractions[f] < 100 || n == 40) && (fractions[f] > 50 || n < 40));
      n_before = n;
      g_free (before);
      before = now;
    }
}

static void
undecided_items_are_counted_and_listed_only_on_request (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = assay_task_new ("boxes", assay_kind_find ("box"));
  assay_task_add_class (task, "cup");
  fixture_write_png (fixture, "p.png", 8, 8, 1);
  g_autoptr (AssayImport) import = fixture_import (fixture, fixture->project, "p.png", NULL);
  fixture_label (fixture, "p.png", task, "anna", "[{\"class\":\"cup\",\"box\":[1,1,3,3]}]");
  fixture_label (fixture, "p.png", task, "bob", "[{\"class\":\"cup\",\"box\":[4,4,3,3]}]");
  for (guint asked = 0; asked < 2; asked++)
    {
      g_autofree char *out = fixture_path (fixture, asked ? "with" : "without");
      const AssayExportOptions options
          = { .format = assay_format_find ("coco"), .fraction = 100, .undecided = asked != 0 };
      g_autoptr (AssayExport) export = assay_export_new (fixture->project, out, &options, NULL, &error);
      assert_true (assay_export_run (export, &error));
      g_autoptr (json_t) answer = assay_export_get_answer (export);
      assert_int_equal (json_integer_value (json_object_get (answer, "undecided")), 1);
      assert_int_equal (json_integer_value (json_object_get (answer, "items")), asked);
      assert_int_equal (json_integer_value (json_object_get (answer, "labels")), 0);
    }
}

/* Pictures that a camera held sideways: labels are in the displayed frame, and so is what is exported. */
static void
pictures_leave_upright (void **state)
{
  Fixture *fixture = *state;
  g_autofree char *source = fixture_sample ("formats/exif/landscape/Landscape_6.jpg");
  char *data = NULL;
  gsize n = 0;
  if (source == NULL)
    return;
  assert_true (g_file_get_contents (source, &data, &n, NULL));
  g_autofree char *path = fixture_path (fixture, "sideways.jpg");
  assert_true (g_file_set_contents (path, data, (gssize) n, NULL));
  g_free (data);
  g_autoptr (AssayImport) import = fixture_import (fixture, fixture->project, "sideways.jpg", NULL);
  g_autoptr (AssayItem) item = fixture_item (fixture, "sideways.jpg");
  assert_true (item->width_px == 1800 && item->height_px == 1200 && item->exif_orientation == 6);
  g_autoptr (AssayTask) task = assay_task_new ("boxes", assay_kind_find ("box"));
  assay_task_add_class (task, "sign");
  fixture_label (fixture, "sideways.jpg", task, "anna", "[{\"class\":\"sign\",\"box\":[1700,10,30,30]}]");
  assert_null (fixture_export (fixture, "out", "coco", NULL));
  g_autofree char *out = fixture_path (fixture, "out/images/sideways.jpg");
  AssayMediaFacts facts = { 0 };
  assert_true (assay_media_probe (out, &facts, NULL));
  assert_true (facts.width_px == 1800 && facts.height_px == 1200 && facts.exif_orientation == 1);
  g_autofree char *listing = fixture_read (fixture, "out/EXPORT.json");
  assert_non_null (strstr (listing, "\"turned_upright_from_exif\":6"));
}

/* A raw film of 10-bit grey: frame `number` is (8 x + y + 100 number) in every pixel. */
static guint
deep_pixel (guint number, guint x, guint y)
{
  return (8 * x + y + 100 * number) & 1023;
}

static void
write_deep_film (const char *path, guint width_px, guint height_px, guint n)
{
  g_autoptr (GError) error = NULL;
  AssayFilmFormat format
      = { .pixels = { .fourcc = ASSAY_FOURCC ('Y', '1', '0', ' '), .width_px = width_px, .height_px = height_px } };
  g_autofree guint16 *pixels = g_new (guint16, width_px * height_px);
  AssayFilmWriter *writer = assay_film_writer_new (path, &format, 0, &error);
  assert_non_null (writer);
  for (guint number = 0; number < n; number++)
    {
      for (guint i = 0; i < width_px * height_px; i++)
        pixels[i] = GUINT16_TO_LE ((guint16) deep_pixel (number, i % width_px, i / width_px));
      AssayFilmFrame frame = { .data = (guint8 *) pixels,
                               .n_bytes = 2 * (gsize) width_px * height_px,
                               .stamp_ns = 1000 + number * G_GINT64_CONSTANT (33333333),
                               .sequence = number };
      assert_true (assay_film_writer_add (writer, &frame, NULL, &error));
    }
  assert_true (assay_film_writer_close (writer, &error));
}

static void
frames_of_a_raw_film_leave_as_pictures_of_their_full_depth (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fixture_path (fixture, "take.film");
  write_deep_film (path, 20, 12, 5);
  g_autoptr (AssayImport) import = fixture_import (fixture, fixture->project, "take.film", NULL);
  g_autoptr (AssayItem) film = fixture_item (fixture, "take.film");
  assert_true (film->media_kind == ASSAY_MEDIA_FILM && film->width_px == 20);
  assert_string_equal (film->media_type, "film");
  g_autoptr (AssayItem) frame = assay_item_new ();
  frame->media = film->media;
  frame->media_kind = film->media_kind;
  frame->media_type = g_strdup ("film");
  frame->name = g_strdup ("take/0003");
  frame->range = ASSAY_RANGE_FRAME;
  frame->end = 3 * 33333333;
  frame->width_px = 20;
  frame->height_px = 12;
  assert_true (assay_item_add (fixture->project->store, frame, NULL, &error));
  g_autoptr (AssayTask) task = assay_task_new ("boxes", assay_kind_find ("box"));
  assay_task_add_class (task, "cup");
  fixture_label (fixture, "take/0003", task, "anna", "[{\"class\":\"cup\",\"box\":[2,3,4,5]}]");
  assert_null (fixture_export (fixture, "out", "coco", NULL));
  g_autofree char *out
      = fixture_path (fixture, "out/images/take/0003_000000099999.png"); /* with its microseconds */
  g_autoptr (AssayPicture) picture = assay_picture_load (out, &error);
  if (picture == NULL)
    fail_msg ("%s", error->message);
  assert_int_equal (picture->pixels, ASSAY_PIXELS_GREY16);
  for (guint i = 0; i < 20 * 12; i++)
    assert_int_equal (((guint16 *) (gpointer) (picture->data + i / 20 * picture->stride))[i % 20],
                      deep_pixel (3, i % 20, i / 20) << 6);
}

/* Counts from elsewhere: by hand for the first, by the makers' own numbers for the second. */
static void
files_of_others_have_the_counts_that_they_should (void **state)
{
  Fixture *fixture = *state;
  const char *data = g_getenv ("ASSAY_TEST_DATA");
  g_autofree char *fly = fixture_sample ("formats/coco/mmpose_fly/test_fly.json");
  const struct
  {
    char *path;
    guint media, known, labels, objects, classes;
  } files[] = {
    { g_build_filename (data, "coco/roboflow/train/_annotations.coco.json", NULL), 1, 1, 2, 2,
      2 }, /* one picture twice */
    { g_build_filename (data, "coco/roboflow/val/_annotations.coco.json", NULL), 0, 1, 1, 2, 0 },
    { g_strdup (fly), 2, 0, 2, 2, 1 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = files[i].path;
      if (path == NULL)
        continue;
      g_autoptr (AssayImport) import
          = assay_import_new (fixture->project, &(AssayImportOptions){ .annotator = "anna" }, NULL);
      assert_true (assay_import_read (import, assay_format_sniff (path), path, &error));
      const AssayImportCounts *counts = assay_import_get_counts (import);
      assert_int_equal (counts->media_added, files[i].media);
      assert_int_equal (counts->media_known, files[i].known);
      assert_int_equal (counts->labels_added, files[i].labels);
      assert_int_equal (counts->objects_added, files[i].objects);
      assert_int_equal (counts->classes_added, files[i].classes);
      assert_int_equal (counts->skipped, 0);
    }
}

int
main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, fixture_setup, fixture_teardown)
  const struct CMUnitTest tests[] = {
    TEST (labels_of_others_come_in_once_and_the_bad_ones_are_named),
    TEST (what_goes_out_comes_in_the_same_elsewhere),
    TEST (an_answer_that_nothing_is_there_survives_alone),
    TEST (an_export_is_the_same_in_any_place_zone_and_language),
    TEST (importing_again_does_not_undo_what_a_person_did),
    TEST (a_folder_with_anything_else_is_left_alone),
    TEST (a_failed_or_cancelled_export_leaves_nothing),
    TEST (a_thing_keeps_its_number_through_a_sequence),
    TEST (every_picture_has_a_name_of_its_own_on_any_system),
    TEST (a_smaller_fraction_lies_within_a_larger_one),
    TEST (undecided_items_are_counted_and_listed_only_on_request),
    TEST (pictures_leave_upright),
    TEST (frames_of_a_raw_film_leave_as_pictures_of_their_full_depth),
    TEST (files_of_others_have_the_counts_that_they_should),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
