/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/salvage-private.h"

#include "core/error.h"
#include "core/progress.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER ".salvage"
#define MOST_TRIES 200000 /* a table */
#define FEW_TRIES                                                                                                  \
  2000 /* one whose ends cannot be read: most often its root is damaged, and no row can be reached */
#define LAST_ROW G_MAXINT32

/* Parents first. What a page of another content left in a row is seen by the length of an id and the form of a
 * document. */
static const struct
{
  const char *name, *sound;
} tables[] = {
  { "media", "length (hash) = 32" },
  { "sensor", "length (id) = 16" },
  { "calibration", "length (id) = 16 AND json_valid (document)" },
  { "session", "length (id) = 16 AND json_valid (info)" },
  { "session_report", "length (id) = 16 AND json_valid (report)" },
  { "item", "length (id) = 16 AND json_valid (facts)" },
  { "item_flag", "length (id) = 16" },
  { "annotator", "length (id) = 16" },
  { "task", "length (id) = 16" },
  { "task_revision", "length (id) = 16 AND json_valid (definition)" },
  { "revision", "length (id) = 16 AND json_valid (value) AND json_valid (classes)" },
  { "journal", "length (id) = 16 AND json_valid (changes)" },
  { "review", "length (id) = 16" },
  { "finding_event", "length (id) = 16" },
  { "plan_revision", "length (id) = 16 AND json_valid (document)" },
  { "object", "length (hash) = 32" },
  { "version", "length (hash) = 32 AND json_valid (manifest)" },
};

/* Without numbered rows: all of it or nothing. */
static const char *const wholes[] = {
  "INSERT OR IGNORE INTO main.item_role SELECT * FROM other.item_role",
  "INSERT OR IGNORE INTO main.tag SELECT * FROM other.tag",
  "INSERT OR REPLACE INTO main.meta SELECT key, value FROM other.meta WHERE (key IN ('id', 'split_salt') AND "
  "length (value) "
  "= 16) OR (key = 'name' AND typeof (value) = 'text')",
};

/* The disk of the sound one: reading on would not help. */
static gboolean
is_ours (const GError *error)
{
  return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NO_SPACE)
         || g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CANCELLED);
}

/* As much as it gives. */
static gboolean
ignore (AssayStore *made, const char *sql, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  if (assay_store_run (made, NULL, &wrong, sql, "") || !is_ours (wrong))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* [first, last], in halves where it cannot be read. */
static gboolean
copy_rows (AssayStore *made, const char *sql, gint64 first, gint64 last, guint *tries, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  if (*tries == 0)
    return TRUE;
  (*tries)--;
  if (assay_store_run (made, NULL, &wrong, sql, "ii", first, last))
    return TRUE;
  if (is_ours (wrong))
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  gint64 middle = first + (last - first) / 2;
  return first == last
         || (copy_rows (made, sql, first, middle, tries, error)
             && copy_rows (made, sql, middle + 1, last, tries, error));
}

/* The last row, and how hard to try. */
static gint64
find_last (AssayStore *made, const char *table, guint *ret_tries)
{
  static const char *const ends[] = { "min", "max" };
  gint64 row[2];
  gboolean read[2];
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT %s (row) FROM other.%s", ends[i], table);
      g_auto (AssayRows) rows = { 0 };
      read[i] = assay_store_query (made, &rows, NULL, sql, "") && assay_rows_next (&rows, NULL);
      row[i] = read[i] ? assay_rows_get_int (&rows, 0) : LAST_ROW;
    }
  *ret_tries = read[0] || read[1] ? MOST_TRIES : FEW_TRIES;
  return row[1];
}

static gboolean
copy_tables (AssayProject *project, AssayProject *made_project, guint *ret_n_nameless, AssayProgress *progress,
             GError **error)
{
  AssayStore *made = made_project->store;
  assay_progress_say (progress, "reading the damaged database");
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf (
          "INSERT OR IGNORE INTO main.%s SELECT * FROM other.%s WHERE row BETWEEN ? AND ? AND %s", tables[i].name,
          tables[i].name, tables[i].sound);
      guint tries;
      gint64 last = find_last (made, tables[i].name, &tries);
      if (assay_progress_stopped (progress, error) || !copy_rows (made, sql, 0, last, &tries, error))
        return FALSE;
      assay_progress_set (progress, i + 1, G_N_ELEMENTS (tables));
    }
  if (!assay_salvage_find_media (made_project, error)
      || !assay_salvage_find_items (project, made_project, ret_n_nameless, error)
      || !ignore (made,
                  "INSERT OR IGNORE INTO main.task (row, id) SELECT row, id FROM other.task INDEXED BY "
                  "sqlite_autoindex_task_1 WHERE length (id) = 16",
                  error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (wholes); i++)
    if (!ignore (made, wholes[i], error))
      return FALSE;
  return TRUE;
}

/* Everything readable into a database of its own, in which nothing has to fit together yet. */
static gboolean
read_damaged (AssayProject *project, AssayProject *made, const char *database, guint *ret_n_nameless,
              AssayProgress *progress, GError **error)
{
  g_autoptr (AssayStore) damaged = assay_store_open (database, ASSAY_STORE_READ, error);
  if (damaged == NULL || !assay_store_run (made->store, NULL, error, "PRAGMA foreign_keys = OFF", "")
      || !assay_store_attach (made->store, damaged, error))
    return FALSE;
  gboolean right = copy_tables (project, made, ret_n_nameless, progress, error);
  assay_store_detach (made->store);
  return right;
}

static gboolean
take_meta (AssayProject *project, const AssayProject *made, GError **error)
{
  return assay_store_run (
      project->store, NULL, error,
      "INSERT OR REPLACE INTO meta (key, value) VALUES ('id', ?), ('name', ?), ('split_salt', ?)", "Itb", &made->id,
      made->name, made->split_salt, sizeof made->split_salt);
}

static void
remove_folder (const char *folder)
{
  static const char *const names[] = { "project.db", "project.db-wal", "project.db-shm", "media", "sessions", "" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);
      g_remove (path);
    }
}

/* An empty project whose media are the project's own. */
static AssayProject *
make_beside (const AssayProject *project, const char *folder, GError **error)
{
  g_autofree char *media = g_build_filename (folder, "media", NULL);
  remove_folder (folder); /* of one that was killed */
  g_autoptr (AssayProject) made = assay_project_create (folder, project->name, error);
  if (made == NULL || (g_rmdir (media) == 0 && symlink ("../media", media) == 0))
    return g_steal_pointer (&made);
  assay_error_set_errno (error, errno, "making %s", media);
  return NULL;
}

gboolean
assay_project_salvage (AssayProject *project, const char *database, gboolean take_identity,
                       AssayMergeCounts *ret_counts, guint *ret_n_nameless, AssayProgress *progress, GError **error)
{
  g_autofree char *folder = g_build_filename (project->directory, FOLDER, NULL);
  AssayProject *made = make_beside (project, folder, error);
  gboolean right = made != NULL && read_damaged (project, made, database, ret_n_nameless, progress, error);
  assay_project_close (g_steal_pointer (&made));
  right = right
          && (made = assay_project_open (folder, ASSAY_STORE_READ, error)) != NULL /* with the meta it has now */
          && assay_salvage_record_media (project, made, error)
          && (!take_identity || take_meta (project, made, error))
          && assay_project_merge (project, folder, ret_counts, progress, error);
  assay_project_close (made);
  remove_folder (folder);
  if (!right)
    g_prefix_error (error, "reading %s: ", database);
  return right;
}
