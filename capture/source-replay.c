/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture/source-replay.c - a folder of pictures or a film as a camera, a WAV or FLAC file as a microphone, at the
 * pace of the real thing: "replay:/path". JPEG files pass byte for byte, as from an MJPEG camera, damaged ones too.
 * It stands in for a device where decoding may take its time, so unlike a driver's source it allocates while it
 * runs. */
#include "capture/source.h"

#include "core/clock.h"
#include "core/error.h"
#include "core/film.h"
#include "core/picture.h"
#include "core/sound.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCKS_PER_S 100
#define FOLDER_FPS 30.0

static const AssayOption options[] = {
  { "fps", ASSAY_OPTION_DOUBLE, "0", 0, 1000, NULL, "frames a second; 0: the film's own, 30 for a folder" },
  { "loop", ASSAY_OPTION_BOOL, "false", 0, 0, NULL, "begins again at the end (folders)" },
  { NULL },
};

struct _AssayDevice
{
  char *path;
  AssayStreamFormat format;
  gint64 start_ns;
  guint64 number; /* frames, or samples, given so far */
  gboolean loop;
  int wake_fd;
  int (*read) (AssayDevice *device, AssayFrame *frame, gint64 *ret_due_ns); /* since the start */

  GPtrArray *files; /* folder: of char *, in order */
  AssayFilm *film;
  AssaySoundReader *sound;
  AssayPicture *picture; /* the one that is lent */
  char *bytes;
  float *samples;
};

static gboolean
probe (GPtrArray *infos, GError **error)
{
  return TRUE; /* there is one wherever there is a path */
}

/* --- a folder
 * ----------------------------------------------------------------------------------------------------- */

static gboolean
is_jpeg (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  return g_str_has_suffix (lower, ".jpg") || g_str_has_suffix (lower, ".jpeg");
}

static gboolean
is_picture (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  return is_jpeg (path) || g_str_has_suffix (lower, ".png");
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static GPtrArray *
list_pictures (const char *folder)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) listing = g_dir_open (folder, 0, NULL);
  const char *name;
  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    if (is_picture (name))
      g_ptr_array_add (files, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (files, compare_names);
  return files;
}

static const char *
next_file (AssayDevice *device)
{
  if (device->number >= device->files->len && !device->loop)
    return NULL;
  return device->files->pdata[device->number % device->files->len];
}

static gint64
folder_due_ns (const AssayDevice *device)
{
  return (gint64) ((double) device->number * 1e9 / device->format.fps);
}

static int
read_jpeg (AssayDevice *device, AssayFrame *frame, gint64 *ret_due_ns)
{
  const char *path = next_file (device);
  gsize n_bytes = 0;
  g_clear_pointer (&device->bytes, g_free);
  if (path == NULL)
    return -ENODATA;
  if (!g_file_get_contents (path, &device->bytes, &n_bytes, NULL))
    return -EIO;
  frame->data = (const guint8 *) device->bytes;
  frame->n_bytes = n_bytes;
  frame->flags = n_bytes == 0 ? ASSAY_FRAME_SHORT : 0;
  *ret_due_ns = folder_due_ns (device);
  return 0;
}

/* One size for all, as from a camera: a picture of another size is no frame of this one. */
static void
lend_picture (AssayDevice *device, AssayFrame *frame)
{
  const AssayPicture *picture = device->picture;
  gboolean fits = picture != NULL && picture->width_px == device->format.pixels.width_px
                  && picture->height_px == device->format.pixels.height_px;
  frame->data = fits ? picture->data : (const guint8 *) "";
  frame->n_bytes = fits ? picture->stride * picture->height_px : 0;
  frame->flags = fits ? 0 : ASSAY_FRAME_ERROR;
}

static AssayPicture *
load_rgb (const char *path, GError **error)
{
  g_autoptr (AssayPicture) picture = assay_picture_load (path, error);
  return picture != NULL ? assay_picture_to_rgb8 (picture) : NULL;
}

