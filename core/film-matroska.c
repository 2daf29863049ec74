/* SPDX-License-Identifier: GPL-3.0-or-later */
/* H.264 into Matroska by libavformat, which knows what the parameter sets must become: a cluster a frame, each handed to the
 * kernel at once, so that a file that stops anywhere is good to its last frame. Index and length come at the end; what a killed
 * writer left, of MJPEG too, is muxed once more. */
#include "core/film-private.h"

#include "core/error.h"
#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libavformat/avformat.h>

#define BUFFER_BYTES (512 << 10)

/* A file as libavformat sees it, up to `end`. */
typedef struct
{
  int fd, why; /* errno of what failed */
  gint64 at, end;
} Io;

typedef struct
{
  AssayFilmFile *file;
  AssayFilmFormat format;
  AVFormatContext *muxer;
  AVPacket *packet;
  Io io;
} Sink;

/* --- bytes --- */

static int
write_bytes (void *opaque, uint8_t *data, int n_bytes)
{
  Io *io = opaque;
  for (int done = 0; done < n_bytes;)
    {
      ssize_t n = pwrite (io->fd, data + done, (gsize) (n_bytes - done), (off_t) io->at);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          io->why = errno;
          return AVERROR (io->why);
        }
      done += (int) n;
      io->at += n;
      io->end = MAX (io->end, io->at);
    }
  return n_bytes;
}

static int
read_bytes (void *opaque, uint8_t *data, int n_bytes)
{
  Io *io = opaque;
  gint64 left = MIN (n_bytes, io->end - io->at);
  if (left <= 0)
    return AVERROR_EOF;
  ssize_t n;
  while ((n = pread (io->fd, data, (gsize) left, (off_t) io->at)) < 0 && errno == EINTR)
    continue;
  if (n < 0)
    io->why = errno;
  if (n <= 0)
    return n < 0 ? AVERROR (io->why) : AVERROR_EOF;
  io->at += n;
  return (int) n;
}

static int64_t
seek_bytes (void *opaque, int64_t offset, int whence)
{
  Io *io = opaque;
  if (whence & AVSEEK_SIZE)
    return io->end;
  gint64 base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? io->at : io->end;
  if (base + offset < 0)
    return AVERROR (EINVAL);
  return io->at = base + offset;
}

static AVIOContext *
open_io (Io *io, gboolean writing)
{
  return avio_alloc_context (av_malloc (BUFFER_BYTES), BUFFER_BYTES, writing, io, writing ? NULL : read_bytes,
                             writing ? write_bytes : NULL, seek_bytes);
}

static void
close_io (AVIOContext **io)
{
  if (*io != NULL)
    av_freep (&(*io)->buffer);
  avio_context_free (io);
}

static gboolean
fail (const Io *io, int code, const char *path, GError **error)
{
  char text[AV_ERROR_MAX_STRING_SIZE] = "";
  if (io->why != 0)
    {
      assay_error_set_errno (error, io->why, "writing %s", path);
      return FALSE;
    }
  av_strerror (code, text, sizeof text);
  return assay_error_bad_data (error, "writing %s: %s", path, text);
}

/* --- writing --- */

static void
sink_free (gpointer data)
{
  Sink *sink = data;
  if (sink == NULL)
    return;
  if (sink->muxer != NULL)
    close_io (&sink->muxer->pb);
  avformat_free_context (sink->muxer);
  av_packet_free (&sink->packet);
  g_free (sink);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sink, sink_free)

static Sink *
sink_new (int fd, const char *path, GError **error)
{
  g_autoptr (Sink) sink = g_new0 (Sink, 1);
  sink->io.fd = fd;
  sink->packet = av_packet_alloc ();
  int code = avformat_alloc_output_context2 (&sink->muxer, NULL, "matroska", NULL);
  if (code < 0 || avformat_new_stream (sink->muxer, NULL) == NULL)
    {
      fail (&sink->io, code < 0 ? code : AVERROR (ENOMEM), path, error);
      return NULL;
    }
  sink->muxer->pb = open_io (&sink->io, TRUE);
  sink->muxer->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
  sink->muxer->avoid_negative_ts = 0;
  sink->muxer->streams[0]->time_base = (AVRational){ 1, 1000 };
  return g_steal_pointer (&sink);
}

