/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/film-raw.h"

#include "core/error.h"
#include "core/little.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <xxhash.h>

/* Everything begins at a multiple of this, so that frames are found again behind a damaged place. */
#define UNIT 64
#define HEADER_BYTES 128
#define SCAN_BYTES (1 << 20)
#define MAX_FRAME_BYTES ((guint64) 1 << 30)
#define VERSION 1

static const guint8 film_magic[ASSAY_FILM_RAW_HEAD_BYTES] = { 0x89, 'A', 'S', 'S', 'A', 'Y', '\r', '\n' };
static const guint8 frame_magic[8] = { 0x89, 'F', 'R', 'A', 'M', 'E', '\r', '\n' };

/* --- little-endian fields, and XXH3-64 over what stands before the sum --- */

static void
put32 (guint8 *to, guint32 value)
{
  value = GUINT32_TO_LE (value);
  memcpy (to, &value, sizeof value);
}

static void
put64 (guint8 *to, guint64 value)
{
  value = GUINT64_TO_LE (value);
  memcpy (to, &value, sizeof value);
}

static guint64
sum_of (const void *data, gsize n_bytes)
{
  return XXH3_64bits (data, n_bytes);
}

gboolean
assay_film_is_raw (const guint8 *head, gsize n_bytes)
{
  return n_bytes >= sizeof film_magic && memcmp (head, film_magic, sizeof film_magic) == 0;
}

static void
write_format (guint8 header[HEADER_BYTES], const AssayFilmFormat *format)
{
  const AssayPixelFormat *pixels = &format->pixels;
  const guint32 words[] = { VERSION,
                            HEADER_BYTES,
                            pixels->fourcc,
                            pixels->width_px,
                            pixels->height_px,
                            pixels->bytes_per_line,
                            pixels->colorspace,
                            pixels->ycbcr_encoding,
                            pixels->quantization,
                            pixels->transfer };
  guint64 fps;
  memset (header, 0, HEADER_BYTES);
  memcpy (header, film_magic, sizeof film_magic);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    put32 (header + 8 + 4 * i, words[i]);
  memcpy (&fps, &format->fps, sizeof fps);
  put64 (header + 48, fps);
  put64 (header + HEADER_BYTES - 8, sum_of (header, HEADER_BYTES - 8));
}

static void
write_frame_header (guint8 header[UNIT], const AssayFilmFrame *frame, gint64 pts_ns)
{
  memset (header, 0, UNIT);
  memcpy (header, frame_magic, sizeof frame_magic);
  put64 (header + 8, frame->sequence);
  put64 (header + 16, (guint64) frame->stamp_ns);
  put64 (header + 24, (guint64) pts_ns);
  put64 (header + 32, frame->n_bytes);
  put32 (header + 40, frame->flags);
  put64 (header + 48, sum_of (frame->data, frame->n_bytes));
  put64 (header + 56, sum_of (header, 56));
}

static gboolean
parse_frame_header (const guint8 header[UNIT], guint64 at, guint64 size, AssayFilmRawFrame *ret_frame)
{
  if (memcmp (header, frame_magic, sizeof frame_magic) != 0 || assay_little_get64 (header + 56) != sum_of (header, 56))
    return FALSE;
  *ret_frame = (AssayFilmRawFrame){
    .at = at + UNIT,
    .n_bytes = assay_little_get64 (header + 32),
    .sum = assay_little_get64 (header + 48),
    .sequence = assay_little_get64 (header + 8),
    .stamp_ns = (gint64) assay_little_get64 (header + 16),
    .pts_ns = (gint64) assay_little_get64 (header + 24),
    .flags = assay_little_get32 (header + 40),
  };
  return ret_frame->n_bytes > 0 && ret_frame->n_bytes <= MIN (size - at - UNIT, MAX_FRAME_BYTES)
         && ret_frame->pts_ns >= 0;
}

static guint64
padded (guint64 n_bytes)
{
  return (n_bytes + UNIT - 1) / UNIT * UNIT;
}

/* --- writing --- */

static gpointer
begin (AssayFilmFile *file, const AssayFilmFormat *format, GError **error)
{
  guint8 header[HEADER_BYTES];
  write_format (header, format);
  if (write (file->fd, header, sizeof header) != sizeof header)
    {
      assay_error_set_errno (error, errno, "writing %s", file->path);
      return NULL;
    }
  file->bytes = sizeof header;
  return file;
}

