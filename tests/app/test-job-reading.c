/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A script read to a replayed microphone, in real time: four seconds a round, of which 1.2 s are speech. */
#include "app/job-reading.h"

#include "tests/core/fixture.h"

#include "core/clock.h"
#include "core/plan.h"
#include "core/transcript.h"

#include <glib/gstdio.h>

enum
{
  RATE_HZ = 16000,
  ROUND_S = 4,
  N_ROUNDS = 3,
  N = ROUND_S * N_ROUNDS * RATE_HZ
};

#define SPEECH_AT_S 1.0
#define SPEECH_S 1.2

typedef struct
{
  char *directory, *project, *wav;
  float *heard; /* all that the microphone gives */
  GPtrArray *prompts;
  AssayStream *stream;
  AssayReading *reading;
  gint64 began_ns;
} Reading;

static void
make_sound (Reading *r)
{
  guint32 random = 3;
  r->heard = g_new (float, N);
  for (guint i = 0; i < N; i++)
    {
      double in_round = fmod ((double) i / RATE_HZ, ROUND_S);
      gboolean speech = in_round >= SPEECH_AT_S && in_round < SPEECH_AT_S + SPEECH_S;
      random = random * 1664525 + 1013904223;
      /* 24-bit numbers, so that they come back as they are. */
      r->heard[i] = (float) ((gint32) random >> (speech ? 10 : 18)) / 8388608.0f;
    }
  AssaySoundWriter *writer = assay_sound_writer_new (r->wav, RATE_HZ, 1, NULL);
  assert_true (assay_sound_writer_add (writer, r->heard, N, NULL) && assay_sound_writer_close (writer, NULL));
}

static int
begin (void **state)
{
  static const char script[] = "hello\tHello the\xcc\x81re\n\nSecond sentence\r\nThird sentence";
  g_autoptr (GError) error = NULL;
  Reading *r = g_new0 (Reading, 1);
  r->directory = g_dir_make_tmp ("assay-reading-XXXXXX", NULL);
  r->project = g_build_filename (r->directory, "project", NULL);
  r->wav = g_build_filename (r->directory, "voice.wav", NULL);
  make_sound (r);
  g_autoptr (AssayProject) project = assay_project_create (r->project, NULL, &error);
  ok (project != NULL);
  g_autoptr (AssayTask) task = assay_task_new ("speech", assay_kind_find ("transcript"));
  ok (assay_task_save (project->store, task, NULL, &error));
  r->prompts = assay_prompts_parse (script, sizeof script - 1, "script", &error);
  ok (r->prompts != NULL);
  g_autofree char *words = g_strconcat ("replay:", r->wav, NULL);
  r->stream = assay_stream_open (ASSAY_DEVICE_MICROPHONE, words, &error);
  ok (r->stream != NULL);
  const AssayReadingPlan plan = { .task = "speech", .script = "script", .name = "test", .subject = "Ada" };
  r->began_ns = assay_clock_now_ns ();
  r->reading = assay_reading_start (r->project, r->stream, r->prompts, &plan, &error);
  ok (r->reading != NULL);
  *state = r;
  return 0;
}

static int
end (void **state)
{
  Reading *r = *state;
  assay_reading_free (r->reading);
  assay_stream_close (r->stream);
  g_ptr_array_unref (r->prompts);
  remove_tree (r->directory);
  g_free (r->directory);
  g_free (r->project);
  g_free (r->wav);
  g_free (r->heard);
  g_free (r);
  return 0;
}

/* Commands at their time, since the microphone began to speak. */
static void
at (Reading *r, double seconds, AssayReadingCommand command)
{
  gint64 due_ns = r->began_ns + (gint64) (seconds * 1e9);
  while (assay_clock_now_ns () < due_ns)
    g_usleep (2000);
  assert_true (assay_reading_do (r->reading, command));
}

static void
wait_for (Reading *r, AssayReadingState wanted, AssayReadingStatus *ret_status)
{
  gint64 until_ns = assay_clock_now_ns () + G_GINT64_CONSTANT (15000000000);
  do
    {
      g_usleep (2000);
      assay_reading_status_clear (ret_status);
      assay_reading_get_status (r->reading, ret_status);
    }
  while ((ret_status->state != wanted || ret_status->busy) && assay_clock_now_ns () < until_ns);
  if (ret_status->state != wanted)
    fail_msg ("state %d and not %d: %s", ret_status->state, wanted, ret_status->trouble);
}

