/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/formats/fixture.h"

#include "core/picture.h"
#include "core/sound.h"

#include <glib/gstdio.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

int
fixture_setup (void **state)
{
  g_autoptr (GError) error = NULL;
  Fixture *fixture = g_new0 (Fixture, 1);
  fixture->place = g_dir_make_tmp ("assay-formats-XXXXXX", &error);
  g_autofree char *project = fixture_path (fixture, "project");
  fixture->project = assay_project_create (project, "test", &error);
  if (error != NULL)
    print_error ("%s\n", error->message);
  *state = fixture;
  return error == NULL ? 0 : -1;
}

static void
remove_tree (const char *path)
{
  struct stat status;
  if (lstat (path, &status) == 0 && S_ISDIR (status.st_mode))
    {
      g_chmod (path, 0700);
      g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
      for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;)
        {
          g_autofree char *below = g_build_filename (path, name, NULL);
          remove_tree (below);
        }
    }
  g_remove (path);
}

int
fixture_teardown (void **state)
{
  Fixture *fixture = *state;
  assay_project_close (fixture->project);
  remove_tree (fixture->place);
  g_free (fixture->place);
  g_free (fixture);
  return 0;
}

char *
fixture_path (const Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->place, name, NULL);
}

static char *
make_way (const Fixture *fixture, const char *name)
{
  char *path = fixture_path (fixture, name);
  g_autofree char *folder = g_path_get_dirname (path);
  g_mkdir_with_parents (folder, 0755);
  return path;
}

void
fixture_write (const Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = make_way (fixture, name);
  assert_true (g_file_set_contents (path, text, -1, NULL));
}

void
fixture_write_png (const Fixture *fixture, const char *name, guint width_px, guint height_px, guint value)
{
  g_autofree char *path = make_way (fixture, name);
  g_autoptr (AssayPicture) picture = assay_picture_new (width_px, height_px, ASSAY_PIXELS_GREY8);
  for (guint y = 0; y < height_px; y++)
    memset (picture->data + y * picture->stride, (int) ((value + y) % 256), width_px);
  g_autoptr (GBytes) bytes = assay_picture_encode_png (picture, NULL);
  gsize n = 0;
  const char *data = g_bytes_get_data (bytes, &n);
  assert_true (g_file_set_contents (path, data, (gssize) n, NULL));
}

void
fixture_write_wav (const Fixture *fixture, const char *name, guint rate_hz, gint64 n_samples)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = make_way (fixture, name);
  g_autofree float *samples = g_new (float, n_samples);
  for (gint64 i = 0; i < n_samples; i++)
    samples[i] = (float) (0.5 * sin ((double) i * 0.05));
  AssaySoundWriter *writer = assay_sound_writer_new (path, rate_hz, 1, &error);
  assert_null (error);
  assert_true (assay_sound_writer_add (writer, samples, n_samples, &error));
  assert_true (assay_sound_writer_close (writer, &error));
}

AssayItem *
fixture_item (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  AssayItem *item = assay_item_find (fixture->project->store, name, &error);
  if (item == NULL)
    fail_msg ("%s", error->message);
  return item;
}

AssayImport *
fixture_import (Fixture *fixture, AssayProject *project, const char *name, const AssayImportOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = NULL;
  g_autofree char *path = fixture_path (fixture, name);
  AssayImportOptions plain = { .annotator = "anna" };
  AssayImport *import = assay_import_new (project, options != NULL ? options : &plain, NULL);
  const AssayFormat *format = assay_format_sniff (path);
  gboolean ok = format != NULL ? assay_import_read (import, format, path, &error)
                               : assay_import_media (import, path, NULL, NULL, &item, &error);
  if (!ok || !assay_import_commit (import, &error))
    fail_msg ("%s", error->message);
  return import;
}

