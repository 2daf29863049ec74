/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An item open for labelling, without a window: what was done reaches the journal once, in order, whatever comes
 * between. */
#include "app/gui/annotation.h"
#include "app/gui/carry-job.h"
#include "app/gui/tag-work.h"
#include "core/flag.h"
#include "core/plan.h"
#include "core/proposal.h"
#include "tests/core/fixture.h"

typedef struct
{
  Fixture *f;
  AssayItem *item;
  AssayDesk *desk;
  AssayAnnotation *annotation;
  char *hint;  /* what was said last */
  int revised; /* the state of the revision made last; -1 = none */
  gboolean is_open, has_left;
} Seat;

static void
on_desk (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  AssayDesk **desk = data;
  ok (*desk = assay_desk_open_finish (result, &error));
}

static AssayDesk *
open_desk (Fixture *f)
{
  AssayDesk *desk = NULL;
  g_autofree char *place = g_build_filename (f->directory, "project", NULL);
  assay_desk_open (place, on_desk, &desk);
  while (desk == NULL)
    g_main_context_iteration (NULL, TRUE);
  return desk;
}

static void
on_opened (Seat *seat)
{
  seat->is_open = TRUE;
}

static void
on_answered (Seat *seat, const AssayAnswer *answer)
{
  if (answer->hint == NULL)
    return;
  g_free (seat->hint);
  seat->hint = g_strdup (answer->hint);
}

static void
on_revised (Seat *seat, int state)
{
  seat->revised = state;
}

static void
sit_down (Seat *seat)
{
  seat->annotation = assay_annotation_new (seat->desk, seat->item->row, seat->f->task, seat->f->anna);
  seat->is_open = seat->has_left = FALSE;
  seat->revised = -1;
  g_signal_connect_swapped (seat->annotation, "opened", G_CALLBACK (on_opened), seat);
  g_signal_connect_swapped (seat->annotation, "answered", G_CALLBACK (on_answered), seat);
  g_signal_connect_swapped (seat->annotation, "revised", G_CALLBACK (on_revised), seat);
  while (!seat->is_open)
    g_main_context_iteration (NULL, TRUE);
}

static Seat *
seat_new (void **state)
{
  Seat *seat = g_new0 (Seat, 1);
  seat->f = *state;
  seat->item = add_item (seat->f->project, 1);
  seat->desk = open_desk (seat->f);
  sit_down (seat);
  return seat;
}

static void
on_left (gpointer owner, gpointer data, const GError *error)
{
  ((Seat *) g_object_get_data (owner, "seat"))->has_left = TRUE;
  assert_null (error);
}

/* Goes on to another item; what is to be saved is. */
static void
leave (Seat *seat)
{
  g_object_set_data (G_OBJECT (seat->desk), "seat", seat);
  assay_annotation_leave (seat->annotation, on_left, seat->desk);
  while (!seat->has_left)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&seat->annotation);
}

static void
seat_free (Seat *seat)
{
  if (seat->annotation != NULL)
    leave (seat);
  assay_desk_close (seat->desk);
  g_object_unref (seat->desk);
  assay_item_free (seat->item);
  g_free (seat->hint);
  g_free (seat);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Seat, seat_free)

static const AssayScene *
scene_of (Seat *seat)
{
  return assay_session_get_scene (assay_annotation_get_session (seat->annotation));
}

static guint
n_objects (Seat *seat)
{
  return scene_of (seat)->objects->list->len;
}

static void
wait_saving (Seat *seat, AssaySaving saving)
{
  while (assay_annotation_get_saving (seat->annotation, NULL) != saving)
    g_main_context_iteration (NULL, TRUE);
}

static AssayEdit *
new_box_edit (Seat *seat, double x)
{
  AssayEdit *edit = assay_edit_new (seat->f->task->kind, "box");
  assay_edit_take (edit, NULL, make_box (seat->f->task, "cup", x));
  return edit;
}