static gboolean
write_parts (const AssayFilmFile *file, struct iovec *parts, int n, GError **error)
{
  while (n > 0)
    {
      ssize_t written = writev (file->fd, parts, n);
      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        {
          assay_error_set_errno (error, errno, "writing a frame to %s", file->path);
          return FALSE;
        }
      for (; n > 0 && (gsize) written >= parts->iov_len; parts++, n--)
        written -= (ssize_t) parts->iov_len;
      if (n > 0)
        {
          parts->iov_base = (guint8 *) parts->iov_base + written;
          parts->iov_len -= (gsize) written;
        }
    }
  return TRUE;
}

static gboolean
add (gpointer sink, const AssayFilmFrame *frame, gint64 pts_ns, GError **error)
{
  static const guint8 padding[UNIT];
  AssayFilmFile *file = sink;
  guint8 header[UNIT];
  if (frame->n_bytes > MAX_FRAME_BYTES)
    return assay_error_bad_data (error, "writing a frame to %s: it has more than 1 GiB", file->path);
  write_frame_header (header, frame, pts_ns);
  struct iovec parts[] = {
    { header, sizeof header },
    { (gpointer) frame->data, frame->n_bytes },
    { (gpointer) padding, padded (frame->n_bytes) - frame->n_bytes },
  };
  if (!write_parts (file, parts, parts[2].iov_len > 0 ? 3 : 2, error))
    return FALSE;
  file->bytes += UNIT + padded (frame->n_bytes);
  return TRUE;
}

static void
free_nothing (gpointer sink)
{
}

/* --- reading --- */

static gboolean
read_at (int fd, const char *path, guint64 at, guint8 *to, gsize n_bytes, gsize *ret_read, GError **error)
{
  gsize got = 0;
  while (got < n_bytes)
    {
      ssize_t n = pread (fd, to + got, n_bytes - got, (off_t) (at + got));
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          assay_error_set_errno (error, errno, "reading %s", path);
          return FALSE;
        }
      if (n == 0)
        break;
      got += (gsize) n;
    }
  *ret_read = got;
  return TRUE;
}

gboolean
assay_film_raw_read_format (int fd, const char *path, AssayFilmFormat *ret_format, GError **error)
{
  guint8 header[HEADER_BYTES] = { 0 };
  gsize n = 0;
  if (!read_at (fd, path, 0, header, sizeof header, &n, error))
    return FALSE;
  if (!assay_film_is_raw (header, n) || n < sizeof header)
    return assay_error_bad_data (error, "reading %s: it is no raw film, or its beginning is cut off", path);
  if (assay_little_get32 (header + 8) != VERSION)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "reading %s: it is a raw film of version %u, and we know version 1; read it with a newer Assay",
                   path, assay_little_get32 (header + 8));
      return FALSE;
    }
  if (assay_little_get32 (header + 12) != HEADER_BYTES || assay_little_get64 (header + 120) != sum_of (header, 120))
    return assay_error_bad_data (error, "reading %s: its header is damaged; get it again from where it came", path);
  guint64 fps = assay_little_get64 (header + 48);
  *ret_format = (AssayFilmFormat){
    .pixels = { .fourcc = assay_little_get32 (header + 16),
                .width_px = assay_little_get32 (header + 20),
                .height_px = assay_little_get32 (header + 24),
                .bytes_per_line = assay_little_get32 (header + 28),
                .colorspace = assay_little_get32 (header + 32),
                .ycbcr_encoding = assay_little_get32 (header + 36),
                .quantization = assay_little_get32 (header + 40),
                .transfer = assay_little_get32 (header + 44) },
  };
  memcpy (&ret_format->fps, &fps, sizeof fps);
  return TRUE;
}

/* The first place from `at` on, in steps of UNIT, where a whole frame begins; `size` when there is none. */
static gboolean
find_frame (int fd, const char *path, guint64 at, guint64 size, AssayFilmRawFrame *ret_frame, guint64 *ret_at,
            GError **error)
{
  g_autofree guint8 *block = NULL;
  guint8 one[UNIT];
  gsize n = 0;
  *ret_at = size;
  if (size - at < UNIT)
    return TRUE;
  if (!read_at (fd, path, at, one, UNIT, &n, error))
    return FALSE;
  if (n == UNIT && parse_frame_header (one, at, size, ret_frame))
    {
      *ret_at = at;
      return TRUE;
    }
  block = g_malloc (SCAN_BYTES);
  for (at += UNIT; at < size; at += n)
    {
      if (!read_at (fd, path, at, block, SCAN_BYTES, &n, error))
        return FALSE;
      if (n < UNIT)
        return TRUE;
      for (gsize i = 0; i + UNIT <= n; i += UNIT)
        if (parse_frame_header (block + i, at + i, size, ret_frame))
          {
            *ret_at = at + i;
            return TRUE;
          }
    }
  return TRUE;
}

