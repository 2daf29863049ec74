/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "tests/annotate/photo-desk.h"
#include "vision/cut.h"

#include <math.h>

#define W 200
#define H 150

static guint
dice (guint x, guint y, guint channel)
{
  guint32 n = (x * 73856093u) ^ (y * 19349663u) ^ (channel * 83492791u);
  n = (n ^ n >> 13) * 1274126177u;
  return (n ^ n >> 16) & 0xff;
}

static gboolean
in_disc (guint x, guint y)
{
  return hypot (x + 0.5 - 90, y + 0.5 - 75) < 40;
}

/* A noisy disc of one colour with a dark cap, on a noisy ground as dark as the cap; in the corner of the box
 * something else as bright as the disc. */
static guint
disc (guint x, guint y, guint channel)
{
  static const guint colour[3] = { 200, 120, 60 }, ground[3] = { 40, 70, 110 };
  gboolean bright = (in_disc (x, y) && y >= 55) || (x >= 49 && x < 63 && y >= 104 && y < 118);
  return (bright ? colour : ground)[channel] + dice (x, y, channel) / 8;
}

static guint
plain_disc (guint x, guint y, guint channel)
{
  return (in_disc (x, y) ? 150 : 40) + dice (x, y, channel) / 6;
}

static guint
plain_disc_12_bits (guint x, guint y, guint channel)
{
  return plain_disc (x, y, channel) * 16;
}

static AssayMask *
mask_of_disc (gboolean cap)
{
  g_autofree guint8 *bytes = g_malloc0 ((gsize) W * H);
  for (guint i = 0; i < W * H; i++)
    bytes[i] = in_disc (i % W, i / W) && (cap || i / W >= 55);
  return assay_mask_new_from_bytes (bytes, W, W, H);
}

static void
stroke (Desk *desk, double x0, double y0, double x1, double y1, AssayInputFlags flags)
{
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { x0, y0 }, .button = 1, .flags = flags });
  for (guint i = 1; i <= 4; i++)
    move_to (desk, x0 + (x1 - x0) * i / 4, y0 + (y1 - y0) * i / 4, flags, 1);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { x1, y1 }, .button = 1, .flags = flags });
}

static void
a_box_and_enter_are_one_edit (void **state)
{
  static const AssayPixels all[]
      = { ASSAY_PIXELS_GREY8, ASSAY_PIXELS_RGB8, ASSAY_PIXELS_GREY16, ASSAY_PIXELS_RGB16 };
  g_autoptr (AssayMask) truth = mask_of_disc (TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      AssayLive seen = { 0 };
      g_autoptr (Desk) desk
          = desk_new_on ("grabcut", paint_picture (W, H, all[i], i < 2 ? plain_disc : plain_disc_12_bits));
      drag (desk, 45, 30, 135, 120);
      assert_int_equal (desk->n_edits, 0); /* nobody's yet */
      assert_true (assay_session_get_live (desk->session, &seen));
      press_key (desk, "Enter");
      assert_int_equal (desk->n_edits, 1);
      assert_false (assay_session_get_live (desk->session, &seen));
      assert_true (assay_mask_iou (mask_at (desk, 0), truth, FALSE) > 0.97);
      const AssayEdit *edit = desk->edits->pdata[0];
      assert_string_equal (edit->name, "grabcut on cup-1");
    }
}

static void
strokes_say_what_belongs_and_what_does_not (void **state)
{
  g_autoptr (AssayMask) bright = mask_of_disc (FALSE);
  g_autoptr (Desk) desk = desk_new_on ("grabcut", paint_picture (W, H, ASSAY_PIXELS_RGB8, disc));
  AssayLive seen = { 0 };
  drag (desk, 45, 30, 135, 120);
  assert_true (assay_session_get_live (desk->session, &seen));
  g_autoptr (AssayMask) first = assay_paint_to_mask (seen.paint);
  assert_true (assay_mask_iou (first, bright, FALSE) > 0.93);
  assert_false (assay_mask_contains (first, 90, 45));
  stroke (desk, 70, 48, 110, 48, 0);
  g_autoptr (AssayMask) second = assay_paint_to_mask (seen.paint);
  assert_true (assay_mask_contains (second, 90, 48));
  press_key (desk, "BackSpace");
  g_autoptr (AssayMask) third = assay_paint_to_mask (seen.paint);
  assert_true (assay_mask_equal (first, third));
  assert_true (assay_mask_contains (first, 55, 110));
  stroke (desk, 51, 106, 61, 116, ASSAY_INPUT_ALT);
  g_autoptr (AssayMask) fourth = assay_paint_to_mask (seen.paint);
  assert_false (assay_mask_contains (fourth, 55, 110));
  assert_true (assay_mask_iou (fourth, bright, FALSE) > 0.97);
  assert_int_equal (desk->n_edits, 0);
  press_key (desk, "Enter");
  assert_int_equal (desk->n_edits, 1);
  assert_true (assay_mask_equal (mask_at (desk, 0), fourth));
}

