/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/between.h"
#include "annotate/track.h"
#include "core/proposal.h"
#include "core/region.h"
#include "tests/annotate/gestures.h"
#include "tests/core/fixture.h"

#define N_FRAMES 11u

static void
assert_near (AssayRect box, double x, double y, double w, double h)
{
  if (fabs (box.x - x) > 1e-9 || fabs (box.y - y) > 1e-9 || fabs (box.w - w) > 1e-9 || fabs (box.h - h) > 1e-9)
    fail_msg ("the box is %g %g %g %g and not %g %g %g %g", box.x, box.y, box.w, box.h, x, y, w, h);
}

/* A sequence in memory */

static AssayTracks *
sequence_new (const AssayTask *task)
{
  AssayTracks *tracks = assay_tracks_new (task);
  for (guint i = 0; i < N_FRAMES; i++)
    assay_tracks_add (tracks, 100 + i, i, 200, 100);
  return tracks;
}

static AssayTask *
box_task_new (void)
{
  AssayTask *task = assay_task_new ("boxes", assay_kind_find ("box"));
  assay_task_add_class (task, "cup");
  assay_task_add_class (task, "hand");
  return task;
}

static AssayTrackFrame *
frame_at (const AssayTracks *tracks, guint i)
{
  return tracks->frames->pdata[i];
}

static AssayObject *
draw (AssayTracks *tracks, guint i, const char *class, double x, const AssayId *track)
{
  AssayObject *object = make_box (tracks->task, class, x);
  object->track = *track;
  assay_objects_take (frame_at (tracks, i)->objects, object);
  return object;
}

/* What the plan makes of the sequence, so that it can be looked at again. */
static void
carry_out (AssayTracks *tracks, const AssayTrackPlan *plan)
{
  for (guint i = 0; i < plan->steps->len; i++)
    {
      const AssayTrackStep *step = plan->steps->pdata[i];
      AssayTrackFrame *frame = frame_at (tracks, assay_tracks_find (tracks, step->item_row));
      assert_true (assay_edit_apply (step->edit, frame->objects, FALSE, NULL));
      frame->state = step->state;
    }
}

static void
refill (AssayTracks *tracks, const AssayId *track, gboolean only_there, guint n_steps)
{
  g_autoptr (AssayTrackPlan) plan = assay_track_plan_fill (tracks, track, only_there);
  assert_int_equal (plan->steps->len, n_steps);
  carry_out (tracks, plan);
}

static double
x_in (const AssayTracks *tracks, guint i, const AssayId *track)
{
  const AssayObject *object = NULL;
  assert_int_not_equal (assay_tracks_look (tracks, i, track, &object), ASSAY_TRACK_NOTHING);
  return ((const AssayBox *) object->value)->box.x;
}

/* One letter a frame: K made by hand, i interpolated, . nothing. */
static void
assert_track (const AssayTracks *tracks, const AssayId *track, const char *expected)
{
  char found[N_FRAMES + 1] = { 0 };
  for (guint i = 0; i < N_FRAMES; i++)
    found[i] = ".Ki"[assay_tracks_look (tracks, i, track, NULL)];
  assert_string_equal (found, expected);
}

