/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/recorder.h"
#include "core/clock-line.h"
#include "core/plan.h"
#include "core/error.h"
#include "core/flag.h"
#include "core/film.h"
#include "core/json.h"
#include "core/media.h"
#include "core/picture.h"
#include "core/project.h"
#include "core/sound.h"

#include <glib/gstdio.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cmocka.h>

typedef struct
{
  char *folder;
  GPtrArray *streams;
  json_t *report;
  char *trouble;
  double seconds; /* that the recording took */
} Fixture;

static void
remove_tree (const char *path)
{
  const char *const words[] = { "rm", "-rf", path, NULL };
  g_spawn_sync (NULL, (char **) words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

static int
set_up (void **state)
{
  Fixture *fixture = g_new0 (Fixture, 1);
  fixture->folder = g_dir_make_tmp ("assay-recorder-XXXXXX", NULL);
  fixture->streams = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_stream_close);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) project = assay_project_create (fixture->folder, "lab", &error);
  *state = fixture;
  return project != NULL ? 0 : -1;
}

static int
tear_down (void **state)
{
  Fixture *fixture = *state;
  g_ptr_array_unref (fixture->streams);
  json_decref (fixture->report);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->trouble);
  g_free (fixture);
  return 0;
}

static void
add (Fixture *fixture, AssayDeviceKind kind, const char *words)
{
  g_autoptr (GError) error = NULL;
  AssayStream *stream = assay_stream_open (kind, words, &error);
  if (stream == NULL)
    fail_msg ("%s", error->message);
  g_ptr_array_add (fixture->streams, stream);
}

static void
record (Fixture *fixture, const AssayRecordPlan *plan)
{
  g_autoptr (GError) error = NULL;
  gint64 began_us = g_get_monotonic_time ();
  g_autoptr (AssayRecorder) recorder = assay_recorder_start (fixture->folder, fixture->streams, plan, &error);
  assert_null (error);
  while (!assay_recorder_is_done (recorder))
    g_usleep (5000);
  fixture->report = assay_recorder_finish (recorder, &fixture->trouble, &error);
  fixture->seconds = (double) (g_get_monotonic_time () - began_us) / G_USEC_PER_SEC;
  if (error != NULL)
    fail_msg ("%s", error->message);
}

static gint64
number (const Fixture *fixture, guint sensor, const char *key)
{
  gint64 value = -1;
  assay_json_get_int (json_array_get (json_object_get (fixture->report, "sensors"), sensor), key, &value);
  return value;
}

/* All items of a project, in the order of adding. */
static GPtrArray *
list_items (AssayProject *project)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_item_free);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, NULL);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (items, assay_item_get_row (project->store, g_array_index (rows, gint64, i), NULL));
  return items;
}

/* Lines of the index that have this key. */
static GPtrArray *
list_lines (const Fixture *fixture, const char *key)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) json_decref);
  g_autofree char *text = NULL, *path = g_build_filename (
      fixture->folder, "sessions", assay_json_get_string (fixture->report, "session"), "index.jsonl", NULL);
  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) rows = g_strsplit (text, "\n", -1);
  for (guint i = 0; rows[i] != NULL && rows[i][0] != '\0'; i++)
    {
      g_autoptr (json_t) line = assay_json_parse (rows[i], strlen (rows[i]), "a line", NULL);
      assert_non_null (line);
      g_autofree char *canonical = assay_json_canonical (line);
      assert_string_equal (canonical, rows[i]);
      if (json_object_get (line, key) != NULL)
        g_ptr_array_add (lines, json_incref (line));
    }
  return lines;
}

static guint
read_frame_number (const AssayPicture *picture)
{
  guint frame = 0;
  for (guint bit = 0; bit < 32; bit++)
    frame |= (guint) (picture->data[4 * picture->stride + 3 * (bit * 8 + 4)] > 128) << bit;
  return frame;
}

static void
every_frame_becomes_an_item_with_its_pixels_number_and_stamp (void **state)
{
  Fixture *fixture = *state;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:bars,size=320x64,fps=100,format=YUYV");
  g_autoptr (json_t) conditions = json_pack ("{s:s}", "light", "low");
  record (fixture, &(AssayRecordPlan){ .name = "bench", .conditions = conditions, .frames = 25 });
  assert_null (fixture->trouble);
  assert_int_equal (number (fixture, 0, "frames"), 25);
  assert_int_equal (number (fixture, 0, "dropped"), 0);
  g_autoptr (AssayProject) project = assay_project_open (fixture->folder, ASSAY_STORE_READ, NULL);
  g_autoptr (GPtrArray) items = list_items (project);
  assert_int_equal (items->len, 25);
  for (guint i = 0; i < items->len; i++)
    {
      const AssayItem *item = items->pdata[i];
      g_autofree char *path = assay_item_dup_path (project, item);
      g_autoptr (AssayPicture) picture = assay_picture_load (path, NULL);
      const json_t *capture = json_object_get (item->facts, "capture");
      gint64 sequence = -1, stamp_ns = 0;
      assert_true (assay_json_get_int (capture, "sequence", &sequence)
                   && assay_json_get_int (capture, "stamp_ns", &stamp_ns));
      assert_int_equal (sequence, i);
      assert_int_equal (read_frame_number (picture), i);
      assert_int_equal (stamp_ns, number (fixture, 0, "first_ns") + i * 10000000);
      assert_int_equal (item->position, i);
      assert_true (g_str_has_prefix (item->name, "bench"));
      assert_string_equal (assay_json_get_string (json_object_get (item->facts, "conditions"), "light"), "low");
      gint64 now_ns = g_get_real_time () * 1000;
      assert_true (item->captured_ns < now_ns && now_ns - item->captured_ns < 600 * G_GINT64_CONSTANT (1000000000));
      assert_false (assay_id_is_nil (&item->session) || assay_id_is_nil (&item->sensor));
    }
}

static void
lost_frames_are_gaps_in_the_report_and_in_the_index (void **state)
{
  Fixture *fixture = *state;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=100,lose=10");
  record (fixture, &(AssayRecordPlan){ .frames = 45 });
  assert_int_equal (number (fixture, 0, "frames"), 45);
  assert_int_equal (number (fixture, 0, "dropped"), 4);
  const json_t *sensor = json_array_get (json_object_get (fixture->report, "sensors"), 0);
  const json_t *gaps = json_object_get (sensor, "gaps");
  assert_int_equal (json_array_size (gaps), 4);
  gint64 at_ns, missing;
  assert_true (assay_json_get_int (json_array_get (gaps, 0), "at_ns", &at_ns));
  assert_true (assay_json_get_int (json_array_get (gaps, 0), "missing", &missing));
  assert_int_equal (missing, 1);
  assert_int_equal (at_ns, number (fixture, 0, "first_ns") + 10 * 10000000);
  g_autofree char *index = g_build_filename (
      fixture->folder, "sessions", assay_json_get_string (fixture->report, "session"), "index.jsonl", NULL);
  g_autofree char *text = NULL;
  assert_true (g_file_get_contents (index, &text, NULL, NULL));
  guint told = 0;
  for (const char *at = text; (at = strstr (at, "\"gap\"")) != NULL; at++)
    told++;
  assert_int_equal (told, 4);
}

