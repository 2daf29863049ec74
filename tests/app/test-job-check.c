/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-check.h"

#include "core/error.h"
#include "core/plan.h"
#include "core/truth.h"

#include "tests/qa/fixture.h"

static const char *const classes[] = { "cup", "bowl", NULL };

static AssayTruthHow
how_of (Fixture *f, const AssayItem *item, const AssayTask *task)
{
  AssayTruthHow how;
  gint64 row;
  guint n;
  GError *error = NULL;
  ok (assay_truth_find (f->project->store, item->row, task->row, &how, &row, &n, &error), error);
  return how;
}

static AssayJobCheckCounts
run_job (Fixture *f)
{
  GError *error = NULL;
  AssayJobCheckCounts counts = { 0 };
  g_autoptr (AssayAnnotator) by
      = assay_annotator_ensure (f->project->store, "lead", ASSAY_ANNOTATOR_PERSON, &error);
  ok (by != NULL && assay_job_check (f->project, NULL, NULL, by, NULL, &counts, &error), error);
  return counts;
}

static void
rule_settles_what_all_agree_on_and_nothing_else (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "boxes", "box", classes);
  g_autoptr (AssayItem) alike = add_item (f, "alike.png", FALSE, NULL),
                        apart = add_item (f, "apart.png", FALSE, NULL);
  answer (f, alike, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  answer (f, alike, task, "bob", "[{\"class\":\"cup\",\"box\":[11,10,20,20]}]");
  answer (f, apart, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  answer (f, apart, task, "bob", "[{\"class\":\"cup\",\"box\":[20,20,20,20]}]");
  assert_int_equal (run_job (f).settled, 0); /* the plan does not ask for it */
  g_autoptr (AssayPlan) plan = assay_plan_new ();
  plan->settle_when_agreed = TRUE;
  ok (assay_plan_save (f->project->store, plan, NULL, &error), error);
  assert_int_equal (run_job (f).settled, 1);
  assert_int_equal (how_of (f, alike, task), ASSAY_TRUTH_RULE);
  assert_int_equal (how_of (f, apart, task), ASSAY_TRUTH_UNDECIDED);
  assert_int_equal (run_job (f).settled, 0);
  /* An answer changes: what the rule took is given up, and taken again once all agree again. */
  answer (f, alike, task, "bob", "[{\"class\":\"bowl\",\"box\":[11,10,20,20]}]");
  assert_int_equal (run_job (f).settled, 0);
  assert_int_equal (how_of (f, alike, task), ASSAY_TRUTH_UNDECIDED);
  answer (f, alike, task, "bob", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  assert_int_equal (run_job (f).settled, 1);
  assert_int_equal (how_of (f, alike, task), ASSAY_TRUTH_RULE);
}

static void
rule_leaves_what_a_person_settled (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "boxes", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  answer (f, item, task, "bob", "[{\"class\":\"cup\",\"box\":[11,10,20,20]}]");
  g_autoptr (AssayPlan) plan = assay_plan_new ();
  plan->settle_when_agreed = TRUE;
  ok (assay_plan_save (f->project->store, plan, NULL, &error), error);
  g_autoptr (AssayAnnotator) ann = assay_annotator_find (f->project->store, "ann", &error);
  g_autoptr (AssayLabel) label = assay_label_get (f->project->store, item->row, task, ann->row, &error);
  ok (assay_truth_settle (f->project->store, label, ASSAY_TRUTH_ANNOTATOR, ann, NULL, &error), error);
  assert_int_equal (run_job (f).settled, 0);
  assert_int_equal (how_of (f, item, task), ASSAY_TRUTH_ANNOTATOR);
}

static void
unknown_check_is_refused_with_the_list (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  const char *const only_it[] = { "phrenology", NULL };
  AssayJobCheckCounts counts;
  assert_false (assay_job_check (f->project, only_it, NULL, NULL, NULL, &counts, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_USAGE));
  assert_non_null (strstr (error->message, "disagreement"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (rule_settles_what_all_agree_on_and_nothing_else),
    CASE (rule_leaves_what_a_person_settled),
    CASE (unknown_check_is_refused_with_the_list),
  };
  return cmocka_run_group_tests_name ("job-check", tests, NULL, NULL);
}
