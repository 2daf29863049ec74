/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MJPEG into Matroska (RFC 9559), by ourselves: a muxer copies every frame three times, and here a frame goes from the camera's
 * memory to the kernel as it lies, in a cluster of its own. So a file that stops anywhere is good to its last frame. Index,
 * duration and length come at the end, the length last: by it a finished film is known. */
#include "core/film-private.h"

#include "core/error.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define ID_VOID 0xecu
#define ID_SEEK_HEAD 0x114d9b74u
#define ID_INFO 0x1549a966u
#define ID_TRACKS 0x1654ae6bu
#define ID_CLUSTER 0x1f43b675u
#define ID_CUES 0x1c53bb6bu
#define SEEK_BYTES 128 /* where the index of parts will stand */
#define ROOM_BYTES 512
#define CUE_BYTES 48
#define MAX_FRAME_BYTES ((gsize) G_MAXINT32 - 64)

/* Bytes being put together. */
typedef struct
{
  guint8 *at;
  gsize n;
} Out;

typedef struct
{
  gint64 ms;
  guint64 at; /* of its cluster, from where the segment's content begins */
} Cue;

typedef struct
{
  AssayFilmFile *file;
  AssayFilmFormat format;
  GArray *cues; /* of Cue, one a frame */
  guint64 segment, info, tracks, duration; /* where they are in the file; segment: its content */
} Sink;

/* --- elements (RFC 8794) --- */

static void
put_number (Out *out, guint64 value, guint n_bytes)
{
  for (guint i = n_bytes; i > 0; i--)
    out->at[out->n++] = (guint8) (value >> 8 * (i - 1));
}

static void
put_id (Out *out, guint32 id)
{
  put_number (out, id, id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1);
}

/* Eight bytes, always: then it can be put in later. */
static void
put_size (Out *out, guint64 size)
{
  put_number (out, size | G_GUINT64_CONSTANT (1) << 56, 8);
}

/* Its content follows; `end` puts in how much that was. */
static gsize
begin_element (Out *out, guint32 id)
{
  put_id (out, id);
  put_size (out, 0);
  return out->n;
}

static void
end_element (Out *out, gsize from)
{
  Out size = { out->at + from - 8, 0 };
  put_size (&size, out->n - from);
}

static void
put_unsigned (Out *out, guint32 id, guint64 value)
{
  guint n_bytes = 1;
  while (n_bytes < 8 && value >> 8 * n_bytes != 0)
    n_bytes++;
  put_id (out, id);
  put_number (out, 0x80 | n_bytes, 1);
  put_number (out, value, n_bytes);
}

static void
put_text (Out *out, guint32 id, const char *text)
{
  put_id (out, id);
  put_number (out, 0x80 | strlen (text), 1);
  memcpy (out->at + out->n, text, strlen (text));
  out->n += strlen (text);
}

static void
put_double (Out *out, guint32 id, double value)
{
  guint64 bits;
  memcpy (&bits, &value, sizeof bits);
  put_id (out, id);
  put_number (out, 0x88, 1);
  put_number (out, bits, 8);
}

/* Nothing, `n_bytes` with its own head: at least 9. */
static void
put_void (Out *out, gsize n_bytes)
{
  put_id (out, ID_VOID);
  put_size (out, n_bytes - 9);
  memset (out->at + out->n, 0, n_bytes - 9);
  out->n += n_bytes - 9;
}

/* --- the beginning --- */

static void
put_head (Out *out)
{
  gsize head = begin_element (out, 0x1a45dfa3);
  put_unsigned (out, 0x4286, 1); /* version of EBML, and the least that a reader must know */
  put_unsigned (out, 0x42f7, 1);
  put_unsigned (out, 0x42f2, 4); /* longest id and size */
  put_unsigned (out, 0x42f3, 8);
  put_text (out, 0x4282, "matroska");
  put_unsigned (out, 0x4287, 4);
  put_unsigned (out, 0x4285, 2);
  end_element (out, head);
}

