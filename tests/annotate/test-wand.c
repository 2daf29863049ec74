/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/annotate/photo-desk.h"
#include "vision/flood.h"

#define W 160
#define H 90

/* A plate with a hole and specks in it, on a slope of grey. */
static guint
plate (guint x, guint y, guint channel)
{
  gboolean on = x >= 40 && x < 120 && y >= 20 && y < 70;
  gboolean hole = x >= 70 && x < 90 && y >= 35 && y < 50;
  gboolean speck = x == 50 && y == 30;
  return on && !hole && !speck ? 180 + channel * 10 + (x * 7 + y * 3) % 5 : 40 + x / 4 + channel;
}

static guint
plate_12_bits (guint x, guint y, guint channel)
{
  return plate (x, y, channel) * 16;
}

/* What the tool says, reckoned the plain way. */
static AssayMask *
flood_plainly (const AssayPicture *picture, guint x, guint y, guint tolerance, gboolean connected)
{
  guint w = picture->width_px, h = picture->height_px, n_channels = assay_pixels_channels (picture->pixels);
  g_autofree guint8 *inside = g_malloc0 ((gsize) w * h), *alike = g_malloc0 ((gsize) w * h);
  const guint8 *seed = picture->data + y * picture->stride + x * n_channels;
  for (guint i = 0; i < w * h; i++)
    {
      int most = 0;
      for (guint c = 0; c < n_channels; c++)
        most = MAX (most, ABS (picture->data[i / w * picture->stride + i % w * n_channels + c] - seed[c]));
      alike[i] = most <= (int) tolerance;
    }
  if (!connected)
    return assay_mask_new_from_bytes (alike, w, w, h);
  inside[y * w + x] = 1;
  for (gboolean grown = TRUE; grown;)
    {
      grown = FALSE;
      for (guint i = 0; i < w * h; i++)
        if (inside[i] == 0 && alike[i] != 0
            && ((i % w > 0 && inside[i - 1]) || (i % w + 1 < w && inside[i + 1]) || (i >= w && inside[i - w])
                || (i + w < w * h && inside[i + w])))
          grown = inside[i] = 1;
    }
  return assay_mask_new_from_bytes (inside, w, w, h);
}

static guint32 dice_state = 7;
static guint
noise (guint x, guint y, guint channel)
{
  dice_state = dice_state * 1664525 + 1013904223;
  return (dice_state >> 24) / 2 + (x + y) / 3;
}

static void
every_tolerance_up_and_down_is_what_plain_flooding_finds (void **state)
{
  static const guint tolerances[] = { 0, 5, 20, 60, 30, 90, 254, 10 };
  g_autoptr (AssayPicture) picture = paint_picture (67, 41, ASSAY_PIXELS_RGB8, noise);
  for (guint k = 0; k < 2; k++)
    {
      g_autoptr (AssayFlood) flood = assay_flood_new (picture, 30, 20, k == 0);
      for (guint i = 0; i < G_N_ELEMENTS (tolerances); i++)
        {
          while (!assay_flood_reach (flood, tolerances[i], 50, NULL))
            ;
          g_autoptr (AssayMask) mask = assay_flood_to_mask (flood, tolerances[i], 1);
          g_autoptr (AssayMask) plain = flood_plainly (picture, 30, 20, tolerances[i], k == 0);
          g_autoptr (AssayMask) coarse = assay_flood_to_mask (flood, tolerances[i], 4);
          assert_true (assay_mask_equal (mask, plain));
          for (guint y = 0; y < 41; y++)
            for (guint x = 0; x < 67; x++)
              {
                gboolean asked = assay_mask_contains (plain, x - x % 4, y - y % 4);
                assert_true (asked || !assay_mask_contains (coarse, x, y));
                assert_true (x % 4 != 0 || y % 4 != 0 || asked == assay_mask_contains (coarse, x, y));
              }
        }
    }
}

static void
a_click_takes_what_looks_alike_and_fills_specks_but_not_holes (void **state)
{
  g_autoptr (Desk) desk = desk_new_on ("wand", paint_picture (W, H, ASSAY_PIXELS_RGB8, plate));
  click (desk, 60.5, 60.5);
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (desk->n_edits, 1);
  assert_int_equal (assay_mask_area_px (mask_at (desk, 0)), 80 * 50 - 20 * 15);
  assert_true (assay_mask_contains (mask_at (desk, 0), 50, 30));
  assert_false (assay_mask_contains (mask_at (desk, 0), 80, 40));
  set_option (desk, "specks-px", "300");
  escape (desk);
  click (desk, 60.5, 60.5);
  assert_int_equal (assay_mask_area_px (mask_at (desk, 1)), 80 * 50);
}

