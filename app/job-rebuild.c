/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-recover.h"

#include "core/error.h"
#include "core/file.h"
#include "core/salvage.h"
#include "core/sha256.h"
#include "core/withdrawal.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define DATABASE "project.db"
#define DAMAGED DATABASE ".damaged-"

static gboolean
has (const char *directory, const char *name, GFileTest test)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  return g_file_test (path, test);
}

/* A folder with media/ and sessions/ is a project, whatever has become of its database. */
static char *
find_project (const char *start, GError **error)
{
  g_autofree char *at = g_canonicalize_filename (start, NULL);
  for (;;)
    {
      if (has (at, DATABASE, G_FILE_TEST_EXISTS)
          || (has (at, "media", G_FILE_TEST_IS_DIR) && has (at, "sessions", G_FILE_TEST_IS_DIR)))
        return g_steal_pointer (&at);
      g_autofree char *above = g_path_get_dirname (at);
      if (g_str_equal (above, at))
        break;
      g_free (at);
      at = g_steal_pointer (&above);
    }
  g_set_error (
      error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
      "looking for a project in %s and the folders above it: none has project.db, or media and sessions; say "
      "where it is with -C DIR",
      start);
  return NULL;
}

/* NULL without an error: there is none, or it is damaged. */
static AssayProject *
open_sound (const char *directory, AssayProgress *progress, gboolean *ret_damaged, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  *ret_damaged = FALSE;
  assay_progress_say (progress, "reading the database");
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_WRITE, &wrong);
  if (project != NULL && assay_store_check (project->store, &wrong))
    return g_steal_pointer (&project);
  *ret_damaged = g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA)
                 || (g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND)
                     && !has (directory, DATABASE, G_FILE_TEST_EXISTS));
  if (!*ret_damaged)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

/* With its log, which would otherwise be played into the new one; the log goes first for the same reason. */
static gboolean
set_aside (const char *directory, char **ret_name, GError **error)
{
  static const char *const parts[] = { "-wal", "-shm", "" };
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *name = g_strconcat (DAMAGED, date, NULL), *shown = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *from = g_strconcat (directory, "/", DATABASE, parts[i], NULL),
                      *to = g_strconcat (directory, "/", name, parts[i], NULL);
      if (!g_file_test (from, G_FILE_TEST_EXISTS))
        continue;
      if (g_rename (from, to) != 0)
        {
          assay_error_set_errno (error, errno, "setting %s aside", from);
          return FALSE;
        }
      if (*parts[i] == '\0')
        shown = g_steal_pointer (&to);
    }
  if (!assay_folder_sync (directory, error))
    return FALSE;
  *ret_name = g_steal_pointer (&shown);
  return TRUE;
}

static gboolean
is_named (AssayStore *store, const char *file, gboolean *ret_named, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autofree char *text = g_strndup (file, ASSAY_SHA256_TEXT_SIZE - 1);
  AssaySha256 hash;
  *ret_named = TRUE;
  if (!assay_sha256_parse (text, &hash))
    return TRUE; /* nobody's file */
  if (!assay_store_query (store, &rows, error, "SELECT 1 FROM media WHERE hash = ?", "H", &hash))
    return FALSE;
  *ret_named = assay_rows_next (&rows, &wrong);
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

static gboolean
count_unnamed (AssayProject *project, guint64 *ret_n, GError **error)
{
  g_autofree char *media = g_build_filename (project->directory, "media", NULL);
  g_autoptr (GDir) folders = g_dir_open (media, 0, NULL);
  guint64 n = 0;
  for (const char *name; folders != NULL && (name = g_dir_read_name (folders)) != NULL;)
    {
      g_autofree char *path = g_build_filename (media, name, NULL);
      g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
      for (const char *file; folder != NULL && (file = g_dir_read_name (folder)) != NULL;)
        {
          gboolean named;
          if (!is_named (project->store, file, &named, error))
            return FALSE;
          n += !named;
        }
    }
  *ret_n = n;
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Those that were set aside, by their date: a killed rebuilding begins with them again. */
static GPtrArray *
list_damaged (const char *directory)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) folder = g_dir_open (directory, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;)
    if (g_str_has_prefix (name, DAMAGED) && !g_str_has_suffix (name, "-wal") && !g_str_has_suffix (name, "-shm"))
      g_ptr_array_add (paths, g_build_filename (directory, name, NULL));
  g_ptr_array_sort (paths, compare_names);
  return paths;
}

/* Nothing was done in it yet: it may still become who it was. Also after a rebuilding that was killed. */
static gboolean
is_empty (AssayStore *store)
{
  g_auto (AssayRows) rows = { 0 };
  return assay_store_query (store, &rows, NULL,
                            "SELECT NOT EXISTS (SELECT 1 FROM item) AND NOT EXISTS (SELECT 1 FROM task)", "")
         && assay_rows_next (&rows, NULL) && assay_rows_get_int (&rows, 0) != 0;
}

/* The newest is who the project was. What cannot be read is told and left. */
static gboolean
salvage (AssayProject *project, AssayProgress *progress, AssayRebuilt *rebuilt, AssayMended *mended,
         guint *ret_n_nameless, GError **error)
{
  g_autoptr (GPtrArray) paths = list_damaged (project->directory);
  *ret_n_nameless = 0;
  for (guint i = paths->len; i > 0; i--)
    {
      AssayMergeCounts counts = { .skipped = mended->skipped };
      g_autoptr (GError) wrong = NULL;
      guint n_nameless = 0;
      gboolean newest = i == paths->len, empty = is_empty (project->store);
      if (assay_project_salvage (project, paths->pdata[i - 1], newest && empty, &counts, &n_nameless, progress,
                                 &wrong))
        {
          *ret_n_nameless += n_nameless;
          rebuilt->items_read += counts.items_added;
          rebuilt->labels_read += counts.labels_added;
        }
      else if (g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_NO_SPACE)
               || g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&wrong));
          return FALSE;
        }
      else if (rebuilt->rebuilt && newest)
        g_ptr_array_add (mended->skipped, g_strdup (wrong->message));
    }
  return TRUE;
}

gboolean
assay_job_rebuild (const char *start, AssayProgress *progress, AssayRebuilt *ret_rebuilt, AssayMended *mended,
                   guint *ret_busy, GError **error)
{
  AssayRebuilt rebuilt = { 0 };
  g_autofree char *directory = find_project (start, error), *aside = NULL;
  if (directory == NULL)
    return FALSE;
  g_autoptr (AssayProject) project = open_sound (directory, progress, &rebuilt.rebuilt, error);
  if (project == NULL
      && (!rebuilt.rebuilt || !set_aside (directory, &aside, error)
          || (project = assay_project_create (directory, NULL, error)) == NULL))
    return FALSE;
  guint n_nameless;
  if (!salvage (project, progress, &rebuilt, mended, &n_nameless, error)
      || !assay_job_recover (project, TRUE, progress, mended, ret_busy, error)
      /* Labels of items that only their recordings could name. */
      || (n_nameless > 0 && !salvage (project, progress, &rebuilt, mended, &n_nameless, error))
      || !assay_withdrawal_apply (project, &rebuilt.n_withdrawn, error)
      || !count_unnamed (project, &rebuilt.n_unnamed, error))
    return FALSE;
  rebuilt.set_aside = g_steal_pointer (&aside);
  *ret_rebuilt = rebuilt;
  return TRUE;
}
