/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs that work on threads of their own, asked meanwhile as the window asks them: for the thread sanitizer above all. */
#include "app/job-board.h"
#include "app/job-calibrate-live.h"
#include "app/job-take.h"
#include "capture/recorder.h"
#include "core/flag.h"
#include "tests/core/fixture.h"

#include <glib/gstdio.h>

#define PATIENCE_US (20 * G_USEC_PER_SEC)

typedef struct
{
  const char *camera;
  AssayBoard board;
  AssayProgress *progress;
  GPtrArray *shots;
} Watching;

static gpointer
watch (gpointer data)
{
  Watching *w = data;
  json_t *controls = NULL;
  w->shots = assay_job_calibrate_watch (w->camera, &w->board, 0, w->progress, &controls, NULL);
  json_decref (controls);
  return NULL;
}

/* One sheet, seen straight, again and again: one view, and then no other that is worth keeping. */
static void
a_live_calibration_tells_how_far_it_is_and_ends_when_it_is_told_to (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProgress) progress = assay_progress_new ();
  g_autofree char *folder = g_build_filename (f->directory, "seen", NULL),
                  *path = g_build_filename (folder, "0.png", NULL),
                  *camera = g_strdup_printf ("replay:%s,fps=30,loop=true", folder);
  Watching w = { .camera = camera, .progress = progress };
  assert_int_equal (g_mkdir (folder, 0700), 0);
  ok (assay_board_parse ("chessboard:9x6:15", &w.board, &error));
  g_autoptr (json_t) printed = assay_job_board (&w.board, path, "a4", 72, &error);
  ok (printed != NULL);
  GThread *thread = g_thread_new ("watch", watch, &w);
  gboolean told = FALSE;
  for (gint64 until_us = g_get_monotonic_time () + PATIENCE_US; !told && g_get_monotonic_time () < until_us;)
    {
      g_autofree char *text = assay_progress_dup_text (progress);
      told = text != NULL && g_str_has_prefix (text, "1 views; ");
      g_usleep (2000);
    }
  assay_progress_cancel (progress);
  g_thread_join (thread);
  g_autoptr (GPtrArray) shots = w.shots;
  assert_true (told);
  assert_non_null (shots);
  assert_int_equal (shots->len, 1);
}

static void
takes_are_listed_and_marked_while_a_recording_adds_others (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autofree char *trouble = NULL;
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_stream_close);
  g_ptr_array_add (streams, assay_stream_open (ASSAY_DEVICE_CAMERA, "pattern:bars,size=64x48,fps=50", &error));
  ok (streams->pdata[0] != NULL);
  g_autoptr (AssayRecorder) recorder
      = assay_recorder_start (f->project->directory, streams, &(AssayRecordPlan){ .every_s = 0.05 }, &error);
  ok (recorder != NULL);
  guint n_takes = 0, n_marked = 0;
  for (gint64 until_us = g_get_monotonic_time () + PATIENCE_US; n_takes < 8 && g_get_monotonic_time () < until_us;)
    {
      g_autoptr (GPtrArray) takes = assay_take_list (f->project, 8, &error);
      gboolean stands;
      ok (takes != NULL);
      assert_true (takes->len >= n_takes); /* none is lost from sight */
      for (guint i = 1; i < takes->len; i++)
        {
          const AssayItem *newer = ((AssayTake *) takes->pdata[i - 1])->items->pdata[0],
                          *older = ((AssayTake *) takes->pdata[i])->items->pdata[0];
          assert_true (newer->row > older->row);
        }
      if (takes->len > n_takes)
        {
          ok (assay_take_flag_last (f->project, 1, "bad", NULL, FALSE, &f->anna->id, &stands, NULL, &error));
          assert_true (stands);
          n_marked++;
        }
      n_takes = takes->len;
      g_usleep (10000);
    }
  assay_recorder_stop (recorder);
  g_autoptr (json_t) report = assay_recorder_finish (recorder, &trouble, &error);
  ok (report != NULL);
  assert_null (trouble);
  assert_int_equal (n_takes, 8);
  g_autoptr (GArray) marked = assay_flag_list_items (f->store, "bad", &error);
  ok (marked != NULL);
  assert_in_range (marked->len, 1, n_marked); /* the last one is at times the same one again */
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (a_live_calibration_tells_how_far_it_is_and_ends_when_it_is_told_to),
    CASE (takes_are_listed_and_marked_while_a_recording_adds_others),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER"));
  return cmocka_run_group_tests (tests, NULL, NULL);
}
