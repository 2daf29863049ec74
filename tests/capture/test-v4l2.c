/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-v4l2.h"

#include "capture/gap.h"
#include "capture/recorder.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/film.h"
#include "core/json.h"
#include "core/project.h"

#include <errno.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define ONE "v4l2:usb-1bcf:2c99-AB12.00"

static const AssaySource *
source (void)
{
  return assay_source_find ("v4l2");
}

static AssayDevice *
open_with (const char *id, const char *name, const char *value, GError **error)
{
  g_autoptr (AssayOptions) options = assay_options_new (source ()->options);
  if (!assay_options_set (options, "patience", "0.05", error)
      || (name != NULL && !assay_options_set (options, name, value, error)))
    return NULL;
  return source ()->open (id, options, error);
}

static AssayDevice *
start (const char *id)
{
  g_autoptr (GError) error = NULL;
  AssayDevice *device = open_with (id, NULL, NULL, &error);
  if (device == NULL || !source ()->start (device, &error))
    fail_msg ("%s", error->message);
  return device;
}

/* The next frame, or the error that is not "nothing yet"; -EAGAIN after ten seconds. */
static int
wait_for (AssayDevice *device, AssayFrame *ret_frame)
{
  gint64 until_ns = assay_clock_now_ns () + 10 * G_GINT64_CONSTANT (1000000000);
  int got;
  do
    got = source ()->next (device, 20, ret_frame);
  while (got == -EAGAIN && assay_clock_now_ns () < until_ns);
  return got;
}

static gint64
count (AssayDevice *device, const char *what)
{
  g_autoptr (json_t) facts = source ()->get_facts (device);
  gint64 n = -1;
  assay_json_get_int (json_object_get (facts, "counts"), what, &n);
  return n;
}

static void
one_transfer_that_fails_costs_no_stream (void **state)
{
  static const FakeStep script[]
      = { { FAKE_FRAME, 3, 0 }, { FAKE_DQ_FAILS, 1, EIO }, { FAKE_Q_FAILS, 1, EINVAL }, { FAKE_FRAME, 0, 0 } };
  FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .script = script };
  fake_v4l2_begin (&camera, 1);
  AssayDevice *device = start (ONE);
  for (guint i = 0; i < 20; i++)
    {
      AssayFrame frame;
      assert_int_equal (wait_for (device, &frame), 0);
      assert_int_equal (frame.sequence, i);
      assert_int_equal (frame.flags, 0);
    }
  assert_int_equal (count (device, "io_errors"), 1);
  assert_int_equal (count (device, "queue_errors"), 1);
  assert_int_equal (count (device, "restarts"), 0);
  source ()->close (device);
  fake_v4l2_end ();
}

static void
a_stream_that_breaks_is_started_again_and_says_so (void **state)
{
  /* A bus error that only STREAMOFF clears, a driver that drops every buffer, a camera that freezes, poll's trap.
   */
  static const FakeStep scripts[][3]
      = { { { FAKE_FRAME, 2, 0 }, { FAKE_DQ_FAILS, 8, EIO }, { FAKE_FRAME, 0, 0 } },
          { { FAKE_FRAME, 2, 0 }, { FAKE_Q_FAILS, 3, EINVAL }, { FAKE_FRAME, 0, 0 } },
          { { FAKE_FRAME, 2, 0 }, { FAKE_SILENCE, 1, 0 }, { FAKE_FRAME, 0, 0 } },
          { { FAKE_FRAME, 2, 0 }, { FAKE_POLL_ERR, 8, 0 }, { FAKE_FRAME, 0, 0 } },
          { { FAKE_FRAME, 2, 0 }, { FAKE_CHANGE, 1, 0 }, { FAKE_FRAME, 0, 0 } } };
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .script = scripts[i] };
      fake_v4l2_begin (&camera, 1);
      AssayDevice *device = start (ONE);
      guint restarted = 0;
      for (guint n = 0; n < 12; n++)
        {
          AssayFrame frame;
          assert_int_equal (wait_for (device, &frame), 0);
          restarted += (frame.flags & ASSAY_FRAME_RESTARTED) != 0;
          if (frame.flags & ASSAY_FRAME_RESTARTED)
            assert_int_equal (frame.sequence, 0);
        }
      if (restarted != 1 || camera.n_stream_on != 2 || count (device, "restarts") != 1)
        fail_msg ("script %u: %u frames said so, %u starts", i, restarted, camera.n_stream_on);
      source ()->close (device);
      fake_v4l2_end ();
    }
}

