/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-verdict.h"

#include "qa/consensus.h"
#include "tests/core/fixture.h"

/* One item that two have answered apart, with an open finding about both and one about anna's alone. */
typedef struct
{
  Fixture *f;
  AssayItem *item;
  AssayLabel *by_anna, *by_bob;
  AssayAnnotator *grace;
} Case;

static AssayFinding *
finding_new (const Case *c, const char *check, guint n_named)
{
  AssayFinding *finding = assay_finding_new (check, ASSAY_SEVERITY_WARNING, 0.5, "they differ");
  finding->item_row = c->item->row;
  finding->task_row = c->f->task->row;
  g_ptr_array_add (finding->annotators, g_strdup ("anna"));
  if (n_named > 1)
    g_ptr_array_add (finding->annotators, g_strdup ("bob"));
  assay_finding_identify (finding, &c->item->id, &c->f->task->id, "");
  return finding;
}

static Case *
case_new (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  Case *c = g_new0 (Case, 1);
  c->f = f;
  c->item = add_item (f->project, 1);
  c->by_anna = save_label (f->store, c->item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 10);
  c->by_bob = save_label (f->store, c->item, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 12);
  ok (c->grace = assay_annotator_ensure (f->store, "Grace", ASSAY_ANNOTATOR_PERSON, &error));
  static const char *const checks[] = { "disagreement", "rule" };
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_finding_free);
      g_ptr_array_add (findings, finding_new (c, checks[i], 2 - i));
      ok (assay_finding_replace (f->store, checks[i], f->task->row, findings, &error));
    }
  return c;
}

static void
case_free (Case *c)
{
  assay_item_free (c->item);
  assay_label_free (c->by_anna);
  assay_label_free (c->by_bob);
  assay_annotator_free (c->grace);
  g_free (c);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Case, case_free)

static void
assert_stands (const Case *c, AssayTruthHow expected, guint n_answers, guint n_open)
{
  g_autoptr (GError) error = NULL;
  AssayTruthHow how;
  gint64 row;
  guint n;
  ok (assay_truth_find (c->f->store, c->item->row, c->f->task->row, &how, &row, &n, &error));
  assert_string_equal (assay_truth_how_to_text (how), assay_truth_how_to_text (expected));
  assert_int_equal (n, n_answers);
  g_autoptr (GPtrArray) open = assay_finding_list (c->f->store, TRUE, &error);
  assert_int_equal (open->len, n_open);
}

/* Through its text, as a toast keeps it. */
static void
undo (const Case *c, const AssayVerdict *verdict)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = assay_verdict_to_text (verdict);
  g_autoptr (AssayVerdict) again = assay_verdict_from_text (text);
  assert_non_null (again);
  ok (assay_verdict_undo (c->f->project, again, c->grace, &error));
}

static void
neither_sends_all_answers_back_and_one_undo_brings_them_and_the_truth_before (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) c = case_new (*state);
  g_autoptr (AssayVerdict) taken = assay_verdict_new ();
  ok (assay_verdict_take (c->f->project, c->by_bob, c->grace, "sharper", taken, &error));
  assert_stands (c, ASSAY_TRUTH_ANNOTATOR, 2, 2);
  g_autoptr (AssayVerdict) verdict = assay_verdict_new ();
  ok (assay_verdict_neither (c->f->project, c->item, c->f->task, c->grace, NULL, verdict, &error));
  assert_stands (c, ASSAY_TRUTH_NONE, 0, 2);
  AssayLabelState found;
  ok (assay_label_get_state (c->f->store, c->item->row, c->f->task->row, c->f->anna->row, &found, &error));
  assert_int_equal (found, ASSAY_LABEL_SENT_BACK);
  undo (c, verdict);
  assert_stands (c, ASSAY_TRUTH_ANNOTATOR, 2, 2);
  assert_int_equal (ask (c->f->store, "SELECT count(*) FROM review WHERE kind = 'neither'"), 1);
}

