/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a camera's calibration is worth later: for another size, another focus, after a check, on another desk. */
#include "core/board-coverage.h"
#include "core/board.h"
#include "core/calibration.h"
#include "tests/core/fixture.h"

static AssaySensor *
make_sensor (Fixture *f, const char *identity)
{
  g_autoptr (GError) error = NULL;
  AssaySensor *sensor = assay_sensor_ensure (f->store, "camera", identity, "camera", &error);
  ok (sensor != NULL);
  return sensor;
}

static json_t *
make_lens (double fx, int width, const json_t *lens)
{
  return json_pack ("{s:f, s:f, s:f, s:f, s:[ffffi], s:i, s:i, s:f, s:f, s:O}", "fx", fx, "fy", fx, "cx", 320.5,
                    "cy", 240.25, "distortion", -0.2, 0.05, 0.001, 0.0, 0, "width", width, "height", 480, "rms_px",
                    0.2, "held_out_px", 0.25, "lens", lens);
}

static AssayId
keep (Fixture *f, const AssaySensor *sensor, AssayCalibrationKind kind, json_t *take_document)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) document = take_document;
  AssayId id;
  ok (assay_calibration_add (f->store, sensor, kind, document, &id, &error));
  return id;
}

/* `part` NULL: the calibration counts, and is `id`; else it does not, and that is said. */
static void
assert_for (Fixture *f, const AssaySensor *sensor, guint width_px, const json_t *controls, const AssayId *id,
            const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayCalibration) calibration = NULL;
  g_autofree char *why = NULL;
  ok (assay_calibration_for (f->store, &sensor->id, width_px, 480, controls, &calibration, &why, &error));
  if (part == NULL && calibration == NULL)
    fail_msg ("it does not count: %s", why);
  if (part != NULL && (calibration != NULL || strstr (why, part) == NULL))
    fail_msg ("it counts, or \"%s\" does not say %s", why, part);
  if (part == NULL)
    assert_true (why == NULL && assay_id_equal (&calibration->id, id));
}

static void
it_counts_for_its_size_and_its_focus_alone (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssaySensor) sensor = make_sensor (f, "v4l2:one"), other = make_sensor (f, "v4l2:two");
  g_autoptr (json_t) there
      = json_pack ("{s:i, s:b, s:i}", "focus_absolute", 30, "focus_automatic_continuous", 0, "brightness", 5);
  g_autoptr (json_t) moved = json_pack ("{s:i, s:b}", "focus_absolute", 35, "focus_automatic_continuous", 0);
  g_autoptr (json_t) hunting = json_pack ("{s:i, s:b}", "focus_absolute", 30, "focus_automatic_continuous", 1);
  g_autoptr (json_t) lens = assay_calibration_lens_of (there);
  assert_int_equal (json_object_size (lens), 2);
  assert_for (f, sensor, 640, there, NULL, "never calibrated");
  AssayId first = keep (f, sensor, ASSAY_CALIBRATION_INTRINSICS, make_lens (500, 640, lens));
  assert_for (f, sensor, 640, there, &first, NULL);
  assert_for (f, sensor, 1280, there, NULL, "640 x 480, not at 1280 x 480");
  assert_for (f, sensor, 640, moved, NULL, "focus_absolute is 35 and was 30");
  assert_for (f, sensor, 640, hunting, NULL, "lock it");
  assert_for (f, other, 640, there, NULL, "never calibrated");
  AssayId second = keep (f, sensor, ASSAY_CALIBRATION_INTRINSICS, make_lens (510, 640, lens));
  assert_for (f, sensor, 640, there, &second, NULL);
  /* Made while the camera focused by itself, it never counts. */
  g_autoptr (json_t) loose = assay_calibration_lens_of (hunting);
  keep (f, sensor, ASSAY_CALIBRATION_INTRINSICS, make_lens (520, 640, loose));
  assert_for (f, sensor, 640, there, NULL, "was automatic when");
}

