/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sound.h"

#include "core/error.h"
#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include <sndfile.h>

#define NS_PER_S G_GINT64_CONSTANT (1000000000)

enum
{
  BLOCK_SAMPLES = 16384,
  MAX_CHANNELS = 64
};

struct _AssaySoundWriter
{
  SNDFILE *file;
  int fd;
  char *path;
  guint rate_hz, channels;
  gint64 n_samples;
  int *block;
};

static void
set_write_error (SNDFILE *file, int errnum, const char *path, GError **error)
{
  if (errnum != 0)
    assay_error_set_errno (error, errnum, "writing %s", path);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_IO, "writing %s: %s", path, sf_strerror (file));
}

/* Nothing that exists is ever written over. */
static int
create_file (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0 && errno == EEXIST)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT, "recording to %s: it exists; choose another name", path);
  else if (fd < 0)
    assay_error_set_errno (error, errno, "recording to %s", path);
  return fd;
}

static gboolean
begin_file (AssaySoundWriter *writer, GError **error)
{
  SF_INFO info = { .samplerate = (int) writer->rate_hz,
                   .channels = (int) writer->channels,
                   .format = SF_FORMAT_RF64 | SF_FORMAT_PCM_24 };
  g_autofree char *folder = g_path_get_dirname (writer->path);
  writer->file = writer->channels <= MAX_CHANNELS ? sf_open_fd (writer->fd, SFM_WRITE, &info, FALSE) : NULL;
  if (writer->file == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "recording to %s: %u channels at %u Hz cannot be written", writer->path, writer->channels,
                   writer->rate_hz);
      return FALSE;
    }
  sf_command (writer->file, SFC_RF64_AUTO_DOWNGRADE, NULL, SF_TRUE);
  /* The new name, too, must outlast a power cut. */
  return assay_folder_sync (folder, error);
}

AssaySoundWriter *
assay_sound_writer_new (const char *path, guint rate_hz, guint channels, GError **error)
{
  int fd = create_file (path, error);
  if (fd < 0)
    return NULL;
  g_autoptr (AssaySoundWriter) writer = g_new0 (AssaySoundWriter, 1);
  writer->fd = fd;
  writer->path = g_strdup (path);
  writer->rate_hz = rate_hz;
  writer->channels = channels;
  writer->block = g_new (int, (gsize) BLOCK_SAMPLES *channels);
  if (begin_file (writer, error))
    return g_steal_pointer (&writer);
  unlink (path);
  return NULL;
}

static void
to_ascii (char *ret_text, gsize size, const char *text)
{
  gsize n = 0;
  for (const char *at = text != NULL ? text : ""; *at != '\0' && n < size; at = g_utf8_next_char (at))
    ret_text[n++] = *at >= 0x20 && *at < 0x7f ? *at : '?';
}

/* Fields of fixed length, filled up with zeros, without one at the end when they are full: as the standard has it.
 */
gboolean
assay_sound_writer_set_origin (AssaySoundWriter *writer, gint64 realtime_ns, const char *description,
                               const char *reference, GError **error)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (realtime_ns / NS_PER_S);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  SF_BROADCAST_INFO info = { .version = 1 };
  if (local == NULL)
    return assay_error_bad_data (error, "recording to %s: the time of its first sample is no date", writer->path);
  g_autofree char *date = g_date_time_format (local, "%Y-%m-%d"), *time = g_date_time_format (local, "%H:%M:%S"),
                  *history = g_strdup_printf ("A=PCM,F=%u,W=24,M=%s,T=Assay " ASSAY_VERSION "\r\n", writer->rate_hz,
                                              writer->channels == 1   ? "mono"
                                              : writer->channels == 2 ? "stereo"
                                                                      : "multi");
  gint64 second
      = g_date_time_get_hour (local) * 3600 + g_date_time_get_minute (local) * 60 + g_date_time_get_second (local);
  guint64 reference_samples = (guint64) second * writer->rate_hz
                              + (guint64) llround ((double) (realtime_ns % NS_PER_S) * writer->rate_hz / 1e9);
  to_ascii (info.description, sizeof info.description, description);
  to_ascii (info.originator, sizeof info.originator, "Assay " ASSAY_VERSION);
  to_ascii (info.originator_reference, sizeof info.originator_reference, reference);
  memcpy (info.origination_date, date, sizeof info.origination_date);
  memcpy (info.origination_time, time, sizeof info.origination_time);
  memcpy (info.coding_history, history, strlen (history));
  info.coding_history_size = (guint32) strlen (history);
  info.time_reference_low = (guint32) reference_samples;
  info.time_reference_high = (guint32) (reference_samples >> 32);
  if (sf_command (writer->file, SFC_SET_BROADCAST_INFO, &info, sizeof info) == SF_TRUE)
    return TRUE;
  set_write_error (writer->file, 0, writer->path, error);
  return FALSE;
}