static void
shift_adds_and_alt_takes_away (void **state)
{
  g_autoptr (Desk) desk = desk_new_on ("wand", paint_picture (W, H, ASSAY_PIXELS_RGB8, plate));
  click (desk, 60.5, 60.5);
  click_with (desk, 80.5, 40.5, ASSAY_INPUT_SHIFT);
  assert_int_equal (n_objects (desk), 1);
  assert_int_equal (assay_mask_area_px (mask_at (desk, 0)), 80 * 50);
  click_with (desk, 80.5, 40.5, ASSAY_INPUT_ALT);
  assert_int_equal (assay_mask_area_px (mask_at (desk, 0)), 80 * 50 - 20 * 15);
  assert_int_equal (desk->n_edits, 3);
}

static void
dragging_away_raises_the_tolerance_while_one_looks (void **state)
{
  AssayLive seen = { 0 };
  AssayRect dirty;
  g_autoptr (Desk) desk = desk_new_on ("wand", paint_picture (W, H, ASSAY_PIXELS_RGB8, plate));
  set_option (desk, "specks-px", "0");
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { 60.5, 60.5 }, .button = 1 });
  move_to (desk, 70.5, 60.5, 0, 1); /* two pixels beyond reach: tolerance 1 */
  assert_true (assay_session_get_live (desk->session, &seen));
  g_autoptr (AssayMask) little = assay_paint_to_mask (seen.paint);
  move_to (desk, 60.5, 88.5, 0, 1);
  g_autoptr (AssayMask) plate_only = assay_paint_to_mask (seen.paint);
  assert_true (assay_paint_take_dirty (seen.paint, &dirty));
  move_to (desk, 560.5, 60.5, 0, 1);
  g_autoptr (AssayMask) all = assay_paint_to_mask (seen.paint);
  assert_true (assay_mask_area_px (little) < assay_mask_area_px (plate_only));
  assert_int_equal (assay_mask_area_px (plate_only), 80 * 50 - 20 * 15 - 1);
  assert_int_equal (assay_mask_area_px (all), W * H);
  move_to (desk, 60.5, 88.5, 0, 1); /* and back */
  assert_true (assay_paint_take_dirty (seen.paint, &dirty));
  assert_int_equal (dirty.w, W);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { 60.5, 88.5 }, .button = 1 });
  assert_int_equal (desk->n_edits, 1);
  assert_true (assay_mask_equal (mask_at (desk, 0), plate_only));
  assert_false (assay_session_get_live (desk->session, &seen));
  assert_int_equal (assay_options_get_int (scene_of (desk)->options, "tolerance"), 10);
}

/* The hole, and the plate round it, which is then spread over all there is. */
static void
what_is_seen_is_what_comes_of_it (void **state)
{
  static const char *const ways[] = { "overlap", "cut", "under", "over" };
  for (guint i = 0; i <= G_N_ELEMENTS (ways); i++)
    {
      AssayLive seen = { 0 };
      gboolean unsure = i == G_N_ELEMENTS (ways);
      g_autoptr (Desk) desk = desk_new_on ("wand", paint_picture (W, H, ASSAY_PIXELS_RGB8, plate));
      click (desk, 80.5, 40.5);
      click (desk, 60.5, 60.5);
      set_option (desk, "neighbours", unsure ? "overlap" : ways[i]);
      set_option (desk, "paints", unsure ? "unsure" : "object");
      set_option (desk, "tolerance", "200");
      feed (desk, (AssayInput){
                      .kind = ASSAY_INPUT_PRESS, .at = { 60.5, 60.5 }, .button = 1, .flags = ASSAY_INPUT_SHIFT });
      assert_true (assay_session_get_live (desk->session, &seen));
      g_autoptr (AssayMask) shown = assay_paint_to_mask (seen.paint);
      assert_int_equal (assay_id_is_nil (&seen.object), unsure);
      AssayId plate_id = object_at (desk, 1)->id;
      feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { 60.5, 60.5 }, .button = 1 });
      const AssayRegion *region = assay_objects_find (scene_of (desk)->objects, &plate_id)->value;
      assert_true (assay_mask_equal (shown, unsure ? region->unsure : region->mask));
    }
}