static void
escape_gives_all_of_it_up (void **state)
{
  AssayLive seen = { 0 };
  g_autoptr (Desk) desk = desk_new_on ("grabcut", paint_picture (W, H, ASSAY_PIXELS_RGB8, disc));
  drag (desk, 45, 30, 135, 120);
  stroke (desk, 70, 48, 110, 48, 0);
  escape (desk);
  assert_false (assay_session_get_live (desk->session, &seen));
  press_key (desk, "Enter");
  assert_int_equal (desk->n_edits, 0);
  drag (desk, 45, 30, 135, 120);
  press_key (desk, "Enter");
  assert_int_equal (desk->n_edits, 1);
}

static void
shift_adds_the_box_to_the_object_and_alt_takes_it_away (void **state)
{
  g_autoptr (AssayMask) truth = mask_of_disc (TRUE);
  g_autoptr (Desk) desk = desk_new_on ("grabcut", paint_picture (W, H, ASSAY_PIXELS_RGB8, plain_disc));
  drag (desk, 45, 30, 135, 120);
  press_key (desk, "Enter");
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { 45, 30 }, .button = 1, .flags = ASSAY_INPUT_ALT });
  move_to (desk, 135, 120, ASSAY_INPUT_ALT, 1);
  feed (desk,
        (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { 135, 120 }, .button = 1, .flags = ASSAY_INPUT_ALT });
  press_key (desk, "Enter");
  assert_int_equal (n_objects (desk), 0);
}

static void
a_stroke_drawn_while_the_border_is_refined_is_not_lost (void **state)
{
  g_autoptr (Desk) desk = desk_new_on ("grabcut", paint_picture (900, 700, ASSAY_PIXELS_RGB8, disc));
  desk->hold = TRUE;
  drag (desk, 20, 20, 880, 680);
  do_work (desk); /* at a reduced scale: the refining is asked for now */
  assert_non_null (desk->held);
  g_autoptr (AssayWork) late = g_steal_pointer (&desk->held);
  stroke (desk, 600, 500, 700, 500, 0);
  assert_non_null (desk->held);
  late->run (late->data, NULL); /* nobody looks at it */
  press_key (desk, "Enter");
  assert_int_equal (desk->n_edits, 0); /* waits for what was asked for */
  for (guint i = 0; i < 10 && desk->held != NULL; i++)
    do_work (desk);
  assert_int_equal (desk->n_edits, 1);
  assert_true (assay_mask_contains (mask_at (desk, 0), 650, 500));
}

/* The border was being refined; a stroke drops that, and what is asked for instead fails. */
static void
a_stroke_that_cannot_be_cut_leaves_what_was_there (void **state)
{
  g_autoptr (Desk) desk = desk_new_on ("grabcut", paint_picture (900, 700, ASSAY_PIXELS_RGB8, disc));
  desk->hold = TRUE;
  drag (desk, 20, 20, 880, 680);
  do_work (desk);
  assert_non_null (desk->held);
  desk->px_per_unit = 0.004; /* a stroke as wide as the picture */
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { 450, 350 }, .button = 1 });
  do_work (desk);
  assert_non_null (strstr (desk->hint, "background"));
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { 450, 350 }, .button = 1 });
  for (guint i = 0; i < 10 && desk->held != NULL; i++)
    do_work (desk);
  press_key (desk, "Enter");
  assert_int_equal (desk->n_edits, 1);
}

static void
strokes_go_on_while_threads_cut (void **state)
{
  static const AssayPoint path[] = { { 210, 310 }, { 230, 330 }, { 250, 330 } };
  g_autoptr (Desk) desk = desk_new_on ("grabcut", paint_picture (420, 400, ASSAY_PIXELS_RGB8, disc));
  desk->hold = TRUE;
  drag (desk, 20, 20, 380, 380);
  work_in_threads (desk, path, 1, 0);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { 200, 300 }, .button = 1 });
  work_in_threads (desk, path, G_N_ELEMENTS (path), 1);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = path[2], .button = 1 });
  press_key (desk, "Enter");
  work_in_threads (desk, path, 2, 0);
  assert_int_equal (desk->n_edits, 1);
  assert_true (assay_mask_contains (mask_at (desk, 0), 230, 330));
}

static void
boxes_that_cannot_be_cut_are_told (void **state)
{
  static const double boxes[][4]
      = { { 0, 0, W, H }, { -50, -50, 400, 400 }, { 300, 300, 400, 400 }, { -90, -80, -20, -10 } };
  for (guint i = 0; i < G_N_ELEMENTS (boxes); i++)
    {
      g_autoptr (Desk) desk = desk_new_on ("grabcut", paint_picture (W, H, ASSAY_PIXELS_GREY8, plain_disc));
      drag (desk, boxes[i][0], boxes[i][1], boxes[i][2], boxes[i][3]);
      press_key (desk, "Enter");
      assert_int_equal (desk->n_edits, 0);
      assert_non_null (strstr (desk->hint, "background"));
      escape (desk);
      drag (desk, 45, 30, 135, 120);
      press_key (desk, "Enter");
      assert_int_equal (desk->n_edits, 1);
    }
  g_autoptr (Desk) least = desk_new_on ("grabcut", paint_picture (1, 1, ASSAY_PIXELS_GREY16, plain_disc));
  drag (least, -20, -20, 20, 20);
  click (least, 0.5, 0.5);
  press_key (least, "Enter");
  assert_int_equal (least->n_edits, 0);
}

