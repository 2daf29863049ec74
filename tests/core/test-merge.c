/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/finding.h"
#include "core/plan.h"
#include "core/progress.h"
#include "tests/core/fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* A copy of the fixture's project, as a person makes one: the directory, with nothing running. */
static AssayProject *
copy_project (Fixture *f, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *place = g_strdup (f->project->directory), *to = g_build_filename (f->directory, name, NULL);
  assay_project_close (f->project);
  g_autofree char *command = g_strdup_printf ("cp -a '%s' '%s'", place, to);
  assert_int_equal (system (command), 0);
  ok (f->project = assay_project_open (place, ASSAY_STORE_WRITE, &error));
  f->store = f->project->store;
  AssayProject *copy = assay_project_open (to, ASSAY_STORE_WRITE, &error);
  ok (copy != NULL);
  return copy;
}

static AssayMergeCounts
merge (AssayProject *into, AssayProject *from)
{
  g_autoptr (GError) error = NULL;
  AssayMergeCounts counts = { 0 };
  ok (assay_project_merge (into, from->directory, &counts, NULL, &error));
  ok (assay_store_check (into->store, &error));
  return counts;
}

/* Everything that follows from the rows, with identities instead of row numbers. */
static char *
describe (AssayProject *project)
{
  static const char *const questions[] = {
    "SELECT hex (item.id) || ' ' || hex (task.id) || ' ' || hex (annotator.id) || ' ' || coalesce (hex"
    " (revision.id), '-') || ' ' || head.state || ' ' || leaves AS line FROM head JOIN item ON item.row ="
    " head.item JOIN task ON task.row = head.task JOIN annotator ON annotator.row = head.annotator LEFT JOIN"
    " revision ON revision.row = head.revision ORDER BY line",
    "SELECT hex (item.id) || ' ' || hex (task.id) || ' ' || how || ' ' || coalesce (hex (revision.id), '-') || '"
    " ' || n_answers AS line FROM truth JOIN item ON item.row = truth.item JOIN task ON task.row = truth.task"
    " LEFT JOIN revision ON revision.row = truth.revision ORDER BY line",
    "SELECT coalesce (hex (task.id), '-') || ' ' || coalesce (hex (annotator.id), '-') || ' ' || state || ' ' ||"
    " hex (class) || ' ' || n AS line FROM tally LEFT JOIN task ON task.row = tally.task LEFT JOIN annotator ON"
    " annotator.row = tally.annotator WHERE n <> 0 ORDER BY line",
    "SELECT hex (id) AS line FROM task_revision ORDER BY line",
    "SELECT hex (hash) || type AS line FROM media ORDER BY line",
  };
  g_autoptr (GError) error = NULL;
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_auto (AssayRows) rows = { 0 };
      ok (assay_store_query (project->store, &rows, &error, questions[i], ""));
      while (assay_rows_next (&rows, &error))
        g_string_append_printf (text, "%s\n", assay_rows_get_text (&rows, 0));
      assert_null (error);
      g_string_append (text, "--\n");
    }
  return g_string_free (text, FALSE);
}

static void
a_copy_that_was_worked_on_comes_back_once (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  assay_label_free (save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1));
  g_autoptr (AssayProject) desk = copy_project (f, "desk");
  g_autoptr (AssayItem) there = assay_item_get (desk->store, &item->id, &error), new = add_item (desk, 2);
  assay_label_free (save_label (desk->store, there, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 2));
  assay_label_free (save_label (desk->store, there, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 3));
  assay_label_free (save_label (desk->store, new, f->task, f->bob, ASSAY_LABEL_DRAFT, 4));
  AssayMergeCounts counts = merge (f->project, desk);
  assert_true (counts.items_added == 1 && counts.items_known == 1 && counts.media_added == 1
               && counts.media_known == 1);
  assert_true (counts.labels_added == 2 && counts.objects_added == 2);
  g_autofree char *once = describe (f->project), *at_desk = describe (desk);
  assert_string_equal (once, at_desk);
  AssayMergeCounts again = merge (f->project, desk);
  assert_true (again.items_added == 0 && again.media_added == 0 && again.labels_added == 0
               && again.objects_added == 0);
  g_autofree char *twice = describe (f->project);
  assert_string_equal (once, twice);
  ok (assay_media_check (f->project, &new->media, "png", &error));
  assert_int_equal (ask (f->store, "SELECT count(*) FROM touched JOIN item ON item.row = item"), 2);
  refused (assay_project_merge (f->project, f->project->directory, &counts, NULL, to), ASSAY_ERROR_CONFLICT,
           "this very project");
  refused (assay_project_merge (f->project, f->directory, &counts, NULL, to), ASSAY_ERROR_NOT_FOUND,
           "there is none");
}

