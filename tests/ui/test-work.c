/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotate, beside the drawing: what is handed in, taken back and kept from others, tasks of other kinds, and the
 * keys of whoever sits there. */
#include "core/file.h"
#include "core/flag.h"
#include "core/journal.h"
#include "core/json.h"
#include "core/keypoints.h"
#include "core/project.h"
#include "core/region.h"
#include "core/transcript.h"
#include "core/truth.h"
#include "tests/ui/drawing.h"

#include <glib/gstdio.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static AssayLabelState
read_state (const char *directory, guint nth, const char *annotator_name)
{
  AssayLabelState state = ASSAY_LABEL_TODO;
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "work", NULL);
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (project->store, annotator_name, NULL);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, NULL);
  assert_true (assay_label_get_state (project->store, g_array_index (rows, gint64, nth), task->row, annotator->row,
                                      &state, NULL));
  return state;
}

static gboolean
is_submitted (Ui *ui, gpointer data)
{
  return read_state (data, 0, "Grace") == ASSAY_LABEL_SUBMITTED;
}

/* What is said of its first object. */
static char *
read_comment (const char *directory)
{
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "work", NULL);
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (project->store, "Grace", NULL);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, NULL);
  g_autoptr (AssayLabel) label
      = assay_label_get (project->store, g_array_index (rows, gint64, 0), task, annotator->row, NULL);
  assert_int_equal (label->objects->list->len, 1);
  return g_strdup (assay_json_get_string (((const AssayObject *) label->objects->list->pdata[0])->attributes, "comment"));
}

static gboolean
is_second_submitted (Ui *ui, gpointer data)
{
  return read_state (data, 1, "Grace") == ASSAY_LABEL_SUBMITTED;
}

static void
submitting_goes_to_the_next_item (void **state)
{
  g_autofree char *directory = drawing_new_project ("submitted", "segmentation", NULL);
  g_autoptr (Ui) ui = drawing_start (directory, "Grace", "0 objects");
  drawing_square (ui, 100, 100, 100);
  drawing_wait (ui, "1 object");
  ui_key (ui, "v");
  drawing_click (ui, 150, 150);
  ui_click (ui, ui_find (ui, "text", "comment"));
  ui_wait_focus (ui, "text", "comment");
  ui_type (ui, "torn rim"); /* not done with by Enter: it is a part of the answer all the same */
  ui_key (ui, "ctrl+Return");
  ui_wait_text (ui, "2 of 3");
  drawing_wait (ui, "0 objects");
  ui_wait (ui, is_submitted, directory, "the first item to be submitted");
  g_autofree char *comment = read_comment (directory);
  assert_string_equal (comment, "torn rim");
  ui_key (ui, "a");
  ui_wait_text (ui, "1 of 3");
  drawing_wait (ui, "1 object");
}

static void
what_is_handed_in_before_it_can_be_seen_waits_until_then (void **state)
{
  g_autofree char *directory = drawing_new_project ("early", "segmentation", NULL);
  g_autoptr (Ui) ui = drawing_start (directory, "Grace", "0 objects");
  {
    /* Another program writes: whatever the window has to write comes first, and the next item is read after that. */
    g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_WRITE, NULL);
    g_auto (AssayTransaction) transaction = { 0 };
    assert_true (assay_transaction_begin (&transaction, project->store, NULL));
    ui_key (ui, "shift+h");
    ui_key (ui, "d");
    ui_wait_text (ui, "2 of 3");
    ui_key (ui, "ctrl+Return");
    ui_wait_text (ui, "one moment: the item is being read, then it is submitted");
  }
  ui_wait (ui, is_second_submitted, directory, "the second item to be submitted");
  ui_wait_text (ui, "3 of 3");
}

static gboolean
is_dark (Ui *ui, gpointer data)
{
  int x, y;
  drawing_locate (ui, 200, 150, &x, &y);
  return (ui_pixel (ui, x, y) & 0xff) < 0x20;
}

