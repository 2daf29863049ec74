/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/region.h"
#include "tests/core/fixture.h"

static AssayJournal *
open_journal (AssayStore *store, const AssayItem *item, const AssayTask *task, const AssayAnnotator *annotator)
{
  g_autoptr (GError) error = NULL;
  AssayJournal *journal = assay_journal_open (store, item, task, annotator, &error);
  ok (journal != NULL);
  return journal;
}

static AssayObject *
copy_nth (AssayJournal *journal, const AssayTask *task, guint i)
{
  return assay_object_copy (assay_journal_get_objects (journal)->list->pdata[i], task->kind);
}

static void
draw (AssayJournal *journal, const AssayTask *task, double x)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("box %g", x);
  AssayEdit *edit = assay_edit_new (task->kind, name);
  assay_edit_take (edit, NULL, make_box (task, "cup", x));
  ok (assay_journal_append (journal, edit, &error));
}

static void
take_out (AssayJournal *journal, const AssayTask *task, guint first, guint n)
{
  g_autoptr (GError) error = NULL;
  AssayEdit *edit = assay_edit_new (task->kind, "removal");
  for (guint i = 0; i < n; i++)
    assay_edit_take (edit, copy_nth (journal, task, first + i), NULL);
  ok (assay_journal_append (journal, edit, &error));
}

static char *
list_x (AssayJournal *journal)
{
  const AssayObjects *objects = assay_journal_get_objects (journal);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < objects->list->len; i++)
    g_string_append_printf (text, "%s%g", i > 0 ? " " : "", x_of (objects, i));
  return g_string_free (text, FALSE);
}

static void
assert_draft (AssayJournal *journal, const char *expected)
{
  g_autofree char *found = list_x (journal);
  assert_string_equal (found, expected);
}

static void
undo_and_redo_survive_a_restart (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  {
    g_autoptr (AssayJournal) journal = open_journal (f->store, item, f->task, f->anna);
    assert_null (assay_journal_get_undo_name (journal));
    for (guint i = 1; i <= 4; i++)
      draw (journal, f->task, i);
    ok (assay_journal_undo (journal, &error));
    assert_draft (journal, "1 2 3");
  }
  g_autofree char *place = g_strdup (f->project->directory);
  assay_project_close (f->project);
  ok (f->project = assay_project_open (place, ASSAY_STORE_WRITE, &error));
  f->store = f->project->store;
  g_autoptr (AssayJournal) journal = open_journal (f->store, item, f->task, f->anna);
  assert_draft (journal, "1 2 3");
  assert_string_equal (assay_journal_get_undo_name (journal), "box 3");
  assert_string_equal (assay_journal_get_redo_name (journal), "box 4");
  ok (assay_journal_redo (journal, &error));
  assert_draft (journal, "1 2 3 4");
  for (guint i = 0; i < 4; i++)
    ok (assay_journal_undo (journal, &error));
  assert_draft (journal, "");
  refused (assay_journal_undo (journal, to), ASSAY_ERROR_NOT_FOUND, "nothing");
  for (guint i = 0; i < 4; i++)
    ok (assay_journal_redo (journal, &error));
  assert_draft (journal, "1 2 3 4");
  /* A new gesture ends what could be redone. */
  ok (assay_journal_undo (journal, &error));
  draw (journal, f->task, 9);
  assert_null (assay_journal_get_redo_name (journal));
  refused (assay_journal_redo (journal, to), ASSAY_ERROR_NOT_FOUND, "nothing");
}

static void
what_was_taken_out_comes_back_to_its_place (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayJournal) journal = open_journal (f->store, item, f->task, f->anna);
  for (guint i = 1; i <= 5; i++)
    draw (journal, f->task, i);
  take_out (journal, f->task, 1, 3);
  assert_draft (journal, "1 5");
  ok (assay_journal_undo (journal, &error));
  assert_draft (journal, "1 2 3 4 5");
  ok (assay_journal_redo (journal, &error));
  assert_draft (journal, "1 5");
}

