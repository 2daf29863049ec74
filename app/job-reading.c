/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-reading.h"

#include "app/reading-session.h"
#include "capture/gap.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/json.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

#define PRE_ROLL_S 0.5
#define TAIL_S 0.5 /* word ends are not cut by a hasty key */
#define LONGEST_S 300.0
#define WAIT_MS 50

struct _AssayReading
{
  AssayStream *stream; /* borrowed, like the prompts */
  GPtrArray *prompts;
  AssayStreamFormat format;
  GThread *thread;
  /* Guarded by the lock: what faces ask for and see. */
  pthread_mutex_t lock; /* not GMutex: the thread sanitizer knows this one */
  AssayReadingStatus status;
  AssayReadingCommand command; /* 0 = none */
  gboolean ending;
  /* The thread's own; the session is the caller's before the thread and after it. */
  ReadingSession session;
  float *pre_roll; /* a ring of samples, all channels */
  gsize n_ring, ring_at, n_heard;
  AssaySoundWriter *writer; /* of the take that runs */
  gint64 n_taken, n_left, flushed, first_ns;
  AssaySoundWatch watch;
  json_t *told; /* of the take that is checked */
  json_t *items;
};

void
assay_reading_status_clear (AssayReadingStatus *status)
{
  g_clear_pointer (&status->take_path, g_free);
  g_clear_pointer (&status->trouble, g_free);
}

/* --- what faces do -----------------------------------------------------------------------------------------------
 */

static gboolean
allows (AssayReadingState state, AssayReadingCommand command)
{
  switch (command)
    {
    case ASSAY_READING_RECORD:
    case ASSAY_READING_SKIP:
      return state == ASSAY_READING_READY || state == ASSAY_READING_CHECKED;
    case ASSAY_READING_STOP:
      return state == ASSAY_READING_RECORDING;
    case ASSAY_READING_ACCEPT:
      return state == ASSAY_READING_CHECKED;
    default:
      return FALSE;
    }
}

gboolean
assay_reading_do (AssayReading *reading, AssayReadingCommand command)
{
  pthread_mutex_lock (&reading->lock);
  gboolean taken = reading->command == 0 && allows (reading->status.state, command);
  if (taken)
    {
      reading->command = command;
      reading->status.busy = TRUE;
    }
  pthread_mutex_unlock (&reading->lock);
  return taken;
}

void
assay_reading_get_status (AssayReading *reading, AssayReadingStatus *ret_status)
{
  pthread_mutex_lock (&reading->lock);
  *ret_status = reading->status;
  ret_status->take_path = g_strdup (reading->status.take_path);
  ret_status->trouble = g_strdup (reading->status.trouble);
  pthread_mutex_unlock (&reading->lock);
}

json_t *
assay_reading_status_to_json (const AssayReadingStatus *status)
{
  json_t *told = assay_take_check_to_json (&status->check);
  json_object_set_new (told, "missing", json_integer ((json_int_t) status->missing));
  if (status->missing == 0)
    return told;
  json_object_set_new (told, "fit", json_false ());
  g_autofree char *why = g_strdup_printf ("the device lost %" G_GUINT64_FORMAT
                                          " samples of it; close other programs and read it again",
                                          status->missing);
  json_array_append_new (json_object_get (told, "faults"), json_pack ("{s:s, s:s}", "check", "lost", "why", why));
  return told;
}

/* --- the thread --------------------------------------------------------------------------------------------------
 */

static void
set_state (AssayReading *reading, AssayReadingState state)
{
  pthread_mutex_lock (&reading->lock);
  reading->status.state = state;
  pthread_mutex_unlock (&reading->lock);
}

static void
fail (AssayReading *reading, const char *trouble)
{
  g_clear_pointer (&reading->writer, assay_sound_writer_free);
  pthread_mutex_lock (&reading->lock);
  reading->status.state = ASSAY_READING_FAILED;
  reading->status.busy = FALSE;
  g_free (reading->status.trouble);
  reading->status.trouble = g_strdup (trouble);
  pthread_mutex_unlock (&reading->lock);
}

