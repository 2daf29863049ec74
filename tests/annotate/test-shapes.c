/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Freehand, rectangle and ellipse. */
#include "tests/annotate/painting.h"

static void
assert_box (Desk *desk, guint i, AssayRect box)
{
  g_autoptr (AssayMask) expected = assay_mask_new_from_box (box, W, H);
  assert_true (assay_mask_equal (mask_at (desk, i), expected));
}

static void
a_drag_is_a_rectangle_in_whatever_direction (void **state)
{
  static const AssayPoint ends[][2] = { { { 20, 10 }, { 60, 40 } },
                                        { { 60, 40 }, { 20, 10 } },
                                        { { 60, 10 }, { 20, 40 } },
                                        { { 20.4, 40.3 }, { 59.6, 9.7 } } };
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
      pull (desk, ends[i][0].x, ends[i][0].y, ends[i][1].x, ends[i][1].y, 0, 1);
      assert_int_equal (desk->n_edits, 1);
      assert_box (desk, 0, (AssayRect){ 20, 10, 40, 30 });
      assert_string_equal (last_name (desk), "rectangle on cup-1");
    }
}

static void
two_clicks_or_a_click_and_enter_are_a_rectangle_too (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
  click (desk, 20, 10);
  assert_int_equal (desk->n_edits, 0);
  assert_non_null (strstr (desk->hint, "Enter"));
  click (desk, 60, 40);
  assert_box (desk, 0, (AssayRect){ 20, 10, 40, 30 });
  click (desk, 100, 10);
  move_to (desk, 120, 20, 0, 0);
  assert_true (press_key (desk, "Enter"));
  assert_box (desk, 1, (AssayRect){ 100, 10, 20, 10 });
  assert_false (press_key (desk, "Enter"));
}

static void
each_rectangle_is_an_object_unless_shift_adds_or_alt_takes_away (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
  pull (desk, 10, 10, 30, 30, 0, 1);
  pull (desk, 50, 10, 70, 30, 0, 1);
  assert_int_equal (n_objects (desk), 2);
  /* What is held at the press says where it goes, and does not bend the shape. */
  pull (desk, 60, 20, 100, 30, ASSAY_INPUT_SHIFT, 1);
  assert_int_equal (n_objects (desk), 2);
  assert_int_equal (area (desk, 1), 400 + 300);
  pull (desk, 50, 10, 60, 30, ASSAY_INPUT_ALT, 1);
  assert_int_equal (area (desk, 1), 500);
  pull (desk, 60, 10, 70, 15, 0, 3);
  assert_int_equal (area (desk, 1), 450);
  assert_int_equal (area (desk, 0), 400);
  assert_string_equal (last_name (desk), "rectangle on cup-2");
}

static void
held_after_the_press_shift_makes_it_square_and_alt_centres_it (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
  press_at (desk, 50, 50, 0, 1);
  pull_to (desk, 80, 40, ASSAY_INPUT_SHIFT);
  let_go (desk, 80, 40); /* let go of with the button: the last say is none */
  assert_box (desk, 0, (AssayRect){ 50, 40, 30, 10 });
  press_at (desk, 50, 50, 0, 1);
  pull_to (desk, 80, 40, ASSAY_INPUT_SHIFT);
  feed (desk,
        (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { 80, 40 }, .button = 1, .flags = ASSAY_INPUT_SHIFT });
  assert_box (desk, 1, (AssayRect){ 50, 20, 30, 30 });
  press_at (desk, 100, 50, 0, 1);
  pull_to (desk, 120, 60, ASSAY_INPUT_ALT);
  feed (desk,
        (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { 120, 60 }, .button = 1, .flags = ASSAY_INPUT_ALT });
  assert_box (desk, 2, (AssayRect){ 80, 40, 40, 20 });
  /* Shift at the press adds; pressed anew, it makes the sides equal. */
  press_at (desk, 150, 10, ASSAY_INPUT_SHIFT, 1);
  pull_to (desk, 160, 15, 0);
  feed (desk,
        (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { 160, 15 }, .button = 1, .flags = ASSAY_INPUT_SHIFT });
  assert_int_equal (n_objects (desk), 3);
  assert_int_equal (area (desk, 2), 800 + 100);
}

static void
rectangles_end_at_the_picture (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
  pull (desk, -50, -50, 30, 500, 0, 1);
  assert_box (desk, 0, (AssayRect){ 0, 0, 30, 100 });
  pull (desk, -50, -50, -10, -10, 0, 1);
  assert_int_equal (desk->n_edits, 1);
  assert_non_null (strstr (desk->hint, "no pixel"));
}

static void
esc_or_another_button_gives_a_shape_up (void **state)
{
  static const char *const tools[] = { "rectangle", "ellipse", "freehand" };
  for (guint i = 0; i < G_N_ELEMENTS (tools); i++)
    for (guint way = 0; way < 2; way++)
      {
        g_autoptr (Desk) desk = desk_new ("segmentation", tools[i]);
        press_at (desk, 20, 20, 0, 1);
        pull_to (desk, 60, 20, 0);
        pull_to (desk, 60, 60, 0);
        g_autoptr (AssayMarks) drawn = assay_session_list_tool_marks (desk->session);
        assert_true (drawn->marks->len > 0);
        if (way == 0)
          escape (desk);
        else
          press_at (desk, 60, 60, 0, 3);
        pull_to (desk, 20, 60, 0);
        let_go (desk, 20, 60);
        let_go (desk, 20, 60);
        g_autoptr (AssayMarks) left = assay_session_list_tool_marks (desk->session);
        assert_int_equal (left->marks->len, 0);
        assert_int_equal (desk->n_edits, 0);
        assert_int_equal (n_objects (desk), 0);
      }
}

