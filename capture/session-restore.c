/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/session-items.h"
#include "capture/session-mend.h"
#include "capture/source.h"

#include "core/error.h"
#include "core/json.h"
#include "core/sensor.h"

#include <stdlib.h>
#include <string.h>

#define BATCH 500 /* items a transaction */

typedef struct
{
  AssayProject *project;
  const AssayId *session;
  const json_t *info;
  AssayMended *mended;
  GHashTable *media; /* AssayMediaFacts by SHA-256 in text; NULL = it cannot be used */
  AssayTransaction transaction;
  guint n_uncommitted;
} Restoring;

static gboolean
is_trouble_of_one (const GError *error)
{
  return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA)
         || g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND);
}

static gboolean
is_known (AssayStore *store, const AssayId *id, gboolean *ret_known, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  g_autoptr (AssayItem) item = assay_item_get (store, id, &wrong);
  *ret_known = item != NULL;
  if (item != NULL || g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* Read again, once for all items of it: what a file is, it says itself. */
static const AssayMediaFacts *
find_media (Restoring *r, const char *hash, const char *type, GError **error)
{
  gpointer found;
  AssaySha256 wanted;
  if (g_hash_table_lookup_extended (r->media, hash, NULL, &found))
    {
      if (found == NULL)
        assay_error_bad_data (error, "reading %.12s….%s of media/: it cannot be used, as was told before", hash,
                              type);
      return found;
    }
  if (!assay_sha256_parse (hash, &wanted))
    {
      assay_error_bad_data (error, "reading an index: \"%s\" names no file of media/", hash);
      return NULL;
    }
  g_autofree char *path = assay_media_dup_path (r->project, &wanted, type);
  g_autofree AssayMediaFacts *facts = g_new0 (AssayMediaFacts, 1);
  g_autoptr (GError) wrong = NULL;
  if (assay_media_probe (path, facts, &wrong) && !assay_sha256_equal (&facts->hash, &wanted))
    assay_error_bad_data (
        &wrong, "reading %s: its bytes have changed since it was recorded; bring it back from a copy", path);
  if (wrong != NULL)
    {
      if (is_trouble_of_one (wrong))
        g_hash_table_insert (r->media, g_strdup (hash), NULL);
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  AssayMediaFacts *kept = g_steal_pointer (&facts);
  g_hash_table_insert (r->media, g_strdup (hash), kept);
  return kept;
}

/* Lines of the first recorders say by their name alone which one it was, and of a sound when it began in its facts.
 */
static void
complete (json_t *line)
{
  const char *name = assay_json_get_string (line, "name");
  const char *number = name != NULL ? strrchr (name, '/') : NULL;
  json_t *stamp = json_object_get (json_object_get (json_object_get (line, "facts"), "capture"), "stamp_ns");
  gboolean sound = json_object_get (line, "frame") == NULL;
  if (json_object_get (line, "position") == NULL && number != NULL)
    json_object_set_new (line, "position", json_integer (sound ? 0 : atoll (number + 1) - 1));
  if (sound && json_object_get (line, "segment") == NULL)
    json_object_set_new (line, "segment", json_pack ("{s:O?}", "first_ns", stamp));
}

static gboolean
add (Restoring *r, const json_t *line, const AssayId *id, GError **error)
{
  const char *hash = assay_json_get_string (line, "media"), *type = assay_json_get_string (line, "type");
  g_autoptr (json_t) words = json_deep_copy (line);
  if (hash == NULL || type == NULL)
    return assay_error_bad_data (error, "reading an index: an item of it has no media");
  const AssayMediaFacts *media = find_media (r, hash, type, error);
  complete (words);
  g_autoptr (AssayItem) item
      = media != NULL ? assay_session_make_item (r->info, r->session, words, media, error) : NULL;
  if (item == NULL)
    return FALSE;
  if (assay_json_get_string (line, "name") != NULL)
    {
      g_free (item->name);
      item->name = g_strdup (assay_json_get_string (line, "name"));
    }
  g_auto (AssayTransaction) one = { 0 };
  if (!assay_transaction_begin (&one, r->project->store, error)
      || !assay_media_record (r->project->store, media, error)
      || !assay_session_add_item (r->project->store, item, NULL, error))
    return FALSE;
  if (!assay_id_equal (&item->id, id))
    return assay_error_bad_data (error, "restoring %s: its line in the index was changed, it would be another item",
                                 item->name);
  return assay_transaction_commit (&one, error);
}

static gboolean
begin_batch (Restoring *r, GError **error)
{
  return r->transaction.store != NULL || assay_transaction_begin (&r->transaction, r->project->store, error);
}

static gboolean
end_one (Restoring *r, GError **error)
{
  return ++r->n_uncommitted % BATCH != 0 || assay_transaction_commit (&r->transaction, error);
}

/* FALSE when `wrong` is no trouble of this file alone. */
static gboolean
pass_over (Restoring *r, const char *name, GError *take_wrong, GError **error)
{
  g_autoptr (GError) wrong = take_wrong;
  if (!is_trouble_of_one (wrong))
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  g_ptr_array_add (r->mended->skipped, g_strdup_printf ("%s: %s", name != NULL ? name : "?", wrong->message));
  return TRUE;
}

static gboolean
is_media_known (AssayStore *store, const char *hash, gboolean *ret_known, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  AssaySha256 wanted;
  *ret_known = FALSE;
  if (!assay_sha256_parse (hash, &wanted))
    return TRUE; /* find_media says so */
  if (!assay_store_query (store, &rows, error, "SELECT 1 FROM media WHERE hash = ?", "H", &wanted))
    return FALSE;
  *ret_known = assay_rows_next (&rows, &wrong);
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* A closed film: no frame of it needs to be an item, and it is the project's all the same. */
static gboolean
restore_film (Restoring *r, const json_t *segment, GError **error)
{
  const char *hash = assay_json_get_string (segment, "media"), *type = assay_json_get_string (segment, "type");
  gboolean known;
  GError *wrong = NULL;
  if (hash == NULL || type == NULL)
    return TRUE;
  if (!is_media_known (r->project->store, hash, &known, error))
    return FALSE;
  if (known)
    return TRUE;
  const AssayMediaFacts *media = find_media (r, hash, type, &wrong);
  if (media == NULL)
    return pass_over (r, assay_json_get_string (segment, "file"), wrong, error);
  return begin_batch (r, error) && assay_media_record (r->project->store, media, error) && end_one (r, error);
}

static gboolean
restore_line (json_t *line, gpointer data, GError **error)
{
  Restoring *r = data;
  AssayId id;
  gboolean known;
  GError *wrong = NULL;
  if (!assay_json_get_id (line, "item", &id))
    return restore_film (r, json_object_get (line, "segment"), error);
  if (!is_known (r->project->store, &id, &known, error))
    return FALSE;
  if (known)
    return TRUE;
  if (!begin_batch (r, error))
    return FALSE;
  if (!add (r, line, &id, &wrong))
    return pass_over (r, assay_json_get_string (line, "name"), wrong, error);
  r->mended->items++;
  if (json_object_get (line, "frame") != NULL && json_object_get (line, "film") == NULL)
    r->mended->stills++;
  return end_one (r, error);
}

/* --- who recorded, and when --- */

static gboolean
restore_session (AssayProject *project, const AssayId *id, const json_t *info, GError **error)
{
  gint64 realtime_ns = 0;
  size_t i;
  json_t *words;
  json_array_foreach (json_object_get (info, "sensors"), i, words)
  {
    const char *identity = assay_json_get_string (words, "id"), *kind = assay_json_get_string (words, "kind");
    AssaySensor sensor = { .kind = (char *) kind, .identity = (char *) identity };
    if (identity == NULL || kind == NULL || !assay_json_get_id (words, "sensor", &sensor.id))
      continue;
    sensor.name = (char *) assay_source_get_rest (identity);
    if (!assay_sensor_add (project->store, &sensor, error))
      return FALSE;
  }
  assay_json_get_int (json_object_get (info, "clock"), "realtime_ns", &realtime_ns);
  return assay_session_add (project->store, id, realtime_ns / 1000, info, error);
}

gboolean
assay_session_restore (AssayProject *project, const AssayId *session, const json_t *info, const char *index_path,
                       AssayMended *mended, AssaySessionIndex **ret_index, GError **error)
{
  g_autoptr (GHashTable) media = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Restoring r = { .project = project, .session = session, .info = info, .mended = mended, .media = media };
  if (!restore_session (project, session, info, error))
    return FALSE;
  g_autoptr (AssaySessionIndex) index = assay_session_index_read (index_path, restore_line, &r, error);
  gboolean right
      = index != NULL && (r.transaction.store == NULL || assay_transaction_commit (&r.transaction, error));
  assay_transaction_clear (&r.transaction);
  if (right)
    *ret_index = g_steal_pointer (&index);
  return right;
}
