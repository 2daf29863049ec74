/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/board-feed.h"

#include "app/gui/thumbnail.h"
#include "capture/stream.h"
#include "core/clock.h"
#include "core/error.h"

#define PATIENCE_US (3 * G_USEC_PER_SEC)
#define AGAIN_US 100000
#define LOOK_US 5000

struct _AssayBoardFeed
{
  char *words;
  gboolean is_folder;
  AssayLiveCalibration *live;
  GThread *thread;
  gint stop, over, away; /* atomic */
  json_t *controls;      /* the thread's until it is joined */
  GMutex lock;           /* guards what follows */
  AssayPicture *newest;
  char *trouble;
};

static gboolean
is_stopped (AssayBoardFeed *feed)
{
  return g_atomic_int_get (&feed->stop);
}

static void
set_trouble (AssayBoardFeed *feed, const char *trouble)
{
  g_mutex_lock (&feed->lock);
  g_free (feed->trouble);
  feed->trouble = g_strdup (trouble);
  g_mutex_unlock (&feed->lock);
}

static void
keep (AssayBoardFeed *feed, AssayPicture *picture)
{
  AssayPicture *shown = assay_picture_to_rgb8 (picture);
  g_mutex_lock (&feed->lock);
  g_clear_pointer (&feed->newest, assay_picture_unref);
  feed->newest = shown;
  g_mutex_unlock (&feed->lock);
}

/* --- a camera ---------------------------------------------------------------------------------------------------
 */

/* The page that had it before lets go of it on another thread. */
static AssayStream *
open_patiently (AssayBoardFeed *feed, GError **error)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;
  for (;;)
    {
      g_autoptr (GError) wrong = NULL;
      g_autoptr (AssayStream) stream = assay_stream_open (ASSAY_DEVICE_CAMERA, feed->words, &wrong);
      if (stream != NULL && assay_stream_start (stream, &wrong))
        return g_steal_pointer (&stream);
      if (!g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_DEVICE) || g_get_monotonic_time () > until_us
          || is_stopped (feed))
        {
          g_propagate_error (error, g_steal_pointer (&wrong));
          return NULL;
        }
      g_usleep (AGAIN_US);
    }
}

/* A device that is closed tells nothing, and one that is away an empty object: what was heard last stays. */
static void
read_controls (AssayBoardFeed *feed, AssayStream *stream)
{
  json_t *controls = assay_stream_get_controls (stream);
  if (feed->controls != NULL && json_object_size (controls) == 0)
    {
      json_decref (controls);
      return;
    }
  json_decref (feed->controls);
  feed->controls = controls;
}

/* A cable that came loose costs no view: it is tried until it is back. FALSE: nobody waits for it any more. */
static gboolean
wait_for_return (AssayBoardFeed *feed, AssayStream *stream)
{
  gboolean back = FALSE;
  g_atomic_int_set (&feed->away, TRUE);
  assay_stream_leave (stream);
  while (!back && !is_stopped (feed))
    {
      g_usleep (AGAIN_US);
      back = assay_stream_return (stream, NULL);
    }
  g_atomic_int_set (&feed->away, FALSE);
  return back;
}

static void
watch_camera (AssayBoardFeed *feed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayStream) stream = open_patiently (feed, &error);
  if (stream == NULL)
    {
      set_trouble (feed, error->message);
      return;
    }
  read_controls (feed, stream);
  while (!is_stopped (feed))
    {
      /* Asked before the picture is fetched, so that the last one of a replay is looked at. */
      gboolean over = assay_stream_is_over (stream);
      g_autoptr (AssayPicture) picture = assay_stream_peek (stream);
      if (picture != NULL)
        {
          assay_live_calibration_offer (feed->live, picture, assay_clock_now_ns ());
          keep (feed, picture);
        }
      g_autofree char *trouble = over && picture == NULL ? assay_stream_dup_trouble (stream) : NULL;
      /* Without a trouble it is the end of a replay, which does not come back. */
      if (over && picture == NULL && (trouble == NULL || !wait_for_return (feed, stream)))
        break;
      g_usleep (LOOK_US);
    }
  read_controls (feed, stream);
}

