/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tally.h"
#include "tests/core/fixture.h"

static AssayLabelState
state_of (Fixture *f, const AssayItem *item, const AssayAnnotator *annotator)
{
  g_autoptr (GError) error = NULL;
  AssayLabelState state;
  ok (assay_label_get_state (f->store, item->row, f->task->row, annotator->row, &state, &error));
  return state;
}

/* The counts as kept must be the counts as found by looking at every row. */
static void
assert_tally_is_right (Fixture *f)
{
  assert_int_equal (
      ask (f->store,
           "SELECT count(*) FROM (SELECT task, annotator, state, n FROM tally WHERE class = x'' AND annotator > 0"
           " AND n <> 0 EXCEPT SELECT task, annotator, state, count(*) FROM head GROUP BY 1, 2, 3)"),
      0);
  assert_int_equal (
      ask (f->store,
           "SELECT count(*) FROM (SELECT task, annotator, state, count(*) FROM head GROUP BY 1, 2, 3 EXCEPT"
           " SELECT task, annotator, state, n FROM tally WHERE class = x'')"),
      0);
  assert_int_equal (
      ask (f->store, "SELECT coalesce (sum (n), 0) FROM tally WHERE length (class) = 16"),
      ask (f->store,
           "SELECT coalesce (sum (n_objects), 0) FROM head JOIN revision ON revision.row = head.revision"));
  assert_int_equal (ask (f->store,
                         "SELECT count(*) FROM (SELECT task, how, count(*) AS n FROM truth GROUP BY 1, 2 EXCEPT"
                         " SELECT task, state, n FROM tally WHERE annotator = 0 AND task > 0)"),
                    0);
  assert_int_equal (ask (f->store, "SELECT n FROM tally WHERE task = 0 AND state = 'picture'"),
                    ask (f->store, "SELECT count(*) FROM item"));
}

static void
what_is_saved_is_read_back (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) label = make_label (item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 3.25);
  label->seconds = 12.5;
  label->simulated = TRUE;
  label->assisted = g_strdup ("grabcut");
  gboolean added;
  ok (assay_label_save (f->store, label, &added, &error));
  assert_true (added);
  g_autoptr (AssayLabel) read = assay_label_get (f->store, item->row, f->task, f->anna->row, &error);
  ok (read != NULL);
  assert_true (assay_id_equal (&read->id, &label->id) && assay_objects_equal (read->objects, label->objects));
  assert_true (assay_id_equal (&read->task_revision, &f->task->revision) && assay_id_is_nil (&read->parent));
  assert_true (read->seconds == 12.5 && read->simulated && read->state == ASSAY_LABEL_SUBMITTED);
  assert_string_equal (read->tool, "test");
  assert_string_equal (read->assisted, "grabcut");
  assert_null (assay_label_get (f->store, item->row, f->task, f->bob->row, &error));
  assert_null (error);
  assert_int_equal (state_of (f, item, f->bob), ASSAY_LABEL_TODO);
  assert_tally_is_right (f);
}

static void
the_same_again_adds_nothing_and_a_change_keeps_the_old_one (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) first = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_DRAFT, 1);
  g_autoptr (AssayLabel) same = assay_label_get (f->store, item->row, f->task, f->anna->row, &error);
  gboolean added = TRUE;
  same->parent = ASSAY_ID_NIL;
  ok (assay_label_save (f->store, same, &added, &error));
  assert_false (added);
  same->state = ASSAY_LABEL_SUBMITTED;
  ok (assay_label_save (f->store, same, &added, &error));
  assert_true (added);
  g_autoptr (AssayLabel) third = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 2);
  g_autoptr (GPtrArray) history = assay_label_history (f->store, item->row, f->task, &error);
  ok (history != NULL);
  assert_int_equal (history->len, 3);
  assert_true (assay_id_equal (&third->parent, &((AssayLabel *) history->pdata[1])->id));
  assert_true (x_of (((AssayLabel *) history->pdata[0])->objects, 0) == 1);
  g_autoptr (AssayLabel) old = assay_label_get_revision (f->store, &first->id, f->task, &error);
  ok (old != NULL);
  assert_int_equal (old->state, ASSAY_LABEL_DRAFT);
  assert_tally_is_right (f);
}

static void
an_answer_that_breaks_the_rules_is_refused_and_a_draft_is_not (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) outside = make_label (item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 5000);
  refused (assay_label_save (f->store, outside, NULL, to), ASSAY_ERROR_BAD_DATA, "outside");
  assert_int_equal (ask (f->store, "SELECT count(*) FROM revision"), 0);
  outside->state = ASSAY_LABEL_DRAFT;
  ok (assay_label_save (f->store, outside, NULL, &error));
  assert_int_equal (state_of (f, item, f->anna), ASSAY_LABEL_DRAFT);
}

