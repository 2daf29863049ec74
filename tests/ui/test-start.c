/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The start page, a new project, and who is annotating. */
#include "core/kind.h"
#include "core/project.h"
#include "core/task.h"
#include "tests/ui/ui.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
window_shows_three_ways_to_begin (void **state)
{
  g_autoptr (Ui) ui = ui_start (NULL, NULL);
  print_message ("# the window was up after %.0f ms\n", (double) ui_get_start_us (ui) / 1000);
  ui_find (ui, "push button", "New project");
  ui_find (ui, "push button", "Open");
  ui_find (ui, "push button", "Try the sample");
  ui_shot (ui, "start");
}

static void
new_project_is_made_by_pointer_and_keys (void **state)
{
  g_autoptr (Ui) ui = ui_start (NULL, NULL);
  ui_click (ui, ui_find (ui, "push button", "New project"));
  ui_find (ui, "label", "New Project");
  ui_type (ui, "Mugs in low light");
  ui_wait_text (ui, "mugs-in-low-light");
  ui_click (ui, ui_find (ui, "push button", "Segmentation"));
  ui_click (ui, ui_find (ui, "push button", "Transcript"));
  ui_shot (ui, "new-project");
  ui_click (ui, ui_find (ui, "push button", "Create"));
  ui_find (ui, NULL, "Who is annotating?");
  ui_key (ui, "ctrl+n");
  ui_find (ui, "label", "New Project");
  ui_click (ui, ui_find (ui, "push button", "Cancel"));
  ui_find (ui, NULL, "Who is annotating?"); /* what the form was opened over */
  ui_shot (ui, "who");
  ui_type (ui, "Grace");
  ui_key (ui, "Return");
  ui_find (ui, NULL, "Annotator: Grace");
  ui_find (ui, NULL, "Project: Mugs in low light");

  g_autofree char *directory = ui_dup_folder ("mugs-in-low-light");
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  assert_non_null (project);
  assert_string_equal (project->name, "Mugs in low light");
  g_autoptr (GPtrArray) tasks = assay_task_list (project->store, NULL);
  assert_int_equal (tasks->len, 2);
  assert_string_equal (((AssayTask *) tasks->pdata[0])->kind->id, "segmentation");
  assert_string_equal (((AssayTask *) tasks->pdata[1])->kind->id, "transcript");
}

static void
sample_is_one_press_away_and_recent_afterwards (void **state)
{
  {
    g_autoptr (Ui) ui = ui_start (NULL, "Grace");
    ui_click (ui, ui_find (ui, "push button", "Try the sample"));
    ui_find (ui, NULL, "Project: Sample project");
    ui_wait_text (ui, "of 20"); /* the queue of the first task */
    ui_settle (ui);
  }
  g_autoptr (Ui) ui = ui_start (NULL, "Grace");
  ui_wait_text (ui, "25 items · 80 % labelled");
  ui_shot (ui, "start-recent");
}

static void
what_is_no_project_is_said_in_one_line (void **state)
{
  g_autoptr (Ui) ui = ui_start ("/nowhere/at/all", "Grace");
  ui_wait_text (ui, "/nowhere/at/all");
  ui_find (ui, "push button", "New project");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (window_shows_three_ways_to_begin),
    cmocka_unit_test (new_project_is_made_by_pointer_and_keys),
    cmocka_unit_test (sample_is_one_press_away_and_recent_afterwards),
    cmocka_unit_test (what_is_no_project_is_said_in_one_line),
  };
  return cmocka_run_group_tests_name ("start", tests, NULL, NULL);
}
