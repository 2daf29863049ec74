/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/region.h"
#include "tests/annotate/gestures.h"

static const AssayRegion *
region_at (Desk *desk, guint i)
{
  return object_at (desk, i)->value;
}

static const AssayRing *
ring_at (Desk *desk, guint i, guint ring)
{
  assert_non_null (region_at (desk, i)->rings);
  assert_true (ring < region_at (desk, i)->rings->len);
  return region_at (desk, i)->rings->pdata[ring];
}

static guint64
area (Desk *desk, guint i)
{
  return assay_mask_area_px (region_at (desk, i)->mask);
}

/* A square of 40 x 40 at (x, y), closed with Enter. */
static void
draw_square (Desk *desk, double x, double y)
{
  click (desk, x, y);
  click (desk, x + 40, y);
  click (desk, x + 40, y + 40);
  click (desk, x, y + 40);
  assert_true (press_key (desk, "Enter"));
}

static void
clicks_and_enter_make_an_object_of_the_current_class (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  AssayId hand = ((AssayClass *) scene_of (desk)->task->classes->pdata[1])->id;
  assay_session_set_class (desk->session, &hand);
  draw_square (desk, 10, 10);
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (desk->n_edits, 1);
  assert_int_equal (area (desk, 0), 1600);
  assert_true (assay_id_equal (&object_at (desk, 0)->class_id, &hand));
  assert_true (assay_id_equal (&scene_of (desk)->selected, &object_at (desk, 0)->id));
}

static void
the_first_point_closes (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  click (desk, 10, 10);
  click (desk, 50, 10);
  click (desk, 50, 50);
  click (desk, 12, 11);
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (ring_at (desk, 0, 0)->n_points, 3);
}

static void
a_double_click_closes_without_a_doubled_point (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  click (desk, 10, 10);
  click (desk, 50, 10);
  click (desk, 50, 50);
  click_with (desk, 50, 50, ASSAY_INPUT_DOUBLE);
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (ring_at (desk, 0, 0)->n_points, 3);
}

static void
backspace_takes_back_one_point_and_escape_all (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  click (desk, 10, 10);
  click (desk, 50, 10);
  click (desk, 90, 90);
  assert_true (press_key (desk, "BackSpace"));
  click (desk, 50, 50);
  press_key (desk, "Enter");
  assert_int_equal (ring_at (desk, 0, 0)->n_points, 3);
  assert_true (ring_at (desk, 0, 0)->points[2].x == 50);
  click (desk, 100, 10);
  click (desk, 150, 10);
  escape (desk);
  assert_false (press_key (desk, "Enter"));
  assert_int_equal (n_objects (desk), 1);
}

static void
two_points_are_refused_with_what_to_do (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  click (desk, 10, 10);
  click (desk, 50, 10);
  press_key (desk, "Enter");
  assert_int_equal (n_objects (desk), 0);
  assert_non_null (strstr (desk->hint, "three points"));
  click (desk, 50, 50);
  press_key (desk, "Enter");
  assert_int_equal (n_objects (desk), 1);
}

static void
a_vertex_is_dragged_as_one_edit (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  draw_square (desk, 10, 10);
  drag (desk, 51, 49, 60, 60);
  assert_int_equal (desk->n_edits, 2);
  assert_int_equal (n_objects (desk), 1);
  assert_true (ring_at (desk, 0, 0)->points[2].x == 60 && ring_at (desk, 0, 0)->points[2].y == 60);
  assert_true (area (desk, 0) > 1600);
}

static void
a_click_on_a_vertex_without_moving_is_no_edit (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  draw_square (desk, 10, 10);
  click (desk, 50, 50);
  assert_int_equal (desk->n_edits, 1);
}

static void
an_edge_takes_a_new_vertex (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  draw_square (desk, 10, 10);
  drag (desk, 30, 10, 30, 2);
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (ring_at (desk, 0, 0)->n_points, 5);
  assert_true (ring_at (desk, 0, 0)->points[1].y == 2);
}

static void
alt_click_and_delete_take_a_vertex_out (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  draw_square (desk, 10, 10);
  click_with (desk, 50, 50, ASSAY_INPUT_ALT);
  assert_int_equal (ring_at (desk, 0, 0)->n_points, 3);
  move_to (desk, 10, 50, 0, 0);
  press_key (desk, "Delete");
  /* Of three points none can go: the object stays, and it is said how to remove it. */
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (ring_at (desk, 0, 0)->n_points, 3);
  assert_non_null (strstr (desk->hint, "Delete"));
}

static void
shift_inside_cuts_a_hole_and_outside_adds_a_part (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  draw_square (desk, 10, 10);
  click_with (desk, 20, 20, ASSAY_INPUT_SHIFT);
  click (desk, 30, 20);
  click (desk, 30, 30);
  click (desk, 20, 30);
  press_key (desk, "Enter");
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (area (desk, 0), 1500);
  assert_true (ring_at (desk, 0, 1)->hole);
  click_with (desk, 100, 20, ASSAY_INPUT_SHIFT);
  click (desk, 120, 20);
  click (desk, 120, 40);
  click (desk, 100, 40);
  press_key (desk, "Enter");
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (area (desk, 0), 1900);
  assert_false (ring_at (desk, 0, 2)->hole);
}