static void
another_project_shows_its_own_pictures (void **state)
{
  g_autofree char *dark = drawing_new_dark_project ("dark", "segmentation");
  g_autofree char *grey = drawing_new_project ("grey", "segmentation", NULL);
  ui_stop (drawing_start (dark, "Grace", "0 objects")); /* known from now on */
  g_autoptr (Ui) ui = drawing_start (grey, "Grace", "0 objects");
  ui_key (ui, "d");
  ui_wait_text (ui, "2 of 3");
  ui_key (ui, "a");
  ui_wait_text (ui, "1 of 3");
  drawing_wait (ui, "0 objects");
  ui_settle (ui); /* the second one is decoded, and kept */
  assert_false (is_dark (ui, NULL));
  ui_click (ui, ui_find (ui, NULL, "Project: grey"));
  ui_click (ui, ui_find (ui, NULL, "dark"));
  ui_find (ui, NULL, "Project: dark");
  drawing_wait (ui, "0 objects");
  ui_wait (ui, is_dark, NULL, "the first picture of the other project");
  ui_key (ui, "d");
  ui_wait_text (ui, "2 of 3");
  drawing_wait (ui, "0 objects");
  ui_wait (ui, is_dark, NULL, "the second picture of the other project");
}

static gboolean
is_draft (Ui *ui, gpointer data)
{
  return read_state (data, 0, "Grace") == ASSAY_LABEL_DRAFT;
}

/* Another program, as a reviewer: sends Grace's answer back, or settles one of its own, four fifths as high. */
static void
review (const char *directory, gboolean settles)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_WRITE, &error);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "work", &error);
  g_autoptr (AssayItem) item = assay_item_get_row (project->store, 1, &error);
  g_autoptr (AssayAnnotator) grace = assay_annotator_find (project->store, "Grace", &error);
  g_autoptr (AssayAnnotator) rita = assay_annotator_ensure (project->store, "Rita", ASSAY_ANNOTATOR_PERSON, &error);
  g_autoptr (AssayLabel) label = assay_label_get (project->store, item->row, task, grace->row, &error);
  g_autoptr (json_t) place = json_loads ("{\"box\": [150, 150, 40, 30]}", 0, NULL);
  if (!settles)
    {
      assert_true (assay_truth_send_back_to (project->store, label, rita, "too wide", place, &error));
      return;
    }
  g_autoptr (AssayLabel) own = assay_label_new (item, task, rita);
  AssayMask *mask = assay_mask_new_from_box ((AssayRect){ 100, 100, 100, 80 }, item->width_px, item->height_px);
  const AssayObject *hers = label->objects->list->pdata[0];
  assay_objects_take (own->objects, assay_object_new (&hers->class_id, assay_region_new_from_mask (mask)));
  own->state = ASSAY_LABEL_SUBMITTED;
  own->tool = g_strdup ("test");
  assert_true (assay_label_save (project->store, own, NULL, &error));
  assert_true (assay_truth_settle (project->store, own, ASSAY_TRUTH_ANNOTATOR, rita, NULL, &error));
}

static void
an_answer_is_taken_back_comes_back_and_is_seen_against_the_truth (void **state)
{
  g_autofree char *directory = drawing_new_project ("returned", "segmentation", NULL);
  g_autoptr (Ui) ui = drawing_start (directory, "Grace", "0 objects");
  drawing_square (ui, 100, 100, 100);
  drawing_wait (ui, "1 object");
  ui_key (ui, "ctrl+Return");
  ui_wait_text (ui, "2 of 3");
  ui_key (ui, "a");
  ui_find (ui, "label", "Submitted");
  ui_key (ui, "ctrl+alt+Return");
  ui_wait (ui, is_draft, directory, "the answer to be a draft again");
  ui_key (ui, "ctrl+Return");
  ui_wait_text (ui, "2 of 3");
  review (directory, FALSE);
  ui_key (ui, "n");
  ui_wait_text (ui, "1 of 3");
  ui_find (ui, "label", "Sent back by Rita: too wide");
  ui_find (ui, "push button", "Show Where");
  ui_shot (ui, "annotate-returned");
  ui_key (ui, "ctrl+Return");
  ui_wait_text (ui, "2 of 3");
  review (directory, TRUE);
  ui_key (ui, "a");
  ui_find (ui, "label", "Settled");
  ui_key (ui, "ctrl+t");
  ui_wait_text (ui, "Yours against the truth: IoU 0.8");
  ui_shot (ui, "annotate-truth");
}

