/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/withdrawal.h"

#include "core/error.h"
#include "core/file.h"
#include "core/flag.h"
#include "core/json.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static char *
dup_path (const AssayProject *project)
{
  return g_build_filename (project->directory, "sessions", "withdrawn.jsonl", NULL);
}

GArray *
assay_withdrawal_find (AssayStore *store, const char *key, const char *value, GError **error)
{
  g_autofree char *path = g_strconcat ("$.", key, NULL);
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!assay_store_query (store, &rows, error,
                          "SELECT row FROM item WHERE json_extract (facts, ?) = ? ORDER BY row", "tt", path, value))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      gint64 row = assay_rows_get_int (&rows, 0);
      g_array_append_val (list, row);
    }
  if (wrong == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

gboolean
assay_withdrawal_note (AssayProject *project, const char *key, const char *value, const char *why, GError **error)
{
  g_autofree char *path = dup_path (project), *folder = g_path_get_dirname (path);
  g_autoptr (json_t) line
      = json_pack ("{s:s, s:I, s:s?}", key, value, "made_us", (json_int_t) g_get_real_time (), "why", why);
  g_autoptr (GString) text = g_string_new ("\n"); /* what a crash cut off before stays a line of its own */
  assay_json_canonical_append (line, text);
  g_string_append_c (text, '\n');
  int fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd < 0)
    {
      assay_error_set_errno (error, errno, "opening %s", path);
      return FALSE;
    }
  gboolean right = assay_file_write_all (fd, text->str, text->len, path, error);
  if (right && fdatasync (fd) != 0)
    {
      assay_error_set_errno (error, errno, "writing %s", path);
      right = FALSE;
    }
  close (fd);
  return right && assay_folder_sync (folder, error);
}

static gboolean
apply_to (AssayProject *project, gint64 row, gint64 made_us, const char *why, guint *n_items, GError **error)
{
  g_autoptr (AssayItem) item = assay_item_get_row (project->store, row, error);
  if (item == NULL)
    return FALSE;
  if (item->captured_ns / 1000 > made_us)
    return TRUE; /* recorded later, with another consent */
  (*n_items)++;
  return assay_flag_set (project->store, row, ASSAY_FLAG_WITHDRAWN, TRUE, why, NULL, NULL, error);
}

static gboolean
apply_line (AssayProject *project, const json_t *line, guint *n_items, GError **error)
{
  static const char *const keys[] = { "consent", "subject" };
  gint64 made_us;
  if (!assay_json_get_int (line, "made_us", &made_us))
    return TRUE;
  for (guint k = 0; k < G_N_ELEMENTS (keys); k++)
    {
      const char *value = assay_json_get_string (line, keys[k]);
      g_autoptr (GArray) rows
          = value != NULL ? assay_withdrawal_find (project->store, keys[k], value, error) : NULL;
      if (value != NULL && rows == NULL)
        return FALSE;
      for (guint i = 0; rows != NULL && i < rows->len; i++)
        if (!apply_to (project, g_array_index (rows, gint64, i), made_us, assay_json_get_string (line, "why"),
                       n_items, error))
          return FALSE;
    }
  return TRUE;
}

gboolean
assay_withdrawal_apply (AssayProject *project, guint *ret_n_items, GError **error)
{
  g_autofree char *path = dup_path (project), *text = NULL;
  g_auto (AssayTransaction) transaction = { 0 };
  g_autoptr (GError) wrong = NULL;
  *ret_n_items = 0;
  if (!g_file_get_contents (path, &text, NULL, &wrong))
    {
      if (g_error_matches (wrong, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_IO, "reading who took their consent back: %s", wrong->message);
      return FALSE;
    }
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  if (!assay_transaction_begin (&transaction, project->store, error))
    return FALSE;
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (json_t) line = assay_json_parse (lines[i], strlen (lines[i]), "a withdrawal", NULL);
      if (line != NULL && !apply_line (project, line, ret_n_items, error))
        return FALSE;
    }
  return assay_transaction_commit (&transaction, error);
}
