/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/mask-parts.h"
#include "tests/annotate/photo-desk.h"
#include "vision/superpixel.h"

#include <math.h>

#define W 300
#define H 200

static gboolean
in_disc (double x, double y)
{
  return hypot (x - 140, y - 100) < 60;
}

static guint
disc (guint x, guint y, guint channel)
{
  guint32 n = (x * 73856093u) ^ (y * 19349663u) ^ (channel * 83492791u);
  n = (n ^ n >> 13) * 1274126177u;
  return (in_disc (x + 0.5, y + 0.5) ? 160 : 60) + (n >> 27);
}

static guint
disc_12_bits (guint x, guint y, guint channel)
{
  return disc (x, y, channel) * 16;
}

static AssayMask *
patch_mask (const AssaySuperpixels *superpixels, int patch, guint w, guint h)
{
  g_autoptr (AssayMask) empty = assay_mask_new_empty (w, h);
  g_autoptr (AssayPaint) paint = assay_paint_new (empty);
  assay_superpixels_paint (superpixels, patch, paint, TRUE);
  return assay_paint_to_mask (paint);
}

static void
every_pixel_of_the_window_is_in_one_patch_and_patches_keep_to_borders (void **state)
{
  static const AssayPixels all[] = { ASSAY_PIXELS_RGB8, ASSAY_PIXELS_GREY16 };
  const AssayRect window = { 20, 10, 250, 170 };
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (AssayPicture) picture = paint_picture (W, H, all[i], i == 0 ? disc : disc_12_bits);
      g_autoptr (AssaySuperpixels) superpixels = assay_vision_superpixels (picture, window, 16, NULL, NULL);
      g_autoptr (AssaySuperpixels) again = assay_vision_superpixels (picture, window, 16, NULL, NULL);
      g_autoptr (AssayMask) together = assay_mask_new_empty (W, H);
      guint n = assay_superpixels_get_n (superpixels);
      guint64 area = 0, wrong = 0;
      assert_in_range (n, 80, 300);
      for (guint k = 0; k < n; k++)
        {
          g_autoptr (AssayMask) patch = patch_mask (superpixels, (int) k, W, H);
          g_autoptr (GArray) parts = assay_mask_list_parts (patch);
          AssayMask *both = assay_mask_combine (together, patch, ASSAY_MASK_UNION);
          guint64 of_disc = 0;
          assert_int_equal (parts->len, 1);
          area += assay_mask_area_px (patch);
          assay_mask_free (together);
          together = both;
          for (guint y = 0; y < H; y++)
            for (guint x = 0; x < W; x++)
              of_disc += assay_mask_contains (patch, x, y) && in_disc (x + 0.5, y + 0.5);
          wrong += MIN (of_disc, assay_mask_area_px (patch) - of_disc);
        }
      assert_int_equal (area, 250 * 170);
      assert_int_equal (assay_mask_area_px (together), 250 * 170);
      assert_true (wrong < 150); /* of a border of some 380, in much noise; a plain grid has over 1,000 */
      for (guint k = 0; k < 100; k++)
        {
          AssayPoint p = { 20 + (k * 37) % 250, 10 + (k * 53) % 170 };
          assert_int_equal (assay_superpixels_find (superpixels, p), assay_superpixels_find (again, p));
        }
      assert_int_equal (assay_superpixels_find (superpixels, (AssayPoint){ 19.9, 50 }), -1);
      assert_int_equal (assay_superpixels_find (superpixels, (AssayPoint){ 50, 180 }), -1);
    }
}

static void
outlines_go_round_exactly_the_patch (void **state)
{
  g_autoptr (AssayPicture) picture = paint_picture (W, H, ASSAY_PIXELS_RGB8, disc);
  g_autoptr (AssaySuperpixels) superpixels
      = assay_vision_superpixels (picture, (AssayRect){ 50, 40, 100, 90 }, 20, NULL, NULL);
  int patch = assay_superpixels_find (superpixels, (AssayPoint){ 100, 90 });
  g_autoptr (AssayMask) mask = patch_mask (superpixels, patch, W, H);
  g_autoptr (GPtrArray) rings = assay_superpixels_list_outlines (superpixels, patch);
  double area = 0;
  for (guint i = 0; i < rings->len; i++)
    {
      const GArray *ring = rings->pdata[i];
      const AssayPoint *p = (const AssayPoint *) (gconstpointer) ring->data;
      for (guint k = 0; k < ring->len; k++)
        area += (p[k].x * p[(k + 1) % ring->len].y - p[(k + 1) % ring->len].x * p[k].y) / 2;
    }
  assert_true (fabs (fabs (area) - (double) assay_mask_area_px (mask)) < 0.001);
}

