/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/edits.h"
#include "tests/annotate/gestures.h"

static const AssaySegment *
segment_at (Desk *desk, guint i)
{
  return object_at (desk, i)->value;
}

static void
set_words (Desk *desk, guint i, const char *text)
{
  g_autoptr (AssayEdit) edit = assay_edit_new_text (scene_of (desk), &object_at (desk, i)->id, text);
  assert_non_null (edit);
  assert_true (assay_session_apply (desk->session, edit, NULL));
}

static Desk *
new_desk (void)
{
  Desk *desk = desk_new ("transcript", "segment");
  desk->px_per_unit = 0.1; /* ten samples a pixel */
  return desk;
}

static void
a_drag_makes_a_segment_of_exact_samples (void **state)
{
  g_autoptr (Desk) desk = new_desk ();
  drag (desk, 2003, 0.5, 1001, 0.5);
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (segment_at (desk, 0)->start, 1001);
  assert_int_equal (segment_at (desk, 0)->end, 2003);
  assert_true (assay_id_equal (&scene_of (desk)->selected, &object_at (desk, 0)->id));
}

static void
a_click_only_moves_the_cursor (void **state)
{
  g_autoptr (Desk) desk = new_desk ();
  click (desk, 4321, 0.5);
  assert_int_equal (n_objects (desk), 0);
  assert_int_equal (scene_of (desk)->cursor, 4321);
}

static void
segments_do_not_run_into_their_neighbours (void **state)
{
  g_autoptr (Desk) desk = new_desk ();
  drag (desk, 1000, 0.5, 2000, 0.5);
  drag (desk, 4000, 0.5, 500, 0.5);
  assert_int_equal (segment_at (desk, 1)->start, 2000);
  assert_int_equal (segment_at (desk, 1)->end, 4000);
  drag (desk, 1000, 0.5, -500, 0.5); /* a boundary stops at the start of the sound */
  assert_int_equal (segment_at (desk, 0)->start, 0);
}

static void
a_boundary_is_dragged (void **state)
{
  g_autoptr (Desk) desk = new_desk ();
  drag (desk, 1000, 0.5, 2000, 0.5);
  drag (desk, 2010, 0.5, 3333, 0.5);
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (segment_at (desk, 0)->end, 3333);
  assert_int_equal (desk->n_edits, 2);
}

static void
a_cut_shares_the_words_and_a_join_brings_them_together (void **state)
{
  g_autoptr (Desk) desk = new_desk ();
  drag (desk, 1000, 0.5, 3000, 0.5);
  set_words (desk, 0, "it is a truth universally");
  click (desk, 2200, 0.5);
  assert_true (press_key (desk, "i"));
  assert_int_equal (n_objects (desk), 2);
  assert_int_equal (segment_at (desk, 0)->end, 2200);
  assert_int_equal (segment_at (desk, 1)->start, 2200);
  assert_string_equal (segment_at (desk, 0)->text, "it is a");
  assert_string_equal (segment_at (desk, 1)->text, "truth universally");
  click (desk, 1500, 0.5);
  assert_true (press_key (desk, "j"));
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (segment_at (desk, 0)->end, 3000);
  assert_string_equal (segment_at (desk, 0)->text, "it is a truth universally");
}

static void
enter_ends_a_segment_at_the_cursor_from_where_the_last_ended (void **state)
{
  g_autoptr (Desk) desk = new_desk ();
  assay_session_set_cursor (desk->session, 1500);
  press_key (desk, "Enter");
  assay_session_set_cursor (desk->session, 2700);
  press_key (desk, "Enter");
  assert_int_equal (n_objects (desk), 2);
  assert_int_equal (segment_at (desk, 0)->start, 0);
  assert_int_equal (segment_at (desk, 0)->end, 1500);
  assert_int_equal (segment_at (desk, 1)->start, 1500);
  assert_int_equal (segment_at (desk, 1)->end, 2700);
  press_key (desk, "Enter"); /* nothing has passed since: no empty segment */
  assert_int_equal (n_objects (desk), 2);
}

static void
brackets_nudge_the_nearer_boundary_by_ten_milliseconds (void **state)
{
  g_autoptr (Desk) desk = new_desk ();
  drag (desk, 1000, 0.5, 3000, 0.5);
  assay_session_set_cursor (desk->session, 2900);
  press_key (desk, "bracketright");
  assert_int_equal (segment_at (desk, 0)->end, 3010);
  assay_session_set_cursor (desk->session, 1100);
  press_key (desk, "bracketleft");
  assert_int_equal (segment_at (desk, 0)->start, 990);
}

static void
keys_step_the_cursor_and_tab_the_segments (void **state)
{
  g_autoptr (Desk) desk = new_desk ();
  drag (desk, 1000, 0.5, 2000, 0.5);
  drag (desk, 3000, 0.5, 4000, 0.5);
  escape (desk);
  assay_session_set_cursor (desk->session, 0);
  press_key (desk, "period");
  assert_int_equal (scene_of (desk)->cursor, 50);
  press_key (desk, "comma");
  press_key (desk, "comma");
  assert_int_equal (scene_of (desk)->cursor, 0);
  press_key (desk, "Tab");
  assert_int_equal (scene_of (desk)->cursor, 1000);
  press_key (desk, "Tab");
  assert_int_equal (scene_of (desk)->cursor, 3000);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_KEY, .key = "Tab", .flags = ASSAY_INPUT_SHIFT });
  assert_int_equal (scene_of (desk)->cursor, 1000);
}

static void
words_are_kept_composed_and_unchanged_words_are_no_edit (void **state)
{
  g_autoptr (Desk) desk = new_desk ();
  drag (desk, 1000, 0.5, 2000, 0.5);
  set_words (desk, 0, "Fu\u0308\u00dfe");
  assert_string_equal (segment_at (desk, 0)->text, "F\u00fc\u00dfe");
  assert_null (assay_edit_new_text (scene_of (desk), &object_at (desk, 0)->id, "F\u00fc\u00dfe"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_drag_makes_a_segment_of_exact_samples),
    cmocka_unit_test (a_click_only_moves_the_cursor),
    cmocka_unit_test (segments_do_not_run_into_their_neighbours),
    cmocka_unit_test (a_boundary_is_dragged),
    cmocka_unit_test (a_cut_shares_the_words_and_a_join_brings_them_together),
    cmocka_unit_test (enter_ends_a_segment_at_the_cursor_from_where_the_last_ended),
    cmocka_unit_test (brackets_nudge_the_nearer_boundary_by_ten_milliseconds),
    cmocka_unit_test (keys_step_the_cursor_and_tab_the_segments),
    cmocka_unit_test (words_are_kept_composed_and_unchanged_words_are_no_edit),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
