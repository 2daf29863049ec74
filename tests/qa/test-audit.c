/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The error that remains, by figures that can be worked out by hand, and that an audit disturbs nothing. */
#include "qa/audit.h"

#include "core/error.h"
#include "core/truth.h"

#include "tests/qa/fixture.h"

#include <math.h>

static const char *const classes[] = { "cup", "bowl", NULL };
#define CUP "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]"
#define CUP_ASIDE "[{\"class\":\"cup\",\"box\":[20,10,20,20]}]" /* IoU 1/3 */
#define BOWL "[{\"class\":\"bowl\",\"box\":[10,10,20,20]}]"

static AssayPlan *
set_plan (Fixture *f, const char *text)
{
  GError *error = NULL;
  g_autoptr (json_t) document = assay_json_parse (text, strlen (text), "plan", &error);
  ok (document != NULL, error);
  AssayPlan *plan = assay_plan_from_json (document, &error);
  ok (plan != NULL, error);
  ok (assay_plan_save (f->project->store, plan, NULL, &error), error);
  return plan;
}

static AssayAudit *
compute (Fixture *f, const AssayTask *task)
{
  GError *error = NULL;
  AssayAudit *audit = assay_audit_compute (f->project, task, NULL, &error);
  ok (audit != NULL, error);
  return audit;
}

static void
assert_near (double found, double wanted)
{
  if (!(fabs (found - wanted) < 1e-9))
    fail_msg ("%.12g is not %.12g", found, wanted);
}

/* Eight cups and four bowls by ann; bob looks at two cups (one is wrong) and at all bowls (one is called a cup). */
static AssayTask *
audit_six_of_twelve (Fixture *f, GPtrArray *items)
{
  AssayTask *task = add_task (f, "things", "box", classes);
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.png", i);
      g_ptr_array_add (items, add_item (f, name, FALSE, NULL));
      answer (f, items->pdata[i], task, "ann", i < 8 ? CUP : BOWL);
    }
  assay_plan_free (set_plan (f, "{\"overlap\": 0, \"audit\": 1}"));
  answer (f, items->pdata[0], task, "bob", CUP);
  answer (f, items->pdata[1], task, "bob", CUP_ASIDE);
  for (guint i = 8; i < 12; i++)
    answer (f, items->pdata[i], task, "bob", i == 8 ? CUP : BOWL);
  return task;
}

static void
free_item (gpointer item)
{
  assay_item_free (item);
}

static void
shares_are_weighed_by_strata_of_the_rarest_class (void **state)
{
  Fixture *f = *state;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
  g_autoptr (AssayTask) task = audit_six_of_twelve (f, items);
  g_autoptr (AssayAudit) audit = compute (f, task);
  assert_int_equal (audit->accepted, 12);
  assert_int_equal (audit->drawn, 12);
  assert_int_equal (audit->cases->len, 6);
  /* A cup stands for 8 / 2, a bowl for 4 / 4: (4 + 1) / (2 x 4 + 4 x 1), worth 12^2 / (2 x 16 + 4) = 4 items. */
  assert_near (audit->labels.error, 5.0 / 12);
  assert_near (audit->labels.n_effective, 4);
  assert_near (audit->labels.low, 0.110018159227);
  assert_near (audit->labels.high, 0.804963646849);
  assert_int_equal (audit->labels.n, 6);
  assert_int_equal (audit->labels.out, 2);
  const AssayAuditFigure *cup = &g_array_index (audit->classes, AssayAuditFigure, 0),
                         *bowl = &g_array_index (audit->classes, AssayAuditFigure, 1);
  assert_near (cup->error, 0.5);
  assert_near (cup->n_effective, 2);
  assert_near (bowl->error, 0.25); /* what the auditor calls a cup is a bowl of the accepted label */
  assert_near (bowl->n_effective, 4);
  assert_int_equal (bowl->accepted, 4);
  /* Boxes: 1, 1/3 of cups; all bowls lie as they were: (4 x (1 + 1/3) + 4) / 12. */
  assert_near (audit->likeness.value, (4 * (4.0 / 3) + 4) / 12);
}

static void
how_many_more_is_told_by_the_score_test (void **state)
{
  Fixture *f = *state;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
  g_autoptr (AssayTask) task = audit_six_of_twelve (f, items);
  g_autoptr (AssayAudit) audit = compute (f, task);
  assert_int_equal (assay_audit_judge (&audit->labels, 0.05), ASSAY_AUDIT_ABOVE);
  assert_near (assay_audit_count_more (&audit->labels, 0.05), 0);
  assert_int_equal (assay_audit_judge (&audit->labels, 0.81), ASSAY_AUDIT_BELOW);
  /* z^2 0.2 0.8 / (5/12 - 0.2)^2 = 13.09: 14 like these four are 21 items, 6 of which are there. */
  assert_int_equal (assay_audit_judge (&audit->labels, 0.2), ASSAY_AUDIT_OPEN);
  assert_near (assay_audit_count_more (&audit->labels, 0.2), 15);
  assert_near (assay_audit_count_more (&audit->labels, 0.5), 203); /* 138.29: 139 x 6 / 4, less 6 */
  assert_true (isinf (assay_audit_count_more (&audit->labels, 5.0 / 12)));
  /* Nothing yet: were all right, Wilson's upper end of 0 of 73 is the first below 5 %. */
  AssayAuditFigure none = { .error = NAN, .low = NAN, .high = NAN };
  assert_int_equal (assay_audit_judge (&none, 0.05), ASSAY_AUDIT_OPEN);
  assert_near (assay_audit_count_more (&none, 0.05), 73);
}

