/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of sound into one WAV, good to the last second; each second an anchor ties its samples to the clock. */
#include "capture/recorder-private.h"
#include "capture/session-items.h"

#include "core/json.h"
#include "core/level-meter.h"
#include "core/sound.h"

#include <math.h>

#define RECENT 2048    /* blocks: longer than it takes to see that time has passed without samples */
#define MOST_GAPS 4096 /* of a file, of which the item says where they are; all are in the index */

/* Where a block lies in the file. */
typedef struct
{
  gint64 stamp_ns;
  guint64 written;
} Place;

typedef struct
{
  AssaySoundWriter *writer; /* NULL = no file is open */
  Reel *segment;
  AssayLevelMeter *meter; /* of the file */
  guint64 first_sample;   /* of the file, on the lane's clock line */
  guint64 missing;        /* lost inside the file */
  guint64 told;           /* samples of the file that the keeper has brought, or brings, to the disk */
  json_t *gaps;           /* of these, where: [{at, missing, how}] */
  Place recent[RECENT];   /* blocks of the file, the last ones */
  guint64 n_blocks;
  gint64 anchored_ns;
} Sound;

static void
begin (Lane *lane)
{
  lane->out = g_new0 (Sound, 1);
}

static gboolean
open_file (Lane *lane, const AssayFrame *frame, GError **error)
{
  Sound *sound = lane->out;
  const AssayStreamFormat *format = assay_stream_get_format (lane->stream);
  Reel *segment = assay_reel_new (lane, "wav");
  segment->facts.kind = ASSAY_MEDIA_SOUND;
  segment->facts.rate_hz = format->rate_hz;
  segment->facts.channels = format->channels;
  segment->first_ns = frame->stamp_ns;
  sound->segment = segment;
  sound->first_sample = frame->sequence + lane->uncounted;
  sound->missing = sound->n_blocks = sound->told = 0;
  json_decref (sound->gaps);
  sound->gaps = json_array ();
  assay_level_meter_free (sound->meter);
  sound->meter = assay_level_meter_new (format->rate_hz, format->channels);
  sound->writer = assay_sound_writer_new (segment->path, format->rate_hz, format->channels, error);
  g_autofree char *sequence = assay_session_dup_sequence (lane->recorder->info, &lane->recorder->session);
  return sound->writer != NULL
         && assay_sound_writer_set_origin (sound->writer,
                                           assay_clock_to_realtime_ns (&lane->recorder->began, frame->stamp_ns),
                                           assay_stream_get_id (lane->stream), sequence, error);
}

/* Where the first block lies that was stamped at or after `at_ns`; of a gap that was found just now, the end. */
static guint64
find_place (const Sound *sound, gint64 at_ns)
{
  guint64 oldest = sound->n_blocks > RECENT ? sound->n_blocks - RECENT : 0, place = sound->segment->n;
  for (guint64 i = sound->n_blocks; i > oldest && sound->recent[(i - 1) % RECENT].stamp_ns >= at_ns; i--)
    place = sound->recent[(i - 1) % RECENT].written;
  return place;
}

static void
place_gap (Lane *lane, const AssayGap *gap, json_t *told)
{
  Sound *sound = lane->out;
  if (sound->writer == NULL || gap->how == ASSAY_GAP_UNPLUGGED)
    return; /* between two files */
  json_int_t written = (json_int_t) find_place (sound, gap->at_ns);
  sound->missing += gap->missing;
  json_object_set_new (told, "file", json_string (sound->segment->file));
  json_object_set_new (told, "written", json_integer (written));
  if (json_array_size (sound->gaps) < MOST_GAPS)
    json_array_append_new (sound->gaps,
                           json_pack ("{s:I, s:I, s:s}", "at", written, "missing", (json_int_t) gap->missing, "how",
                                      assay_gap_how_to_text (gap->how)));
}

static void
put_anchor (Lane *lane, const AssayFrame *frame, guint64 written)
{
  Sound *sound = lane->out;
  Note *note = assay_lane_note (lane);
  json_object_set_new (note->line, "anchor",
                       json_pack ("{s:s, s:I, s:I, s:I}", "file", sound->segment->file, "written",
                                  (json_int_t) written, "sample", (json_int_t) frame->sequence, "stamp_ns",
                                  (json_int_t) frame->stamp_ns));
  assay_recorder_put (lane->recorder, note);
  sound->anchored_ns = frame->arrived_ns;
}

