/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/pose.h"
#include "vision/vision.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* A box of 18.9 x 7.5 x 25.8 cm, corners numbered x + 2 y + 4 z, seen from above and a side, 1 m away. */
static const AssayCamera camera = { .fx = 900, .fy = 880, .cx = 330, .cy = 250 };
static const AssayCamera bent
    = { .fx = 900, .fy = 880, .cx = 330, .cy = 250, .distortion = { -0.2, 0.05, 0.001, -0.002, 0.01 } };
static AssayPoint3 corners[8];
static AssayPose truth;

static int
make_box (void **state)
{
  for (guint i = 0; i < 8; i++)
    corners[i] = (AssayPoint3){ (i & 1) * 0.189, (i >> 1 & 1) * 0.075, (i >> 2 & 1) * 0.258 };
  double a = 0.7, b = 0.4;
  const double r[9]
      = { cos (a),           -sin (a),          0,      cos (b) * sin (a), cos (b) * cos (a), -sin (b),
          sin (b) * sin (a), sin (b) * cos (a), cos (b) };
  memcpy (truth.r, r, sizeof r);
  truth.t_m[0] = -0.05;
  truth.t_m[1] = 0.02;
  truth.t_m[2] = 1.0;
  return 0;
}

static void
assert_solves (const AssayCamera *with, const guint *which, guint n, double noise_px, double most_deg,
               double most_m)
{
  AssayPoint3 model[8] = { 0 };
  AssayPoint image[8];
  guint32 random = 7;
  for (guint i = 0; i < n; i++)
    model[i] = corners[which[i]];
  assay_vision_project (&truth, with, model, n, image);
  for (guint i = 0; i < n; i++)
    {
      random = random * 1664525 + 1013904223;
      image[i].x += noise_px * ((random >> 8 & 0xff) / 127.5 - 1);
      image[i].y += noise_px * ((random >> 16 & 0xff) / 127.5 - 1);
    }
  AssayPose pose;
  double rms_px, residual_px[8], squares = 0;
  g_autoptr (GError) error = NULL;
  if (!assay_vision_solve_pose (model, image, n, with, &pose, &rms_px, residual_px, &error))
    fail_msg ("%s", error->message);
  assert_true (assay_pose_is_rigid (&pose, 1e-6));
  assert_true (assay_pose_rotation_deg (&pose, &truth) <= most_deg);
  assert_true (assay_pose_translation (&pose, &truth) <= most_m);
  for (guint i = 0; i < n; i++)
    squares += residual_px[i] * residual_px[i];
  assert_float_equal (rms_px, sqrt (squares / n), 1e-9);
  assert_true (rms_px <= 2 * noise_px + 1e-4);
}

static const guint all[8] = { 0, 1, 2, 3, 4, 5, 6, 7 }, spread[4] = { 0, 1, 2, 4 }, top[4] = { 0, 1, 3, 2 },
                   lid[4] = { 4, 6, 7, 5 }, side[4] = { 1, 3, 7, 5 }, seven[7] = { 0, 1, 2, 3, 4, 5, 6 };

static void
exact_corners_give_the_exact_pose (void **state)
{
  assert_solves (&camera, all, 8, 0, 1e-4, 1e-6);
  assert_solves (&bent, all, 8, 0, 1e-3, 1e-5);
  assert_solves (&camera, spread, 4, 0, 1e-2, 1e-4);
  assert_solves (&bent, seven, 6, 0, 1e-2, 1e-4);
}

static void
half_a_pixel_of_noise_costs_about_a_degree (void **state)
{
  assert_solves (&camera, seven, 7, 0.5, 1.0, 0.01);
}

static void
four_corners_of_one_face_are_enough (void **state)
{
  assert_solves (&camera, top, 4, 0, 1e-3, 1e-5);
  assert_solves (&camera, top, 4, 0.3, 3.0, 0.03);
  /* Planes that do not hold the model's origin, seen from either side. */
  for (guint turn = 0; turn < 2; turn++)
    {
      assert_solves (&camera, lid, 4, 0, 1e-3, 1e-5);
      assert_solves (&camera, side, 4, 0.1, 2, 0.02);
      for (guint i = 3; i < 9; i++)
        truth.r[i] = -truth.r[i];
    }
}

static void
points_that_leave_the_pose_open_are_refused (void **state)
{
  const AssayPoint3 line[4] = { { 0, 0, 0 }, { 1, 0, 0 }, { 2, 0, 0 }, { 3, 0, 0 } };
  const AssayPoint image[4] = { { 10, 10 }, { 20, 10 }, { 30, 10 }, { 40, 10 } };
  const AssayCamera blind = { .fx = 0, .fy = 0 };
  AssayPose pose;
  double rms_px;
  g_autoptr (GError) few = NULL, straight = NULL, lens = NULL;
  assert_false (assay_vision_solve_pose (corners, image, 3, &camera, &pose, &rms_px, NULL, &few));
  assert_non_null (strstr (few->message, "at least 4"));
  assert_false (assay_vision_solve_pose (line, image, 4, &camera, &pose, &rms_px, NULL, &straight));
  assert_non_null (strstr (straight->message, "one line"));
  assert_false (assay_vision_solve_pose (corners, image, 4, &blind, &pose, &rms_px, NULL, &lens));
  assert_non_null (strstr (lens->message, "focal length"));
}