static void
what_never_gets_well_is_given_up_after_few_attempts (void **state)
{
  static const FakeStep scripts[][2] = { { { FAKE_FRAME, 2, 0 }, { FAKE_DQ_FAILS, 0, EIO } },
                                         { { FAKE_FRAME, 2, 0 }, { FAKE_SILENCE, 0, 0 } },
                                         { { FAKE_FRAME, 2, 0 }, { FAKE_POLL_ERR, 0, 0 } } };
  static const int whys[] = { -EIO, -ETIMEDOUT, -EIO };
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .script = scripts[i] };
      fake_v4l2_begin (&camera, 1);
      AssayDevice *device = start (ONE);
      AssayFrame frame;
      assert_int_equal (wait_for (device, &frame), 0);
      assert_int_equal (wait_for (device, &frame), 0);
      gint64 began_ns = assay_clock_now_ns ();
      assert_int_equal (wait_for (device, &frame), whys[i]);
      assert_int_equal (camera.n_stream_on, 5);
      gint64 took_ns = assay_clock_now_ns () - began_ns;
      assert_true (took_ns > 200000000 && took_ns < 5 * G_GINT64_CONSTANT (1000000000)); /* with patience, not for ever */
      assert_true (camera.n_calls < 1000); /* it did not spin */
      source ()->close (device);
      fake_v4l2_end ();
    }
}

static void
an_unplugged_camera_is_gone_whichever_call_says_so_first (void **state)
{
  static const FakeStep scripts[][2] = { { { FAKE_FRAME, 2, 0 }, { FAKE_DQ_FAILS, 0, ENODEV } },
                                         { { FAKE_FRAME, 2, 0 }, { FAKE_Q_FAILS, 0, ENODEV } },
                                         { { FAKE_FLAGGED, 2, 0 }, { FAKE_Q_FAILS, 0, ENODEV } },
                                         { { FAKE_FRAME, 0, 0 }, { FAKE_FRAME, 0, 0 } } };
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .script = scripts[i] };
      fake_v4l2_begin (&camera, 1);
      AssayDevice *device = start (ONE);
      AssayFrame frame;
      int got = 0;
      for (guint n = 0; n < 8 && got == 0; n++)
        {
          if (n == 2 && i == 3)
            fake_v4l2_plug (&camera, -1);
          got = wait_for (device, &frame);
        }
      assert_int_equal (got, -ENODEV);
      assert_int_equal (camera.n_stream_on, 1); /* at once: what is gone is not started again */
      source ()->close (device);
      fake_v4l2_end ();
    }
}

static void
too_little_bandwidth_is_said_to_be_that_with_what_to_do (void **state)
{
  FakeCamera cameras[]
      = { { .card = "Webcam", .serial = "AB12", .port = "1", .number = 0, .stream_on_errnum = ENOSPC },
          { .card = "The other one", .serial = "CD34", .port = "2", .number = 1 } };
  fake_v4l2_begin (cameras, 2);
  g_autoptr (GError) error = NULL;
  AssayDevice *device = open_with (ONE, NULL, NULL, &error);
  assert_non_null (device);
  assert_false (source ()->start (device, &error));
  static const char *const told[] = { "USB bus", "480 Mbit/s", "The other one", "0.6 MB/s", "format=MJPG" };
  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    if (strstr (error->message, told[i]) == NULL)
      fail_msg ("%s is not in: %s", told[i], error->message);
  g_clear_error (&error);
  assert_true (source ()->start (device, &error)); /* the other one was closed meanwhile */
  assert_true (cameras[0].record_priority);
  AssayFrame frame;
  assert_int_equal (wait_for (device, &frame), 0);
  source ()->close (device);
  assert_false (cameras[0].record_priority);
  fake_v4l2_end ();
}

static void
bad_frames_are_marked_and_end_nothing (void **state)
{
  static const FakeStep script[] = {
    { FAKE_FRAME, 1, 0 }, { FAKE_FLAGGED, 1, 0 }, { FAKE_SHORT, 1, 0 }, { FAKE_EMPTY, 1, 0 }, { FAKE_FRAME, 0, 0 }
  };
  static const guint flags[] = { 0, ASSAY_FRAME_ERROR, ASSAY_FRAME_SHORT, ASSAY_FRAME_SHORT, 0, 0 };
  FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .script = script };
  fake_v4l2_begin (&camera, 1);
  AssayDevice *device = start (ONE);
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      AssayFrame frame;
      assert_int_equal (wait_for (device, &frame), 0);
      assert_int_equal (frame.flags, flags[i]);
      assert_int_equal (frame.sequence, i);
    }
  assert_int_equal (count (device, "flagged"), 1);
  assert_int_equal (count (device, "short"), 2);
  source ()->close (device);
  fake_v4l2_end ();
}

static void
frames_lost_across_the_wrap_of_the_counter_are_counted_once (void **state)
{
  static const FakeStep script[] = {
    { FAKE_FRAME, 2, 0 }, { FAKE_SKIP, 4, 0 }, { FAKE_FRAME, 3, 0 }, { FAKE_BACKWARD, 1, 0 }, { FAKE_FRAME, 0, 0 }
  };
  FakeCamera camera
      = { .card = "Webcam", .serial = "AB12", .port = "1", .script = script, .first_sequence = 0xfffffffe };
  fake_v4l2_begin (&camera, 1);
  AssayDevice *device = start (ONE);
  AssayFrameWatch watch = { 0 };
  guint64 missing = 0;
  for (guint i = 0; i < 30; i++)
    {
      AssayFrame frame;
      AssayGap gap;
      assert_int_equal (wait_for (device, &frame), 0);
      missing += assay_frame_watch_look (&watch, frame.sequence, frame.stamp_ns, &gap) ? gap.missing : 0;
    }
  assert_int_equal (missing, 4);
  source ()->close (device);
  fake_v4l2_end ();
}

