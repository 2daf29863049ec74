/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibration as a technician does it: print, show the board, save, and a month later ask whether it still holds.
 */
#include "app/job-board.h"
#include "app/job-calibrate-live.h"
#include "app/job-capture.h"
#include "core/file.h"
#include "tests/core/fixture.h"
#include "tests/vision/board-scene.h"

#define WIDTH 640
#define HEIGHT 480
#define N_VIEWS 12

static const AssayCamera lens
    = { .fx = 560, .fy = 555, .cx = 326.3, .cy = 233.8, .distortion = { -0.21, 0.06, 0.0012, -0.0008, 0.0 } };

static char *
write_picture (const char *folder, const char *name, const AssayPicture *picture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) png = assay_picture_encode_png (picture, &error);
  char *path = g_build_filename (folder, name, NULL);
  gsize n_bytes;
  ok (png != NULL);
  gconstpointer data = g_bytes_get_data (png, &n_bytes);
  ok (assay_file_write (path, data, n_bytes, &error));
  return path;
}

/* Rendered once for all tests: "00.png" … of the twelve places. */
static char *views;

static int
render_views (void **state)
{
  g_auto (Sheet) sheet = sheet_print ("chessboard:9x6:20");
  g_auto (SceneCamera) camera = scene_camera (&lens, WIDTH, HEIGHT);
  views = g_dir_make_tmp ("assay-views-XXXXXX", NULL);
  for (guint i = 0; i < N_VIEWS; i++)
    {
      AssayPose pose = scene_place (&sheet.board, i);
      g_autoptr (AssayPicture) picture = scene_take (&sheet, &camera, &pose, 0);
      g_autofree char *name = g_strdup_printf ("%02u.png", i);
      g_autofree char *path = write_picture (views, name, picture);
    }
  return 0;
}

static int
remove_views (void **state)
{
  remove_tree (views);
  g_free (views);
  return 0;
}

static double
number (const json_t *document, const char *key)
{
  return json_number_value (json_object_get (document, key));
}

static void
assert_lens (const json_t *answer)
{
  print_message ("# fx %.2f fy %.2f cx %.2f cy %.2f rms %.3f held out %.3f\n", number (answer, "fx"),
                 number (answer, "fy"), number (answer, "cx"), number (answer, "cy"), number (answer, "rms_px"),
                 number (answer, "held_out_px"));
  assert_true (fabs (number (answer, "fx") / lens.fx - 1) < 0.004);
  assert_true (fabs (number (answer, "fy") / lens.fy - 1) < 0.004);
  assert_true (fabs (number (answer, "cx") - lens.cx) < 1.5 && fabs (number (answer, "cy") - lens.cy) < 1.5);
  assert_true (number (answer, "rms_px") < 0.15);
}

/* --- paper --- */

/* At 254 dpi a millimetre is ten pixels: what the detector finds is measured, and the bar counted. */
static void
assert_sheet (Fixture *f, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (f->directory, "board.png", NULL);
  const AssayBoardLook look = { .window_px = 11 };
  AssayBoard board;
  double board_mm[4], bar_mm[3];
  ok (assay_board_parse (words, &board, &error));
  g_autoptr (json_t) answer = assay_job_board (&board, path, "a4", 254, &error);
  ok (answer != NULL);
  assert_true (assay_json_to_doubles (json_object_get (answer, "board_mm"), board_mm, 4));
  assert_true (assay_json_to_doubles (json_object_get (answer, "bar_mm"), bar_mm, 3));
  g_autoptr (AssayPicture) picture = assay_picture_load (path, &error);
  ok (picture != NULL);
  g_autoptr (AssayBoardView) view = assay_vision_find_board (picture, &board, &look, &error);
  ok (view != NULL);
  assert_int_equal (view->n, assay_board_count_corners (&board));
  for (guint i = 0; i < view->n; i++)
    {
      AssayPoint3 at = assay_board_get_corner (&board, view->ids[i]);
      assert_true (fabs (view->image_px[i].x - 10 * (board_mm[0] + 1000 * (at.x + board.square_m))) < 0.5);
      assert_true (fabs (view->image_px[i].y - 10 * (board_mm[1] + 1000 * (at.y + board.square_m))) < 0.5);
    }
  const guint8 *row = picture->data + (guint) lround (10 * bar_mm[1]) * picture->stride;
  guint dark = 0;
  for (guint x = 0; x < picture->width_px; x++)
    dark += row[x] < 128;
  assert_in_range (dark, 999, 1001);
}

static void
what_is_printed_has_its_true_size_and_is_found_again (void **state)
{
  assert_sheet (*state, "chessboard:9x6:25");
  assert_sheet (*state, "charuco:7x9:25:18:5x5_100");
}