/* libsndfile multiplies floats by 2^23 - 1 but divides by 2^23; this way every 16 or 24-bit sample comes back as it
 * was. */
static int
to_integer (float sample)
{
  double scaled = (double) sample * 2147483648.0;
  return isnan (scaled) ? 0 : (int) lrint (CLAMP (scaled, -2147483648.0, 2147483392.0));
}

gboolean
assay_sound_writer_add (AssaySoundWriter *writer, const float *samples, gint64 n_samples, GError **error)
{
  while (n_samples > 0)
    {
      gint64 n = MIN (n_samples, BLOCK_SAMPLES);
      for (gint64 i = 0; i < n * writer->channels; i++)
        writer->block[i] = to_integer (samples[i]);
      errno = 0;
      if (sf_writef_int (writer->file, writer->block, n) != n)
        {
          set_write_error (writer->file, errno, writer->path, error);
          return FALSE;
        }
      samples += n * writer->channels;
      writer->n_samples += n;
      n_samples -= n;
    }
  return TRUE;
}

gboolean
assay_sound_writer_add_silence (AssaySoundWriter *writer, gint64 n_samples, GError **error)
{
  if (n_samples <= 0)
    return TRUE;
  gint64 last = writer->n_samples + n_samples - 1;
  memset (writer->block, 0, sizeof *writer->block * writer->channels);
  errno = 0;
  if (sf_seek (writer->file, last, SEEK_SET) != last || sf_writef_int (writer->file, writer->block, 1) != 1)
    {
      set_write_error (writer->file, errno, writer->path, error);
      return FALSE;
    }
  writer->n_samples += n_samples;
  return TRUE;
}

int
assay_sound_writer_dup_fd (AssaySoundWriter *writer, GError **error)
{
  sf_command (writer->file, SFC_UPDATE_HEADER_NOW, NULL, 0);
  return assay_file_dup (writer->fd, writer->path, error);
}

gboolean
assay_sound_writer_flush (AssaySoundWriter *writer, GError **error)
{
  sf_command (writer->file, SFC_UPDATE_HEADER_NOW, NULL, 0);
  if (fsync (writer->fd) == 0)
    return TRUE;
  assay_error_set_errno (error, errno, "writing %s", writer->path);
  return FALSE;
}

gboolean
assay_sound_writer_close (AssaySoundWriter *writer, GError **error)
{
  gboolean flushed = assay_sound_writer_flush (writer, error);
  errno = 0;
  if (sf_close (g_steal_pointer (&writer->file)) != SF_ERR_NO_ERROR && flushed)
    {
      set_write_error (NULL, errno, writer->path, error);
      flushed = FALSE;
    }
  if (flushed && fsync (writer->fd) != 0)
    {
      assay_error_set_errno (error, errno, "writing %s", writer->path);
      flushed = FALSE;
    }
  assay_sound_writer_free (writer);
  return flushed;
}

void
assay_sound_writer_free (AssaySoundWriter *writer)
{
  if (writer == NULL)
    return;
  if (writer->file != NULL)
    sf_close (writer->file);
  close (writer->fd);
  g_free (writer->block);
  g_free (writer->path);
  g_free (writer);
}