static void
frames_between_key_frames_get_boxes_in_a_straight_line (void **state)
{
  g_autoptr (AssayTask) task = box_task_new ();
  g_autoptr (AssayTracks) tracks = sequence_new (task);
  const AssayId track = assay_id_new ();
  draw (tracks, 2, "cup", 10, &track);
  draw (tracks, 6, "cup", 50, &track);
  draw (tracks, 9, "cup", 20, &track);
  g_autoptr (AssayTrackPlan) plan = assay_track_plan_fill (tracks, &track, FALSE);
  assert_int_equal (plan->steps->len, 5);
  assert_string_equal (plan->assisted, "interpolated");
  const AssayTrackStep *step = plan->steps->pdata[0];
  assert_string_equal (step->edit->name, "interpolation of cup");
  assert_int_equal (step->state, ASSAY_LABEL_DRAFT);
  carry_out (tracks, plan);
  assert_track (tracks, &track, "..KiiiKiiK.");
  assert_float_equal (x_in (tracks, 3, &track), 20, 1e-9);
  assert_float_equal (x_in (tracks, 5, &track), 40, 1e-9);
  assert_float_equal (x_in (tracks, 8, &track), 30, 1e-9);
  /* It is all there: nothing more is touched. */
  refill (tracks, &track, FALSE, 0);
  assert_int_equal (assay_tracks_step (tracks, 4, &track, TRUE), 6);
  assert_int_equal (assay_tracks_step (tracks, 4, &track, FALSE), 2);
  assert_int_equal (assay_tracks_step (tracks, 2, &track, FALSE), G_MAXUINT);
  assert_int_equal (assay_tracks_step (tracks, 9, &track, TRUE), G_MAXUINT);
}

static void
a_changed_key_frame_changes_what_is_between_and_nothing_else (void **state)
{
  g_autoptr (AssayTask) task = box_task_new ();
  g_autoptr (AssayTracks) tracks = sequence_new (task);
  const AssayId track = assay_id_new ();
  AssayObject *first = draw (tracks, 2, "cup", 10, &track);
  draw (tracks, 6, "cup", 50, &track);
  draw (tracks, 9, "cup", 20, &track);
  refill (tracks, &track, FALSE, 5);
  /* One that was taken away stays away; the others follow the key frame that moved. */
  assay_object_free (g_ptr_array_steal_index (frame_at (tracks, 4)->objects->list, 0), task->kind);
  ((AssayBox *) first->value)->box.x = 30;
  refill (tracks, &track, TRUE, 2);
  assert_track (tracks, &track, "..Ki.iKiiK.");
  assert_float_equal (x_in (tracks, 3, &track), 35, 1e-9);
  /* A hand-made one between is a key frame: nobody writes over it. */
  const AssayObject *object = NULL;
  assay_tracks_look (tracks, 5, &track, &object);
  assay_object_set_interpolated ((AssayObject *) object, FALSE);
  ((AssayBox *) object->value)->box.x = 0;
  refill (tracks, &track, FALSE, 2);
  assert_track (tracks, &track, "..KiiKKiiK.");
  assert_float_equal (x_in (tracks, 5, &track), 0, 0);
  assert_float_equal (x_in (tracks, 4, &track), 10, 1e-9);
}

/* A program's proposal begins and ends no stretch, and is not thrown away by one; between key frames it gives way
 * when asked for. */
static void
a_proposal_is_no_key_frame (void **state)
{
  g_autoptr (AssayTask) task = box_task_new ();
  g_autoptr (AssayTracks) tracks = sequence_new (task);
  const AssayId track = assay_id_new ();
  draw (tracks, 0, "cup", 0, &track);
  draw (tracks, 4, "cup", 40, &track);
  assay_object_propose (draw (tracks, 2, "cup", 90, &track), "flow");
  assay_object_propose (draw (tracks, 7, "cup", 70, &track), "copied");
  assert_track (tracks, &track, "K.i.K..i...");
  refill (tracks, &track, TRUE, 0);
  refill (tracks, &track, FALSE, 3);
  assert_track (tracks, &track, "KiiiK..i...");
  assert_true (x_in (tracks, 2, &track) == 20);
  assert_true (x_in (tracks, 7, &track) == 70);
}

static void
submitted_answers_are_left_alone_and_counted (void **state)
{
  g_autoptr (AssayTask) task = box_task_new ();
  g_autoptr (AssayTracks) tracks = sequence_new (task);
  const AssayId track = assay_id_new ();
  draw (tracks, 0, "cup", 10, &track);
  draw (tracks, 4, "cup", 50, &track);
  frame_at (tracks, 2)->state = ASSAY_LABEL_SUBMITTED;
  frame_at (tracks, 3)->width_px = 400; /* and so is a picture of another size */
  g_autoptr (AssayTrackPlan) plan = assay_track_plan_fill (tracks, &track, FALSE);
  assert_int_equal (plan->steps->len, 1);
  assert_int_equal (plan->n_left, 2);
}