static void
escape_lets_go_and_a_touchpad_moves_the_tolerance (void **state)
{
  g_autoptr (Desk) desk = desk_new_on ("wand", paint_picture (W, H, ASSAY_PIXELS_RGB8, plate));
  click (desk, 60.5, 60.5);
  assert_false (assay_id_is_nil (&scene_of (desk)->selected));
  escape (desk);
  assert_true (assay_id_is_nil (&scene_of (desk)->selected));
  for (guint i = 0; i < 20; i++)
    feed (desk, (AssayInput){ .kind = ASSAY_INPUT_SCROLL, .steps = 0.1, .at = { 60.5, 60.5 } });
  assert_in_range (assay_options_get_int (scene_of (desk)->options, "tolerance"), 26, 28);
}

static void
what_is_not_contiguous_is_taken_when_asked_for (void **state)
{
  g_autoptr (Desk) desk = desk_new_on ("wand", paint_picture (W, H, ASSAY_PIXELS_GREY8, plate));
  set_option (desk, "contiguous", "false");
  set_option (desk, "tolerance", "60");
  set_option (desk, "specks-px", "0");
  click (desk, 5.5, 5.5);
  assert_true (assay_mask_contains (mask_at (desk, 0), 80, 40)); /* the hole */
  assert_false (assay_mask_contains (mask_at (desk, 0), 60, 60));
}

static void
twelve_bits_in_sixteen_are_as_good_as_eight (void **state)
{
  static const AssayPixels deep[] = { ASSAY_PIXELS_GREY16, ASSAY_PIXELS_RGB16 };
  for (guint i = 0; i < G_N_ELEMENTS (deep); i++)
    {
      g_autoptr (Desk) desk = desk_new_on ("wand", paint_picture (W, H, deep[i], plate_12_bits));
      click (desk, 60.5, 60.5);
      assert_int_equal (assay_mask_area_px (mask_at (desk, 0)), 80 * 50 - 20 * 15);
    }
}

static guint
even (guint x, guint y, guint channel)
{
  return 100;
}

static void
a_large_region_comes_a_piece_at_a_time_and_the_edit_last (void **state)
{
  AssayLive seen = { 0 };
  g_autoptr (Desk) desk = desk_new_on ("wand", paint_picture (2500, 2000, ASSAY_PIXELS_GREY8, even));
  desk->hold = TRUE;
  click (desk, 1000.5, 1000.5);
  assert_int_equal (desk->n_edits, 0);
  assert_true (assay_session_get_live (desk->session, &seen));
  guint pieces = 0;
  for (; desk->held != NULL; pieces++)
    do_work (desk);
  assert_true (pieces >= 2);
  assert_int_equal (desk->n_edits, 1);
  assert_int_equal (assay_mask_area_px (mask_at (desk, 0)), 2500 * 2000);
}

static void
a_drag_goes_on_while_threads_find (void **state)
{
  AssayPoint path[12];
  g_autoptr (Desk) desk = desk_new_on ("wand", paint_picture (1500, 1200, ASSAY_PIXELS_RGB8, noise));
  desk->hold = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (path); i++)
    path[i] = (AssayPoint){ 100 + i * 30, 50 };
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { 50, 50 }, .button = 1 });
  work_in_threads (desk, path, G_N_ELEMENTS (path), 1);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = path[11], .button = 1 });
  work_in_threads (desk, path, 3, 0);
  assert_int_equal (desk->n_edits, 1);
}

static void
an_answer_that_never_comes_holds_nothing_up (void **state)
{
  g_autoptr (Desk) desk = desk_new_on ("wand", paint_picture (2500, 2000, ASSAY_PIXELS_GREY8, even));
  desk->hold = TRUE;
  click (desk, 1000.5, 1000.5);
  g_autoptr (AssayWork) lost = g_steal_pointer (&desk->held);
  lost->run (lost->data, NULL);
  for (guint i = 0; i < 100 && desk->n_edits == 0; i++)
    {
      move_to (desk, 5, 5, 0, 0);
      do_work (desk);
    }
  assert_int_equal (desk->n_edits, 1);
  /* Given up while another thread has it. */
  click (desk, 10.5, 10.5);
  g_autoptr (AssayWork) late = g_steal_pointer (&desk->held);
  assert_non_null (late);
  escape (desk);
  assay_session_set_tool (desk->session, assay_tool_find ("select"));
  late->run (late->data, NULL);
  assert_int_equal (desk->n_edits, 1);
}