static void
a_drag_paints_whole_patches_in_one_edit_and_alt_takes_them_away (void **state)
{
  g_autoptr (Desk) desk = desk_new_on ("superpixel", paint_picture (W, H, ASSAY_PIXELS_RGB8, disc));
  set_option (desk, "superpixel-px", "16");
  drag (desk, 110, 100, 170, 100);
  assert_int_equal (desk->n_edits, 1);
  assert_string_equal (((const AssayEdit *) desk->edits->pdata[0])->name, "superpixels 16 px on cup-1");
  guint64 before = assay_mask_area_px (mask_at (desk, 0));
  assert_in_range (before, 60 * 10, 60 * 40);
  for (guint x = 110; x < 170; x++)
    assert_true (assay_mask_contains (mask_at (desk, 0), x, 100));
  click_with (desk, 140, 100, ASSAY_INPUT_ALT);
  assert_int_equal (desk->n_edits, 2);
  assert_false (assay_mask_contains (mask_at (desk, 0), 140, 100));
  guint64 after = assay_mask_area_px (mask_at (desk, 0));
  assert_true (after < before);
  click (desk, 140, 100);
  assert_int_equal (assay_mask_area_px (mask_at (desk, 0)), before);
  assert_int_equal (n_objects (desk), 1);
}

static void
the_patch_under_the_pointer_is_outlined (void **state)
{
  g_autoptr (Desk) desk = desk_new_on ("superpixel", paint_picture (W, H, ASSAY_PIXELS_RGB8, disc));
  move_to (desk, 140, 100, 0, 0);
  g_autoptr (AssayMarks) marks = assay_session_list_tool_marks (desk->session);
  assert_int_equal (marks->marks->len, 1);
  move_to (desk, -5, 100, 0, 0);
  g_autoptr (AssayMarks) none = assay_session_list_tool_marks (desk->session);
  assert_int_equal (none->marks->len, 0);
}

static void
a_stroke_that_is_faster_than_its_tiles_is_painted_whole (void **state)
{
  AssayLive seen = { 0 };
  g_autoptr (Desk) desk = desk_new_on ("superpixel", paint_picture (1100, 600, ASSAY_PIXELS_GREY8, disc));
  set_option (desk, "superpixel-px", "64");
  desk->hold = TRUE;
  drag (desk, 100, 300, 1090, 560);
  assert_int_equal (desk->n_edits, 0);
  assert_true (assay_session_get_live (desk->session, &seen));
  /* One answer is lost on the way: the next sign of life finds it. */
  g_autoptr (AssayWork) lost = g_steal_pointer (&desk->held);
  lost->run (lost->data, NULL);
  move_to (desk, 50, 50, 0, 0);
  for (guint i = 0; i < 20 && desk->held != NULL; i++)
    do_work (desk);
  assert_int_equal (desk->n_edits, 1);
  for (guint x = 100; x <= 1090; x++)
    assert_true (assay_mask_contains (mask_at (desk, 0), x, (guint) (300 + (x - 100) * 260.0 / 990)));
  assert_false (assay_session_get_live (desk->session, &seen));
}