static void
any_format_comes_byte_for_byte (void **state)
{
  static const struct
  {
    guint32 fourcc;
    gsize bytes;
  } cases[] = { { V4L2_PIX_FMT_H264, 137 },
                { V4L2_PIX_FMT_Z16, 64 * 48 * 2 },
                { v4l2_fourcc ('?', 'x', '1', '!'), 6144 } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FakeCamera camera = {
        .card = "Webcam", .serial = "AB12", .port = "1", .fourcc = cases[i].fourcc, .frame_bytes = cases[i].bytes
      };
      fake_v4l2_begin (&camera, 1);
      AssayDevice *device = start (ONE);
      assert_int_equal (source ()->get_format (device)->pixels.fourcc, cases[i].fourcc);
      for (guint n = 0; n < 3; n++)
        {
          AssayFrame frame;
          assert_int_equal (wait_for (device, &frame), 0);
          assert_int_equal (frame.n_bytes, cases[i].bytes);
          assert_int_equal (frame.flags, 0);
          for (gsize k = 0; k < frame.n_bytes; k++)
            assert_int_equal (frame.data[k], n);
        }
      source ()->close (device);
      fake_v4l2_end ();
    }
}

/* A recording of the fake camera, right to its end: what the report says of its sensor. */
static json_t *
record (FakeCamera *camera, const char *words, guint frames)
{
  g_autofree char *folder = g_dir_make_tmp ("assay-v4l2-XXXXXX", NULL);
  g_autoptr (AssayProject) project = assay_project_create (folder, "lab", NULL);
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_stream_close);
  g_autofree char *trouble = NULL;
  fake_v4l2_begin (camera, 1);
  g_ptr_array_add (streams, assay_stream_open (ASSAY_DEVICE_CAMERA, words, NULL));
  assert_non_null (streams->pdata[0]);
  g_autoptr (AssayRecorder) recorder
      = assay_recorder_start (folder, streams, &(AssayRecordPlan){ .name = "fake", .frames = frames }, NULL);
  while (!assay_recorder_is_done (recorder))
    g_usleep (5000);
  g_autoptr (json_t) report = assay_recorder_finish (recorder, &trouble, NULL);
  g_clear_pointer (&recorder, assay_recorder_free);
  g_clear_pointer (&streams, g_ptr_array_unref);
  fake_v4l2_end ();
  g_clear_pointer (&project, assay_project_close);
  const char *const remove[] = { "rm", "-rf", folder, NULL };
  g_spawn_sync (NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  return json_incref (json_array_get (json_object_get (report, "sensors"), 0));
}

static gint64
number (const json_t *object, const char *name)
{
  gint64 n = -1;
  assay_json_get_int (object, name, &n);
  return n;
}

static void
a_recording_counts_what_a_frozen_camera_did_not_give (void **state)
{
  static const FakeStep script[] = { { FAKE_FRAME, 20, 0 }, { FAKE_SILENCE, 1, 0 }, { FAKE_FRAME, 0, 0 } };
  FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .script = script };
  g_autoptr (json_t) sensor = record (&camera, ONE ",patience=0.6", 30);
  const json_t *gaps = json_object_get (sensor, "gaps"), *device = json_object_get (sensor, "device");
  assert_int_equal (number (sensor, "frames"), 30);
  assert_int_equal (json_array_size (gaps), 1);
  gint64 missing = number (json_array_get (gaps, 0), "missing");
  assert_true (missing >= 25 && missing < 300); /* 0.6 s of 100 frames a second, less what was stamped ahead */
  assert_int_equal (number (json_object_get (device, "counts"), "restarts"), 1);
  assert_string_equal (assay_json_get_string (json_object_get (device, "stamps"), "taken"), "start of exposure");
}

static void
a_recording_keeps_bad_frames_apart_and_goes_on (void **state)
{
  static const FakeStep script[] = { { FAKE_FRAME, 10, 0 }, { FAKE_FLAGGED, 2, 0 }, { FAKE_SHORT, 1, 0 },
                                     { FAKE_FRAME, 5, 0 },  { FAKE_EMPTY, 1, 0 },   { FAKE_FRAME, 0, 0 } };
  FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .script = script };
  g_autoptr (json_t) sensor = record (&camera, ONE, 30);
  assert_int_equal (number (sensor, "frames"), 30);
  assert_int_equal (number (sensor, "corrupt"), 4);
  assert_int_equal (number (sensor, "received"), 34);
  assert_int_equal (number (sensor, "lost"), 0);
}

