/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/colour.h"
#include "capture/recorder-private.h"
#include "core/error.h"
#include "core/json.h"

#include <math.h>
#include <string.h>

#define NS_PER_S G_GINT64_CONSTANT (1000000000)
#define TAIL_NS NS_PER_S        /* past the end, a silent device is waited for no longer than this */
#define START_NS (5 * NS_PER_S) /* and at the start no longer than this */

static Note *
note_new (Lane *lane, gint64 stamp_ns)
{
  Note *note = g_new0 (Note, 1);
  note->lane = lane;
  note->stamp_ns = stamp_ns;
  note->line = json_pack ("{s:i}", "stream", (int) lane->index);
  return note;
}

static json_t *
describe_frame (const AssayFrame *frame)
{
  return json_pack ("{s:I, s:I, s:I, s:I, s:I}", "sequence", (json_int_t) frame->sequence, "stamp_ns",
                    (json_int_t) frame->stamp_ns, "arrived_ns", (json_int_t) frame->arrived_ns, "raw_flags",
                    (json_int_t) frame->raw_flags, "flags", (json_int_t) frame->flags);
}

static void
put_gap (Lane *lane, const AssayGap *gap)
{
  g_array_append_val (lane->gaps, *gap);
  Note *note = note_new (lane, gap->at_ns);
  note->n_missing = gap->missing;
  json_object_set_new (note->line, "gap",
                       json_pack ("{s:I, s:I, s:s}", "at_ns", (json_int_t) gap->at_ns, "missing",
                                  (json_int_t) gap->missing, "how", assay_gap_how_to_text (gap->how)));
  assay_recorder_put (lane->recorder, note);
}

/* --- a camera
 * ----------------------------------------------------------------------------------------------------- */

/* Kept apart: told in the index and counted, but no item. */
static void
put_corrupt (Lane *lane, const AssayFrame *frame, const char *why)
{
  lane->corrupt++;
  Note *note = note_new (lane, frame->stamp_ns);
  json_object_set_new (note->line, "frame", describe_frame (frame));
  json_object_set_new (note->line, "corrupt", json_string (why));
  assay_recorder_put (lane->recorder, note);
}

/* The settings as they are now, read back at most once a second: some cameras take milliseconds to tell one. */
static json_t *
read_controls (Lane *lane)
{
  gint64 now = assay_clock_now_ns ();
  if (lane->controls != NULL && now - lane->controls_ns < NS_PER_S)
    return lane->controls;
  json_decref (lane->controls);
  lane->controls = assay_stream_get_controls (lane->stream);
  lane->controls_ns = now;
  return lane->controls;
}

static GBytes *
encode (Lane *lane, const AssayFrame *frame, GError **error)
{
  const AssayStreamFormat *format = assay_stream_get_format (lane->stream);
  if (assay_colour_is_jpeg (format->pixels.fourcc))
    return g_bytes_new (frame->data, frame->n_bytes);
  g_autoptr (AssayPicture) picture = assay_colour_convert (&format->pixels, frame->data, frame->n_bytes, error);
  return picture != NULL ? assay_picture_encode_png (picture, error) : NULL;
}

/* The keeper gets copies of settings and conditions: JSON is not shared between threads. */
static void
put_still (Lane *lane, const AssayFrame *frame, GBytes *take_still, gint64 moment)
{
  AssayRecorder *recorder = lane->recorder;
  const AssayStreamFormat *format = assay_stream_get_format (lane->stream);
  char fourcc[ASSAY_FOURCC_TEXT_SIZE];
  Note *note = note_new (lane, frame->stamp_ns);
  note->still = take_still;
  note->position = lane->stills++;
  json_object_set_new (note->line, "frame", describe_frame (frame));
  if (moment >= 0)
    {
      guint8 key[sizeof recorder->session.bytes + sizeof moment];
      gint64 number = GINT64_TO_BE (moment);
      memcpy (key, recorder->session.bytes, sizeof recorder->session.bytes);
      memcpy (key + sizeof recorder->session.bytes, &number, sizeof number);
      note->moment = assay_id_derive ("moment", key, sizeof key);
    }
  json_t *capture = describe_frame (frame);
  json_object_set_new (capture, "format", json_string (assay_fourcc_to_text (format->pixels.fourcc, fourcc)));
  json_object_set_new (capture, "controls", json_deep_copy (read_controls (lane)));
  note->facts = json_pack ("{s:o, s:o}", "capture", capture, "conditions", json_deep_copy (recorder->conditions));
  assay_recorder_put (recorder, note);
}