static void
undo_reaches_behind_a_revision (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayJournal) journal = open_journal (f->store, item, f->task, f->anna);
  draw (journal, f->task, 1);
  draw (journal, f->task, 2);
  ok (assay_journal_make_revision (journal, ASSAY_LABEL_SUBMITTED, 7.5, "polygon", NULL, NULL, &error));
  assert_false (assay_journal_is_changed (journal));
  g_autoptr (AssayJournal) again = open_journal (f->store, item, f->task, f->anna);
  assert_draft (again, "1 2");
  ok (assay_journal_undo (again, &error));
  assert_draft (again, "1");
  g_autoptr (AssayJournal) third = open_journal (f->store, item, f->task, f->anna);
  assert_draft (third, "1");
  assert_true (assay_journal_is_changed (third));
  g_autoptr (AssayLabel) head = assay_label_get (f->store, item->row, f->task, f->anna->row, &error);
  assert_int_equal (head->objects->list->len, 2);
  assert_true (head->seconds == 7.5);
}

static void
two_windows_on_one_draft_lose_nothing (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayProject) other = assay_project_open (f->project->directory, ASSAY_STORE_WRITE, &error);
  ok (other != NULL);
  guint before = assay_store_get_change (f->store);
  g_autoptr (AssayJournal) one = open_journal (f->store, item, f->task, f->anna);
  g_autoptr (AssayJournal) two = open_journal (other->store, item, f->task, f->anna);
  draw (one, f->task, 1);
  draw (two, f->task, 2);
  draw (one, f->task, 3);
  assert_draft (one, "1 2 3");
  assert_true (assay_store_get_change (f->store) != before);
  gboolean changed;
  ok (assay_journal_refresh (two, &changed, &error));
  assert_true (changed);
  assert_draft (two, "1 2 3");
  ok (assay_journal_refresh (two, &changed, &error));
  assert_false (changed);
  /* One submits, the other goes on upon what was submitted. */
  ok (assay_journal_make_revision (one, ASSAY_LABEL_SUBMITTED, NAN, "box", NULL, NULL, &error));
  draw (two, f->task, 4);
  assert_draft (two, "1 2 3 4");
  ok (assay_journal_undo (one, &error));
  assert_draft (one, "1 2 3");
  g_autoptr (GArray) conflicts = assay_label_list_conflicts (f->store, f->task, &error);
  assert_int_equal (conflicts->len, 0);
}

/* The one object of the test, with this run of pixels. */
static AssayObject *
make_region (const AssayTask *task, guint from, guint to)
{
  g_autoptr (GError) error = NULL;
  const guint32 runs[] = { from, to - from, 48 * 64 - to };
  AssayMask *mask = assay_mask_new_from_runs (64, 48, runs, G_N_ELEMENTS (runs), &error);
  ok (mask != NULL);
  AssayObject *object
      = assay_object_new (&((AssayClass *) task->classes->pdata[0])->id, assay_region_new_from_mask (mask));
  object->id = assay_id_derive ("test", "one", 3);
  return object;
}

static gint64
area_of (AssayJournal *journal)
{
  const AssayObject *object = assay_journal_get_objects (journal)->list->pdata[0];
  return (gint64) assay_mask_area_px (((const AssayRegion *) object->value)->mask);
}