/* --- a folder ---------------------------------------------------------------------------------------------------
 */

static void
wait_until_looked (AssayBoardFeed *feed, guint64 n)
{
  for (;;)
    {
      g_autoptr (AssayLiveState) state = assay_live_calibration_get (feed->live);
      if (state->n_looked >= n || is_stopped (feed))
        return;
      g_usleep (LOOK_US);
    }
}

/* A picture that cannot be read takes nothing from the others, and is told. */
static void
watch_folder (AssayBoardFeed *feed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) paths = assay_job_calibrate_list (feed->words, &error);
  guint64 n = 0;
  if (paths == NULL)
    set_trouble (feed, error->message);
  for (guint i = 0; paths != NULL && i < paths->len && !is_stopped (feed); i++)
    {
      g_autoptr (GError) wrong = NULL;
      g_autoptr (AssayPicture) picture = assay_picture_load (paths->pdata[i], &wrong);
      if (picture == NULL)
        {
          set_trouble (feed, wrong->message);
          continue;
        }
      /* Stamps a second apart: nothing moved between them. Shown when its corners are known. */
      assay_live_calibration_offer (feed->live, picture, (gint64) i * G_GINT64_CONSTANT (1000000000));
      wait_until_looked (feed, ++n);
      keep (feed, picture);
    }
}

static gpointer
run (gpointer data)
{
  AssayBoardFeed *feed = data;
  if (feed->is_folder)
    watch_folder (feed);
  else
    watch_camera (feed);
  g_atomic_int_set (&feed->over, TRUE);
  return NULL;
}

/* --- outside ----------------------------------------------------------------------------------------------------
 */

AssayBoardFeed *
assay_board_feed_new (const char *words, gboolean is_folder, const AssayBoard *board)
{
  AssayBoardFeed *feed = g_new0 (AssayBoardFeed, 1);
  feed->words = g_strdup (words);
  feed->is_folder = is_folder;
  feed->live = assay_live_calibration_new (board);
  g_mutex_init (&feed->lock);
  feed->thread = g_thread_new ("board-feed", run, feed);
  return feed;
}

GdkTexture *
assay_board_feed_take_texture (AssayBoardFeed *feed)
{
  g_mutex_lock (&feed->lock);
  g_autoptr (AssayPicture) picture = g_steal_pointer (&feed->newest);
  g_mutex_unlock (&feed->lock);
  return picture != NULL ? assay_texture_new (picture) : NULL;
}

AssayLiveState *
assay_board_feed_get_state (AssayBoardFeed *feed)
{
  return assay_live_calibration_get (feed->live);
}

gboolean
assay_board_feed_is_over (AssayBoardFeed *feed, char **ret_trouble)
{
  gboolean over = g_atomic_int_get (&feed->over);
  g_mutex_lock (&feed->lock);
  *ret_trouble = over ? g_strdup (feed->trouble) : NULL;
  g_mutex_unlock (&feed->lock);
  return over;
}

gboolean
assay_board_feed_is_away (AssayBoardFeed *feed)
{
  return g_atomic_int_get (&feed->away);
}

GPtrArray *
assay_board_feed_finish (AssayBoardFeed *feed, json_t **ret_controls)
{
  g_atomic_int_set (&feed->stop, TRUE);
  g_clear_pointer (&feed->thread, g_thread_join);
  *ret_controls = g_steal_pointer (&feed->controls);
  return assay_live_calibration_take (feed->live);
}

void
assay_board_feed_free (AssayBoardFeed *feed)
{
  if (feed == NULL)
    return;
  g_atomic_int_set (&feed->stop, TRUE);
  g_clear_pointer (&feed->thread, g_thread_join);
  assay_live_calibration_free (feed->live);
  json_decref (feed->controls);
  g_clear_pointer (&feed->newest, assay_picture_unref);
  g_mutex_clear (&feed->lock);
  g_free (feed->trouble);
  g_free (feed->words);
  g_free (feed);
}
