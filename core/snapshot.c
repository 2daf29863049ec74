/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/snapshot.h"

#include "core/error.h"
#include "core/json.h"

#include <string.h>

struct _AssaySnapshot
{
  AssayProject *project;    /* borrowed */
  AssayTransaction reading; /* one state of the database from the first row to the last */
  char *version;
  GPtrArray *tasks;
  GHashTable *names;
  guint64 n_items;
  /* A version: its leaves, and the place in the one at hand. */
  AssayTreeWalk *walk;
  char *leaf, *line;
  /* The working state: rows made as they are asked for. */
  GArray *rows;
  guint at;
  AssaySplitRule rule;
  AssaySessionTimes *times;
  GString *text;
};

static GHashTable *
load_names (AssayStore *store, GError **error)
{
  g_autoptr (GPtrArray) annotators = assay_annotator_list (store, error);
  if (annotators == NULL)
    return NULL;
  GHashTable *names = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, g_free);
  for (guint i = 0; i < annotators->len; i++)
    {
      const AssayAnnotator *annotator = annotators->pdata[i];
      g_hash_table_insert (names, g_memdup2 (&annotator->id, sizeof annotator->id), g_strdup (annotator->name));
    }
  return names;
}

static GPtrArray *
load_tasks (const json_t *manifest, GError **error)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_task_free);
  gsize i;
  json_t *definition;
  json_array_foreach (json_object_get (manifest, "tasks"), i, definition)
  {
    AssayTask *task = assay_task_from_json (definition, error);
    if (task == NULL)
      return NULL;
    g_ptr_array_add (tasks, task);
  }
  return g_steal_pointer (&tasks);
}

json_t *
assay_manifest_load (AssayProject *project, const char *version, GError **error)
{
  AssaySha256 hash;
  g_auto (AssayRows) rows = { 0 };
  if (!assay_sha256_parse (version, &hash)
      || !assay_store_query (project->store, &rows, error, "SELECT manifest FROM version WHERE hash = ?", "H",
                             &hash))
    return NULL;
  g_autoptr (GError) wrong = NULL;
  if (!assay_rows_next (&rows, &wrong))
    {
      if (wrong != NULL)
        g_propagate_error (error, g_steal_pointer (&wrong));
      else
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "version %.12s: it is missing from the database",
                     version);
      return NULL;
    }
  const char *text = assay_rows_get_text (&rows, 0);
  AssaySha256 found = assay_sha256 (text, strlen (text));
  if (!assay_sha256_equal (&found, &hash))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "version %.12s: its manifest was altered; restore project.db from a copy", version);
      return NULL;
    }
  return assay_json_parse (text, strlen (text), "the manifest of a version", error);
}

gboolean
assay_manifest_get_tree (const json_t *manifest, AssayTree *ret_tree, GError **error)
{
  const json_t *json = json_object_get (manifest, "tree");
  AssayTree tree = { 0 };
  gint64 depth;
  const char *hash = assay_json_get_string (json, "hash");
  if (hash == NULL || strlen (hash) != ASSAY_SHA256_TEXT_SIZE - 1 || !assay_sha256_parse (hash, &tree.top.hash)
      || !assay_json_get_id (json, "last", &tree.top.last) || !assay_json_get_int (json, "depth", &depth)
      || depth < 0 || depth > 40 || !assay_sums_from_json (json_object_get (json, "sums"), &tree.top.sums))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading a manifest: its tree is missing or wrong");
      return FALSE;
    }
  tree.depth = (guint) depth;
  *ret_tree = tree;
  return TRUE;
}

static gboolean
open_version (AssaySnapshot *snapshot, const char *words, GError **error)
{
  g_autoptr (AssayVersion) version = assay_version_find (snapshot->project, words, error);
  if (version == NULL)
    return FALSE;
  g_autoptr (json_t) manifest = assay_manifest_load (snapshot->project, version->version, error);
  AssayTree tree;
  if (manifest == NULL || !assay_manifest_get_tree (manifest, &tree, error)
      || (snapshot->tasks = load_tasks (manifest, error)) == NULL)
    return FALSE;
  snapshot->version = g_strdup (version->version);
  snapshot->n_items = tree.top.sums.items;
  snapshot->walk = assay_tree_walk_new (snapshot->project->store, &tree);
  return TRUE;
}

