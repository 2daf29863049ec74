/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vision/follow.h"

#include "core/error.h"
#include "core/json.h"
#include "core/polygon.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define W 300
#define H 220

/* Something with a grain of about six pixels, everywhere else another. */
static double
grain (double x, double y, guint seed)
{
  double sum = 0;
  for (guint i = 1; i <= 4; i++)
    sum += sin (x * (0.2 + 0.13 * i) + y * (0.31 - 0.07 * i) * (i % 2 ? 1 : -1) + seed * i * 1.7);
  return sum;
}

/* An ellipse moved by (dx, dy) and turned by `turn`, before a ground that stands still; `bright` is added. */
static AssayPicture *
draw (AssayPixels pixels, double dx, double dy, double turn, double bright, AssayMask **ret_mask)
{
  AssayPicture *picture = assay_picture_new (W, H, pixels);
  guint n_channels = assay_pixels_channels (pixels);
  gboolean deep = pixels == ASSAY_PIXELS_GREY16 || pixels == ASSAY_PIXELS_RGB16;
  g_autofree guint8 *bytes = g_malloc0 ((gsize) W * H);
  for (guint y = 0; y < H; y++)
    for (guint x = 0; x < W; x++)
      {
        double u = x + 0.5 - 140 - dx, v = y + 0.5 - 110 - dy;
        double s = u * cos (turn) + v * sin (turn), t = v * cos (turn) - u * sin (turn);
        bytes[y * W + x] = hypot (s / 55, t / 35) < 1;
        double value = bytes[y * W + x] ? 150 + 18 * grain (s, t, 1) : 90 + 14 * grain (x, y, 5);
        for (guint c = 0; c < n_channels; c++)
          {
            gsize i = (gsize) x * n_channels + c;
            guint8 *row = picture->data + y * picture->stride;
            double level = CLAMP (value + bright, 0, 255);
            if (deep)
              ((guint16 *) (gpointer) row)[i] = (guint16) (level * 16);
            else
              row[i] = (guint8) level;
          }
      }
  *ret_mask = assay_mask_new_from_bytes (bytes, W, W, H);
  return picture;
}

static void
an_object_that_moved_is_found_again_to_its_border (void **state)
{
  static const struct
  {
    AssayPixels pixels;
    double dx, dy, turn, bright;
  } moves[] = { { ASSAY_PIXELS_GREY8, 0, 0, 0, 0 },
                { ASSAY_PIXELS_RGB8, 3.5, -2.25, 0, 0 },
                { ASSAY_PIXELS_GREY16, -40, 5, 0.05, 0 },
                { ASSAY_PIXELS_RGB16, 10, 12, 0, 15 } };
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      double confidence = -1;
      g_autoptr (AssayMask) before = NULL, truth = NULL;
      g_autoptr (AssayPicture) a = draw (moves[i].pixels, 0, 0, 0, 0, &before);
      g_autoptr (AssayPicture) b
          = draw (moves[i].pixels, moves[i].dx, moves[i].dy, moves[i].turn, moves[i].bright, &truth);
      g_autoptr (AssayMask) found = assay_vision_follow (a, b, before, NULL, &confidence, NULL);
      print_message ("# moved by (%g, %g): IoU %.3f, confidence %.2f\n", moves[i].dx, moves[i].dy,
                     assay_mask_iou (found, truth, FALSE), confidence);
      assert_true (assay_mask_iou (found, truth, FALSE) > 0.93);
      assert_true (confidence > 0.6 && confidence <= 1);
    }
}

static void
what_is_not_there_any_more_is_not_believed_in (void **state)
{
  double confidence = -1;
  g_autoptr (AssayMask) before = NULL, other = NULL;
  g_autoptr (AssayPicture) a = draw (ASSAY_PIXELS_GREY8, 0, 0, 0, 0, &before);
  g_autoptr (AssayPicture) b = draw (ASSAY_PIXELS_GREY8, 1000, 0, 0, 0, &other);
  g_autoptr (AssayMask) found = assay_vision_follow (a, b, before, NULL, &confidence, NULL);
  print_message ("# gone: confidence %.2f\n", confidence);
  assert_non_null (found);
  assert_true (confidence < 0.3);
}

static void
an_object_at_the_edge_leaves_with_what_was_seen_of_it (void **state)
{
  double confidence = -1;
  g_autoptr (AssayMask) before = NULL, truth = NULL;
  g_autoptr (AssayPicture) a = draw (ASSAY_PIXELS_GREY8, 110, 40, 0, 0, &before);
  g_autoptr (AssayPicture) b = draw (ASSAY_PIXELS_GREY8, 122, 48, 0, 0, &truth);
  g_autoptr (AssayMask) found = assay_vision_follow (a, b, before, NULL, &confidence, NULL);
  assert_true (assay_mask_iou (found, truth, FALSE) > 0.9);
}

