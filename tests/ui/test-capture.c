/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capture: the test card stands in for a camera, the tone for a microphone. */
#include "core/item.h"
#include "core/project.h"
#include "tests/ui/ui.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char *
new_project (const char *name)
{
  char *directory = ui_dup_folder (name);
  g_autofree char *said = ui_assay ("init", directory, NULL);
  return directory;
}

static gboolean
shows_red (Ui *ui, gpointer data)
{
  int x, y, width, height;
  ui_get_extents (ui, ui_find (ui, "image", "Plain red"), &x, &y, &width, &height);
  return width > 0 && ui_pixel (ui, x + width / 2, y + height / 2) == 0xff0000;
}

static gboolean
has_items (Ui *ui, gpointer data)
{
  g_autoptr (AssayProject) project = assay_project_open (data, ASSAY_STORE_READ, NULL);
  g_autoptr (GArray) rows = project != NULL ? assay_item_list_rows (project->store, NULL, NULL) : NULL;
  return rows != NULL && rows->len > 0;
}

static void
live_picture_is_seen_and_a_still_taken_by_a_key_is_an_item (void **state)
{
  g_autofree char *directory = new_project ("stills");
  g_autofree char *plan = g_build_filename (directory, "plan.json", NULL);
  assert_true (g_file_set_contents (
      plan, "{\"targets\":[{\"class\":\"mug\",\"condition\":{\"light\":\"low\"},\"count\":200}]}", -1, NULL));
  g_autofree char *said = ui_assay ("-C", directory, "plan", "set", plan, NULL);
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+1");
  ui_click (ui, ui_find (ui, "check box", "Plain red"));
  ui_wait (ui, shows_red, NULL, "a red picture");
  ui_click (ui, ui_find (ui, "check box", "Tone of 440 Hz"));
  ui_wait_text (ui, "dBFS");
  ui_shot (ui, "capture");

  ui_enter (ui, "Conditions", "light=low");
  ui_key (ui, "F6"); /* out of the entry, where Space is a space, */
  ui_key (ui, "F6"); /* and round to the picture */
  ui_wait_focus (ui, NULL, "Live");
  ui_key (ui, "space");
  ui_wait (ui, has_items, directory, "an item in the project");
  ui_wait_text (ui, "1 still in the project");
  ui_wait_text (ui, "1 of 200"); /* the plan counts it */
  ui_shot (ui, "capture-plan");

  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, NULL);
  assert_int_equal (rows->len, 1);
  g_autoptr (AssayItem) item = assay_item_get_row (project->store, g_array_index (rows, gint64, 0), NULL);
  assert_int_equal (item->media_kind, ASSAY_MEDIA_PICTURE);
  const json_t *conditions = json_object_get (item->facts, "conditions");
  assert_string_equal (json_string_value (json_object_get (conditions, "light")), "low");
}

static void
sound_is_recorded_until_the_button_is_pressed_again (void **state)
{
  g_autofree char *directory = new_project ("voice");
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+1");
  ui_click (ui, ui_find (ui, "check box", "Tone of 440 Hz"));
  ui_wait_text (ui, "dBFS");
  ui_click (ui, ui_find (ui, NULL, "Record Sound"));
  ui_wait_text (ui, "samples");
  ui_click (ui, ui_find (ui, NULL, "Stop"));
  ui_wait (ui, has_items, directory, "the sound in the project");
}

/* A recording from the microphone that is on. */
static void
record (Ui *ui)
{
  ui_key (ui, "alt+1");
  ui_click (ui, ui_find (ui, "check box", "Tone of 440 Hz"));
  ui_wait_text (ui, "dBFS");
  ui_click (ui, ui_find (ui, NULL, "Record Sound"));
  ui_wait_text (ui, "samples");
}

static void
assert_kept (const char *directory)
{
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, NULL);
  assert_int_equal (rows->len, 1);
}

/* What is read through the accessibility bus is answered by the window's main loop: one that waits for the disk says
 * nothing. */
static void
a_project_that_records_is_left_once_all_is_kept_or_told_and_the_window_lives_meanwhile (void **state)
{
  g_autofree char *first = new_project ("first"), *second = new_project ("second");
  g_autofree char *hold = ui_dup_folder ("hold"), *away = ui_dup_folder ("away");
  g_autofree char *sessions = g_build_filename (first, "sessions", NULL);
  Ui *once = ui_start (second, "Grace"); /* it is known from now on */
  ui_find (once, NULL, "Project: second");
  ui_stop (once);
  g_setenv ("ASSAY_TEST_HOLD", hold, TRUE);
  ui_preload (g_getenv ("ASSAY_SLOW_DISK"));
  Ui *ui = ui_start (first, "Grace");
  ui_preload (NULL);

  record (ui);
  assert_true (g_file_set_contents (hold, "", 0, NULL));
  ui_click (ui, ui_find (ui, NULL, "Project: first"));
  ui_click (ui, ui_find (ui, NULL, "second"));
  ui_find (ui, "label", "Finishing the recording…");
  ui_shot (ui, "capture-finishing");
  assert_int_equal (g_rename (sessions, away), 0); /* somebody took its folder away: that cannot end well, */
  g_unlink (hold);
  ui_find (ui, "push button", "Close");
  ui_wait_text (ui, "Not All of It Was Kept"); /* is told, */
  ui_settle (ui);
  ui_shot (ui, "capture-not-kept");
  assert_false (ui_has (ui, NULL, "Project: second")); /* and what is to be opened waits its turn */
  ui_key (ui, "Return");
  ui_find (ui, NULL, "Project: second");

  record (ui);
  assert_true (g_file_set_contents (hold, "", 0, NULL));
  ui_key (ui, "ctrl+w");
  ui_find (ui, "label", "Finishing the recording…");
  ui_key (ui, "ctrl+w"); /* once more changes nothing */
  ui_key (ui, "F11");
  ui_settle (ui);
  ui_find (ui, "label", "Finishing the recording…");
  g_unlink (hold);
  ui_wait_end (ui);
  assert_kept (second);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (live_picture_is_seen_and_a_still_taken_by_a_key_is_an_item),
    cmocka_unit_test (sound_is_recorded_until_the_button_is_pressed_again),
    cmocka_unit_test (a_project_that_records_is_left_once_all_is_kept_or_told_and_the_window_lives_meanwhile),
  };
  return cmocka_run_group_tests_name ("capture", tests, NULL, NULL);
}
