/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/annotate/painting.h"
#include "tests/core/fixture.h"

#include <time.h>

/* A desk with a brush of 20 px. */
static Desk *
begin (const char *tool)
{
  Desk *desk = desk_new ("segmentation", tool);
  choose (desk, "brush-px", "20");
  return desk;
}

static void
a_stroke_is_one_object_and_one_named_edit (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  Plain plain = { 0 };
  press_at (desk, 30.3, 40.2, 0, 1);
  pull_to (desk, 60.1, 45.7, 0);
  pull_to (desk, 90.6, 20.4, 0);
  let_go (desk, 90.6, 20.4);
  plain_line (&plain, (AssayPoint){ 30.3, 40.2 }, (AssayPoint){ 60.1, 45.7 }, 20, TRUE);
  plain_line (&plain, (AssayPoint){ 60.1, 45.7 }, (AssayPoint){ 90.6, 20.4 }, 20, TRUE);
  assert_int_equal (desk->n_edits, 1);
  assert_int_equal (n_objects (desk), 1);
  assert_pixels (mask_at (desk, 0), &plain);
  assert_string_equal (last_name (desk), "brush 20 px on cup-1");
  assert_true (assay_id_equal (&scene_of (desk)->selected, &object_at (desk, 0)->id));
}

static void
a_square_brush_leaves_a_square (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  choose (desk, "brush-shape", "square");
  pull (desk, 50, 50, 50, 50, 0, 1);
  g_autoptr (AssayMask) box = assay_mask_new_from_box ((AssayRect){ 40, 40, 20, 20 }, W, H);
  assert_true (assay_mask_equal (mask_at (desk, 0), box));
}

static void
strokes_go_on_with_the_object_until_esc_lets_it_go (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  Plain plain = { 0 };
  pull (desk, 30.3, 30.3, 30.3, 30.3, 0, 1);
  pull (desk, 80.3, 30.3, 80.3, 30.3, 0, 1);
  plain_line (&plain, (AssayPoint){ 30.3, 30.3 }, (AssayPoint){ 30.3, 30.3 }, 20, TRUE);
  plain_line (&plain, (AssayPoint){ 80.3, 30.3 }, (AssayPoint){ 80.3, 30.3 }, 20, TRUE);
  assert_int_equal (n_objects (desk), 1);
  assert_pixels (mask_at (desk, 0), &plain);
  escape (desk);
  assert_true (assay_id_is_nil (&scene_of (desk)->selected));
  pull (desk, 130.3, 30.3, 130.3, 30.3, 0, 1);
  assert_int_equal (n_objects (desk), 2);
  assert_string_equal (last_name (desk), "brush 20 px on cup-2");
  assert_pixels (mask_at (desk, 0), &plain);
}

static void
eraser_alt_right_button_and_the_pens_other_end_take_away (void **state)
{
  static const struct
  {
    const char *tool;
    AssayInputFlags flags;
    guint button;
  } ways[] = {
    { "eraser", 0, 1 }, { "brush", ASSAY_INPUT_ALT, 1 }, { "brush", 0, 3 }, { "brush", ASSAY_INPUT_ERASER, 1 }
  };
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autoptr (Desk) desk = begin ("brush");
      Plain plain = { 0 };
      pull (desk, 20.3, 50.2, 180.1, 50.2, 0, 1);
      use (desk, ways[i].tool);
      choose (desk, "brush-px", "8");
      pull (desk, 100.3, 30.2, 100.3, 50.6, ways[i].flags, ways[i].button);
      plain_line (&plain, (AssayPoint){ 20.3, 50.2 }, (AssayPoint){ 180.1, 50.2 }, 20, TRUE);
      plain_line (&plain, (AssayPoint){ 100.3, 30.2 }, (AssayPoint){ 100.3, 50.6 }, 8, FALSE);
      assert_int_equal (n_objects (desk), 1);
      assert_pixels (mask_at (desk, 0), &plain);
      assert_string_equal (last_name (desk), "eraser 8 px on cup-1");
    }
}

