/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/colour.h"
#include "core/error.h"
#include "core/film-raw.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>

typedef struct
{
  int fd;
  char *path;
  AssayFilmFormat format;
  GArray *frames; /* AssayFilmRawFrame, by rising time */
  guint next;
  GByteArray *bytes; /* of one frame */
} Raw;

static void
raw_free (gpointer data)
{
  Raw *raw = data;
  if (raw == NULL)
    return;
  if (raw->fd >= 0)
    close (raw->fd);
  g_clear_pointer (&raw->frames, g_array_unref);
  g_byte_array_unref (raw->bytes);
  g_free (raw->path);
  g_free (raw);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Raw, raw_free)

static const AssayFilmRawFrame *
get (const Raw *raw, guint index)
{
  return &g_array_index (raw->frames, AssayFilmRawFrame, index);
}

/* The last frame lasts as long as the device promised, or as the one before it. */
static gint64
duration_ns (const Raw *raw)
{
  guint last = raw->frames->len - 1;
  double fps = raw->format.fps;
  gint64 until_ns = get (raw, last)->pts_ns;
  gint64 length_ns = isfinite (fps) && fps > 1e-3 ? (gint64) (1e9 / fps)
                     : last > 0                   ? until_ns - get (raw, last - 1)->pts_ns
                                                  : 0;
  return until_ns <= G_MAXINT64 - length_ns ? until_ns + length_ns : until_ns;
}

static gboolean
check_format (const Raw *raw, GError **error)
{
  const AssayPixelFormat *pixels = &raw->format.pixels;
  return (pixels->width_px > 0 && pixels->height_px > 0 && pixels->width_px <= ASSAY_PICTURE_MAX_SIDE_PX
          && pixels->height_px <= ASSAY_PICTURE_MAX_SIDE_PX)
         || assay_error_bad_data (error, "reading %s: frames of %u x %u pixels are none", raw->path,
                                  pixels->width_px, pixels->height_px);
}

static gpointer
open_raw (const char *path, AssayFilmFacts *ret_facts, GError **error)
{
  char name[ASSAY_FOURCC_TEXT_SIZE];
  g_autoptr (Raw) raw = g_new0 (Raw, 1);
  raw->path = g_strdup (path);
  raw->bytes = g_byte_array_new ();
  raw->fd = open (path, O_RDONLY | O_CLOEXEC);
  if (raw->fd < 0)
    {
      assay_error_set_errno (error, errno, "reading %s", path);
      return NULL;
    }
  if (!assay_film_raw_read_format (raw->fd, path, &raw->format, error) || !check_format (raw, error)
      || (raw->frames = assay_film_raw_scan (raw->fd, path, NULL, error)) == NULL)
    return NULL;
  if (raw->frames->len == 0)
    {
      assay_error_bad_data (error, "reading %s: there is no frame in it", path);
      return NULL;
    }
  *ret_facts = (AssayFilmFacts){ .type = "film",
                                 .width_px = raw->format.pixels.width_px,
                                 .height_px = raw->format.pixels.height_px,
                                 .n_frames = raw->frames->len,
                                 .duration_ns = duration_ns (raw) };
  g_strlcpy (ret_facts->codec, assay_fourcc_to_text (raw->format.pixels.fourcc, name), sizeof ret_facts->codec);
  return g_steal_pointer (&raw);
}

static GArray *
list_frames (gpointer reader, GError **error)
{
  const Raw *raw = reader;
  GArray *list = g_array_sized_new (FALSE, FALSE, sizeof (gint64), raw->frames->len);
  for (guint i = 0; i < raw->frames->len; i++)
    g_array_append_val (list, get (raw, i)->pts_ns);
  return list;
}

static AssayPicture *
to_picture (Raw *raw, const AssayFilmRawFrame *frame, GError **error)
{
  if (!assay_film_raw_read (raw->fd, raw->path, frame, raw->bytes, error))
    return NULL;
  AssayPicture *picture = assay_colour_convert (&raw->format.pixels, raw->bytes->data, raw->bytes->len, error);
  if (picture == NULL)
    g_prefix_error (error, "reading %s: the frame at %" G_GINT64_FORMAT " ns: ", raw->path, frame->pts_ns);
  return picture;
}

static AssayPicture *
next_frame (gpointer reader, gint64 *ret_pts_ns, GError **error)
{
  Raw *raw = reader;
  if (raw->next >= raw->frames->len)
    return NULL;
  const AssayFilmRawFrame *frame = get (raw, raw->next++);
  AssayPicture *picture = to_picture (raw, frame, error);
  if (picture != NULL && ret_pts_ns != NULL)
    *ret_pts_ns = frame->pts_ns;
  return picture;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 left = ((const AssayFilmRawFrame *) a)->pts_ns, right = ((const AssayFilmRawFrame *) b)->pts_ns;
  return (left > right) - (left < right);
}

static AssayPicture *
get_frame (gpointer reader, gint64 pts_ns, GError **error)
{
  Raw *raw = reader;
  AssayFilmRawFrame wanted = { .pts_ns = pts_ns };
  guint index;
  if (!g_array_binary_search (raw->frames, &wanted, compare_times, &index))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "reading %s: no frame is at %" G_GINT64_FORMAT " ns",
                   raw->path, pts_ns);
      return NULL;
    }
  raw->next = index + 1;
  return to_picture (raw, get (raw, index), error);
}

static gboolean
get_format (gpointer reader, AssayFilmFormat *ret_format, GError **error)
{
  *ret_format = ((const Raw *) reader)->format;
  return TRUE;
}

static gboolean
next_bytes (gpointer reader, AssayFilmFrame *ret_frame, gint64 *ret_pts_ns, GError **error)
{
  Raw *raw = reader;
  if (raw->next >= raw->frames->len)
    return FALSE;
  const AssayFilmRawFrame *frame = get (raw, raw->next++);
  if (!assay_film_raw_read (raw->fd, raw->path, frame, raw->bytes, error))
    return FALSE;
  *ret_pts_ns = frame->pts_ns;
  *ret_frame = (AssayFilmFrame){ .data = raw->bytes->data,
                                 .n_bytes = raw->bytes->len,
                                 .stamp_ns = frame->stamp_ns,
                                 .sequence = frame->sequence,
                                 .flags = frame->flags };
  return TRUE;
}

const AssayFilmReader assay_film_reader_raw = {
  .open = open_raw,
  .close = raw_free,
  .list = list_frames,
  .next = next_frame,
  .get_frame = get_frame,
  .get_format = get_format,
  .next_bytes = next_bytes,
};