static void
the_refined_border_is_as_good_as_the_whole_at_full_scale (void **state)
{
  static guint8 bytes[900 * 700];
  g_autoptr (AssayPicture) picture = assay_picture_new (900, 700, ASSAY_PIXELS_RGB8);
  for (guint y = 0; y < 700; y++)
    for (guint x = 0; x < 900; x++)
      {
        double angle = atan2 (y - 350.0, x - 450.0), reach = 220 + 25 * sin (9 * angle);
        bytes[y * 900 + x] = hypot (x - 450.0, y - 350.0) < reach;
        for (guint c = 0; c < 3; c++)
          picture->data[y * picture->stride + 3 * x + c]
              = (guint8) ((bytes[y * 900 + x] ? 140 : 60) + c * 10 + dice (x, y, c) / 4);
      }
  g_autoptr (AssayMask) truth = assay_mask_new_from_bytes (bytes, 900, 900, 700);
  const AssayCutHints hints = { { 180, 80, 540, 540 }, NULL, NULL };
  g_autoptr (AssayCut) cut = assay_vision_cut (picture, &hints, 20000, NULL, NULL);
  assert_non_null (cut);
  assert_true (assay_cut_is_reduced (cut));
  g_autoptr (AssayMask) coarse = assay_cut_to_mask (cut);
  g_autoptr (AssayMask) fine = assay_vision_refine_cut (cut, picture, &hints, NULL, NULL);
  g_autoptr (AssayMask) again = assay_vision_refine_cut (cut, picture, &hints, NULL, NULL);
  assert_true (assay_mask_iou (coarse, truth, FALSE) > 0.97);
  assert_true (assay_mask_iou (fine, truth, FALSE) > 0.997);
  assert_true (assay_mask_iou (fine, truth, FALSE) > assay_mask_iou (coarse, truth, FALSE));
  assert_true (assay_mask_equal (fine, again));
}

static void
what_is_given_up_says_so_and_strokes_of_another_size_are_refused (void **state)
{
  g_autoptr (AssayPicture) picture = paint_picture (W, H, ASSAY_PIXELS_RGB8, disc);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayMask) other = assay_mask_new_empty (10, 10), empty = assay_mask_new_empty (W, H);
  AssayCutHints hints = { { 45, 30, 90, 90 }, empty, empty };
  g_autoptr (AssayCut) cut = assay_vision_cut (picture, &hints, 4000, NULL, &error);
  assert_non_null (cut);
  g_cancellable_cancel (cancellable);
  assert_null (assay_vision_cut (picture, &hints, 4000, cancellable, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_clear_error (&error);
  assert_null (assay_vision_refine_cut (cut, picture, &hints, cancellable, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_clear_error (&error);
  hints.inside = other;
  assert_null (assay_vision_cut (picture, &hints, 4000, NULL, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
}

static const char *const things[][2] = {
  { "cup_001.jpg", "bottle" }, { "cup_024.jpg", "bottle" }, { "box_013.jpg", "box" },
  { "box_020.jpg", "box" },    { "chelsea.png", "cat" },
};

/* A box 4 px beyond what a person drew with care, and Enter. */
static void
five_named_things_in_real_pictures_are_cut_out_by_one_drag (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (things); i++)
    {
      AssayRect box;
      g_autoptr (AssayMask) drawn = load_drawn (things[i][0], things[i][1]);
      g_autoptr (Desk) desk = desk_new_on ("grabcut", load_photo (things[i][0]));
      assert_true (assay_mask_bounds (drawn, &box));
      drag (desk, box.x - 4, box.y - 4, box.x + box.w + 4, box.y + box.h + 4);
      press_key (desk, "Enter");
      double iou = assay_mask_iou (mask_at (desk, 0), drawn, FALSE);
      print_message ("# %s in %s: IoU %.3f after one drag and one key\n", things[i][1], things[i][0], iou);
      assert_true (iou >= 0.90);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_box_and_enter_are_one_edit),
    cmocka_unit_test (strokes_say_what_belongs_and_what_does_not),
    cmocka_unit_test (escape_gives_all_of_it_up),
    cmocka_unit_test (shift_adds_the_box_to_the_object_and_alt_takes_it_away),
    cmocka_unit_test (a_stroke_drawn_while_the_border_is_refined_is_not_lost),
    cmocka_unit_test (boxes_that_cannot_be_cut_are_told),
    cmocka_unit_test (the_refined_border_is_as_good_as_the_whole_at_full_scale),
    cmocka_unit_test (what_is_given_up_says_so_and_strokes_of_another_size_are_refused),
    cmocka_unit_test (a_stroke_that_cannot_be_cut_leaves_what_was_there),
    cmocka_unit_test (strokes_go_on_while_threads_cut),
    cmocka_unit_test (five_named_things_in_real_pictures_are_cut_out_by_one_drag),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
