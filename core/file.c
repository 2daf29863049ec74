/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/file.h"

#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK (1 << 20)

gboolean
assay_file_draft_open (AssayFileDraft *draft, const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, ASSAY_FILE_DRAFT_PREFIX "XXXXXX", NULL);
  int fd = mkostemp (path, O_CLOEXEC);
  if (fd < 0)
    {
      assay_error_set_errno (error, errno, "writing into %s", directory);
      return FALSE;
    }
  draft->fd = fd;
  draft->path = g_steal_pointer (&path);
  return TRUE;
}

gboolean
assay_file_draft_keep (AssayFileDraft *draft, const char *path, guint mode, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  int closed = fsync (draft->fd) == 0 && fchmod (draft->fd, mode) == 0 ? close (draft->fd) : -1;
  if (closed != 0)
    {
      assay_error_set_errno (error, errno, "writing %s", path);
      return FALSE;
    }
  draft->fd = -1;
  if (rename (draft->path, path) != 0)
    {
      assay_error_set_errno (error, errno, "writing %s", path);
      return FALSE;
    }
  g_clear_pointer (&draft->path, g_free);
  return assay_folder_sync (directory, error);
}

void
assay_file_draft_clear (AssayFileDraft *draft)
{
  if (draft->fd >= 0)
    close (draft->fd);
  if (draft->path != NULL)
    unlink (draft->path);
  draft->fd = -1;
  g_clear_pointer (&draft->path, g_free);
}

void
assay_file_sweep (const char *directory)
{
  g_autoptr (GDir) folder = g_dir_open (directory, 0, NULL);
  const char *name;
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      struct stat about;
      g_autofree char *path = g_build_filename (directory, name, NULL);
      gint64 day_ago = g_get_real_time () / G_USEC_PER_SEC - 24 * 3600;
      if (g_str_has_prefix (name, ASSAY_FILE_DRAFT_PREFIX) && stat (path, &about) == 0 && about.st_mtime < day_ago)
        unlink (path);
    }
}

gboolean
assay_file_write_all (int fd, gconstpointer data, gsize n_bytes, const char *path, GError **error)
{
  const char *at = data;
  while (n_bytes > 0)
    {
      ssize_t written = write (fd, at, n_bytes);
      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        {
          assay_error_set_errno (error, errno, "writing %s", path);
          return FALSE;
        }
      at += written;
      n_bytes -= (gsize) written;
    }
  return TRUE;
}

/* Reads to the end; `to` < 0 only hashes. */
static gboolean
read_through (int from, int to, const char *path, AssaySha256 *ret_hash, gint64 *ret_bytes, GError **error)
{
  g_autoptr (AssaySha256Stream) stream = assay_sha256_stream_new ();
  g_autofree char *buffer = g_malloc (CHUNK);
  gint64 total = 0;
  for (;;)
    {
      ssize_t n = read (from, buffer, CHUNK);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          assay_error_set_errno (error, errno, "reading %s", path);
          return FALSE;
        }
      if (n == 0)
        break;
      assay_sha256_stream_add (stream, buffer, (gsize) n);
      if (to >= 0 && !assay_file_write_all (to, buffer, (gsize) n, path, error))
        return FALSE;
      total += n;
    }
  if (ret_hash != NULL)
    assay_sha256_stream_finish (stream, ret_hash);
  if (ret_bytes != NULL)
    *ret_bytes = total;
  return TRUE;
}

gboolean
assay_file_hash (int fd, const char *path, AssaySha256 *ret_hash, gint64 *ret_bytes, GError **error)
{
  return read_through (fd, -1, path, ret_hash, ret_bytes, error);
}

gboolean
assay_file_copy (int from, int to, const char *path, AssaySha256 *ret_hash, gint64 *ret_bytes, GError **error)
{
  /* The clone is hashed, not the source: that may still change under us. */
  if (ioctl (to, FICLONE, from) == 0)
    return read_through (to, -1, path, ret_hash, ret_bytes, error);
  return read_through (from, to, path, ret_hash, ret_bytes, error);
}

int
assay_file_dup (int fd, const char *path, GError **error)
{
  int other = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  if (other < 0)
    assay_error_set_errno (error, errno, "writing %s", path);
  return other;
}

gboolean
assay_file_write (const char *path, gconstpointer data, gsize n_bytes, GError **error)
{
  g_auto (AssayFileDraft) draft = ASSAY_FILE_DRAFT_INIT;
  g_autofree char *directory = g_path_get_dirname (path);
  return assay_file_draft_open (&draft, directory, error)
         && assay_file_write_all (draft.fd, data, n_bytes, path, error)
         && assay_file_draft_keep (&draft, path, 0644, error);
}

gboolean
assay_folder_sync (const char *directory, GError **error)
{
  int fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  /* Some file systems cannot sync a folder and say so with EINVAL: there is nothing more to ask of them. */
  gboolean right = fd >= 0 && (fsync (fd) == 0 || errno == EINVAL);
  if (!right)
    assay_error_set_errno (error, errno, "bringing the folder %s to the disk", directory);
  if (fd >= 0)
    close (fd);
  return right;
}
