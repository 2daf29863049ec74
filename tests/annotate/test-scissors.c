/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "tests/annotate/photo-desk.h"
#include "vision/wire.h"

#include <math.h>

#define W 320
#define H 240

/* A disc with a wavy border on a ground of another grey, with noise. */
static gboolean
in_shape (double x, double y)
{
  double dx = x - 160, dy = y - 120;
  return hypot (dx, dy) < 80 + 6 * sin (5 * atan2 (dy, dx));
}

static guint
shape (guint x, guint y, guint channel)
{
  guint32 n = (x * 73856093u) ^ (y * 19349663u) ^ (channel * 83492791u);
  n = (n ^ n >> 13) * 1274126177u;
  return (in_shape (x + 0.5, y + 0.5) ? 150 : 70) + (n >> 27);
}

static guint
shape_12_bits (guint x, guint y, guint channel)
{
  return shape (x, y, channel) * 16;
}

static AssayMask *
mask_of_shape (void)
{
  g_autofree guint8 *bytes = g_malloc0 ((gsize) W * H);
  for (guint i = 0; i < W * H; i++)
    bytes[i] = in_shape (i % W + 0.5, i / W + 0.5);
  return assay_mask_new_from_bytes (bytes, W, W, H);
}

/* Three pixels off the border, as hands are. */
static AssayPoint
near_border (double angle)
{
  double reach = 80 + 6 * sin (5 * angle) + 2;
  return (AssayPoint){ 160 + reach * cos (angle), 120 + reach * sin (angle) };
}

static void
click_round (Desk *desk, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      AssayPoint p = near_border (2 * G_PI * i / n - 3);
      click (desk, p.x, p.y);
    }
}

static void
a_few_clicks_follow_the_border (void **state)
{
  static const AssayPixels all[] = { ASSAY_PIXELS_GREY8, ASSAY_PIXELS_RGB16 };
  g_autoptr (AssayMask) truth = mask_of_shape ();
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (Desk) desk
          = desk_new_on ("scissors", paint_picture (W, H, all[i], i == 0 ? shape : shape_12_bits));
      click_round (desk, 6);
      assert_int_equal (desk->n_edits, 0);
      press_key (desk, "Enter");
      assert_int_equal (desk->n_edits, 1);
      assert_string_equal (((const AssayEdit *) desk->edits->pdata[0])->name, "scissors on cup-1");
      assert_true (assay_mask_iou (mask_at (desk, 0), truth, FALSE) > 0.97);
    }
}

static void
what_is_closed_keeps_corners_that_are_exactly_its_pixels (void **state)
{
  g_autoptr (Desk) desk = desk_new_on ("scissors", paint_picture (W, H, ASSAY_PIXELS_RGB8, shape));
  click_round (desk, 6);
  AssayPoint first = near_border (-3);
  click (desk, first.x, first.y); /* closes */
  assert_int_equal (n_objects (desk), 1);
  const AssayRegion *region = object_at (desk, 0)->value;
  assert_non_null (region->rings);
  const AssayRing *ring = region->rings->pdata[0];
  assert_in_range (ring->n_points, 8, 250);
  g_autoptr (AssayMask) mask = assay_mask_new_from_rings (region->rings, W, H);
  assert_true (assay_mask_equal (mask, region->mask));
  /* Taken away again from it: pixels, and no corner is left behind. */
  click_with (desk, 160, 100, ASSAY_INPUT_ALT);
  click (desk, 200, 140);
  click (desk, 120, 140);
  press_key (desk, "Enter");
  assert_int_equal (n_objects (desk), 1);
  assert_null (((const AssayRegion *) object_at (desk, 0)->value)->rings);
  assert_true (assay_mask_area_px (mask_at (desk, 0)) < assay_mask_area_px (mask));
}

static void
backspace_takes_the_last_click_back (void **state)
{
  g_autoptr (AssayMask) truth = mask_of_shape ();
  g_autoptr (Desk) desk = desk_new_on ("scissors", paint_picture (W, H, ASSAY_PIXELS_RGB8, shape));
  click_round (desk, 5);
  click (desk, 20, 20);
  press_key (desk, "BackSpace");
  press_key (desk, "Enter");
  assert_true (assay_mask_iou (mask_at (desk, 0), truth, FALSE) > 0.95);
  click (desk, 10, 10);
  press_key (desk, "BackSpace");
  assert_false (press_key (desk, "Enter"));
  assert_int_equal (desk->n_edits, 1);
}