static gpointer
begin (AssayFilmFile *file, const AssayFilmFormat *format, GError **error)
{
  av_log_set_level (AV_LOG_QUIET);
  Sink *sink = sink_new (file->fd, file->path, error);
  if (sink == NULL)
    return NULL;
  sink->file = file;
  sink->format = *format;
  return sink;
}

/* Without sums of clusters, which cost twice what writing does: what is in media/ is summed as a whole. */
static int
begin_file (Sink *sink)
{
  AVDictionary *options = NULL;
  av_dict_set (&options, "write_crc32", "0", 0);
  int code = avformat_write_header (sink->muxer, &options);
  av_dict_free (&options);
  return code;
}

/* With the first frame: it is its parameter sets, in Annex B form, that the header needs; the muxer turns both into the form
 * that Matroska wants. */
static int
write_header (Sink *sink, const AssayFilmFrame *first)
{
  AVStream *stream = sink->muxer->streams[0];
  AVCodecParameters *codec = stream->codecpar;
  codec->codec_type = AVMEDIA_TYPE_VIDEO;
  codec->codec_id = AV_CODEC_ID_H264;
  codec->width = (int) sink->format.pixels.width_px;
  codec->height = (int) sink->format.pixels.height_px;
  if (sink->format.fps > 0)
    stream->avg_frame_rate = av_d2q (sink->format.fps, 1001000);
  codec->extradata = av_mallocz (first->n_bytes + AV_INPUT_BUFFER_PADDING_SIZE);
  if (codec->extradata == NULL)
    return AVERROR (ENOMEM);
  memcpy (codec->extradata, first->data, first->n_bytes);
  codec->extradata_size = (int) first->n_bytes;
  return begin_file (sink);
}

/* A packet, and the end of its cluster, all the way to the kernel. */
static int
write_packet (Sink *sink, AVPacket *packet)
{
  int code = av_write_frame (sink->muxer, packet);
  if (code >= 0)
    code = av_write_frame (sink->muxer, NULL);
  avio_flush (sink->muxer->pb);
  return code < 0 ? code : sink->muxer->pb->error;
}

static gboolean
add (gpointer data, const AssayFilmFrame *frame, gint64 pts_ns, GError **error)
{
  Sink *sink = data;
  AVPacket *packet = sink->packet;
  if (frame->n_bytes > G_MAXINT32 - AV_INPUT_BUFFER_PADDING_SIZE)
    return assay_error_bad_data (error, "writing a frame to %s: it has more than 2 GiB", sink->file->path);
  int code = sink->file->bytes == 0 ? write_header (sink, frame) : 0;
  packet->data = (uint8_t *) frame->data;
  packet->size = (int) frame->n_bytes;
  packet->pts = packet->dts = pts_ns / 1000000;
  packet->flags
      = assay_film_writer_can_begin (sink->format.pixels.fourcc, frame->data, frame->n_bytes) ? AV_PKT_FLAG_KEY : 0;
  if (code >= 0)
    code = write_packet (sink, packet);
  av_packet_unref (packet);
  if (code < 0)
    return fail (&sink->io, code, sink->file->path, error);
  sink->file->bytes = (guint64) sink->io.end;
  return TRUE;
}

static int
write_trailer (Sink *sink)
{
  int code = av_write_trailer (sink->muxer);
  avio_flush (sink->muxer->pb);
  return code < 0 ? code : sink->muxer->pb->error;
}

static gboolean
finish (gpointer data, GError **error)
{
  Sink *sink = data;
  int code = write_trailer (sink);
  if (code < 0)
    return fail (&sink->io, code, sink->file->path, error);
  sink->file->bytes = (guint64) sink->io.end;
  return TRUE;
}

/* --- mending --- */

typedef struct
{
  AVFormatContext *demuxer;
  Io io;
} Reading;

