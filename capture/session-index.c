/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/session-index.h"

#include "core/error.h"
#include "core/file.h"
#include "core/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_STREAMS 1024 /* a number beyond is a damaged line */

static void
file_free (gpointer data)
{
  AssaySessionFile *file = data;
  g_ptr_array_unref (file->drawn);
  g_free (file->name);
  g_free (file);
}

static void
clear_stream (gpointer data)
{
  json_decref (((AssaySessionStream *) data)->gaps);
  json_decref (((AssaySessionStream *) data)->segments);
}

void
assay_session_index_free (AssaySessionIndex *index)
{
  if (index == NULL)
    return;
  g_ptr_array_unref (index->files);
  g_array_unref (index->streams);
  g_hash_table_unref (index->takes);
  g_free (index);
}

AssaySessionFile *
assay_session_index_find (const AssaySessionIndex *index, const char *name)
{
  for (guint i = index->files->len; i > 0; i--) /* the last one is asked for most */
    if (g_str_equal (((AssaySessionFile *) index->files->pdata[i - 1])->name, name))
      return index->files->pdata[i - 1];
  return NULL;
}

/* --- one line --- */

static AssaySessionStream *
stream_of (AssaySessionIndex *index, gint64 number)
{
  while ((gint64) index->streams->len <= number)
    {
      AssaySessionStream fresh = { .gaps = json_array (), .segments = json_array () };
      g_array_append_val (index->streams, fresh);
    }
  return &g_array_index (index->streams, AssaySessionStream, number);
}

static AssaySessionFile *
file_of (AssaySessionIndex *index, const char *name, gint64 stream)
{
  AssaySessionFile *file = assay_session_index_find (index, name);
  if (file != NULL)
    return file;
  file = g_new0 (AssaySessionFile, 1);
  file->name = g_strdup (name);
  file->stream = (guint) stream;
  file->drawn = g_ptr_array_new_with_free_func ((GDestroyNotify) json_decref);
  g_ptr_array_add (index->files, file);
  return file;
}

static void
see (gint64 stamp_ns, gboolean *begun, gint64 *first_ns, gint64 *last_ns)
{
  if (!*begun)
    *first_ns = stamp_ns;
  *begun = TRUE;
  *last_ns = stamp_ns;
}

/* Of a drawn frame there is a second line once the film has its name: the first is done with then. */
static void
forget_drawn (AssaySessionFile *file, gint64 pts_ns)
{
  gint64 drawn_ns;
  for (guint i = 0; i < file->drawn->len; i++)
    if (assay_json_get_int (json_object_get (file->drawn->pdata[i], "film"), "pts_ns", &drawn_ns)
        && drawn_ns == pts_ns)
      {
        g_ptr_array_remove_index (file->drawn, i);
        return;
      }
}

static void
look_at_film (AssaySessionIndex *index, gint64 number, json_t *line, const char *name, gint64 stamp_ns)
{
  AssaySessionStream *stream = stream_of (index, number);
  AssaySessionFile *file = file_of (index, name, number);
  gint64 pts_ns = 0, position;
  assay_json_get_int (json_object_get (line, "film"), "pts_ns", &pts_ns);
  if (json_object_get (line, "media") != NULL)
    {
      forget_drawn (file, pts_ns);
      return;
    }
  file->n++;
  see (stamp_ns, &file->begun, &file->first_ns, &file->last_ns);
  see (stamp_ns, &stream->begun, &stream->first_ns, &stream->last_ns);
  if (assay_json_get_int (line, "position", &position))
    g_ptr_array_add (file->drawn, json_incref (line));
}

static void
look_at_frame (AssaySessionIndex *index, gint64 number, json_t *line)
{
  AssaySessionStream *stream = stream_of (index, number);
  const char *film = assay_json_get_string (json_object_get (line, "film"), "file");
  gint64 stamp_ns = 0;
  if (!assay_json_get_int (json_object_get (line, "frame"), "stamp_ns", &stamp_ns))
    return;
  if (json_object_get (line, "corrupt") != NULL)
    stream->corrupt++;
  else if (film != NULL)
    look_at_film (index, number, line, film, stamp_ns);
  else if (json_object_get (line, "media") != NULL)
    {
      stream->stills++;
      stream->files++;
      see (stamp_ns, &stream->begun, &stream->first_ns, &stream->last_ns);
    }
}

static void
look_at_gap (AssaySessionIndex *index, gint64 number, json_t *gap)
{
  AssaySessionStream *stream = stream_of (index, number);
  gint64 missing = 0;
  assay_json_get_int (gap, "missing", &missing);
  stream->missing += (guint64) MAX (missing, 0);
  json_array_append (stream->gaps, gap);
}

static void
look_at_anchor (AssaySessionIndex *index, gint64 number, const json_t *anchor)
{
  AssaySessionStream *stream = stream_of (index, number);
  const char *name = assay_json_get_string (anchor, "file");
  gint64 stamp_ns;
  if (name == NULL || !assay_json_get_int (anchor, "stamp_ns", &stamp_ns))
    return;
  AssaySessionFile *file = file_of (index, name, number);
  if (!file->begun) /* the first anchor is that of the first sample */
    {
      assay_json_get_int (anchor, "sample", &file->first_sample);
      see (stamp_ns, &file->begun, &file->first_ns, &file->last_ns);
    }
  see (stamp_ns, &stream->begun, &stream->first_ns, &stream->last_ns);
}