static void
frames_of_two_cameras_at_one_instant_share_a_moment (void **state)
{
  Fixture *fixture = *state;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=50");
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:blue,size=64x48,fps=50");
  record (fixture, &(AssayRecordPlan){ .frames = 20 });
  g_autoptr (AssayProject) project = assay_project_open (fixture->folder, ASSAY_STORE_READ, NULL);
  g_autoptr (GPtrArray) items = list_items (project);
  guint pairs = 0;
  for (guint i = 0; i < items->len; i++)
    for (guint k = 0; k < i; k++)
      {
        const AssayItem *a = items->pdata[i], *b = items->pdata[k];
        if (assay_id_is_nil (&a->moment) || !assay_id_equal (&a->moment, &b->moment))
          continue;
        assert_false (assay_id_equal (&a->sensor, &b->sensor));
        assert_true (llabs (a->captured_ns - b->captured_ns) <= 10000000);
        pairs++;
      }
  assert_true (pairs >= 18); /* the first or last frame of one may be alone */
}

static void
each_stream_has_a_clock_line_and_two_cameras_a_skew (void **state)
{
  Fixture *fixture = *state;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=50");
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:blue,size=64x48,fps=50");
  add (fixture, ASSAY_DEVICE_MICROPHONE, "pattern:tone,rate=48000");
  record (fixture, &(AssayRecordPlan){ .duration_s = 1, .video = TRUE });
  static const double expected_ns[] = { 2e7, 2e7, 1e9 / 48000 };
  for (guint i = 0; i < 3; i++)
    {
      const json_t *sensor = json_array_get (json_object_get (fixture->report, "sensors"), i);
      AssayClockFit fit;
      assert_int_equal (json_array_size (json_object_get (sensor, "clock_lines")), 1);
      assert_true (assay_clock_fit_from_json (json_array_get (json_object_get (sensor, "clock_lines"), 0), &fit));
      assert_true (fabs (fit.ns_per_count / expected_ns[i] - 1) < 1e-3);
      gint64 first_ns = number (fixture, i, "first_ns");
      assert_true (llabs (assay_clock_fit_to_ns (&fit, 0) - first_ns) < 2000000);
    }
  const json_t *skew = json_array_get (json_object_get (fixture->report, "skew"), 0);
  assert_true (json_integer_value (json_object_get (skew, "pairs")) >= 45);
  assert_true (json_number_value (json_object_get (skew, "p95_ns")) <= 1e7 * 1.2); /* half a period, and jitter */
}

static void
what_the_form_says_is_on_every_item_and_a_consent_is_asked_for (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=50");
  g_autoptr (AssayProject) project = assay_project_open (fixture->folder, ASSAY_STORE_WRITE, NULL);
  g_autoptr (json_t) document = json_pack ("{s:{s:b}}", "capture", "consent", 1);
  g_autoptr (AssayPlan) plan = assay_plan_from_json (document, NULL);
  assert_true (assay_plan_save (project->store, plan, NULL, NULL));
  assert_null (assay_recorder_start (fixture->folder, fixture->streams, &(AssayRecordPlan){ .frames = 2 }, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT));
  record (fixture, &(AssayRecordPlan){ .frames = 2, .subject = "Ada", .consent = "S-017" });
  g_autoptr (GPtrArray) items = list_items (project);
  assert_int_equal (items->len, 2);
  for (guint i = 0; i < items->len; i++)
    {
      const json_t *facts = ((AssayItem *) items->pdata[i])->facts;
      assert_string_equal (assay_json_get_string (facts, "subject"), "Ada");
      assert_string_equal (assay_json_get_string (facts, "consent"), "S-017");
    }
}

static void
a_still_that_shows_the_same_again_is_flagged_and_kept (void **state)
{
  Fixture *fixture = *state;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=50");
  record (fixture, &(AssayRecordPlan){ .frames = 4 });
  g_autoptr (AssayProject) project = assay_project_open (fixture->folder, ASSAY_STORE_READ, NULL);
  g_autoptr (GPtrArray) items = list_items (project);
  assert_int_equal (items->len, 4);
  for (guint i = 0; i < items->len; i++)
    {
      const AssayItem *item = items->pdata[i];
      g_autoptr (GPtrArray) flags = assay_flag_list (project->store, item->row, NULL);
      assert_int_equal (flags->len, item->position > 0);
      if (flags->len == 0)
        continue;
      assert_string_equal (((AssayFlag *) flags->pdata[0])->flag, ASSAY_FLAG_DUPLICATE);
      assert_string_equal (((AssayFlag *) flags->pdata[0])->why, "shows what still 1 showed");
    }
}

static void
a_still_every_so_often_is_one_a_period (void **state)
{
  Fixture *fixture = *state;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=100");
  record (fixture, &(AssayRecordPlan){ .duration_s = 1, .every_s = 0.25 });
  assert_int_equal (number (fixture, 0, "frames"), 4);
  assert_true (number (fixture, 0, "received") >= 99);
}

static void
a_still_is_taken_when_asked_for_and_else_none (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=100");
  g_autoptr (AssayRecorder) recorder
      = assay_recorder_start (fixture->folder, fixture->streams, &(AssayRecordPlan){ .on_demand = TRUE }, &error);
  assert_non_null (recorder);
  guint64 kept = 0, missing;
  g_usleep (200000);
  assay_recorder_get_counts (recorder, fixture->streams->pdata[0], &kept, &missing);
  assert_int_equal (kept, 0);
  for (guint64 wanted = 1; wanted <= 3; wanted++)
    {
      assay_recorder_take (recorder);
      for (guint i = 0; i < 500 && kept < wanted; i++)
        {
          g_usleep (10000);
          assay_recorder_get_counts (recorder, fixture->streams->pdata[0], &kept, &missing);
        }
      assert_int_equal (kept, wanted);
    }
  assay_recorder_stop (recorder);
  fixture->report = assay_recorder_finish (recorder, &fixture->trouble, &error);
  assert_int_equal (number (fixture, 0, "frames"), 3);
}

static void
a_pulled_camera_that_stays_away_keeps_what_came (void **state)
{
  Fixture *fixture = *state;
  g_autofree char *words = g_strdup_printf ("pattern:red,size=64x48,fps=100,pull=15,away=%s/away", fixture->folder);
  add (fixture, ASSAY_DEVICE_CAMERA, words);
  add (fixture, ASSAY_DEVICE_MICROPHONE, "pattern:tone,rate=16000");
  record (fixture, &(AssayRecordPlan){ .duration_s = 1 });
  assert_non_null (fixture->trouble);
  assert_non_null (strstr (fixture->trouble, "pattern:red: the device is gone"));
  assert_int_equal (number (fixture, 0, "frames"), 15);
  assert_int_equal (number (fixture, 0, "lost"), 85);
  assert_int_equal (number (fixture, 1, "samples"), 16000);
}