static int
read_picture (AssayDevice *device, AssayFrame *frame, gint64 *ret_due_ns)
{
  const char *path = next_file (device);
  g_clear_pointer (&device->picture, assay_picture_unref);
  if (path == NULL)
    return -ENODATA;
  device->picture = load_rgb (path, NULL);
  lend_picture (device, frame);
  *ret_due_ns = folder_due_ns (device);
  return 0;
}

static void
take_picture_format (AssayDevice *device, const AssayPicture *picture)
{
  device->format.pixels.fourcc = ASSAY_FOURCC ('R', 'G', 'B', '3');
  device->format.pixels.width_px = picture->width_px;
  device->format.pixels.height_px = picture->height_px;
  device->format.pixels.bytes_per_line = (guint) picture->stride;
  device->format.max_bytes = picture->stride * picture->height_px;
  device->format.pixels.colorspace = 8;   /* sRGB */
  device->format.pixels.quantization = 1; /* full */
}

static gboolean
open_folder (AssayDevice *device, double fps, GError **error)
{
  device->files = list_pictures (device->path);
  if (device->files->len == 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   "replaying %s: there are no pictures in it; name a folder of PNG or JPEG files", device->path);
      return FALSE;
    }
  gboolean jpeg = TRUE;
  for (guint i = 0; i < device->files->len; i++)
    {
      GStatBuf facts;
      jpeg = jpeg && is_jpeg (device->files->pdata[i]);
      if (g_stat (device->files->pdata[i], &facts) == 0)
        device->format.max_bytes = MAX (device->format.max_bytes, (gsize) facts.st_size);
    }
  device->format.fps = fps > 0 ? fps : FOLDER_FPS;
  device->read = jpeg ? read_jpeg : read_picture;
  g_autoptr (AssayPicture) first = load_rgb (device->files->pdata[0], jpeg ? NULL : error);
  if (first == NULL && !jpeg)
    return FALSE;
  gsize largest_file = device->format.max_bytes;
  if (first != NULL)
    take_picture_format (device, first);
  if (jpeg)
    {
      device->format.pixels.fourcc = ASSAY_FOURCC ('M', 'J', 'P', 'G');
      device->format.pixels.bytes_per_line = 0;
      device->format.max_bytes = largest_file;
    }
  return TRUE;
}

/* --- a film
 * ------------------------------------------------------------------------------------------------------- */

static int
read_film (AssayDevice *device, AssayFrame *frame, gint64 *ret_due_ns)
{
  gint64 pts_ns = 0;
  g_autoptr (GError) error = NULL;
  g_clear_pointer (&device->picture, assay_picture_unref);
  device->picture = assay_film_next (device->film, &pts_ns, &error);
  if (device->picture == NULL)
    return error != NULL ? -EIO : -ENODATA;
  lend_picture (device, frame);
  *ret_due_ns = pts_ns;
  return 0;
}

static gboolean
open_film (AssayDevice *device, GError **error)
{
  device->film = assay_film_open (device->path, error);
  if (device->film == NULL)
    return FALSE;
  const AssayFilmFacts *facts = assay_film_get_facts (device->film);
  g_autoptr (AssayPicture) like = assay_picture_new (facts->width_px, facts->height_px, ASSAY_PIXELS_RGB8);
  if (like == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "replaying %s: its pictures are too large",
                   device->path);
      return FALSE;
    }
  take_picture_format (device, like);
  device->format.fps = facts->duration_ns > 0 ? (double) facts->n_frames * 1e9 / (double) facts->duration_ns : 0;
  device->read = read_film;
  return TRUE;
}

/* --- sound
 * -------------------------------------------------------------------------------------------------------- */

