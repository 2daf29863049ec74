/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/returned.h"
#include "tests/core/fixture.h"

static void
assert_truth (Fixture *f, const AssayItem *item, AssayTruthHow expected, const AssayLabel *chosen,
              guint expected_answers)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayLabel) label = NULL;
  AssayTruthHow how, found_how;
  gint64 revision_row;
  guint n_answers;
  ok (assay_truth_get (f->store, item->row, f->task, &how, &label, &error));
  ok (assay_truth_find (f->store, item->row, f->task->row, &found_how, &revision_row, &n_answers, &error));
  assert_string_equal (assay_truth_how_to_text (how), assay_truth_how_to_text (expected));
  assert_int_equal (how, found_how);
  assert_int_equal (n_answers, expected_answers);
  assert_true ((label != NULL) == (chosen != NULL));
  if (chosen != NULL)
    assert_true (assay_id_equal (&label->id, &chosen->id) && revision_row == chosen->row);
}

static void
the_only_answer_stands_and_two_are_undecided (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  assert_truth (f, item, ASSAY_TRUTH_NONE, NULL, 0);
  g_autoptr (AssayLabel) draft = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_DRAFT, 1);
  assert_truth (f, item, ASSAY_TRUTH_NONE, NULL, 0);
  g_autoptr (AssayLabel) by_anna = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  assert_truth (f, item, ASSAY_TRUTH_ONLY, by_anna, 1);
  g_autoptr (AssayLabel) by_bob = save_label (f->store, item, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 2);
  assert_truth (f, item, ASSAY_TRUTH_UNDECIDED, NULL, 2);
  ok (assay_truth_settle (f->store, by_bob, ASSAY_TRUTH_ANNOTATOR, f->anna, "sharper", &error));
  assert_truth (f, item, ASSAY_TRUTH_ANNOTATOR, by_bob, 2);
  /* Choosing again replaces, and does not contest. */
  ok (assay_truth_settle (f->store, by_anna, ASSAY_TRUTH_ANNOTATOR, f->bob, NULL, &error));
  assert_truth (f, item, ASSAY_TRUTH_ANNOTATOR, by_anna, 2);
  ok (assay_truth_send_back (f->store, by_anna, f->bob, "no", &error));
  assert_truth (f, item, ASSAY_TRUTH_ONLY, by_bob, 1);
}

static void
the_consensus_and_a_model_are_no_answers_until_they_are_taken (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayAnnotator) model = assay_annotator_ensure (f->store, "yolo", ASSAY_ANNOTATOR_MODEL, &error);
  g_autoptr (AssayAnnotator) consensus
      = assay_annotator_ensure (f->store, "consensus", ASSAY_ANNOTATOR_CONSENSUS, &error);
  g_autoptr (AssayLabel) guess = save_label (f->store, item, f->task, model, ASSAY_LABEL_DRAFT, 5);
  assert_truth (f, item, ASSAY_TRUTH_NONE, NULL, 0);
  g_autoptr (AssayLabel) by_anna = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (AssayLabel) by_bob = save_label (f->store, item, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 2);
  g_autoptr (AssayLabel) joined = save_label (f->store, item, f->task, consensus, ASSAY_LABEL_SUBMITTED, 1.5);
  assert_truth (f, item, ASSAY_TRUTH_UNDECIDED, NULL, 2);
  ok (assay_truth_settle (f->store, joined, ASSAY_TRUTH_RULE, f->anna, NULL, &error));
  assert_truth (f, item, ASSAY_TRUTH_RULE, joined, 2);
  g_autoptr (GPtrArray) answers = assay_label_list (f->store, item->row, f->task, TRUE, &error);
  assert_int_equal (answers->len, 2);
  g_autoptr (GPtrArray) all = assay_label_list (f->store, item->row, f->task, FALSE, &error);
  assert_int_equal (all->len, 4);
}

/* Rows as two desks would bring them: each settled without having seen the other. */
static void
settle_apart (Fixture *f, const AssayLabel *label, const char *how, gint64 made_us)
{
  g_autoptr (GError) error = NULL;
  AssayId id = assay_id_new ();
  ok (assay_store_run (f->store, NULL, &error,
                       "INSERT INTO review (id, item, task, kind, how, revision, by_annotator, made_us) VALUES"
                       " (?, ?, ?, 'settle', ?, ?, ?, ?)",
                       "IiitIIi", &id, label->item_row, label->task_row, how, &label->id, &f->anna->id, made_us));
}