static void
a_kept_frame_stays_as_it_is_until_it_is_released (void **state)
{
  static const FakeStep script[] = { { FAKE_FRAME, 8, 0 }, { FAKE_SILENCE, 1, 0 }, { FAKE_FRAME, 0, 0 } };
  FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .script = script };
  fake_v4l2_begin (&camera, 1);
  AssayDevice *device = start (ONE);
  AssayFrame kept, frame;
  assert_int_equal (wait_for (device, &kept), 0);
  int number = source ()->keep (device);
  assert_true (number >= 0);
  assert_int_equal (source ()->keep (device), -1); /* nothing was given since */
  for (guint n = 1; n < 20; n++) /* past a restart, which queues the others anew */
    {
      assert_int_equal (wait_for (device, &frame), 0);
      assert_int_equal (source ()->keep (device), -1); /* of four buffers three stay with the driver */
      assert_true (frame.data != kept.data);
      assert_int_equal (frame.data[0], frame.sequence);
      for (gsize i = 0; i < kept.n_bytes; i++)
        assert_int_equal (kept.data[i], 0);
    }
  assert_int_equal (camera.n_stream_on, 2);
  source ()->release (device, number);
  gboolean back = FALSE;
  for (guint n = 0; n < 8; n++)
    {
      assert_int_equal (wait_for (device, &frame), 0);
      back |= frame.data == kept.data;
    }
  assert_true (back);
  assert_true (source ()->keep (device) >= 0);
  assert_int_equal (count (device, "queue_errors"), 0);
  source ()->close (device);
  fake_v4l2_end ();
}

/* Frames in the films of the project's media, each of which must have the bytes of its number. */
static guint
count_right_frames (const char *folder)
{
  g_autofree char *pattern = g_build_filename (folder, "media", "*", "*.film", NULL);
  glob_t found;
  guint n = 0;
  assert_int_equal (glob (pattern, 0, NULL, &found), 0);
  for (gsize i = 0; i < found.gl_pathc; i++)
    {
      g_autoptr (AssayFilm) film = assay_film_open (found.gl_pathv[i], NULL);
      AssayFilmFrame frame;
      gint64 pts_ns;
      for (; assay_film_next_bytes (film, &frame, &pts_ns, NULL); n++)
        for (gsize k = 0; k < frame.n_bytes; k++)
          assert_int_equal (frame.data[k], frame.sequence & 255);
    }
  globfree (&found);
  return n;
}

static gboolean
await_frames (AssayStream *stream, guint64 n)
{
  for (guint i = 0; i < 2000 && assay_stream_count_received (stream) < n && !assay_stream_is_over (stream); i++)
    g_usleep (5000);
  return assay_stream_count_received (stream) >= n;
}

/* What a taker leaves behind when it has enough lies in the driver's memory, which goes with the camera. */
static void
a_camera_that_goes_takes_what_nobody_took_of_it_along (void **state)
{
  static const FakeStep script[] = { { FAKE_FRAME, 8, 0 }, { FAKE_DQ_FAILS, 0, ENODEV } };
  FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .script = script };
  fake_v4l2_begin (&camera, 1);
  g_autoptr (AssayStream) stream = assay_stream_open (ASSAY_DEVICE_CAMERA, ONE, NULL);
  assay_stream_set_taken (stream, TRUE);
  assert_true (assay_stream_start (stream, NULL));
  await_frames (stream, 8);
  for (g_autofree char *trouble = NULL; (trouble = assay_stream_dup_trouble (stream)) == NULL;)
    g_usleep (5000);
  assert_false (assay_stream_is_over (stream)); /* its taker has not had them yet */
  assay_stream_set_taken (stream, FALSE);
  assert_true (assay_stream_is_over (stream));
  assay_stream_leave (stream);
  static const FakeStep again[] = { { FAKE_FRAME, 4, 0 }, { FAKE_SILENCE, 0, 0 } };
  fake_v4l2_end ();
  FakeCamera back = { .card = "Webcam", .serial = "AB12", .port = "1", .script = again };
  fake_v4l2_begin (&back, 1);
  assert_true (assay_stream_return (stream, NULL));
  assay_stream_set_taken (stream, TRUE);
  assert_true (await_frames (stream, 12));
  for (guint i = 0; i < 4; i++)
    {
      const AssayFrame *frame = assay_stream_wait (stream, 5000);
      if (frame == NULL)
        break; /* what came before it was taken */
      assert_int_equal (frame->n_bytes, 64 * 48 * 2);
      assay_stream_done (stream);
    }
  g_clear_pointer (&stream, assay_stream_close);
  fake_v4l2_end ();
}

