/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/json.h"
#include "core/pose.h"
#include "tests/vision/board-scene.h"
#include "vision/calibrate.h"
#include "vision/vision.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define WIDTH 640
#define HEIGHT 480

static const AssayCamera lens
    = { .fx = 560, .fy = 555, .cx = 326.3, .cy = 233.8, .distortion = { -0.21, 0.06, 0.0012, -0.0008, 0.0 } };
static const AssayBoardLook look = { .window_px = 0 };

static void
free_view (gpointer view)
{
  assay_board_view_free (view);
}

/* b, then a. */
static AssayPose
compose (const AssayPose *a, const AssayPose *b)
{
  AssayPose c;
  for (guint i = 0; i < 3; i++)
    {
      c.t_m[i] = a->t_m[i];
      for (guint k = 0; k < 3; k++)
        {
          c.t_m[i] += a->r[3 * i + k] * b->t_m[k];
          c.r[3 * i + k] = a->r[3 * i] * b->r[k] + a->r[3 * i + 1] * b->r[3 + k] + a->r[3 * i + 2] * b->r[6 + k];
        }
    }
  return c;
}

/* What a camera, at `from_left` (nullable) of the world's, sees of the twelve places. */
static GPtrArray *
take (const Sheet *sheet, const AssayCamera *with, const AssayPose *from_left)
{
  GPtrArray *pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_picture_unref);
  g_auto (SceneCamera) camera = scene_camera (with, WIDTH, HEIGHT);
  for (guint i = 0; i < 12; i++)
    {
      AssayPose pose = scene_place (&sheet->board, i);
      if (from_left != NULL)
        pose = compose (from_left, &pose);
      g_ptr_array_add (pictures, scene_take (sheet, &camera, &pose, 0));
    }
  return pictures;
}

static GPtrArray *
see (const Sheet *sheet, const GPtrArray *pictures)
{
  GPtrArray *views = g_ptr_array_new_with_free_func (free_view);
  for (guint i = 0; i < pictures->len; i++)
    {
      g_autoptr (GError) error = NULL;
      AssayBoardView *view = assay_vision_find_board (pictures->pdata[i], &sheet->board, &look, &error);
      if (view == NULL)
        fail_msg ("place %u: %s", i, error->message);
      g_ptr_array_add (views, view);
    }
  return views;
}

static AssayIntrinsics
solve (const Sheet *sheet, GPtrArray *views)
{
  AssayIntrinsics found;
  g_autoptr (GError) error = NULL;
  if (!assay_vision_calibrate (&sheet->board, (const AssayBoardView *const *) views->pdata, views->len, &found,
                               NULL, &error))
    fail_msg ("%s", error->message);
  return found;
}

static void
assert_lens (const AssayIntrinsics *found, double most_share, double most_px, double most_rms_px)
{
  print_message ("# fx %.3f fy %.3f cx %.3f cy %.3f k1 %.4f (cx ± %.3f) rms %.4f\n", found->camera.fx,
                 found->camera.fy, found->camera.cx, found->camera.cy, found->camera.distortion[0], found->std[2],
                 found->rms_px);
  assert_true (fabs (found->camera.fx / lens.fx - 1) <= most_share);
  assert_true (fabs (found->camera.fy / lens.fy - 1) <= most_share);
  assert_true (fabs (found->camera.cx - lens.cx) <= most_px);
  assert_true (fabs (found->camera.cy - lens.cy) <= most_px);
  assert_true (found->rms_px < most_rms_px);
  /* The true lens lies within four standard deviations of what is told. */
  assert_true (fabs (found->camera.fx - lens.fx) <= 4 * found->std[0]);
  assert_false (found->camera.assumed);
}