void
fixture_label (Fixture *fixture, const char *item_name, AssayTask *task, const char *annotator, const char *objects)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = fixture_item (fixture, item_name);
  g_autoptr (AssayAnnotator) by
      = assay_annotator_ensure (fixture->project->store, annotator, ASSAY_ANNOTATOR_PERSON, &error);
  if (task->row == 0)
    assert_true (assay_task_save (fixture->project->store, task, &by->id, &error));
  g_autofree char *text = g_strdup_printf ("{\"schema\":\"assay.%s/1\",\"objects\":%s}", task->kind->id, objects);
  g_autoptr (json_t) json = assay_json_parse (text, strlen (text), "label", &error);
  g_autoptr (AssayObjects) parsed = json != NULL ? assay_objects_from_json (json, task, item, &error) : NULL;
  if (parsed == NULL)
    fail_msg ("%s", error->message);
  g_autoptr (AssayLabel) label = assay_label_new (item, task, by);
  assay_objects_free (label->objects);
  label->objects = g_steal_pointer (&parsed);
  label->state = ASSAY_LABEL_SUBMITTED;
  if (!assay_label_save (fixture->project->store, label, NULL, &error))
    fail_msg ("%s", error->message);
}

char *
fixture_label_text (Fixture *fixture, AssayProject *project, const char *item_name, const char *task_name,
                    const char *annotator)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = assay_item_find (project->store, item_name, &error);
  g_autoptr (AssayTask) task = assay_task_find (project->store, task_name, &error);
  g_autoptr (AssayAnnotator) by = assay_annotator_find (project->store, annotator, &error);
  if (error != NULL)
    fail_msg ("%s", error->message);
  g_autoptr (AssayLabel) label = assay_label_get (project->store, item->row, task, by->row, &error);
  if (label == NULL)
    return NULL;
  g_autoptr (json_t) json = assay_objects_to_json (label->objects, task);
  return assay_json_canonical (json);
}

GError *
fixture_export (Fixture *fixture, const char *out, const char *format, const AssayExportOptions *more)
{
  GError *error = NULL;
  g_autofree char *path = fixture_path (fixture, out);
  AssayExportOptions options = more != NULL ? *more : (AssayExportOptions){ 0 };
  options.format = assay_format_find (format);
  options.fraction = options.fraction != 0 ? options.fraction : 100;
  g_autoptr (AssayExport) export = assay_export_new (fixture->project, path, &options, NULL, &error);
  if (export != NULL)
    assay_export_run (export, &error);
  return error;
}

char *
fixture_read (const Fixture *fixture, const char *name)
{
  char *text = NULL;
  g_autofree char *path = fixture_path (fixture, name);
  if (!g_file_get_contents (path, &text, NULL, NULL))
    fail_msg ("there is no %s", name);
  return text;
}

gboolean
fixture_exists (const Fixture *fixture, const char *name)
{
  g_autofree char *path = fixture_path (fixture, name);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
digest (const char *path, const char *shown, GPtrArray *lines)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);
      g_autofree char *called = g_build_filename (shown, name, NULL);
      char *text = NULL;
      gsize n = 0;
      char hash[ASSAY_SHA256_TEXT_SIZE];
      if (g_file_test (below, G_FILE_TEST_IS_DIR))
        digest (below, called, lines);
      else if (g_file_get_contents (below, &text, &n, NULL))
        {
          AssaySha256 sum = assay_sha256 (text, n);
          g_ptr_array_add (lines, g_strdup_printf ("%s %s", called, assay_sha256_to_text (&sum, hash)));
        }
      g_free (text);
    }
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char *
fixture_digest (const Fixture *fixture, const char *name)
{
  g_autofree char *path = fixture_path (fixture, name);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  digest (path, "", lines);
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

char *
fixture_sample (const char *name)
{
  const char *samples = g_getenv ("ASSAY_SAMPLES"), *source = g_getenv ("ASSAY_SOURCE");
  g_autofree char *path = samples != NULL
                              ? g_build_filename (samples, name, NULL)
                              : g_build_filename (source != NULL ? source : ".", "../shared/samples", name, NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  print_message ("# not run: there is no %s\n", path);
  return NULL;
}
