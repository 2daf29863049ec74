/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/question.h"
#include "core/guideline.h"
#include "tests/core/fixture.h"

static guint
count_older (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = NULL;
  g_autoptr (GArray) older = NULL;
  ok (task = assay_task_get_row (f->store, f->task->row, &error));
  ok (older = assay_guideline_list_older (f->store, task, &error));
  return older->len;
}

static void
an_answer_becomes_an_example_with_the_picture_of_the_place (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) before = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (json_t) place = json_pack ("{s:[i,i,i,i]}", "box", 10, 12, 8, 6);
  ok (assay_question_ask (f->project, item, f->task, place, "Does the\nhandle belong to the cup?", f->bob, NULL,
                          &error));
  refused (assay_question_ask (f->project, item, f->task, NULL, "And the saucer?", f->bob, NULL, to),
           ASSAY_ERROR_CONFLICT, "open already");
  g_autoptr (GPtrArray) open = NULL;
  ok (open = assay_question_list (f->store, f->task->row, TRUE, &error));
  assert_int_equal (open->len, 1);
  const AssayQuestion *question = open->pdata[0];
  assert_string_equal (question->by, "bob");
  assert_true (json_equal (question->place, place));
  /* The place and as much again around it, at least 160 px: of 64 x 48, all of it from the left and the top. */
  g_autofree char *path = g_build_filename (f->project->directory, question->picture, NULL);
  g_autoptr (AssayPicture) picture = NULL;
  ok (picture = assay_picture_load (path, &error));
  assert_int_equal (picture->width_px, 64);
  assert_int_equal (picture->height_px, 48);

  assert_int_equal (count_older (f), 0);
  g_autoptr (AssayTask) task = NULL;
  ok (assay_question_answer (f->project, &question->id, "Yes, up to the rim.", f->anna, &task, &error));
  g_autofree char *expected
      = g_strdup_printf ("### Does the handle belong to the cup?\n\n![example](%s)\n\nYes, up to"
                         " the rim.\n",
                         question->picture);
  assert_string_equal (task->guideline, expected);
  AssayGuidelinePicture found;
  assert_true (assay_guideline_find_picture (task->guideline, &found));
  refused (assay_question_answer (f->project, &question->id, "No.", f->bob, NULL, to), ASSAY_ERROR_CONFLICT,
           "by now");
  g_autoptr (GPtrArray) none = NULL;
  ok (none = assay_question_list (f->store, 0, TRUE, &error));
  assert_int_equal (none->len, 0);

  /* What was said before the rule is listed, what is said after it is not; a new class is no new rule. */
  assert_int_equal (count_older (f), 1);
  g_autoptr (AssayLabel) after = save_label (f->store, item, task, f->bob, ASSAY_LABEL_SUBMITTED, 2);
  assay_task_add_class (task, "saucer");
  ok (assay_task_save (f->store, task, NULL, &error));
  assert_int_equal (count_older (f), 1);
  g_autoptr (AssayLabel) again = save_label (f->store, item, task, f->anna, ASSAY_LABEL_SUBMITTED, 3);
  assert_int_equal (count_older (f), 0);
  g_autoptr (GHashTable) versions = NULL;
  ok (versions = assay_guideline_list_versions (f->store, task, &error));
  assert_int_equal (GPOINTER_TO_UINT (g_hash_table_lookup (versions, &before->task_revision)), 1);
  assert_int_equal (GPOINTER_TO_UINT (g_hash_table_lookup (versions, &again->task_revision)), 2);
}

static void
a_question_that_is_taken_back_is_closed_and_changes_no_truth (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_auto (AssaySettlement) made = { 0 };
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) label = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  ok (assay_truth_settle (f->store, label, ASSAY_TRUTH_ANNOTATOR, f->bob, NULL, &error));
  ok (assay_question_ask (f->project, item, f->task, NULL, "Is this a cup?", f->bob, &made, &error));
  AssayTruthHow how;
  gint64 row;
  guint n;
  ok (assay_truth_find (f->store, item->row, f->task->row, &how, &row, &n, &error));
  assert_int_equal (how, ASSAY_TRUTH_ANNOTATOR);
  ok (assay_truth_unsettle (f->store, &made, f->bob, &error));
  g_autoptr (GPtrArray) open = NULL;
  ok (open = assay_question_list (f->store, 0, TRUE, &error));
  assert_int_equal (open->len, 0);
  ok (assay_truth_find (f->store, item->row, f->task->row, &how, &row, &n, &error));
  assert_int_equal (how, ASSAY_TRUTH_ANNOTATOR);
}

static void
nothing_is_asked_or_answered_without_words (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  AssayId nobody = assay_id_new ();
  refused (assay_question_ask (f->project, item, f->task, NULL, "", f->bob, NULL, to), ASSAY_ERROR_USAGE,
           "question");
  refused (assay_question_answer (f->project, &nobody, "", f->bob, NULL, to), ASSAY_ERROR_USAGE, "answer");
  refused (assay_question_answer (f->project, &nobody, "Yes.", f->bob, NULL, to), ASSAY_ERROR_CONFLICT, "by now");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (an_answer_becomes_an_example_with_the_picture_of_the_place),
    CASE (a_question_that_is_taken_back_is_closed_and_changes_no_truth),
    CASE (nothing_is_asked_or_answered_without_words),
  };
  return cmocka_run_group_tests_name ("question", tests, NULL, NULL);
}