static void
put_track (Out *out, const AssayFilmFormat *format)
{
  gsize tracks = begin_element (out, ID_TRACKS), track = begin_element (out, 0xae);
  put_unsigned (out, 0xd7, 1); /* number, uid, video */
  put_unsigned (out, 0x73c5, 1);
  put_unsigned (out, 0x83, 1);
  put_unsigned (out, 0x9c, 0); /* no lacing */
  put_text (out, 0x22b59c, "und");
  put_text (out, 0x86, "V_MJPEG");
  if (format->fps > 0)
    put_unsigned (out, 0x23e383, (guint64) llround (1e9 / format->fps));
  gsize video = begin_element (out, 0xe0);
  put_unsigned (out, 0xb0, format->pixels.width_px);
  put_unsigned (out, 0xba, format->pixels.height_px);
  end_element (out, video);
  end_element (out, track);
  end_element (out, tracks);
}

static gboolean
write_at (const Sink *sink, guint64 at, const guint8 *data, gsize n_bytes, GError **error)
{
  while (n_bytes > 0)
    {
      ssize_t n = pwrite (sink->file->fd, data, n_bytes, (off_t) at);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          assay_error_set_errno (error, errno, "writing %s", sink->file->path);
          return FALSE;
        }
      data += n;
      at += (guint64) n;
      n_bytes -= (gsize) n;
    }
  return TRUE;
}

static gboolean
write_beginning (Sink *sink, GError **error)
{
  guint8 bytes[ROOM_BYTES];
  Out out = { bytes, 0 };
  put_head (&out);
  put_id (&out, 0x18538067);
  put_number (&out, G_GUINT64_CONSTANT (0x01ffffffffffffff), 8); /* of unknown length, so far */
  sink->segment = out.n;
  put_void (&out, SEEK_BYTES);
  sink->info = out.n;
  gsize info = begin_element (&out, ID_INFO);
  put_unsigned (&out, 0x2ad7b1, 1000000); /* times are milliseconds */
  put_text (&out, 0x4d80, "Assay");
  put_text (&out, 0x5741, "Assay");
  sink->duration = out.n;
  put_void (&out, 11); /* as long as a duration */
  end_element (&out, info);
  sink->tracks = out.n;
  put_track (&out, &sink->format);
  if (!write_at (sink, 0, bytes, out.n, error))
    return FALSE;
  sink->file->bytes = out.n;
  return TRUE;
}

static void
sink_free (gpointer data)
{
  Sink *sink = data;
  g_array_unref (sink->cues);
  g_free (sink);
}

static gpointer
begin (AssayFilmFile *file, const AssayFilmFormat *format, GError **error)
{
  Sink *sink = g_new0 (Sink, 1);
  sink->file = file;
  sink->format = *format;
  sink->cues = g_array_new (FALSE, FALSE, sizeof (Cue));
  if (write_beginning (sink, error))
    return sink;
  sink_free (sink);
  return NULL;
}

/* --- a frame --- */

static gboolean
add (gpointer data, const AssayFilmFrame *frame, gint64 pts_ns, GError **error)
{
  Sink *sink = data;
  AssayFilmFile *file = sink->file;
  guint8 head[64];
  Out out = { head, 0 };
  Cue cue = { pts_ns / 1000000, file->bytes - sink->segment };
  if (frame->n_bytes > MAX_FRAME_BYTES)
    return assay_error_bad_data (error, "writing a frame to %s: it has more than 2 GiB", file->path);
  gsize cluster = begin_element (&out, ID_CLUSTER);
  put_unsigned (&out, 0xe7, (guint64) cue.ms);
  put_id (&out, 0xa3);
  put_size (&out, 4 + frame->n_bytes);
  put_number (&out, 0x81, 1); /* of track 1, at the cluster's time, a key frame */
  put_number (&out, 0, 2);
  put_number (&out, 0x80, 1);
  Out size = { head + cluster - 8, 0 };
  put_size (&size, out.n - cluster + frame->n_bytes);
  struct iovec parts[] = { { head, out.n }, { (gpointer) frame->data, frame->n_bytes } };
  ssize_t written = pwritev (file->fd, parts, 2, (off_t) file->bytes);
  gsize done = written > 0 ? (gsize) written : 0;
  /* The rest, and the reason when there is one: rarely. */
  if ((done < out.n && !write_at (sink, file->bytes + done, head + done, out.n - done, error))
      || (done < out.n + frame->n_bytes
          && !write_at (sink, file->bytes + MAX (done, out.n), frame->data + (MAX (done, out.n) - out.n),
                        out.n + frame->n_bytes - MAX (done, out.n), error)))
    return FALSE;
  file->bytes += out.n + frame->n_bytes;
  g_array_append_val (sink->cues, cue);
  return TRUE;
}