/* --- pictures --- */

static void
assert_why (const json_t *answer, const char *name, const char *part)
{
  size_t i;
  json_t *entry;
  json_array_foreach (json_object_get (answer, "rejected"), i,
                      entry) if (g_str_has_suffix (assay_json_get_string (entry, "path"), name))
  {
    if (strstr (assay_json_get_string (entry, "why"), part) == NULL)
      fail_msg ("%s is not used because %s", name, assay_json_get_string (entry, "why"));
    return;
  }
  fail_msg ("%s is used", name);
}

/* The others are all good: one of each kind of trouble stops nothing and changes nothing. */
static void
spoiled_views_are_named_with_the_reason_and_the_rest_is_solved (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_auto (Sheet) sheet = sheet_print ("chessboard:9x6:20");
  g_autofree char *folder = g_build_filename (f->directory, "spoiled", NULL);
  g_autofree char *first = g_build_filename (views, "00.png", NULL);
  g_autofree char *small_name = NULL, *blurred_name = NULL, *empty_name = NULL, *other_name = NULL;
  g_auto (SceneCamera) camera = scene_camera (&lens, WIDTH, HEIGHT);
  AssayCamera other_lens = { .fx = 700, .fy = 470, .cx = 290, .cy = 260 };
  g_auto (SceneCamera) other = scene_camera (&other_lens, WIDTH, HEIGHT);
  AssayPose pose = scene_pose (&sheet.board, 0.1, -0.3, 0.2, 0.02, -0.02, 0.37);
  AssayPose tilted = scene_pose (&sheet.board, 0.5, 0.5, 0, 0, 0, 0.36);
  g_autoptr (AssayPicture) blurred = scene_take (&sheet, &camera, &pose, 8);
  g_autoptr (AssayPicture) misfit = scene_take (&sheet, &other, &tilted, 0);
  g_autoptr (AssayPicture) empty = assay_picture_new (WIDTH, HEIGHT, ASSAY_PIXELS_GREY8);
  g_autoptr (AssayPicture) copy = assay_picture_load (first, &error);
  ok (copy != NULL);
  assert_int_equal (g_mkdir_with_parents (folder, 0777), 0);
  g_autoptr (AssayPicture) small = assay_picture_scale (copy, WIDTH * 3 / 4, HEIGHT * 3 / 4);
  g_autofree char *same_name = write_picture (folder, "90-same.png", copy);
  small_name = write_picture (folder, "91-small.png", small);
  blurred_name = write_picture (folder, "92-blurred.png", blurred);
  empty_name = write_picture (folder, "93-empty.png", empty);
  other_name = write_picture (folder, "94-misfit.png", misfit);
  g_autofree char *broken_name = g_build_filename (folder, "95-broken.png", NULL);
  ok (assay_file_write (broken_name, "no picture", 10, &error));
  const char *const paths[] = { views, folder, NULL };
  g_autoptr (GPtrArray) shots = assay_job_calibrate_look (paths, &sheet.board, 0, NULL, &error);
  ok (shots != NULL);
  g_autoptr (json_t) answer = assay_job_calibrate_solve (shots, &sheet.board, 0, NULL, &error);
  ok (answer != NULL);
  assert_why (answer, "90-same.png", "the same view as");
  assert_why (answer, "91-small.png", "480 x 360");
  assert_why (answer, "92-blurred.png", "blurred");
  assert_why (answer, "93-empty.png", "no board");
  assert_why (answer, "94-misfit.png", "does not fit");
  assert_why (answer, "95-broken.png", "");
  assert_int_equal (json_array_size (json_object_get (answer, "rejected")), 6);
  assert_int_equal ((int) number (answer, "used"), N_VIEWS);
  assert_int_equal (json_array_size (json_object_get (answer, "per_view_px")), N_VIEWS);
  assert_lens (answer);
  assert_true (number (answer, "held_out_px") < 0.2);
}

/* --- a live camera, and later --- */

static gpointer
cancel_later (gpointer progress)
{
  for (guint i = 0; i < 600 && !assay_progress_stopped (progress, NULL); i++)
    g_usleep (100000);
  assay_progress_cancel (progress);
  return NULL;
}