static int
read_sound (AssayDevice *device, AssayFrame *frame, gint64 *ret_due_ns)
{
  gint64 block = device->format.rate_hz / BLOCKS_PER_S;
  gint64 n = assay_sound_reader_read (device->sound, (gint64) device->number, block, device->samples, NULL);
  if (n <= 0)
    return n < 0 ? -EIO : -ENODATA;
  frame->data = (const guint8 *) device->samples;
  frame->n_bytes = sizeof (float) * (gsize) n * device->format.channels;
  frame->n_samples = (guint32) n;
  *ret_due_ns = (gint64) ((double) device->number * 1e9 / device->format.rate_hz);
  return 0;
}

static gboolean
open_sound (AssayDevice *device, GError **error)
{
  device->sound = assay_sound_reader_new (device->path, error);
  if (device->sound == NULL)
    return FALSE;
  const AssaySoundFacts *facts = assay_sound_reader_get_facts (device->sound);
  device->format.rate_hz = facts->rate_hz;
  device->format.channels = facts->channels;
  device->format.max_bytes = sizeof (float) * facts->channels * MAX (facts->rate_hz / BLOCKS_PER_S, 1);
  device->samples = g_malloc (device->format.max_bytes);
  device->read = read_sound;
  return TRUE;
}

/* --- the source
 * --------------------------------------------------------------------------------------------------- */

static void
close_device (AssayDevice *device)
{
  if (device == NULL)
    return;
  if (device->wake_fd >= 0)
    close (device->wake_fd);
  g_clear_pointer (&device->files, g_ptr_array_unref);
  assay_film_close (device->film);
  assay_sound_reader_free (device->sound);
  g_clear_pointer (&device->picture, assay_picture_unref);
  g_free (device->bytes);
  g_free (device->samples);
  g_free (device->path);
  g_free (device);
}

static gboolean
is_sound (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  return g_str_has_suffix (lower, ".wav") || g_str_has_suffix (lower, ".flac");
}

static AssayDevice *
open_device (const char *device_id, const AssayOptions *values, GError **error)
{
  AssayDevice *device = g_new0 (AssayDevice, 1);
  device->path = g_strdup (assay_source_get_rest (device_id));
  device->loop = assay_options_get_bool (values, "loop");
  device->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  double fps = assay_options_get_double (values, "fps");
  gboolean good;
  if (g_file_test (device->path, G_FILE_TEST_IS_DIR))
    good = open_folder (device, fps, error);
  else if (is_sound (device->path))
    good = open_sound (device, error);
  else
    good = open_film (device, error);
  if (!good)
    g_clear_pointer (&device, close_device);
  return device;
}

static const AssayStreamFormat *
get_format (const AssayDevice *device)
{
  return &device->format;
}

static gboolean
start (AssayDevice *device, GError **error)
{
  device->start_ns = assay_clock_now_ns ();
  return TRUE;
}

static int
next (AssayDevice *device, int timeout_ms, AssayFrame *ret_frame)
{
  AssayFrame frame = { .sequence = device->number };
  gint64 due_ns = 0;
  int got = device->read (device, &frame, &due_ns);
  if (got != 0)
    return got;
  frame.stamp_ns = device->start_ns + due_ns;
  gint64 length_ns = frame.n_samples * G_GINT64_CONSTANT (1000000000) / MAX (device->format.rate_hz, 1);
  /* The frame is read already, so it is waited for to the end. */
  int waited = assay_clock_wait_until (frame.stamp_ns + length_ns, device->wake_fd, -1);
  if (waited != 0)
    return waited;
  device->number += frame.n_samples > 0 ? frame.n_samples : 1;
  frame.arrived_ns = assay_clock_now_ns ();
  *ret_frame = frame;
  return 0;
}

static void
wake (AssayDevice *device)
{
  guint64 once = 1;
  (void) !write (device->wake_fd, &once, sizeof once);
}

const AssaySource assay_source_replay = {
  .id = "replay",
  .title = "Recordings, played again as a device",
  .stand_in = TRUE,
  .options = options,
  .probe = probe,
  .open = open_device,
  .get_format = get_format,
  .start = start,
  .next = next,
  .wake = wake,
  .close = close_device,
};
