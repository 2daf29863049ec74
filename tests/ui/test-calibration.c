/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A camera calibrated with a folder of pictures of a board; the pattern camera shows none, and is told so. */
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

#include <cmocka.h>

#define CAMERA "pattern:red"
#define TILTED "left03.jpg"

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
  g_autoptr (AssaySensor) sensor
      = project != NULL ? assay_sensor_get (project->store, "camera", CAMERA, NULL) : NULL;
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
  ui_click (ui, ui_find (ui, "text", "Folder of pictures (empty: live)"));
  ui_settle (ui);
  ui_type (ui, path);
  ui_settle (ui);
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
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  choose_theme (ui);
  ui_key (ui, "alt+1");
  ui_wait_text (ui, "Plain red");
  ui_key (ui, "ctrl+l");
  ui_wait_text (ui, "Never"); /* calibrated */
  ui_settle (ui);
  keep (ui, "setup");

  ui_key (ui, "Return"); /* Begin, live: a red picture shows no board */
  ui_wait_text (ui, "0 views");
  ui_settle (ui);
  keep (ui, "no-board");
  ui_key (ui, "Escape");
  ui_wait_text (ui, "Never");
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
  ui_find (ui, "check box", "Plain red"); /* the Capture page again */
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
