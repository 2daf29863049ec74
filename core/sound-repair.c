/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sound-repair.h"

#include "core/error.h"
#include "core/file.h"
#include "core/little.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum
{
  MOST_HEAD = 1 << 20, /* a header with pictures in it is still smaller */
  DS64_BYTES = 28,     /* sizes of RIFF, data and samples, and a table without entries */
  PCM = 1,
  FLOAT = 3,
  EXTENSIBLE = 0xfffe
};

static void
append_u32 (GByteArray *bytes, guint64 value)
{
  guint32 little = GUINT32_TO_LE ((guint32) MIN (value, G_MAXUINT32));
  g_byte_array_append (bytes, (const guint8 *) &little, sizeof little);
}

static void
append_u64 (GByteArray *bytes, guint64 value)
{
  guint64 little = GUINT64_TO_LE (value);
  g_byte_array_append (bytes, (const guint8 *) &little, sizeof little);
}

/* All of [at, at + n_bytes), or FALSE at the end of the file. */
static gboolean
read_at (int fd, gint64 at, gpointer ret_bytes, gsize n_bytes)
{
  guint8 *to = ret_bytes;
  while (n_bytes > 0)
    {
      ssize_t n = pread (fd, to, n_bytes, at);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      to += n;
      at += n;
      n_bytes -= (gsize) n;
    }
  return TRUE;
}

/* --- looking ------------------------------------------------------------------------------------------------- */

static gboolean
is_name (const guint8 *id)
{
  for (guint i = 0; i < 4; i++)
    if (id[i] < 0x20 || id[i] > 0x7e)
      return FALSE;
  return TRUE;
}

/* Chunk after chunk right to the end of the file (a forgotten pad byte is forgiven): sound never looks like that.
 */
static gboolean
chunks_follow (int fd, gint64 at, gint64 end)
{
  guint8 head[8];
  while (at < end)
    {
      if (end - at == 1)
        return TRUE;
      if (!read_at (fd, at, head, sizeof head) || !is_name (head))
        return FALSE;
      gint64 n = assay_little_get32 (head + 4);
      at += 8 + n + (n & 1);
    }
  return at <= end + 1;
}

typedef struct
{
  guint format, align;
  guint64 large_bytes; /* of ds64 */
} Found;

static void
take_chunk (int fd, const guint8 *head, gint64 at, Found *found)
{
  guint8 body[40] = { 0 };
  gsize n = MIN (assay_little_get32 (head + 4), sizeof body);
  if (memcmp (head, "fmt ", 4) == 0 && n >= 16 && read_at (fd, at, body, n))
    {
      found->format = (guint) (body[0] | body[1] << 8);
      found->align = (guint) (body[12] | body[13] << 8);
      if (found->format == EXTENSIBLE && n >= 26)
        found->format = (guint) (body[24] | body[25] << 8);
    }
  if (memcmp (head, "ds64", 4) == 0 && n >= 16 && read_at (fd, at, body, n))
    found->large_bytes = assay_little_get64 (body + 8);
}

static void
judge (int fd, gint64 n_file, const guint8 *head, const Found *found, gboolean large, AssayWave *wave)
{
  guint64 claimed = assay_little_get32 (head + 4);
  if (large && claimed == G_MAXUINT32)
    claimed = found->large_bytes;
  gint64 there = n_file - wave->data_at;
  gboolean whole = claimed <= (guint64) there
                   && (chunks_follow (fd, wave->data_at + (gint64) claimed + (gint64) (claimed & 1), n_file)
                       || chunks_follow (fd, wave->data_at + (gint64) claimed, n_file));
  if (whole)
    there = (gint64) claimed;
  wave->align = found->align;
  wave->n_claimed = (gint64) MIN (claimed / found->align, G_MAXINT64);
  wave->n_there = there / found->align;
  wave->n_cut = (guint) (there % found->align);
  wave->wrong = !whole;
}

gboolean
assay_wave_look (int fd, const char *path, AssayWave *ret_wave, GError **error)
{
  guint8 head[12];
  struct stat about;
  Found found = { 0 };
  AssayWave wave = { 0 };
  if (fstat (fd, &about) != 0 || !read_at (fd, 0, head, sizeof head))
    return assay_error_bad_data (error, "reading %s: it ends within its header", path);
  gboolean large = memcmp (head, "RF64", 4) == 0 || memcmp (head, "BW64", 4) == 0;
  if ((!large && memcmp (head, "RIFF", 4) != 0) || memcmp (head + 8, "WAVE", 4) != 0)
    return assay_error_bad_data (error, "reading %s: it is no WAV file", path);
  for (gint64 at = sizeof head; at < MOST_HEAD && read_at (fd, at, head, 8);)
    {
      gint64 n = assay_little_get32 (head + 4);
      if (memcmp (head, "data", 4) != 0)
        {
          take_chunk (fd, head, at + 8, &found);
          at += 8 + n + (n & 1);
          continue;
        }
      wave.data_at = at + 8;
      if ((found.format != PCM && found.format != FLOAT) || found.align == 0)
        return assay_error_bad_data (error, "reading %s: its samples have no constant size", path);
      judge (fd, about.st_size, head, &found, large, &wave);
      *ret_wave = wave;
      return TRUE;
    }
  return assay_error_bad_data (error, "reading %s: its header does not say where the sound begins", path);
}