static void
odd_input_is_refused_or_followed_and_breaks_nothing (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (AssayMask) mask = NULL, empty = assay_mask_new_empty (W, H), little = assay_mask_new_empty (5, 5);
  g_autoptr (AssayPicture) a = draw (ASSAY_PIXELS_GREY8, 0, 0, 0, 0, &mask);
  assert_null (assay_vision_follow (a, a, empty, NULL, NULL, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
  g_clear_error (&error);
  assert_null (assay_vision_follow (a, a, little, NULL, NULL, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  assert_null (assay_vision_follow (a, a, mask, cancellable, NULL, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  static const guint sizes[][2] = { { 1, 1 }, { 1, 40 }, { 40, 1 }, { 7, 9 }, { 8, 8 }, { 300, 3 } };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      double confidence = -1;
      g_autoptr (AssayPicture) picture = assay_picture_new (sizes[i][0], sizes[i][1], ASSAY_PIXELS_GREY16);
      const AssayRect all = { 0, 0, sizes[i][0], sizes[i][1] };
      g_autoptr (AssayMask) whole = assay_mask_new_from_box (all, sizes[i][0], sizes[i][1]);
      g_autoptr (AssayMask) found = assay_vision_follow (picture, picture, whole, NULL, &confidence, NULL);
      assert_non_null (found);
      assert_true (confidence >= 0 && confidence <= 1);
    }
}

static AssayMask *
load_drawn (const char *name, const char *class, const AssayPicture *picture)
{
  g_autofree char *path = g_build_filename (g_getenv ("ASSAY_SOURCE"), "app/data/sample/make/drawn.json", NULL);
  json_t *drawn = json_load_file (path, 0, NULL), *shape, *point;
  AssayMask *mask = NULL;
  gsize i, k;
  json_array_foreach (json_object_get (json_object_get (drawn, "outlines"), name), i, shape)
  {
    if (mask != NULL || !g_str_equal (json_string_value (json_object_get (shape, "class")), class))
      continue;
    g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
    json_array_foreach (json_object_get (shape, "outline"), k, point)
    {
      AssayPoint p
          = { json_number_value (json_array_get (point, 0)), json_number_value (json_array_get (point, 1)) };
      g_array_append_val (points, p);
    }
    g_autoptr (AssayRing) ring = assay_ring_new ((const AssayPoint *) (gpointer) points->data, points->len, FALSE);
    mask = assay_mask_new_from_ring (ring, picture->width_px, picture->height_px);
  }
  json_decref (drawn);
  assert_non_null (mask);
  return mask;
}

/* Frames that lie half a second and more apart: far for following, and so it is compared with not following. */
static void
in_a_real_film_following_beats_copying_and_knows_its_faults (void **state)
{
  static const char *const pairs[][3] = { { "cup_009.jpg", "cup_011.jpg", "bottle" }, /* it turns: followed badly */
                                          { "cup_011.jpg", "cup_013.jpg", "bottle" },
                                          { "cup_016.jpg", "cup_020.jpg", "bottle" } };
  double confidences[G_N_ELEMENTS (pairs)];
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      AssayPicture *pictures[2] = { NULL };
      AssayMask *masks[2] = { NULL };
      for (guint k = 0; k < 2; k++)
        {
          g_autofree char *path
              = g_build_filename (g_getenv ("ASSAY_SOURCE"), "app/data/sample/media", pairs[i][k], NULL);
          pictures[k] = assay_picture_load (path, NULL);
          masks[k] = load_drawn (pairs[i][k], pairs[i][2], pictures[k]);
        }
      g_autoptr (AssayMask) found
          = assay_vision_follow (pictures[0], pictures[1], masks[0], NULL, &confidences[i], NULL);
      double followed = assay_mask_iou (found, masks[1], FALSE),
             copied = assay_mask_iou (masks[0], masks[1], FALSE);
      print_message ("# %s to %s: IoU %.3f followed, %.3f copied, confidence %.2f\n", pairs[i][0], pairs[i][1],
                     followed, copied, confidences[i]);
      assert_true (followed > copied + 0.1);
      for (guint k = 0; k < 2; k++)
        {
          g_clear_pointer (&pictures[k], assay_picture_unref);
          g_clear_pointer (&masks[k], assay_mask_free);
        }
    }
  assert_true (confidences[0] < confidences[1] && confidences[0] < confidences[2]);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (an_object_that_moved_is_found_again_to_its_border),
    cmocka_unit_test (what_is_not_there_any_more_is_not_believed_in),
    cmocka_unit_test (an_object_at_the_edge_leaves_with_what_was_seen_of_it),
    cmocka_unit_test (odd_input_is_refused_or_followed_and_breaks_nothing),
    cmocka_unit_test (in_a_real_film_following_beats_copying_and_knows_its_faults),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
