/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A script read aloud; a tone stands in for the reader, so each take begins and ends in the middle of a "word". */
#include "core/annotator.h"
#include "core/item.h"
#include "core/kind.h"
#include "core/label.h"
#include "core/project.h"
#include "core/task.h"
#include "core/transcript.h"
#include "tests/ui/ui.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static guint
count_items (const char *directory)
{
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (GArray) rows = project != NULL ? assay_item_list_rows (project->store, NULL, NULL) : NULL;
  return rows != NULL ? rows->len : 0;
}

static gboolean
has_one_item (Ui *ui, gpointer data)
{
  return count_items (data) == 1;
}

/* Small and dark, large and light. */
static void
keep (Ui *ui, const char *name)
{
  g_autofree char *shot = g_strdup_printf ("reading-%s-%d", name, ui_get_width (ui));
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

static gboolean
is_past (Ui *ui, gpointer data)
{
  return g_get_monotonic_time () > *(const gint64 *) data;
}

static void
write_script (Ui *ui)
{
  ui_wait_focus (ui, "text", "Sentences");
  ui_type (ui, "The cup is on the table");
  ui_key (ui, "Return");
  ui_type (ui, "A hand takes it away");
  ui_key (ui, "Return");
  ui_type (ui, "Nobody reads this one");
  ui_wait_text (ui, "3 sentences");
}

static void
a_sentence_that_is_read_and_taken_is_an_item_with_its_draft (void **state)
{
  g_autofree char *directory = ui_dup_folder ("reading");
  g_autofree char *said = ui_assay ("init", directory, NULL);
  g_autofree char *made = ui_assay ("-C", directory, "task", "add", "words", "--kind", "transcript", NULL);
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  choose_theme (ui);
  ui_key (ui, "alt+1");
  ui_wait_text (ui, "Tone of 440 Hz");
  ui_key (ui, "ctrl+t");
  ui_wait_text (ui, "paste the sentences");
  ui_settle (ui);
  keep (ui, "setup-empty");
  write_script (ui);
  ui_click (ui, ui_find (ui, "text", "Who reads"));
  ui_settle (ui);
  ui_type (ui, "Ada");
  ui_settle (ui);
  keep (ui, "setup");
  ui_click (ui, ui_find (ui, "push button", "Begin"));

  ui_wait_text (ui, "The cup is on the table");
  ui_wait_text (ui, "1 of 3");
  ui_wait_text (ui, "dBFS");
  keep (ui, "ready");
  ui_key (ui, "space");
  ui_wait_text (ui, "Space ends it");
  gint64 until_us = g_get_monotonic_time () + 3 * G_USEC_PER_SEC / 2;
  ui_wait (ui, is_past, &until_us, "a second and a half of reading");
  keep (ui, "recording");
  ui_key (ui, "space");
  ui_wait_text (ui, "speech"); /* what the check says of a tone that was there before the key */
  ui_settle (ui);
  keep (ui, "checked");
  assert_int_equal (count_items (directory), 0); /* not before it is taken */

  ui_key (ui, "r");
  ui_wait_text (ui, "Space ends it");
  ui_key (ui, "space");
  ui_wait_text (ui, "speech");
  ui_key (ui, "Return");
  ui_wait_text (ui, "2 of 3");
  ui_wait_text (ui, "A hand takes it away");
  ui_wait (ui, has_one_item, directory, "the sentence in the project");
  ui_key (ui, "s");
  ui_wait_text (ui, "3 of 3");
  ui_key (ui, "Escape");
  ui_wait_text (ui, "1 of 3 sentences taken");
  ui_settle (ui);
  keep (ui, "report");
  ui_key (ui, "Return");
  ui_wait_gone (ui, NULL, "1 of 3 sentences taken");
  ui_find (ui, "check box", "Tone of 440 Hz"); /* the Capture page again */

  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, NULL);
  assert_int_equal (rows->len, 1);
  g_autoptr (AssayItem) item = assay_item_get_row (project->store, g_array_index (rows, gint64, 0), NULL);
  g_autofree char *facts = json_dumps (item->facts, 0);
  assert_non_null (strstr (facts, "The cup is on the table"));
  assert_non_null (strstr (facts, "Ada"));

  g_autoptr (AssayTask) task = assay_task_find (project->store, "words", NULL);
  g_autoptr (AssayAnnotator) means = assay_annotator_find (project->store, "prompt", NULL);
  g_autoptr (AssayLabel) label = assay_label_get (project->store, item->row, task, means->row, NULL);
  assert_non_null (label);
  assert_int_equal (label->state, ASSAY_LABEL_DRAFT);
  assert_int_equal (label->objects->list->len, 1);
  const AssaySegment *segment = ((AssayObject *) label->objects->list->pdata[0])->value;
  assert_string_equal (segment->text, "The cup is on the table");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_sentence_that_is_read_and_taken_is_an_item_with_its_draft),
  };
  return cmocka_run_group_tests_name ("reading", tests, NULL, NULL);
}