/* By the box tool: its four outermost points. */
static void
click_box (Seat *seat, double x)
{
  const AssayPoint points[] = { { x + 5, 20 }, { x, 25 }, { x + 5, 30 }, { x + 10, 25 } };
  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    {
      AssayInput input
          = { .kind = ASSAY_INPUT_PRESS, .button = 1, .at = points[i], .pressure = 1, .px_per_unit = 1 };
      assay_annotation_input (seat->annotation, &input);
      input.kind = ASSAY_INPUT_RELEASE;
      assay_annotation_input (seat->annotation, &input);
    }
}

/* Nothing can be added to the table until `stop` is undone: as on a full disk. */
static void
stop (Seat *seat, const char *table)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = g_strdup_printf (
      "CREATE TRIGGER full BEFORE INSERT ON %s BEGIN SELECT RAISE (ABORT, 'no space'); END", table);
  ok (assay_store_run (seat->f->store, NULL, &error, sql, ""));
}

static void
go_on (Seat *seat)
{
  g_autoptr (GError) error = NULL;
  ok (assay_store_run (seat->f->store, NULL, &error, "DROP TRIGGER full", ""));
}

static AssayLabel *
read_label (Seat *seat)
{
  g_autoptr (GError) error = NULL;
  AssayLabel *label = assay_label_get (seat->f->store, seat->item->row, seat->f->task, seat->f->anna->row, &error);
  assert_null (error);
  return label;
}

static void
what_is_drawn_during_two_undos_is_drawn_after_them (void **state)
{
  g_autoptr (Seat) seat = seat_new (state);
  assert_true (assay_annotation_edit (seat->annotation, new_box_edit (seat, 1)));
  assert_true (assay_annotation_edit (seat->annotation, new_box_edit (seat, 20)));
  wait_saving (seat, ASSAY_SAVED);
  assay_annotation_undo (seat->annotation);
  assay_annotation_undo (seat->annotation);
  click_box (seat, 40);
  assert_int_equal (n_objects (seat), 2);
  wait_saving (seat, ASSAY_SAVED);
  assert_int_equal (n_objects (seat), 1);
  assert_float_equal (
      ((const AssayBox *) ((const AssayObject *) scene_of (seat)->objects->list->pdata[0])->value)->box.x, 40, 2);
}

static void
an_edit_during_an_undo_is_refused_with_a_word (void **state)
{
  g_autoptr (Seat) seat = seat_new (state);
  assert_true (assay_annotation_edit (seat->annotation, new_box_edit (seat, 1)));
  wait_saving (seat, ASSAY_SAVED);
  assay_annotation_undo (seat->annotation);
  assert_true (assay_annotation_is_busy (seat->annotation));
  assert_false (assay_annotation_edit (seat->annotation, new_box_edit (seat, 20)));
  assert_string_equal (seat->hint, "one moment: undoing");
  wait_saving (seat, ASSAY_SAVED);
  assert_false (assay_annotation_is_busy (seat->annotation));
  assert_true (assay_annotation_edit (seat->annotation, new_box_edit (seat, 20)));
  wait_saving (seat, ASSAY_SAVED);
  assert_int_equal (n_objects (seat), 1);
}

static void
an_undo_that_cannot_be_written_waits_and_nothing_is_drawn_unforeseen (void **state)
{
  g_autoptr (Seat) seat = seat_new (state);
  assert_true (assay_annotation_edit (seat->annotation, new_box_edit (seat, 1)));
  assert_true (assay_annotation_edit (seat->annotation, new_box_edit (seat, 20)));
  wait_saving (seat, ASSAY_SAVED);
  stop (seat, "journal");
  assay_annotation_undo (seat->annotation);
  click_box (seat, 40);
  wait_saving (seat, ASSAY_NOT_SAVED);
  click_box (seat, 40);
  assert_string_equal (seat->hint, "an undo waits until it can be saved");
  assert_int_equal (n_objects (seat), 2);
  go_on (seat);
  wait_saving (seat, ASSAY_SAVED);
  assert_int_equal (n_objects (seat), 1);
  assay_annotation_undo (seat->annotation);
  wait_saving (seat, ASSAY_SAVED);
  assert_int_equal (n_objects (seat), 0);
}