static void
an_object_that_loses_its_last_pixel_goes (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  pull (desk, 50, 50, 50, 50, 0, 1);
  use (desk, "eraser");
  choose (desk, "brush-px", "40");
  pull (desk, 50, 50, 50, 50, 0, 1);
  assert_int_equal (n_objects (desk), 0);
  assert_int_equal (desk->n_edits, 2);
  assert_true (assay_id_is_nil (&scene_of (desk)->selected));
}

static void
without_a_selection_the_eraser_takes_from_the_object_it_begins_on (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  pull (desk, 40, 50, 40, 50, 0, 1);
  escape (desk);
  pull (desk, 140, 50, 140, 50, 0, 1);
  escape (desk);
  guint64 before = area (desk, 1);
  use (desk, "eraser");
  pull (desk, 90, 50, 150, 50, 0, 1);
  assert_int_equal (desk->n_edits, 2);
  assert_non_null (strstr (desk->hint, "begin on an object"));
  choose (desk, "brush-px", "4");
  pull (desk, 40, 50, 150, 50, 0, 1);
  assert_int_equal (desk->n_edits, 3);
  assert_string_equal (last_name (desk), "eraser 4 px on cup-1");
  assert_int_equal (area (desk, 1), before);
}

static void
esc_or_another_button_gives_the_whole_stroke_up (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  AssayLive live = { 0 };
  for (guint way = 0; way < 2; way++)
    {
      press_at (desk, 30, 30, 0, 1);
      pull_to (desk, 60, 30, 0);
      assert_true (assay_session_get_live (desk->session, &live));
      if (way == 0)
        escape (desk);
      else
        press_at (desk, 60, 30, 0, 3);
      assert_false (assay_session_get_live (desk->session, &live));
      pull_to (desk, 90, 30, 0);
      let_go (desk, 90, 30);
      let_go (desk, 90, 30);
      assert_int_equal (desk->n_edits, 0);
      assert_int_equal (n_objects (desk), 0);
    }
  pull (desk, 30, 30, 60, 30, 0, 1);
  assert_int_equal (n_objects (desk), 1);
}

static void
what_is_shown_under_way_is_what_the_object_becomes (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  pull (desk, 30.4, 50.4, 90.4, 50.4, 0, 1);
  for (guint way = 0; way < 2; way++)
    {
      AssayLive live = { 0 };
      AssayRect dirty = { 0 };
      AssayInputFlags flags = way == 1 ? ASSAY_INPUT_ALT : 0;
      press_at (desk, 60.4, 20.4, flags, 1);
      assert_true (assay_session_get_live (desk->session, &live));
      assert_true (assay_id_equal (&live.object, &object_at (desk, 0)->id));
      pull_to (desk, 60.4, 70.4, flags);
      assert_true (assay_paint_take_dirty (live.paint, &dirty));
      assert_true (dirty.x >= 49 && dirty.x + dirty.w <= 72);
      g_autoptr (AssayMask) shown = assay_paint_to_mask (live.paint);
      let_go (desk, 60.4, 70.4);
      assert_true (assay_mask_equal (mask_at (desk, 0), shown));
    }
}

static void
locked_and_hidden_objects_are_not_painted (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  AssayLive live = { 0 };
  pull (desk, 50, 50, 50, 50, 0, 1);
  AssayId id = object_at (desk, 0)->id;
  assay_session_set_locked (desk->session, &id, TRUE);
  press_at (desk, 60, 50, 0, 1);
  assert_false (assay_session_get_live (desk->session, &live));
  let_go (desk, 60, 50);
  assert_string_equal (desk->hint, "cup-1 is locked: L unlocks it");
  assay_session_set_locked (desk->session, &id, FALSE);
  assay_session_set_hidden (desk->session, &id, TRUE);
  pull (desk, 60, 50, 60, 50, 0, 1);
  assert_string_equal (desk->hint, "cup-1 is hidden: H shows it");
  assert_int_equal (desk->n_edits, 1);
}

/* Two squares of 20 with a stroke of 10 through both, by what becomes of neighbours: pixels of the left one, of the
 * right one (locked), and of the stroke. */