/* TRUE when the lane has what it was asked for. */
static gboolean
write_frame (Lane *lane, const AssayFrame *frame)
{
  AssayRecorder *recorder = lane->recorder;
  AssayGap gap;
  gint64 moment;
  if (assay_frame_watch_look (&lane->frame_watch, frame->sequence, frame->stamp_ns, &gap))
    put_gap (lane, &gap);
  if (frame->flags != 0)
    {
      put_corrupt (lane, frame,
                   frame->flags & ASSAY_FRAME_ERROR ? "the device flagged an error" : "it has too few bytes");
      return FALSE;
    }
  if (!assay_recorder_choose (recorder, lane, frame, &moment))
    return FALSE;
  g_autoptr (GError) error = NULL;
  GBytes *still = encode (lane, frame, &error);
  if (still != NULL)
    put_still (lane, frame, still, moment);
  else
    put_corrupt (lane, frame, error->message);
  return recorder->frames > 0 && lane->stills >= recorder->frames;
}

/* --- a microphone
 * -------------------------------------------------------------------------------------------------- */

static void
put_anchor (Lane *lane, const AssayFrame *frame, guint64 written)
{
  Note *note = note_new (lane, frame->stamp_ns);
  json_object_set_new (note->line, "anchor",
                       json_pack ("{s:I, s:I, s:I}", "written", (json_int_t) written, "sample",
                                  (json_int_t) frame->sequence, "stamp_ns", (json_int_t) frame->stamp_ns));
  assay_recorder_put (lane->recorder, note);
}

static gboolean
open_sound (Lane *lane, gint64 first_ns, GError **error)
{
  const AssayRecorder *recorder = lane->recorder;
  const AssayStreamFormat *format = assay_stream_get_format (lane->stream);
  g_autofree char *name = g_strconcat (lane->key, ".wav", NULL);
  lane->sound_path = g_build_filename (recorder->directory, name, NULL);
  lane->sound = assay_sound_writer_new (lane->sound_path, format->rate_hz, format->channels, error);
  return lane->sound != NULL
         && assay_sound_writer_set_origin (lane->sound, assay_clock_to_realtime_ns (&recorder->began, first_ns),
                                           assay_stream_get_id (lane->stream), recorder->sequence, error);
}

static gboolean
write_block (Lane *lane, const AssayFrame *frame)
{
  const AssayStreamFormat *format = assay_stream_get_format (lane->stream);
  AssayGap gap;
  GError *error = NULL;
  gint64 n = frame->n_samples;
  if (assay_sound_watch_look (&lane->sound_watch, format->rate_hz, frame->sequence, frame->n_samples,
                              frame->stamp_ns, (frame->flags & ASSAY_FRAME_AFTER_LOSS) != 0, &gap))
    put_gap (lane, &gap);
  gint64 wanted = (gint64) llround (lane->recorder->duration_s * format->rate_hz);
  if (wanted > 0)
    n = MIN (n, wanted - (gint64) lane->samples);
  if ((lane->sound == NULL && !open_sound (lane, frame->stamp_ns, &error))
      || !assay_sound_writer_add (lane->sound, (const float *) (gconstpointer) frame->data, n, &error))
    {
      assay_recorder_fail (lane->recorder, error);
      return TRUE;
    }
  guint64 before = lane->samples;
  lane->samples += (guint64) n;
  if (lane->flushed_ns == 0 || frame->arrived_ns - lane->flushed_ns >= NS_PER_S)
    {
      put_anchor (lane, frame, before);
      lane->flushed_ns = frame->arrived_ns;
      if (!assay_sound_writer_flush (lane->sound, &error))
        {
          assay_recorder_fail (lane->recorder, error);
          return TRUE;
        }
      atomic_store (&lane->kept, lane->samples);
    }
  return wanted > 0 && lane->samples >= (guint64) wanted;
}