/* In core's frame: half a pixel, lost or doubled at the door of vision/, would show. */
static void
corners_are_found_where_the_camera_put_them (void **state)
{
  g_auto (Sheet) sheet = sheet_print ("chessboard:9x6:20");
  g_auto (SceneCamera) camera = scene_camera (&lens, WIDTH, HEIGHT);
  AssayPose pose = scene_place (&sheet.board, 5);
  g_autoptr (AssayPicture) picture = scene_take (&sheet, &camera, &pose, 0);
  g_autoptr (AssayBoardView) view = assay_vision_find_board (picture, &sheet.board, &look, NULL);
  double off_x = 0, off_y = 0;
  assert_true (view != NULL && view->n == 54);
  for (guint i = 0; i < view->n; i++)
    {
      AssayPoint3 corner = assay_board_get_corner (&sheet.board, view->ids[i]);
      AssayPoint at;
      assay_vision_project (&pose, &lens, &corner, 1, &at);
      assert_true (hypot (view->image_px[i].x - at.x, view->image_px[i].y - at.y) < 0.3);
      off_x += (view->image_px[i].x - at.x) / view->n;
      off_y += (view->image_px[i].y - at.y) / view->n;
    }
  print_message ("# off by %.4f, %.4f px on average\n", off_x, off_y);
  assert_true (fabs (off_x) < 0.05 && fabs (off_y) < 0.05);
}

static void
twelve_views_of_a_chessboard_give_the_lens_back (void **state)
{
  g_auto (Sheet) sheet = sheet_print ("chessboard:9x6:20");
  g_autoptr (GPtrArray) pictures = take (&sheet, &lens, NULL), views = see (&sheet, pictures);
  AssayIntrinsics found = solve (&sheet, views);
  assert_lens (&found, 0.0015, 1.0, 0.1);
}

/* One side of the board's middle, another each time. */
static void
cover (AssayPicture *picture, const AssayPose *pose, const AssayBoard *board, guint i)
{
  AssayPoint3 last = assay_board_get_corner (board, assay_board_count_corners (board) - 1);
  AssayPoint3 middle = { last.x / 2, last.y / 2, 0 };
  AssayPoint at;
  assay_vision_project (pose, &lens, &middle, 1, &at);
  guint x = (guint) at.x, y = (guint) at.y, from_x = i % 4 == 0 ? x : 0, from_y = i % 4 == 1 ? y : 0;
  guint to_x = i % 4 == 2 ? x : picture->width_px, to_y = i % 4 == 3 ? y : picture->height_px;
  for (guint row = from_y; row < to_y; row++)
    memset (picture->data + row * picture->stride + from_x, 120, to_x - from_x);
}

static void
a_charuco_board_may_be_covered_in_part (void **state)
{
  g_auto (Sheet) sheet = sheet_print ("charuco:9x7:22:16:4x4_50");
  g_autoptr (GPtrArray) pictures = take (&sheet, &lens, NULL), whole = see (&sheet, pictures);
  guint n_whole = 0, n = 0;
  for (guint i = 0; i < 12; i++)
    {
      AssayPose pose = scene_place (&sheet.board, i);
      cover (pictures->pdata[i], &pose, &sheet.board, i);
    }
  g_autoptr (GPtrArray) views = see (&sheet, pictures);
  for (guint i = 0; i < views->len; i++)
    {
      n_whole += ((AssayBoardView *) whole->pdata[i])->n;
      n += ((AssayBoardView *) views->pdata[i])->n;
    }
  assert_true (n_whole >= 0.95 * 12 * assay_board_count_corners (&sheet.board));
  assert_true (n < 0.8 * n_whole && n > 0.3 * n_whole);
  AssayIntrinsics all = solve (&sheet, whole), found = solve (&sheet, views);
  assert_lens (&all, 0.003, 1.5, 0.2);
  assert_lens (&found, 0.005, 4.0, 0.2);
}

