/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/session-folder.h"

#include "core/error.h"
#include "core/file.h"
#include "core/json.h"
#include "core/sensor.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static int
hold_lock (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "lock", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  assay_error_set_errno (error, errno, "locking %s", path);
  if (fd >= 0)
    close (fd);
  return -1;
}

gboolean
assay_session_folder_make (const AssayProject *project, const json_t *info, AssayId *ret_session, char **ret_directory,
                           int *ret_lock_fd, GError **error)
{
  char text[ASSAY_ID_TEXT_SIZE];
  AssayId id = assay_id_new ();
  g_autofree char *directory = g_build_filename (project->directory, "sessions", assay_id_to_text (&id, text), NULL),
                  *path = g_build_filename (directory, "session.json", NULL), *words = assay_json_pretty (info);
  if (g_mkdir_with_parents (directory, 0777) != 0)
    {
      assay_error_set_errno (error, errno, "making %s", directory);
      return FALSE;
    }
  int fd = hold_lock (directory, error);
  if (fd < 0 || !assay_file_write (path, words, strlen (words), error))
    {
      if (fd >= 0)
        close (fd);
      assay_session_folder_remove (directory);
      return FALSE;
    }
  *ret_session = id;
  *ret_directory = g_steal_pointer (&directory);
  *ret_lock_fd = fd;
  return TRUE;
}

gboolean
assay_session_folder_enter (AssayProject *project, const AssayId *session, const json_t *info, const char *directory,
                            GError **error)
{
  gint64 realtime_ns = 0;
  assay_json_get_int (json_object_get (info, "clock"), "realtime_ns", &realtime_ns);
  if (assay_session_add (project->store, session, realtime_ns / 1000, info, error))
    return TRUE;
  assay_session_folder_remove (directory);
  return FALSE;
}

void
assay_session_folder_remove (const char *directory)
{
  static const char *const files[] = { "session.json", "index.jsonl", "lock" };
  g_autofree char *takes = g_build_filename (directory, "takes", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (directory, files[i], NULL);
      g_unlink (path);
    }
  g_rmdir (takes);
  g_rmdir (directory);
}
