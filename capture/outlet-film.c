/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every frame as it came, into films of a minute or a gigabyte, with a line of the index each. Film and index go to
 * the disk once a second, the film first: what the index tells of is there. Some frames are drawn into items by
 * their time stamp; what such an item says stands in the frame's own line, so that it can be made when the film was
 * never closed. */
#include "capture/recorder-private.h"

#include "core/colour.h"
#include "core/film-writer.h"
#include "core/json.h"

#include <math.h>

#define SEGMENT_NS (60 * ASSAY_NS_PER_S)
#define SET_ASIDE_NS (5 * ASSAY_NS_PER_S)
#define SEGMENT_BYTES (G_GUINT64_CONSTANT (1) << 30)

typedef struct
{
  AssayFilmWriter *writer; /* NULL = no film is open */
  Reel *segment;
  gint64 last_pts_ns;
  GString *lines; /* of frames that are not yet told */
  guint64 n_lines;
  guint64 set_aside; /* for this film */
  gboolean drawable;
} Film;

static void
begin (Lane *lane)
{
  Film *film = lane->out = g_new0 (Film, 1);
  film->lines = g_string_new (NULL);
}

static gboolean
can_be_shown (const AssayPixelFormat *pixels)
{
  return pixels->fourcc == ASSAY_FOURCC ('H', '2', '6', '4') || assay_colour_is_jpeg (pixels->fourcc)
         || assay_colour_supports (pixels, NULL);
}

/* A few seconds of data, as far as the first frame tells, so that a stop before the disk is full has its room; no
 * more, for a disk in memory clears at once what is set aside. On a small disk a part of what is free: the others
 * need theirs. */
static guint64
find_reserve (Lane *lane, const AssayFrame *frame)
{
  AssayDiskState disk;
  assay_recorder_get_disk (lane->recorder, &disk);
  guint64 room = disk.free_bytes > disk.reserve_bytes ? disk.free_bytes - disk.reserve_bytes : 0;
  double frames = (double) SET_ASIDE_NS / (double) assay_lane_period_ns (lane);
  guint64 wanted = MIN (SEGMENT_BYTES, (guint64) (frames * (double) frame->n_bytes));
  return MIN (wanted, room / (4 * lane->recorder->lanes->len));
}

static gboolean
open_film (Lane *lane, const AssayFrame *frame, GError **error)
{
  Film *film = lane->out;
  const AssayStreamFormat *format = assay_stream_get_format (lane->stream);
  AssayFilmFormat words = { format->pixels, format->fps };
  Reel *segment = assay_reel_new (lane, assay_film_writer_type (format->pixels.fourcc));
  film->drawable = can_be_shown (&format->pixels);
  segment->facts.kind = ASSAY_MEDIA_FILM;
  segment->facts.width_px = format->pixels.width_px;
  segment->facts.height_px = format->pixels.height_px;
  segment->facts.exif_orientation = 1;
  segment->first_ns = frame->stamp_ns;
  segment->drawn = g_ptr_array_new_with_free_func ((GDestroyNotify) json_decref);
  film->segment = segment;
  film->set_aside = find_reserve (lane, frame);
  atomic_store (&lane->set_aside, film->set_aside);
  film->writer = assay_film_writer_new (segment->path, &words, film->set_aside, error);
  return film->writer != NULL;
}

static gboolean
is_full (const Film *film, const AssayFrame *frame)
{
  return frame->stamp_ns - film->segment->first_ns >= SEGMENT_NS
         || assay_film_writer_get_bytes (film->writer) >= SEGMENT_BYTES;
}

/* By hand: it is written for every frame, and its keys are few. */
static void
append_line (Lane *lane, const AssayFrame *frame, gint64 pts_ns)
{
  Film *film = lane->out;
  g_string_append_printf (film->lines,
                          "{\"film\":{\"file\":\"%s\",\"pts_ns\":%" G_GINT64_FORMAT
                          "},\"frame\":{\"arrived_ns\":%" G_GINT64_FORMAT
                          ",\"flags\":%u,\"raw_flags\":%u,\"sequence\":%" G_GUINT64_FORMAT
                          ",\"stamp_ns\":%" G_GINT64_FORMAT "},\"stream\":%u}\n",
                          film->segment->file, pts_ns, frame->arrived_ns, frame->flags, frame->raw_flags,
                          frame->sequence, frame->stamp_ns, lane->index);
}