static void
the_right_camera_is_where_it_was_put (void **state)
{
  g_auto (Sheet) sheet = sheet_print ("chessboard:9x6:20");
  const AssayCamera right_lens = { .fx = 540, .fy = 542, .cx = 315.2, .cy = 244.1, .distortion = { -0.15, 0.02 } };
  AssayPose truth
      = { .r = { cos (0.05), 0, sin (0.05), 0, 1, 0, -sin (0.05), 0, cos (0.05) }, .t_m = { -0.05, 0.002, 0.004 } };
  AssayPairGeometry pair;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) left_pictures = take (&sheet, &lens, NULL), left = see (&sheet, left_pictures);
  g_autoptr (GPtrArray) right_pictures = take (&sheet, &right_lens, &truth), right = see (&sheet, right_pictures);
  if (!assay_vision_calibrate_pair (&sheet.board, (const AssayBoardView *const *) left->pdata,
                                    (const AssayBoardView *const *) right->pdata, 12, &lens, &right_lens, &pair,
                                    NULL, &error))
    fail_msg ("%s", error->message);
  print_message ("# %.4f deg, %.3f mm, rms %.3f px, epipolar %.3f px\n",
                 assay_pose_rotation_deg (&pair.right_from_left, &truth),
                 1000 * assay_pose_translation (&pair.right_from_left, &truth), pair.rms_px, pair.epipolar_px);
  assert_true (assay_pose_rotation_deg (&pair.right_from_left, &truth) < 0.02);
  assert_true (assay_pose_translation (&pair.right_from_left, &truth) < 0.0002);
  assert_true (pair.rms_px < 0.1 && pair.epipolar_px < 0.1);
}

static void
a_board_held_upside_down_keeps_its_first_corner (void **state)
{
  g_auto (Sheet) sheet = sheet_print ("chessboard:9x6:20");
  g_auto (SceneCamera) camera = scene_camera (&lens, WIDTH, HEIGHT);
  for (guint turn = 0; turn < 2; turn++)
    {
      AssayPose pose = scene_pose (&sheet.board, 0.2, 0.1, turn * G_PI, 0, 0, 0.4);
      g_autoptr (AssayPicture) picture = scene_take (&sheet, &camera, &pose, 0);
      g_autoptr (AssayBoardView) view = assay_vision_find_board (picture, &sheet.board, &look, NULL);
      AssayPose found;
      double rms_px;
      assert_non_null (view);
      assert_true (assay_vision_fit_view (&sheet.board, view, &lens, &found, &rms_px, NULL));
      assert_true (assay_pose_rotation_deg (&found, &pose) < 0.5);
      assert_true (rms_px < 0.15);
    }
}

static void
squares_that_were_counted_as_corners_are_told (void **state)
{
  g_auto (Sheet) sheet = sheet_print ("chessboard:9x6:20");
  AssayPose pose = scene_place (&sheet.board, 0);
  const AssayBoardLook thorough = { .thorough = TRUE };
  AssayBoard wrong = sheet.board;
  g_auto (SceneCamera) camera = scene_camera (&lens, WIDTH, HEIGHT);
  g_autoptr (GError) counted = NULL, nothing = NULL;
  g_autoptr (AssayPicture) picture = scene_take (&sheet, &camera, &pose, 0);
  g_autoptr (AssayPicture) empty = assay_picture_new (WIDTH, HEIGHT, ASSAY_PIXELS_RGB8);
  wrong.cols++;
  wrong.rows++;
  assert_null (assay_vision_find_board (picture, &wrong, &thorough, &counted));
  assert_non_null (strstr (counted->message, "one of 9 x 6"));
  assert_null (assay_vision_find_board (empty, &sheet.board, &thorough, &nothing));
  assert_true (g_error_matches (nothing, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND));
}

/* --- against OpenCV's own Python, on corners of OpenCV's own sample (tests/data/calibration/left.json) --- */

static json_t *
load_golden (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("ASSAY_TEST_DATA"), "calibration", "left.json", NULL);
  g_autoptr (GError) error = NULL;
  json_t *golden = assay_json_load (path, &error);
  if (golden == NULL)
    fail_msg ("%s", error->message);
  return golden;
}

