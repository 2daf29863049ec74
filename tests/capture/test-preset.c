/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-v4l2.h"

#include "capture/preset.h"
#include "capture/rate-cause.h"
#include "core/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define ID "v4l2:usb-1bcf:2c99-AB12.00"
#define CONTROL(number, words, kind, low, high)                                                                    \
  .query = { .id = (number),                                                                                       \
             .type = (kind),                                                                                       \
             .name = words,                                                                                        \
             .minimum = (low),                                                                                     \
             .maximum = (high),                                                                                    \
             .step = 1,                                                                                            \
             .elem_size = 4,                                                                                       \
             .elems = 1 }

/* As uvcvideo has them, and some that it has not; by number, as the kernel lists them. */
static const FakeCamera webcam = {
  .card = "Webcam",
  .serial = "AB12",
  .port = "1",
  .n_controls = 10,
  .controls = {
    { CONTROL (V4L2_CID_BRIGHTNESS, "Brightness", V4L2_CTRL_TYPE_INTEGER, 0, 255), .value = 100 },
    { CONTROL (V4L2_CID_AUTO_WHITE_BALANCE, "White Balance, Automatic", V4L2_CTRL_TYPE_BOOLEAN, 0, 1), .value = 1 },
    { CONTROL (V4L2_CID_DO_WHITE_BALANCE, "Do White Balance", V4L2_CTRL_TYPE_BUTTON, 0, 0), },
    { CONTROL (V4L2_CID_GAIN, "Gain", V4L2_CTRL_TYPE_INTEGER, 0, 100), .value = 7 },
    { CONTROL (V4L2_CID_POWER_LINE_FREQUENCY, "Power Line Frequency", V4L2_CTRL_TYPE_MENU, 0, 3), .value = 3,
      .items = { "Disabled", "50 Hz", NULL, "Auto" } },
    { CONTROL (V4L2_CID_WHITE_BALANCE_TEMPERATURE, "White Balance Temperature", V4L2_CTRL_TYPE_INTEGER, 2800, 6500),
      .value = 4321, .master = V4L2_CID_AUTO_WHITE_BALANCE, .manual = 0 },
    { CONTROL (V4L2_CID_EXPOSURE_AUTO, "Auto Exposure", V4L2_CTRL_TYPE_MENU, 0, 3), .value = 3,
      .items = { NULL, "Manual Mode", NULL, "Aperture Priority Mode" } },
    { CONTROL (V4L2_CID_EXPOSURE_ABSOLUTE, "Exposure Time, Absolute", V4L2_CTRL_TYPE_INTEGER, 1, 5000), .value = 156,
      .master = V4L2_CID_EXPOSURE_AUTO, .manual = V4L2_EXPOSURE_MANUAL },
    { CONTROL (V4L2_CID_FOCUS_ABSOLUTE, "Focus, Absolute", V4L2_CTRL_TYPE_INTEGER, 0, 250), .value = 30,
      .master = V4L2_CID_FOCUS_AUTO, .manual = 0 },
    { CONTROL (V4L2_CID_FOCUS_AUTO, "Focus, Automatic Continuous", V4L2_CTRL_TYPE_BOOLEAN, 0, 1), .value = 1 },
  },
};

static const AssaySource *
source (void)
{
  return assay_source_find ("v4l2");
}

static AssayDevice *
open_camera (FakeCamera *camera)
{
  g_autoptr (AssayOptions) options = assay_options_new (source ()->options);
  fake_v4l2_begin (camera, 1);
  AssayDevice *device = source ()->open (ID, options, NULL);
  assert_non_null (device);
  return device;
}

static void
done (AssayDevice *device)
{
  source ()->close (device);
  fake_v4l2_end ();
}

static gint64
read_value (FakeCamera *camera, guint32 number)
{
  for (guint i = 0; i < camera->n_controls; i++)
    if (camera->controls[i].query.id == number)
      return camera->controls[i].value;
  return -1;
}

static void
set (AssayDevice *device, const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;
  if (!source ()->set_control (device, name, text, &error))
    fail_msg ("%s", error->message);
}

static const json_t *
find (const json_t *answer, const char *id)
{
  size_t i;
  json_t *entry;
  json_array_foreach (answer, i, entry) if (g_strcmp0 (assay_json_get_string (entry, "id"), id) == 0) return entry;
  return NULL;
}

static json_t *
save (AssayDevice *device)
{
  g_autoptr (json_t) controls = source ()->list_controls (device);
  return assay_preset_take (controls);
}