static void
nobody_sees_anothers_answer (void **state)
{
  g_autofree char *directory = drawing_new_project ("apart", "segmentation", NULL);
  Ui *ui = drawing_start (directory, "Grace", "0 objects");
  drawing_square (ui, 100, 100, 100);
  drawing_wait (ui, "1 object");
  ui_key (ui, "ctrl+Return");
  ui_wait_text (ui, "2 of 3");
  ui_stop (ui);
  g_autoptr (Ui) other = drawing_start (directory, "Ada", "0 objects");
  ui_wait_text (other, "2 of 3"); /* the first one has its answer */
  ui_key (other, "a");
  ui_wait_text (other, "1 of 3");
  drawing_wait (other, "0 objects");
  assert_false (drawing_is_tinted (other, (double[]){ 150, 150 }));
}

static void
what_another_program_sets_shows_here (void **state)
{
  g_autofree char *directory = drawing_new_project ("together", "segmentation", NULL);
  g_autofree char *answer = g_strconcat (directory, "-answer.json", NULL);
  g_autoptr (Ui) ui = drawing_start (directory, "Grace", "0 objects");
  assert_true (g_file_set_contents (
      answer,
      "{\"schema\":\"assay.segmentation/1\",\"objects\":[{\"class\":\"cup\",\"rings\":[{\"hole\":false,"
      "\"points\":[[100,100],[200,100],[200,200],[100,200]]}]}]}",
      -1, NULL));
  g_autofree char *said = ui_assay ("-C", directory, "--annotator", "Grace", "label", "picture-1.png", "--task",
                                    "work", "--set", answer, NULL);
  assert_non_null (said);
  drawing_wait (ui, "1 object");
  ui_wait (ui, drawing_is_tinted, (double[]){ 150, 150 }, "the polygon that came from elsewhere");
}

static gboolean
is_sensitive (Ui *ui, const char *button)
{
  AtspiStateSet *states = atspi_accessible_get_state_set (ui_find (ui, "push button", button));
  gboolean sensitive = atspi_state_set_contains (states, ATSPI_STATE_SENSITIVE);
  g_object_unref (states);
  return sensitive;
}

static void
nothing_is_submitted_where_nothing_is_open (void **state)
{
  g_autofree char *directory = ui_dup_folder ("bare");
  g_autofree char *init = ui_assay ("init", directory, NULL);
  Ui *ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+2");
  ui_find (ui, "label", "No task yet");
  assert_false (is_sensitive (ui, "Submit"));
  assert_false (is_sensitive (ui, "Skip"));
  ui_shot (ui, "annotate-empty");
  ui_stop (ui);
  g_autofree char *full = drawing_new_project ("full", "segmentation", NULL);
  g_autoptr (Ui) other = drawing_start (full, "Grace", "0 objects");
  assert_true (is_sensitive (other, "Submit"));
}

static gboolean
waveform_says (Ui *ui, gpointer data)
{
  return drawing_says (ui, "Waveform", data);
}

static void
speech_is_cut_and_typed_by_keys (void **state)
{
  g_autofree char *directory = drawing_new_project ("spoken", "transcript", NULL);
  int x, y, width, height;
  Ui *ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+2");
  ui_wait (ui, waveform_says, "0 segments", "a waveform");
  ui_get_extents (ui, ui_find (ui, "image", "Waveform"), &x, &y, &width, &height);
  ui_drag (ui, x + width / 4, y + height / 2, x + width / 2, y + height / 2);
  ui_wait (ui, waveform_says, "1 segment", "a segment");
  ui_key (ui, "F6");
  ui_wait_focus (ui, "text", "Words");
  ui_type (ui, "one two");
  ui_wait_text (ui, "one two");
  ui_key (ui, "Escape");
  ui_click_at (ui, x + width * 3 / 8, y + height / 2);
  ui_wait (ui, waveform_says, "cursor at 0.7", "the cursor between the words");
  ui_key (ui, "i");
  ui_wait (ui, waveform_says, "2 segments", "the cut");
  ui_shot (ui, "annotate-speech");
  ui_wait_text (ui, "Saved");
  ui_kill (ui);
  g_autoptr (AssayObjects) draft = drawing_read_draft (directory, 0, "Grace");
  assert_int_equal (draft->list->len, 2);
  const AssaySegment *a = ((const AssayObject *) draft->list->pdata[0])->value;
  const AssaySegment *b = ((const AssayObject *) draft->list->pdata[1])->value;
  assert_string_equal (a->text, "one");
  assert_string_equal (b->text, "two");
  assert_int_equal (a->end, b->start);
  assert_in_range (a->start, 3900, 4100);
  assert_in_range (b->end, 7900, 8100);
}