static void
an_ellipse_has_the_pixels_whose_middles_it_holds (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "ellipse");
  Plain plain = { 0 };
  pull (desk, 40, 20, 121, 73, 0, 1);
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      plain.inside[y][x] = pow ((x + 0.5 - 80.5) / 40.5, 2) + pow ((y + 0.5 - 46.5) / 26.5, 2) <= 1;
  assert_pixels (mask_at (desk, 0), &plain);
  assert_string_equal (last_name (desk), "ellipse on cup-1");
}

static void
a_circle_from_the_middle_beyond_the_picture (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "ellipse");
  Plain plain = { 0 };
  press_at (desk, 10, 50, 0, 1);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE,
                            .at = { 50, 60 },
                            .button = 1,
                            .flags = ASSAY_INPUT_SHIFT | ASSAY_INPUT_ALT });
  plain_line (&plain, (AssayPoint){ 10, 50 }, (AssayPoint){ 10, 50 }, 80, TRUE);
  assert_pixels (mask_at (desk, 0), &plain);
}

static void
draw_round (Desk *desk, double x, double y, double side, AssayInputFlags flags, guint button)
{
  press_at (desk, x, y, flags, button);
  pull_to (desk, x + side, y, flags);
  pull_to (desk, x + side, y + side, flags);
  pull_to (desk, x, y + side, flags);
  let_go (desk, x, y + side);
}

static void
letting_go_closes_what_was_drawn_round (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "freehand");
  draw_round (desk, 20, 10, 40, 0, 1);
  assert_int_equal (desk->n_edits, 1);
  assert_box (desk, 0, (AssayRect){ 20, 10, 40, 40 });
  assert_string_equal (last_name (desk), "freehand on cup-1");
  draw_round (desk, 50, 20, 20, ASSAY_INPUT_SHIFT, 1);
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (area (desk, 0), 1600 + 200);
  draw_round (desk, 20, 10, 10, ASSAY_INPUT_ALT, 1);
  assert_int_equal (area (desk, 0), 1700);
  draw_round (desk, 30, 10, 10, 0, 3);
  assert_int_equal (area (desk, 0), 1600);
  draw_round (desk, 100, 10, 40, 0, 1);
  assert_int_equal (n_objects (desk), 2);
}

static void
a_lasso_round_a_corner_of_the_picture_takes_the_corner (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "freehand");
  press_at (desk, 180, -20, 0, 1);
  pull_to (desk, 180, 30, 0);
  pull_to (desk, 260, 30, 0);
  pull_to (desk, 260, -20, 0);
  let_go (desk, 260, -20);
  assert_box (desk, 0, (AssayRect){ 180, 0, 20, 30 });
}

static void
a_line_that_encloses_nothing_is_refused_with_what_to_do (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "freehand");
  click (desk, 50, 50);
  assert_non_null (strstr (desk->hint, "draw round"));
  pull (desk, 50, 50, 90, 50, 0, 1);
  assert_int_equal (desk->n_edits, 0);
}

static void
shapes_heed_neighbours_and_locks (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
  pull (desk, 20, 20, 60, 60, 0, 1);
  choose (desk, "neighbours", "cut");
  pull (desk, 40, 20, 80, 60, 0, 1);
  assert_int_equal (area (desk, 0), 800);
  assert_int_equal (area (desk, 1), 1600);
  assay_session_set_locked (desk->session, &object_at (desk, 1)->id, TRUE);
  use (desk, "ellipse");
  pull (desk, 60, 20, 100, 60, ASSAY_INPUT_SHIFT, 1);
  assert_string_equal (desk->hint, "cup-2 is locked: L unlocks it");
  use (desk, "freehand");
  draw_round (desk, 70, 20, 40, 0, 1);
  assert_int_equal (area (desk, 1), 1600);
  assert_int_equal (area (desk, 2), 1600 - 400);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_drag_is_a_rectangle_in_whatever_direction),
    cmocka_unit_test (two_clicks_or_a_click_and_enter_are_a_rectangle_too),
    cmocka_unit_test (each_rectangle_is_an_object_unless_shift_adds_or_alt_takes_away),
    cmocka_unit_test (held_after_the_press_shift_makes_it_square_and_alt_centres_it),
    cmocka_unit_test (rectangles_end_at_the_picture),
    cmocka_unit_test (esc_or_another_button_gives_a_shape_up),
    cmocka_unit_test (an_ellipse_has_the_pixels_whose_middles_it_holds),
    cmocka_unit_test (a_circle_from_the_middle_beyond_the_picture),
    cmocka_unit_test (letting_go_closes_what_was_drawn_round),
    cmocka_unit_test (a_lasso_round_a_corner_of_the_picture_takes_the_corner),
    cmocka_unit_test (a_line_that_encloses_nothing_is_refused_with_what_to_do),
    cmocka_unit_test (shapes_heed_neighbours_and_locks),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