static void
what_was_set_by_hand_comes_back_though_an_automatic_mode_has_it_now (void **state)
{
  FakeCamera camera = webcam;
  AssayDevice *device = open_camera (&camera);
  set (device, "auto_exposure", "Manual Mode");
  set (device, "exposure_time_absolute", "42");
  set (device, "power_line_frequency", "50 Hz");
  g_autoptr (json_t) preset = save (device);
  assert_null (
      find (json_object_get (preset, "controls"), "do_white_balance")); /* buttons are never pressed again */
  set (device, "exposure_time_absolute", "4000");
  set (device, "auto_exposure", "Aperture Priority Mode");
  set (device, "power_line_frequency", "0");
  set (device, "brightness", "9");
  json_t *answer = NULL;
  assert_true (assay_preset_restore (source (), device, preset, &answer, NULL));
  size_t i;
  json_t *entry;
  json_array_foreach (answer, i, entry) assert_true (assay_json_get_bool (entry, "done"));
  assert_int_equal (read_value (&camera, V4L2_CID_EXPOSURE_AUTO), V4L2_EXPOSURE_MANUAL);
  assert_int_equal (read_value (&camera, V4L2_CID_EXPOSURE_ABSOLUTE), 42);
  assert_int_equal (read_value (&camera, V4L2_CID_POWER_LINE_FREQUENCY), 1);
  assert_int_equal (read_value (&camera, V4L2_CID_BRIGHTNESS), 100);
  assert_true (json_is_null (json_object_get (find (answer, "brightness"), "why")));
  json_decref (answer);
  done (device);
}

static void
a_preset_survives_new_numbers_and_tells_what_a_camera_has_not (void **state)
{
  FakeCamera camera = webcam;
  AssayDevice *device = open_camera (&camera);
  set (device, "power_line_frequency", "50 Hz");
  set (device, "gain", "55");
  g_autoptr (json_t) preset = save (device);
  done (device);
  camera = webcam; /* another kernel: the item moved, a name changed, a control is gone, a range is smaller */
  camera.controls[4].items[1] = "60 Hz";
  camera.controls[4].items[2] = "50 Hz";
  g_strlcpy (camera.controls[0].query.name, "Luminance", sizeof camera.controls[0].query.name);
  camera.controls[3].query.maximum = 50;
  camera.n_controls = 9;
  device = open_camera (&camera);
  set (device, "luminance", "1");
  json_t *answer = NULL;
  assert_true (assay_preset_restore (source (), device, preset, &answer, NULL));
  assert_int_equal (read_value (&camera, V4L2_CID_POWER_LINE_FREQUENCY), 2);
  assert_int_equal (read_value (&camera, V4L2_CID_BRIGHTNESS), 100);
  const json_t *gone = find (answer, "focus_automatic_continuous"), *gain = find (answer, "gain");
  assert_false (assay_json_get_bool (gone, "done"));
  assert_string_equal (assay_json_get_string (gone, "why"), "this camera has no such control");
  assert_false (assay_json_get_bool (gain, "done"));
  assert_int_equal (json_integer_value (json_object_get (gain, "wanted")), 55);
  assert_int_equal (json_integer_value (json_object_get (gain, "got")), 7);
  json_decref (answer);
  done (device);
}

static void
add_payload (FakeCamera *camera, guint32 number, const char *name, guint32 type, guint n, guint bytes)
{
  FakeControl *control = &camera->controls[camera->n_controls++];
  control->query = (struct v4l2_query_ext_ctrl){ .id = number,
                                                 .type = type,
                                                 .maximum = 30,
                                                 .step = 1,
                                                 .elems = n,
                                                 .elem_size = bytes,
                                                 .nr_of_dims = n > 1,
                                                 .dims = { n },
                                                 .flags = V4L2_CTRL_FLAG_HAS_PAYLOAD };
  g_strlcpy (control->query.name, name, sizeof control->query.name);
}

static void
arrays_and_areas_are_set_read_and_restored (void **state)
{
  FakeCamera camera = webcam;
  add_payload (&camera, 0x009a0a01, "Weights", V4L2_CTRL_TYPE_U32, 3, 4);
  add_payload (&camera, 0x009a0a02, "Cell", V4L2_CTRL_TYPE_AREA, 1, 8);
  AssayDevice *device = open_camera (&camera);
  set (device, "weights", "7:0x10:4000000000");
  set (device, "cell", "640x480");
  g_autoptr (json_t) preset = save (device);
  const json_t *saved = json_object_get (preset, "controls");
  g_autofree char *weights = assay_json_canonical (json_object_get (find (saved, "weights"), "value"));
  g_autofree char *cell = assay_json_canonical (json_object_get (find (saved, "cell"), "value"));
  assert_string_equal (weights, "[7,16,4000000000]");
  assert_string_equal (cell, "[640,480]");
  set (device, "weights", "5"); /* one number for all */
  assert_int_equal (camera.controls[10].elements[0] + camera.controls[10].elements[2], 10);
  set (device, "cell", "1x2");
  json_t *answer = NULL;
  assert_true (assay_preset_restore (source (), device, preset, &answer, NULL));
  assert_true (assay_json_get_bool (find (answer, "weights"), "done"));
  assert_true (camera.controls[10].elements[2] == 4000000000u && camera.controls[11].elements[0] == 640);
  static const char *const bad[] = { "1:2", "a:b:c", "1:2:3:4", "" };
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_false (source ()->set_control (device, "weights", bad[i], NULL));
  json_decref (answer);
  done (device);
}