static void
a_film_has_every_frame_whether_it_was_kept_or_copied (void **state)
{
  FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1" }; /* which never lets us wait */
  g_autofree char *folder = g_dir_make_tmp ("assay-v4l2-XXXXXX", NULL), *trouble = NULL;
  g_autoptr (AssayProject) project = assay_project_create (folder, "lab", NULL);
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_stream_close);
  fake_v4l2_begin (&camera, 1);
  g_ptr_array_add (streams, assay_stream_open (ASSAY_DEVICE_CAMERA, ONE, NULL));
  assert_non_null (streams->pdata[0]);
  for (guint round = 0; round < 2; round++) /* what the first one left kept does not harm the second */
    {
      g_autoptr (AssayRecorder) recorder = assay_recorder_start (
          folder, streams, &(AssayRecordPlan){ .name = "kept", .frames = 400, .video = TRUE }, NULL);
      while (!assay_recorder_is_done (recorder))
        g_usleep (5000);
      g_autoptr (json_t) report = assay_recorder_finish (recorder, &trouble, NULL);
      gint64 frames = 0;
      assert_true (assay_json_get_int (json_array_get (json_object_get (report, "sensors"), 0), "frames", &frames));
      assert_int_equal (frames, 400);
      assert_int_equal (count_right_frames (folder), 400);
      g_autofree char *command = g_strdup_printf ("rm -rf '%s'/media/*", folder);
      assert_int_equal (system (command), 0);
    }
  g_clear_pointer (&streams, g_ptr_array_unref);
  fake_v4l2_end ();
  g_clear_pointer (&project, assay_project_close);
  const char *const words[] = { "rm", "-rf", folder, NULL };
  g_spawn_sync (NULL, (char **) words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

/* A film that ends as planned, or is stopped some time after so many frames have come; or, `held_up`, stills that wait that long for the database,
 * until their camera goes. What the report says of the sensor. */
static json_t *
record_until (FakeCamera *camera, const char *words, double duration_s, guint64 received, gint64 more_ms, gboolean held_up)
{
  g_autofree char *folder = g_dir_make_tmp ("assay-v4l2-XXXXXX", NULL), *trouble = NULL,
                  *remove = g_strdup_printf ("rm -rf '%s'", folder);
  g_autoptr (AssayProject) project = assay_project_create (folder, "lab", NULL);
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_stream_close);
  fake_v4l2_begin (camera, 1);
  g_ptr_array_add (streams, assay_stream_open (ASSAY_DEVICE_CAMERA, words, NULL));
  assert_non_null (streams->pdata[0]);
  g_autoptr (AssayRecorder) recorder = assay_recorder_start (
      folder, streams, &(AssayRecordPlan){ .video = !held_up, .duration_s = duration_s }, NULL);
  assert_non_null (recorder);
  {
    g_auto (AssayTransaction) transaction = { 0 };
    assert_true (!held_up || assay_transaction_begin (&transaction, project->store, NULL));
    fake_v4l2_let_go (camera);
    while (assay_stream_count_received (streams->pdata[0]) < received)
      g_usleep (1000);
    g_usleep ((gulong) more_ms * 1000);
  }
  if (!held_up && duration_s <= 0)
    assay_recorder_stop (recorder);
  while (!assay_recorder_is_done (recorder))
    g_usleep (2000);
  g_autoptr (json_t) report = assay_recorder_finish (recorder, &trouble, NULL);
  g_clear_pointer (&recorder, assay_recorder_free);
  g_clear_pointer (&streams, g_ptr_array_unref);
  fake_v4l2_end ();
  g_clear_pointer (&project, assay_project_close);
  assert_int_equal (system (remove), 0);
  return json_incref (json_array_get (json_object_get (report, "sensors"), 0));
}

/* Whatever is lost at the end, what is expected is made of other figures than received and lost. */
static void
assert_adds_up (const json_t *sensor)
{
  assert_int_equal (number (sensor, "received") + number (sensor, "lost"), number (sensor, "expected"));
  assert_in_range (number (sensor, "expected_by_rate"), number (sensor, "expected") - 1, number (sensor, "expected") + 1);
}

static void
what_a_camera_that_froze_before_the_end_did_not_give_is_lost (void **state)
{
  static const FakeStep script[] = { { FAKE_FRAME, 20, 0 }, { FAKE_SILENCE, 1, 0 }, { FAKE_FRAME, 0, 0 } };
  static const double durations_s[] = { 0, 0.5 }; /* stopped while nothing came, or waited for it beyond the end */
  for (guint i = 0; i < G_N_ELEMENTS (durations_s); i++)
    {
      FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .script = script };
      g_autoptr (json_t) sensor = record_until (&camera, ONE ",patience=60", durations_s[i], 20, i == 0 ? 900 : 0, FALSE);
      const json_t *gaps = json_object_get (sensor, "gaps"), *gap = json_array_get (gaps, 0);
      assert_int_equal (number (sensor, "received"), 20);
      assert_int_equal (json_array_size (gaps), 1);
      assert_string_equal (assay_json_get_string (gap, "how"), "stamp");
      gint64 hole_ns = number (gap, "at_ns") - number (sensor, "last_ns");
      assert_in_range (number (gap, "missing"), hole_ns / 10000000 - 2, hole_ns / 10000000);
      assert_true (i == 0 ? number (gap, "missing") >= 60 : number (gap, "missing") == 30);
      assert_adds_up (sensor);
    }
}