/* --- the end --- */

static void
put_seek (Out *out, guint32 id, guint64 at)
{
  gsize seek = begin_element (out, 0x4dbb);
  put_id (out, 0x53ab);
  put_number (out, 0x84, 1);
  put_number (out, id, 4);
  put_unsigned (out, 0x53ac, at);
  end_element (out, seek);
}

static gboolean
write_cues (Sink *sink, GError **error)
{
  g_autofree guint8 *bytes = g_malloc (ROOM_BYTES + (gsize) sink->cues->len * CUE_BYTES);
  Out out = { bytes, 0 };
  gsize cues = begin_element (&out, ID_CUES);
  for (guint i = 0; i < sink->cues->len; i++)
    {
      const Cue *cue = &g_array_index (sink->cues, Cue, i);
      gsize point = begin_element (&out, 0xbb);
      put_unsigned (&out, 0xb3, (guint64) cue->ms);
      gsize place = begin_element (&out, 0xb7);
      put_unsigned (&out, 0xf7, 1);
      put_unsigned (&out, 0xf1, cue->at);
      end_element (&out, place);
      end_element (&out, point);
    }
  end_element (&out, cues);
  if (!write_at (sink, sink->file->bytes, bytes, out.n, error))
    return FALSE;
  sink->file->bytes += out.n;
  return TRUE;
}

static gboolean
finish (gpointer data, GError **error)
{
  Sink *sink = data;
  guint8 seek[SEEK_BYTES + ROOM_BYTES], duration[16], length[8];
  Out seek_out = { seek, 0 }, duration_out = { duration, 0 }, length_out = { length, 0 };
  guint64 cues = sink->file->bytes;
  gint64 last_ms = sink->cues->len > 0 ? g_array_index (sink->cues, Cue, sink->cues->len - 1).ms : 0;
  double period_ms = sink->format.fps > 0 ? 1000 / sink->format.fps : 0;
  if (!write_cues (sink, error))
    return FALSE;
  gsize head = begin_element (&seek_out, ID_SEEK_HEAD);
  put_seek (&seek_out, ID_INFO, sink->info - sink->segment);
  put_seek (&seek_out, ID_TRACKS, sink->tracks - sink->segment);
  put_seek (&seek_out, ID_CUES, cues - sink->segment);
  end_element (&seek_out, head);
  put_void (&seek_out, SEEK_BYTES - seek_out.n);
  put_double (&duration_out, 0x4489, (double) last_ms + period_ms);
  put_size (&length_out, sink->file->bytes - sink->segment);
  return write_at (sink, sink->segment, seek, seek_out.n, error)
         && write_at (sink, sink->duration, duration, duration_out.n, error)
         && write_at (sink, sink->segment - 8, length, length_out.n, error);
}

static gboolean
repair (const char *path, guint64 *ret_frames, guint64 *ret_lost_bytes, GError **error)
{
  return assay_film_sink_matroska.repair (path, ret_frames, ret_lost_bytes, error);
}

const AssayFilmSink assay_film_sink_mjpeg = {
  .type = "mkv",
  .unit_ns = 1000000,
  .begin = begin,
  .add = add,
  .finish = finish,
  .free = sink_free,
  .repair = repair,
};
