/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A camera calibrated: live, where it goes away and comes back (a folder of pictures replayed), with the same
 * folder looked at picture by picture, and with a board that was printed here. */
#include "core/calibration.h"
#include "core/json.h"
#include "core/project.h"
#include "tests/ui/ui.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <cmocka.h>

#define TILTED "left03.jpg"

/* As the project knows the camera; the folder is made by the test. */
static char *
dup_camera (const char *directory)
{
  return g_strdup_printf ("replay:%s/lens", directory);
}

/* Small and dark, large and light. */
static void
keep (Ui *ui, const char *name)
{
  g_autofree char *shot = g_strdup_printf ("calibration-%s-%d", name, ui_get_width (ui));
  ui_shot (ui, shot);
}

static void
choose_theme (Ui *ui)
{
  ui_maximise (ui);
  if (ui_get_width (ui) < 1900)
    return;
  ui_key (ui, "F10");
  ui_find (ui, NULL, "Light Background");
  ui_key (ui, "l");
  ui_wait_gone (ui, NULL, "Light Background");
}

static AssayCalibration *
get_newest (const char *directory, AssayCalibrationKind kind)
{
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autofree char *camera = dup_camera (directory);
  g_autoptr (AssaySensor) sensor
      = project != NULL ? assay_sensor_get (project->store, "camera", camera, NULL) : NULL;
  return sensor != NULL ? assay_calibration_get (project->store, &sensor->id, kind, NULL, NULL) : NULL;
}

static gboolean
is_saved (Ui *ui, gpointer data)
{
  g_autoptr (AssayCalibration) calibration = get_newest (data, ASSAY_CALIBRATION_INTRINSICS);
  return calibration != NULL;
}

static void
choose_folder (Ui *ui, const char *path)
{
  ui_settle (ui);
  ui_click (ui, ui_find (ui, "push button", "Choose the folder"));
  ui_choose_path (ui, "Pictures of the board", path);
}

