/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sound.h"

#include "core/error.h"
#include "core/file.h"
#include "core/sound-repair.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sndfile.h>

enum
{
  BLOCK_SAMPLES = 16384,
  MAX_CHANNELS = 64
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SNDFILE, sf_close)

/* A file as it would be had its recorder closed it: another head before the samples that are there. */
typedef struct
{
  int fd;
  guint8 *head;
  gint64 n_head, n_file, at;
} Mended;

struct _AssaySoundReader
{
  SNDFILE *file;
  Mended *mended; /* (nullable) outlives `file` */
  char *path;
  int format;
  AssaySoundFacts facts;
};

static const char *
type_of (int format)
{
  switch (format & SF_FORMAT_TYPEMASK)
    {
    case SF_FORMAT_WAV:
    case SF_FORMAT_WAVEX:
    case SF_FORMAT_RF64:
      return "wav";
    case SF_FORMAT_FLAC:
      return "flac";
    default:
      return NULL;
    }
}

/* Samples a channel that can be decoded; FALSE when the data are damaged on the way. */
static gboolean
count_samples (SNDFILE *file, guint channels, const char *path, gint64 *ret_n, GError **error)
{
  g_autofree float *block = g_new (float, (gsize) BLOCK_SAMPLES *channels);
  gint64 n = 0, got;
  while ((got = sf_readf_float (file, block, BLOCK_SAMPLES)) > 0)
    n += got;
  if (sf_error (file) != SF_ERR_NO_ERROR)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "reading %s: damaged after sample %" G_GINT64_FORMAT ": %s; get it again from where it came",
                   path, n, sf_strerror (file));
      return FALSE;
    }
  if (sf_seek (file, 0, SEEK_SET) != 0 && n > 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading %s: cannot go back to its start: %s", path,
                   sf_strerror (file));
      return FALSE;
    }
  *ret_n = n;
  return TRUE;
}

/* --- a header that tells of no sound, though sound follows: read as if it were mended ----------------------------- */

static sf_count_t
mended_length (void *data)
{
  return ((Mended *) data)->n_file;
}

static sf_count_t
mended_seek (sf_count_t offset, int whence, void *data)
{
  Mended *mended = data;
  gint64 from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? mended->at : mended->n_file;
  return mended->at = CLAMP (from + offset, 0, mended->n_file);
}

static sf_count_t
mended_tell (void *data)
{
  return ((Mended *) data)->at;
}

static sf_count_t
mended_read (void *to, sf_count_t n_bytes, void *data)
{
  Mended *mended = data;
  gint64 done = MIN (n_bytes, MAX (mended->n_head - mended->at, 0));
  memcpy (to, mended->head + MIN (mended->at, mended->n_head), (gsize) done);
  for (ssize_t n = 1; n > 0 && done < n_bytes; done += MAX (n, 0))
    do
      n = pread (mended->fd, (guint8 *) to + done, (gsize) (n_bytes - done), mended->at + done);
    while (n < 0 && errno == EINTR);
  mended->at += done;
  return done;
}

static sf_count_t
mended_write (const void *from, sf_count_t n_bytes, void *data)
{
  return 0;
}

static void
mended_free (Mended *mended)
{
  if (mended == NULL)
    return;
  close (mended->fd);
  g_free (mended->head);
  g_free (mended);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mended, mended_free)

/* NULL: nothing to mend, or nothing that can be. What is claimed short of the end is left alone: it may be no sound. */
static Mended *
mend (const char *path, AssayWave *ret_wave)
{
  g_autoptr (Mended) mended = g_new0 (Mended, 1);
  mended->fd = open (path, O_RDONLY | O_CLOEXEC);
  if (mended->fd < 0 || !assay_wave_look (mended->fd, path, ret_wave, NULL))
    return NULL;
  if (!ret_wave->wrong || ret_wave->n_claimed != 0 || ret_wave->n_there == 0)
    return NULL;
  mended->head = assay_wave_mend_head (mended->fd, path, ret_wave, NULL);
  mended->n_head = ret_wave->data_at;
  mended->n_file = ret_wave->data_at + ret_wave->n_there * ret_wave->align;
  return mended->head != NULL ? g_steal_pointer (&mended) : NULL;
}