static void
what_is_no_preset_is_refused_before_anything_is_set (void **state)
{
  static const char *const bad[]
      = { "{}", "{\"kind\":\"preset\",\"version\":2,\"controls\":[]}", "{\"kind\":\"preset\",\"version\":1}",
          "{\"kind\":\"preset\",\"version\":1,\"controls\":[{\"id\":\"gain\",\"value\":1}]}",
          "{\"kind\":\"preset\",\"version\":1,\"controls\":[{\"id\":\"gain\",\"number\":9963795,\"type\":"
          "\"integer\",\"value\":1},7]}" };
  FakeCamera camera = webcam;
  AssayDevice *device = open_camera (&camera);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (json_t) preset = json_loads (bad[i], 0, NULL);
      g_autoptr (GError) error = NULL;
      json_t *answer = NULL;
      assert_non_null (preset);
      assert_false (assay_preset_restore (source (), device, preset, &answer, &error));
      assert_non_null (error);
      assert_int_equal (read_value (&camera, V4L2_CID_GAIN), 7);
    }
  done (device);
}

static void
a_lock_keeps_what_the_automatic_modes_chose (void **state)
{
  FakeCamera camera = webcam;
  AssayDevice *device = open_camera (&camera);
  json_t *answer = NULL;
  assert_true (assay_preset_lock (source (), device, &answer, NULL));
  assert_int_equal (read_value (&camera, V4L2_CID_EXPOSURE_AUTO), V4L2_EXPOSURE_MANUAL);
  assert_int_equal (read_value (&camera, V4L2_CID_EXPOSURE_ABSOLUTE), 156);
  assert_int_equal (read_value (&camera, V4L2_CID_AUTO_WHITE_BALANCE), 0);
  assert_int_equal (read_value (&camera, V4L2_CID_WHITE_BALANCE_TEMPERATURE), 4321);
  assert_int_equal (read_value (&camera, V4L2_CID_FOCUS_AUTO), 0);
  assert_int_equal (read_value (&camera, V4L2_CID_FOCUS_ABSOLUTE), 30);
  assert_int_equal (json_array_size (answer), 7); /* gain stays what it was */
  size_t i;
  json_t *entry;
  json_array_foreach (answer, i, entry) assert_true (assay_json_get_bool (entry, "done"));
  json_decref (answer);
  done (device);
}

static void
changes_of_others_are_told_once_and_our_own_are_not (void **state)
{
  FakeCamera camera = webcam;
  AssayDevice *device = open_camera (&camera);
  json_t *first = source ()->watch_controls (device);
  assert_int_equal (json_object_size (first), 0);
  json_decref (first);
  set (device, "brightness", "50");
  fake_v4l2_change (&camera, V4L2_CID_GAIN, 99);
  json_t *news = source ()->watch_controls (device);
  assert_int_equal (json_object_size (news), 1);
  assert_int_equal (json_integer_value (json_object_get (json_object_get (news, "gain"), "value")), 99);
  json_decref (news);
  news = source ()->watch_controls (device);
  assert_int_equal (json_object_size (news), 0);
  json_decref (news);
  /* What our own change frees is news: the slider must be drawn as one that can be moved. */
  set (device, "auto_exposure", "1");
  news = source ()->watch_controls (device);
  assert_int_equal (json_object_size (news), 1);
  assert_int_equal (json_array_size (json_object_get (json_object_get (news, "exposure_time_absolute"), "flags")),
                    0);
  json_decref (news);
  done (device);
}

static void
while_it_records_we_may_set_its_controls_and_nobody_else_may (void **state)
{
  FakeCamera camera = webcam;
  AssayDevice *device = open_camera (&camera);
  g_autoptr (AssayOptions) options = assay_options_new (source ()->options);
  AssayDevice *other = source ()->open (ID, options, NULL);
  g_autoptr (GError) error = NULL;
  assert_true (source ()->start (device, NULL));
  set (device, "brightness", "11");
  assert_int_equal (read_value (&camera, V4L2_CID_BRIGHTNESS), 11);
  assert_false (source ()->set_control (other, "brightness", "12", &error));
  assert_int_equal (read_value (&camera, V4L2_CID_BRIGHTNESS), 11);
  json_decref (source ()->watch_controls (device));
  set (device, "brightness", "13");
  json_t *news = source ()->watch_controls (device);
  assert_int_equal (json_object_size (news), 0);
  json_decref (news);
  source ()->close (other);
  done (device);
}

