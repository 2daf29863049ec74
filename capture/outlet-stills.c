/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames that were chosen, one file each: JPEG byte for byte, anything else as PNG. Where stills are taken when asked
 * for, the last seconds of frames may be kept in memory, for what somebody or something asks for has begun already. */
#include "capture/recorder-private.h"

#include "core/json.h"

#define PAST_MOST_BYTES ((gsize) 512 << 20) /* of all cameras together */

typedef struct
{
  AssayFrame frame;
  GBytes *bytes;
  json_t *facts; /* as they were when it was taken: settings and format may be others by the time of the trigger */
  AssayPixelFormat pixels;
} Past;

typedef struct
{
  GQueue past; /* of Past, the oldest first */
  gsize bytes;
  gboolean was_short; /* they did not all fit */
  guint64 n_asked;    /* stills that were taken, without those from before */
} Stills;

static void
past_free (gpointer data)
{
  Past *past = data;
  g_bytes_unref (past->bytes);
  json_decref (past->facts);
  g_free (past);
}

static void
begin (Lane *lane)
{
  Stills *stills = lane->out = g_new0 (Stills, 1);
  g_queue_init (&stills->past);
}

static Past *
past_new (Lane *lane, const AssayFrame *frame)
{
  Past *past = g_new0 (Past, 1);
  past->frame = *frame;
  past->frame.data = NULL;
  past->bytes = g_bytes_new (frame->data, frame->n_bytes);
  past->facts = assay_lane_make_frame_facts (lane, frame);
  past->pixels = assay_stream_get_format (lane->stream)->pixels;
  return past;
}

/* To the encoders; `before` the take that has begun. */
static void
put_still (Lane *lane, Past *take_past, const AssayId *moment, gboolean before)
{
  Note *note = assay_lane_note (lane);
  json_t *facts = g_steal_pointer (&take_past->facts), *capture = json_object_get (facts, "capture");
  note->still = g_bytes_ref (take_past->bytes);
  note->raw = TRUE;
  note->pixels = take_past->pixels;
  if (lane->burst_by != NULL)
    json_object_set_new (capture, "trigger", json_string (lane->burst_by));
  if (before)
    json_object_set_new (capture, "before_ns", json_integer (lane->burst_ns - take_past->frame.stamp_ns));
  json_object_set_new (note->line, "frame", assay_frame_describe (&take_past->frame));
  json_object_set_new (note->line, "position", json_integer ((json_int_t) lane->taken++));
  json_object_set_new (note->line, "facts", facts);
  if (!assay_id_is_nil (moment))
    json_object_set_new (note->line, "moment", assay_json_id (moment));
  past_free (take_past);
  assay_recorder_put (lane->recorder, note);
}

static void
forget_oldest (Stills *stills)
{
  Past *past = g_queue_pop_head (&stills->past);
  stills->bytes -= g_bytes_get_size (past->bytes);
  past_free (past);
}

static void
remember (Lane *lane, const AssayFrame *frame)
{
  Stills *stills = lane->out;
  const AssayRecorder *recorder = lane->recorder;
  if (!recorder->on_demand || recorder->pre_roll_s <= 0)
    return;
  g_queue_push_tail (&stills->past, past_new (lane, frame));
  stills->bytes += frame->n_bytes;
  gint64 from_ns = frame->stamp_ns - (gint64) (recorder->pre_roll_s * 1e9);
  gsize most = PAST_MOST_BYTES / recorder->n_cameras;
  for (const Past *oldest; stills->past.length > 1 && (oldest = g_queue_peek_head (&stills->past)) != NULL;)
    {
      gboolean too_many = stills->bytes > most;
      if (!too_many && oldest->frame.stamp_ns >= from_ns)
        break;
      stills->was_short |= too_many && oldest->frame.stamp_ns >= from_ns;
      forget_oldest (stills);
    }
}

/* What came before the take that has just begun. */
static void
put_past (Lane *lane)
{
  Stills *stills = lane->out;
  gint64 from_ns = lane->burst_ns - (gint64) (lane->recorder->pre_roll_s * 1e9);
  Past *past;
  while ((past = g_queue_pop_head (&stills->past)) != NULL)
    {
      stills->bytes -= g_bytes_get_size (past->bytes);
      if (past->frame.stamp_ns < from_ns)
        {
          past_free (past);
          continue;
        }
      AssayId moment = assay_recorder_moment_before (lane->recorder, lane, past->frame.stamp_ns);
      put_still (lane, past, &moment, TRUE);
    }
}

static gboolean
take (Lane *lane, const AssayFrame *frame, GError **error)
{
  AssayRecorder *recorder = lane->recorder;
  AssayId moment;
  if (!assay_recorder_choose (recorder, lane, frame, &moment))
    {
      remember (lane, frame);
      return TRUE;
    }
  put_past (lane);
  put_still (lane, past_new (lane, frame), &moment, FALSE);
  lane->enough = recorder->frames > 0 && ++((Stills *) lane->out)->n_asked >= recorder->frames;
  return TRUE;
}

static void
end (Lane *lane)
{
  Stills *stills = lane->out;
  lane->past_was_short = stills->was_short;
  g_queue_clear_full (&stills->past, past_free);
  g_clear_pointer (&lane->out, g_free);
}

const AssayOutlet assay_outlet_stills = { .begin = begin, .take = take, .end = end };