static void
both_acceptable_settles_and_dismisses_what_is_said_of_both_and_one_undo_opens_it (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) c = case_new (*state);
  g_autoptr (AssayVerdict) verdict = assay_verdict_new ();
  ok (assay_verdict_both (c->f->project, c->item, c->f->task, c->grace, NULL, verdict, &error));
  assert_stands (c, ASSAY_TRUTH_CONSENSUS, 2, 1); /* anna's broken rule is no matter of taste */
  undo (c, verdict);
  assert_stands (c, ASSAY_TRUTH_UNDECIDED, 2, 2);
}

static void
what_the_reviewer_makes_is_the_truth_and_no_answer_more (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) c = case_new (*state);
  g_autoptr (AssayObjects) merged = assay_objects_copy (c->by_anna->objects);
  assay_objects_take (merged, make_box (c->f->task, "hand", 30));
  g_autoptr (AssayVerdict) verdict = assay_verdict_new ();
  /* The reviewer has answered the item too: that answer stays what it is. */
  g_autoptr (AssayLabel) own = save_label (c->f->store, c->item, c->f->task, c->grace, ASSAY_LABEL_SUBMITTED, 11);
  ok (assay_verdict_own (c->f->project, c->item, c->f->task, merged, "merge", c->grace, "by object", verdict,
                         &error));
  assert_stands (c, ASSAY_TRUTH_EDIT, 3, 2);
  AssayTruthHow how;
  g_autoptr (AssayLabel) truth = NULL;
  ok (assay_truth_get (c->f->store, c->item->row, c->f->task, &how, &truth, &error));
  assert_true (assay_objects_equal (truth->objects, merged));
  assert_string_equal (truth->tool, "merge");
  g_autoptr (AssayLabel) graces = NULL;
  ok (graces = assay_label_get (c->f->store, c->item->row, c->f->task, c->grace->row, &error));
  assert_true (assay_id_equal (&graces->id, &own->id));
  undo (c, verdict);
  assert_stands (c, ASSAY_TRUTH_UNDECIDED, 3, 2);
  /* The same again is the same revision. */
  g_autoptr (AssayVerdict) again = assay_verdict_new ();
  ok (assay_verdict_own (c->f->project, c->item, c->f->task, merged, "merge", c->grace, NULL, again, &error));
  assert_stands (c, ASSAY_TRUTH_EDIT, 3, 2);
  assert_int_equal (ask (c->f->store, "SELECT count(*) FROM revision WHERE tool = 'merge'"), 1);
}

static void
a_decision_is_not_taken_back_over_a_later_one (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) c = case_new (*state);
  g_autoptr (AssayVerdict) first = assay_verdict_new ();
  ok (assay_verdict_neither (c->f->project, c->item, c->f->task, c->grace, "the handle is missing", first, &error));
  g_autoptr (AssayVerdict) second = assay_verdict_new ();
  ok (assay_verdict_take (c->f->project, c->by_anna, c->grace, NULL, second, &error));
  refused (assay_verdict_undo (c->f->project, first, c->grace, to), ASSAY_ERROR_CONFLICT, "since");
  assert_stands (c, ASSAY_TRUTH_ANNOTATOR, 1, 2);
  undo (c, second);
  assert_stands (c, ASSAY_TRUTH_NONE, 0, 2);
}

static void
what_is_no_verdict_is_not_read_as_one (void **state)
{
  static const char *const wrong[] = {
    "", "{}", "[]", "{\"reviews\":[[]]}", "{\"reviews\":[[\"x\"]]}", "{\"findings\":[3]}", "{\"reviews\":[3]}"
  };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_null (assay_verdict_from_text (wrong[i]));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (neither_sends_all_answers_back_and_one_undo_brings_them_and_the_truth_before),
    CASE (both_acceptable_settles_and_dismisses_what_is_said_of_both_and_one_undo_opens_it),
    CASE (what_the_reviewer_makes_is_the_truth_and_no_answer_more),
    CASE (a_decision_is_not_taken_back_over_a_later_one),
    CASE (what_is_no_verdict_is_not_read_as_one),
  };
  return cmocka_run_group_tests_name ("job-verdict", tests, NULL, NULL);
}