static void
an_answer_that_cannot_be_written_waits_and_is_handed_in_when_it_can (void **state)
{
  g_autoptr (Seat) seat = seat_new (state);
  assert_true (assay_annotation_edit (seat->annotation, new_box_edit (seat, 1)));
  wait_saving (seat, ASSAY_SAVED);
  assay_session_touch (assay_annotation_get_session (seat->annotation), G_USEC_PER_SEC);
  assay_session_touch (assay_annotation_get_session (seat->annotation), 8 * G_USEC_PER_SEC);
  double seconds = assay_session_get_seconds (assay_annotation_get_session (seat->annotation));
  assert_true (seconds >= 7);
  stop (seat, "revision");
  assay_annotation_revise (seat->annotation, ASSAY_LABEL_SUBMITTED, NULL);
  wait_saving (seat, ASSAY_NOT_SAVED);
  assert_int_equal (seat->revised, -1);
  go_on (seat);
  wait_saving (seat, ASSAY_SAVED);
  assert_int_equal (seat->revised, ASSAY_LABEL_SUBMITTED);
  g_autoptr (AssayLabel) label = read_label (seat);
  assert_int_equal (label->state, ASSAY_LABEL_SUBMITTED);
  assert_float_equal (label->seconds, seconds, 1e-6);
}

static void
what_is_handed_in_is_taken_back_by_nothing_that_lands_later (void **state)
{
  g_autoptr (Seat) seat = seat_new (state);
  assert_true (assay_annotation_edit (seat->annotation, new_box_edit (seat, 1)));
  assay_annotation_revise (seat->annotation, ASSAY_LABEL_SUBMITTED, NULL);
  assert_false (assay_annotation_edit (seat->annotation, new_box_edit (seat, 20)));
  click_box (seat, 40);
  assay_annotation_undo (seat->annotation);
  wait_saving (seat, ASSAY_SAVED);
  assert_false (assay_annotation_edit (seat->annotation, new_box_edit (seat, 20)));
  leave (seat);
  g_autoptr (AssayLabel) label = read_label (seat);
  assert_int_equal (label->state, ASSAY_LABEL_SUBMITTED);
  assert_int_equal (label->objects->list->len, 1);
  /* There is no next item: it may be gone on with. */
  sit_down (seat);
  assay_annotation_revise (seat->annotation, ASSAY_LABEL_SUBMITTED, NULL);
  assay_annotation_stay (seat->annotation);
  assert_true (assay_annotation_edit (seat->annotation, new_box_edit (seat, 20)));
  leave (seat);
  g_autoptr (AssayLabel) again = read_label (seat);
  assert_int_equal (again->state, ASSAY_LABEL_DRAFT);
  assert_int_equal (again->objects->list->len, 2);
}

static void
a_locked_object_is_changed_by_no_list_and_no_key (void **state)
{
  g_autoptr (Seat) seat = seat_new (state);
  assert_true (assay_annotation_edit (seat->annotation, new_box_edit (seat, 1)));
  AssayObject *box = scene_of (seat)->objects->list->pdata[0];
  assay_session_set_locked (assay_annotation_get_session (seat->annotation), &box->id, TRUE);
  AssayEdit *removal = assay_edit_new (seat->f->task->kind, "removal of cup");
  assay_edit_take (removal, assay_object_copy (box, seat->f->task->kind), NULL);
  assert_false (assay_annotation_edit (seat->annotation, removal));
  assert_string_equal (seat->hint, "cup-1 is locked: L unlocks it");
  assert_int_equal (n_objects (seat), 1);
}

/* What a sitting has left in the journal that ended without leaving the item. */
static void
append (Seat *seat, AssayObject *take_object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayJournal) journal
      = assay_journal_open (seat->f->store, seat->item, seat->f->task, seat->f->anna, &error);
  AssayEdit *edit = assay_edit_new (seat->f->task->kind, "box");
  assay_edit_take (edit, NULL, take_object);
  ok (journal);
  ok (assay_journal_append (journal, edit, &error));
}