static json_t *
check (Fixture *f, const AssaySensor *sensor, const Sheet *sheet, const AssayCamera *with, const AssayPose *pose)
{
  g_autoptr (GError) error = NULL;
  const AssayBoardLook look = { 0 };
  g_auto (SceneCamera) camera = scene_camera (with, WIDTH, HEIGHT);
  g_autoptr (AssayPicture) picture = scene_take (sheet, &camera, pose, 0);
  g_autoptr (AssayBoardView) view = assay_vision_find_board (picture, &sheet->board, &look, &error);
  g_autoptr (AssayCalibration) calibration
      = assay_calibration_get (f->store, &sensor->id, ASSAY_CALIBRATION_INTRINSICS, NULL, &error);
  ok (view != NULL && calibration != NULL);
  json_t *answer = assay_job_calibrate_check (view, &sheet->board, calibration, &error);
  ok (answer != NULL);
  print_message ("# %s: %s; notices %.1f %%\n", assay_json_get_string (answer, "verdict"),
                 assay_json_get_string (answer, "why"), number (answer, "least_focal_percent"));
  return answer;
}

/* Two stills of the same camera: do they say through which lens? NULL: they must not. */
static void
assert_recorded (Fixture *f, const char *camera, const AssayId *calibration, double drift_px)
{
  g_autoptr (GError) error = NULL;
  const char *const cameras[] = { camera, NULL };
  AssayCaptureRequest request = { .cameras = cameras, .plan = { .frames = 2 } };
  g_autofree char *trouble = NULL;
  g_autoptr (json_t) report = assay_job_capture (f->project->directory, &request, NULL, &trouble, &error);
  ok (report != NULL);
  g_autoptr (GArray) rows = assay_item_list_rows (f->store, NULL, &error);
  ok (rows != NULL && rows->len >= 2);
  g_autoptr (AssayItem) item = assay_item_get_row (f->store, g_array_index (rows, gint64, rows->len - 1), &error);
  AssayCamera found;
  AssayId id;
  ok (item != NULL);
  assert_int_equal (assay_item_get_camera (item, &found), calibration != NULL);
  const json_t *sensor = json_array_get (json_object_get (report, "sensors"), 0);
  if (calibration == NULL)
    {
      assert_non_null (strstr (assay_json_get_string (sensor, "uncalibrated"), "off by"));
      return;
    }
  const json_t *facts = json_object_get (item->facts, "camera");
  assert_true (!found.assumed && fabs (found.fx / lens.fx - 1) < 0.004);
  assert_true (assay_json_get_id (facts, "calibration", &id) && assay_id_equal (&id, calibration));
  assert_true (fabs (number (facts, "drift_px") - drift_px) < 1e-9);
  assert_true (assay_json_get_id (sensor, "calibration", &id) && assay_id_equal (&id, calibration));
}

static void
a_live_camera_takes_its_views_and_a_later_view_says_whether_it_holds (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_auto (Sheet) sheet = sheet_print ("chessboard:9x6:20");
  g_autofree char *camera = g_strdup_printf ("replay:%s,fps=8,loop=true", views);
  g_autoptr (AssayProgress) progress = assay_progress_new ();
  g_autoptr (json_t) controls = NULL;
  GThread *guard = g_thread_new ("guard", cancel_later, progress);
  g_autoptr (GPtrArray) shots = assay_job_calibrate_watch (camera, &sheet.board, 0, progress, &controls, &error);
  assert_false (assay_progress_stopped (progress, NULL)); /* there were enough views */
  assay_progress_cancel (progress);
  g_thread_join (guard);
  ok (shots != NULL);
  assert_in_range (shots->len, 6, N_VIEWS); /* no view twice, though the film was shown again and again */
  g_autoptr (json_t) answer = assay_job_calibrate_solve (shots, &sheet.board, 0, NULL, &error);
  ok (answer != NULL);
  assert_lens (answer);
  AssayId id;
  ok (assay_job_calibrate_save (f->project, camera, answer, shots, controls, &id, &error));

  g_autoptr (AssaySensor) sensor = assay_job_calibrate_find_sensor (f->project, camera, &error);
  g_autoptr (AssayCalibration) valid = NULL;
  g_autofree char *why = NULL;
  ok (sensor != NULL);
  ok (assay_calibration_for (f->store, &sensor->id, WIDTH, HEIGHT, NULL, &valid, &why, &error) && valid != NULL);
  assert_true (assay_id_equal (&valid->id, &id));
  /* Its pictures are in the project, by hash. */
  const char *hash
      = assay_json_get_string (json_array_get (json_object_get (valid->document, "views"), 0), "media");
  AssaySha256 media;
  assert_true (hash != NULL && assay_sha256_parse (hash, &media));
  ok (assay_media_check (f->project, &media, "png", &error));

  AssayPose tilted = scene_pose (&sheet.board, 0.5, -0.4, 0.1, 0.01, 0.01, 0.33);
  AssayPose flat = scene_pose (&sheet.board, 0, 0, 0, 0, 0, 0.75);
  AssayCamera zoomed = lens;
  zoomed.fx *= 1.04;
  zoomed.fy *= 1.04;
  g_autoptr (json_t) holds = check (f, sensor, &sheet, &lens, &tilted);
  g_autoptr (json_t) broken = check (f, sensor, &sheet, &zoomed, &tilted);
  g_autoptr (json_t) blind = check (f, sensor, &sheet, &lens, &flat);
  assert_string_equal (assay_json_get_string (holds, "verdict"), "holds");
  assert_string_equal (assay_json_get_string (broken, "verdict"), "broken");
  /* A small board seen straight fits any focal length, also the right one: it is not said to hold. */
  assert_string_equal (assay_json_get_string (blind, "verdict"), "doubtful");
  assert_true (number (blind, "least_focal_percent") > 3 * number (holds, "least_focal_percent"));

  /* What the session's first view said goes with each picture; once it is broken, no lens does. */
  ok (assay_calibration_add (f->store, sensor, ASSAY_CALIBRATION_CHECK, holds, &id, &error));
  assert_recorded (f, camera, &valid->id, number (holds, "drift_px"));
  ok (assay_calibration_add (f->store, sensor, ASSAY_CALIBRATION_CHECK, broken, &id, &error));
  assert_recorded (f, camera, NULL, 0);
}