static gboolean
is_file (Ui *ui, gpointer path)
{
  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/* Free it. */
static char *
print_board (Ui *ui, const char *directory, const char *name)
{
  char *path = g_build_filename (directory, name, NULL);
  ui_click (ui, ui_find (ui, "push button", "Print…"));
  ui_choose_path (ui, "Save the board as PDF or PNG", path);
  ui_wait (ui, is_file, path, name);
  ui_wait_text (ui, "print it at 100 %");
  return path;
}

static void
assert_begins (const char *path, const char *with)
{
  g_autofree char *data = NULL;
  assert_true (g_file_get_contents (path, &data, NULL, NULL));
  assert_true (g_str_has_prefix (data, with));
}

/* The camera's pictures, one after another, for ever. */
static void
make_lens (const char *pictures, const char *lens)
{
  g_autoptr (GDir) listing = g_dir_open (pictures, 0, NULL);
  const char *name;
  assert_int_equal (g_mkdir_with_parents (lens, 0755), 0);
  while ((name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *from = g_build_filename (pictures, name, NULL), *to = g_build_filename (lens, name, NULL);
      if (g_str_has_suffix (name, ".jpg"))
        assert_int_equal (symlink (from, to), 0);
    }
}

static gboolean
has_more_views (Ui *ui, gpointer data)
{
  for (guint n = 4; n < 20; n++)
    {
      g_autofree char *views = g_strdup_printf ("%u views", n);
      if (ui_has (ui, "label", views))
        return TRUE;
    }
  return FALSE;
}

/* A cable that comes loose between two views. */
static void
lose_camera_and_go_on (Ui *ui, const char *lens)
{
  g_autofree char *aside = g_strconcat (lens, "-pulled", NULL);
  ui_click (ui, ui_find (ui, "push button", "Begin"));
  ui_wait_text (ui, "2 views");
  assert_int_equal (g_rename (lens, aside), 0);
  ui_wait_text (ui, "The camera is away");
  ui_settle (ui);
  keep (ui, "away");
  ui_find (ui, "label", "views");
  assert_int_equal (g_rename (aside, lens), 0);
  ui_wait_gone (ui, "label", "The camera is away: plug it in again. The views that were taken stay.");
  ui_wait (ui, has_more_views, NULL, "the views from before, and more");
  ui_key (ui, "Escape");
  ui_wait_text (ui, "Never");
}

/* A folder with a near and tilted view alone. */
static char *
copy_one (const char *pictures)
{
  char *folder = ui_dup_folder ("one");
  g_autofree char *from = g_build_filename (pictures, TILTED, NULL), *to = g_build_filename (folder, TILTED, NULL);
  g_autofree char *data = NULL;
  gsize n_bytes;
  assert_int_equal (g_mkdir_with_parents (folder, 0755), 0);
  assert_true (g_file_get_contents (from, &data, &n_bytes, NULL));
  assert_true (g_file_set_contents (to, data, (gssize) n_bytes, NULL));
  return folder;
}

/* The words on a widget; a solution of a busy machine takes longer than one wait. */
static void
wait_long (Ui *ui, const char *role, const char *name)
{
  for (guint tries = 0; tries < 5 && !ui_has (ui, role, name); tries++)
    ui_settle (ui);
  ui_find (ui, role, name);
}

static void
views_are_taken_by_themselves_solved_saved_and_one_more_tells_that_it_holds (void **state)
{
  const char *samples = g_getenv ("ASSAY_SAMPLES");
  g_autofree char *pictures = g_build_filename (samples != NULL ? samples : "", "calibration", NULL);
  if (samples == NULL || !g_file_test (pictures, G_FILE_TEST_IS_DIR))
    {
      puts ("# not run: ASSAY_SAMPLES has no folder calibration");
      return;
    }
  g_autofree char *directory = ui_dup_folder ("calibration");
  g_autofree char *said = ui_assay ("init", directory, NULL);
  g_autofree char *lens = g_build_filename (directory, "lens", NULL);
  g_autofree char *camera = dup_camera (directory), *words = g_strconcat (camera, ",loop=true,fps=4", NULL);
  make_lens (pictures, lens);
  g_setenv ("ASSAY_CAMERAS", words, TRUE);
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  g_unsetenv ("ASSAY_CAMERAS");
  choose_theme (ui);
  ui_key (ui, "alt+1");
  ui_wait_text (ui, "lens");
  ui_key (ui, "ctrl+l");
  ui_wait_text (ui, "Never"); /* calibrated */
  ui_settle (ui);
  keep (ui, "setup");
  g_autofree char *boards = ui_dup_folder ("boards");
  assert_int_equal (g_mkdir_with_parents (boards, 0755), 0);
  g_autofree char *board = print_board (ui, boards, "board.pdf");
  assert_begins (board, "%PDF");
  lose_camera_and_go_on (ui, lens);
  choose_folder (ui, pictures);
  ui_click (ui, ui_find (ui, "push button", "Begin"));
  ui_wait_text (ui, " views");
  keep (ui, "watch");
  wait_long (ui, "push button", "Save");
  ui_settle (ui);
  keep (ui, "result");
  ui_wait_text (ui, "views used");
  ui_click (ui, ui_find (ui, "push button", "Save"));
  ui_wait (ui, is_saved, directory, "the calibration with its camera");
  ui_find (ui, "check box", "lens"); /* the Capture page again */
  g_autoptr (AssayCalibration) calibration = get_newest (directory, ASSAY_CALIBRATION_INTRINSICS);
  double rms_px = NAN, fx = 0;
  assay_json_get_double (calibration->document, "rms_px", &rms_px);
  assay_json_get_double (calibration->document, "fx", &fx);
  assert_true (rms_px > 0.05 && rms_px < 0.6);
  assert_float_equal (fx, 536, 15); /* what OpenCV's own samples come to */

  ui_key (ui, "ctrl+l");
  ui_find (ui, "push button", "Check with One View");
  ui_settle (ui);
  g_autofree char *one = copy_one (pictures);
  choose_folder (ui, one);
  ui_click (ui, ui_find (ui, "push button", "Check with One View"));
  wait_long (ui, NULL, "The calibration holds");
  ui_settle (ui);
  keep (ui, "check");
  g_autoptr (AssayCalibration) check = get_newest (directory, ASSAY_CALIBRATION_CHECK);
  assert_non_null (check);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (views_are_taken_by_themselves_solved_saved_and_one_more_tells_that_it_holds),
  };
  return cmocka_run_group_tests_name ("calibration", tests, NULL, NULL);
}