static void
reading_clear (Reading *reading)
{
  AVIOContext *io = reading->demuxer != NULL ? reading->demuxer->pb : NULL;
  avformat_close_input (&reading->demuxer);
  close_io (&io);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static int
open_reading (Reading *reading)
{
  AVIOContext *io = open_io (&reading->io, FALSE);
  reading->demuxer = avformat_alloc_context ();
  reading->demuxer->pb = io;
  int code = avformat_open_input (&reading->demuxer, NULL, av_find_input_format ("matroska"), NULL);
  if (code < 0)
    close_io (&io);
  else if (reading->demuxer->nb_streams != 1)
    code = AVERROR_INVALIDDATA;
  return code;
}

/* Every packet as it is, with its time; `sink` NULL only counts. */
static int
copy_packets (Reading *reading, Sink *sink, AVPacket *packet, guint64 *ret_frames)
{
  int code;
  *ret_frames = 0;
  while ((code = av_read_frame (reading->demuxer, packet)) >= 0)
    {
      packet->stream_index = 0;
      packet->dts = packet->pts;
      code = sink != NULL ? write_packet (sink, packet) : 0;
      av_packet_unref (packet);
      if (code < 0)
        return code;
      ++*ret_frames;
    }
  return code == AVERROR_EOF || reading->io.why == 0 ? 0 : code;
}

static gboolean
mux_again (Reading *reading, const char *path, guint64 *ret_frames, GError **error)
{
  g_auto (AssayFileDraft) draft = ASSAY_FILE_DRAFT_INIT;
  g_autofree char *folder = g_path_get_dirname (path);
  if (!assay_file_draft_open (&draft, folder, error))
    return FALSE;
  g_autoptr (Sink) sink = sink_new (draft.fd, path, error);
  if (sink == NULL)
    return FALSE;
  AVStream *from = reading->demuxer->streams[0], *to = sink->muxer->streams[0];
  int code = avcodec_parameters_copy (to->codecpar, from->codecpar);
  to->avg_frame_rate = from->avg_frame_rate;
  if (code >= 0)
    code = begin_file (sink);
  if (code >= 0)
    code = copy_packets (reading, sink, sink->packet, ret_frames);
  if (code >= 0 && *ret_frames == 0)
    return assay_error_bad_data (error, "mending %s: there is not one whole frame in it", path);
  if (code >= 0)
    code = write_trailer (sink);
  if (code < 0)
    return fail (sink->io.why != 0 ? &sink->io : &reading->io, code, path, error);
  return assay_file_draft_keep (&draft, path, 0644, error);
}

static gboolean
mend (int fd, const char *path, guint64 *ret_frames, guint64 *ret_lost_bytes, GError **error)
{
  g_auto (Reading) reading = { .io.fd = fd };
  struct stat about;
  gint64 end;
  if (fstat (fd, &about) != 0)
    {
      assay_error_set_errno (error, errno, "mending %s", path);
      return FALSE;
    }
  reading.io.end = about.st_size;
  gboolean finished = assay_film_matroska_find_end (fd, about.st_size, &end);
  reading.io.end = end;
  if (end == 0 || open_reading (&reading) < 0)
    return assay_error_bad_data (error, "mending %s: there is not one whole frame in it", path);
  *ret_lost_bytes = (guint64) (about.st_size - end);
  if (!finished)
    return mux_again (&reading, path, ret_frames, error);
  AVPacket *packet = av_packet_alloc ();
  int code = copy_packets (&reading, NULL, packet, ret_frames);
  av_packet_free (&packet);
  return code >= 0 || fail (&reading.io, code, path, error);
}

static gboolean
repair (const char *path, guint64 *ret_frames, guint64 *ret_lost_bytes, GError **error)
{
  av_log_set_level (AV_LOG_QUIET);
  guint64 frames = 0, lost = 0;
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    {
      assay_error_set_errno (error, errno, "mending %s", path);
      return FALSE;
    }
  gboolean mended = mend (fd, path, &frames, &lost, error);
  close (fd);
  if (mended)
    {
      *ret_frames = frames;
      *ret_lost_bytes = lost;
    }
  return mended;
}

const AssayFilmSink assay_film_sink_matroska = {
  .type = "mkv",
  .unit_ns = 1000000,
  .begin = begin,
  .add = add,
  .finish = finish,
  .free = sink_free,
  .repair = repair,
};