/* The rings are full when the camera goes: what found no room came, and only what is due after it was never given. */
static void
what_found_no_room_before_a_camera_went_is_counted_once_and_in_its_place (void **state)
{
  static const FakeStep script[] = { { FAKE_BACKWARD, 280, 0 }, { FAKE_DQ_FAILS, 0, ENODEV } };
  FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .script = script, .held = TRUE };
  /* They are stamped up to 1.8 s after the start. */
  g_autoptr (json_t) sensor = record_until (&camera, ONE ",patience=60", 0, 280, 2000, TRUE);
  const json_t *gaps = json_object_get (sensor, "gaps");
  gsize n_ours = json_array_size (gaps) - 1; /* more than one when a place came free while the camera still gave */
  const json_t *away = json_array_get (gaps, n_ours);
  gint64 overrun = 0, first_ns = number (sensor, "first_ns"), end_ns = first_ns + 280 * G_GINT64_CONSTANT (10000000);
  assert_true (n_ours > 0 && n_ours < json_array_size (gaps));
  for (gsize i = 0; i < n_ours; i++)
    {
      const json_t *ours = json_array_get (gaps, i);
      assert_string_equal (assay_json_get_string (ours, "how"), "overrun");
      overrun += number (ours, "missing");
      assert_true (number (ours, "at_ns") > first_ns && number (ours, "at_ns") <= end_ns);
    }
  assert_string_equal (assay_json_get_string (away, "how"), "unplugged");
  assert_true (overrun > 0);
  assert_int_equal (number (sensor, "received") + overrun, 280);
  assert_int_equal (number (away, "at_ns"), end_ns);
  assert_adds_up (sensor);
}

/* The ring is full while the stream is started again: the frame that says so is lost, what it says is not. */
static void
a_frame_that_finds_no_room_leaves_what_it_says_to_the_next_one (void **state)
{
  static const FakeStep script[] = { { FAKE_FRAME, 260, 0 }, { FAKE_SILENCE, 1, 0 }, { FAKE_FRAME, 0, 0 } };
  FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .script = script };
  fake_v4l2_begin (&camera, 1);
  g_autoptr (AssayStream) stream = assay_stream_open (ASSAY_DEVICE_CAMERA, ONE ",patience=0.05", NULL);
  assert_non_null (stream);
  assay_stream_set_taken (stream, TRUE);
  assert_true (assay_stream_start (stream, NULL));
  while (assay_stream_count_received (stream) < 270)
    g_usleep (1000);
  guint64 overrun = 0;
  for (guint i = 0; overrun == 0 && i < 1000; i++)
    {
      const AssayFrame *frame = assay_stream_wait (stream, 5000);
      assert_non_null (frame);
      overrun = assay_stream_get_overrun_before (stream);
      assert_int_equal ((frame->flags & ASSAY_FRAME_RESTARTED) != 0, overrun > 0);
      assay_stream_done (stream);
    }
  assert_true (overrun > 60);
  const AssayFrame *frame = assay_stream_wait (stream, 5000);
  assert_true (frame != NULL && (frame->flags & ASSAY_FRAME_RESTARTED) == 0); /* said once */
  assay_stream_done (stream);
  g_clear_pointer (&stream, assay_stream_close);
  fake_v4l2_end ();
}

static void
a_stream_whose_device_was_away_at_the_end_records_again (void **state)
{
  static const FakeStep script[] = { { FAKE_FRAME, 5, 0 }, { FAKE_DQ_FAILS, 1, ENODEV }, { FAKE_FRAME, 0, 0 } };
  FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .script = script };
  g_autofree char *folder = g_dir_make_tmp ("assay-v4l2-XXXXXX", NULL),
                  *remove = g_strdup_printf ("rm -rf '%s'", folder);
  g_autoptr (AssayProject) project = assay_project_create (folder, "lab", NULL);
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_stream_close);
  fake_v4l2_begin (&camera, 1);
  g_ptr_array_add (streams, assay_stream_open (ASSAY_DEVICE_CAMERA, ONE, NULL));
  assert_non_null (streams->pdata[0]);
  for (guint round = 0; round < 2; round++)
    {
      g_autofree char *trouble = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayRecorder) recorder
          = assay_recorder_start (folder, streams, &(AssayRecordPlan){ .frames = 20 }, &error);
      if (recorder == NULL)
        fail_msg ("%s", error->message);
      while (!assay_recorder_is_done (recorder))
        g_usleep (2000);
      g_autoptr (json_t) report = assay_recorder_finish (recorder, &trouble, NULL);
      g_autofree char *told = assay_stream_dup_trouble (streams->pdata[0]);
      const json_t *sensor = json_array_get (json_object_get (report, "sensors"), 0);
      assert_int_equal (number (sensor, "frames"), round == 0 ? 5 : 20);
      assert_int_equal (trouble != NULL, round == 0);
      assert_int_equal (told != NULL, round == 0);
      if (round > 0)
        continue;
      /* Only who knows that nobody waits for it any more says what to do then. */
      assert_true (g_str_has_suffix (told, "the device is gone; plug it in again"));
      assert_true (g_str_has_suffix (trouble, "the device is gone; plug it in again and start a new recording"));
    }
  g_clear_pointer (&streams, g_ptr_array_unref);
  fake_v4l2_end ();
  g_clear_pointer (&project, assay_project_close);
  assert_int_equal (system (remove), 0);
}