static gboolean
take (Lane *lane, const AssayFrame *frame, GError **error)
{
  Sound *sound = lane->out;
  const AssayStreamFormat *format = assay_stream_get_format (lane->stream);
  gint64 n = frame->n_samples;
  gint64 wanted = (gint64) llround (lane->recorder->duration_s * format->rate_hz);
  if (wanted > 0)
    wanted += llround ((double) lane->pre_ns * format->rate_hz / 1e9);
  if (wanted > 0)
    n = CLAMP (wanted - (gint64) (lane->taken + lane->n_away), 0, n);
  if (sound->writer == NULL && !open_file (lane, frame, error))
    return FALSE;
  if (!assay_sound_writer_add (sound->writer, (const float *) (gconstpointer) frame->data, n, error))
    return FALSE;
  assay_level_meter_add (sound->meter, (const float *) (gconstpointer) frame->data, (gsize) n);
  if (sound->anchored_ns == 0 || frame->arrived_ns - sound->anchored_ns >= ASSAY_NS_PER_S)
    put_anchor (lane, frame, sound->segment->n);
  sound->recent[sound->n_blocks++ % RECENT] = (Place){ frame->stamp_ns, sound->segment->n };
  sound->segment->n += (guint64) n;
  sound->segment->last_ns = frame->stamp_ns;
  lane->taken += (guint64) n;
  atomic_fetch_add (&lane->flow, (guint64) n * format->channels * ASSAY_SOUND_BYTES);
  lane->enough = wanted > 0 && lane->taken + lane->n_away >= (guint64) wanted;
  return TRUE;
}

static gboolean
flush (Lane *lane, GError **error)
{
  Sound *sound = lane->out;
  if (sound->writer == NULL || sound->told == sound->segment->n)
    return TRUE;
  int fd = assay_sound_writer_dup_fd (sound->writer, error);
  if (fd < 0)
    return FALSE;
  Note *note = assay_lane_note (lane);
  json_decref (g_steal_pointer (&note->line));
  note->grown_fd = fd;
  note->n_safe = sound->segment->n - sound->told;
  sound->told = sound->segment->n;
  assay_recorder_put (lane->recorder, note);
  return TRUE;
}

static gboolean
close_sound (gpointer writer, GError **error)
{
  return assay_sound_writer_close (writer, error);
}

static gboolean
pause_file (Lane *lane, GError **error)
{
  Sound *sound = lane->out;
  if (sound->writer == NULL)
    return TRUE;
  if (!flush (lane, error))
    return FALSE;
  Reel *segment = g_steal_pointer (&sound->segment);
  segment->writer = g_steal_pointer (&sound->writer);
  segment->close = close_sound;
  segment->facts.n_samples = (gint64) segment->n;
  segment->facts.duration_ns = (gint64) ((double) segment->n / segment->facts.rate_hz * 1e9);
  json_t *capture = json_pack ("{s:I, s:I, s:I}", "stamp_ns", (json_int_t) segment->first_ns, "sample",
                               (json_int_t) sound->first_sample, "missing", (json_int_t) sound->missing);
  if (json_array_size (sound->gaps) > 0)
    json_object_set_new (capture, "gaps", g_steal_pointer (&sound->gaps)); /* to the keeper's thread, as all of it */
  json_t *levels = assay_level_to_json (assay_level_meter_get (sound->meter)),
         *facts = assay_lane_make_facts (lane, capture);
  json_array_append_new (lane->levels, levels);
  json_object_set_new (facts, "levels", json_deep_copy (levels)); /* the item goes to another thread */
  segment->item = json_pack ("{s:i, s:o}", "position", (int) lane->n_segments - 1, "facts", facts);
  sound->anchored_ns = 0;
  assay_reel_hand_over (segment);
  return TRUE;
}

static void
end (Lane *lane)
{
  Sound *sound = lane->out;
  assay_sound_writer_free (sound->writer);
  assay_reel_free (sound->segment);
  assay_level_meter_free (sound->meter);
  json_decref (sound->gaps);
  g_clear_pointer (&lane->out, g_free);
}

const AssayOutlet assay_outlet_sound
    = { .begin = begin, .take = take, .flush = flush, .pause = pause_file, .place_gap = place_gap, .end = end };