static void
neighbours_keep_lose_or_bound_what_is_painted_over_them (void **state)
{
  static const struct
  {
    const char *way;
    guint64 left, right, stroke;
  } cases[] = {
    { "overlap", 400, 400, 1600 }, { "cut", 200, 400, 1400 }, { "under", 400, 400, 1200 }, { "over", 400, 400, 400 }
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Desk) desk = begin ("brush");
      AssayLive live = { 0 };
      choose (desk, "brush-shape", "square");
      pull (desk, 50, 50, 50, 50, 0, 1);
      escape (desk);
      pull (desk, 130, 50, 130, 50, 0, 1);
      assay_session_set_locked (desk->session, &object_at (desk, 1)->id, TRUE);
      escape (desk);
      choose (desk, "neighbours", cases[i].way);
      choose (desk, "brush-px", "10");
      press_at (desk, 15, 50, 0, 1);
      pull_to (desk, 165, 50, 0);
      assert_true (assay_session_get_live (desk->session, &live));
      g_autoptr (AssayMask) shown = assay_paint_to_mask (live.paint);
      let_go (desk, 165, 50);
      assert_int_equal (n_objects (desk), 3);
      assert_true (assay_mask_equal (mask_at (desk, 2), shown)); /* nothing jumps when the button is let go */
      assert_int_equal (area (desk, 0), cases[i].left);
      assert_int_equal (area (desk, 1), cases[i].right);
      assert_int_equal (area (desk, 2), cases[i].stroke);
      assert_int_equal (desk->n_edits, 3);
    }
}

static void
a_neighbour_loses_what_the_stroke_goes_over_though_the_object_has_it_already (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  choose (desk, "brush-shape", "square");
  pull (desk, 50, 50, 50, 50, 0, 1);
  escape (desk);
  pull (desk, 60, 50, 60, 50, 0, 1);
  choose (desk, "neighbours", "cut");
  pull (desk, 60, 50, 60, 50, 0, 1);
  assert_int_equal (area (desk, 0), 200);
  assert_int_equal (area (desk, 1), 400);
}

static void
of_a_semantic_task_every_pixel_has_one_class_and_a_class_one_object (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  const AssayTask *task = scene_of (desk)->task;
  ((AssayTask *) task)->rules = json_pack ("{s:b}", "semantic", TRUE);
  choose (desk, "brush-shape", "square");
  pull (desk, 50, 50, 50, 50, 0, 1);
  escape (desk);
  pull (desk, 90, 50, 90, 50, 0, 1); /* the class's one object, selected or not */
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (area (desk, 0), 800);
  assay_session_set_class (desk->session, &((AssayClass *) task->classes->pdata[1])->id);
  pull (desk, 100, 50, 100, 50, 0, 1);
  assert_int_equal (n_objects (desk), 2);
  assert_int_equal (area (desk, 0), 600);
  assert_int_equal (area (desk, 1), 400);
  assert_int_equal (assay_mask_intersection_px (mask_at (desk, 0), mask_at (desk, 1)), 0);
  assert_string_equal (last_name (desk), "brush 20 px on hand-1");
}

static void
a_pen_paints_as_wide_as_it_is_pressed (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  Plain plain = { 0 };
  AssayInput pen = { .at = { 50.3, 50.2 }, .button = 1 };
  pen.kind = ASSAY_INPUT_PRESS;
  pen.pressure = 0.5;
  feed (desk, pen);
  pen.kind = ASSAY_INPUT_RELEASE;
  pen.pressure = 1; /* what a release says of it is nothing */
  feed (desk, pen);
  plain_line (&plain, pen.at, pen.at, 20 * 0.6, TRUE);
  assert_pixels (mask_at (desk, 0), &plain);

  /* From light to full along a line: thin at its begin, as wide as the brush at its end, and no step between. */
  escape (desk);
  pen = (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { 40, 50 }, .button = 1, .pressure = 0 };
  feed (desk, pen);
  pen = (AssayInput){ .kind = ASSAY_INPUT_MOVE, .at = { 120, 50 }, .button = 1, .pressure = 1 };
  feed (desk, pen);
  let_go (desk, 120, 50);
  guint before = 4;
  for (guint x = 40; x < 120; x += 5)
    {
      guint high = 0;
      for (guint y = 0; y < H; y++)
        high += assay_mask_contains (mask_at (desk, 1), x, y);
      assert_true (high >= before && high <= before + 3);
      before = high;
    }
  assert_int_equal (before, 20);
}