GArray *
assay_film_raw_scan (int fd, const char *path, guint64 *ret_end, GError **error)
{
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (AssayFilmRawFrame));
  struct stat about;
  if (fstat (fd, &about) != 0)
    {
      assay_error_set_errno (error, errno, "reading %s", path);
      return NULL;
    }
  guint64 size = (guint64) about.st_size, at = HEADER_BYTES, end = HEADER_BYTES;
  gint64 last_pts_ns = -1;
  while (at < size)
    {
      AssayFilmRawFrame frame;
      if (!find_frame (fd, path, at, size, &frame, &at, error))
        return NULL;
      if (at >= size)
        break;
      at = end = frame.at + padded (frame.n_bytes);
      /* Two frames of one time could not be told apart: no writer of ours makes them. */
      if (frame.pts_ns > last_pts_ns)
        g_array_append_val (frames, frame);
      last_pts_ns = MAX (last_pts_ns, frame.pts_ns);
    }
  if (ret_end != NULL)
    *ret_end = end;
  return g_steal_pointer (&frames);
}

gboolean
assay_film_raw_read (int fd, const char *path, const AssayFilmRawFrame *frame, GByteArray *ret_bytes,
                     GError **error)
{
  gsize n = 0;
  g_byte_array_set_size (ret_bytes, (guint) frame->n_bytes);
  if (!read_at (fd, path, frame->at, ret_bytes->data, frame->n_bytes, &n, error))
    return FALSE;
  return (n == frame->n_bytes && sum_of (ret_bytes->data, n) == frame->sum)
         || assay_error_bad_data (error,
                                  "reading %s: the frame at %" G_GINT64_FORMAT
                                  " ns is damaged: its bytes are not those that were recorded",
                                  path, frame->pts_ns);
}

/* --- mending --- */

/* Frames with all their bytes; `ret_end`: where the last of those ends. */
static gboolean
count_whole (int fd, const char *path, guint64 *ret_frames, guint64 *ret_end, GError **error)
{
  g_autoptr (GArray) frames = assay_film_raw_scan (fd, path, NULL, error);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  if (frames == NULL)
    return FALSE;
  *ret_frames = 0;
  *ret_end = HEADER_BYTES;
  for (guint i = 0; i < frames->len; i++)
    {
      const AssayFilmRawFrame *frame = &g_array_index (frames, AssayFilmRawFrame, i);
      g_autoptr (GError) damaged = NULL;
      if (assay_film_raw_read (fd, path, frame, bytes, &damaged))
        {
          ++*ret_frames;
          *ret_end = frame->at + padded (frame->n_bytes);
        }
      else if (!g_error_matches (damaged, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA))
        {
          g_propagate_error (error, g_steal_pointer (&damaged));
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
mend (int fd, const char *path, guint64 *ret_frames, guint64 *ret_lost_bytes, GError **error)
{
  AssayFilmFormat format;
  struct stat about;
  guint64 frames, end;
  if (!assay_film_raw_read_format (fd, path, &format, error) || !count_whole (fd, path, &frames, &end, error))
    return FALSE;
  if (frames == 0)
    return assay_error_bad_data (error, "mending %s: there is not one whole frame in it", path);
  /* The last frame may lack its padding: then the file grows by some zeros. */
  if (fstat (fd, &about) != 0
      || ((guint64) about.st_size != end && (ftruncate (fd, (off_t) end) != 0 || fsync (fd) != 0)))
    {
      assay_error_set_errno (error, errno, "mending %s", path);
      return FALSE;
    }
  *ret_frames = frames;
  *ret_lost_bytes = (guint64) about.st_size > end ? (guint64) about.st_size - end : 0;
  return TRUE;
}

static gboolean
repair (const char *path, guint64 *ret_frames, guint64 *ret_lost_bytes, GError **error)
{
  int fd = open (path, O_RDWR | O_CLOEXEC);
  if (fd < 0)
    {
      assay_error_set_errno (error, errno, "mending %s", path);
      return FALSE;
    }
  gboolean mended = mend (fd, path, ret_frames, ret_lost_bytes, error);
  close (fd);
  return mended;
}

const AssayFilmSink assay_film_sink_raw = {
  .type = "film",
  .unit_ns = 1,
  .begin = begin,
  .add = add,
  .free = free_nothing,
  .repair = repair,
};