/* A piece of what was heard, without a seam where the pre-roll ends; returns where it begins. */
static gint64
assert_piece (const Reading *r, const char *path)
{
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (path, NULL);
  assert_non_null (reader);
  gint64 n = assay_sound_reader_get_facts (reader)->n_samples;
  g_autofree float *samples = g_new (float, n);
  assert_int_equal (assay_sound_reader_read (reader, 0, n, samples, NULL), n);
  const float *found = memmem (r->heard, N * sizeof (float), samples, (gsize) n * sizeof (float));
  assert_non_null (found);
  return found - r->heard;
}

static guint
count_files (const char *directory)
{
  guint n = 0;
  g_autoptr (GDir) folder = g_dir_open (directory, 0, NULL);
  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static void
assert_kept (const Reading *r, const json_t *report)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) project = assay_project_open (r->project, ASSAY_STORE_READ, &error);
  ok (project != NULL);
  AssayId id;
  assert_int_equal (json_array_size (json_object_get (report, "items")), 1);
  assert_true (assay_json_get_id (json_array_get (json_object_get (report, "items"), 0), "item", &id));
  g_autoptr (AssayItem) item = assay_item_get (project->store, &id, &error);
  ok (item != NULL);
  const json_t *prompt = json_object_get (item->facts, "prompt");
  assert_string_equal (assay_json_get_string (prompt, "id"), "hello");
  assert_string_equal (assay_json_get_string (item->facts, "subject"), "Ada");
  assert_true (json_is_true (json_object_get (json_object_get (item->facts, "check"), "fit")));
  g_autoptr (AssayTask) task = assay_task_find (project->store, "speech", NULL);
  g_autoptr (AssayAnnotator) means = assay_annotator_find (project->store, "prompt", &error);
  ok (means != NULL);
  assert_int_equal (means->kind, ASSAY_ANNOTATOR_MEANS);
  g_autoptr (AssayLabel) label = assay_label_get (project->store, item->row, task, means->row, &error);
  ok (label != NULL);
  assert_int_equal (label->state, ASSAY_LABEL_DRAFT);
  assert_int_equal (label->objects->list->len, 1);
  const AssaySegment *segment = ((AssayObject *) label->objects->list->pdata[0])->value;
  assert_string_equal (segment->text, "Hello th\xc3\xa9re");
  assert_float_equal ((double) (segment->end - segment->start) / RATE_HZ, SPEECH_S + 0.2, 0.05);
  g_autofree char *path = assay_item_dup_path (project, item);
  double starts_s = (double) assert_piece (r, path) / RATE_HZ;
  assert_float_equal (starts_s + (double) segment->start / RATE_HZ, ROUND_S + SPEECH_AT_S - 0.1, 0.03);
}

static void
sentences_are_read_checked_read_again_taken_and_skipped (void **state)
{
  Reading *r = *state;
  g_autoptr (GError) error = NULL;
  g_auto (AssayReadingStatus) status = { 0 };
  wait_for (r, ASSAY_READING_READY, &status);
  assert_string_equal (status.prompt->id, "hello");
  assert_false (assay_reading_do (r->reading, ASSAY_READING_ACCEPT));

  /* The key is pressed when the voice has begun, and again before it has ended: nothing of it is lost. */
  at (r, 1.2, ASSAY_READING_RECORD);
  wait_for (r, ASSAY_READING_RECORDING, &status);
  assert_false (assay_reading_do (r->reading, ASSAY_READING_SKIP));
  at (r, 2.1, ASSAY_READING_STOP);
  wait_for (r, ASSAY_READING_CHECKED, &status);
  assert_int_equal (status.check.faults, 0);
  assert_float_equal (status.check.speech_s, SPEECH_S, 0.05);
  assert_float_equal (status.seconds, 0.5 + 0.9 + 0.5, 0.3);
  assert_float_equal ((double) assert_piece (r, status.take_path) / RATE_HZ, 0.7, 0.25);

  /* Not a word: told, and read again. */
  at (r, 3.0, ASSAY_READING_RECORD);
  at (r, 3.3, ASSAY_READING_STOP);
  wait_for (r, ASSAY_READING_CHECKED, &status);
  assert_int_equal (status.n_takes, 2);
  assert_true (status.check.faults & ASSAY_TAKE_TOO_SHORT);
  at (r, 4.9, ASSAY_READING_RECORD);
  at (r, 6.4, ASSAY_READING_STOP);
  wait_for (r, ASSAY_READING_CHECKED, &status);
  assert_int_equal (status.check.faults, 0);
  at (r, 7.0, ASSAY_READING_ACCEPT);
  wait_for (r, ASSAY_READING_READY, &status);
  assert_int_equal (status.n_accepted, 1);
  assert_string_equal (status.prompt->id, "0003");
  at (r, 7.1, ASSAY_READING_SKIP);
  wait_for (r, ASSAY_READING_READY, &status);
  assert_string_equal (status.prompt->text, "Third sentence");

  /* It ends in the middle of a take: what there is stays. */
  at (r, 8.0, ASSAY_READING_RECORD);
  wait_for (r, ASSAY_READING_RECORDING, &status);
  g_autofree char *trouble = NULL;
  g_autoptr (json_t) report = assay_reading_finish (r->reading, &trouble, &error);
  ok (report != NULL);
  assert_null (trouble);
  assert_int_equal (json_integer_value (json_object_get (report, "accepted")), 1);
  assert_int_equal (json_integer_value (json_object_get (report, "skipped")), 1);
  g_autofree char *takes = g_path_get_dirname (status.take_path);
  assert_int_equal (count_files (takes), 3); /* two that were read again, and the last one */
  assert_piece (r, status.take_path);
  assert_kept (r, report);
}