/* The closed file goes to the keeper, who moves it into media/. */
static void
close_sound (Lane *lane)
{
  AssayRecorder *recorder = lane->recorder;
  GError *error = NULL;
  if (lane->sound == NULL)
    return;
  if (!assay_sound_writer_close (g_steal_pointer (&lane->sound), &error))
    {
      assay_recorder_fail (recorder, error);
      return;
    }
  Note *note = note_new (lane, lane->first_ns);
  note->sound_path = g_steal_pointer (&lane->sound_path);
  note->facts
      = json_pack ("{s:{s:I, s:I}, s:o}", "capture", "stamp_ns", (json_int_t) lane->first_ns, "missing",
                   (json_int_t) atomic_load (&lane->missing), "conditions", json_deep_copy (recorder->conditions));
  json_object_set_new (note->line, "samples", json_integer ((json_int_t) lane->samples));
  assay_recorder_put (recorder, note);
}

/* --- the loop
 * ------------------------------------------------------------------------------------------------------ */

/* What was captured before the stop is still written. A frame stands for the period that it begins, so 1 s at 30
 * fps is 30. */
static gboolean
is_too_late (const Lane *lane, const AssayFrame *frame)
{
  const AssayRecorder *recorder = lane->recorder;
  if (atomic_load (&recorder->stopping) && frame->arrived_ns > atomic_load (&recorder->stop_ns))
    return TRUE;
  if (recorder->duration_s <= 0 || frame->n_samples > 0 || lane->received == 0)
    return FALSE;
  double fps = assay_stream_get_format (lane->stream)->fps;
  double since_s = (double) (frame->stamp_ns - lane->first_ns) / 1e9;
  return since_s + (fps > 0 ? 0.5 / fps : 0) >= recorder->duration_s;
}

/* By the clock on the wall, for a device that has fallen silent, or never began. */
static gboolean
is_time_up (const Lane *lane)
{
  const AssayRecorder *recorder = lane->recorder;
  gint64 from_ns = lane->received > 0 ? lane->first_ns : recorder->began.monotonic_ns + START_NS;
  gint64 length_ns = (gint64) (recorder->duration_s * 1e9);
  return atomic_load (&recorder->stopping)
         || (length_ns > 0 && assay_clock_now_ns () - from_ns > length_ns + TAIL_NS);
}

static gboolean
write_next (Lane *lane, const AssayFrame *frame)
{
  if (lane->received++ == 0)
    lane->first_ns = frame->stamp_ns;
  lane->last_ns = frame->stamp_ns;
  return frame->n_samples > 0 ? write_block (lane, frame) : write_frame (lane, frame);
}

/* With a number of stills asked for, microphones end when the cameras have theirs. */
static void
end_with_cameras (AssayRecorder *recorder)
{
  if (recorder->frames == 0)
    return;
  for (guint i = 0; i < recorder->n_cameras; i++)
    if (!atomic_load (&((Lane *) recorder->lanes->pdata[i])->over))
      return;
  assay_recorder_stop (recorder);
}

gpointer
assay_lane_run (gpointer data)
{
  Lane *lane = data;
  gboolean enough = FALSE;
  while (!enough)
    {
      const AssayFrame *frame = assay_stream_wait (lane->stream, 100);
      if (frame == NULL)
        {
          enough = assay_stream_is_over (lane->stream) || is_time_up (lane);
          continue;
        }
      enough = is_too_late (lane, frame) || write_next (lane, frame);
      assay_stream_done (lane->stream);
    }
  assay_stream_set_taken (lane->stream, FALSE);
  lane->trouble = assay_stream_dup_trouble (lane->stream);
  if (assay_stream_get_kind (lane->stream) == ASSAY_DEVICE_MICROPHONE)
    close_sound (lane);
  AssayGap gap;
  const AssayStreamFormat *format = assay_stream_get_format (lane->stream);
  if (format->pixels.fourcc != 0 ? assay_frame_watch_end (&lane->frame_watch, &gap)
                          : assay_sound_watch_end (&lane->sound_watch, format->rate_hz, &gap))
    put_gap (lane, &gap);
  atomic_store (&lane->over, TRUE);
  end_with_cameras (lane->recorder);
  return NULL;
}
