/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/annotate/gestures.h"

static void
assert_box (Desk *desk, guint i, double x, double y, double w, double h)
{
  AssayRect box = ((const AssayBox *) object_at (desk, i)->value)->box;
  if (box.x != x || box.y != y || box.w != w || box.h != h)
    fail_msg ("the box is %g %g %g %g and not %g %g %g %g", box.x, box.y, box.w, box.h, x, y, w, h);
}

static const char *
last_name (Desk *desk)
{
  return ((const AssayEdit *) desk->edits->pdata[desk->edits->len - 1])->name;
}

static void
four_outermost_points_in_any_order_are_a_box (void **state)
{
  static const AssayPoint points[4] = { { 50.5, 10.5 }, { 20.5, 30.5 }, { 60.5, 49.5 }, { 79.5, 25.5 } };
  static const guint orders[][4] = { { 0, 1, 2, 3 }, { 3, 1, 0, 2 }, { 2, 3, 1, 0 }, { 1, 0, 3, 2 } };
  for (guint o = 0; o < G_N_ELEMENTS (orders); o++)
    {
      g_autoptr (Desk) desk = desk_new ("box", "box");
      for (guint i = 0; i < 4; i++)
        {
          assert_int_equal (desk->n_edits, 0);
          click (desk, points[orders[o][i]].x, points[orders[o][i]].y);
        }
      assert_int_equal (desk->n_edits, 1);
      assert_int_equal (n_objects (desk), 1);
      /* The pixels that were clicked are inside. */
      assert_box (desk, 0, 20, 10, 60, 40);
      assert_string_equal (last_name (desk), "box cup");
      assert_true (assay_id_equal (&scene_of (desk)->selected, &object_at (desk, 0)->id));
    }
}

static void
a_drag_is_a_box_in_whatever_direction (void **state)
{
  static const AssayPoint ends[][2]
      = { { { 20, 10 }, { 60, 40 } }, { { 60, 40 }, { 20, 10 } }, { { 60.4, 9.6 }, { 19.7, 40.3 } } };
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autoptr (Desk) desk = desk_new ("box", "box");
      drag (desk, ends[i][0].x, ends[i][0].y, ends[i][1].x, ends[i][1].y);
      assert_int_equal (desk->n_edits, 1);
      assert_box (desk, 0, 20, 10, 40, 30);
    }
}

static void
what_goes_beyond_the_picture_stops_at_its_edge (void **state)
{
  g_autoptr (Desk) desk = desk_new ("box", "box"); /* 200 x 100 */
  drag (desk, 150, 60, 260, 180);
  assert_box (desk, 0, 150, 60, 50, 40);
  drag (desk, 40, 30, -20, -30);
  assert_box (desk, 1, 0, 0, 40, 30);
  /* Beside the picture there is nothing to put in a box. */
  drag (desk, 220, 20, 260, 60);
  assert_int_equal (n_objects (desk), 2);
  assert_non_null (strstr (desk->hint, "no pixel"));
}

static void
two_points_and_enter_are_enough_and_backspace_takes_one_back (void **state)
{
  g_autoptr (Desk) desk = desk_new ("box", "box");
  assert_false (press_key (desk, "Enter"));
  click (desk, 20.5, 10.5);
  assert_false (press_key (desk, "Enter"));
  click (desk, 190.5, 90.5);
  assert_true (press_key (desk, "BackSpace"));
  click (desk, 59.5, 39.5);
  assert_non_null (strstr (desk->hint, "2 of 4"));
  assert_true (press_key (desk, "Enter"));
  assert_box (desk, 0, 20, 10, 40, 30);
}

static void
escape_gives_up_first_the_points_and_then_the_selection (void **state)
{
  g_autoptr (Desk) desk = desk_new ("box", "box");
  drag (desk, 20, 10, 60, 40);
  click (desk, 100, 50);
  click (desk, 120, 50);
  escape (desk);
  assert_false (assay_id_is_nil (&scene_of (desk)->selected));
  assert_false (press_key (desk, "BackSpace"));
  escape (desk);
  assert_true (assay_id_is_nil (&scene_of (desk)->selected));
  assert_int_equal (desk->n_edits, 1);
}

static void
edges_corners_and_the_middle_of_the_selected_box_move_it (void **state)
{
  g_autoptr (Desk) desk = desk_new ("box", "box");
  drag (desk, 20, 10, 80, 70);
  drag (desk, 80, 25, 100, 30); /* the right edge, away from its middle */
  assert_box (desk, 0, 20, 10, 80, 60);
  assert_string_equal (last_name (desk), "edge of cup-1");
  drag (desk, 20, 10, 30, 5); /* the corner */
  assert_box (desk, 0, 30, 5, 70, 65);
  drag (desk, 30, 40, 120, 40); /* an edge drawn past the other one turns the box over */
  assert_box (desk, 0, 100, 5, 20, 65);
  drag (desk, 120, 30, 160, 30);
  drag (desk, 130, 37.5, 100, 57.5); /* the middle */
  assert_box (desk, 0, 70, 25, 60, 65);
  assert_string_equal (last_name (desk), "move of cup-1");
  drag (desk, 100, 57.5, 300, 57.5); /* the box stops at the picture's edge and keeps its size */
  assert_box (desk, 0, 140, 25, 60, 65);
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (desk->n_edits, 7);
}

