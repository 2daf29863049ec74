/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a receipt says first of all, of recordings that went well and of those that did not. */
#include "app/job-receipt.h"
#include "app/job-recover.h"
#include "capture/recorder.h"
#include "core/json.h"
#include "core/sensor.h"
#include "tests/core/fixture.h"

#include <glib/gstdio.h>

static json_t *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  json_t *json = assay_json_parse (text, strlen (text), "a report", &error);
  ok (json != NULL);
  return json;
}

static void
nothing_was_lost_is_said_of_a_recording_that_went_well_and_of_no_other (void **state)
{
#define GOOD "{\"key\":\"left\",\"kind\":\"camera\",\"received\":30,\"written\":30,\"lost\":0,\"corrupt\":0"
  static const struct
  {
    const char *report, *said;
  } cases[] = {
    { "{\"sensors\":[" GOOD "}]}", "Nothing was lost" },
    { "{\"sensors\":[" GOOD ",\"trouble\":null}],\"ended\":null,\"recovered\":null}", "Nothing was lost" },
    { "{\"sensors\":[" GOOD "}],\"ended\":\"writing the index: no space\"}",
      "The recording ended by itself: writing the index: no space" },
    { "{\"sensors\":[" GOOD ",\"trouble\":\"the device is gone\"}]}", "left did not last to the end" },
    { "{\"sensors\":[" GOOD "},{\"key\":\"right\",\"received\":0,\"lost\":0,\"trouble\":\"it is gone\"}]}",
      "right gave nothing" },
    { "{\"sensors\":[{\"key\":\"left\",\"received\":null,\"lost\":0,\"trouble\":\"its recorder ended\"}],"
      "\"recovered\":{\"lost_bytes\":0,\"unreadable_lines\":0,\"skipped\":[]}}",
      "The recording was cut off, and mended later" },
    { "{\"sensors\":[{\"key\":\"left\",\"received\":null,\"lost\":2,\"trouble\":\"its recorder ended\"}],"
      "\"recovered\":{\"lost_bytes\":17,\"unreadable_lines\":1,\"skipped\":[\"mending a.mkv: no frame\"]}}",
      "2 frames of left were lost; the recording was cut off, and mended later, 17 bytes at the ends not whole, 1 line of "
      "the index not readable, 1 not recovered, the first: mending a.mkv: no frame" },
    { "{\"sensors\":[" GOOD ",\"trouble\":\"the device is gone\"}],\"ended\":\"no space\",\"recovered\":{\"skipped\":[]}}",
      "left did not last to the end; the recording ended by itself: no space; the recording was mended later" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (json_t) report = parse (cases[i].report);
      gboolean clean, counted;
      g_autofree char *said = assay_receipt_dup_verdict (report, &clean, &counted);
      assert_string_equal (said, cases[i].said);
      assert_true (counted && clean == (i < 2));
    }
}

static void
what_was_lost_before_the_beginning_has_a_minus (void **state)
{
  static const struct
  {
    double at_s;
    const char *said;
  } cases[] = { { -0.1, "-00:00.100 " }, { -75.25, "-01:15.250 " }, { 0, "00:00.000 " }, { 59.9996, "01:00.000 " } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AssayReceipt *receipt = g_new0 (AssayReceipt, 1);
      receipt->document
          = json_pack ("{s:I, s:[{s:s, s:s, s:i, s:[{s:I, s:i, s:s}]}]}", "began_monotonic_ns", (json_int_t) 1e12, "sensors",
                       "name", "voice", "kind", "microphone", "lost", 3, "gaps", "at_ns",
                       (json_int_t) (1e12 + cases[i].at_s * 1e9), "missing", 3, "how", "sequence");
      assay_receipt_add_words (receipt);
      assert_int_equal (receipt->holes->len, 1);
      if (!g_str_has_prefix (receipt->holes->pdata[0], cases[i].said))
        fail_msg ("%s", (const char *) receipt->holes->pdata[0]);
      assay_receipt_free (receipt);
    }
}

/* Records until so much is safe; then its folder of media is no folder any more, and the recorder fails with stills, or the
 * rest of a film, in hand. Afterwards all is as it was. */
static void
record_until_it_fails (Fixture *f, gboolean video, guint64 wanted, AssayId *ret_session)
{
  g_autoptr (GError) error = NULL, why = NULL;
  g_autofree char *media = g_build_filename (f->project->directory, "media", NULL),
                  *away = g_strconcat (media, "-away", NULL), *trouble = NULL;
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_stream_close);
  g_ptr_array_add (streams, assay_stream_open (ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=100", &error));
  ok (streams->pdata[0] != NULL);
  g_autoptr (AssayRecorder) recorder
      = assay_recorder_start (f->project->directory, streams, &(AssayRecordPlan){ .video = video }, &error);
  ok (recorder != NULL);
  for (guint64 kept = 0, missing; kept < wanted; g_usleep (2000))
    assay_recorder_get_counts (recorder, streams->pdata[0], &kept, &missing);
  assert_int_equal (g_rename (media, away), 0);
  ok (g_file_set_contents (media, "", 0, &error));
  if (video)
    assay_recorder_stop (recorder);
  while (!assay_recorder_is_done (recorder))
    g_usleep (2000);
  assert_null (assay_recorder_finish (recorder, &trouble, &why));
  assert_non_null (why);
  assert_int_equal (g_unlink (media), 0);
  assert_int_equal (g_rename (away, media), 0);
  ok (assay_session_find (f->store, "latest", ret_session, &error));
}

static AssayReceipt *
load_failed (Fixture *f, const AssayId *session)
{
  g_autoptr (GError) error = NULL;
  AssayReceipt *receipt = assay_receipt_load (f->project, session, &error);
  ok (receipt != NULL);
  assert_false (receipt->clean);
  assert_true (json_is_false (json_object_get (receipt->document, "clean")));
  assert_non_null (strstr (receipt->verdict, "The recording ended by itself: "));
  return receipt;
}

static void
a_recording_that_the_disk_ended_says_so_and_is_not_clean (void **state)
{
  Fixture *f = *state;
  AssayId session;
  record_until_it_fails (f, FALSE, 5, &session);
  assay_receipt_free (load_failed (f, &session));
}

static gint64
number (const AssayReceipt *receipt, const char *key)
{
  gint64 n = -1;
  assay_json_get_int (json_array_get (json_object_get (receipt->document, "sensors"), 0), key, &n);
  return n;
}

/* Its report was written when the film lay outside media/: what was mended afterwards is told all the same, and stays told. */
static void
a_film_that_was_mended_after_the_report_of_a_failure_is_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  AssayId session;
  record_until_it_fails (f, TRUE, 60, &session);
  AssayReceipt *before = load_failed (f, &session);
  assert_int_equal (number (before, "files"), 0);
  assert_int_equal (number (before, "written"), 0);
  assay_receipt_free (before);
  for (guint i = 0; i < 3; i++)
    {
      g_auto (AssayMended) mended = ASSAY_MENDED_INIT;
      ok (assay_job_recover (f->project, i > 0, NULL, &mended, NULL, &error));
      assert_int_equal (mended.files, i == 0);
      assert_int_equal (mended.skipped->len, 0);
      AssayReceipt *receipt = load_failed (f, &session);
      assert_true (g_str_has_suffix (receipt->verdict, "; the recording was mended later"));
      assert_int_equal (number (receipt, "files"), 1);
      assert_true (number (receipt, "written") >= 60 && number (receipt, "bytes") > 0);
      assay_receipt_free (receipt);
      assert_int_equal (ask (f->store, "SELECT count (*) FROM media WHERE kind = 'film'"), 1);
      assert_int_equal (ask (f->store, "SELECT count (*) FROM session_report"), 2);
      /* Killed between the index and the database, or the database is another: no item names the film. */
      ok (i > 0 || assay_store_run (f->store, NULL, &error, "DELETE FROM media WHERE kind = 'film'", ""));
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (nothing_was_lost_is_said_of_a_recording_that_went_well_and_of_no_other),
    cmocka_unit_test (what_was_lost_before_the_beginning_has_a_minus),
    CASE (a_recording_that_the_disk_ended_says_so_and_is_not_clean),
    CASE (a_film_that_was_mended_after_the_report_of_a_failure_is_told),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER"));
  return cmocka_run_group_tests_name ("job-receipt", tests, NULL, NULL);
}