static void
strokes_of_a_killed_sitting_become_a_revision_and_proposals_alone_do_not (void **state)
{
  g_autoptr (Seat) seat = seat_new (state);
  assert_true (assay_annotation_edit (seat->annotation, new_box_edit (seat, 1)));
  assay_annotation_revise (seat->annotation, ASSAY_LABEL_SUBMITTED, NULL);
  leave (seat);
  AssayObject *proposed = make_box (seat->f->task, "cup", 20);
  assay_object_propose (proposed, "copied");
  append (seat, proposed);
  sit_down (seat);
  assert_int_equal (n_objects (seat), 2);
  leave (seat);
  g_autoptr (AssayLabel) label = read_label (seat);
  assert_int_equal (label->state, ASSAY_LABEL_SUBMITTED);
  assert_int_equal (label->objects->list->len, 1);

  append (seat, make_box (seat->f->task, "cup", 40));
  sit_down (seat);
  leave (seat);
  g_autoptr (AssayLabel) again = read_label (seat);
  assert_int_equal (again->state, ASSAY_LABEL_DRAFT);
  assert_int_equal (again->objects->list->len, 3);

  append (seat, make_box (seat->f->task, "cup", 50)); /* upon a draft */
  sit_down (seat);
  leave (seat);
  g_autoptr (AssayLabel) last = read_label (seat);
  assert_int_equal (last->objects->list->len, 4);
}

typedef struct
{
  GObject *owner;
  gint64 from_row, item_row;
  char *words;
} Carried;

static void
on_carried (gpointer owner, gint64 from_row, gint64 item_row, const char *words, const GError *error)
{
  Carried *carried = g_object_get_data (owner, "carried");
  assert_null (error);
  *carried = (Carried){ carried->owner, from_row, item_row, g_strdup (words) };
}

static void
cutting_out_boxes_is_a_job_that_can_be_seen_and_tells_where_it_was_asked_for (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) masks = assay_task_new ("masks", assay_kind_find ("segmentation"));
  assay_task_add_class (masks, "cup");
  ok (assay_task_save (f->store, masks, NULL, &error));
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) boxes = make_label (item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 20);
  ok (assay_label_save (f->store, boxes, NULL, &error));
  g_autoptr (AssayDesk) desk = open_desk (f);
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  Carried carried = { .owner = owner };
  g_object_set_data (owner, "carried", &carried);
  assay_carry_job_start (desk, ASSAY_CARRY_BOXES, item, masks, f->anna, none, on_carried, owner);
  assert_int_equal (g_list_model_get_n_items (assay_desk_get_jobs (desk)), 1);
  while (carried.words == NULL)
    g_main_context_iteration (NULL, TRUE);
  assert_int_equal (carried.from_row, item->row);
  assert_int_equal (carried.item_row, item->row);
  assert_int_equal (g_list_model_get_n_items (assay_desk_get_jobs (desk)), 0);
  g_free (carried.words);
  assay_desk_close (desk);
}

static void
count (guint *n)
{
  ++*n;
}