/* Starts, waits until so many of the first stream are safe, unplugs, waits, plugs in, waits for more, stops. */
static void
record_with_a_pause (Fixture *fixture, const AssayRecordPlan *plan, guint64 before, guint64 after)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *away = g_build_filename (fixture->folder, "away", NULL);
  g_autoptr (AssayRecorder) recorder = assay_recorder_start (fixture->folder, fixture->streams, plan, &error);
  const AssayStream *stream = fixture->streams->pdata[0];
  guint64 kept = 0, missing;
  for (guint i = 0; i < 1000 && kept < before; i++, g_usleep (10000))
    assay_recorder_get_counts (recorder, stream, &kept, &missing);
  assert_true (kept >= before && !assay_recorder_is_away (recorder, stream));
  assert_true (g_file_set_contents (away, "", 0, NULL));
  for (guint i = 0; i < 300 && !assay_recorder_is_away (recorder, stream); i++)
    g_usleep (10000);
  assert_true (assay_recorder_is_away (recorder, stream));
  g_usleep (300000);
  assert_int_equal (g_unlink (away), 0);
  for (guint i = 0; i < 1000 && kept < after; i++, g_usleep (10000))
    assay_recorder_get_counts (recorder, stream, &kept, &missing);
  assert_true (kept >= after);
  assay_recorder_stop (recorder);
  fixture->report = assay_recorder_finish (recorder, &fixture->trouble, &error);
  assert_null (error);
  assert_null (fixture->trouble);
}

/* The one gap of being away: as long as the stamps say, and nothing else is missing. */
static void
check_absence (const Fixture *fixture, guint sensor, double per_s)
{
  const json_t *report = json_array_get (json_object_get (fixture->report, "sensors"), sensor);
  const json_t *gaps = json_object_get (report, "gaps"), *gap = json_array_get (gaps, 0);
  gint64 at_ns = 0, until_ns = 0, missing = 0;
  assert_int_equal (json_array_size (gaps), 1);
  assert_string_equal (assay_json_get_string (gap, "how"), "unplugged");
  assert_true (assay_json_get_int (gap, "at_ns", &at_ns) && assay_json_get_int (gap, "until_ns", &until_ns)
               && assay_json_get_int (gap, "missing", &missing));
  assert_true (missing > 0.3 * per_s && fabs ((double) (until_ns - at_ns) * per_s / 1e9 - (double) missing) <= 1);
  assert_int_equal (number (fixture, sensor, "lost"), missing);
  assert_int_equal (number (fixture, sensor, "received") + missing, number (fixture, sensor, "expected"));
  gint64 by_rate = number (fixture, sensor, "expected_by_rate");
  assert_true (llabs (by_rate - number (fixture, sensor, "expected")) <= 1);
}

static void
a_film_goes_on_in_a_new_file_when_the_camera_is_back (void **state)
{
  Fixture *fixture = *state;
  g_autofree char *words = g_strdup_printf ("pattern:bars,size=320x64,fps=100,away=%s/away", fixture->folder);
  add (fixture, ASSAY_DEVICE_CAMERA, words);
  record_with_a_pause (fixture, &(AssayRecordPlan){ .video = TRUE, .draw_fps = 5, .wait_s = 20 }, 50, 200);
  check_absence (fixture, 0, 100);
  g_autoptr (GPtrArray) segments = list_lines (fixture, "segment"), lost = list_lines (fixture, "lost"),
                        returned = list_lines (fixture, "returned"), films = list_lines (fixture, "film");
  assert_int_equal (segments->len, 2);
  assert_int_equal (lost->len, 1);
  assert_int_equal (returned->len, 1);
  assert_non_null (strstr (assay_json_get_string (json_object_get (lost->pdata[0], "lost"), "why"), "gone"));
  gint64 frames[2] = { 0, 0 }, first_ns = 0;
  for (guint i = 0; i < 2; i++)
    assert_true (assay_json_get_int (json_object_get (segments->pdata[i], "segment"), "frames", &frames[i]));
  assert_int_equal (frames[0] + frames[1], number (fixture, 0, "written"));
  assert_int_equal (frames[0] + frames[1] + number (fixture, 0, "drawn"), films->len);
  assert_true (assay_json_get_int (json_object_get (segments->pdata[1], "segment"), "first_ns", &first_ns));
  gint64 until_ns = 0;
  const json_t *sensor = json_array_get (json_object_get (fixture->report, "sensors"), 0);
  assert_true (assay_json_get_int (json_array_get (json_object_get (sensor, "gaps"), 0), "until_ns", &until_ns));
  assert_int_equal (first_ns, until_ns);
}

static void
stills_and_sound_go_on_when_their_devices_are_back (void **state)
{
  Fixture *fixture = *state;
  g_autofree char *camera = g_strdup_printf ("pattern:red,size=64x48,fps=50,away=%s/away", fixture->folder),
                  *microphone = g_strdup_printf ("pattern:tone,rate=16000,away=%s/away", fixture->folder);
  add (fixture, ASSAY_DEVICE_CAMERA, camera);
  add (fixture, ASSAY_DEVICE_MICROPHONE, microphone);
  record_with_a_pause (fixture, &(AssayRecordPlan){ .wait_s = 20 }, 30, 90);
  check_absence (fixture, 0, 50);
  check_absence (fixture, 1, 16000);
  g_autoptr (GPtrArray) segments = list_lines (fixture, "segment");
  assert_int_equal (segments->len, 2);
  gint64 samples = 0, n;
  for (guint i = 0; i < 2; i++)
    {
      assert_true (assay_json_get_int (json_object_get (segments->pdata[i], "segment"), "samples", &n));
      samples += n;
    }
  assert_int_equal (samples, number (fixture, 1, "samples"));
  g_autoptr (AssayProject) project = assay_project_open (fixture->folder, ASSAY_STORE_READ, NULL);
  g_autoptr (GPtrArray) items = list_items (project);
  assert_int_equal (items->len, number (fixture, 0, "frames") + 2);
}

static void
a_recording_of_which_nothing_comes_ends_after_the_wait (void **state)
{
  Fixture *fixture = *state;
  g_autofree char *words = g_strdup_printf ("pattern:red,size=64x48,fps=100,pull=15,away=%s/away", fixture->folder);
  add (fixture, ASSAY_DEVICE_CAMERA, words);
  record (fixture, &(AssayRecordPlan){ .wait_s = 0.8 });
  assert_non_null (strstr (fixture->trouble, "pattern:red: the device is gone"));
  assert_true (fixture->seconds > 0.9 && fixture->seconds < 3);
  assert_int_equal (number (fixture, 0, "frames"), 15);
}