static void
strokes_that_meet_on_one_mask_are_both_there (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = assay_task_new ("masks", assay_kind_find ("segmentation"));
  assay_task_add_class (task, "cup");
  ok (assay_task_save (f->store, task, NULL, &error));
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayJournal) one = open_journal (f->store, item, task, f->anna);
  AssayEdit *first = assay_edit_new (task->kind, "brush");
  assay_edit_take (first, NULL, make_region (task, 100, 200));
  ok (assay_journal_append (one, first, &error));
  g_autoptr (AssayJournal) two = open_journal (f->store, item, task, f->anna);
  /* Both saw 100 to 200: one adds 200 to 300, the other 50 to 100, without having seen the first. */
  AssayEdit *right = assay_edit_new (task->kind, "brush"), *left = assay_edit_new (task->kind, "brush");
  assay_edit_take (right, copy_nth (one, task, 0), make_region (task, 100, 300));
  assay_edit_take (left, copy_nth (two, task, 0), make_region (task, 50, 200));
  ok (assay_journal_append (one, right, &error));
  ok (assay_journal_append (two, left, &error));
  assert_int_equal (area_of (two), 250);
  g_autoptr (AssayJournal) again = open_journal (f->store, item, task, f->anna);
  assert_int_equal (area_of (again), 250);
  ok (assay_journal_undo (again, &error));
  assert_int_equal (area_of (again), 200);
  ok (assay_journal_undo (again, &error));
  assert_int_equal (area_of (again), 100);
  /* What the disk holds of a stroke is what it changed. */
  assert_int_equal (
      ask (f->store, "SELECT count(*) FROM journal WHERE changes LIKE '%xor%' AND changes NOT LIKE '%before%'"), 2);
}

static void
the_first_stroke_makes_a_draft_and_a_revision_of_nothing_is_none (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  AssayLabelState standing;
  g_autoptr (AssayJournal) journal = open_journal (f->store, item, f->task, f->anna);
  ok (assay_journal_make_revision (journal, ASSAY_LABEL_DRAFT, NAN, "box", NULL, NULL, &error));
  assert_int_equal (ask (f->store, "SELECT count(*) FROM revision"), 0);
  draw (journal, f->task, 1);
  ok (assay_label_get_state (f->store, item->row, f->task->row, f->anna->row, &standing, &error));
  assert_int_equal (standing, ASSAY_LABEL_DRAFT);
  assert_int_equal (ask (f->store, "SELECT n FROM tally WHERE state = 'draft' AND class = x''"), 1);
}

static void
random_gestures_replay_to_the_same_draft (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (AssayJournal) journal = open_journal (f->store, item, f->task, f->anna);
  for (guint i = 0; i < 120; i++)
    {
      guint n = assay_journal_get_objects (journal)->list->len, what = (guint) g_rand_int_range (random, 0, 10);
      if (what < 5)
        draw (journal, f->task, i % 50);
      else if (what == 5 && n > 0)
        {
          guint first = (guint) g_rand_int_range (random, 0, (gint) n);
          take_out (journal, f->task, first, MIN (2, n - first));
        }
      else if (what < 8 && assay_journal_get_undo_name (journal) != NULL)
        ok (assay_journal_undo (journal, &error));
      else if (what == 8 && assay_journal_get_redo_name (journal) != NULL)
        ok (assay_journal_redo (journal, &error));
      else if (what == 9)
        ok (assay_journal_make_revision (journal, ASSAY_LABEL_DRAFT, NAN, "box", NULL, NULL, &error));
    }
  g_autoptr (AssayJournal) again = open_journal (f->store, item, f->task, f->anna);
  assert_true (assay_objects_equal (assay_journal_get_objects (journal), assay_journal_get_objects (again)));
  assert_string_equal (assay_journal_get_undo_name (journal), assay_journal_get_undo_name (again));
  /* All the way back leaves nothing. */
  while (assay_journal_get_undo_name (again) != NULL)
    ok (assay_journal_undo (again, &error));
  assert_draft (again, "");
}

int
main (void)
{
  const struct CMUnitTest cases[] = {
    CASE (undo_and_redo_survive_a_restart),
    CASE (what_was_taken_out_comes_back_to_its_place),
    CASE (undo_reaches_behind_a_revision),
    CASE (two_windows_on_one_draft_lose_nothing),
    CASE (strokes_that_meet_on_one_mask_are_both_there),
    CASE (the_first_stroke_makes_a_draft_and_a_revision_of_nothing_is_none),
    CASE (random_gestures_replay_to_the_same_draft),
  };
  return cmocka_run_group_tests (cases, NULL, NULL);
}
