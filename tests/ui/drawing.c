/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/drawing.h"

#include "core/journal.h"
#include "core/picture.h"
#include "core/project.h"
#include "core/sound.h"

#include <glib/gstdio.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Projects to work on */

static void
write_picture (const char *folder, guint number, int grey)
{
  g_autofree char *path = g_strdup_printf ("%s/picture-%u.png", folder, number);
  g_autoptr (AssayPicture) picture = assay_picture_new (DRAWING_WIDTH, DRAWING_HEIGHT, ASSAY_PIXELS_RGB8);
  memset (picture->data, grey + (int) number, picture->stride * picture->height_px);
  g_autoptr (GBytes) png = assay_picture_encode_png (picture, NULL);
  gsize n_bytes = 0;
  gconstpointer data = g_bytes_get_data (png, &n_bytes);
  assert_true (g_file_set_contents (path, data, (gssize) n_bytes, NULL));
}

static void
write_sound (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "tone.wav", NULL);
  AssaySoundWriter *writer = assay_sound_writer_new (path, 8000, 1, NULL);
  g_autofree float *samples = g_new (float, 16000);
  for (guint i = 0; i < 16000; i++)
    samples[i] = 0.5f * sinf ((float) i * 0.2f);
  assert_true (assay_sound_writer_add (writer, samples, 16000, NULL));
  assert_true (assay_sound_writer_close (writer, NULL));
}

static char *
new_project (const char *name, const char *kind, const char *skeleton, int grey)
{
  char *directory = ui_dup_folder (name);
  g_autofree char *material = g_strconcat (directory, "-material", NULL);
  g_autofree char *skeleton_path = g_strconcat (directory, "-skeleton.json", NULL);
  assert_int_equal (g_mkdir (material, 0700), 0);
  if (g_str_equal (kind, "transcript"))
    write_sound (material);
  for (guint i = 1; i <= 3 && !g_str_equal (kind, "transcript"); i++)
    write_picture (material, i, grey);
  g_autofree char *init = ui_assay ("init", directory, NULL);
  g_autofree char *task = NULL;
  if (skeleton != NULL)
    {
      assert_true (g_file_set_contents (skeleton_path, skeleton, -1, NULL));
      task = ui_assay ("-C", directory, "task", "add", "work", "--kind", kind, "--classes", "cup,hand",
                       "--skeleton", skeleton_path, NULL);
    }
  else
    task = ui_assay ("-C", directory, "task", "add", "work", "--kind", kind, "--classes", "cup,hand", NULL);
  g_autofree char *import = ui_assay ("-C", directory, "import", material, NULL);
  assert_true (init != NULL && task != NULL && import != NULL);
  return directory;
}

char *
drawing_new_project (const char *name, const char *kind, const char *skeleton)
{
  return new_project (name, kind, skeleton, 0x60);
}

char *
drawing_new_dark_project (const char *name, const char *kind)
{
  return new_project (name, kind, NULL, 0x10);
}

AssayObjects *
drawing_read_draft (const char *directory, guint nth, const char *annotator_name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, &error);
  assert_non_null (project);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "work", &error);
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (project->store, annotator_name, &error);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, &error);
  assert_true (task != NULL && annotator != NULL && rows != NULL && nth < rows->len);
  g_autoptr (AssayItem) item = assay_item_get_row (project->store, g_array_index (rows, gint64, nth), &error);
  g_autoptr (AssayJournal) journal = assay_journal_open (project->store, item, task, annotator, &error);
  assert_non_null (journal);
  AssayObjects *objects = assay_objects_copy (assay_journal_get_objects (journal));
  return objects;
}

/* What is on the screen */

gboolean
drawing_says (Ui *ui, const char *widget, const char *words)
{
  g_autofree char *said = ui_dup_description_now (ui, "image", widget);
  return said != NULL && strstr (said, words) != NULL;
}

static gboolean
canvas_says (Ui *ui, gpointer data)
{
  return drawing_says (ui, "Image canvas", data);
}

void
drawing_wait (Ui *ui, const char *words)
{
  ui_wait (ui, canvas_says, (gpointer) words, words);
}

Ui *
drawing_start (const char *directory, const char *annotator, const char *words)
{
  Ui *ui = ui_start (directory, annotator);
  ui_key (ui, "alt+2");
  drawing_wait (ui, words);
  return ui;
}

void
drawing_locate (Ui *ui, double image_x, double image_y, int *ret_x, int *ret_y)
{
  int x, y, width, height;
  ui_get_extents (ui, ui_find (ui, "image", "Image canvas"), &x, &y, &width, &height);
  double zoom = fmin ((width - 24.0) / DRAWING_WIDTH, (height - 24.0) / DRAWING_HEIGHT);
  *ret_x = x + (int) round ((width - DRAWING_WIDTH * zoom) / 2 + image_x * zoom);
  *ret_y = y + (int) round ((height - DRAWING_HEIGHT * zoom) / 2 + image_y * zoom);
}

void
drawing_click (Ui *ui, double image_x, double image_y)
{
  int x, y;
  drawing_locate (ui, image_x, image_y, &x, &y);
  ui_click_at (ui, x, y);
}

void
drawing_square (Ui *ui, double x, double y, double side)
{
  drawing_click (ui, x, y);
  drawing_click (ui, x + side, y);
  drawing_click (ui, x + side, y + side);
  drawing_click (ui, x, y + side);
  ui_wait_text (ui, "4 points"); /* under another window manager a key may overtake a click (see ui-session) */
  ui_key (ui, "Return");
}

gboolean
drawing_is_tinted (Ui *ui, gpointer data)
{
  const double *at = data;
  int x, y;
  drawing_locate (ui, at[0], at[1], &x, &y);
  guint32 pixel = ui_pixel (ui, x, y);
  return (pixel >> 16) != (pixel & 0xff); /* the picture is grey, a class has a colour */
}