/* Lost on purpose, by the device and by a recorder that was held up: all of it is in the account. */
static void
the_account_of_a_camera_adds_up (void **state)
{
  Fixture *fixture = *state;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:bars,size=320x64,fps=200,lose=17");
  record (fixture, &(AssayRecordPlan){ .duration_s = 1.0, .video = TRUE });
  assert_int_equal (number (fixture, 0, "expected"), 200);
  assert_int_equal (number (fixture, 0, "lost"), 11);
  assert_int_equal (number (fixture, 0, "received") + number (fixture, 0, "lost"), number (fixture, 0, "expected"));
  assert_int_equal (number (fixture, 0, "written"), number (fixture, 0, "received"));
  assert_int_equal (number (fixture, 0, "expected_by_rate"), 200);
  assert_int_equal (number (fixture, 0, "overrun"), 0);
}

/* The file in media/ of the only microphone. */
static char *
find_sound (const Fixture *fixture)
{
  g_autoptr (AssayProject) project = assay_project_open (fixture->folder, ASSAY_STORE_READ, NULL);
  g_autoptr (GPtrArray) items = list_items (project);
  for (guint i = 0; i < items->len; i++)
    {
      const AssayItem *item = items->pdata[i];
      if (item->media_kind == ASSAY_MEDIA_SOUND)
        return assay_item_dup_path (project, item);
    }
  return NULL;
}

static gint64
read_tone (const char *path, guint rate_hz, double *ret_worst)
{
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (path, NULL);
  assert_non_null (reader);
  gint64 n = assay_sound_reader_get_facts (reader)->n_samples;
  g_autofree float *samples = g_new0 (float, (gsize) n);
  assert_int_equal (assay_sound_reader_get_facts (reader)->rate_hz, rate_hz);
  assert_int_equal (assay_sound_reader_read (reader, 0, n, samples, NULL), n);
  *ret_worst = 0;
  for (gint64 i = 0; i < n; i++)
    *ret_worst = MAX (*ret_worst, fabs (samples[i] - 0.5 * sin (2 * G_PI * 440 * (double) i / rate_hz)));
  return n;
}

static void
sound_arrives_sample_for_sample (void **state)
{
  Fixture *fixture = *state;
  double worst;
  add (fixture, ASSAY_DEVICE_MICROPHONE, "pattern:tone,rate=44100");
  record (fixture, &(AssayRecordPlan){ .duration_s = 0.7 });
  g_autofree char *path = find_sound (fixture);
  assert_int_equal (read_tone (path, 44100, &worst), 30870);
  assert_true (worst < 1e-4);
  assert_int_equal (number (fixture, 0, "samples"), 30870);
  assert_int_equal (number (fixture, 0, "dropped"), 0);
}

/* A helper that goes wrong half a second into the recording. */
static void
lose_helper (Fixture *fixture, const char *words)
{
  double worst;
  add (fixture, ASSAY_DEVICE_MICROPHONE, words);
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=20,frames=10");
  record (fixture, &(AssayRecordPlan){ .duration_s = 30 });
  assert_non_null (fixture->trouble);
  assert_true (fixture->seconds
               < 0.5 + 2.0 + 0.5); /* half a second of sound, two to notice, the rest for a busy machine */
  g_autofree char *path = find_sound (fixture);
  assert_int_equal (read_tone (path, 16000, &worst), 8000);
  assert_true (worst < 1e-4);
  assert_int_equal (number (fixture, 1, "samples"), 8000);
  assert_int_equal (number (fixture, 0, "frames"), 10);
}

static void
a_sound_helper_that_dies_is_noticed_and_what_came_is_kept (void **state)
{
  lose_helper (*state, "sound:dies");
}

static void
a_sound_helper_that_hangs_is_noticed_and_what_came_is_kept (void **state)
{
  lose_helper (*state, "sound:hangs");
}

static void
a_sound_helper_that_babbles_is_a_lost_device (void **state)
{
  lose_helper (*state, "sound:babbles");
}

static void
samples_that_the_helper_lost_are_counted (void **state)
{
  Fixture *fixture = *state;
  add (fixture, ASSAY_DEVICE_MICROPHONE, "sound:loses");
  record (fixture, &(AssayRecordPlan){ .duration_s = 0.8 });
  assert_int_equal (number (fixture, 0, "dropped"), 800);
  assert_int_equal (number (fixture, 0, "samples"), 12800);
}

/* Facts of the only sound. */
static json_t *
read_capture (const Fixture *fixture)
{
  g_autoptr (AssayProject) project = assay_project_open (fixture->folder, ASSAY_STORE_READ, NULL);
  g_autoptr (GPtrArray) items = list_items (project);
  assert_int_equal (items->len, 1);
  return json_incref (json_object_get (((AssayItem *) items->pdata[0])->facts, "capture"));
}

static void
what_time_alone_tells_was_lost_has_its_place_in_the_file_and_on_the_clock (void **state)
{
  Fixture *fixture = *state;
  AssayClockFit fit;
  gint64 at = 0, missing = 0, told = 0;
  add (fixture, ASSAY_DEVICE_MICROPHONE, "sound:skips");
  record (fixture, &(AssayRecordPlan){ .duration_s = 2.4 });
  g_autoptr (json_t) capture = read_capture (fixture);
  const json_t *gaps = json_object_get (capture, "gaps"), *gap = json_array_get (gaps, 0);
  assert_int_equal (json_array_size (gaps), 1);
  assert_string_equal (assay_json_get_string (gap, "how"), "stamp");
  assert_true (assay_json_get_int (gap, "at", &at) && assay_json_get_int (gap, "missing", &missing)
               && assay_json_get_int (capture, "missing", &told));
  assert_int_equal (told, missing);
  assert_in_range (missing, 640, 960); /* 800, as exactly as a busy machine stamps */
  assert_in_range (at, 8000, 8000 + 2 * 4000); /* the quarter of a second after it */
  const json_t *sensor = json_array_get (json_object_get (fixture->report, "sensors"), 0);
  assert_true (assay_clock_fit_from_json (json_array_get (json_object_get (sensor, "clock_lines"), 0), &fit));
  assert_true (fabs (fit.ns_per_count - 62500) < 62500 * 2e-3);
}

static void
a_helper_that_does_not_answer_or_refuses_is_one_clear_line (void **state)
{
  static const struct
  {
    const char *words, *why;
  } cases[]
      = { { "sound:aborts", "the sound helper died" }, { "sound:busy", "opening sound:busy: Device unavailable" } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      assert_null (assay_stream_open (ASSAY_DEVICE_MICROPHONE, cases[i].words, &error));
      if (strstr (error->message, cases[i].why) == NULL)
        fail_msg ("%s", error->message);
    }
}

