/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capture: the test card stands in for a camera, the tone for a microphone. */
#include "core/item.h"
#include "core/project.h"
#include "tests/ui/ui.h"

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

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (live_picture_is_seen_and_a_still_taken_by_a_key_is_an_item),
    cmocka_unit_test (sound_is_recorded_until_the_button_is_pressed_again),
  };
  return cmocka_run_group_tests_name ("capture", tests, NULL, NULL);
}