static void
audit_is_no_answer_and_is_told_to_nobody (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
  g_autoptr (AssayTask) task = audit_six_of_twelve (f, items);
  const AssayItem *item = items->pdata[1];
  AssayTruthHow how;
  g_autoptr (AssayLabel) truth = NULL;
  ok (assay_truth_get (f->project->store, item->row, task, &how, &truth, &error), error);
  assert_int_equal (how, ASSAY_TRUTH_ONLY);
  g_autoptr (GPtrArray) answers = assay_label_list (f->project->store, item->row, task, TRUE, &error);
  assert_int_equal (answers->len, 1);
  g_autoptr (AssayAgreement) agreement
      = assay_agreement_compute (f->project, task, ASSAY_AGREEMENT_BY_NOTHING, NULL, &error);
  assert_int_equal (agreement->overlapped, 0);
  g_autoptr (AssayAnnotator) bob = assay_annotator_find (f->project->store, "bob", &error);
  AssayLabelState seen;
  ok (assay_label_get_state (f->project->store, item->row, task->row, bob->row, &seen, &error), error);
  assert_int_equal (seen, ASSAY_LABEL_SUBMITTED);
  /* Bob thinks again: it is an audit still. */
  answer (f, item, task, "bob", CUP);
  g_autoptr (AssayAudit) audit = compute (f, task);
  assert_int_equal (audit->labels.out, 1);
  assert_int_equal (audit->cases->len, 6);
}

static void
repair_of_what_was_audited_leaves_the_estimate (void **state)
{
  Fixture *f = *state;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
  g_autoptr (AssayTask) task = audit_six_of_twelve (f, items);
  answer (f, items->pdata[1], task, "ann", CUP_ASIDE);
  g_autoptr (AssayAudit) audit = compute (f, task);
  assert_near (audit->labels.error, 5.0 / 12);
  assert_int_equal (audit->changed, 1);
}

static void
gate_of_the_plan_is_told_with_what_is_missing (void **state)
{
  Fixture *f = *state;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
  g_autoptr (AssayTask) task = audit_six_of_twelve (f, items);
  g_autoptr (AssayPlan) plan
      = set_plan (f, "{\"audit\": 1, \"overlap\": 0, \"gate\": "
                     "[{\"figure\":\"remaining_error\",\"task\":\"things\",\"at_most\":0.2},"
                     "{\"figure\":\"remaining_error\",\"task\":\"things\",\"class\":\"bowl\",\"at_most\":0.9}]}");
  g_autoptr (AssayAudit) audit = compute (f, task);
  g_autoptr (json_t) document = assay_audit_to_json (audit, plan);
  const json_t *gate = json_object_get (document, "gate");
  assert_int_equal (json_array_size (gate), 2);
  assert_string_equal (assay_json_get_string (json_array_get (gate, 0), "verdict"), "open");
  assert_int_equal (json_number_value (json_object_get (json_array_get (gate, 0), "more")), 15);
  assert_string_equal (assay_json_get_string (json_array_get (gate, 1), "verdict"), "below");
  assert_non_null (assay_json_get_string (json_array_get (gate, 1), "class"));
}

static void
drawn_are_the_share_and_of_rare_classes_more (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  guint n_cups = 0, n_bowls = 0;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
  for (guint i = 0; i < 400; i++)
    {
      g_autofree char *name = g_strdup_printf ("%03u.png", i);
      g_ptr_array_add (items, add_item (f, name, FALSE, NULL));
      answer (f, items->pdata[i], task, "ann", i % 20 != 0 ? CUP : BOWL);
    }
  g_autoptr (AssayAuditDraw) draw = assay_audit_draw_new (f->project->store, task, 0.1, &error);
  g_autofree char *cup = assay_id_dup_text (&assay_task_find_class_named (task, "cup")->id),
                  *bowl = assay_id_dup_text (&assay_task_find_class_named (task, "bowl")->id);
  g_autofree char *of_cups = g_strdup_printf ("{\"%s\":1}", cup), *of_bowls = g_strdup_printf ("{\"%s\":1}", bowl);
  for (guint i = 0; i < 400; i++)
    if (i % 20 != 0)
      n_cups += assay_audit_draws (draw, &((const AssayItem *) items->pdata[i])->id, of_cups);
    else
      n_bowls += assay_audit_draws (draw, &((const AssayItem *) items->pdata[i])->id, of_bowls);
  assert_in_range (n_cups, 15, 65); /* 38 of 380, give or take four standard deviations */
  assert_int_equal (n_bowls, 20);   /* no more than that are there */
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (shares_are_weighed_by_strata_of_the_rarest_class), CASE (how_many_more_is_told_by_the_score_test),
    CASE (audit_is_no_answer_and_is_told_to_nobody),         CASE (repair_of_what_was_audited_leaves_the_estimate),
    CASE (gate_of_the_plan_is_told_with_what_is_missing),    CASE (drawn_are_the_share_and_of_rare_classes_more),
  };
  return cmocka_run_group_tests_name ("audit", tests, NULL, NULL);
}