static void
beside_the_picture_and_in_the_least_picture_nothing_breaks (void **state)
{
  g_autoptr (Desk) desk = desk_new_on ("wand", paint_picture (1, 1, ASSAY_PIXELS_GREY16, even));
  click (desk, -3, -3);
  click (desk, 5, 0.5);
  click (desk, 1, 1);
  assert_int_equal (desk->n_edits, 0);
  click (desk, 0.5, 0.5);
  assert_int_equal (desk->n_edits, 1);
  assert_int_equal (assay_mask_area_px (mask_at (desk, 0)), 1);
}

static void
drag_with (Desk *desk, double x, double y, double away, AssayInputFlags flags)
{
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { x, y }, .button = 1, .flags = flags });
  move_to (desk, x + away, y, flags, 1);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { x + away, y }, .button = 1, .flags = flags });
}

/* By outlines that a person drew with care: a drag in the middle of the worst fault, with Shift or with Alt, until
 * it is good enough. */
static void
bottles_in_real_pictures_are_made_of_a_few_drags (void **state)
{
  static const char *const things[][2] = { { "cup_001.jpg", "bottle" }, { "cup_024.jpg", "bottle" } };
  for (guint i = 0; i < G_N_ELEMENTS (things); i++)
    {
      g_autoptr (AssayMask) drawn = load_drawn (things[i][0], things[i][1]);
      g_autoptr (AssayPicture) picture = load_photo (things[i][0]);
      g_autoptr (AssayMask) empty = assay_mask_new_empty (drawn->width_px, drawn->height_px);
      g_autoptr (Desk) desk = desk_new_on ("wand", assay_picture_ref (picture));
      const AssayMask *have = empty;
      guint n_drags = 0;
      for (; n_drags < 12 && !(assay_mask_iou (have, drawn, FALSE) >= 0.90); n_drags++)
        {
          guint x[2] = { 0 }, y[2] = { 0 };
          g_autoptr (AssayMask) missing = assay_mask_combine (drawn, have, ASSAY_MASK_DIFFERENCE);
          g_autoptr (AssayMask) beyond = assay_mask_combine (have, drawn, ASSAY_MASK_DIFFERENCE);
          guint k = find_deepest (beyond, &x[1], &y[1]) > find_deepest (missing, &x[0], &y[0]);
          guint tolerance
              = find_tolerance (picture, drawn, have, x[k], y[k], k > 0 ? ASSAY_MASK_DIFFERENCE : ASSAY_MASK_UNION);
          drag_with (desk, x[k] + 0.5, y[k] + 0.5, ASSAY_TOOL_REACH_PX + 2.0 * tolerance,
                     k > 0         ? ASSAY_INPUT_ALT
                     : n_drags > 0 ? ASSAY_INPUT_SHIFT
                                   : 0);
          have = mask_at (desk, 0);
        }
      double iou = assay_mask_iou (have, drawn, FALSE);
      print_message ("# %s in %s: IoU %.3f after %u drags\n", things[i][1], things[i][0], iou, n_drags);
      assert_int_equal (n_objects (desk), 1);
      assert_true (iou >= 0.90);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_tolerance_up_and_down_is_what_plain_flooding_finds),
    cmocka_unit_test (a_click_takes_what_looks_alike_and_fills_specks_but_not_holes),
    cmocka_unit_test (shift_adds_and_alt_takes_away),
    cmocka_unit_test (dragging_away_raises_the_tolerance_while_one_looks),
    cmocka_unit_test (what_is_seen_is_what_comes_of_it),
    cmocka_unit_test (escape_lets_go_and_a_touchpad_moves_the_tolerance),
    cmocka_unit_test (what_is_not_contiguous_is_taken_when_asked_for),
    cmocka_unit_test (twelve_bits_in_sixteen_are_as_good_as_eight),
    cmocka_unit_test (a_large_region_comes_a_piece_at_a_time_and_the_edit_last),
    cmocka_unit_test (an_answer_that_never_comes_holds_nothing_up),
    cmocka_unit_test (beside_the_picture_and_in_the_least_picture_nothing_breaks),
    cmocka_unit_test (a_drag_goes_on_while_threads_find),
    cmocka_unit_test (bottles_in_real_pictures_are_made_of_a_few_drags),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