static SNDFILE *
open_file (const char *path, Mended *mended, SF_INFO *ret_info, GError **error)
{
  static SF_VIRTUAL_IO mended_io = { mended_length, mended_seek, mended_read, mended_write, mended_tell };
  /* libsndfile says "System error" for a file that is not there. */
  if (g_access (path, R_OK) != 0)
    {
      assay_error_set_errno (error, errno, "reading %s", path);
      return NULL;
    }
  SF_INFO info = { 0 };
  g_autoptr (SNDFILE) file
      = mended != NULL ? sf_open_virtual (&mended_io, SFM_READ, &info, mended) : sf_open (path, SFM_READ, &info);
  if (file == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading %s: %s; only WAV and FLAC are read", path,
                   sf_strerror (NULL));
      return NULL;
    }
  if (type_of (info.format) == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "reading %s: it is neither WAV nor FLAC; convert it to one of them", path);
      return NULL;
    }
  if (info.channels < 1 || info.channels > MAX_CHANNELS || info.samplerate < 1)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "reading %s: it claims %d channels at %d Hz; up to %d channels are read", path, info.channels,
                   info.samplerate, MAX_CHANNELS);
      return NULL;
    }
  *ret_info = info;
  return g_steal_pointer (&file);
}

static AssaySoundReader *
reader_new (const char *path, gboolean thorough, GError **error)
{
  SF_INFO info;
  AssayWave wave = { 0 };
  g_autoptr (Mended) mended = mend (path, &wave);
  g_autoptr (SNDFILE) file = open_file (path, mended, &info, error);
  if (file == NULL)
    return NULL;
  gint64 n_samples = info.frames;
  /* A FLAC that was streamed does not know its length. */
  gboolean unknown = n_samples <= 0 || n_samples > G_MAXINT64 / (MAX_CHANNELS * 8);
  if ((thorough || unknown) && !count_samples (file, (guint) info.channels, path, &n_samples, error))
    return NULL;
  AssaySoundReader *reader = g_new0 (AssaySoundReader, 1);
  *reader = (AssaySoundReader){
    .file = g_steal_pointer (&file),
    .path = g_strdup (path),
    .format = info.format,
    .mended = g_steal_pointer (&mended),
    .facts = { type_of (info.format), (guint) info.samplerate, (guint) info.channels, n_samples,
               wave.wrong ? wave.n_claimed : -1 },
  };
  return reader;
}

gboolean
assay_sound_probe (const char *path, gboolean thorough, AssaySoundFacts *ret_facts, GError **error)
{
  g_autoptr (AssaySoundReader) reader = reader_new (path, thorough, error);
  if (reader == NULL)
    return FALSE;
  if (reader->facts.n_samples == 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading %s: there is no sound in it", path);
      return FALSE;
    }
  *ret_facts = reader->facts;
  return TRUE;
}

AssaySoundReader *
assay_sound_reader_new (const char *path, GError **error)
{
  return reader_new (path, FALSE, error);
}

void
assay_sound_reader_free (AssaySoundReader *reader)
{
  if (reader == NULL)
    return;
  sf_close (reader->file);
  mended_free (reader->mended);
  g_free (reader->path);
  g_free (reader);
}

const AssaySoundFacts *
assay_sound_reader_get_facts (const AssaySoundReader *reader)
{
  return &reader->facts;
}

static gboolean
seek (AssaySoundReader *reader, gint64 start, GError **error)
{
  if (sf_seek (reader->file, start, SEEK_SET) == start)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading %s: cannot go to sample %" G_GINT64_FORMAT ": %s",
               reader->path, start, sf_strerror (reader->file));
  return FALSE;
}

gint64
assay_sound_reader_read (AssaySoundReader *reader, gint64 start, gint64 n_samples, float *ret_samples,
                         GError **error)
{
  if (start < 0 || start >= reader->facts.n_samples || n_samples <= 0)
    return 0;
  if (!seek (reader, start, error))
    return -1;
  gint64 got = sf_readf_float (reader->file, ret_samples, MIN (n_samples, reader->facts.n_samples - start));
  if (sf_error (reader->file) != SF_ERR_NO_ERROR)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading %s at sample %" G_GINT64_FORMAT ": %s",
                   reader->path, start, sf_strerror (reader->file));
      return -1;
    }
  /* Float files may hold NaN, which would spoil every sum after it. */
  for (gint64 i = 0; i < got * reader->facts.channels; i++)
    if (!isfinite (ret_samples[i]))
      ret_samples[i] = 0;
  return got;
}