static void
a_check_goes_with_the_items_and_a_broken_one_ends_it (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssaySensor) sensor = make_sensor (f, "v4l2:one");
  g_autoptr (json_t) no_lens = json_object ();
  AssayId id = keep (f, sensor, ASSAY_CALIBRATION_INTRINSICS, make_lens (500, 640, no_lens));
  g_autoptr (AssayCalibration) calibration
      = assay_calibration_get (f->store, &sensor->id, ASSAY_CALIBRATION_INTRINSICS, NULL, &error);
  ok (calibration != NULL);
  /* 0.25 px are usual: up to 0.375 it holds, up to 0.75 nobody knows. */
  assert_int_equal (assay_calibration_judge (calibration, 0.37), ASSAY_DRIFT_HOLDS);
  assert_int_equal (assay_calibration_judge (calibration, 0.38), ASSAY_DRIFT_DOUBTFUL);
  assert_int_equal (assay_calibration_judge (calibration, 0.76), ASSAY_DRIFT_BROKEN);
  assert_int_equal (assay_calibration_judge (calibration, NAN), ASSAY_DRIFT_BROKEN);
  g_autoptr (json_t) before = assay_calibration_facts (f->store, &sensor->id, calibration, &error);
  ok (before != NULL);
  assert_true (json_is_null (json_object_get (before, "drift_px")));
  keep (f, sensor, ASSAY_CALIBRATION_CHECK,
        json_pack ("{s:o, s:f}", "calibration", assay_json_id (&id), "drift_px", 0.3));
  g_autoptr (AssayItem) item = assay_item_new ();
  json_t *facts = assay_calibration_facts (f->store, &sensor->id, calibration, &error);
  AssayCamera camera;
  ok (facts != NULL);
  assert_true (json_number_value (json_object_get (facts, "drift_px")) == 0.3);
  json_object_set_new (item->facts, "camera", facts);
  assert_true (assay_item_get_camera (item, &camera));
  assert_true (camera.fx == 500 && camera.cy == 240.25 && camera.distortion[0] == -0.2 && !camera.assumed);
  assert_for (f, sensor, 640, NULL, &id, NULL);
  keep (f, sensor, ASSAY_CALIBRATION_CHECK,
        json_pack ("{s:o, s:f}", "calibration", assay_json_id (&id), "drift_px", 3.5));
  assert_for (f, sensor, 640, NULL, NULL, "off by 3.50 px");
}

static void
documents_that_lack_what_they_are_for_are_refused (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssaySensor) sensor = make_sensor (f, "v4l2:one");
  g_autoptr (json_t) no_lens = json_object (), lens = make_lens (500, 640, no_lens), nothing = json_object ();
  AssayId id;
  json_array_clear (json_object_get (lens, "distortion"));
  refused (assay_calibration_add (f->store, sensor, ASSAY_CALIBRATION_INTRINSICS, lens, &id, to),
           ASSAY_ERROR_BAD_DATA, "five numbers");
  refused (assay_calibration_add (f->store, sensor, ASSAY_CALIBRATION_DEPTH, nothing, &id, to),
           ASSAY_ERROR_BAD_DATA, "unit_m");
}

static void
another_desk_gets_it_with_the_sensor (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autofree char *place = g_build_filename (f->directory, "other", NULL);
  g_autoptr (AssayProject) other = assay_project_create (place, "other", &error);
  ok (other != NULL);
  g_autoptr (AssaySensor) sensor = make_sensor (f, "v4l2:one");
  g_autoptr (json_t) no_lens = json_object ();
  AssayId id = keep (f, sensor, ASSAY_CALIBRATION_INTRINSICS, make_lens (500, 640, no_lens));
  AssayMergeCounts counts = { 0 };
  ok (assay_project_merge (other, f->project->directory, &counts, NULL, &error));
  Fixture there = { .store = other->store };
  assert_for (&there, sensor, 640, NULL, &id, NULL);
}