static void
three_desks_end_alike_in_whatever_order_they_merge (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) base = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (AssayProject) one = copy_project (f, "one");
  g_autoptr (AssayProject) two = copy_project (f, "two");
  AssayProject *const desks[] = { f->project, one, two };
  for (guint i = 0; i < G_N_ELEMENTS (desks); i++)
    {
      /* The same answer is edited everywhere, a new annotator of one name appears everywhere, the task grows
       * everywhere. */
      g_autoptr (AssayItem) there = assay_item_get (desks[i]->store, &item->id, &error),
                            own = add_item (desks[i], 10 + i);
      g_autoptr (AssayAnnotator) carla
          = assay_annotator_ensure (desks[i]->store, "carla", ASSAY_ANNOTATOR_PERSON, &error);
      g_autoptr (AssayTask) task = assay_task_find (desks[i]->store, "boxes", &error);
      g_autofree char *class_name = g_strdup_printf ("class %u", i);
      assay_task_add_class (task, class_name);
      ok (assay_task_save (desks[i]->store, task, NULL, &error));
      assay_label_free (save_label (desks[i]->store, there, task, f->anna, ASSAY_LABEL_SUBMITTED, 10 + i));
      g_autoptr (AssayLabel) by_carla
          = save_label (desks[i]->store, there, task, carla, ASSAY_LABEL_SUBMITTED, 20 + i);
      assay_label_free (save_label (desks[i]->store, own, task, carla, ASSAY_LABEL_SUBMITTED, 1));
      if (i > 0)
        ok (assay_truth_settle (desks[i]->store, by_carla, ASSAY_TRUTH_ANNOTATOR, carla, NULL, &error));
    }
  merge (f->project, one);
  merge (f->project, two);
  merge (two, one);
  merge (two, f->project);
  merge (one, two);
  g_autofree char *first = describe (f->project), *second = describe (one), *third = describe (two);
  assert_string_equal (first, second);
  assert_string_equal (first, third);
  g_autoptr (AssayTask) task = assay_task_find (f->store, "boxes", &error);
  assert_int_equal (task->classes->len, 5);
  g_autoptr (GArray) conflicts = assay_label_list_conflicts (f->store, task, &error);
  assert_int_equal (conflicts->len, 1);
  assert_int_equal (g_array_index (conflicts, AssayLabelConflict, 0).n_answers, 3);
  assert_int_equal (ask (f->store, "SELECT count(*) FROM annotator WHERE name = 'carla'"), 3);
  g_autoptr (AssayItem) there = assay_item_get (f->store, &item->id, &error);
  AssayTruthHow how;
  g_autoptr (AssayLabel) none = NULL;
  ok (assay_truth_get (f->store, there->row, task, &how, &none, &error));
  assert_int_equal (how, ASSAY_TRUTH_UNDECIDED); /* two desks settled apart */
}

static void
strokes_of_two_desks_on_one_draft_are_both_kept (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayProject) desk = copy_project (f, "desk");
  AssayProject *const desks[] = { f->project, desk };
  for (guint i = 0; i < G_N_ELEMENTS (desks); i++)
    {
      g_autoptr (AssayItem) there = assay_item_get (desks[i]->store, &item->id, &error);
      g_autoptr (AssayJournal) journal = assay_journal_open (desks[i]->store, there, f->task, f->anna, &error);
      AssayEdit *edit = assay_edit_new (f->task->kind, "box");
      assay_edit_take (edit, NULL, make_box (f->task, "cup", i + 1));
      ok (assay_journal_append (journal, edit, &error));
    }
  merge (f->project, desk);
  g_autoptr (AssayJournal) journal = assay_journal_open (f->store, item, f->task, f->anna, &error);
  assert_int_equal (assay_journal_get_objects (journal)->list->len, 2);
  ok (assay_journal_undo (journal, &error));
  assert_int_equal (assay_journal_get_objects (journal)->list->len, 1);
}

/* One desk has only strokes, the other has submitted meanwhile: the strokes must not vanish under the answer. */
static void
strokes_under_an_answer_of_another_desk_become_a_conflict (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  for (guint strokes_come = 0; strokes_come < 2; strokes_come++)
    {
      g_autofree char *name = g_strdup_printf ("desk %u", strokes_come);
      g_autoptr (AssayAnnotator) who = assay_annotator_ensure (f->store, name, ASSAY_ANNOTATOR_PERSON, &error);
      g_autoptr (AssayProject) desk = copy_project (f, name);
      AssayProject *draws = strokes_come ? desk : f->project, *submits = strokes_come ? f->project : desk;
      g_autoptr (AssayItem) here = assay_item_get (draws->store, &item->id, &error),
                            there = assay_item_get (submits->store, &item->id, &error);
      g_autoptr (AssayJournal) journal = assay_journal_open (draws->store, here, f->task, who, &error);
      AssayEdit *edit = assay_edit_new (f->task->kind, "box");
      assay_edit_take (edit, NULL, make_box (f->task, "cup", 7));
      ok (assay_journal_append (journal, edit, &error));
      assay_label_free (save_label (submits->store, there, f->task, who, ASSAY_LABEL_SUBMITTED, 3));
      merge (f->project, desk);
      AssayMergeCounts again = merge (f->project, desk);
      assert_int_equal (again.labels_added, 0);
      g_autoptr (GArray) conflicts = assay_label_list_conflicts (f->store, f->task, &error);
      assert_int_equal (conflicts->len, strokes_come + 1);
      g_autoptr (GPtrArray) history = assay_label_history (f->store, item->row, f->task, &error);
      gboolean kept = FALSE;
      for (guint i = 0; i < history->len; i++)
        {
          const AssayLabel *label = history->pdata[i];
          kept = kept || (label->annotator_row == who->row && x_of (label->objects, 0) == 7);
        }
      assert_true (kept);
    }
}

