/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/salvage-private.h"

#include "core/error.h"
#include "core/media.h"

#include <string.h>
#include <sys/stat.h>

/* The file of that content, whatever its type; NULL when there is none. */
static char *
find_file (const AssayProject *project, const AssaySha256 *hash)
{
  char text[ASSAY_SHA256_TEXT_SIZE];
  assay_sha256_to_text (hash, text);
  g_autofree char *path = g_strdup_printf ("%s/media/%.2s", project->directory, text);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;)
    if (g_str_has_prefix (name, text) && name[strlen (text)] == '.')
      return g_build_filename (path, name, NULL);
  return NULL;
}

static gboolean
add_media (AssayProject *made, gint64 row, const AssaySha256 *hash, GError **error)
{
  AssayMediaFacts facts = { 0 };
  g_autofree char *path = find_file (made, hash);
  if (path == NULL || !assay_media_probe (path, &facts, NULL) || !assay_sha256_equal (&facts.hash, hash))
    return TRUE;
  return assay_store_run (
      made->store, NULL, error,
      "INSERT OR IGNORE INTO main.media (row, hash, kind, type, bytes, width_px, height_px, exif_orientation, "
      "rate_hz,"
      " channels, n_samples, n_frames, duration_ns, added_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "iHttiiiiiiiiii", row, hash, assay_media_kind_to_text (facts.kind), facts.type, facts.bytes,
      (gint64) facts.width_px, (gint64) facts.height_px, (gint64) facts.exif_orientation, (gint64) facts.rate_hz,
      (gint64) facts.channels, facts.n_samples, facts.n_frames, facts.duration_ns, g_get_real_time ());
}

typedef struct
{
  gint64 row;
  AssaySha256 hash;
  AssayId id;
} Lost;

gboolean
assay_salvage_find_media (AssayProject *made, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (Lost));
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (
          made->store, &rows, NULL,
          "SELECT row, hash FROM other.media INDEXED BY sqlite_autoindex_media_1 WHERE row NOT IN (SELECT row "
          "FROM main.media)",
          ""))
    return TRUE;
  while (assay_rows_next (&rows, NULL)) /* as far as the index goes */
    {
      Lost lost = { .row = assay_rows_get_int (&rows, 0) };
      if (assay_rows_get_sha256 (&rows, 1, &lost.hash))
        g_array_append_val (list, lost);
    }
  assay_rows_clear (&rows);
  for (guint i = 0; i < list->len; i++)
    if (!add_media (made, g_array_index (list, Lost, i).row, &g_array_index (list, Lost, i).hash, error))
      return FALSE;
  return TRUE;
}

/* Only its number and id are asked for: the project has the rest, and keeps it. */
static gboolean
add_item (AssayProject *made, const Lost *lost, GError **error)
{
  return assay_store_run (
      made->store, NULL, error,
      "INSERT OR IGNORE INTO main.item (row, id, media, media_kind, name, range, start, end, width_px, height_px,"
      " exif_orientation, rate_hz, channels, n_samples, position, captured_ns, group_key, facts, added_us, "
      "boundary)"
      " VALUES (?, ?, (SELECT min (row) FROM main.media), 'picture', '', 'whole', 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, '',"
      " '{}', 0, 0)",
      "iI", lost->row, &lost->id);
}

gboolean
assay_salvage_find_items (AssayProject *project, AssayProject *made, guint *ret_n_nameless, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (Lost));
  g_auto (AssayRows) rows = { 0 };
  *ret_n_nameless = 0;
  if (!assay_store_query (
          made->store, &rows, NULL,
          "SELECT row, id FROM other.item INDEXED BY sqlite_autoindex_item_1 WHERE length (id) = 16 AND row "
          "NOT IN (SELECT row FROM main.item)",
          ""))
    return TRUE;
  while (assay_rows_next (&rows, NULL))
    {
      Lost lost = { .row = assay_rows_get_int (&rows, 0), .id = assay_rows_get_id (&rows, 1) };
      g_array_append_val (list, lost);
    }
  assay_rows_clear (&rows);
  for (guint i = 0; i < list->len; i++)
    {
      const Lost *lost = &g_array_index (list, Lost, i);
      g_autoptr (GError) wrong = NULL;
      g_autoptr (AssayItem) item = assay_item_get (project->store, &lost->id, &wrong);
      if (item == NULL && !g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&wrong));
          return FALSE;
        }
      *ret_n_nameless += item == NULL;
      if (item != NULL && !add_item (made, lost, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
assay_salvage_record_media (AssayProject *project, AssayProject *made, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_transaction_begin (&transaction, project->store, error)
      || !assay_store_query (
          made->store, &rows, error,
          "SELECT hash, type, bytes, kind, width_px, height_px, exif_orientation, rate_hz, channels, "
          "n_samples, n_frames, duration_ns FROM media",
          ""))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayMediaFacts facts = { .bytes = assay_rows_get_int (&rows, 2) };
      struct stat about;
      if (!assay_rows_get_sha256 (&rows, 0, &facts.hash))
        continue;
      g_strlcpy (facts.type, assay_rows_get_text (&rows, 1), sizeof facts.type);
      g_autofree char *path = assay_media_dup_path (project, &facts.hash, facts.type);
      if (stat (path, &about) != 0 || about.st_size != facts.bytes)
        continue;
      for (guint kind = ASSAY_MEDIA_PICTURE; kind <= ASSAY_MEDIA_MODEL; kind++)
        if (g_strcmp0 (assay_media_kind_to_text ((AssayMediaKind) kind), assay_rows_get_text (&rows, 3)) == 0)
          facts.kind = (AssayMediaKind) kind;
      facts.width_px = (guint) assay_rows_get_int (&rows, 4);
      facts.height_px = (guint) assay_rows_get_int (&rows, 5);
      facts.exif_orientation = (guint) assay_rows_get_int (&rows, 6);
      facts.rate_hz = (guint) assay_rows_get_int (&rows, 7);
      facts.channels = (guint) assay_rows_get_int (&rows, 8);
      facts.n_samples = assay_rows_get_int (&rows, 9);
      facts.n_frames = assay_rows_get_int (&rows, 10);
      facts.duration_ns = assay_rows_get_int (&rows, 11);
      if (!assay_media_record (project->store, &facts, error))
        return FALSE;
    }
  if (wrong == NULL)
    return assay_transaction_commit (&transaction, error);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}
