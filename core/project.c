/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/project.h"

#include "core/error.h"
#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define DATABASE "project.db"

void
assay_project_close (AssayProject *project)
{
  if (project == NULL)
    return;
  assay_store_close (project->store);
  g_free (project->directory);
  g_free (project->name);
  g_free (project);
}

static gboolean
make_folders (const char *directory, GError **error)
{
  const char *const inside[] = { "", "media", "sessions" };
  for (guint i = 0; i < G_N_ELEMENTS (inside); i++)
    {
      g_autofree char *path = g_build_filename (directory, inside[i], NULL);
      if (g_mkdir_with_parents (path, 0777) == 0)
        continue;
      assay_error_set_errno (error, errno, "making the folder %s", path);
      return FALSE;
    }
  return TRUE;
}

static gboolean
write_meta (AssayStore *store, const char *name, GError **error)
{
  guint8 salt[16];
  AssayId id = assay_id_new ();
  /* 16 bytes: the kernel never returns fewer (getrandom(2), up to 256 bytes). */
  if (getrandom (salt, sizeof salt, 0) != sizeof salt)
    {
      assay_error_set_errno (error, errno, "drawing the salt of the splits");
      return FALSE;
    }
  return assay_store_run (store, NULL, error,
                          "INSERT INTO meta (key, value) VALUES ('id', ?), ('name', ?), ('split_salt', ?)", "Itb",
                          &id, name, salt, sizeof salt);
}

/* Whole or not at all: the database is made beside its place and moves there when it is complete, unless one came
 * first. */
static gboolean
make_database (const char *directory, const char *path, const char *name, GError **error)
{
  g_autofree char *made = g_strdup_printf ("%s.new-%d-%08x", path, (int) getpid (), g_random_int ());
  g_autoptr (AssayStore) store = assay_store_open (made, ASSAY_STORE_CREATE, error);
  gboolean right = store != NULL && write_meta (store, name, error);
  g_clear_pointer (&store, assay_store_close); /* the last one to close works the log in */
  if (right && renameat2 (AT_FDCWD, made, AT_FDCWD, path, RENAME_NOREPLACE) != 0)
    {
      right = FALSE;
      if (errno == EEXIST)
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                     "making a project in %s: there is one already; choose another folder", directory);
      else
        assay_error_set_errno (error, errno, "making %s", path);
    }
  if (!right)
    {
      const char *const beside[] = { "", "-wal", "-shm" };
      for (guint i = 0; i < G_N_ELEMENTS (beside); i++)
        {
          g_autofree char *rest = g_strconcat (made, beside[i], NULL);
          g_unlink (rest);
        }
      return FALSE;
    }
  return assay_folder_sync (directory, error);
}

AssayProject *
assay_project_create (const char *directory, const char *name, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (directory, NULL);
  g_autofree char *path = g_build_filename (absolute, DATABASE, NULL);
  g_autofree char *base = g_path_get_basename (absolute);
  g_autofree char *shown = g_filename_display_name (base);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                   "making a project in %s: there is one already; choose another folder", absolute);
      return NULL;
    }
  if (!make_folders (absolute, error) || !make_database (absolute, path, name != NULL ? name : shown, error))
    return NULL;
  return assay_project_open (absolute, ASSAY_STORE_WRITE, error);
}

static gboolean
read_meta (AssayProject *project, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  gboolean salted = FALSE;
  if (!assay_store_query (project->store, &rows, error, "SELECT key, value FROM meta", ""))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      const char *key = assay_rows_get_text (&rows, 0);
      gsize n_bytes;
      if (g_str_equal (key, "id"))
        project->id = assay_rows_get_id (&rows, 1);
      else if (g_str_equal (key, "name"))
        {
          g_free (project->name);
          project->name = g_strdup (assay_rows_get_text (&rows, 1));
        }
      else if (g_str_equal (key, "split_salt"))
        {
          gconstpointer salt = assay_rows_get_blob (&rows, 1, &n_bytes);
          salted = n_bytes == sizeof project->split_salt;
          if (salted)
            memcpy (project->split_salt, salt, n_bytes);
        }
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  if (salted && project->name != NULL && !assay_id_is_nil (&project->id))
    return TRUE;
  g_set_error (
      error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
      "opening %s: the database does not say which project it is; bring project.db back from a copy, or make it"
      " again with `assay recover --database`",
      project->directory);
  return FALSE;
}

AssayProject *
assay_project_open (const char *directory, AssayStoreMode mode, GError **error)
{
  g_autoptr (AssayProject) project = g_new0 (AssayProject, 1);
  project->directory = g_canonicalize_filename (directory, NULL);
  g_autofree char *path = g_build_filename (project->directory, DATABASE, NULL);
  if (mode == ASSAY_STORE_CREATE)
    return assay_project_create (directory, NULL, error);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   "opening the project in %s: there is none; make one with `assay init`", project->directory);
      return NULL;
    }
  project->store = assay_store_open (path, mode, error);
  if (project->store == NULL || !read_meta (project, error))
    return NULL;
  g_autofree char *media = g_build_filename (project->directory, "media", NULL);
  if (mode != ASSAY_STORE_READ)
    assay_file_sweep (media);
  return g_steal_pointer (&project);
}

AssayProject *
assay_project_discover (const char *start, AssayStoreMode mode, GError **error)
{
  g_autofree char *first = g_canonicalize_filename (start, NULL);
  g_autofree char *at = g_strdup (first);
  for (;;)
    {
      g_autofree char *path = g_build_filename (at, DATABASE, NULL);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return assay_project_open (at, mode, error);
      g_autofree char *above = g_path_get_dirname (at);
      if (g_str_equal (above, at))
        break;
      g_free (at);
      at = g_steal_pointer (&above);
    }
  g_set_error (
      error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
      "looking for a project in %s and the folders above it: there is none; make one with `assay init DIR`, or"
      " say where it is with -C DIR",
      first);
  return NULL;
}

gboolean
assay_project_set_split_salt (AssayProject *project, const guint8 salt[16], GError **error)
{
  guint changed = 0;
  if (!assay_store_run (project->store, &changed, error,
                        "UPDATE meta SET value = ? WHERE key = 'split_salt' AND NOT EXISTS (SELECT 1 FROM version)", "b",
                        salt, sizeof project->split_salt))
    return FALSE;
  if (changed == 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                   "setting the salt of %s: it has a version, whose items would change their splits", project->directory);
      return FALSE;
    }
  memcpy (project->split_salt, salt, sizeof project->split_salt);
  return TRUE;
}