static void
the_optical_axis_is_half_a_pixel_right_of_opencvs_centre (void **state)
{
  const AssayPose still = { .r = { 1, 0, 0, 0, 1, 0, 0, 0, 1 } };
  const AssayPoint3 points[2] = { { 0, 0, 2 }, { 0, 0, -2 } };
  AssayPoint image[2];
  assay_vision_project (&still, &camera, points, 2, image);
  assert_float_equal (image[0].x, 330.5, 1e-12);
  assert_float_equal (image[0].y, 250.5, 1e-12);
  assert_true (isnan (image[1].x) && isnan (image[1].y));
}

/* One pixel a millimetre: a plate of 40 x 20 mm at 1 m, its corner at the picture's corner (10, 5). */
static void
a_plate_covers_exactly_its_pixels (void **state)
{
  const AssayCamera plain = { .fx = 1000, .fy = 1000, .cx = -0.5, .cy = -0.5 };
  const AssayPose away = { .r = { 1, 0, 0, 0, 1, 0, 0, 0, 1 }, .t_m = { 0.010, 0.005, 1 } };
  const AssayPoint3 plate[4] = { { 0, 0, 0 }, { 0.04, 0, 0 }, { 0.04, 0.02, 0 }, { 0, 0.02, 0 } };
  const guint32 triangles[6] = { 0, 1, 2, 0, 2, 3 };
  g_autoptr (AssayMask) mask = assay_vision_silhouette (&away, &plain, plate, 4, triangles, 2, 100, 50);
  g_autoptr (AssayMask) want = assay_mask_new_from_box ((AssayRect){ 10, 5, 40, 20 }, 100, 50);
  assert_true (assay_mask_equal (mask, want));
  const guint32 wrong[3] = { 0, 1, 9 };
  g_autoptr (AssayMask) none = assay_vision_silhouette (&away, &plain, plate, 4, wrong, 1, 100, 50);
  assert_int_equal (assay_mask_area_px (none), 0);
}

static void
what_is_behind_the_lens_is_cut_off_and_not_mirrored (void **state)
{
  const AssayCamera plain = { .fx = 100, .fy = 100, .cx = 49.5, .cy = 49.5 };
  const AssayPose still = { .r = { 1, 0, 0, 0, 1, 0, 0, 0, 1 } };
  /* A floor one unit below the eye, from far behind to far before: everything under the horizon, nothing above it.
   */
  const AssayPoint3 floor[4] = { { -9e3, 1, -100 }, { 9e3, 1, -100 }, { 9e3, 1, 1e6 }, { -9e3, 1, 1e6 } };
  const guint32 triangles[6] = { 0, 1, 2, 0, 2, 3 };
  g_autoptr (AssayMask) mask = assay_vision_silhouette (&still, &plain, floor, 4, triangles, 2, 100, 100);
  g_autoptr (AssayMask) above = assay_mask_new_from_box ((AssayRect){ 0, 0, 100, 50 }, 100, 100);
  assert_int_equal (assay_mask_intersection_px (mask, above), 0);
  assert_in_range (assay_mask_area_px (mask), 4700, 5000);
}

static double
signed_area (const GArray *ring)
{
  double twice = 0;
  for (guint i = 0; i < ring->len; i++)
    {
      AssayPoint a = g_array_index (ring, AssayPoint, i), b = g_array_index (ring, AssayPoint, (i + 1) % ring->len);
      twice += a.x * b.y - b.x * a.y;
    }
  return twice / 2;
}

static void
contours_follow_the_edges_of_pixels_and_holes_turn_the_other_way (void **state)
{
  static const guint8 pixels[5][7] = { { 1, 1, 1, 1, 0, 0, 0 },
                                       { 1, 0, 0, 1, 0, 0, 1 },
                                       { 1, 0, 1, 1, 0, 1, 0 },
                                       { 1, 1, 1, 1, 0, 0, 0 },
                                       { 0, 0, 0, 0, 0, 0, 0 } };
  g_autoptr (AssayMask) mask = assay_mask_new_from_bytes (pixels[0], 7, 7, 5);
  g_autoptr (GPtrArray) rings = assay_vision_contours (mask, 0);
  double sum = 0;
  guint holes = 0;
  for (guint i = 0; i < rings->len; i++)
    {
      double area = signed_area (g_ptr_array_index (rings, i));
      sum += area;
      holes += area < 0;
    }
  /* The ring with its hole, and two single pixels that only touch by a corner. */
  assert_int_equal (rings->len, 4);
  assert_int_equal (holes, 1);
  assert_float_equal (sum, (double) assay_mask_area_px (mask), 1e-9);
  const GArray *outer = g_ptr_array_index (rings, 0);
  assert_int_equal (outer->len, 4);
  assert_float_equal (g_array_index (outer, AssayPoint, 0).x, 0, 0);
  assert_float_equal (signed_area (outer), 16, 1e-9);
}