/* --- mending ------------------------------------------------------------------------------------------------- */

/* What is made anew, and what only fills. */
static gboolean
is_ours (const guint8 *id)
{
  static const char *const names[] = { "ds64", "JUNK", "junk", "PAD ", "FLLR", "fact" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (memcmp (id, names[i], 4) == 0)
      return TRUE;
  return FALSE;
}

static void
append_kept (GByteArray *out, const guint8 *old, gsize n_old)
{
  for (gsize at = 12; at + 8 < n_old;)
    {
      gsize n = assay_little_get32 (old + at + 4), whole = MIN (8 + n + (n & 1), n_old - 8 - at);
      if (!is_ours (old + at))
        g_byte_array_append (out, old + at, (guint) whole);
      at += whole;
    }
}

/* A chunk that fills up to the place of "data"; its size counts without its own eight bytes. */
static gboolean
fill_up (GByteArray *out, gsize until)
{
  if (out->len == until)
    return TRUE;
  if (out->len + 8 > until)
    return FALSE;
  gsize n = until - out->len - 8;
  g_byte_array_append (out, (const guint8 *) "JUNK", 4);
  append_u32 (out, n);
  guint before = out->len;
  g_byte_array_set_size (out, (guint) until);
  memset (out->data + before, 0, n);
  return TRUE;
}

static GByteArray *
make_head (const guint8 *old, const AssayWave *wave, gboolean large)
{
  GByteArray *out = g_byte_array_new ();
  guint64 n_bytes = (guint64) wave->n_there * wave->align,
          n_riff = (guint64) wave->data_at + n_bytes + (n_bytes & 1) - 8;
  g_byte_array_append (out, (const guint8 *) (large ? "RF64" : "RIFF"), 4);
  append_u32 (out, large ? G_MAXUINT32 : n_riff);
  g_byte_array_append (out, (const guint8 *) "WAVE", 4);
  if (large)
    {
      g_byte_array_append (out, (const guint8 *) "ds64", 4);
      append_u32 (out, DS64_BYTES);
      append_u64 (out, n_riff);
      append_u64 (out, n_bytes);
      append_u64 (out, (guint64) wave->n_there);
      append_u32 (out, 0);
    }
  append_kept (out, old, (gsize) wave->data_at);
  if (!fill_up (out, (gsize) wave->data_at - 8))
    {
      g_byte_array_unref (out);
      return NULL;
    }
  g_byte_array_append (out, (const guint8 *) "data", 4);
  append_u32 (out, large ? G_MAXUINT32 : n_bytes);
  return out;
}

guint8 *
assay_wave_mend_head (int fd, const char *path, const AssayWave *wave, GError **error)
{
  g_autofree guint8 *old = g_malloc ((gsize) wave->data_at);
  if (!read_at (fd, 0, old, (gsize) wave->data_at))
    {
      assay_error_bad_data (error, "reading %s: it ends within its header", path);
      return NULL;
    }
  gboolean large = (guint64) wave->n_there * wave->align + (guint64) wave->data_at > G_MAXUINT32;
  g_autoptr (GByteArray) head = make_head (old, wave, large);
  if (head != NULL)
    return g_byte_array_free (g_steal_pointer (&head), FALSE);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
               "mending %s: its header has no room for the size of more than 4 GB; read its samples from byte "
               "%" G_GINT64_FORMAT " on",
               path, wave->data_at);
  return NULL;
}

/* The tail first: were the header first, it would for a moment promise what the tail does not keep. */
static gboolean
write_mended (int fd, const char *path, const AssayWave *wave, const guint8 *head, GError **error)
{
  gint64 end = wave->data_at + wave->n_there * wave->align, padded = end + (end & 1);
  gboolean good
      = ftruncate (fd, end) == 0 && ftruncate (fd, padded) == 0 && fsync (fd) == 0 && lseek (fd, 0, SEEK_SET) == 0;
  if (!good)
    {
      assay_error_set_errno (error, errno, "mending %s", path);
      return FALSE;
    }
  if (!assay_file_write_all (fd, head, (gsize) wave->data_at, path, error))
    return FALSE;
  if (fsync (fd) == 0)
    return TRUE;
  assay_error_set_errno (error, errno, "mending %s", path);
  return FALSE;
}

static gboolean
repair (int fd, const char *path, AssayWave *ret_wave, GError **error)
{
  AssayWave wave;
  if (!assay_wave_look (fd, path, &wave, error))
    return FALSE;
  *ret_wave = wave;
  if (!wave.wrong)
    return TRUE;
  g_autofree guint8 *head = assay_wave_mend_head (fd, path, &wave, error);
  return head != NULL && write_mended (fd, path, &wave, head, error);
}

gboolean
assay_sound_repair (const char *path, guint64 *ret_samples, guint64 *ret_lost_bytes, GError **error)
{
  AssayWave wave;
  int fd = open (path, O_RDWR | O_CLOEXEC);
  if (fd < 0)
    {
      assay_error_set_errno (error, errno, "mending %s", path);
      return FALSE;
    }
  gboolean good = repair (fd, path, &wave, error);
  close (fd);
  if (!good)
    return FALSE;
  *ret_samples = (guint64) wave.n_there;
  *ret_lost_bytes = wave.wrong ? wave.n_cut : 0;
  return TRUE;
}
