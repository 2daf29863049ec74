/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/listing.h"
#include "core/plan.h"

#include "tests/core/fixture.h"

static void
page_has_its_items_with_this_annotators_states (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) first = add_item (f->project, 1);
  g_autoptr (AssayItem) second = add_item (f->project, 2);
  g_autoptr (AssayItem) third = add_item (f->project, 3);
  g_autoptr (AssayLabel) anna = save_label (f->store, second, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (AssayLabel) bob = save_label (f->store, first, f->task, f->bob, ASSAY_LABEL_DRAFT, 1);
  const gint64 rows[] = { first->row, second->row, third->row }, apart[] = { first->row, third->row };
  g_autoptr (GPtrArray) page = assay_listing_read (f->store, rows, 3, f->task->row, f->anna->row, &error);
  ok (page != NULL);
  assert_int_equal (page->len, 3);
  const AssayLabelState expected[] = { ASSAY_LABEL_TODO, ASSAY_LABEL_SUBMITTED, ASSAY_LABEL_TODO };
  for (guint i = 0; i < page->len; i++)
    assert_int_equal (((AssayListed *) page->pdata[i])->state, expected[i]);
  g_autoptr (GPtrArray) some = assay_listing_read (f->store, apart, 2, f->task->row, f->bob->row, &error);
  ok (some != NULL);
  assert_int_equal (some->len, 2);
  assert_int_equal (((AssayListed *) some->pdata[0])->state, ASSAY_LABEL_DRAFT);
  assert_int_equal (((AssayListed *) some->pdata[1])->item->row, third->row);
}

static void
list_grows_by_what_came_after_its_end (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) first = add_item (f->project, 1);
  g_autoptr (GArray) before = assay_listing_rows (f->store, f->task, 0, 0, &error);
  assert_int_equal (before->len, 1);
  g_autoptr (AssayItem) second = add_item (f->project, 2);
  g_autoptr (GArray) grown = assay_listing_rows (f->store, f->task, 0, first->row, &error);
  assert_int_equal (grown->len, 1);
  assert_int_equal (g_array_index (grown, gint64, 0), second->row);
}

static void
next_to_do_goes_round_and_ends (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) first = add_item (f->project, 1);
  g_autoptr (AssayItem) second = add_item (f->project, 2);
  g_autoptr (AssayItem) third = add_item (f->project, 3);
  gint64 row;
  g_autoptr (AssayLabel) done = save_label (f->store, second, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  ok (assay_listing_next_todo (f->store, f->task, f->anna->row, first->row, &row, &error));
  assert_int_equal (row, third->row);
  ok (assay_listing_next_todo (f->store, f->task, f->anna->row, third->row, &row, &error));
  assert_int_equal (row, first->row);
  /* What one has begun is still to be done, whatever another annotator did. */
  g_autoptr (AssayLabel) draft = save_label (f->store, third, f->task, f->anna, ASSAY_LABEL_DRAFT, 1);
  g_autoptr (AssayLabel) others = save_label (f->store, third, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 1);
  ok (assay_listing_next_todo (f->store, f->task, f->anna->row, first->row, &row, &error));
  assert_int_equal (row, third->row);
  g_autoptr (AssayLabel) skipped = save_label (f->store, first, f->task, f->anna, ASSAY_LABEL_SKIPPED, 1);
  g_autoptr (AssayLabel) last = save_label (f->store, third, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  ok (assay_listing_next_todo (f->store, f->task, f->anna->row, first->row, &row, &error));
  assert_int_equal (row, 0);
}

static void
set_overlap (Fixture *f, double share)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPlan) plan = assay_plan_get (f->store, &error);
  plan->overlap = share;
  plan->annotators_per_overlap = 2;
  ok (assay_plan_save (f->store, plan, &f->anna->id, &error));
}

static void
what_the_plan_has_enough_of_is_not_asked_again (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) first = add_item (f->project, 1);
  g_autoptr (AssayItem) second = add_item (f->project, 2);
  gint64 row;
  g_autoptr (AssayLabel) bobs = save_label (f->store, first, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 1);
  set_overlap (f, 0);
  ok (assay_listing_next_todo (f->store, f->task, f->anna->row, 0, &row, &error));
  assert_int_equal (row, second->row);
  set_overlap (f, 1);
  ok (assay_listing_next_todo (f->store, f->task, f->anna->row, 0, &row, &error));
  assert_int_equal (row, first->row);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (page_has_its_items_with_this_annotators_states),
    CASE (list_grows_by_what_came_after_its_end),
    CASE (next_to_do_goes_round_and_ends),
    CASE (what_the_plan_has_enough_of_is_not_asked_again),
  };
  return cmocka_run_group_tests_name ("listing", tests, NULL, NULL);
}