static void
a_film_has_every_frame_and_some_are_drawn_into_items (void **state)
{
  Fixture *fixture = *state;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:bars,size=320x64,fps=100,format=YUYV,lose=40");
  record (fixture, &(AssayRecordPlan){ .name = "film", .duration_s = 1.5, .video = TRUE, .draw_fps = 4 });
  assert_null (fixture->trouble);
  assert_int_equal (number (fixture, 0, "frames"), 147);
  assert_int_equal (number (fixture, 0, "dropped"), 3);
  assert_int_equal (number (fixture, 0, "drawn"), 6);
  g_autoptr (GPtrArray) segments = list_lines (fixture, "segment"), frames = list_lines (fixture, "film");
  assert_int_equal (segments->len, 1);
  assert_int_equal (frames->len, 147 + 6); /* those drawn are told again, as items */
  const json_t *segment = json_object_get (segments->pdata[0], "segment");
  gint64 n = 0;
  assert_true (assay_json_get_int (segment, "frames", &n));
  assert_int_equal (n, 147);
  g_autofree char *left
      = g_build_filename (fixture->folder, "sessions", assay_json_get_string (fixture->report, "session"),
                          assay_json_get_string (segment, "file"), NULL);
  assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  g_autoptr (AssayProject) project = assay_project_open (fixture->folder, ASSAY_STORE_READ, NULL);
  g_autoptr (GPtrArray) items = list_items (project);
  assert_int_equal (items->len, 6);
  for (guint i = 0; i < items->len; i++)
    {
      const AssayItem *item = items->pdata[i];
      g_autofree char *path = assay_item_dup_path (project, item);
      g_autoptr (AssayFilm) film = assay_film_open (path, NULL);
      gint64 sequence = -1;
      assert_true (item->range == ASSAY_RANGE_FRAME && item->media_kind == ASSAY_MEDIA_PICTURE && film != NULL);
      assert_true (assay_json_get_int (json_object_get (item->facts, "capture"), "sequence", &sequence));
      g_autoptr (AssayPicture) picture = assay_film_get_frame (film, item->end, NULL);
      assert_non_null (picture);
      assert_int_equal (read_frame_number (picture), sequence);
      assert_int_equal (item->end, sequence * 10000000);
      assert_in_range (sequence, i * 25, i * 25 + 1); /* the frame that was due may be one that was lost */
      assert_int_equal (item->position, i);
    }
}

static void
a_format_that_nobody_knows_is_filmed_and_refused_as_stills (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:bars,size=320x64,fps=100,format=ODD1");
  assert_null (assay_recorder_start (fixture->folder, fixture->streams, &(AssayRecordPlan){ .frames = 3 }, &error));
  assert_non_null (strstr (error->message, "taking stills from pattern:bars"));
  record (fixture, &(AssayRecordPlan){ .frames = 30, .video = TRUE, .draw_fps = 10 });
  assert_int_equal (number (fixture, 0, "frames"), 30);
  assert_int_equal (number (fixture, 0, "drawn"), 0);
  g_autoptr (GPtrArray) segments = list_lines (fixture, "segment");
  assert_int_equal (segments->len, 1);
}

static void
pictures_that_are_replayed_keep_their_bytes (void **state)
{
  Fixture *fixture = *state;
  g_autofree char *folder = g_build_filename (fixture->folder, "replayed", NULL);
  assert_int_equal (g_mkdir (folder, 0700), 0);
  AssaySha256 hashes[3];
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (AssayPicture) picture = assay_picture_new (40, 30, ASSAY_PIXELS_RGB8);
      memset (picture->data, (int) (60 * i), picture->stride * 30);
      g_autoptr (GBytes) bytes = assay_picture_encode_jpeg (picture, 90, NULL);
      g_autofree char *name = g_strdup_printf ("%s/%u.jpg", folder, i);
      assert_true (
          g_file_set_contents (name, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL));
      hashes[i] = assay_sha256 (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }
  /* One more that is no picture: kept apart, counted, and the end of nothing. */
  g_autofree char *bad = g_strdup_printf ("%s/1b.jpg", folder);
  assert_true (g_file_set_contents (bad, "not a picture at all", -1, NULL));
  g_autofree char *words = g_strdup_printf ("replay:%s,fps=50", folder);
  add (fixture, ASSAY_DEVICE_CAMERA, words);
  record (fixture, &(AssayRecordPlan){ 0 });
  assert_null (fixture->trouble);
  assert_int_equal (number (fixture, 0, "frames"), 3);
  assert_int_equal (number (fixture, 0, "corrupt"), 1);
  g_autoptr (GPtrArray) corrupt = list_lines (fixture, "corrupt");
  assert_int_equal (corrupt->len, 1);
  g_autofree char *apart = g_build_filename (
      fixture->folder, "sessions", assay_json_get_string (fixture->report, "session"), "corrupt",
      assay_json_get_string (corrupt->pdata[0], "file"), NULL),
                  *bytes = NULL;
  assert_true (g_file_get_contents (apart, &bytes, NULL, NULL));
  assert_string_equal (bytes, "not a picture at all");
  g_autoptr (AssayProject) project = assay_project_open (fixture->folder, ASSAY_STORE_READ, NULL);
  g_autoptr (GPtrArray) items = list_items (project);
  assert_int_equal (items->len, 3);
  for (guint i = 0; i < 3; i++)
    assert_memory_equal (&((AssayItem *) items->pdata[i])->media, &hashes[i], sizeof hashes[i]);
}

static void
what_found_no_room_because_the_disk_was_slow_is_counted_as_ours (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:bars,size=64x8,fps=200");
  g_autoptr (AssayProject) project = assay_project_open (fixture->folder, ASSAY_STORE_WRITE, NULL);
  g_autoptr (AssayRecorder) recorder
      = assay_recorder_start (fixture->folder, fixture->streams, &(AssayRecordPlan){ .every_s = 0.02 }, &error);
  g_usleep (200000);
  {
    /* The database is held up: stills wait, then the lane does, then the ring is full. For less than a writer waits. */
    g_auto (AssayTransaction) transaction = { 0 };
    assert_true (assay_transaction_begin (&transaction, project->store, NULL));
    for (guint i = 0; i < 1800 && assay_stream_count_overrun (fixture->streams->pdata[0]) < 50; i++)
      g_usleep (5000);
  }
  g_usleep (500000);
  assay_recorder_stop (recorder);
  fixture->report = assay_recorder_finish (recorder, &fixture->trouble, &error);
  assert_null (error);
  gint64 overrun = number (fixture, 0, "overrun");
  assert_true (overrun >= 50);
  assert_int_equal (overrun, assay_stream_count_overrun (fixture->streams->pdata[0]));
  assert_int_equal (number (fixture, 0, "lost"), overrun);
  assert_int_equal (number (fixture, 0, "received") + overrun, number (fixture, 0, "expected"));
  const json_t *sensor = json_array_get (json_object_get (fixture->report, "sensors"), 0);
  assert_string_equal (assay_json_get_string (json_array_get (json_object_get (sensor, "gaps"), 0), "how"), "overrun");
}