static void
keys_and_the_wheel_change_the_size_by_a_fifth_and_by_one_at_least (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  const AssayOptions *options = scene_of (desk)->options;
  assert_true (press_key (desk, "bracketright"));
  assert_int_equal (assay_options_get_int (options, "brush-px"), 24);
  assert_true (press_key (desk, "bracketleft"));
  assert_int_equal (assay_options_get_int (options, "brush-px"), 20);
  for (guint i = 0; i < 50; i++)
    press_key (desk, "bracketleft");
  assert_int_equal (assay_options_get_int (options, "brush-px"), 1);
  press_key (desk, "bracketright");
  assert_int_equal (assay_options_get_int (options, "brush-px"), 2);
  for (guint i = 0; i < 100; i++)
    press_key (desk, "bracketright");
  assert_int_equal (assay_options_get_int (options, "brush-px"), 4000);
  choose (desk, "brush-px", "20");
  assert_true (feed (desk, (AssayInput){ .kind = ASSAY_INPUT_SCROLL, .steps = 2 }));
  assert_int_equal (assay_options_get_int (options, "brush-px"), 29);
  /* A fine wheel: three thirds are a notch. */
  choose (desk, "brush-px", "20");
  for (guint i = 0; i < 3; i++)
    feed (desk, (AssayInput){ .kind = ASSAY_INPUT_SCROLL, .steps = -0.334 });
  assert_int_equal (assay_options_get_int (options, "brush-px"), 17);
}

static void
a_size_in_screen_pixels_is_as_wide_on_the_screen_at_any_zoom (void **state)
{
  static const double zooms[] = { 0.5, 4 };
  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      g_autoptr (Desk) desk = begin ("brush");
      Plain plain = { 0 };
      choose (desk, "brush-unit", "screen");
      desk->px_per_unit = zooms[i];
      pull (desk, 100.3, 50.2, 100.3, 50.2, 0, 1);
      plain_line (&plain, (AssayPoint){ 100.3, 50.2 }, (AssayPoint){ 100.3, 50.2 }, 20 / zooms[i], TRUE);
      assert_pixels (mask_at (desk, 0), &plain);
      assert_string_equal (last_name (desk), i == 0 ? "brush 40 px on cup-1" : "brush 5 px on cup-1");
    }
}

static void
shift_draws_a_straight_line_from_where_the_last_stroke_ended (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  Plain plain = { 0 };
  pull (desk, 30.3, 30.2, 40.3, 30.2, 0, 1);
  pull (desk, 150.3, 70.2, 150.3, 70.2, ASSAY_INPUT_SHIFT, 1);
  plain_line (&plain, (AssayPoint){ 30.3, 30.2 }, (AssayPoint){ 40.3, 30.2 }, 20, TRUE);
  plain_line (&plain, (AssayPoint){ 40.3, 30.2 }, (AssayPoint){ 150.3, 70.2 }, 20, TRUE);
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (desk->n_edits, 2);
  assert_pixels (mask_at (desk, 0), &plain);
  /* After Esc there is nowhere to come from. */
  escape (desk);
  pull (desk, 30.3, 80.2, 30.3, 80.2, ASSAY_INPUT_SHIFT, 1);
  Plain dab = { 0 };
  plain_line (&dab, (AssayPoint){ 30.3, 80.2 }, (AssayPoint){ 30.3, 80.2 }, 20, TRUE);
  assert_int_equal (n_objects (desk), 2);
  assert_pixels (mask_at (desk, 1), &dab);
}