static void
two_tracks_become_one_unless_they_are_two_things (void **state)
{
  g_autoptr (AssayTask) task = box_task_new ();
  g_autoptr (AssayTracks) tracks = sequence_new (task);
  const AssayId one = assay_id_new (), two = assay_id_new (), hand = assay_id_new ();
  draw (tracks, 0, "cup", 0, &one);
  draw (tracks, 4, "cup", 40, &one);
  draw (tracks, 6, "cup", 70, &two);
  draw (tracks, 10, "cup", 110, &two);
  draw (tracks, 1, "hand", 5, &hand);
  refill (tracks, &one, FALSE, 3);
  refill (tracks, &two, FALSE, 3);
  frame_at (tracks, 10)->state = ASSAY_LABEL_SUBMITTED;
  refused (assay_track_plan_join (tracks, &one, &hand, to), ASSAY_ERROR_BAD_DATA, "different classes");
  refused (assay_track_plan_join (tracks, &one, &one, to), ASSAY_ERROR_BAD_DATA, "no two tracks");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTrackPlan) plan = assay_track_plan_join (tracks, &one, &two, &error);
  assert_null (error);
  assert_int_equal (plan->steps->len, 5); /* the frames that the second one is in */
  const AssayTrackStep *last = plan->steps->pdata[4];
  assert_int_equal (last->state, ASSAY_LABEL_SUBMITTED); /* an answer that was given stays given */
  carry_out (tracks, plan);
  assert_track (tracks, &one, "KiiiK.KiiiK");
  assert_track (tracks, &two, "...........");
  draw (tracks, 6, "cup", 90, &two);
  refused (assay_track_plan_join (tracks, &one, &two, to), ASSAY_ERROR_BAD_DATA, "two things");
}

static void
a_track_is_cut_and_what_was_between_goes (void **state)
{
  g_autoptr (AssayTask) task = box_task_new ();
  g_autoptr (AssayTracks) tracks = sequence_new (task);
  const AssayId track = assay_id_new (), rest = assay_id_new ();
  g_autoptr (GError) error = NULL;
  draw (tracks, 0, "cup", 0, &track);
  draw (tracks, 3, "cup", 30, &track);
  draw (tracks, 7, "cup", 70, &track);
  draw (tracks, 10, "cup", 100, &track);
  refill (tracks, &track, FALSE, 7);
  refused (assay_track_plan_cut (tracks, &track, 0, &rest, to), ASSAY_ERROR_BAD_DATA, "between two");
  g_autoptr (AssayTrackPlan) plan = assay_track_plan_cut (tracks, &track, 5, &rest, &error);
  assert_null (error);
  carry_out (tracks, plan);
  assert_track (tracks, &track, "KiiK.......");
  assert_track (tracks, &rest, ".......KiiK");
  assert_int_equal (plan->steps->len, 7);
}

static void
two_tracks_swap_from_a_frame_on (void **state)
{
  g_autoptr (AssayTask) task = box_task_new ();
  g_autoptr (AssayTracks) tracks = sequence_new (task);
  const AssayId one = assay_id_new (), two = assay_id_new ();
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < 3; i++)
    {
      draw (tracks, 5 * i, "cup", 10 * i, &one);
      draw (tracks, 5 * i, "cup", 100 + 10 * i, &two);
    }
  refill (tracks, &one, FALSE, 8);
  refill (tracks, &two, FALSE, 8);
  g_autoptr (AssayTrackPlan) plan = assay_track_plan_swap (tracks, &one, &two, 5, &error);
  assert_null (error);
  carry_out (tracks, plan);
  assert_track (tracks, &one, "KiiiiKiiiiK");
  assert_float_equal (x_in (tracks, 0, &one), 0, 0);
  assert_float_equal (x_in (tracks, 5, &one), 110, 0);
  assert_float_equal (x_in (tracks, 10, &two), 20, 0);
  /* Before the frame they now go over to each other. */
  assert_float_equal (x_in (tracks, 1, &one), 22, 1e-9);
  frame_at (tracks, 9)->state = ASSAY_LABEL_SETTLED;
  refused (assay_track_plan_swap (tracks, &one, &two, 5, to), ASSAY_ERROR_BAD_DATA, "settled");
}