static void
look_at_segment (AssaySessionIndex *index, gint64 number, json_t *segment)
{
  const char *name = assay_json_get_string (segment, "file");
  gint64 n = 0;
  if (name == NULL)
    return;
  AssaySessionStream *stream = stream_of (index, number);
  AssaySessionFile *file = file_of (index, name, number);
  file->closed = TRUE;
  stream->files++;
  if (assay_json_get_string (segment, "media") != NULL)
    json_array_append (stream->segments, segment);
  if (assay_json_get_int (segment, "samples", &n))
    stream->samples += (guint64) MAX (n, 0);
  if (!assay_json_get_int (segment, "frames", &n) || n < 0)
    return;
  file->n = (guint64) n; /* a mended film may have more than were told of */
}

static void
look_at_line (AssaySessionIndex *index, json_t *line)
{
  json_t *clock = json_object_get (line, "clock"), *value;
  const char *take = assay_json_get_string (json_object_get (line, "take"), "file");
  gint64 number;
  if (clock != NULL)
    {
      assay_json_get_int (clock, "monotonic_ns", &index->monotonic_ns);
      assay_json_get_int (clock, "realtime_ns", &index->realtime_ns);
    }
  if (take != NULL)
    g_hash_table_add (index->takes, g_strdup (take));
  if (!assay_json_get_int (line, "stream", &number) || number < 0 || number >= MOST_STREAMS)
    return;
  if ((value = json_object_get (line, "gap")) != NULL)
    look_at_gap (index, number, value);
  if ((value = json_object_get (line, "anchor")) != NULL)
    look_at_anchor (index, number, value);
  if ((value = json_object_get (line, "segment")) != NULL)
    look_at_segment (index, number, value);
  gint64 samples;
  if (json_object_get (line, "segment") == NULL && assay_json_get_int (line, "samples", &samples))
    stream_of (index, number)->samples += (guint64) MAX (samples, 0); /* as it was told at first */
  if (json_object_get (line, "frame") != NULL)
    look_at_frame (index, number, line);
}

/* --- all of them --- */

static gboolean
tells_of_media (const json_t *line)
{
  return json_object_get (line, "item") != NULL
         || assay_json_get_string (json_object_get (line, "segment"), "media") != NULL;
}

static gboolean
read_lines (AssaySessionIndex *index, FILE *stream, AssaySessionMediaLine media, gpointer data, GError **error)
{
  char *text = NULL;
  gsize n_allocated = 0;
  gboolean right = TRUE;
  for (ssize_t n; right && (n = getline (&text, &n_allocated, stream)) > 0;)
    {
      if (text[n - 1] != '\n')
        break; /* not yet a line */
      g_autoptr (json_t) line = assay_json_parse (text, (gsize) n, "a line of an index", NULL);
      if (!json_is_object (line))
        {
          index->n_unreadable++;
          continue;
        }
      look_at_line (index, line);
      right = media == NULL || !tells_of_media (line) || media (line, data, error);
    }
  free (text);
  return right;
}

AssaySessionIndex *
assay_session_index_read (const char *path, AssaySessionMediaLine media, gpointer data, GError **error)
{
  g_autoptr (AssaySessionIndex) index = g_new0 (AssaySessionIndex, 1);
  index->files = g_ptr_array_new_with_free_func (file_free);
  index->takes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  index->streams = g_array_new (FALSE, FALSE, sizeof (AssaySessionStream));
  g_array_set_clear_func (index->streams, clear_stream);
  FILE *stream = fopen (path, "re");
  if (stream == NULL && errno == ENOENT)
    return g_steal_pointer (&index);
  if (stream == NULL)
    {
      assay_error_set_errno (error, errno, "reading %s", path);
      return NULL;
    }
  gboolean right = read_lines (index, stream, media, data, error);
  if (right && ferror (stream))
    {
      assay_error_set_errno (error, EIO, "reading %s", path);
      right = FALSE;
    }
  fclose (stream);
  return right ? g_steal_pointer (&index) : NULL;
}

/* --- changing it --- */

/* The place after the last line break, looked for from the end. */
static gint64
find_end (int fd, gint64 n_bytes)
{
  char block[4096];
  for (gint64 at = n_bytes; at > 0;)
    {
      gsize n = (gsize) MIN (at, (gint64) sizeof block);
      if (pread (fd, block, n, at - (gint64) n) != (ssize_t) n)
        return -1;
      for (gsize i = n; i > 0; i--)
        if (block[i - 1] == '\n')
          return at - (gint64) (n - i);
      at -= (gint64) n;
    }
  return 0;
}

gboolean
assay_session_index_trim (const char *path, gint64 *ret_n_bytes, GError **error)
{
  struct stat about;
  int fd = open (path, O_RDWR | O_CLOEXEC);
  *ret_n_bytes = 0;
  if (fd < 0 && errno == ENOENT)
    return TRUE;
  gint64 end = fd >= 0 && fstat (fd, &about) == 0 ? find_end (fd, about.st_size) : -1;
  gboolean right = end >= 0 && (end == about.st_size || (ftruncate (fd, end) == 0 && fdatasync (fd) == 0));
  if (right)
    *ret_n_bytes = about.st_size - end;
  else
    assay_error_set_errno (error, errno, "mending %s", path);
  if (fd >= 0)
    close (fd);
  return right;
}

gboolean
assay_session_index_append (const char *path, const GString *lines, GError **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd < 0)
    {
      assay_error_set_errno (error, errno, "opening %s", path);
      return FALSE;
    }
  gboolean right = assay_file_write_all (fd, lines->str, lines->len, path, error);
  if (right && fdatasync (fd) != 0)
    {
      assay_error_set_errno (error, errno, "writing %s", path);
      right = FALSE;
    }
  close (fd);
  return right;
}
