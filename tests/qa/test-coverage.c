/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a plan's targets are is one number, whoever asks. */
#include "core/flag.h"
#include "core/queue.h"
#include "qa/coverage.h"
#include "tests/core/fixture.h"

static AssayPlan *
plan_new (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  json_t *document = json_loads ("{\"overlap\": 0, \"targets\": [{\"class\": \"cup\", \"count\": 4},"
                                 "{\"class\": \"cup\", \"condition\": {\"light\": \"low\"}, \"count\": 3}]}",
                                 0, NULL);
  AssayPlan *plan = assay_plan_from_json (document, &error);
  json_decref (document);
  ok (plan != NULL);
  ok (assay_plan_save (f->store, plan, &f->anna->id, &error));
  return plan;
}

static AssayItem *
add_dark (Fixture *f, guint number)
{
  g_autoptr (GError) error = NULL;
  AssayItem *item = add_item (f->project, number);
  ok (assay_store_run (f->store, NULL, &error,
                       "UPDATE item SET facts = '{\"conditions\":{\"light\":\"low\"}}' WHERE row = ?", "i",
                       item->row));
  return item;
}

static void
say (Fixture *f, const AssayItem *item, const char *flag, gboolean stands)
{
  g_autoptr (GError) error = NULL;
  ok (assay_flag_set (f->store, item->row, flag, stands, NULL, &f->anna->id, NULL, &error));
}

static void
assert_number (const json_t *targets, guint i, const char *name, int expected)
{
  assert_int_equal (json_integer_value (json_object_get (json_array_get (targets, i), name)), expected);
}

/* `have`: "1 of 4"; of the second target likewise. */
static void
assert_counts (Fixture *f, const AssayPlan *plan, int have, int have_dark, int captured, int captured_dark)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) coverage = assay_coverage_compute (f->project, plan, NULL, &error);
  g_autoptr (json_t) taken = assay_coverage_count_captured (f->project, plan, &error);
  g_autoptr (AssayQueued) next = NULL;
  ok (coverage != NULL && taken != NULL);
  const json_t *targets = json_object_get (coverage, "targets");
  assert_number (targets, 0, "have", have);
  assert_number (targets, 1, "have", have_dark);
  assert_number (targets, 0, "missing", 4 - have);
  assert_number (targets, 1, "missing", 3 - have_dark);
  assert_number (targets, 0, "captured", captured);
  assert_number (targets, 1, "captured", captured_dark);
  assert_number (taken, 0, "captured", captured);
  assert_number (taken, 1, "captured", captured_dark);
  /* What the queue says of the target that it serves. */
  ok (assay_queue_next (f->store, f->task, f->bob, 0, &next, &error));
  assert_non_null (next);
  g_autofree char *words = g_strdup_printf ("%d of 3", have_dark);
  assert_non_null (strstr (next->words, words));
}

static void
blurred_and_duplicate_items_count_towards_no_target (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayPlan) plan = plan_new (f);
  g_autoptr (AssayItem) sharp = add_dark (f, 1);
  g_autoptr (AssayItem) blurred = add_dark (f, 2);
  g_autoptr (AssayItem) twin = add_item (f->project, 3);
  g_autoptr (AssayItem) todo = add_dark (f, 4);
  g_autoptr (AssayLabel) a = save_label (f->store, sharp, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (AssayLabel) b = save_label (f->store, blurred, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (AssayLabel) c = save_label (f->store, twin, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  assert_counts (f, plan, 3, 2, 4, 3);
  say (f, blurred, ASSAY_FLAG_BLURRED, TRUE);
  assert_counts (f, plan, 2, 1, 3, 2);
  say (f, twin, ASSAY_FLAG_DUPLICATE, TRUE);
  assert_counts (f, plan, 1, 1, 2, 2);
  say (f, blurred, ASSAY_FLAG_BLURRED, FALSE);
  assert_counts (f, plan, 2, 2, 3, 3);
}

static void
answers_that_differ_are_counted_apart_until_they_are_settled (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPlan) plan = plan_new (f);
  g_autoptr (AssayItem) item = add_dark (f, 1);
  g_autoptr (AssayItem) todo = add_dark (f, 2);
  g_autoptr (AssayLabel) a = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (AssayAnnotator) carl = assay_annotator_ensure (f->store, "carl", ASSAY_ANNOTATOR_PERSON, &error);
  g_autoptr (AssayLabel) b = save_label (f->store, item, f->task, carl, ASSAY_LABEL_SUBMITTED, 40);
  assert_counts (f, plan, 0, 0, 2, 2);
  g_autoptr (json_t) coverage = assay_coverage_compute (f->project, plan, NULL, &error);
  assert_number (json_object_get (coverage, "targets"), 0, "undecided", 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (blurred_and_duplicate_items_count_towards_no_target),
    CASE (answers_that_differ_are_counted_apart_until_they_are_settled),
  };
  return cmocka_run_group_tests_name ("coverage", tests, NULL, NULL);
}