static void
clicks_that_come_before_the_wire_wait_for_it (void **state)
{
  g_autoptr (AssayMask) truth = mask_of_shape ();
  g_autoptr (Desk) desk = desk_new_on ("scissors", paint_picture (W, H, ASSAY_PIXELS_RGB8, shape));
  desk->hold = TRUE;
  click_round (desk, 6);
  press_key (desk, "Enter");
  assert_int_equal (desk->n_edits, 0);
  for (guint i = 0; i < 20 && desk->held != NULL; i++)
    do_work (desk);
  assert_int_equal (desk->n_edits, 1);
  assert_true (assay_mask_iou (mask_at (desk, 0), truth, FALSE) > 0.97);
  /* Given up while it is under way. */
  click (desk, 50, 50);
  g_autoptr (AssayWork) late = g_steal_pointer (&desk->held);
  escape (desk);
  assay_session_set_tool (desk->session, assay_tool_find ("select"));
  late->run (late->data, NULL);
  assert_int_equal (desk->n_edits, 1);
}

static void
a_wire_that_cannot_be_made_is_not_asked_for_again_and_again (void **state)
{
  g_autoptr (Desk) desk = desk_new_on ("scissors", paint_picture (W, H, ASSAY_PIXELS_RGB8, shape));
  g_autoptr (GCancellable) given_up = g_cancellable_new ();
  g_cancellable_cancel (given_up);
  click_round (desk, 5);
  desk->hold = TRUE;
  AssayPoint last = near_border (2.4);
  click (desk, last.x, last.y);
  g_autoptr (AssayWork) fails = g_steal_pointer (&desk->held);
  fails->run (fails->data, given_up);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_WORKED, .pressure = 1, .work = fails });
  move_to (desk, 100, 100, 0, 0);
  assert_null (desk->held);
  desk->hold = FALSE;
  press_key (desk, "Enter"); /* what was clicked before is there still */
  assert_int_equal (desk->n_edits, 1);
}

static void
the_pointer_moves_while_threads_search (void **state)
{
  AssayPoint path[6];
  g_autoptr (AssayMask) truth = mask_of_shape ();
  g_autoptr (Desk) desk = desk_new_on ("scissors", paint_picture (W, H, ASSAY_PIXELS_RGB8, shape));
  desk->hold = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (path); i++)
    path[i] = near_border (i);
  click_round (desk, 6);
  work_in_threads (desk, path, G_N_ELEMENTS (path), 0);
  press_key (desk, "Enter");
  work_in_threads (desk, path, 1, 0);
  assert_int_equal (desk->n_edits, 1);
  assert_true (assay_mask_iou (mask_at (desk, 0), truth, FALSE) > 0.97);
}

static void
from_afar_the_cells_are_larger_and_the_first_point_may_be_far (void **state)
{
  static guint8 bytes[1000 * 900];
  g_autoptr (AssayPicture) picture = assay_picture_new (1000, 900, ASSAY_PIXELS_GREY8);
  for (guint i = 0; i < 1000 * 900; i++)
    {
      bytes[i] = hypot (i % 1000 - 500.0, i / 1000 - 450.0) < 340;
      picture->data[i / 1000 * picture->stride + i % 1000] = bytes[i] ? 150 : 100;
    }
  g_autoptr (AssayMask) truth = assay_mask_new_from_bytes (bytes, 1000, 1000, 900);
  static const double scales[] = { 1, 0.25 };
  for (guint k = 0; k < 2; k++)
    {
      g_autoptr (Desk) desk = desk_new_on ("scissors", assay_picture_ref (picture));
      desk->px_per_unit = scales[k];
      guint n = k == 0 ? 8 : 6;
      for (guint i = 0; i < n; i++)
        click (desk, 500 + 341 * cos (2 * G_PI * i / n), 450 + 341 * sin (2 * G_PI * i / n));
      press_key (desk, "Enter");
      assert_int_equal (desk->n_edits, 1);
      assert_true (assay_mask_iou (mask_at (desk, 0), truth, FALSE) > 0.98);
    }
}

static guint
even (guint x, guint y, guint channel)
{
  return 100;
}