/* One column's extremes and its sum of squares, from channel-averaged samples. */
static gboolean
measure_column (AssaySoundReader *reader, gint64 start, gint64 end, float *block, AssaySoundPeak *ret_peak,
                GError **error)
{
  guint channels = reader->facts.channels;
  double squares = 0;
  float low = INFINITY, high = -INFINITY;
  gint64 at = start;
  while (at < end)
    {
      gint64 got = assay_sound_reader_read (reader, at, MIN (end - at, BLOCK_SAMPLES), block, error);
      if (got < 0)
        return FALSE;
      if (got == 0)
        break;
      for (gint64 i = 0; i < got; i++)
        {
          float mean = 0;
          for (guint c = 0; c < channels; c++)
            mean += block[i * channels + c] / (float) channels;
          low = MIN (low, mean);
          high = MAX (high, mean);
          squares += (double) mean * mean;
        }
      at += got;
    }
  *ret_peak = at > start ? (AssaySoundPeak){ low, high, (float) sqrt (squares / (double) (at - start)) }
                         : (AssaySoundPeak){ 0 };
  return TRUE;
}

gboolean
assay_sound_reader_peaks (AssaySoundReader *reader, gint64 start, gint64 end, guint n_columns,
                          AssaySoundPeak *ret_peaks, GError **error)
{
  g_autofree float *block = g_new (float, (gsize) BLOCK_SAMPLES * reader->facts.channels);
  double step = (double) (end - start) / n_columns;
  for (guint i = 0; i < n_columns; i++)
    {
      gint64 from = start + (gint64) (i * step), to = start + (gint64) ((i + 1) * step);
      /* Zoomed in past one sample a column, neighbours show the same sample. */
      if (!measure_column (reader, from, MAX (to, from + 1), block, &ret_peaks[i], error))
        return FALSE;
    }
  return TRUE;
}

static int
depth_of_copy (int subtype, gboolean flac)
{
  switch (subtype)
    {
    case SF_FORMAT_PCM_24:
      return SF_FORMAT_PCM_24;
    case SF_FORMAT_PCM_32:
      return flac ? SF_FORMAT_PCM_24 : SF_FORMAT_PCM_32;
    case SF_FORMAT_FLOAT:
    case SF_FORMAT_DOUBLE:
      return flac ? SF_FORMAT_PCM_24 : subtype;
    default:
      return SF_FORMAT_PCM_16;
    }
}

static void
set_write_error (SNDFILE *file, int errnum, const char *path, GError **error)
{
  if (errnum != 0)
    assay_error_set_errno (error, errnum, "writing %s", path);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_IO, "writing %s: %s", path, sf_strerror (file));
}

/* Whole numbers pass through 32 bits and floats through doubles: both without loss. */
static gboolean
copy_samples (AssaySoundReader *reader, gint64 n, gboolean floats, SNDFILE *to, const char *out, GError **error)
{
  guint channels = reader->facts.channels;
  g_autofree double *numbers = g_new (double, (gsize) BLOCK_SAMPLES *channels);
  g_autofree int *integers = g_new (int, (gsize) BLOCK_SAMPLES *channels);
  while (n > 0)
    {
      gint64 want = MIN (n, BLOCK_SAMPLES);
      gint64 got
          = floats ? sf_readf_double (reader->file, numbers, want) : sf_readf_int (reader->file, integers, want);
      if (got <= 0)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                       "reading %s: it ends %" G_GINT64_FORMAT " samples too early", reader->path, n);
          return FALSE;
        }
      errno = 0;
      gint64 put = floats ? sf_writef_double (to, numbers, got) : sf_writef_int (to, integers, got);
      if (put != got)
        {
          set_write_error (to, errno, out, error);
          return FALSE;
        }
      n -= got;
    }
  return TRUE;
}