/* --- which is which ------------------------------------------------------------------------------------------ */

static void
assert_id_leads_to (const char *id, const char *card)
{
  g_autoptr (GError) error = NULL;
  AssayDevice *device = open_with (id, NULL, NULL, &error);
  if (device == NULL)
    fail_msg ("%s", error->message);
  g_autoptr (json_t) facts = source ()->get_facts (device);
  assert_string_equal (assay_json_get_string (facts, "card"), card);
  source ()->close (device);
}

static json_t *
probe_details (const char *id)
{
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_device_info_free);
  assert_true (source ()->probe (infos, NULL));
  for (guint i = 0; i < infos->len; i++)
    {
      AssayDeviceInfo *info = infos->pdata[i];
      if (g_str_equal (info->id, id))
        return json_incref (info->details);
    }
  fail_msg ("%s is not listed", id);
  return NULL;
}

static void
a_camera_that_was_away_is_found_by_its_id_on_another_node (void **state)
{
  FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1" };
  fake_v4l2_begin (&camera, 1);
  assert_id_leads_to (ONE, "Webcam");
  fake_v4l2_plug (&camera, -1);
  g_autoptr (GError) error = NULL;
  assert_null (open_with (ONE, NULL, NULL, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND));
  fake_v4l2_plug (&camera, 7);
  assert_id_leads_to (ONE, "Webcam");
  g_autoptr (json_t) details = probe_details (ONE);
  assert_string_equal (assay_json_get_string (details, "identity"), "strong");
  assert_string_equal (assay_json_get_string (details, "node"), "/dev/video7");
  fake_v4l2_end ();
}

static void
twins_never_swap_whatever_the_order_they_come_back_in (void **state)
{
  static const char *const serials[] = { NULL, "SN0001", "0000", "BEEF01" }; /* the last one is doubled, no more */
  for (guint i = 0; i < G_N_ELEMENTS (serials); i++)
    {
      FakeCamera twins[] = { { .card = "Left", .serial = serials[i], .port = "1", .number = 0 },
                             { .card = "Right", .serial = serials[i], .port = "2", .number = 1 } };
      const char *left = "v4l2:usb-1bcf:2c99@pci-0000:00:14.0-usb-1.00";
      const char *right = "v4l2:usb-1bcf:2c99@pci-0000:00:14.0-usb-2.00";
      fake_v4l2_begin (twins, 2);
      g_autoptr (json_t) details = probe_details (left);
      assert_string_equal (assay_json_get_string (details, "identity"), "weak");
      assert_id_leads_to (left, "Left");
      fake_v4l2_plug (&twins[0], -1);
      g_autoptr (GError) error = NULL;
      assert_null (open_with (left, NULL, NULL, &error)); /* never the other one instead */
      assert_id_leads_to (right, "Right");
      fake_v4l2_plug (&twins[1], -1);
      fake_v4l2_plug (&twins[1], 0);
      assert_id_leads_to (right, "Right");
      fake_v4l2_plug (&twins[0], 1);
      assert_id_leads_to (left, "Left");
      assert_id_leads_to (right, "Right");
      fake_v4l2_end ();
    }
}

/* One of its kind is there at a time, so that nothing is doubled: the place is all that tells them apart. */
static void
a_camera_without_a_number_of_its_own_is_never_taken_for_another (void **state)
{
  static const char *const serials[] = { NULL, "SN0001", "200901010001" };
  for (guint i = 0; i < G_N_ELEMENTS (serials); i++)
    {
      FakeCamera cameras[] = { { .card = "Left", .serial = serials[i], .port = "1", .number = 0 },
                               { .card = "Right", .serial = serials[i], .port = "2", .number = -1 } };
      const char *left = "v4l2:usb-1bcf:2c99@pci-0000:00:14.0-usb-1.00";
      fake_v4l2_begin (cameras, 2);
      g_autoptr (json_t) details = probe_details (left);
      assert_string_equal (assay_json_get_string (details, "identity"), "weak");
      fake_v4l2_plug (&cameras[0], -1);
      fake_v4l2_plug (&cameras[1], 0);
      assert_null (open_with (left, NULL, NULL, NULL));
      fake_v4l2_end ();
    }
}

