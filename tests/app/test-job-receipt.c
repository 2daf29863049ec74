/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a receipt says first of all, of recordings that went well and of those that did not. */
#include "app/job-receipt.h"
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

/* Its folder of media is no folder any more: the recorder fails with stills in hand. */
static void
a_recording_that_the_disk_ended_says_so_and_is_not_clean (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL, why = NULL;
  g_autofree char *media = g_build_filename (f->project->directory, "media", NULL), *away = g_strconcat (media, "-away", NULL),
                  *trouble = NULL;
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_stream_close);
  g_ptr_array_add (streams, assay_stream_open (ASSAY_DEVICE_CAMERA, "pattern:red,size=64x48,fps=100", &error));
  ok (streams->pdata[0] != NULL);
  g_autoptr (AssayRecorder) recorder = assay_recorder_start (f->project->directory, streams, &(AssayRecordPlan){ 0 }, &error);
  ok (recorder != NULL);
  guint64 kept = 0, missing;
  while (kept < 5)
    {
      g_usleep (2000);
      assay_recorder_get_counts (recorder, streams->pdata[0], &kept, &missing);
    }
  assert_int_equal (g_rename (media, away), 0);
  ok (g_file_set_contents (media, "", 0, &error));
  while (!assay_recorder_is_done (recorder))
    g_usleep (2000);
  assert_null (assay_recorder_finish (recorder, &trouble, &why));
  assert_non_null (why);
  assert_int_equal (g_unlink (media), 0);
  assert_int_equal (g_rename (away, media), 0);
  AssayId session;
  ok (assay_session_find (f->store, "latest", &session, &error));
  AssayReceipt *receipt = assay_receipt_load (f->project, &session, &error);
  ok (receipt != NULL);
  assert_false (receipt->clean);
  assert_non_null (strstr (receipt->verdict, "The recording ended by itself: "));
  assert_non_null (strstr (receipt->verdict, why->message));
  assert_true (json_is_false (json_object_get (receipt->document, "clean")));
  assay_receipt_free (receipt);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (nothing_was_lost_is_said_of_a_recording_that_went_well_and_of_no_other),
    cmocka_unit_test (what_was_lost_before_the_beginning_has_a_minus),
    CASE (a_recording_that_the_disk_ended_says_so_and_is_not_clean),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER"));
  return cmocka_run_group_tests_name ("job-receipt", tests, NULL, NULL);
}