static void
the_desk_is_worked_by_keys_of_ones_own (void **state)
{
  g_autofree char *directory = drawing_new_project ("desk", "segmentation", NULL);
  Ui *ui = drawing_start (directory, "Grace", "0 objects");
  /* E becomes the polygon's key: the eraser has it, so it takes saying it twice. */
  ui_key (ui, "ctrl+question");
  ui_find (ui, NULL, "Search keys");
  ui_type (ui, "polygon");
  ui_settle (ui);
  ui_key (ui, "Tab");
  ui_key (ui, "Return");
  ui_key (ui, "e");
  ui_wait_text (ui, "E is “Eraser tool” on Annotate");
  ui_shot (ui, "annotate-keys");
  ui_key (ui, "e");
  ui_settle (ui);
  ui_key (ui, "Escape");
  ui_wait_gone (ui, NULL, "Search keys");
  ui_key (ui, "v");
  ui_key (ui, "e");
  /* The second class by its letters. */
  ui_key (ui, "slash");
  ui_find (ui, NULL, "Type a class");
  ui_type (ui, "ha");
  ui_settle (ui);
  ui_key (ui, "Return");
  ui_wait_gone (ui, NULL, "Type a class");
  drawing_square (ui, 100, 100, 100);
  drawing_wait (ui, "1 object");
  ui_key (ui, "ctrl+h");
  ui_find (ui, NULL, "As it was before");
  ui_key (ui, "Down");
  ui_key (ui, "Return");
  drawing_wait (ui, "0 objects");
  ui_key (ui, "ctrl+shift+z");
  drawing_wait (ui, "1 object");
  ui_key (ui, "ctrl+p");
  ui_wait_text (ui, "objects an hour");
  ui_shot (ui, "annotate-pace");
  ui_key (ui, "Escape");
  ui_wait_gone (ui, NULL, "Your pace today");
  ui_key (ui, "shift+h");
  ui_wait_text (ui, "Hard");
  ui_key (ui, "shift+s");
  ui_find (ui, NULL, "Reasons");
  ui_key (ui, "3");
  drawing_wait (ui, "0 objects"); /* of the next item */
  ui_kill (ui);

  g_autoptr (AssayObjects) draft = drawing_read_draft (directory, 0, "Grace");
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "work", NULL);
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (project->store, "Grace", NULL);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, NULL);
  gint64 first = g_array_index (rows, gint64, 0);
  g_autoptr (AssayLabel) label = assay_label_get (project->store, first, task, annotator->row, NULL);
  g_autoptr (GPtrArray) flags = assay_flag_list (project->store, first, NULL);
  assert_int_equal (draft->list->len, 1);
  const AssayId *class_id = &((const AssayObject *) draft->list->pdata[0])->class_id;
  assert_string_equal (assay_task_find_class (task, class_id)->name, "hand");
  assert_int_equal (label->state, ASSAY_LABEL_SKIPPED);
  assert_string_equal (label->comment, "The guideline does not say");
  assert_int_equal (flags->len, 1);
  assert_string_equal (((const AssayFlag *) flags->pdata[0])->flag, ASSAY_FLAG_HARD);
}

/* The project's three pictures once more, as the frames of a film. */
static void
add_film (const char *directory)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_WRITE, &error);
  assert_non_null (project);
  for (guint i = 0; i < 3; i++)
    {
      gboolean added = FALSE;
      g_autoptr (AssayItem) item = assay_item_get_row (project->store, i + 1, &error);
      assert_non_null (item);
      g_free (item->name);
      item->id = ASSAY_ID_NIL;
      item->name = g_strdup_printf ("film/%u.png", i);
      item->sequence = g_strdup ("film");
      item->position = i;
      assert_true (assay_item_add (project->store, item, &added, &error) && added);
    }
}

