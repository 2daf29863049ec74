/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/film-writer.h"

#include "core/error.h"
#include "core/file.h"
#include "core/film-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct _AssayFilmWriter
{
  const AssayFilmSink *kind;
  gpointer sink;
  AssayFilmFile file;
  guint32 fourcc;
  gboolean begun, failed;
  gint64 first_stamp_ns, last_pts_ns;
};

static gboolean
is_h264 (guint32 fourcc)
{
  return fourcc == ASSAY_FOURCC ('H', '2', '6', '4');
}

static const AssayFilmSink *
find_kind (guint32 fourcc)
{
  gboolean jpeg = fourcc == ASSAY_FOURCC ('M', 'J', 'P', 'G') || fourcc == ASSAY_FOURCC ('J', 'P', 'E', 'G');
  if (jpeg)
    return &assay_film_sink_mjpeg;
  return is_h264 (fourcc) ? &assay_film_sink_matroska : &assay_film_sink_raw;
}

const char *
assay_film_writer_type (guint32 fourcc)
{
  return find_kind (fourcc)->type;
}

/* ITU-T H.264, Annex B: units begin after 00 00 01; the low five bits of their first byte say what they are. */
gboolean
assay_film_writer_can_begin (guint32 fourcc, const guint8 *data, gsize n_bytes)
{
  if (!is_h264 (fourcc))
    return TRUE;
  enum
  {
    IDR = 5,
    SPS = 7,
    PPS = 8
  };
  guint seen = 0;
  for (gsize i = 0; i + 3 < n_bytes; i++)
    {
      if (data[i] != 0 || data[i + 1] != 0 || data[i + 2] != 1)
        continue;
      seen |= 1u << (data[i + 3] & 31);
      if (seen & (1u << IDR))
        break; /* what a picture needs comes before it */
      i += 2;
    }
  return (seen & (1u << IDR)) && (seen & (1u << SPS)) && (seen & (1u << PPS));
}

/* Not every file system can set space aside; then it is not asked for. */
static gboolean
reserve (const AssayFilmFile *file, guint64 bytes, GError **error)
{
  if (bytes == 0 || fallocate (file->fd, FALLOC_FL_KEEP_SIZE, 0, (off_t) bytes) == 0 || errno == EOPNOTSUPP
      || errno == ENOSYS)
    return TRUE;
  assay_error_set_errno (error, errno, "setting aside %" G_GUINT64_FORMAT " MB for %s", bytes >> 20, file->path);
  return FALSE;
}

static gboolean
create (AssayFilmFile *file, const char *path, GError **error)
{
  file->path = g_strdup (path);
  file->fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file->fd >= 0)
    return TRUE;
  if (errno == EEXIST)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                 "writing %s: a file of that name is there already; choose another name", path);
  else
    assay_error_set_errno (error, errno, "writing %s", path);
  return FALSE;
}

AssayFilmWriter *
assay_film_writer_new (const char *path, const AssayFilmFormat *format, guint64 reserve_bytes, GError **error)
{
  g_autoptr (AssayFilmWriter) writer = g_new0 (AssayFilmWriter, 1);
  g_autofree char *folder = g_path_get_dirname (path);
  writer->file.fd = -1;
  writer->kind = find_kind (format->pixels.fourcc);
  writer->fourcc = format->pixels.fourcc;
  if (!create (&writer->file, path, error))
    return NULL;
  if (reserve (&writer->file, reserve_bytes, error)
      && (writer->sink = writer->kind->begin (&writer->file, format, error)) != NULL
      && assay_folder_sync (folder, error))
    return g_steal_pointer (&writer);
  unlink (path);
  return NULL;
}

/* To its last whole frame: what was set aside is given back, and a frame half written is none. */
static gboolean
cut (const AssayFilmFile *file)
{
  return ftruncate (file->fd, (off_t) file->bytes) == 0;
}

static gint64
choose_pts (const AssayFilmWriter *writer, gint64 stamp_ns)
{
  gint64 unit_ns = writer->kind->unit_ns;
  if (!writer->begun)
    return 0;
  gint64 since_ns = MAX (stamp_ns, writer->first_stamp_ns) - writer->first_stamp_ns;
  return MAX ((since_ns + unit_ns / 2) / unit_ns * unit_ns, writer->last_pts_ns + unit_ns);
}

gboolean
assay_film_writer_add (AssayFilmWriter *writer, const AssayFilmFrame *frame, gint64 *ret_pts_ns, GError **error)
{
  const char *path = writer->file.path;
  if (writer->failed)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_IO, "writing %s: it failed before; begin another segment", path);
      return FALSE;
    }
  if (frame->n_bytes == 0)
    return assay_error_bad_data (error, "writing %s: an empty frame has no picture in it", path);
  if (!writer->begun && !assay_film_writer_can_begin (writer->fourcc, frame->data, frame->n_bytes))
    return assay_error_bad_data (
        error, "writing %s: a film cannot begin with this frame; wait for the next key frame", path);
  gint64 pts_ns = choose_pts (writer, frame->stamp_ns);
  if (!writer->kind->add (writer->sink, frame, pts_ns, error))
    {
      writer->failed = TRUE;
      cut (&writer->file);
      return FALSE;
    }
  if (!writer->begun)
    writer->first_stamp_ns = frame->stamp_ns;
  writer->begun = TRUE;
  writer->last_pts_ns = pts_ns;
  if (ret_pts_ns != NULL)
    *ret_pts_ns = pts_ns;
  return TRUE;
}

int
assay_film_writer_dup_fd (AssayFilmWriter *writer, GError **error)
{
  return assay_file_dup (writer->file.fd, writer->file.path, error);
}

guint64
assay_film_writer_get_bytes (const AssayFilmWriter *writer)
{
  return writer->file.bytes;
}

gboolean
assay_film_writer_close (AssayFilmWriter *writer, GError **error)
{
  g_autoptr (AssayFilmWriter) closing = writer;
  gboolean right = TRUE;
  if (!closing->failed && closing->begun && closing->kind->finish != NULL)
    right = closing->kind->finish (closing->sink, error);
  if (cut (&closing->file) && fsync (closing->file.fd) == 0)
    return right;
  if (right)
    assay_error_set_errno (error, errno, "bringing %s to the disk", closing->file.path);
  return FALSE;
}

void
assay_film_writer_free (AssayFilmWriter *writer)
{
  if (writer == NULL)
    return;
  if (writer->sink != NULL)
    writer->kind->free (writer->sink);
  if (writer->file.fd >= 0)
    close (writer->file.fd);
  g_free (writer->file.path);
  g_free (writer);
}

gboolean
assay_film_repair (const char *path, guint64 *ret_frames, guint64 *ret_lost_bytes, GError **error)
{
  guint8 head[ASSAY_FILM_RAW_HEAD_BYTES];
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd >= 0 ? pread (fd, head, sizeof head, 0) : -1;
  int why = errno;
  if (fd >= 0)
    close (fd);
  if (n < 0)
    {
      assay_error_set_errno (error, why, "mending %s", path);
      return FALSE;
    }
  const AssayFilmSink *kind
      = assay_film_is_raw (head, (gsize) n) ? &assay_film_sink_raw : &assay_film_sink_matroska;
  return kind->repair (path, ret_frames, ret_lost_bytes, error);
}