static void
desks_that_settle_apart_are_undecided_until_somebody_chooses (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) by_anna = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (AssayLabel) by_bob = save_label (f->store, item, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 2);
  settle_apart (f, by_anna, "rule", 3000);
  settle_apart (f, by_bob, "annotator", 2000);
  /* The rule of the plan yields to a person; any further save sees it. */
  g_autoptr (AssayLabel) touch = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 3);
  assert_truth (f, item, ASSAY_TRUTH_ANNOTATOR, by_bob, 2);
  settle_apart (f, touch, "annotator", 1000);
  g_autoptr (AssayLabel) touch_again = save_label (f->store, item, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 4);
  assert_truth (f, item, ASSAY_TRUTH_UNDECIDED, NULL, 2);
  ok (assay_truth_settle (f->store, touch_again, ASSAY_TRUTH_EDIT, f->anna, NULL, &error));
  assert_truth (f, item, ASSAY_TRUTH_EDIT, touch_again, 2);
}

static guint
count_sent_back (Fixture *f, const AssayItem *item, const char *comment)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayReturned) returned = NULL;
  ok (assay_returned_get (f->store, item->row, f->task->row, f->anna->row, &returned, &error));
  if (returned != NULL)
    {
      assert_string_equal (returned->comment, comment);
      assert_string_equal (returned->by, "bob");
      assert_int_equal (json_array_size (json_object_get (returned->place, "box")), 4);
    }
  return returned != NULL;
}

static void
a_settlement_that_is_taken_back_leaves_what_was_before_it (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) by_anna = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (AssayLabel) by_bob = save_label (f->store, item, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 2);
  g_autoptr (json_t) place = json_pack ("{s:[i,i,i,i]}", "box", 1, 2, 3, 4);
  g_auto (AssaySettlement) first = { 0 }, second = { 0 }, third = { 0 };
  ok (assay_truth_settle (f->store, by_bob, ASSAY_TRUTH_RULE, f->anna, "all agree", &error));
  ok (assay_truth_send_back_to (f->store, by_anna, f->bob, "the rim", place, &error));
  assert_int_equal (count_sent_back (f, item, "the rim"), 1);
  ok (assay_truth_settle_to (f->store, by_anna, ASSAY_TRUTH_ANNOTATOR, f->anna, NULL, &first, &error));
  assert_truth (f, item, ASSAY_TRUTH_ANNOTATOR, by_anna, 2);
  assert_int_equal (count_sent_back (f, item, ""), 0);
  ok (assay_truth_unsettle (f->store, &first, f->anna, &error));
  assert_truth (f, item, ASSAY_TRUTH_RULE, by_bob, 1);
  assert_int_equal (count_sent_back (f, item, "the rim"), 1);
  /* And so on, however often. */
  ok (assay_truth_settle_to (f->store, by_anna, ASSAY_TRUTH_ANNOTATOR, f->anna, NULL, &second, &error));
  refused (assay_truth_unsettle (f->store, &first, f->anna, to), ASSAY_ERROR_CONFLICT, "decide anew");
  ok (assay_truth_settle_to (f->store, by_bob, ASSAY_TRUTH_EDIT, f->bob, NULL, &third, &error));
  refused (assay_truth_unsettle (f->store, &second, f->anna, to), ASSAY_ERROR_CONFLICT, "decide anew");
  assert_truth (f, item, ASSAY_TRUTH_EDIT, by_bob, 2);
  ok (assay_truth_unsettle (f->store, &third, f->bob, &error));
  assert_truth (f, item, ASSAY_TRUTH_ANNOTATOR, by_anna, 2);
  refused (assay_truth_unsettle (f->store, &third, f->bob, to), ASSAY_ERROR_CONFLICT, "decide anew");
}

static void
desks_that_settled_apart_are_undecided_again_when_the_choice_is_taken_back (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) by_anna = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (AssayLabel) by_bob = save_label (f->store, item, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 2);
  g_auto (AssaySettlement) choice = { 0 };
  settle_apart (f, by_anna, "annotator", 1000);
  settle_apart (f, by_bob, "annotator", 2000);
  ok (assay_truth_settle_to (f->store, by_bob, ASSAY_TRUTH_ANNOTATOR, f->anna, NULL, &choice, &error));
  assert_truth (f, item, ASSAY_TRUTH_ANNOTATOR, by_bob, 2);
  ok (assay_truth_unsettle (f->store, &choice, f->anna, &error));
  assert_truth (f, item, ASSAY_TRUTH_UNDECIDED, NULL, 2);
}

int
main (void)
{
  const struct CMUnitTest cases[] = {
    CASE (the_only_answer_stands_and_two_are_undecided),
    CASE (the_consensus_and_a_model_are_no_answers_until_they_are_taken),
    CASE (desks_that_settle_apart_are_undecided_until_somebody_chooses),
    CASE (a_settlement_that_is_taken_back_leaves_what_was_before_it),
    CASE (desks_that_settled_apart_are_undecided_again_when_the_choice_is_taken_back),
  };
  return cmocka_run_group_tests (cases, NULL, NULL);
}
