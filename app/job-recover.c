/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-recover.h"

#include "core/error.h"

/* Ids of the folders in sessions/, the oldest first: a UUIDv7 begins with its time. */
static GArray *
list_sessions (const char *project_directory)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (AssayId));
  g_autofree char *path = g_build_filename (project_directory, "sessions", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  AssayId id;
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;)
    if (assay_id_parse (name, &id))
      g_array_append_val (ids, id);
  g_array_sort (ids, (GCompareFunc) assay_id_compare);
  return ids;
}

gboolean
assay_job_recover_is_due (const char *project_directory)
{
  g_autoptr (GArray) ids = list_sessions (project_directory);
  for (guint i = 0; i < ids->len; i++)
    if (assay_session_looks_open (project_directory, &g_array_index (ids, AssayId, i)))
      return TRUE;
  return FALSE;
}

/* A disk that is full, or a database that cannot be written, will not do better with the next recording. */
static gboolean
ends_it (const GError *error)
{
  return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NO_SPACE)
         || g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT);
}

gboolean
assay_job_recover (AssayProject *project, gboolean all, AssayProgress *progress, AssayMended *mended,
                   guint *ret_busy, GError **error)
{
  g_autoptr (GArray) ids = list_sessions (project->directory);
  guint n_busy = 0;
  assay_progress_say (progress, "mending recordings");
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (GError) wrong = NULL;
      gboolean busy;
      if (assay_progress_stopped (progress, error))
        return FALSE;
      if (assay_session_mend (project, &g_array_index (ids, AssayId, i), all, mended, &busy, &wrong))
        n_busy += busy;
      else if (ends_it (wrong))
        {
          g_propagate_error (error, g_steal_pointer (&wrong));
          return FALSE;
        }
      else
        g_ptr_array_add (mended->skipped, g_strdup (wrong->message));
      assay_progress_set (progress, i + 1, ids->len);
    }
  if (ret_busy != NULL)
    *ret_busy = n_busy;
  return TRUE;
}

static void
count (GString *text, guint64 n, const char *one, const char *many)
{
  if (n > 0)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT " %s", text->len > 0 ? ", " : "", n, n == 1 ? one : many);
}

char *
assay_mended_dup_words (const AssayMended *mended)
{
  g_autoptr (GString) what = g_string_new (NULL);
  GString *text = g_string_new (NULL);
  count (what, mended->frames, "frame of film", "frames of film");
  if (mended->samples > 0)
    g_string_append_printf (what, "%s%.1f s of sound", what->len > 0 ? ", " : "", mended->sound_s);
  count (what, mended->stills, "still", "stills");
  count (what, mended->items, "item added", "items added");
  if (mended->recordings > 0)
    g_string_append_printf (text, "%u recording%s cut off and %s whole again: ", mended->recordings,
                            mended->recordings == 1 ? " was" : "s were", mended->recordings == 1 ? "is" : "are");
  else if (what->len > 0)
    g_string_append (text, "recovered from recordings: ");
  if (text->len > 0)
    g_string_append (text, what->len > 0 ? what->str : "everything that was told as kept was there");
  if (mended->lost_bytes > 0)
    g_string_append_printf (text, "; %" G_GUINT64_FORMAT " bytes at the ends were not whole", mended->lost_bytes);
  if (mended->skipped->len > 0)
    g_string_append_printf (text, "%s%u not recovered, the first: %s", text->len > 0 ? "; " : "",
                            mended->skipped->len, (const char *) mended->skipped->pdata[0]);
  return g_string_free (text, text->len == 0);
}