static void
boards_say_what_they_count (void **state)
{
  static const struct
  {
    const char *words, *part;
  } wrong[] = {
    { "chessboard:9x6", "something is missing" },
    { "chessboard:9:25", "no count" },
    { "chessboard:9x6:0", "no size" },
    { "chessboard:9x6:25:18", "too many" },
    { "charuco:7x8:25", "take 7 or 9 rows" },
    { "charuco:7x9:25:25", "no border" },
    { "charuco:7x9:25:18:9x9_50", "no dictionary" },
    { "charuco:21x21:25:18:4x4_50", "needs 220 markers" },
    { "circles:9x6:25", "no board called \"circles\"" },
    { "chessboard:2x9:25", "too small" },
  };
  AssayBoard board;
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    refused (assay_board_parse (wrong[i].words, &board, to), ASSAY_ERROR_USAGE, wrong[i].part);
  ok (assay_board_parse ("charuco:7x9:25:18:DICT_6X6_250", &board, &error));
  g_autofree char *text = assay_board_to_text (&board);
  assert_string_equal (text, "charuco:7x9:25:18:6x6_250");
  assert_int_equal (assay_board_count_corners (&board), 6 * 8);
  /* A sheet whose bar of 100 mm came out as 98 mm has squares of 24.5 mm. */
  ok (assay_board_scale (&board, 98, &error));
  assert_float_equal (board.square_m, 0.0245, 1e-12);
  refused (assay_board_scale (&board, 9.8, to), ASSAY_ERROR_USAGE, "millimetres");
}

static void
coverage_counts_what_is_new_as_ros_does (void **state)
{
  g_autoptr (AssayBoardCoverage) coverage = assay_board_coverage_new ();
  /* A square of 200 px in the middle of 640 x 480: (320 - 100) / (640 - 200), sqrt (200^2 / (640 480)), no skew. */
  const AssayPoint square[4] = { { 220, 140 }, { 420, 140 }, { 420, 340 }, { 220, 340 } };
  AssayBoardPlace place = assay_board_place_of (square, 640, 480);
  assert_float_equal (place.at[ASSAY_BOARD_X], 0.5, 1e-9);
  assert_float_equal (place.at[ASSAY_BOARD_Y], 0.5, 1e-9);
  assert_float_equal (place.at[ASSAY_BOARD_SIZE], sqrt (200.0 * 200 / (640 * 480)), 1e-9);
  assert_float_equal (place.at[ASSAY_BOARD_SKEW], 0, 1e-9);
  assert_true (assay_board_coverage_offer (coverage, &place));
  place.at[ASSAY_BOARD_X] += 0.1;
  place.at[ASSAY_BOARD_Y] -= 0.09;
  assert_false (assay_board_coverage_offer (coverage, &place));
  place.at[ASSAY_BOARD_Y] -= 0.02;
  assert_true (assay_board_coverage_offer (coverage, &place));
  assert_false (assay_board_coverage_is_enough (coverage));
  assert_int_equal (assay_board_coverage_count (coverage), 2);
  const AssayBoardPlace corners[] = { { { 0.1, 0.1, 0.2, 0.0 } }, { { 0.85, 0.85, 0.45, 0.55 } } };
  for (guint i = 0; i < G_N_ELEMENTS (corners); i++)
    assert_true (assay_board_coverage_offer (coverage, &corners[i]));
  assert_true (assay_board_coverage_is_enough (coverage));
}

int
main (void)
{
  const struct CMUnitTest cases[] = {
    CASE (it_counts_for_its_size_and_its_focus_alone),
    CASE (a_check_goes_with_the_items_and_a_broken_one_ends_it),
    CASE (documents_that_lack_what_they_are_for_are_refused),
    CASE (another_desk_gets_it_with_the_sensor),
    cmocka_unit_test (boards_say_what_they_count),
    cmocka_unit_test (coverage_counts_what_is_new_as_ros_does),
  };
  return cmocka_run_group_tests (cases, NULL, NULL);
}