static void
go_to (AssayReading *reading, guint position)
{
  pthread_mutex_lock (&reading->lock);
  AssayReadingStatus *status = &reading->status;
  gboolean over = position >= reading->prompts->len;
  status->position = position;
  status->prompt = over ? NULL : reading->prompts->pdata[position];
  status->n_takes = 0;
  status->seconds = 0;
  status->missing = 0;
  status->check = (AssayTakeCheck){ 0 };
  g_clear_pointer (&status->take_path, g_free);
  status->state = over ? ASSAY_READING_OVER : ASSAY_READING_READY;
  pthread_mutex_unlock (&reading->lock);
}

static void
remember (AssayReading *reading, const float *samples, gsize n_samples)
{
  guint channels = reading->format.channels;
  for (gsize i = 0; i < n_samples; i++)
    {
      memcpy (reading->pre_roll + reading->ring_at * channels, samples + i * channels, sizeof (float) * channels);
      reading->ring_at = (reading->ring_at + 1) % reading->n_ring;
    }
  reading->n_heard += n_samples;
}

static gboolean
add (AssayReading *reading, const float *samples, gint64 n_samples, GError **error)
{
  if (!assay_sound_writer_add (reading->writer, samples, n_samples, error))
    return FALSE;
  reading->n_taken += n_samples;
  if (reading->n_taken - reading->flushed >= reading->format.rate_hz)
    {
      if (!assay_sound_writer_flush (reading->writer, error))
        return FALSE;
      reading->flushed = reading->n_taken;
    }
  pthread_mutex_lock (&reading->lock);
  reading->status.seconds = (double) reading->n_taken / reading->format.rate_hz;
  pthread_mutex_unlock (&reading->lock);
  return TRUE;
}

static gboolean
add_pre_roll (AssayReading *reading, GError **error)
{
  gsize n = MIN (reading->n_heard, reading->n_ring),
        start = (reading->ring_at + reading->n_ring - n) % reading->n_ring;
  gsize first = MIN (n, reading->n_ring - start);
  guint channels = reading->format.channels;
  return add (reading, reading->pre_roll + start * channels, (gint64) first, error)
         && add (reading, reading->pre_roll, (gint64) (n - first), error);
}

/* `frame` is the first block after the key. */
static gboolean
begin_take (AssayReading *reading, const AssayFrame *frame, GError **error)
{
  const AssayStreamFormat *format = &reading->format;
  gsize n_pre = MIN (reading->n_heard, reading->n_ring);
  g_autofree char *path = reading_session_next_path (&reading->session);
  reading->first_ns = frame->stamp_ns - (gint64) ((double) n_pre / format->rate_hz * 1e9);
  reading->n_taken = reading->flushed = 0;
  g_clear_pointer (&reading->told, json_decref);
  reading->writer = assay_sound_writer_new (path, format->rate_hz, format->channels, error);
  if (reading->writer == NULL)
    return FALSE;
  pthread_mutex_lock (&reading->lock);
  const AssayPrompt *prompt = reading->status.prompt;
  reading->status.n_takes++;
  reading->status.seconds = 0;
  reading->status.missing = 0;
  reading->status.check = (AssayTakeCheck){ 0 };
  g_free (reading->status.take_path);
  reading->status.take_path = g_strdup (path);
  reading->status.state = ASSAY_READING_RECORDING;
  pthread_mutex_unlock (&reading->lock);
  return assay_sound_writer_set_origin (reading->writer,
                                        reading_session_to_realtime_ns (&reading->session, reading->first_ns),
                                        assay_stream_get_id (reading->stream), prompt->id, error)
         && add_pre_roll (reading, error);
}

static gboolean
end_take (AssayReading *reading, GError **error)
{
  AssayTakeCheck check;
  g_auto (AssayReadingStatus) status = { 0 };
  assay_reading_get_status (reading, &status);
  if (!assay_sound_writer_close (g_steal_pointer (&reading->writer), error))
    return FALSE;
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (status.take_path, error);
  if (reader == NULL || !assay_take_check (reader, 0, reading->n_taken, &check, error))
    return FALSE;
  status.check = check;
  reading->told = assay_reading_status_to_json (&status);
  pthread_mutex_lock (&reading->lock);
  reading->status.check = check;
  reading->status.state = ASSAY_READING_CHECKED;
  pthread_mutex_unlock (&reading->lock);
  return TRUE;
}