static void
a_serial_number_that_two_cameras_have_is_not_guessed_at (void **state)
{
  FakeCamera twins[] = { { .card = "Left", .serial = "AB12", .port = "1", .number = 0 },
                         { .card = "Right", .serial = "AB12", .port = "2", .number = -1 } };
  fake_v4l2_begin (twins, 2);
  assert_id_leads_to (ONE, "Left");
  fake_v4l2_plug (&twins[1], 1);
  g_autoptr (GError) error = NULL;
  assert_null (open_with (ONE, NULL, NULL, &error));
  assert_non_null (strstr (error->message, "same serial number"));
  fake_v4l2_end ();
}

/* --- what it can give ---------------------------------------------------------------------------------------- */

static void
a_range_of_sizes_is_offered_by_common_ones_and_its_limits (void **state)
{
  FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .stepwise = TRUE };
  fake_v4l2_begin (&camera, 1);
  g_autoptr (json_t) details = probe_details (ONE);
  const json_t *formats = json_object_get (details, "formats");
  g_autoptr (GString) sizes = g_string_new (NULL);
  size_t i;
  json_t *format;
  json_array_foreach (formats, i, format)
  {
    gint64 width, height, step = 0;
    assert_true (assay_json_get_int (format, "width", &width) && assay_json_get_int (format, "height", &height));
    assert_true (assay_json_get_int (json_object_get (format, "range"), "step_width", &step) && step == 8);
    g_string_append_printf (sizes, "%" G_GINT64_FORMAT "x%" G_GINT64_FORMAT " ", width, height);
  }
  assert_string_equal (sizes->str, "48x32 160x120 320x240 640x360 640x480 800x600 1280x720 1288x726 ");
  g_autofree char *fps = assay_json_canonical (json_object_get (json_array_get (formats, 0), "fps"));
  assert_string_equal (fps, "[7.5,10,15,20,24,25,30,50,60,75]");
  AssayDevice *device = open_with (ONE, "size", "643x361", NULL);
  assert_non_null (device);
  assert_int_equal (source ()->get_format (device)->pixels.width_px, 640);
  assert_int_equal (source ()->get_format (device)->pixels.height_px, 362);
  source ()->close (device);
  fake_v4l2_end ();
}

static void
a_driver_that_enumerates_for_ever_is_listed_all_the_same (void **state)
{
  FakeCamera camera = { .card = "Webcam", .serial = "AB12", .port = "1", .endless = TRUE, .stepwise = TRUE };
  fake_v4l2_begin (&camera, 1);
  g_autoptr (json_t) details = probe_details (ONE);
  assert_true (json_array_size (json_object_get (details, "formats")) >= 7);
  fake_v4l2_end ();
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (one_transfer_that_fails_costs_no_stream),
    cmocka_unit_test (a_stream_that_breaks_is_started_again_and_says_so),
    cmocka_unit_test (what_never_gets_well_is_given_up_after_few_attempts),
    cmocka_unit_test (an_unplugged_camera_is_gone_whichever_call_says_so_first),
    cmocka_unit_test (too_little_bandwidth_is_said_to_be_that_with_what_to_do),
    cmocka_unit_test (bad_frames_are_marked_and_end_nothing),
    cmocka_unit_test (frames_lost_across_the_wrap_of_the_counter_are_counted_once),
    cmocka_unit_test (any_format_comes_byte_for_byte),
    cmocka_unit_test (a_recording_counts_what_a_frozen_camera_did_not_give),
    cmocka_unit_test (a_recording_keeps_bad_frames_apart_and_goes_on),
    cmocka_unit_test (a_kept_frame_stays_as_it_is_until_it_is_released),
    cmocka_unit_test (a_camera_that_goes_takes_what_nobody_took_of_it_along),
    cmocka_unit_test (a_film_has_every_frame_whether_it_was_kept_or_copied),
    cmocka_unit_test (what_a_camera_that_froze_before_the_end_did_not_give_is_lost),
    cmocka_unit_test (what_found_no_room_before_a_camera_went_is_counted_once_and_in_its_place),
    cmocka_unit_test (a_frame_that_finds_no_room_leaves_what_it_says_to_the_next_one),
    cmocka_unit_test (a_stream_whose_device_was_away_at_the_end_records_again),
    cmocka_unit_test (a_camera_that_was_away_is_found_by_its_id_on_another_node),
    cmocka_unit_test (twins_never_swap_whatever_the_order_they_come_back_in),
    cmocka_unit_test (a_camera_without_a_number_of_its_own_is_never_taken_for_another),
    cmocka_unit_test (a_serial_number_that_two_cameras_have_is_not_guessed_at),
    cmocka_unit_test (a_range_of_sizes_is_offered_by_common_ones_and_its_limits),
    cmocka_unit_test (a_driver_that_enumerates_for_ever_is_listed_all_the_same),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER"));
  return cmocka_run_group_tests (tests, NULL, NULL);
}