static AssayMask *
disc (guint size_px, double radius_px)
{
  g_autofree guint8 *bytes = g_new0 (guint8, (gsize) size_px * size_px);
  for (guint y = 0; y < size_px; y++)
    for (guint x = 0; x < size_px; x++)
      bytes[y * size_px + x] = hypot (x + 0.5 - size_px / 2.0, y + 0.5 - size_px / 2.0) < radius_px;
  return assay_mask_new_from_bytes (bytes, size_px, size_px, size_px);
}

static void
a_tolerance_leaves_few_corners_near_the_border (void **state)
{
  g_autoptr (AssayMask) mask = disc (200, 80);
  g_autoptr (GPtrArray) fine = assay_vision_contours (mask, 0), coarse = assay_vision_contours (mask, 1.0);
  const GArray *all_corners = g_ptr_array_index (fine, 0), *few = g_ptr_array_index (coarse, 0);
  assert_true (few->len * 5 < all_corners->len);
  for (guint i = 0; i < few->len; i++)
    {
      AssayPoint p = g_array_index (few, AssayPoint, i);
      assert_float_equal (hypot (p.x - 100, p.y - 100), 80, 1.5);
    }
}

/* A noisy bright disc on a noisy dark ground. */
static AssayPicture *
photograph (const AssayMask *object)
{
  AssayPicture *picture = assay_picture_new (object->width_px, object->height_px, ASSAY_PIXELS_RGB8);
  guint32 random = 3;
  for (guint y = 0; y < picture->height_px; y++)
    for (guint x = 0; x < picture->width_px; x++)
      for (guint c = 0; c < 3; c++)
        {
          random = random * 1664525 + 1013904223;
          guint level = assay_mask_contains (object, x, y) ? 170 : 60;
          picture->data[y * picture->stride + x * 3 + c] = (guint8) (level + c * 10 + (random >> 24) / 4);
        }
  return picture;
}

static void
grabcut_finds_the_object_in_the_box_and_the_same_each_time (void **state)
{
  g_autoptr (AssayMask) object = disc (200, 60);
  g_autoptr (AssayPicture) picture = photograph (object);
  const AssayRect box = { 30, 32, 138, 140 };
  g_autoptr (AssayMask) mask = assay_vision_grabcut (picture, box, 5, 0, NULL),
                        again = assay_vision_grabcut (picture, box, 5, 0, NULL);
  g_autoptr (AssayMask) half = assay_vision_grabcut (picture, box, 5, 100, NULL);
  assert_non_null (mask);
  assert_true (assay_mask_iou (mask, object, FALSE) > 0.98);
  assert_true (assay_mask_equal (mask, again));
  assert_int_equal (half->width_px, 200);
  assert_true (assay_mask_iou (half, object, FALSE) > 0.95);
}

static void
a_box_that_leaves_no_background_is_refused (void **state)
{
  g_autoptr (AssayMask) object = disc (64, 20);
  g_autoptr (AssayPicture) picture = photograph (object);
  static const AssayRect boxes[] = { { 0, 0, 64, 64 }, { -10, -10, 100, 100 }, { 80, 80, 10, 10 }, { 5, 5, 0, 0 } };
  for (guint i = 0; i < G_N_ELEMENTS (boxes); i++)
    {
      g_autoptr (GError) error = NULL;
      assert_null (assay_vision_grabcut (picture, boxes[i], 2, 0, &error));
      assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (exact_corners_give_the_exact_pose),
    cmocka_unit_test (half_a_pixel_of_noise_costs_about_a_degree),
    cmocka_unit_test (four_corners_of_one_face_are_enough),
    cmocka_unit_test (points_that_leave_the_pose_open_are_refused),
    cmocka_unit_test (the_optical_axis_is_half_a_pixel_right_of_opencvs_centre),
    cmocka_unit_test (a_plate_covers_exactly_its_pixels),
    cmocka_unit_test (what_is_behind_the_lens_is_cut_off_and_not_mirrored),
    cmocka_unit_test (contours_follow_the_edges_of_pixels_and_holes_turn_the_other_way),
    cmocka_unit_test (a_tolerance_leaves_few_corners_near_the_border),
    cmocka_unit_test (grabcut_finds_the_object_in_the_box_and_the_same_each_time),
    cmocka_unit_test (a_box_that_leaves_no_background_is_refused),
  };
  return cmocka_run_group_tests (tests, make_box, NULL);
}