/* What a checked take was: accepted it becomes an item, else the index tells of it. */
static gboolean
settle (AssayReading *reading, gboolean accepted, GError **error)
{
  g_auto (AssayReadingStatus) status = { 0 };
  assay_reading_get_status (reading, &status);
  if (reading->told == NULL)
    return TRUE;
  const ReadingTake take = { status.take_path, status.prompt, status.n_takes, reading->first_ns,
                             status.missing,   &status.check, reading->told };
  if (!accepted)
    return reading_session_leave (&reading->session, &take, error);
  json_t *item = NULL;
  if (!reading_session_keep (&reading->session, &take, &item, error))
    return FALSE;
  json_object_update_new (item, json_pack ("{s:s, s:i, s:O}", "prompt", status.prompt->id, "takes",
                                           (int) status.n_takes, "check", reading->told));
  json_array_append_new (reading->items, item);
  return TRUE;
}

static gboolean
leave_prompt (AssayReading *reading, gboolean accepted, GError **error)
{
  set_state (reading, ASSAY_READING_SAVING);
  if (!settle (reading, accepted, error))
    return FALSE;
  g_clear_pointer (&reading->told, json_decref);
  pthread_mutex_lock (&reading->lock);
  guint next = reading->status.position + 1;
  reading->status.n_accepted += accepted;
  reading->status.n_skipped += !accepted;
  pthread_mutex_unlock (&reading->lock);
  go_to (reading, next);
  return TRUE;
}

/* Where the take ends: the tail counts from the key, not from when we saw it. */
static void
begin_tail (AssayReading *reading)
{
  reading->n_left = (gint64) (TAIL_S * reading->format.rate_hz);
  set_state (reading, ASSAY_READING_ENDING);
}

static gboolean
obey (AssayReading *reading, AssayReadingCommand command, const AssayFrame *frame, GError **error)
{
  switch (command)
    {
    case ASSAY_READING_RECORD:
      return settle (reading, FALSE, error) && begin_take (reading, frame, error);
    case ASSAY_READING_STOP:
      begin_tail (reading);
      return TRUE;
    case ASSAY_READING_ACCEPT:
      return leave_prompt (reading, TRUE, error);
    case ASSAY_READING_SKIP:
      return leave_prompt (reading, FALSE, error);
    default:
      return TRUE;
    }
}

static gboolean
take_block (AssayReading *reading, const AssayFrame *frame, GError **error)
{
  const float *samples = (const float *) (gconstpointer) frame->data;
  AssayGap gap;
  gboolean lost
      = assay_sound_watch_look (&reading->watch, reading->format.rate_hz, frame->sequence, frame->n_samples,
                                frame->stamp_ns, (frame->flags & ASSAY_FRAME_AFTER_LOSS) != 0, &gap);
  gint64 n = frame->n_samples;
  if (reading->writer != NULL)
    {
      pthread_mutex_lock (&reading->lock);
      reading->status.missing += lost ? gap.missing : 0;
      gboolean tail = reading->status.state == ASSAY_READING_ENDING;
      pthread_mutex_unlock (&reading->lock);
      n = tail ? MIN (n, reading->n_left) : n;
      if (!add (reading, samples, n, error))
        return FALSE;
      reading->n_left -= tail ? n : 0;
      if (tail && reading->n_left <= 0 && !end_take (reading, error))
        return FALSE;
      if (!tail && reading->n_taken > LONGEST_S * reading->format.rate_hz)
        begin_tail (reading); /* forgotten */
    }
  remember (reading, samples, frame->n_samples);
  return TRUE;
}

static gboolean
take_frame (AssayReading *reading, const AssayFrame *frame, GError **error)
{
  pthread_mutex_lock (&reading->lock);
  AssayReadingCommand command = reading->command;
  pthread_mutex_unlock (&reading->lock);
  gboolean good = obey (reading, command, frame, error);
  pthread_mutex_lock (&reading->lock);
  if (command != 0)
    {
      reading->command = 0;
      reading->status.busy = FALSE;
    }
  pthread_mutex_unlock (&reading->lock);
  return good && take_block (reading, frame, error);
}