static void
wires_end_where_they_are_asked_to_and_stay_whole (void **state)
{
  g_autoptr (AssayPicture) picture = paint_picture (W, H, ASSAY_PIXELS_RGB8, shape);
  g_autoptr (AssayWire) wire = assay_vision_wire (picture, (AssayPoint){ 100, 60 }, NULL, 1, NULL, NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  for (guint i = 0; i < 200; i++)
    {
      AssayPoint to = { g_rand_double_range (random, 0, W), g_rand_double_range (random, 0, H) };
      g_autoptr (GArray) path = assay_wire_list_path (wire, to);
      const AssayPoint *points = (const AssayPoint *) (gpointer) path->data;
      AssayPoint source = assay_wire_get_source (wire);
      assert_true (points[0].x == source.x && points[0].y == source.y);
      assert_true (fabs (points[path->len - 1].x - to.x) <= 0.5 && fabs (points[path->len - 1].y - to.y) <= 0.5);
      for (guint k = 1; k < path->len; k++)
        assert_true (fabs (points[k].x - points[k - 1].x) <= 1 && fabs (points[k].y - points[k - 1].y) <= 1);
    }
}

static void
odd_pictures_and_places_break_nothing (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (AssayPicture) picture = paint_picture (W, H, ASSAY_PIXELS_GREY16, even);
  assert_null (assay_vision_wire (picture, (AssayPoint){ -1, 5 }, NULL, 1, NULL, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  assert_null (assay_vision_wire (picture, (AssayPoint){ 5, 5 }, NULL, 1, cancellable, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  for (guint size = 1; size <= 3; size++)
    {
      g_autoptr (Desk) desk = desk_new_on ("scissors", paint_picture (size, size, ASSAY_PIXELS_GREY16, even));
      desk->px_per_unit = 20;
      click (desk, -5, -5);
      click (desk, 50, 0);
      click (desk, 50, 50);
      click (desk, 0, 50);
      press_key (desk, "Enter");
      escape (desk);
      assert_true (desk->n_edits <= 1);
    }
  g_autoptr (Desk) desk = desk_new_on ("scissors", assay_picture_ref (picture));
  click (desk, 10, 10);
  click (desk, 100, 10);
  click (desk, 100, 100);
  press_key (desk, "Enter");
  assert_int_equal (desk->n_edits, 1);
}

/* Outlines that a person drew with care; clicked is every so many-th of their points. */
static void
named_things_in_real_pictures_are_cut_out_by_few_clicks (void **state)
{
  static const struct
  {
    const char *name, *class;
    guint n;
  } things[] = { { "cup_001.jpg", "bottle", 8 },
                 { "coffee.png", "cup", 10 },
                 { "rocket.jpg", "rocket", 10 },
                 { "box_013.jpg", "box", 10 },
                 { "cup_016.jpg", "bottle", 7 } };
  for (guint i = 0; i < G_N_ELEMENTS (things); i++)
    {
      g_autoptr (AssayRing) ring = load_drawn_ring (things[i].name, things[i].class);
      g_autoptr (AssayPicture) picture = load_photo (things[i].name);
      g_autoptr (AssayMask) drawn = assay_mask_new_from_ring (ring, picture->width_px, picture->height_px);
      g_autoptr (Desk) desk = desk_new_on ("scissors", assay_picture_ref (picture));
      desk->px_per_unit = 2;
      for (guint k = 0; k < things[i].n; k++)
        {
          AssayPoint p = ring->points[k * ring->n_points / things[i].n];
          click (desk, p.x, p.y);
        }
      press_key (desk, "Enter");
      assert_int_equal (n_objects (desk), 1);
      double iou = assay_mask_iou (mask_at (desk, 0), drawn, FALSE);
      print_message ("# %s in %s: IoU %.3f after %u clicks\n", things[i].class, things[i].name, iou, things[i].n);
      assert_true (iou >= 0.90);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_few_clicks_follow_the_border),
    cmocka_unit_test (what_is_closed_keeps_corners_that_are_exactly_its_pixels),
    cmocka_unit_test (backspace_takes_the_last_click_back),
    cmocka_unit_test (clicks_that_come_before_the_wire_wait_for_it),
    cmocka_unit_test (from_afar_the_cells_are_larger_and_the_first_point_may_be_far),
    cmocka_unit_test (wires_end_where_they_are_asked_to_and_stay_whole),
    cmocka_unit_test (odd_pictures_and_places_break_nothing),
    cmocka_unit_test (a_wire_that_cannot_be_made_is_not_asked_for_again_and_again),
    cmocka_unit_test (the_pointer_moves_while_threads_search),
    cmocka_unit_test (named_things_in_real_pictures_are_cut_out_by_few_clicks),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