static void
values_that_a_control_does_not_take_are_refused_with_its_range (void **state)
{
  static const char *const cases[][2]
      = { { "gain", "101" },           { "gain", "much" },       { "power_line_frequency", "2" },
          { "auto_exposure", "Bulb" }, { "no_such_thing", "1" }, { "exposure_time_absolute", "5" } };
  FakeCamera camera = webcam;
  AssayDevice *device = open_camera (&camera);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      assert_false (source ()->set_control (device, cases[i][0], cases[i][1], &error));
      assert_non_null (strstr (error->message, cases[i][0]));
    }
  assert_int_equal (read_value (&camera, V4L2_CID_GAIN), 7);
  g_autoptr (json_t) some = json_pack ("{s:i, s:i, s:i}", "gain", 11, "brightness", 1000, "nothing", 1);
  g_autoptr (json_t) wrongs = source ()->apply_controls (device, some);
  assert_int_equal (json_object_size (wrongs), 2); /* the others are done all the same */
  assert_int_equal (read_value (&camera, V4L2_CID_GAIN), 11);
  done (device);
}

/* --- frame rate ---------------------------------------------------------------------------------------------- */

static void
a_low_rate_is_explained_by_what_causes_it (void **state)
{
  static const char *const dim = "[{\"id\":\"auto_exposure\",\"number\":10094849,\"value\":3},"
                                 "{\"id\":\"exposure_dynamic_framerate\",\"number\":10094851,\"value\":true}]";
  static const char *const slow = "[{\"id\":\"auto_exposure\",\"number\":10094849,\"value\":1},"
                                  "{\"id\":\"exposure_dynamic_framerate\",\"number\":10094851,\"value\":true},"
                                  "{\"id\":\"exposure_time_absolute\",\"number\":10094850,\"value\":666}]";
  static const struct
  {
    double wanted, got, measured, mbit;
    const char *controls, *said; /* NULL = well */
  } cases[] = {
    { 30, 30, 29.5, 480, dim, NULL },
    { 30, 30, 15, 480, dim, "switch exposure_dynamic_framerate off" },
    { 30, 30, 15, 480, slow, "66.6 ms, longer than the 33.3 ms" },
    { 30, 10, 10, 480, NULL, "at most 10 frames" },
    { 30, 30, 12, 480, NULL, "55.3 MB/s do not fit" },
    { 30, 30, 12, 5000, NULL, "says no reason" },
    { 0, 30, 12, 0, NULL, "instead of 30" },
    { 0, 0, 12, 0, NULL, NULL },
    { 30, 30, 0, 480, dim, NULL },
  };
  const AssayStreamFormat format = { .max_bytes = 1280 * 720 * 2, .pixels = { .bytes_per_line = 2560 } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (json_t) controls = cases[i].controls != NULL ? json_loads (cases[i].controls, 0, NULL) : NULL;
      AssayRate rate = { .wanted_fps = cases[i].wanted,
                         .got_fps = cases[i].got,
                         .measured_fps = cases[i].measured,
                         .format = &format,
                         .usb_mbit_per_s = cases[i].mbit,
                         .controls = controls };
      g_autofree char *cause = assay_rate_dup_cause (&rate);
      if ((cause == NULL) != (cases[i].said == NULL) || (cause != NULL && strstr (cause, cases[i].said) == NULL))
        fail_msg ("case %u: %s", i, cause != NULL ? cause : "no cause");
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_was_set_by_hand_comes_back_though_an_automatic_mode_has_it_now),
    cmocka_unit_test (a_preset_survives_new_numbers_and_tells_what_a_camera_has_not),
    cmocka_unit_test (arrays_and_areas_are_set_read_and_restored),
    cmocka_unit_test (what_is_no_preset_is_refused_before_anything_is_set),
    cmocka_unit_test (a_lock_keeps_what_the_automatic_modes_chose),
    cmocka_unit_test (changes_of_others_are_told_once_and_our_own_are_not),
    cmocka_unit_test (while_it_records_we_may_set_its_controls_and_nobody_else_may),
    cmocka_unit_test (values_that_a_control_does_not_take_are_refused_with_its_range),
    cmocka_unit_test (a_low_rate_is_explained_by_what_causes_it),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