static gboolean
open_working (AssaySnapshot *snapshot, GError **error)
{
  AssayStore *store = snapshot->project->store;
  snapshot->version = g_strdup ("working");
  snapshot->text = g_string_new (NULL);
  snapshot->times = assay_session_times_new (store);
  snapshot->tasks = assay_task_list (store, error);
  if (snapshot->tasks == NULL || !assay_split_rule_get (snapshot->project, &snapshot->rule, error))
    return FALSE;
  snapshot->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error, "SELECT row FROM item WHERE row NOT IN (SELECT item FROM left_out WHERE everywhere = 1)"
                          " ORDER BY id", ""))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      gint64 row = assay_rows_get_int (&rows, 0);
      g_array_append_val (snapshot->rows, row);
    }
  snapshot->n_items = snapshot->rows->len;
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

AssaySnapshot *
assay_snapshot_open (AssayProject *project, const char *version, GError **error)
{
  g_autoptr (AssaySnapshot) snapshot = g_new0 (AssaySnapshot, 1);
  snapshot->project = project;
  if (!assay_transaction_begin_read (&snapshot->reading, project->store, error)
      || (snapshot->names = load_names (project->store, error)) == NULL)
    return NULL;
  if (!(version != NULL ? open_version (snapshot, version, error) : open_working (snapshot, error)))
    return NULL;
  return g_steal_pointer (&snapshot);
}

void
assay_snapshot_close (AssaySnapshot *snapshot)
{
  if (snapshot == NULL)
    return;
  assay_tree_walk_free (snapshot->walk);
  g_clear_pointer (&snapshot->tasks, g_ptr_array_unref);
  g_clear_pointer (&snapshot->names, g_hash_table_unref);
  g_clear_pointer (&snapshot->rows, g_array_unref);
  if (snapshot->text != NULL)
    g_string_free (snapshot->text, TRUE);
  assay_session_times_free (snapshot->times);
  assay_transaction_clear (&snapshot->reading);
  g_free (snapshot->leaf);
  g_free (snapshot->version);
  g_free (snapshot);
}

const GPtrArray *
assay_snapshot_get_tasks (const AssaySnapshot *snapshot)
{
  return snapshot->tasks;
}

const char *
assay_snapshot_get_version (const AssaySnapshot *snapshot)
{
  return snapshot->version;
}

guint64
assay_snapshot_get_n_items (const AssaySnapshot *snapshot)
{
  return snapshot->n_items;
}

/* Stands `line` on the next line of the leaves; FALSE at the end, or with `error` set. */
static gboolean
next_line (AssaySnapshot *snapshot, GError **error)
{
  while (snapshot->line == NULL || *snapshot->line == '\0')
    {
      guint level;
      const AssayEntry *entry = assay_tree_walk_get (snapshot->walk, &level);
      if (entry == NULL)
        return FALSE;
      if (level > 0)
        {
          if (!assay_tree_walk_descend (snapshot->walk, error))
            return FALSE;
          continue;
        }
      gsize n_bytes;
      char *leaf = assay_shard_get (snapshot->project->store, &entry->hash, &n_bytes, error);
      if (leaf == NULL)
        return FALSE;
      g_free (snapshot->leaf);
      snapshot->leaf = snapshot->line = leaf;
      assay_tree_walk_skip (snapshot->walk);
    }
  return TRUE;
}

static AssayRow *
next_of_version (AssaySnapshot *snapshot, GError **error)
{
  if (!next_line (snapshot, error))
    return NULL;
  char *end = strchrnul (snapshot->line, '\n');
  AssayRow *row
      = assay_row_parse (snapshot->line, (gsize) (end - snapshot->line), snapshot->tasks, snapshot->names, error);
  snapshot->line = *end == '\0' ? end : end + 1;
  return row;
}

static AssayRow *
next_of_working (AssaySnapshot *snapshot, GError **error)
{
  if (snapshot->at >= snapshot->rows->len)
    return NULL;
  g_autoptr (AssayItem) item = assay_item_get_row (snapshot->project->store,
                                                   g_array_index (snapshot->rows, gint64, snapshot->at++), error);
  if (item == NULL)
    return NULL;
  /* Through the same text as a version's row, so that the working state exports as its version will. */
  AssaySums sums = { 0 };
  g_string_truncate (snapshot->text, 0);
  if (!assay_row_write (snapshot->project, item, snapshot->tasks, &snapshot->rule, snapshot->times, snapshot->text,
                        &sums, error))
    return NULL;
  return assay_row_parse (snapshot->text->str, snapshot->text->len, snapshot->tasks, snapshot->names, error);
}

AssayRow *
assay_snapshot_next (AssaySnapshot *snapshot, GError **error)
{
  return snapshot->walk != NULL ? next_of_version (snapshot, error) : next_of_working (snapshot, error);
}
