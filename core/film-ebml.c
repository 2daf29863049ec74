/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matroska's elements as they lie in a file (RFC 8794, RFC 9559): where a film ends, and when its frames are. */
#include "core/film-private.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define ID_EBML 0x1a45dfa3u
#define ID_SEGMENT 0x18538067u
#define ID_CLUSTER 0x1f43b675u
#define UNKNOWN_SIZE G_MAXINT64
#define ID_TIMESTAMP 0xe7u
#define ID_SIMPLE_BLOCK 0xa3u

/* The element that begins at `at` (RFC 8794): its id, and where what is in it begins and ends. */
static gboolean
read_element (int fd, gint64 at, guint32 *ret_id, gint64 *ret_from, gint64 *ret_to)
{
  guint8 head[12];
  ssize_t n = pread (fd, head, sizeof head, (off_t) at);
  guint id_bytes = 1, size_bytes = 1;
  guint32 id = 0;
  while (n > 0 && id_bytes <= 4 && !(head[0] & (0x100 >> id_bytes)))
    id_bytes++;
  if (n <= (ssize_t) id_bytes || id_bytes > 4)
    return FALSE;
  while (size_bytes <= 8 && !(head[id_bytes] & (0x100 >> size_bytes)))
    size_bytes++;
  if (size_bytes > 8 || n < (ssize_t) (id_bytes + size_bytes))
    return FALSE;
  for (guint i = 0; i < id_bytes; i++)
    id = id << 8 | head[i];
  guint64 size = head[id_bytes] & (0xffu >> size_bytes), ones = (G_GUINT64_CONSTANT (1) << 7 * size_bytes) - 1;
  for (guint i = 1; i < size_bytes; i++)
    size = size << 8 | head[id_bytes + i];
  *ret_id = id;
  *ret_from = at + id_bytes + size_bytes;
  *ret_to = size == ones || size > (guint64) (UNKNOWN_SIZE - *ret_from) ? UNKNOWN_SIZE : *ret_from + (gint64) size;
  return TRUE;
}

gboolean
assay_film_matroska_find_end (int fd, gint64 size, gint64 *ret_end)
{
  guint32 id;
  gint64 from, to, at;
  *ret_end = 0;
  if (!read_element (fd, 0, &id, &from, &to) || id != ID_EBML || to > size
      || !read_element (fd, to, &id, &from, &at) || id != ID_SEGMENT)
    return FALSE;
  gboolean finished = at == size;
  for (at = *ret_end = from; read_element (fd, at, &id, &from, &to) && to <= size; at = to)
    *ret_end = to;
  return finished && *ret_end == size;
}

/* --- times without pictures --- */

static gboolean
read_number (int fd, gint64 from, gint64 to, gint64 *ret_value)
{
  guint8 bytes[8];
  *ret_value = 0;
  if (to - from < 0 || to - from > 7 || pread (fd, bytes, (gsize) (to - from), (off_t) from) != to - from)
    return FALSE;
  for (gint64 i = 0; i < to - from; i++)
    *ret_value = *ret_value << 8 | bytes[i];
  return TRUE;
}

/* Simple blocks alone, of track 1, key frames without lacing; anything else in a cluster is passed by or, if it could be a
 * frame, refused. */
static gboolean
list_cluster (int fd, gint64 at, gint64 end, GArray *list)
{
  guint32 id;
  gint64 from, to, cluster_ms = -1;
  for (; at < end; at = to)
    {
      guint8 head[4];
      if (!read_element (fd, at, &id, &from, &to) || to > end || id == 0xa0 || id == 0xaf)
        return FALSE;
      if (id == ID_TIMESTAMP && !read_number (fd, from, to, &cluster_ms))
        return FALSE;
      if (id != ID_SIMPLE_BLOCK)
        continue;
      if (cluster_ms < 0 || to - from <= 4 || pread (fd, head, sizeof head, (off_t) from) != sizeof head
          || head[0] != 0x81 || (head[3] & 0x86) != 0x80)
        return FALSE;
      gint64 ms = cluster_ms + (gint16) (head[1] << 8 | head[2]);
      g_array_append_val (list, ms);
    }
  return TRUE;
}

GArray *
assay_film_matroska_list (const char *path)
{
  struct stat about;
  guint32 id;
  gint64 from, to, at;
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean simple = fd >= 0 && fstat (fd, &about) == 0;
  gint64 size = simple ? about.st_size : 0;
  simple = simple && read_element (fd, 0, &id, &from, &to) && id == ID_EBML && to <= size
           && read_element (fd, to, &id, &at, &to) && id == ID_SEGMENT;
  for (; simple && read_element (fd, at, &id, &from, &to) && to <= size; at = to)
    simple = id != ID_CLUSTER || list_cluster (fd, from, to, list);
  if (fd >= 0)
    close (fd);
  return simple && list->len > 0 ? g_steal_pointer (&list) : NULL;
}