static void
states_follow_reviews (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) by_anna = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (AssayLabel) by_bob = save_label (f->store, item, f->task, f->bob, ASSAY_LABEL_SKIPPED, 1);
  assert_int_equal (state_of (f, item, f->bob), ASSAY_LABEL_SKIPPED);
  ok (assay_truth_send_back (f->store, by_anna, f->bob, "the handle is missing", &error));
  assert_int_equal (state_of (f, item, f->anna), ASSAY_LABEL_SENT_BACK);
  assert_tally_is_right (f);
  /* Working on it does not hide that it was sent back; the same answer given again is an answer. */
  g_autoptr (AssayLabel) draft = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_DRAFT, 4);
  assert_int_equal (state_of (f, item, f->anna), ASSAY_LABEL_SENT_BACK);
  g_autoptr (AssayLabel) again = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  assert_int_equal (state_of (f, item, f->anna), ASSAY_LABEL_SUBMITTED);
  ok (assay_truth_settle (f->store, again, ASSAY_TRUTH_ANNOTATOR, f->bob, NULL, &error));
  assert_int_equal (state_of (f, item, f->anna), ASSAY_LABEL_SETTLED);
  assert_int_equal (state_of (f, item, f->bob), ASSAY_LABEL_SKIPPED);
  ok (assay_truth_recall (f->store, again, f->bob, &error));
  assert_int_equal (state_of (f, item, f->anna), ASSAY_LABEL_SUBMITTED);
  assert_tally_is_right (f);
}

static void
two_edits_of_one_answer_are_a_conflict_until_somebody_chooses (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) base = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (AssayLabel) late = make_label (item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 3);
  g_autoptr (AssayLabel) early = make_label (item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 2);
  late->parent = early->parent = base->id;
  late->made_us = base->made_us + 2000;
  early->made_us = base->made_us + 1000;
  /* The later one stands, though the earlier one arrives last. */
  ok (assay_label_save (f->store, late, NULL, &error));
  ok (assay_label_save (f->store, early, NULL, &error));
  g_autoptr (AssayLabel) head = assay_label_get (f->store, item->row, f->task, f->anna->row, &error);
  assert_true (assay_id_equal (&head->id, &late->id));
  g_autoptr (GArray) conflicts = assay_label_list_conflicts (f->store, f->task, &error);
  assert_int_equal (conflicts->len, 1);
  assert_int_equal (g_array_index (conflicts, AssayLabelConflict, 0).n_answers, 2);
  ok (assay_label_resolve (f->store, early, &error));
  g_autoptr (GArray) none = assay_label_list_conflicts (f->store, f->task, &error);
  assert_int_equal (none->len, 0);
  g_autoptr (AssayLabel) chosen = assay_label_get (f->store, item->row, f->task, f->anna->row, &error);
  assert_true (x_of (chosen->objects, 0) == 2);
  assert_tally_is_right (f);
}

static void
a_save_costs_the_same_in_a_small_and_a_large_project (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  guint64 steps[2], bytes[2];
  g_autoptr (AssayItem) first = add_item (f->project, 0);
  for (guint round = 0; round < 2; round++)
    {
      guint64 steps_before, bytes_before;
      if (round == 1)
        /* Items and answers as they lie in the tables, without the pictures. */
        ok (assay_store_run (f->store, NULL, &error,
                             "WITH RECURSIVE n (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < 20000)"
                             " INSERT INTO item SELECT k + 10, randomblob (16), media, media_kind, name || k,"
                             " range, start, end, width_px, height_px, exif_orientation, rate_hz, channels,"
                             " n_samples, sequence, position, moment, session, sensor, captured_ns, group_key,"
                             " facts, added_us, 0 FROM item, n WHERE item.row = 1",
                             "")
            && assay_store_run (f->store, NULL, &error,
                                "INSERT INTO revision SELECT NULL, randomblob (16), item.row, task, 2, NULL,"
                                " NULL, task_revision, state, made_us, seconds, simulated, tool, assisted,"
                                " comment, n_objects, classes, value FROM item, revision WHERE item.row > 10 AND"
                                " revision.row = 1",
                                "")
            && assay_store_run (
                f->store, NULL, &error,
                "INSERT INTO head SELECT item, task, annotator, row, state, 1 FROM revision WHERE item > 10", ""));
      assay_label_free (save_label (f->store, first, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 10 * round + 1));
      assay_store_get_counts (f->store, &steps_before, &bytes_before);
      assay_label_free (save_label (f->store, first, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 10 * round + 2));
      assay_store_get_counts (f->store, &steps[round], &bytes[round]);
      steps[round] -= steps_before;
      bytes[round] -= bytes_before;
    }
  assert_true (steps[1] < 2 * steps[0]);
  assert_true (bytes[1] < 2 * bytes[0]);
}

int
main (void)
{
  const struct CMUnitTest cases[] = {
    CASE (what_is_saved_is_read_back),
    CASE (the_same_again_adds_nothing_and_a_change_keeps_the_old_one),
    CASE (an_answer_that_breaks_the_rules_is_refused_and_a_draft_is_not),
    CASE (states_follow_reviews),
    CASE (two_edits_of_one_answer_are_a_conflict_until_somebody_chooses),
    CASE (a_save_costs_the_same_in_a_small_and_a_large_project),
  };
  return cmocka_run_group_tests (cases, NULL, NULL);
}