/* In place of the C library's: a disk that takes its time, once, with what a lane writes. */
static atomic_int disk_takes_ms;

static void
take_time (int fd)
{
  char link[64], path[4096];
  g_snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink (link, path, sizeof path - 1);
  path[MAX (n, 0)] = '\0';
  if (g_str_has_suffix (path, ".film") || g_str_has_suffix (path, ".wav"))
    g_usleep ((gulong) atomic_exchange (&disk_takes_ms, 0) * 1000);
}

int
fdatasync (int fd)
{
  take_time (fd);
  return (int) syscall (SYS_fdatasync, fd);
}

int
fsync (int fd)
{
  take_time (fd);
  return (int) syscall (SYS_fsync, fd);
}

static void
a_disk_that_takes_longer_than_a_camera_is_patient_costs_no_frame (void **state)
{
  Fixture *fixture = *state;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:bars,size=64x48,fps=50");
  add (fixture, ASSAY_DEVICE_MICROPHONE, "pattern:tone");
  atomic_store (&disk_takes_ms, 3500); /* the ring has room for 2 s */
  record (fixture, &(AssayRecordPlan){ .video = TRUE, .duration_s = 4 });
  assert_int_equal (atomic_load (&disk_takes_ms), 0);
  assert_null (fixture->trouble);
  for (guint i = 0; i < 2; i++)
    {
      assert_int_equal (number (fixture, i, "overrun"), 0);
      assert_int_equal (number (fixture, i, "lost"), 0);
    }
  assert_int_equal (number (fixture, 0, "written"), 200);
}

/* And what finds no room until the stop, of which no later frame tells. */
static void
what_found_no_room_right_before_the_stop_is_counted_too (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  guint64 before = 0;
  gint64 stopped_ns;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:bars,size=64x8,fps=200");
  AssayStream *stream = fixture->streams->pdata[0];
  g_autoptr (AssayProject) project = assay_project_open (fixture->folder, ASSAY_STORE_WRITE, NULL);
  g_autoptr (AssayRecorder) recorder
      = assay_recorder_start (fixture->folder, fixture->streams, &(AssayRecordPlan){ .every_s = 0.02 }, &error);
  g_usleep (100000);
  {
    g_auto (AssayTransaction) transaction = { 0 };
    assert_true (assay_transaction_begin (&transaction, project->store, NULL));
    for (guint i = 0; i < 1800 && (before = assay_stream_count_overrun (stream)) < 50; i++)
      g_usleep (5000);
    assay_recorder_stop (recorder);
    stopped_ns = g_get_monotonic_time () * 1000;
    g_usleep (50000); /* what comes now is nobody's */
  }
  fixture->report = assay_recorder_finish (recorder, &fixture->trouble, &error);
  assert_null (error);
  assert_true (before >= 50);
  assert_in_range (number (fixture, 0, "overrun"), before - 1, (stopped_ns - number (fixture, 0, "last_ns")) / 5000000 + 1);
  assert_int_equal (number (fixture, 0, "lost"), number (fixture, 0, "overrun"));
  assert_int_equal (number (fixture, 0, "received") + number (fixture, 0, "lost"), number (fixture, 0, "expected"));
}

/* A session that does not begin is in no list, and leaves no folder that somebody would mend. */
static void
a_session_that_cannot_begin_leaves_nothing_behind (void **state)
{
  static const char *const refusals[] = {
    NULL, /* the folder */
    "CREATE TRIGGER no BEFORE INSERT ON session BEGIN SELECT RAISE (ABORT, 'no'); END", /* the database */
  };
  Fixture *fixture = *state;
  g_autofree char *sessions = g_build_filename (fixture->folder, "sessions", NULL);
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=50");
  g_autoptr (AssayProject) project = assay_project_open (fixture->folder, ASSAY_STORE_WRITE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (AssayRows) rows = { 0 };
      if (refusals[i] != NULL)
        assert_true (assay_store_run (project->store, NULL, NULL, refusals[i], ""));
      else
        {
          g_rmdir (sessions);
          assert_true (g_file_set_contents (sessions, "", 0, NULL));
        }
      assert_null (assay_recorder_start (fixture->folder, fixture->streams, &(AssayRecordPlan){ .frames = 2 }, &error));
      assert_non_null (error);
      assert_true (assay_store_query (project->store, &rows, NULL, "SELECT count (*) FROM session", "")
                   && assay_rows_next (&rows, NULL));
      assert_int_equal (assay_rows_get_int (&rows, 0), 0);
      if (refusals[i] == NULL)
        {
          g_unlink (sessions);
          continue;
        }
      g_autoptr (GDir) folder = g_dir_open (sessions, 0, NULL);
      assert_true (folder != NULL && g_dir_read_name (folder) == NULL);
    }
}

/* A JPEG of noise, of which `keep` bytes are left, negative = counted from the end. */
static void
write_jpeg (const char *folder, guint number, gssize keep)
{
  g_autoptr (AssayPicture) picture = assay_picture_new (160, 120, ASSAY_PIXELS_RGB8);
  for (gsize i = 0; i < picture->stride * 120; i++)
    picture->data[i] = (guint8) ((i * 2654435761u >> 13) + number);
  g_autoptr (GBytes) bytes = assay_picture_encode_jpeg (picture, 90, NULL);
  g_autofree char *name = g_strdup_printf ("%s/%02u.jpg", folder, number);
  gssize n = keep > 0 ? keep : (gssize) g_bytes_get_size (bytes) + keep;
  assert_true (g_file_set_contents (name, g_bytes_get_data (bytes, NULL), n, NULL));
}

static void
damaged_frames_are_kept_apart_from_a_film_and_end_nothing (void **state)
{
  Fixture *fixture = *state;
  g_autofree char *folder = g_build_filename (fixture->folder, "replayed", NULL);
  assert_int_equal (g_mkdir (folder, 0700), 0);
  for (guint i = 0; i < 12; i++)
    write_jpeg (folder, i, i == 4 ? 4000 : i == 6 ? 100 : i == 8 ? -2 : 0); /* cut, all but the head gone, no end marker */
  g_autofree char *words = g_strdup_printf ("replay:%s,fps=50", folder);
  add (fixture, ASSAY_DEVICE_CAMERA, words);
  record (fixture, &(AssayRecordPlan){ .video = TRUE });
  assert_null (fixture->trouble);
  assert_int_equal (number (fixture, 0, "received"), 12);
  assert_int_equal (number (fixture, 0, "written"), 10);
  assert_int_equal (number (fixture, 0, "corrupt"), 2);
  g_autoptr (GPtrArray) corrupt = list_lines (fixture, "corrupt"), segments = list_lines (fixture, "segment");
  assert_int_equal (corrupt->len, 2);
  assert_string_equal (assay_json_get_string (corrupt->pdata[0], "corrupt"), "the JPEG is cut off");
  assert_string_equal (assay_json_get_string (corrupt->pdata[1], "corrupt"), "it is no JPEG");
  const char *hash = assay_json_get_string (json_object_get (segments->pdata[0], "segment"), "media");
  g_autofree char *path = g_strdup_printf ("%s/media/%.2s/%s.mkv", fixture->folder, hash, hash);
  AssayFilmFacts facts;
  assert_true (assay_film_probe (path, &facts, NULL));
  assert_int_equal (facts.n_frames, 10);
}

