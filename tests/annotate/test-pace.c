/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/pace.h"
#include "tests/core/fixture.h"

/* Draws one box, or moves the one that is there, in so many active seconds. */
static void
draw (AssayJournal *journal, const AssayTask *task, AssayObject *take_box, double seconds)
{
  g_autoptr (GError) error = NULL;
  const AssayObject *before = assay_objects_find (assay_journal_get_objects (journal), &take_box->id);
  AssayEdit *edit = assay_edit_new (task->kind, before != NULL ? "move cup" : "box cup");
  assay_edit_take (edit, before != NULL ? assay_object_copy (before, task->kind) : NULL, take_box);
  edit->seconds = seconds;
  ok (assay_journal_append (journal, edit, &error));
}

static void
seconds_of_gestures_add_up_by_object_class_and_annotator (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayJournal) annas = NULL, bobs = NULL;
  ok (annas = assay_journal_open (f->store, item, f->task, f->anna, &error));
  ok (bobs = assay_journal_open (f->store, item, f->task, f->bob, &error));
  AssayObject *cup = make_box (f->task, "cup", 1);
  AssayObject *moved = assay_object_copy (cup, f->task->kind);
  ((AssayBox *) moved->value)->box.x = 20;
  draw (annas, f->task, cup, 10);
  draw (annas, f->task, moved, 2.5);
  draw (annas, f->task, make_box (f->task, "cup", 3), 20);
  draw (annas, f->task, make_box (f->task, "hand", 5), 7);
  draw (annas, f->task, make_box (f->task, "hand", 7), 0); /* nobody knows how long */
  draw (bobs, f->task, make_box (f->task, "cup", 9), 100);

  g_autoptr (AssayPace) pace = NULL;
  ok (pace = assay_pace_read (f->store, f->task, f->anna->row, 0, &error));
  assert_true (fabs (pace->seconds - 39.5) < 1e-9);
  assert_int_equal (pace->n_made, 3);
  assert_int_equal (pace->classes->len, 2);
  const AssayPaceClass *cups = &g_array_index (pace->classes, AssayPaceClass, 0);
  assert_int_equal (cups->n, 2);
  assert_true (fabs (cups->median_s - (12.5 + 20) / 2) < 1e-9);
  assert_true (fabs (cups->total_s - 32.5) < 1e-9);
  assert_true (fabs (assay_pace_get_hourly (pace) - 3 / (39.5 / 3600)) < 1e-6);

  g_autoptr (AssayPace) all = NULL, later = NULL;
  ok (all = assay_pace_read (f->store, f->task, 0, 0, &error));
  assert_int_equal (all->n_made, 4);
  ok (later = assay_pace_read (f->store, f->task, 0, g_get_real_time () + G_USEC_PER_SEC, &error));
  assert_int_equal (later->n_made, 0);
  assert_true (isnan (assay_pace_get_hourly (later)));
}

static void
a_gesture_that_touches_two_objects_is_shared_by_them (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayJournal) journal = NULL;
  ok (journal = assay_journal_open (f->store, item, f->task, f->anna, &error));
  AssayEdit *edit = assay_edit_new (f->task->kind, "two");
  assay_edit_take (edit, NULL, make_box (f->task, "cup", 1));
  assay_edit_take (edit, NULL, make_box (f->task, "hand", 3));
  edit->seconds = 8;
  ok (assay_journal_append (journal, edit, &error));
  g_autoptr (AssayPace) pace = NULL;
  ok (pace = assay_pace_read (f->store, f->task, f->anna->row, 0, &error));
  assert_true (fabs (pace->seconds - 8) < 1e-9);
  assert_true (fabs (g_array_index (pace->classes, AssayPaceClass, 1).median_s - 4) < 1e-9);
}

static void
steps_have_names_and_those_undone_come_after_those_that_stand (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1), other = add_item (f->project, 2);
  g_autoptr (AssayJournal) journal = NULL, again = NULL, others = NULL;
  ok (journal = assay_journal_open (f->store, item, f->task, f->anna, &error));
  ok (others = assay_journal_open (f->store, other, f->task, f->anna, &error));
  static const char *const names[] = { "one", "two", "three", "four" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      AssayEdit *edit = assay_edit_new (f->task->kind, names[i]);
      assay_edit_take (edit, NULL, make_box (f->task, "cup", i));
      ok (assay_journal_append (journal, edit, &error));
    }
  draw (others, f->task, make_box (f->task, "cup", 1), 1);
  ok (assay_journal_undo (journal, &error));
  ok (assay_journal_undo (journal, &error));
  ok (again = assay_journal_open (f->store, item, f->task, f->anna, &error)); /* another sitting */
  guint n_done = 0;
  g_autoptr (GPtrArray) steps = assay_journal_list_steps (again, &n_done);
  assert_int_equal (n_done, 2);
  assert_int_equal (steps->len, 4);
  for (guint i = 0; i < steps->len; i++)
    assert_string_equal (steps->pdata[i], names[i]);
  ok (assay_journal_refresh (others, NULL, &error)); /* the other item has what it had */
  assert_int_equal (assay_journal_get_objects (others)->list->len, 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (seconds_of_gestures_add_up_by_object_class_and_annotator),
    CASE (a_gesture_that_touches_two_objects_is_shared_by_them),
    CASE (steps_have_names_and_those_undone_come_after_those_that_stand),
  };
  return cmocka_run_group_tests_name ("annotate/pace", tests, NULL, NULL);
}