static AssayBoardView *
read_corners (json_t *list)
{
  AssayBoardView *view = g_new0 (AssayBoardView, 1);
  view->width_px = WIDTH;
  view->height_px = HEIGHT;
  view->n = (guint) json_array_size (list);
  view->ids = g_new0 (guint, view->n);
  view->image_px = g_new0 (AssayPoint, view->n);
  for (guint i = 0; i < view->n; i++)
    {
      double at[2];
      assert_true (assay_json_to_doubles (json_array_get (list, i), at, 2));
      view->ids[i] = i;
      view->image_px[i] = (AssayPoint){ at[0] + 0.5, at[1] + 0.5 };
    }
  return view;
}

static void
assert_golden (const AssayIntrinsics *found, const json_t *golden)
{
  const double ours[4] = { found->camera.fx, found->camera.fy, found->camera.cx, found->camera.cy };
  static const char *const names[4] = { "fx", "fy", "cx", "cy" };
  double rms_px;
  for (guint i = 0; i < 4; i++)
    {
      double theirs;
      assert_true (assay_json_get_double (golden, names[i], &theirs));
      assert_true (fabs (ours[i] / theirs - 1) < 0.001);
    }
  assert_true (assay_json_get_double (golden, "rms", &rms_px));
  assert_true (fabs (found->rms_px / rms_px - 1) < 0.001);
}

static void
the_same_corners_give_what_cv2_gives (void **state)
{
  g_autoptr (json_t) golden = load_golden ();
  g_autoptr (GPtrArray) views = g_ptr_array_new_with_free_func (free_view);
  const Sheet sheet = { .board = { ASSAY_BOARD_CHESSBOARD, 9, 6, 0.025, 0, 0, 0 } };
  size_t i;
  json_t *corners;
  json_array_foreach (json_object_get (golden, "corners"), i, corners)
      g_ptr_array_add (views, read_corners (corners));
  assert_int_equal (views->len, 13);
  AssayIntrinsics found = solve (&sheet, views);
  assert_golden (&found, golden);
}

static void
the_sample_pictures_give_what_cv2_gives (void **state)
{
  g_autoptr (json_t) golden = load_golden ();
  g_autoptr (GPtrArray) views = g_ptr_array_new_with_free_func (free_view);
  const Sheet sheet = { .board = { ASSAY_BOARD_CHESSBOARD, 9, 6, 0.025, 0, 0, 0 } };
  const AssayBoardLook as_samples = { .window_px = 11 };
  const char *samples = g_getenv ("ASSAY_SAMPLES");
  for (guint i = 1; i <= 14; i++)
    {
      g_autofree char *path
          = g_strdup_printf ("%s/calibration/left%02u.jpg", samples != NULL ? samples : "../shared/samples", i);
      g_autoptr (AssayPicture) picture = i != 10 ? assay_picture_load (path, NULL) : NULL;
      if (picture != NULL)
        g_ptr_array_add (views, assay_vision_find_board (picture, &sheet.board, &as_samples, NULL));
    }
  if (views->len == 0)
    {
      print_message ("# not run: the pictures of OpenCV's calibration sample are not at $ASSAY_SAMPLES\n");
      return;
    }
  assert_int_equal (views->len, 13);
  AssayIntrinsics found = solve (&sheet, views);
  assert_golden (&found, golden);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (corners_are_found_where_the_camera_put_them),
    cmocka_unit_test (twelve_views_of_a_chessboard_give_the_lens_back),
    cmocka_unit_test (a_charuco_board_may_be_covered_in_part),
    cmocka_unit_test (the_right_camera_is_where_it_was_put),
    cmocka_unit_test (a_board_held_upside_down_keeps_its_first_corner),
    cmocka_unit_test (squares_that_were_counted_as_corners_are_told),
    cmocka_unit_test (the_same_corners_give_what_cv2_gives),
    cmocka_unit_test (the_sample_pictures_give_what_cv2_gives),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