/* Between two values */

static AssayRegion *
ring_region (const AssayPoint *points, guint n)
{
  GPtrArray *rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
  g_ptr_array_add (rings, assay_ring_new (points, n, FALSE));
  return assay_region_new_from_rings (rings, 200, 100);
}

static void
polygons_of_as_many_points_go_corner_to_corner_wherever_they_begin (void **state)
{
  const AssayPoint from[] = { { 10, 10 }, { 30, 10 }, { 30, 30 }, { 10, 30 } };
  const AssayPoint to[] = { { 90, 60 }, { 50, 60 }, { 50, 20 }, { 90, 20 } }; /* begins at another corner */
  g_autoptr (AssayRegion) a = ring_region (from, 4), b = ring_region (to, 4);
  g_autoptr (AssayRegion) half = assay_between (assay_kind_find ("segmentation"), a, b, 0.5, 200, 100);
  AssayRect box = { 0 };
  assert_int_equal (half->rings->len, 1);
  assert_int_equal (((const AssayRing *) half->rings->pdata[0])->n_points, 4);
  assert_true (assay_mask_bounds (half->mask, &box));
  assert_near (box, 30, 15, 30, 30);
  g_autoptr (AssayRegion) start = assay_between (assay_kind_find ("segmentation"), a, b, 0, 200, 100);
  assert_true (assay_mask_equal (start->mask, a->mask));
}

static void
polygons_of_other_numbers_of_points_are_paired_by_length (void **state)
{
  AssayPoint round_[60];
  const AssayPoint square[] = { { 40, 20 }, { 80, 20 }, { 80, 60 }, { 40, 60 } };
  for (guint i = 0; i < 60; i++) /* drawn the other way round */
    round_[i] = (AssayPoint){ 60 + 20 * cos (-0.1047198 * i), 40 + 20 * sin (-0.1047198 * i) };
  g_autoptr (AssayRegion) a = ring_region (round_, 60), b = ring_region (square, 4);
  g_autoptr (AssayRegion) half = assay_between (assay_kind_find ("segmentation"), a, b, 0.5, 200, 100);
  double area = (double) assay_mask_area_px (half->mask);
  assert_true (area > 1270 && area < 1590); /* between the circle's 1,257 and the square's 1,600 */
  g_autoptr (AssayMask) common = assay_mask_combine (half->mask, a->mask, ASSAY_MASK_INTERSECTION);
  assert_true (assay_mask_area_px (common) > 1230);
}

static AssayRegion *
box_region (double x, double y, double w, double h)
{
  return assay_region_new_from_mask (assay_mask_new_from_box ((AssayRect){ x, y, w, h }, 200, 100));
}