static void
strokes_may_leave_the_picture (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  Plain plain = { 0 };
  pull (desk, -40.3, 50.2, 300.3, 50.2, 0, 1);
  plain_line (&plain, (AssayPoint){ -40.3, 50.2 }, (AssayPoint){ 300.3, 50.2 }, 20, TRUE);
  assert_pixels (mask_at (desk, 0), &plain);
  escape (desk);
  pull (desk, -400, -400, -300, -300, 0, 1);
  assert_int_equal (n_objects (desk), 1);
  assert_non_null (strstr (desk->hint, "nothing was changed"));
}

static void
pixels_are_the_truth_a_stroke_drops_the_outline (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  click (desk, 40, 20);
  click (desk, 80, 20);
  click (desk, 80, 60);
  click (desk, 40, 60);
  press_key (desk, "Enter");
  assert_non_null (((const AssayRegion *) object_at (desk, 0)->value)->rings);
  use (desk, "brush");
  pull (desk, 80, 40, 80, 40, 0, 1);
  assert_int_equal (n_objects (desk), 1);
  assert_null (((const AssayRegion *) object_at (desk, 0)->value)->rings);
  assert_true (area (desk, 0) > 1600);
}

static void
the_ring_is_as_wide_as_the_brush (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  g_autoptr (AssayMarks) before = assay_session_list_tool_marks (desk->session);
  assert_int_equal (before->marks->len, 0); /* nobody knows yet where the pointer is */
  move_to (desk, 70, 40, 0, 0);
  g_autoptr (AssayMarks) marks = assay_session_list_tool_marks (desk->session);
  assert_int_equal (marks->marks->len, 1);
  const AssayMark *ring = &g_array_index (marks->marks, AssayMark, 0);
  assert_int_equal (ring->kind, ASSAY_MARK_RING);
  for (guint i = 0; i < ring->n_points; i++)
    assert_true (fabs (hypot (ring->points[i].x - 70, ring->points[i].y - 40) - 10) < 1e-9);
  move_to (desk, 70, 40, ASSAY_INPUT_AWAY, 0);
  g_autoptr (AssayMarks) away = assay_session_list_tool_marks (desk->session);
  assert_int_equal (away->marks->len, 0);
}

static void
an_object_undone_under_the_brush_is_begun_anew (void **state)
{
  g_autoptr (Desk) desk = begin ("brush");
  pull (desk, 50, 50, 50, 50, 0, 1);
  press_at (desk, 60, 50, 0, 1);
  assay_session_replace_objects (desk->session, assay_objects_new (scene_of (desk)->task->kind));
  pull_to (desk, 80, 50, 0);
  let_go (desk, 80, 50);
  assert_int_equal (n_objects (desk), 1);
  assert_true (area (desk, 0) > 0);
}

/* What is on disk is read again in another project handle, by another journal. */
static void
strokes_come_back_pixel_by_pixel_after_a_restart (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayTask) task = assay_task_new ("masks", assay_kind_find ("segmentation"));
  assay_task_add_class (task, "cup");
  ok (assay_task_save (f->store, task, NULL, &error));
  g_autoptr (Desk) desk = desk_new_for (item, task, "brush");
  choose (desk, "brush-px", "9");
  pull (desk, 10.2, 10.4, 50.7, 30.1, 0, 1);
  pull (desk, 30.2, 20.4, 34.7, 22.1, ASSAY_INPUT_ALT, 1);
  escape (desk);
  choose (desk, "neighbours", "cut");
  pull (desk, 40.2, 5.4, 40.7, 40.1, 0, 1);
  assert_int_equal (n_objects (desk), 2);
  g_autoptr (AssayObjects) painted = assay_objects_copy (scene_of (desk)->objects);
  {
    g_autoptr (AssayJournal) journal = assay_journal_open (f->store, item, task, f->anna, &error);
    ok (journal != NULL);
    while (desk->edits->len > 0)
      ok (assay_journal_append (journal, g_ptr_array_steal_index (desk->edits, 0), &error));
  }
  g_autofree char *place = g_strdup (f->project->directory);
  assay_project_close (f->project);
  ok (f->project = assay_project_open (place, ASSAY_STORE_WRITE, &error));
  f->store = f->project->store;
  g_autoptr (AssayJournal) journal = assay_journal_open (f->store, item, task, f->anna, &error);
  ok (journal != NULL);
  assert_true (assay_objects_equal (assay_journal_get_objects (journal), painted));
  assert_string_equal (assay_journal_get_undo_name (journal), "brush 9 px on cup-2");
  ok (assay_journal_undo (journal, &error));
  ok (assay_journal_undo (journal, &error));
  assert_string_equal (assay_journal_get_undo_name (journal), "brush 9 px on cup-1");
  ok (assay_journal_redo (journal, &error));
  ok (assay_journal_redo (journal, &error));
  assert_true (assay_objects_equal (assay_journal_get_objects (journal), painted));
}