/* --- depth --- */

/* What a depth camera of a quarter millimetre a count says of a flat board, 0 on its left edge. */
static AssayPicture *
take_depth (const Sheet *sheet, const SceneCamera *camera, const AssayPose *pose)
{
  AssayPicture *picture = assay_picture_new (WIDTH, HEIGHT, ASSAY_PIXELS_GREY16);
  const double *r = pose->r, *t = pose->t_m;
  for (guint y = 0; y < HEIGHT; y++)
    for (guint x = 200; x < WIDTH; x++)
      {
        const float *ray
            = camera->rays + 2 * (((gsize) y * SCENE_FINE + 1) * WIDTH * SCENE_FINE + x * SCENE_FINE + 1);
        double along = (r[2] * t[0] + r[5] * t[1] + r[8] * t[2]) / (r[2] * ray[0] + r[5] * ray[1] + r[8]);
        guint16 count = (guint16) CLAMP (lround (along / 0.00025), 0, 65535);
        memcpy (picture->data + y * picture->stride + 2 * (gsize) x, &count, sizeof count);
      }
  return picture;
}

static void
the_unit_of_a_depth_camera_is_measured (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_auto (Sheet) sheet = sheet_print ("chessboard:9x6:20");
  g_autoptr (GPtrArray) depths = g_ptr_array_new_with_free_func (g_free);
  g_auto (SceneCamera) camera = scene_camera (&lens, WIDTH, HEIGHT);
  for (guint i = 0; i < N_VIEWS; i++)
    {
      AssayPose pose = scene_place (&sheet.board, i);
      g_autoptr (AssayPicture) depth = take_depth (&sheet, &camera, &pose);
      g_autofree char *name = g_strdup_printf ("depth%02u.png", i);
      g_ptr_array_add (depths, write_picture (f->directory, name, depth));
    }
  g_ptr_array_add (depths, NULL);
  const char *const paths[] = { views, NULL };
  g_autoptr (GPtrArray) shots = assay_job_calibrate_look (paths, &sheet.board, 0, NULL, &error);
  ok (shots != NULL);
  g_autoptr (json_t) answer = assay_job_calibrate_solve (shots, &sheet.board, 0, NULL, &error);
  ok (answer != NULL);
  g_autoptr (json_t) depth
      = assay_job_calibrate_depth (shots, (const char *const *) depths->pdata, &sheet.board, answer, &error);
  ok (depth != NULL);
  print_message ("# unit %.7f m, spread %.6f m, n %.0f\n", number (depth, "unit_m"), number (depth, "spread_m"),
                 number (depth, "n"));
  assert_true (fabs (number (depth, "unit_m") / 0.00025 - 1) < 0.003);
  assert_true (number (depth, "spread_m") < 0.001 && number (depth, "n") > 200);
}

int
main (void)
{
  const struct CMUnitTest cases[] = {
    CASE (what_is_printed_has_its_true_size_and_is_found_again),
    CASE (spoiled_views_are_named_with_the_reason_and_the_rest_is_solved),
    CASE (a_live_camera_takes_its_views_and_a_later_view_says_whether_it_holds),
    CASE (the_unit_of_a_depth_camera_is_measured),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER"));
  return cmocka_run_group_tests (cases, render_views, remove_views);
}