/* Its outermost points: top, left, bottom, right. */
static void
click_box (Ui *ui, double x, double y, double side)
{
  drawing_click (ui, x + side / 2, y + 0.5);
  drawing_click (ui, x + 0.5, y + side / 2);
  drawing_click (ui, x + side / 2, y + side - 0.5);
  drawing_click (ui, x + side - 0.5, y + side / 2);
}

static void
boxes_go_through_a_film_and_what_is_between_is_filled (void **state)
{
  g_autofree char *directory = drawing_new_project ("filmed", "box", NULL);
  add_film (directory);
  g_autoptr (Ui) ui = drawing_start (directory, "Grace", "0 objects");
  for (guint i = 0; i < 3; i++)
    ui_key (ui, "d");
  ui_wait_text (ui, "4 of 6");
  drawing_wait (ui, "0 objects");
  ui_wait_text (ui, "No track");
  click_box (ui, 40, 40, 60);
  drawing_wait (ui, "1 object");
  ui_key (ui, "ctrl+k");
  ui_wait_text (ui, "cup · 1 key");
  ui_key (ui, "d");
  ui_wait_text (ui, "5 of 6");
  ui_key (ui, "d");
  ui_wait_text (ui, "6 of 6");
  drawing_wait (ui, "0 objects");
  ui_wait_text (ui, "cup · 1 key");
  click_box (ui, 240, 140, 60);
  drawing_wait (ui, "1 object");
  ui_key (ui, "ctrl+k");
  ui_wait_text (ui, "cup · 2 keys");
  ui_wait_text (ui, "Saved");
  ui_key (ui, "ctrl+i");
  ui_find (ui, "push button", "Change 1 item");
  ui_shot (ui, "annotate-track-question");
  ui_key (ui, "Return");
  ui_wait_text (ui, "1 item of the sequence changed");
  ui_key (ui, "a");
  ui_wait_text (ui, "5 of 6");
  drawing_wait (ui, "1 object");
  ui_shot (ui, "annotate-track");
  g_autoptr (AssayObjects) draft = drawing_read_draft (directory, 4, "Grace");
  AssayRect box = ((const AssayBox *) ((const AssayObject *) draft->list->pdata[0])->value)->box;
  assert_float_equal (box.x, 140, 2);
  assert_float_equal (box.y, 90, 2);
  assert_float_equal (box.w, 60, 2);
  ui_key (ui, "ctrl+Right");
  ui_wait_text (ui, "6 of 6");
}

static void
a_key_gives_a_tag_and_takes_it_away (void **state)
{
  g_autofree char *directory = drawing_new_project ("tagged", "tag", NULL);
  g_autoptr (Ui) ui = drawing_start (directory, "Grace", "0 objects");
  ui_key (ui, "1");
  ui_key (ui, "2");
  drawing_wait (ui, "2 objects");
  ui_shot (ui, "annotate-tags");
  ui_click (ui, ui_find (ui, "push button", "cup"));
  drawing_wait (ui, "1 object");
  ui_wait_gone (ui, "push button", "cup");
  ui_key (ui, "ctrl+z");
  drawing_wait (ui, "2 objects");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (submitting_goes_to_the_next_item),
    cmocka_unit_test (what_is_handed_in_before_it_can_be_seen_waits_until_then),
    cmocka_unit_test (another_project_shows_its_own_pictures),
    cmocka_unit_test (an_answer_is_taken_back_comes_back_and_is_seen_against_the_truth),
    cmocka_unit_test (nobody_sees_anothers_answer),
    cmocka_unit_test (what_another_program_sets_shows_here),
    cmocka_unit_test (nothing_is_submitted_where_nothing_is_open),
    cmocka_unit_test (speech_is_cut_and_typed_by_keys),
    cmocka_unit_test (the_desk_is_worked_by_keys_of_ones_own),
    cmocka_unit_test (boxes_go_through_a_film_and_what_is_between_is_filled),
    cmocka_unit_test (a_key_gives_a_tag_and_takes_it_away),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER")); /* one of them alone: "speech*" */
  return cmocka_run_group_tests_name ("annotate", tests, NULL, NULL);
}
