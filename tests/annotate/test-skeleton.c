/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/keypoints.h"
#include "tests/annotate/gestures.h"

static const AssayKeypoint *
point_at (Desk *desk, guint object, guint i)
{
  const AssayKeypoints *value = object_at (desk, object)->value;
  assert_true (i < value->n_points);
  return &value->points[i];
}

static void
nodes_are_placed_in_their_order_each_as_an_edit (void **state)
{
  g_autoptr (Desk) desk = desk_new ("keypoints", "skeleton");
  click (desk, 10, 10);
  assert_non_null (strstr (desk->hint, "left eye"));
  assert_int_equal (desk->n_edits, 1);
  assert_int_equal (point_at (desk, 0, 1)->state, ASSAY_NODE_UNLABELLED);
  click (desk, 30, 10);
  click (desk, 50, 10);
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (desk->n_edits, 3);
  assert_true (point_at (desk, 0, 2)->at.x == 50);
  assert_non_null (strstr (desk->hint, "Enter"));
}

static void
a_click_after_the_last_node_places_nothing_until_enter (void **state)
{
  g_autoptr (Desk) desk = desk_new ("keypoints", "skeleton");
  click (desk, 10, 10);
  click (desk, 30, 10);
  click (desk, 50, 10);
  click (desk, 90, 90);
  assert_int_equal (n_objects (desk), 1);
  press_key (desk, "Enter");
  click (desk, 90, 90);
  assert_int_equal (n_objects (desk), 2);
}

static void
q_marks_the_last_one_occluded_and_back (void **state)
{
  g_autoptr (Desk) desk = desk_new ("keypoints", "skeleton");
  click (desk, 10, 10);
  move_to (desk, 100, 80, 0, 0);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_KEY, .key = "q", .at = { 100, 80 } });
  assert_int_equal (point_at (desk, 0, 0)->state, ASSAY_NODE_OCCLUDED);
  assert_true (point_at (desk, 0, 0)->at.x == 10);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_KEY, .key = "q", .at = { 100, 80 } });
  assert_int_equal (point_at (desk, 0, 0)->state, ASSAY_NODE_VISIBLE);
}

static void
o_says_that_the_next_node_is_outside_and_it_has_no_place (void **state)
{
  g_autoptr (Desk) desk = desk_new ("keypoints", "skeleton");
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_KEY, .key = "o", .at = { 100, 80 } });
  assert_int_equal (point_at (desk, 0, 0)->state, ASSAY_NODE_OUTSIDE);
  assert_true (point_at (desk, 0, 0)->at.x == 0 && point_at (desk, 0, 0)->at.y == 0);
  click (desk, 30, 30);
  assert_int_equal (point_at (desk, 0, 1)->state, ASSAY_NODE_VISIBLE);
}

static void
o_after_a_click_is_about_the_next_node_and_again_the_one_after (void **state)
{
  g_autoptr (Desk) desk = desk_new ("keypoints", "skeleton");
  click (desk, 30, 30);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_KEY, .key = "o", .at = { 30, 30 } });
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_KEY, .key = "o", .at = { 30, 30 } });
  assert_int_equal (point_at (desk, 0, 0)->state, ASSAY_NODE_VISIBLE);
  assert_int_equal (point_at (desk, 0, 1)->state, ASSAY_NODE_OUTSIDE);
  assert_int_equal (point_at (desk, 0, 2)->state, ASSAY_NODE_OUTSIDE);
}

static void
backspace_clears_the_node_under_the_pointer_to_unlabelled (void **state)
{
  g_autoptr (Desk) desk = desk_new ("keypoints", "skeleton");
  click (desk, 10, 10);
  click (desk, 60, 10);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_KEY, .key = "BackSpace", .at = { 11, 11 } });
  assert_int_equal (point_at (desk, 0, 0)->state, ASSAY_NODE_UNLABELLED);
  assert_true (point_at (desk, 0, 0)->at.x == 0);
  assert_int_equal (point_at (desk, 0, 1)->state, ASSAY_NODE_VISIBLE);
  click (desk, 20, 20); /* and the next click places it again */
  assert_true (point_at (desk, 0, 0)->at.x == 20);
}

static void
dragging_corrects_and_keeps_the_state (void **state)
{
  g_autoptr (Desk) desk = desk_new ("keypoints", "skeleton");
  click (desk, 10, 10);
  press_key (desk, "q");
  drag (desk, 11, 10, 40, 50);
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (desk->n_edits, 3);
  assert_true (point_at (desk, 0, 0)->at.x == 40 && point_at (desk, 0, 0)->at.y == 50);
  assert_int_equal (point_at (desk, 0, 0)->state, ASSAY_NODE_OCCLUDED);
}

static void
tab_asks_for_another_node (void **state)
{
  g_autoptr (Desk) desk = desk_new ("keypoints", "skeleton");
  assert_true (press_key (desk, "Tab"));
  assert_non_null (strstr (desk->hint, "left eye"));
  click (desk, 30, 30);
  assert_int_equal (point_at (desk, 0, 1)->state, ASSAY_NODE_VISIBLE);
  assert_int_equal (point_at (desk, 0, 0)->state, ASSAY_NODE_UNLABELLED);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (nodes_are_placed_in_their_order_each_as_an_edit),
    cmocka_unit_test (a_click_after_the_last_node_places_nothing_until_enter),
    cmocka_unit_test (q_marks_the_last_one_occluded_and_back),
    cmocka_unit_test (o_says_that_the_next_node_is_outside_and_it_has_no_place),
    cmocka_unit_test (o_after_a_click_is_about_the_next_node_and_again_the_one_after),
    cmocka_unit_test (backspace_clears_the_node_under_the_pointer_to_unlabelled),
    cmocka_unit_test (dragging_corrects_and_keeps_the_state),
    cmocka_unit_test (tab_asks_for_another_node),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