static void
masks_are_moved_and_blended_by_the_distance_to_their_borders (void **state)
{
  /* They have no pixel in common: between them stands a whole one, in the middle. */
  g_autoptr (AssayRegion) a = box_region (10, 10, 20, 20), b = box_region (110, 50, 20, 20);
  g_autoptr (AssayRegion) half = assay_between (assay_kind_find ("segmentation"), a, b, 0.5, 200, 100);
  g_autoptr (AssayRegion) middle = box_region (60, 30, 20, 20);
  assert_true (assay_mask_equal (half->mask, middle->mask));
  assert_null (half->rings);
  /* A small and a large one: what is between has a size between. */
  g_autoptr (AssayRegion) large = box_region (40, 20, 60, 60), small = box_region (60, 40, 20, 20);
  g_autoptr (AssayRegion) quarter = assay_between (assay_kind_find ("segmentation"), large, small, 0.25, 200, 100);
  AssayRect box = { 0 };
  assert_true (assay_mask_bounds (quarter->mask, &box));
  assert_near (box, 45, 25, 50, 50);
  /* What leaves the picture is lost, and an object that is all outside is none. */
  g_autoptr (AssayRegion) end = assay_between (assay_kind_find ("segmentation"), large, small, 1, 200, 100);
  assert_true (assay_mask_equal (end->mask, small->mask));
}

/* On the disk */

static void
add_sequence (Fixture *f, AssayItem **items, guint n)
{
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayItem) plain = add_item (f->project, i);
      gboolean added = FALSE;
      items[i] = assay_item_copy (plain);
      items[i]->id = ASSAY_ID_NIL;
      items[i]->row = 0;
      g_free (items[i]->name);
      items[i]->name = g_strdup_printf ("film/%u.png", i);
      items[i]->sequence = g_strdup ("film");
      items[i]->position = i;
      ok (assay_item_add (f->store, items[i], &added, &error));
      assert_true (added);
    }
}

static void
draw_on_disk (Fixture *f, const AssayItem *item, double x, const AssayId *track)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayJournal) journal = assay_journal_open (f->store, item, f->task, f->anna, &error);
  AssayEdit *edit = assay_edit_new (f->task->kind, "box");
  AssayObject *object = make_box (f->task, "cup", x);
  object->track = *track;
  assay_edit_take (edit, NULL, object);
  ok (assay_journal_append (journal, edit, &error));
}

static void
a_plan_is_written_as_drafts_and_undone_item_by_item (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  AssayItem *items[5];
  const AssayId track = assay_id_new ();
  add_sequence (f, items, 5);
  draw_on_disk (f, items[0], 0, &track);
  draw_on_disk (f, items[4], 40, &track);
  g_autoptr (AssayTracks) tracks = assay_tracks_read (f->store, "film", f->task, f->anna, &error);
  assert_null (error);
  assert_int_equal (tracks->frames->len, 5);
  g_autoptr (AssayTrackPlan) plan = assay_track_plan_fill (tracks, &track, FALSE);
  assert_int_equal (plan->steps->len, 3);
  ok (assay_track_plan_apply (f->store, plan, f->task, f->anna, &error));
  assert_int_equal (ask (f->store, "SELECT count(*) FROM revision WHERE assisted = 'interpolated' AND state ="
                                   " 'draft'"),
                    3);

  g_autoptr (AssayTracks) again = assay_tracks_read (f->store, "film", f->task, f->anna, &error);
  assert_int_equal (assay_tracks_look (again, 1, &track, NULL), ASSAY_TRACK_BETWEEN);
  assert_float_equal (x_in (again, 3, &track), 30, 1e-9);
  g_autoptr (AssayTrackPlan) nothing = assay_track_plan_fill (again, &track, FALSE);
  assert_int_equal (nothing->steps->len, 0); /* what was written is what was meant, to the last digit */
  /* Nobody else's answer is touched, or seen. */
  g_autoptr (AssayTracks) bobs = assay_tracks_read (f->store, "film", f->task, f->bob, &error);
  assert_int_equal (assay_tracks_look (bobs, 1, &track, NULL), ASSAY_TRACK_NOTHING);

  g_autoptr (AssayJournal) journal = assay_journal_open (f->store, items[1], f->task, f->anna, &error);
  assert_string_equal (assay_journal_get_undo_name (journal), "interpolation of cup");
  ok (assay_journal_undo (journal, &error));
  g_autoptr (AssayTracks) undone = assay_tracks_read (f->store, "film", f->task, f->anna, &error);
  assert_int_equal (assay_tracks_look (undone, 1, &track, NULL), ASSAY_TRACK_NOTHING);
  assert_int_equal (assay_tracks_look (undone, 2, &track, NULL), ASSAY_TRACK_BETWEEN);
  for (guint i = 0; i < 5; i++)
    assay_item_free (items[i]);
}