static void
wait_for_tasks (const guint *n_lists, guint n)
{
  while (*n_lists < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
only_a_change_of_the_chosen_task_disturbs_whoever_works_on_it (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayDesk) desk = open_desk (f);
  g_autoptr (AssayTask) other = assay_task_new ("zebras", assay_kind_find ("tag"));
  guint n_lists = 0, n_chosen = 0;
  g_signal_connect_swapped (desk, "notify::tasks", G_CALLBACK (count), &n_lists);
  g_signal_connect_swapped (desk, "notify::task", G_CALLBACK (count), &n_chosen);
  ok (assay_task_save (f->store, other, NULL, &error));
  wait_for_tasks (&n_lists, 1);
  assert_int_equal (n_chosen, 0);
  assay_task_add_class (f->task, "spoon");
  ok (assay_task_save (f->store, f->task, NULL, &error));
  wait_for_tasks (&n_lists, 2);
  assert_int_equal (n_chosen, 1);
  assert_int_equal (assay_desk_get_task (desk)->classes->len, 3);
  assay_desk_close (desk);
}

static void
on_unnamed (char **message, const GError *error)
{
  *message = g_strdup (error->message);
}

static void
a_name_that_cannot_be_written_annotates_nothing (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayDesk) desk = open_desk (f);
  g_autofree char *message = NULL;
  g_signal_connect_swapped (desk, "unnamed", G_CALLBACK (on_unnamed), &message);
  ok (assay_store_run (f->store, NULL, &error,
                       "CREATE TRIGGER full BEFORE INSERT ON annotator BEGIN SELECT RAISE (ABORT, 'no space'); END",
                       ""));
  assay_desk_set_annotator (desk, "Carla");
  while (message == NULL)
    g_main_context_iteration (NULL, TRUE);
  assert_null (assay_desk_get_annotator (desk));
  assay_desk_set_annotator (desk, "anna");
  while (assay_desk_get_annotator (desk) == NULL)
    g_main_context_iteration (NULL, TRUE);
  assert_true (assay_desk_get_annotator (desk)->row > 0);
  assay_desk_close (desk);
}

static guint
count_sheet (Fixture *f, const char *plan_text, const char *end)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) document = json_loads (plan_text, 0, NULL);
  g_autoptr (AssayPlan) plan = assay_plan_from_json (document, &error);
  ok (plan != NULL);
  ok (assay_plan_save (f->store, plan, NULL, &error));
  AssayTagWork *work = assay_tag_work_new (ASSAY_TAG_QUEUE, f->task, f->bob, NULL, NULL);
  work->n = 10;
  ok (assay_tag_work_run (f->project, work, &error));
  guint n = work->rows->len;
  assert_true (work->is_whole);
  assert_int_equal (end != NULL, n == 0);
  if (end != NULL)
    assert_non_null (strstr (work->end, end));
  assay_tag_work_free (work);
  return n;
}

static void
the_grid_holds_the_queue_but_for_what_is_answered_one_by_one (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) gold = add_item (f->project, 41);
  g_autoptr (AssayItem) plain = add_item (f->project, 42);
  g_autoptr (AssayLabel) known = save_label (f->store, gold, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  ok (assay_truth_settle (f->store, known, ASSAY_TRUTH_ANNOTATOR, f->anna, NULL, &error));
  ok (assay_flag_set (f->store, gold->row, ASSAY_FLAG_GOLD, TRUE, NULL, &f->anna->id, NULL, &error));
  guint n = count_sheet (f, "{\"overlap\": 0}", NULL);
  assert_true (n > 0);
  assert_int_equal (count_sheet (f, "{\"overlap\": 0, \"qualify\": {\"items\": 1, \"at_least\": 1}}",
                                 "one by one"),
                    0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (what_is_drawn_during_two_undos_is_drawn_after_them),
    CASE (an_edit_during_an_undo_is_refused_with_a_word),
    CASE (an_undo_that_cannot_be_written_waits_and_nothing_is_drawn_unforeseen),
    CASE (an_answer_that_cannot_be_written_waits_and_is_handed_in_when_it_can),
    CASE (what_is_handed_in_is_taken_back_by_nothing_that_lands_later),
    CASE (a_locked_object_is_changed_by_no_list_and_no_key),
    CASE (strokes_of_a_killed_sitting_become_a_revision_and_proposals_alone_do_not),
    CASE (cutting_out_boxes_is_a_job_that_can_be_seen_and_tells_where_it_was_asked_for),
    CASE (only_a_change_of_the_chosen_task_disturbs_whoever_works_on_it),
    CASE (a_name_that_cannot_be_written_annotates_nothing),
    CASE (the_grid_holds_the_queue_but_for_what_is_answered_one_by_one),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER"));
  return cmocka_run_group_tests_name ("annotation", tests, NULL, NULL);
}