static void
a_microphone_that_ends_is_told_and_what_was_read_stays (void **state)
{
  Reading *r = *state;
  g_autoptr (GError) error = NULL;
  g_auto (AssayReadingStatus) status = { 0 };
  at (r, 10.5, ASSAY_READING_RECORD);
  wait_for (r, ASSAY_READING_FAILED, &status);
  assert_non_null (status.trouble);
  assert_piece (r, status.take_path);
  g_autofree char *trouble = NULL;
  g_autoptr (json_t) report = assay_reading_finish (r->reading, &trouble, &error);
  ok (report != NULL);
  assert_string_equal (trouble, status.trouble);
}

static void
a_reading_needs_a_task_of_transcripts_and_the_consent_that_the_plan_asks_for (void **state)
{
  Reading *r = *state;
  g_autofree char *words = g_strconcat ("replay:", r->wav, NULL);
  g_autoptr (AssayStream) stream = assay_stream_open (ASSAY_DEVICE_MICROPHONE, words, NULL);
  const AssayReadingPlan unknown = { .task = "masks" };
  refused (assay_reading_start (r->project, stream, r->prompts, &unknown, to), ASSAY_ERROR_NOT_FOUND, "masks");
  const AssayReadingPlan plain = { .task = "speech" };
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) project = assay_project_open (r->project, ASSAY_STORE_WRITE, &error);
  ok (project != NULL);
  g_autoptr (json_t) wanted = json_pack ("{s:{s:b}}", "capture", "consent", TRUE);
  g_autoptr (AssayPlan) plan = assay_plan_from_json (wanted, &error);
  ok (plan != NULL);
  ok (assay_plan_save (project->store, plan, NULL, &error));
  refused (assay_reading_start (r->project, stream, r->prompts, &plain, to), ASSAY_ERROR_CONFLICT, "consent");
}

static void
scripts_that_are_wrong_name_their_line (void **state)
{
  static const struct
  {
    const char *script, *part;
  } wrong[] = {
    { "one\ntwo\xff\n", "line 2" },
    { "a\tone\na\ttwo", "line 2 has the id a again" },
    { "a\t \n", "line 1" },
    { " \n\n", "no sentence" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    refused (assay_prompts_parse (wrong[i].script, strlen (wrong[i].script), "s.txt", to), ASSAY_ERROR_BAD_DATA,
             wrong[i].part);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (sentences_are_read_checked_read_again_taken_and_skipped, begin, end),
    cmocka_unit_test_setup_teardown (a_microphone_that_ends_is_told_and_what_was_read_stays, begin, end),
    cmocka_unit_test_setup_teardown (a_reading_needs_a_task_of_transcripts_and_the_consent_that_the_plan_asks_for,
                                     begin, end),
    cmocka_unit_test (scripts_that_are_wrong_name_their_line),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER"));
  return cmocka_run_group_tests (tests, NULL, NULL);
}