static gboolean
is_ending (AssayReading *reading)
{
  pthread_mutex_lock (&reading->lock);
  gboolean ending = reading->ending || reading->status.state == ASSAY_READING_FAILED;
  pthread_mutex_unlock (&reading->lock);
  return ending;
}

static gpointer
run (gpointer data)
{
  AssayReading *reading = data;
  while (!is_ending (reading))
    {
      const AssayFrame *frame = assay_stream_wait (reading->stream, WAIT_MS);
      g_autoptr (GError) error = NULL;
      if (frame != NULL)
        {
          if (!take_frame (reading, frame, &error))
            fail (reading, error->message);
          assay_stream_done (reading->stream);
        }
      else if (assay_stream_is_over (reading->stream))
        {
          g_autofree char *trouble = assay_stream_dup_trouble (reading->stream);
          g_autofree char *whole = g_strconcat (trouble != NULL ? trouble : "reading: the microphone has come to its end;",
                                                trouble != NULL ? " and start again" : " start again", NULL);
          fail (reading, whole);
        }
    }
  return NULL;
}

/* --- beginning and end -------------------------------------------------------------------------------------------
 */

AssayReading *
assay_reading_start (const char *project_directory, AssayStream *stream, GPtrArray *prompts,
                     const AssayReadingPlan *plan, GError **error)
{
  g_autoptr (AssayReading) reading = g_new0 (AssayReading, 1);
  pthread_mutex_init (&reading->lock, NULL);
  reading->stream = stream;
  reading->prompts = prompts;
  reading->format = *assay_stream_get_format (stream);
  reading->items = json_array ();
  reading->n_ring = (gsize) MAX (PRE_ROLL_S * reading->format.rate_hz, 1);
  reading->pre_roll = g_new0 (float, reading->n_ring *MAX (reading->format.channels, 1));
  reading->status.n_prompts = prompts->len;
  reading->session.index_fd = reading->session.lock_fd = -1;
  go_to (reading, 0);
  while (assay_stream_wait (stream, 0) != NULL)
    assay_stream_done (stream); /* of something earlier */
  assay_stream_set_taken (stream, TRUE);
  if (!assay_stream_start (stream, error)
      || !reading_session_begin (&reading->session, project_directory, stream, prompts->len, plan, error))
    return NULL;
  reading->thread = g_thread_new ("reading", run, reading);
  return g_steal_pointer (&reading);
}

static void
join (AssayReading *reading)
{
  pthread_mutex_lock (&reading->lock);
  reading->ending = TRUE;
  pthread_mutex_unlock (&reading->lock);
  if (reading->thread != NULL)
    g_thread_join (g_steal_pointer (&reading->thread));
  assay_stream_set_taken (reading->stream, FALSE);
}

json_t *
assay_reading_finish (AssayReading *reading, char **ret_trouble, GError **error)
{
  join (reading);
  g_autoptr (GError) wrong = NULL;
  if (reading->writer != NULL && !assay_sound_writer_close (g_steal_pointer (&reading->writer), &wrong))
    fail (reading, wrong->message);
  if (!settle (reading, FALSE, error))
    return NULL;
  g_auto (AssayReadingStatus) status = { 0 };
  assay_reading_get_status (reading, &status);
  g_autoptr (json_t) report
      = json_pack ("{s:o, s:O, s:O, s:i, s:i, s:i, s:O}", "session", assay_json_id (&reading->session.id), "name",
                   json_object_get (reading->session.info, "name"), "sensors",
                   json_object_get (reading->session.info, "sensors"), "prompts", (int) status.n_prompts,
                   "accepted", (int) status.n_accepted, "skipped", (int) status.n_skipped, "items", reading->items);
  if (!reading_session_end (&reading->session, report, error))
    return NULL;
  *ret_trouble = g_steal_pointer (&status.trouble);
  return g_steal_pointer (&report);
}

void
assay_reading_free (AssayReading *reading)
{
  if (reading == NULL)
    return;
  join (reading);
  assay_sound_writer_free (reading->writer);
  reading_session_clear (&reading->session);
  assay_reading_status_clear (&reading->status);
  json_decref (reading->told);
  json_decref (reading->items);
  pthread_mutex_destroy (&reading->lock);
  g_free (reading->pre_roll);
  g_free (reading);
}