static void
a_damaged_file_there_is_told_and_stops_nothing (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) desk = copy_project (f, "desk");
  g_autoptr (AssayItem) good = add_item (desk, 1), bad = add_item (desk, 2), gone = add_item (desk, 3);
  g_autofree char *altered = assay_item_dup_path (desk, bad), *missing = assay_item_dup_path (desk, gone);
  assert_int_equal (g_chmod (altered, 0644), 0);
  int fd = open (altered, O_RDWR);
  assert_int_equal (pwrite (fd, "X", 1, 40), 1);
  close (fd);
  assert_int_equal (g_unlink (missing), 0);
  g_autoptr (GPtrArray) skipped = g_ptr_array_new_with_free_func (g_free);
  AssayMergeCounts counts = { .skipped = skipped };
  ok (assay_project_merge (f->project, desk->directory, &counts, NULL, &error));
  assert_true (counts.media_added == 1 && counts.items_added == 1);
  assert_int_equal (skipped->len, 2);
  g_autoptr (AssayItem) there = assay_item_get (f->store, &good->id, &error);
  ok (there != NULL);
}

static void
a_merge_that_is_stopped_changes_nothing_and_can_be_done_again (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) desk = copy_project (f, "desk");
  g_autoptr (AssayItem) item = add_item (desk, 1);
  assay_label_free (save_label (desk->store, item, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 1));
  g_autofree char *before = describe (f->project);
  g_autoptr (AssayProgress) progress = assay_progress_new ();
  assay_progress_cancel (progress);
  AssayMergeCounts counts = { 0 };
  refused (assay_project_merge (f->project, desk->directory, &counts, progress, to), ASSAY_ERROR_CANCELLED, "");
  g_autofree char *after = describe (f->project);
  assert_string_equal (before, after);
  counts = merge (f->project, desk);
  assert_int_equal (counts.labels_added, 1);
}

static void
what_a_recording_said_of_itself_comes_along (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) desk = copy_project (f, "desk");
  static const char *const files[]
      = { "ended/report.json", "ended/index.jsonl", "ended/microphone-1.wav", "running/index.jsonl" };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (desk->directory, "sessions", files[i], NULL),
                      *folder = g_path_get_dirname (path);
      assert_int_equal (g_mkdir_with_parents (folder, 0777), 0);
      ok (assay_file_write (path, "{}", 2, &error));
    }
  merge (f->project, desk);
  merge (f->project, desk);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (f->project->directory, "sessions", files[i], NULL);
      assert_int_equal (g_file_test (path, G_FILE_TEST_EXISTS), i < 2);
    }
}

static void
dismissals_plans_and_tags_come_along (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) desk = copy_project (f, "desk");
  g_autoptr (AssayPlan) plan = assay_plan_new ();
  plan->overlap = 0.75;
  ok (assay_plan_save (desk->store, plan, NULL, &error));
  ok (assay_store_run (f->store, NULL, &error, "INSERT INTO tag VALUES ('v1', x'aa01', 1)", ""));
  ok (assay_store_run (desk->store, NULL, &error, "INSERT INTO tag VALUES ('v1', x'bb02', 1), ('v2', x'aa01', 1)",
                       ""));
  merge (f->project, desk);
  merge (f->project, desk);
  g_autoptr (AssayPlan) standing = assay_plan_get (f->store, &error);
  assert_true (standing->overlap == 0.75);
  assert_int_equal (ask (f->store, "SELECT count(*) FROM tag"), 3);
  assert_int_equal (ask (f->store, "SELECT count(*) FROM tag WHERE name = 'v1-bb02' AND version = x'bb02'"), 1);
}

int
main (void)
{
  const struct CMUnitTest cases[] = {
    CASE (a_copy_that_was_worked_on_comes_back_once),
    CASE (three_desks_end_alike_in_whatever_order_they_merge),
    CASE (strokes_of_two_desks_on_one_draft_are_both_kept),
    CASE (strokes_under_an_answer_of_another_desk_become_a_conflict),
    CASE (a_damaged_file_there_is_told_and_stops_nothing),
    CASE (a_merge_that_is_stopped_changes_nothing_and_can_be_done_again),
    CASE (what_a_recording_said_of_itself_comes_along),
    CASE (dismissals_plans_and_tags_come_along),
  };
  return cmocka_run_group_tests (cases, NULL, NULL);
}