static gboolean
put_silence (guint channels, gint64 n, SNDFILE *to, const char *out, GError **error)
{
  g_autofree int *nothing = g_new0 (int, (gsize) BLOCK_SAMPLES *channels);
  while (n > 0)
    {
      gint64 want = MIN (n, BLOCK_SAMPLES);
      errno = 0;
      if (sf_writef_int (to, nothing, want) != want)
        {
          set_write_error (to, errno, out, error);
          return FALSE;
        }
      n -= want;
    }
  return TRUE;
}

/* `gaps`: (nullable) */
static gboolean
copy_filled (AssaySoundReader *reader, gint64 start, gint64 end, const GArray *gaps, gboolean floats, SNDFILE *to,
             const char *out, GError **error)
{
  gint64 at = start;
  for (guint i = 0; gaps != NULL && i < gaps->len; i++)
    {
      const AssaySoundGap *gap = &g_array_index (gaps, AssaySoundGap, i);
      if (gap->at <= start || gap->at >= end)
        continue;
      if (!copy_samples (reader, gap->at - at, floats, to, out, error)
          || !put_silence (reader->facts.channels, gap->missing, to, out, error))
        return FALSE;
      at = gap->at;
    }
  return copy_samples (reader, end - at, floats, to, out, error);
}

static gboolean
copy_to_fd (AssaySoundReader *reader, gint64 start, gint64 end, const GArray *gaps, const char *out, int fd,
            GError **error)
{
  gboolean flac = g_str_has_suffix (out, ".flac");
  int subtype = reader->format & SF_FORMAT_SUBMASK, depth = depth_of_copy (subtype, flac);
  gboolean floats = subtype == SF_FORMAT_FLOAT || subtype == SF_FORMAT_DOUBLE;
  /* RF64 only where 32-bit sizes end: fewer programs read it. */
  gint64 n_samples = end - start + (gaps != NULL ? assay_sound_gaps_within (gaps, start, end) : 0);
  gboolean large = (guint64) n_samples * reader->facts.channels * 8 > G_MAXUINT32;
  SF_INFO info = {
    .samplerate = (int) reader->facts.rate_hz,
    .channels = (int) reader->facts.channels,
    .format = (flac    ? SF_FORMAT_FLAC
               : large ? SF_FORMAT_RF64
                       : SF_FORMAT_WAV)
              | depth,
  };
  g_autoptr (SNDFILE) to = sf_open_fd (fd, SFM_WRITE, &info, FALSE);
  if (to == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED, "writing %s: %s; write a .wav instead", out,
                   sf_strerror (NULL));
      return FALSE;
    }
  sf_command (to, SFC_SET_CLIPPING, NULL, SF_TRUE);
  /* A time stamp in the PEAK chunk would make equal sounds differ in bytes. */
  sf_command (to, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
  if (!seek (reader, start, error) || !copy_filled (reader, start, end, gaps, floats, to, out, error))
    return FALSE;
  errno = 0;
  int wrong = sf_close (g_steal_pointer (&to));
  if (wrong != SF_ERR_NO_ERROR)
    set_write_error (NULL, errno, out, error);
  return wrong == SF_ERR_NO_ERROR;
}

gboolean
assay_sound_copy_range (const char *path, gint64 start, gint64 end, const char *out, GError **error)
{
  return assay_sound_copy_filled (path, start, end, NULL, out, error);
}

gboolean
assay_sound_copy_filled (const char *path, gint64 start, gint64 end, const GArray *gaps, const char *out,
                         GError **error)
{
  g_autoptr (AssaySoundReader) reader = reader_new (path, FALSE, error);
  if (reader == NULL)
    return FALSE;
  if (start < 0 || end <= start || end > reader->facts.n_samples)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "copying samples %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " of %s: it has %" G_GINT64_FORMAT,
                   start, end, path, reader->facts.n_samples);
      return FALSE;
    }
  g_autofree char *folder = g_path_get_dirname (out);
  g_auto (AssayFileDraft) draft = ASSAY_FILE_DRAFT_INIT;
  return assay_file_draft_open (&draft, folder, error) && copy_to_fd (reader, start, end, gaps, out, draft.fd, error)
         && assay_file_draft_keep (&draft, out, 0644, error);
}