static void
arrows_nudge_the_selected_box_each_as_one_step (void **state)
{
  g_autoptr (Desk) desk = desk_new ("box", "box");
  assert_false (press_key (desk, "Right")); /* nothing is selected: the key is the page's */
  drag (desk, 20, 10, 60, 40);
  assert_true (press_key (desk, "Right"));
  assert_true (press_key (desk, "Down"));
  assert_box (desk, 0, 21, 11, 40, 30);
  assert_string_equal (last_name (desk), "nudge of cup-1");
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_KEY, .key = "Left", .flags = ASSAY_INPUT_SHIFT });
  assert_box (desk, 0, 11, 11, 40, 30);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_KEY, .key = "Up", .flags = ASSAY_INPUT_SHIFT });
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_KEY, .key = "Up", .flags = ASSAY_INPUT_SHIFT });
  assert_box (desk, 0, 11, 0, 40, 30);
  assert_int_equal (desk->n_edits, 6);
  /* At the edge there is nowhere to go, and nothing to undo. */
  assert_true (press_key (desk, "Up"));
  assert_int_equal (desk->n_edits, 6);
}

static void
a_locked_box_stays_where_it_is (void **state)
{
  g_autoptr (Desk) desk = desk_new ("box", "box");
  drag (desk, 20, 10, 60, 40);
  assay_session_set_locked (desk->session, &object_at (desk, 0)->id, TRUE);
  press_key (desk, "Right");
  drag (desk, 60, 20, 90, 20);
  assert_box (desk, 0, 20, 10, 40, 30);
  assert_non_null (strstr (desk->hint, "locked"));
}

static void
points_under_way_show_the_box_as_it_would_be (void **state)
{
  g_autoptr (Desk) desk = desk_new ("box", "box");
  click (desk, 20.5, 10.5);
  move_to (desk, 59.5, 39.5, 0, 0);
  g_autoptr (AssayMarks) marks = assay_session_list_tool_marks (desk->session);
  const AssayMark *box = &g_array_index (marks->marks, AssayMark, marks->marks->len - 1);
  assert_int_equal (box->kind, ASSAY_MARK_BOX);
  assert_float_equal (box->points[0].x, 20, 0);
  assert_float_equal (box->points[1].x, 60, 0);
  assert_float_equal (box->points[1].y, 40, 0);
}

static void
a_box_asks_for_a_class_where_there_are_some (void **state)
{
  g_autoptr (Desk) desk = desk_new ("box", "box");
  assay_session_set_class (desk->session, &ASSAY_ID_NIL);
  drag (desk, 10, 10, 40, 40);
  assert_int_equal (desk->n_edits, 0);
  assert_string_equal (desk->hint, "choose a class first: 1 to 9");
  assay_session_set_class (desk->session, &((AssayClass *) scene_of (desk)->task->classes->pdata[0])->id);
  drag (desk, 10, 10, 40, 40);
  assert_int_equal (desk->n_edits, 1);
  g_autoptr (AssayItem) item = assay_item_new ();
  g_autoptr (AssayTask) task = assay_task_new ("things", assay_kind_find ("box"));
  item->width_px = 200;
  item->height_px = 100;
  g_autoptr (Desk) plain = desk_new_for (item, task, "box");
  drag (plain, 10, 10, 40, 40);
  assert_int_equal (plain->n_edits, 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (four_outermost_points_in_any_order_are_a_box),
    cmocka_unit_test (a_drag_is_a_box_in_whatever_direction),
    cmocka_unit_test (what_goes_beyond_the_picture_stops_at_its_edge),
    cmocka_unit_test (two_points_and_enter_are_enough_and_backspace_takes_one_back),
    cmocka_unit_test (escape_gives_up_first_the_points_and_then_the_selection),
    cmocka_unit_test (edges_corners_and_the_middle_of_the_selected_box_move_it),
    cmocka_unit_test (arrows_nudge_the_selected_box_each_as_one_step),
    cmocka_unit_test (a_locked_box_stays_where_it_is),
    cmocka_unit_test (points_under_way_show_the_box_as_it_would_be),
    cmocka_unit_test (a_box_asks_for_a_class_where_there_are_some),
  };
  return cmocka_run_group_tests_name ("box", tests, NULL, NULL);
}