static void
draw (Lane *lane, const AssayFrame *frame, gint64 pts_ns, const AssayId *moment)
{
  Film *film = lane->out;
  json_t *line
      = json_pack ("{s:i, s:o, s:{s:s, s:I}, s:I, s:o}", "stream", (int) lane->index, "frame",
                   assay_frame_describe (frame), "film", "file", film->segment->file, "pts_ns", (json_int_t) pts_ns,
                   "position", (json_int_t) lane->n_drawn++, "facts", assay_lane_make_frame_facts (lane, frame));
  if (!assay_id_is_nil (moment))
    json_object_set_new (line, "moment", assay_json_id (moment));
  assay_json_canonical_append (line, film->lines);
  g_string_append_c (film->lines, '\n');
  g_ptr_array_add (film->segment->drawn, line);
}

static gboolean pause_film (Lane *lane, GError **error);

static gboolean
take (Lane *lane, const AssayFrame *frame, GError **error)
{
  Film *film = lane->out;
  AssayRecorder *recorder = lane->recorder;
  guint32 fourcc = assay_stream_get_format (lane->stream)->pixels.fourcc;
  AssayFilmFrame words = { frame->data, frame->n_bytes, frame->stamp_ns, frame->sequence, frame->raw_flags };
  AssayId moment;
  gint64 pts_ns;
  if (film->writer == NULL && !assay_film_writer_can_begin (fourcc, frame->data, frame->n_bytes))
    {
      assay_lane_put_corrupt (lane, frame, "it stands before the first frame from which the film can be shown");
      return TRUE;
    }
  if (film->writer != NULL && is_full (film, frame)
      && assay_film_writer_can_begin (fourcc, frame->data, frame->n_bytes) && !pause_film (lane, error))
    return FALSE;
  if ((film->writer == NULL && !open_film (lane, frame, error))
      || !assay_film_writer_add (film->writer, &words, &pts_ns, error))
    return FALSE;
  if (assay_recorder_choose (recorder, lane, frame, &moment) && film->drawable)
    draw (lane, frame, pts_ns, &moment);
  else
    append_line (lane, frame, pts_ns);
  film->n_lines++;
  film->last_pts_ns = pts_ns;
  film->segment->n++;
  film->segment->last_ns = frame->stamp_ns;
  atomic_fetch_add (&lane->flow, frame->n_bytes);
  guint64 used = assay_film_writer_get_bytes (film->writer);
  atomic_store (&lane->set_aside, film->set_aside > used ? film->set_aside - used : 0);
  lane->taken++;
  lane->enough = recorder->frames > 0 && lane->taken >= recorder->frames;
  return TRUE;
}

static gboolean
flush (Lane *lane, GError **error)
{
  Film *film = lane->out;
  if (film->n_lines == 0)
    return TRUE;
  int fd = assay_film_writer_dup_fd (film->writer, error);
  if (fd < 0)
    return FALSE;
  Note *note = assay_lane_note (lane);
  json_decref (g_steal_pointer (&note->line));
  note->grown_fd = fd;
  note->lines = film->lines;
  note->n_safe = film->n_lines;
  film->lines = g_string_new (NULL);
  film->n_lines = 0;
  assay_recorder_put (lane->recorder, note);
  return TRUE;
}

static gboolean
close_film (gpointer writer, GError **error)
{
  return assay_film_writer_close (writer, error);
}

static gboolean
pause_film (Lane *lane, GError **error)
{
  Film *film = lane->out;
  if (film->writer == NULL)
    return TRUE;
  atomic_store (&lane->set_aside, 0);
  if (!flush (lane, error))
    return FALSE;
  Reel *segment = g_steal_pointer (&film->segment);
  segment->writer = g_steal_pointer (&film->writer);
  segment->close = close_film;
  segment->facts.n_frames = (gint64) segment->n;
  segment->facts.duration_ns = film->last_pts_ns + assay_lane_period_ns (lane);
  assay_reel_hand_over (segment);
  return TRUE;
}

static void
end (Lane *lane)
{
  Film *film = lane->out;
  assay_film_writer_free (film->writer);
  assay_reel_free (film->segment);
  g_string_free (film->lines, TRUE);
  g_clear_pointer (&lane->out, g_free);
}

const AssayOutlet assay_outlet_film
    = { .begin = begin, .take = take, .flush = flush, .pause = pause_film, .end = end };