/* In the item being drawn */

static void
a_key_frame_begins_goes_on_with_and_carries_a_track (void **state)
{
  g_autoptr (AssayTask) task = box_task_new ();
  g_autoptr (AssayItem) item = assay_item_new ();
  item->width_px = 200;
  item->height_px = 100;
  g_autoptr (AssayTracks) tracks = sequence_new (task);
  g_autoptr (Desk) desk = desk_new_for (item, task, "box");
  AssayId track = ASSAY_ID_NIL, told = ASSAY_ID_NIL;
  refused (assay_track_new_key_edit (tracks, 5, scene_of (desk), &track, &told, to), ASSAY_ERROR_BAD_DATA,
           "select an object");
  drag (desk, 10, 10, 30, 30);
  g_autoptr (AssayEdit) begins = assay_track_new_key_edit (tracks, 5, scene_of (desk), &track, &told, NULL);
  assert_true (assay_session_apply (desk->session, begins, NULL));
  assert_true (assay_id_equal (&object_at (desk, 0)->track, &told));
  refused (assay_track_new_key_edit (tracks, 5, scene_of (desk), &told, &track, to), ASSAY_ERROR_BAD_DATA,
           "already");

  /* Another one's key frames: it comes to be here as it would be between them. */
  const AssayId carried = assay_id_new ();
  draw (tracks, 2, "cup", 0, &carried);
  draw (tracks, 8, "cup", 60, &carried);
  g_autoptr (AssayEdit) carries = assay_track_new_key_edit (tracks, 5, scene_of (desk), &carried, &told, NULL);
  assert_true (assay_session_apply (desk->session, carries, NULL));
  assert_int_equal (n_objects (desk), 2);
  assert_near (((const AssayBox *) object_at (desk, 1)->value)->box, 30, 2, 10, 12);
  assert_false (assay_object_is_interpolated (object_at (desk, 1)));
}

static void
what_a_hand_has_moved_is_interpolated_no_more (void **state)
{
  g_autoptr (Desk) desk = desk_new ("box", "box");
  drag (desk, 10, 10, 30, 30);
  assay_object_set_interpolated (object_at (desk, 0), TRUE);
  assert_true (assay_object_is_interpolated (object_at (desk, 0)));
  assert_true (press_key (desk, "Right"));
  assert_false (assay_object_is_interpolated (object_at (desk, 0)));
  assert_null (object_at (desk, 0)->attributes); /* and nothing is left of it */
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (frames_between_key_frames_get_boxes_in_a_straight_line),
    cmocka_unit_test (a_changed_key_frame_changes_what_is_between_and_nothing_else),
    cmocka_unit_test (a_proposal_is_no_key_frame),
    cmocka_unit_test (submitted_answers_are_left_alone_and_counted),
    cmocka_unit_test (two_tracks_become_one_unless_they_are_two_things),
    cmocka_unit_test (a_track_is_cut_and_what_was_between_goes),
    cmocka_unit_test (two_tracks_swap_from_a_frame_on),
    cmocka_unit_test (polygons_of_as_many_points_go_corner_to_corner_wherever_they_begin),
    cmocka_unit_test (polygons_of_other_numbers_of_points_are_paired_by_length),
    cmocka_unit_test (masks_are_moved_and_blended_by_the_distance_to_their_borders),
    CASE (a_plan_is_written_as_drafts_and_undone_item_by_item),
    cmocka_unit_test (a_key_frame_begins_goes_on_with_and_carries_a_track),
    cmocka_unit_test (what_a_hand_has_moved_is_interpolated_no_more),
  };
  return cmocka_run_group_tests_name ("track", tests, NULL, NULL);
}