/* Sequence numbers of the stills of the first camera, and by what they were taken. */
static GArray *
list_taken (const Fixture *fixture, const char *by)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) lines = list_lines (fixture, "item");
  for (guint i = 0; i < lines->len; i++)
    {
      const json_t *capture = json_object_get (json_object_get (lines->pdata[i], "facts"), "capture");
      gint64 sequence;
      if (!assay_json_get_int (capture, "sequence", &sequence))
        continue; /* sound */
      assert_string_equal (assay_json_get_string (capture, "trigger"), by);
      g_array_append_val (numbers, sequence);
    }
  return numbers;
}

static void
motion_takes_a_burst_where_it_begins (void **state)
{
  Fixture *fixture = *state;
  g_autofree char *folder = g_build_filename (fixture->folder, "replayed", NULL);
  assert_int_equal (g_mkdir (folder, 0700), 0);
  for (guint i = 0; i < 40; i++)
    {
      g_autoptr (AssayPicture) picture = assay_picture_new (64, 36, ASSAY_PIXELS_RGB8);
      memset (picture->data, i < 20 ? 60 + (int) i % 2 : 120, picture->stride * 36); /* noise, then something */
      g_autoptr (GBytes) bytes = assay_picture_encode_jpeg (picture, 90, NULL);
      g_autofree char *name = g_strdup_printf ("%s/%02u.jpg", folder, i);
      assert_true (g_file_set_contents (name, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL));
    }
  g_autofree char *words = g_strdup_printf ("replay:%s,fps=20", folder);
  add (fixture, ASSAY_DEVICE_CAMERA, words);
  record (fixture, &(AssayRecordPlan){ .triggers = (const char *const[]){ "motion", NULL }, .burst = 3 });
  g_autoptr (GArray) taken = list_taken (fixture, "motion");
  assert_int_equal (taken->len, 3);
  gint64 first = g_array_index (taken, gint64, 0);
  assert_in_range (first, 20, 21); /* every second frame is looked at */
  for (guint i = 0; i < 3; i++)
    assert_int_equal (g_array_index (taken, gint64, i), first + i);
}

static void
sound_takes_a_still_of_each_camera_once_a_second_while_it_is_loud (void **state)
{
  static const struct
  {
    const char *microphone;
    guint least, most;
  } cases[] = { { "pattern:tone,rate=16000", 3, 3 }, { "pattern:silence,rate=16000", 0, 0 } };
  Fixture *fixture = *state;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_ptr_array_set_size (fixture->streams, 0);
      add (fixture, ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=50");
      add (fixture, ASSAY_DEVICE_MICROPHONE, cases[i].microphone);
      g_clear_pointer (&fixture->report, json_decref);
      record (fixture, &(AssayRecordPlan){ .duration_s = 2.5, .triggers = (const char *const[]){ "sound:-30", NULL } });
      g_autoptr (GArray) taken = list_taken (fixture, "sound");
      assert_in_range (taken->len, cases[i].least, cases[i].most);
    }
}

/* What came before the trigger is taken with it, without a hole and only once. */
static void
frames_from_before_a_trigger_are_kept_too (void **state)
{
  Fixture *fixture = *state;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:bars,size=320x64,fps=50");
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=50");
  record (fixture, &(AssayRecordPlan){ .duration_s = 1.9,
                                       .pre_roll_s = 0.3,
                                       .burst = 2,
                                       .triggers = (const char *const[]){ "command:sh -c 'sleep 1; echo; sleep 9'", NULL } });
  g_autoptr (GArray) taken = list_taken (fixture, "command");
  g_autoptr (AssayProject) project = assay_project_open (fixture->folder, ASSAY_STORE_READ, NULL);
  g_autoptr (GPtrArray) items = list_items (project);
  guint n_before[2] = { 0 }, n_shared = 0;
  gint64 last[2] = { -1, -1 };
  assert_int_equal (taken->len, items->len);
  for (guint i = 0; i < items->len; i++)
    {
      const AssayItem *item = items->pdata[i];
      const json_t *capture = json_object_get (item->facts, "capture");
      guint camera = strstr (item->name, "camera-2") != NULL;
      gint64 sequence = -1, before_ns = -1;
      assert_true (assay_json_get_int (capture, "sequence", &sequence));
      assert_true (last[camera] < 0 || sequence == last[camera] + 1);
      last[camera] = sequence;
      if (assay_json_get_int (capture, "before_ns", &before_ns))
        n_before[camera]++;
      assert_true (before_ns < 300000000);
      for (guint k = 0; k < i; k++)
        n_shared += !assay_id_is_nil (&item->moment)
                    && assay_id_equal (&item->moment, &((AssayItem *) items->pdata[k])->moment);
    }
  for (guint camera = 0; camera < 2; camera++)
    assert_in_range (n_before[camera], 13, 16); /* 15 frames, give or take one at either end */
  assert_int_equal (n_before[0] + n_before[1] + 4, items->len);
  assert_in_range (n_shared, 12, 18); /* pairs of the two cameras */
}

static void
expose_longer (const AssaySource *source, AssayDevice *device, gpointer data)
{
  assert_true (source->set_control (device, "exposure_time_absolute", "200", NULL));
}

/* It says how it was taken, not how the camera was set when somebody asked for it; and it is none of those asked for. */
static void
a_still_from_before_a_take_says_how_it_was_taken_and_does_not_count (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:lab,size=64x48,fps=50,auto_exposure=1,exposure_time_absolute=100");
  AssayStream *stream = fixture->streams->pdata[0];
  g_autoptr (AssayRecorder) recorder = assay_recorder_start (
      fixture->folder, fixture->streams,
      &(AssayRecordPlan){ .on_demand = TRUE, .pre_roll_s = 10, .burst = 2, .frames = 2 }, &error);
  assert_non_null (recorder);
  /* Looked at all along, from the first one on. */
  while (assay_stream_count_received (stream) < 5)
    g_usleep (2000);
  g_usleep (300000);
  assert_true (assay_stream_with_device (stream, expose_longer, NULL));
  assay_recorder_take (recorder);
  while (!assay_recorder_is_done (recorder))
    g_usleep (2000);
  fixture->report = assay_recorder_finish (recorder, &fixture->trouble, &error);
  assert_null (error);
  g_autoptr (AssayProject) project = assay_project_open (fixture->folder, ASSAY_STORE_READ, NULL);
  g_autoptr (GPtrArray) items = list_items (project);
  guint n_before = 0;
  for (guint i = 0; i < items->len; i++)
    {
      const json_t *capture = json_object_get (((AssayItem *) items->pdata[i])->facts, "capture");
      gint64 exposure = 0;
      assert_string_equal (assay_json_get_string (capture, "trigger"), "key");
      if (json_object_get (capture, "before_ns") == NULL)
        continue;
      assert_true (assay_json_get_int (json_object_get (capture, "controls"), "exposure_time_absolute", &exposure));
      assert_true (n_before++ >= 5 || exposure == 100); /* later ones may have been looked at later */
    }
  assert_true (n_before >= 5);
  assert_int_equal (items->len, n_before + 2);
}