static double
cpu_s (void)
{
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec * 1e-9;
}

/* Processor time of one step of a stroke, the best of some. */
static double
step_s (Desk *desk, const char *size)
{
  double best = INFINITY;
  choose (desk, "brush-px", size);
  press_at (desk, 8000, 8000, 0, 1);
  for (guint i = 1; i <= 20; i++)
    {
      double begun = cpu_s ();
      pull_to (desk, 8000 + 12 * i, 8000 + 5 * i, 0);
      best = MIN (best, cpu_s () - begun);
    }
  escape (desk);
  return best;
}

/* Ten times as wide a brush touches ten times the columns and a hundred times the pixels. Measured in a release
 * build on 16,000 x 16,000, a step of 2,000 px takes 0.2 ms. */
static void
a_big_brush_on_a_big_picture_costs_by_the_column (void **state)
{
  g_autoptr (AssayItem) item = assay_item_new ();
  g_autoptr (AssayTask) task = assay_task_new ("test", assay_kind_find ("segmentation"));
  assay_task_add_class (task, "cup");
  item->width_px = item->height_px = 16000;
  g_autoptr (Desk) desk = desk_new_for (item, task, "brush");
  double narrow = step_s (desk, "200"), wide = step_s (desk, "2000");
  print_message ("# a step of 200 px: %.3f ms, of 2,000 px: %.3f ms\n", narrow * 1e3, wide * 1e3);
  assert_true (wide < 40 * narrow);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_stroke_is_one_object_and_one_named_edit),
    cmocka_unit_test (a_square_brush_leaves_a_square),
    cmocka_unit_test (strokes_go_on_with_the_object_until_esc_lets_it_go),
    cmocka_unit_test (eraser_alt_right_button_and_the_pens_other_end_take_away),
    cmocka_unit_test (an_object_that_loses_its_last_pixel_goes),
    cmocka_unit_test (without_a_selection_the_eraser_takes_from_the_object_it_begins_on),
    cmocka_unit_test (esc_or_another_button_gives_the_whole_stroke_up),
    cmocka_unit_test (what_is_shown_under_way_is_what_the_object_becomes),
    cmocka_unit_test (locked_and_hidden_objects_are_not_painted),
    cmocka_unit_test (neighbours_keep_lose_or_bound_what_is_painted_over_them),
    cmocka_unit_test (a_neighbour_loses_what_the_stroke_goes_over_though_the_object_has_it_already),
    cmocka_unit_test (of_a_semantic_task_every_pixel_has_one_class_and_a_class_one_object),
    cmocka_unit_test (a_pen_paints_as_wide_as_it_is_pressed),
    cmocka_unit_test (keys_and_the_wheel_change_the_size_by_a_fifth_and_by_one_at_least),
    cmocka_unit_test (a_size_in_screen_pixels_is_as_wide_on_the_screen_at_any_zoom),
    cmocka_unit_test (shift_draws_a_straight_line_from_where_the_last_stroke_ended),
    cmocka_unit_test (strokes_may_leave_the_picture),
    cmocka_unit_test (pixels_are_the_truth_a_stroke_drops_the_outline),
    cmocka_unit_test (the_ring_is_as_wide_as_the_brush),
    cmocka_unit_test (an_object_undone_under_the_brush_is_begun_anew),
    CASE (strokes_come_back_pixel_by_pixel_after_a_restart),
    cmocka_unit_test (a_big_brush_on_a_big_picture_costs_by_the_column),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