/* Each is an edit of its own, and goes on with what the one before has made. */
static void
dabs_that_come_before_their_tile_are_all_painted (void **state)
{
  g_autoptr (Desk) desk = desk_new_on ("superpixel", paint_picture (1100, 300, ASSAY_PIXELS_GREY8, disc));
  desk->hold = TRUE;
  click (desk, 100, 100);
  click (desk, 400, 250);
  drag (desk, 700, 100, 900, 100);
  click_with (desk, 400, 250, ASSAY_INPUT_ALT);
  assert_int_equal (desk->n_edits, 0);
  for (guint i = 0; i < 20 && desk->held != NULL; i++)
    do_work (desk);
  assert_int_equal (desk->n_edits, 4);
  assert_int_equal (n_objects (desk), 1);
  assert_true (assay_mask_contains (mask_at (desk, 0), 100, 100));
  assert_false (assay_mask_contains (mask_at (desk, 0), 400, 250));
  for (guint x = 700; x <= 900; x++)
    assert_true (assay_mask_contains (mask_at (desk, 0), x, 100));
  /* Given up with all that waits. */
  click (desk, 100, 280);
  click (desk, 1050, 280);
  click (desk, 1050, 20);
  escape (desk);
  for (guint i = 0; i < 20 && desk->held != NULL; i++)
    do_work (desk);
  assert_false (assay_mask_contains (mask_at (desk, 0), 1050, 20));
}

/* What is seen under way is what comes of it. */
static void
what_neighbours_keep_and_what_is_not_sure_is_shown_as_it_will_be (void **state)
{
  static const char *const ways[] = { "overlap", "cut", "under", "over" };
  for (guint i = 0; i <= G_N_ELEMENTS (ways); i++)
    {
      AssayLive seen = { 0 };
      gboolean unsure = i == G_N_ELEMENTS (ways);
      g_autoptr (Desk) desk = desk_new_on ("superpixel", paint_picture (W, H, ASSAY_PIXELS_RGB8, disc));
      drag (desk, 110, 100, 170, 100);
      escape (desk);
      drag (desk, 110, 130, 170, 130);
      set_option (desk, "neighbours", unsure ? "overlap" : ways[i]);
      set_option (desk, "paints", unsure ? "unsure" : "object");
      feed (desk, (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { 115, 80 }, .button = 1 });
      move_to (desk, 140, 130, 0, 1);
      assert_true (assay_session_get_live (desk->session, &seen));
      g_autoptr (AssayMask) shown = assay_paint_to_mask (seen.paint);
      feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { 140, 130 }, .button = 1 });
      const AssayRegion *region = object_at (desk, 1)->value;
      assert_int_equal (assay_id_is_nil (&seen.object), unsure);
      assert_true (assay_mask_equal (shown, unsure ? region->unsure : region->mask));
    }
}

static void
a_stroke_goes_on_while_threads_cut (void **state)
{
  AssayPoint path[10];
  g_autoptr (Desk) desk = desk_new_on ("superpixel", paint_picture (1100, 300, ASSAY_PIXELS_GREY8, disc));
  desk->hold = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (path); i++)
    path[i] = (AssayPoint){ 100 + i * 100, 150 };
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { 50, 150 }, .button = 1 });
  work_in_threads (desk, path, G_N_ELEMENTS (path), 1);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = path[9], .button = 1 });
  work_in_threads (desk, path, 2, 0);
  assert_int_equal (desk->n_edits, 1);
  for (guint x = 50; x <= 1000; x++)
    assert_true (assay_mask_contains (mask_at (desk, 0), x, 150));
}

static void
escape_leaves_a_stroke_and_the_wheel_makes_patches_larger (void **state)
{
  AssayLive seen = { 0 };
  g_autoptr (Desk) desk = desk_new_on ("superpixel", paint_picture (W, H, ASSAY_PIXELS_RGB8, disc));
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { 140, 100 }, .button = 1 });
  assert_true (assay_session_get_live (desk->session, &seen));
  escape (desk);
  assert_false (assay_session_get_live (desk->session, &seen));
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { 140, 100 }, .button = 1 });
  assert_int_equal (desk->n_edits, 0);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_SCROLL, .steps = 3, .at = { 140, 100 } });
  assert_int_equal (assay_options_get_int (scene_of (desk)->options, "superpixel-px"), 47);
  press_key (desk, "bracketleft");
  assert_int_equal (assay_options_get_int (scene_of (desk)->options, "superpixel-px"), 38);
  for (guint i = 0; i < 8; i++) /* a touchpad */
    feed (desk, (AssayInput){ .kind = ASSAY_INPUT_SCROLL, .steps = 0.125, .at = { 140, 100 } });
  assert_int_equal (assay_options_get_int (scene_of (desk)->options, "superpixel-px"), 48);
}