static void
sound_that_was_heard_before_the_beginning_comes_first (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  double worst;
  gint64 sample = -1;
  add (fixture, ASSAY_DEVICE_MICROPHONE, "pattern:tone,rate=16000");
  assert_true (assay_stream_start (fixture->streams->pdata[0], &error));
  g_usleep (G_USEC_PER_SEC);
  record (fixture, &(AssayRecordPlan){ .duration_s = 0.5, .pre_roll_s = 0.4 });
  assert_int_equal (number (fixture, 0, "dropped"), 0);
  assert_in_range (number (fixture, 0, "samples"), 16000 * 0.8, 16000 * 1.2);
  g_autoptr (json_t) capture = read_capture (fixture);
  assert_true (assay_json_get_int (capture, "sample", &sample));
  assert_in_range (sample, 16000 * 0.5, 16000 * 0.9);
  g_autofree char *path = find_sound (fixture);
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (path, NULL);
  gint64 n = assay_sound_reader_get_facts (reader)->n_samples;
  g_autofree float *samples = g_new (float, n);
  assert_int_equal (assay_sound_reader_read (reader, 0, n, samples, NULL), n);
  worst = 0;
  for (gint64 i = 0; i < n; i++)
    worst = MAX (worst, fabs (samples[i] - 0.5 * sin (2 * G_PI * 440 * (double) (sample + i) / 16000)));
  assert_true (worst < 1e-4);
  /* What was recorded once is not from before: the next recording begins where this one ended. */
  gint64 last_ns = number (fixture, 0, "last_ns");
  g_clear_pointer (&fixture->report, json_decref);
  record (fixture, &(AssayRecordPlan){ .duration_s = 0.2, .pre_roll_s = 9 });
  assert_true (number (fixture, 0, "first_ns") > last_ns);
}

static void
each_line_of_a_command_takes_a_still_and_it_ends_with_the_recording (void **state)
{
  Fixture *fixture = *state;
  g_autofree char *left = g_build_filename (fixture->folder, "left", NULL);
  g_autofree char *words = g_strdup_printf ("command:sh -c 'sleep 0.3; echo; sleep 0.3; echo; sleep 2; touch %s'", left);
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=50");
  record (fixture, &(AssayRecordPlan){ .duration_s = 1.2, .triggers = (const char *const[]){ words, NULL } });
  g_autoptr (GArray) taken = list_taken (fixture, "command");
  assert_int_equal (taken->len, 2);
  assert_true (fixture->seconds < 2.5);
  g_usleep (2 * G_USEC_PER_SEC);
  assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
}

static void
a_trigger_that_cannot_work_is_one_clear_line (void **state)
{
  static const struct
  {
    const char *words, *why;
  } cases[] = { { "smell", "it is one of motion" },
                { "motion:0", "no threshold" },
                { "sound:-30", "no microphone records" },
                { "sound:12", "no level" },
                { "command", "no program is named" },
                { "command:/nowhere/at-all", "can be run" } };
  Fixture *fixture = *state;
  add (fixture, ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=50");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      AssayRecordPlan plan = { .triggers = (const char *const[]){ cases[i].words, NULL } };
      assert_null (assay_recorder_start (fixture->folder, fixture->streams, &plan, &error));
      if (strstr (error->message, cases[i].why) == NULL)
        fail_msg ("%s", error->message);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TEST (every_frame_becomes_an_item_with_its_pixels_number_and_stamp),
    TEST (lost_frames_are_gaps_in_the_report_and_in_the_index),
    TEST (frames_of_two_cameras_at_one_instant_share_a_moment),
    TEST (each_stream_has_a_clock_line_and_two_cameras_a_skew),
    TEST (what_the_form_says_is_on_every_item_and_a_consent_is_asked_for),
    TEST (a_still_that_shows_the_same_again_is_flagged_and_kept),
    TEST (a_still_every_so_often_is_one_a_period),
    TEST (a_still_is_taken_when_asked_for_and_else_none),
    TEST (a_pulled_camera_that_stays_away_keeps_what_came),
    TEST (a_film_goes_on_in_a_new_file_when_the_camera_is_back),
    TEST (stills_and_sound_go_on_when_their_devices_are_back),
    TEST (a_recording_of_which_nothing_comes_ends_after_the_wait),
    TEST (frames_from_before_a_trigger_are_kept_too),
    TEST (a_still_from_before_a_take_says_how_it_was_taken_and_does_not_count),
    TEST (sound_that_was_heard_before_the_beginning_comes_first),
    TEST (what_time_alone_tells_was_lost_has_its_place_in_the_file_and_on_the_clock),
    TEST (the_account_of_a_camera_adds_up),
    TEST (damaged_frames_are_kept_apart_from_a_film_and_end_nothing),
    TEST (what_found_no_room_because_the_disk_was_slow_is_counted_as_ours),
    TEST (a_disk_that_takes_longer_than_a_camera_is_patient_costs_no_frame),
    TEST (what_found_no_room_right_before_the_stop_is_counted_too),
    TEST (a_session_that_cannot_begin_leaves_nothing_behind),
    TEST (sound_arrives_sample_for_sample),
    TEST (a_sound_helper_that_dies_is_noticed_and_what_came_is_kept),
    TEST (a_sound_helper_that_hangs_is_noticed_and_what_came_is_kept),
    TEST (a_sound_helper_that_babbles_is_a_lost_device),
    TEST (samples_that_the_helper_lost_are_counted),
    TEST (a_helper_that_does_not_answer_or_refuses_is_one_clear_line),
    TEST (a_film_has_every_frame_and_some_are_drawn_into_items),
    TEST (a_format_that_nobody_knows_is_filmed_and_refused_as_stills),
    TEST (motion_takes_a_burst_where_it_begins),
    TEST (sound_takes_a_still_of_each_camera_once_a_second_while_it_is_loud),
    TEST (each_line_of_a_command_takes_a_still_and_it_ends_with_the_recording),
    TEST (a_trigger_that_cannot_work_is_one_clear_line),
    TEST (pictures_that_are_replayed_keep_their_bytes),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER"));
  return cmocka_run_group_tests (tests, NULL, NULL);
}