static void
ctrl_snaps_to_a_neighbours_vertex (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  draw_square (desk, 10, 10);
  escape (desk);
  click_with (desk, 55, 12, ASSAY_INPUT_CTRL);
  click (desk, 90, 10);
  click (desk, 90, 50);
  click_with (desk, 54, 47, ASSAY_INPUT_CTRL);
  press_key (desk, "Enter");
  assert_int_equal (n_objects (desk), 2);
  assert_true (ring_at (desk, 1, 0)->points[0].x == 50 && ring_at (desk, 1, 0)->points[0].y == 10);
  assert_true (ring_at (desk, 1, 0)->points[3].x == 50 && ring_at (desk, 1, 0)->points[3].y == 50);
  assert_int_equal (assay_mask_intersection_px (region_at (desk, 0)->mask, region_at (desk, 1)->mask), 0);
}

static void
points_stay_inside_the_picture (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  click (desk, -50, -50);
  click (desk, 500, -50);
  click (desk, 500, 500);
  click (desk, -50, 500);
  press_key (desk, "Enter");
  assert_int_equal (area (desk, 0), 200 * 100);
}

static void
handles_are_as_wide_on_the_screen_at_any_zoom (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  draw_square (desk, 10, 10);
  desk->px_per_unit = 16;
  drag (desk, 51, 51, 60, 60); /* 22 screen pixels from the vertex: begins another polygon */
  assert_int_equal (desk->n_edits, 1);
  escape (desk);
}

static void
a_hole_whose_object_was_undone_is_kept_as_its_own (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  draw_square (desk, 10, 10);
  click_with (desk, 20, 20, ASSAY_INPUT_SHIFT);
  click (desk, 30, 20);
  click (desk, 30, 30);
  assay_session_replace_objects (desk->session, assay_objects_new (scene_of (desk)->task->kind));
  press_key (desk, "Enter");
  assert_int_equal (n_objects (desk), 1);
  assert_false (ring_at (desk, 0, 0)->hole);
}

static void
pixels_without_an_outline_can_be_cut_and_added_to (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  const AssayKind *kind = scene_of (desk)->task->kind;
  AssayObjects *objects = assay_objects_new (kind);
  AssayMask *mask = assay_mask_new_from_box ((AssayRect){ 10, 10, 40, 40 }, 200, 100);
  AssayObject *object = assay_object_new (&scene_of (desk)->current_class, assay_region_new_from_mask (mask));
  AssayId id = object->id;
  assay_objects_take (objects, object);
  assay_session_replace_objects (desk->session, objects);
  assay_session_select (desk->session, &id);
  click_with (desk, 20, 20, ASSAY_INPUT_SHIFT);
  click (desk, 30, 20);
  click (desk, 30, 30);
  click (desk, 20, 30);
  press_key (desk, "Enter");
  assert_int_equal (area (desk, 0), 1500);
  assert_null (region_at (desk, 0)->rings);
}

static void
what_is_under_way_is_listed_to_be_drawn (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  g_autoptr (AssayMarks) nothing = assay_session_list_tool_marks (desk->session);
  assert_int_equal (nothing->marks->len, 0);
  click (desk, 10, 10);
  click (desk, 50, 10);
  move_to (desk, 60, 60, 0, 0);
  g_autoptr (AssayMarks) marks = assay_session_list_tool_marks (desk->session);
  guint handles = 0;
  for (guint i = 0; i < marks->marks->len; i++)
    handles += g_array_index (marks->marks, AssayMark, i).kind == ASSAY_MARK_POINT;
  assert_int_equal (handles, 2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (clicks_and_enter_make_an_object_of_the_current_class),
    cmocka_unit_test (the_first_point_closes),
    cmocka_unit_test (a_double_click_closes_without_a_doubled_point),
    cmocka_unit_test (backspace_takes_back_one_point_and_escape_all),
    cmocka_unit_test (two_points_are_refused_with_what_to_do),
    cmocka_unit_test (a_vertex_is_dragged_as_one_edit),
    cmocka_unit_test (a_click_on_a_vertex_without_moving_is_no_edit),
    cmocka_unit_test (an_edge_takes_a_new_vertex),
    cmocka_unit_test (alt_click_and_delete_take_a_vertex_out),
    cmocka_unit_test (shift_inside_cuts_a_hole_and_outside_adds_a_part),
    cmocka_unit_test (ctrl_snaps_to_a_neighbours_vertex),
    cmocka_unit_test (points_stay_inside_the_picture),
    cmocka_unit_test (handles_are_as_wide_on_the_screen_at_any_zoom),
    cmocka_unit_test (a_hole_whose_object_was_undone_is_kept_as_its_own),
    cmocka_unit_test (pixels_without_an_outline_can_be_cut_and_added_to),
    cmocka_unit_test (what_is_under_way_is_listed_to_be_drawn),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