static void
odd_pictures_and_places_break_nothing (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (AssayPicture) picture = paint_picture (W, H, ASSAY_PIXELS_GREY16, disc);
  assert_null (assay_vision_superpixels (picture, (AssayRect){ 400, 0, 10, 10 }, 16, NULL, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  assert_null (assay_vision_superpixels (picture, (AssayRect){ 0, 0, 10, 10 }, 16, cancellable, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  for (guint size = 1; size <= 4; size++)
    {
      g_autoptr (Desk) desk = desk_new_on ("superpixel", paint_picture (size, 1, ASSAY_PIXELS_GREY16, disc));
      drag (desk, -5, 0.5, 10, 0.5);
      assert_int_equal (desk->n_edits, 1);
      assert_int_equal (assay_mask_area_px (mask_at (desk, 0)), size);
      click (desk, 50, 50);
      assert_int_equal (desk->n_edits, 1);
    }
}

/* By an outline that a person drew with care: a few drags over it, then clicks where it is most wrong. */
static void
a_named_thing_in_a_real_picture_is_painted_in_a_few_drags (void **state)
{
  static const double drags[][4] = { { 360, 135, 360, 240 },
                                     { 335, 140, 335, 370 },
                                     { 385, 140, 385, 215 },
                                     { 370, 275, 370, 370 },
                                     { 395, 275, 395, 360 } };
  g_autoptr (AssayMask) drawn = load_drawn ("cup_001.jpg", "bottle");
  g_autoptr (Desk) desk = desk_new_on ("superpixel", load_photo ("cup_001.jpg"));
  set_option (desk, "superpixel-px", "16");
  for (guint i = 0; i < G_N_ELEMENTS (drags); i++)
    drag (desk, drags[i][0], drags[i][1], drags[i][2], drags[i][3]);
  guint n_clicks = 0;
  for (; n_clicks < 10 && assay_mask_iou (mask_at (desk, 0), drawn, FALSE) < 0.90; n_clicks++)
    {
      guint x[2] = { 0 }, y[2] = { 0 };
      g_autoptr (AssayMask) missing = assay_mask_combine (drawn, mask_at (desk, 0), ASSAY_MASK_DIFFERENCE);
      g_autoptr (AssayMask) beyond = assay_mask_combine (mask_at (desk, 0), drawn, ASSAY_MASK_DIFFERENCE);
      guint k = find_deepest (beyond, &x[1], &y[1]) > find_deepest (missing, &x[0], &y[0]);
      click_with (desk, x[k] + 0.5, y[k] + 0.5, k > 0 ? ASSAY_INPUT_ALT : 0);
    }
  double iou = assay_mask_iou (mask_at (desk, 0), drawn, FALSE);
  print_message ("# bottle in cup_001.jpg: IoU %.3f after %u drags and %u clicks\n", iou,
                 (guint) G_N_ELEMENTS (drags), n_clicks);
  assert_int_equal (n_objects (desk), 1);
  assert_true (iou >= 0.90);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_pixel_of_the_window_is_in_one_patch_and_patches_keep_to_borders),
    cmocka_unit_test (outlines_go_round_exactly_the_patch),
    cmocka_unit_test (a_drag_paints_whole_patches_in_one_edit_and_alt_takes_them_away),
    cmocka_unit_test (the_patch_under_the_pointer_is_outlined),
    cmocka_unit_test (a_stroke_that_is_faster_than_its_tiles_is_painted_whole),
    cmocka_unit_test (escape_leaves_a_stroke_and_the_wheel_makes_patches_larger),
    cmocka_unit_test (odd_pictures_and_places_break_nothing),
    cmocka_unit_test (dabs_that_come_before_their_tile_are_all_painted),
    cmocka_unit_test (what_neighbours_keep_and_what_is_not_sure_is_shown_as_it_will_be),
    cmocka_unit_test (a_stroke_goes_on_while_threads_cut),
    cmocka_unit_test (a_named_thing_in_a_real_picture_is_painted_in_a_few_drags),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
