/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/snapshot.h"

#include "core/error.h"
#include "core/json.h"

#include <string.h>

typedef struct
{
  AssayProject *project;
  GPtrArray *damage; /* of char *, one line each */
  GHashTable *media; /* hashes that were read already, as text */
  AssayProgress *progress;
  guint64 done, total;
} Verify;

static void G_GNUC_PRINTF (2, 3) tell (Verify *verify, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_ptr_array_add (verify->damage, g_strdup_vprintf (format, args));
  va_end (args);
}

/* A broken part is told and the rest is still read. */
static void
tell_error (Verify *verify, const char *where, GError **wrong)
{
  tell (verify, "%s: %s", where, (*wrong)->message);
  g_clear_error (wrong);
}

static void
check_media (Verify *verify, const AssayItem *item)
{
  char hash[ASSAY_SHA256_TEXT_SIZE];
  if (!g_hash_table_add (verify->media, g_strdup (assay_sha256_to_text (&item->media, hash))))
    return;
  g_autoptr (GError) wrong = NULL;
  if (!assay_media_check (verify->project, &item->media, item->media_type, &wrong))
    tell (verify, "media %.12s of %s: %s", hash, item->name, wrong->message);
}

static void
check_rows (Verify *verify, const char *text, const AssayEntry *entry, const GPtrArray *tasks, const char *where)
{
  g_autoptr (GHashTable) names = g_hash_table_new (assay_id_hash, assay_id_hash_equal);
  AssaySums sums = { 0 };
  for (const char *line = text; *line != '\0';)
    {
      const char *end = strchrnul (line, '\n');
      g_autoptr (GError) wrong = NULL;
      g_autoptr (AssayRow) row = assay_row_parse (line, (gsize) (end - line), tasks, names, &wrong);
      if (row == NULL)
        tell_error (verify, where, &wrong);
      else
        {
          assay_row_count (row, &sums);
          check_media (verify, row->item);
        }
      line = *end == '\0' ? end : end + 1;
      assay_progress_set (verify->progress, ++verify->done, verify->total);
    }
  if (memcmp (&sums, &entry->sums, sizeof sums) != 0)
    tell (verify, "%s: its counts are not those of its rows", where);
}

static gboolean
check_tree (Verify *verify, const AssayTree *tree, const GPtrArray *tasks, const char *version, GError **error)
{
  g_autoptr (AssayTreeWalk) walk = assay_tree_walk_new (verify->project->store, tree);
  const AssayEntry *entry;
  guint level;
  while ((entry = assay_tree_walk_get (walk, &level)) != NULL)
    {
      char hash[ASSAY_SHA256_TEXT_SIZE];
      g_autofree char *where
          = g_strdup_printf ("version %.12s, shard %.12s", version, assay_sha256_to_text (&entry->hash, hash));
      g_autoptr (GError) wrong = NULL;
      if (assay_progress_stopped (verify->progress, error))
        return FALSE;
      if (level > 0)
        {
          if (assay_tree_walk_descend (walk, &wrong))
            continue;
          tell_error (verify, where, &wrong);
        }
      else
        {
          gsize n_bytes;
          g_autofree char *text = assay_shard_get (verify->project->store, &entry->hash, &n_bytes, &wrong);
          if (text == NULL)
            tell_error (verify, where, &wrong);
          else
            check_rows (verify, text, entry, tasks, where);
        }
      assay_tree_walk_skip (walk);
    }
  return TRUE;
}

/* The root as it follows from the parts, against the one that the manifest names. */
static void
check_root (Verify *verify, const json_t *manifest, const AssayTree *tree, const AssayVersion *version)
{
  char hash[ASSAY_SHA256_TEXT_SIZE];
  g_autoptr (json_t) content
      = json_pack ("{s:s, s:O, s:O}", "items", assay_sha256_to_text (&tree->top.hash, hash), "tasks",
                   json_object_get (manifest, "tasks"), "splits", json_object_get (manifest, "splits"));
  g_autofree char *text = assay_json_canonical (content);
  AssaySha256 root = assay_sha256 (text, strlen (text));
  if (!g_str_equal (assay_sha256_to_text (&root, hash), version->root)
      || g_strcmp0 (assay_json_get_string (manifest, "root"), version->root) != 0)
    tell (verify, "version %.12s: its root does not follow from its parts", version->version);
}

static gboolean
check_version (Verify *verify, const AssayVersion *version, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  g_autoptr (json_t) manifest = assay_manifest_load (verify->project, version->version, &wrong);
  AssayTree tree;
  if (manifest == NULL || !assay_manifest_get_tree (manifest, &tree, &wrong))
    {
      tell_error (verify, version->version, &wrong);
      return TRUE;
    }
  check_root (verify, manifest, &tree, version);
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_task_free);
  gsize i;
  json_t *definition;
  json_array_foreach (json_object_get (manifest, "tasks"), i, definition)
  {
    AssayTask *task = assay_task_from_json (definition, &wrong);
    if (task != NULL)
      g_ptr_array_add (tasks, task);
    else
      tell_error (verify, version->version, &wrong);
  }
  return check_tree (verify, &tree, tasks, version->version, error);
}

static void
tell_media (const AssaySha256 *hash, const char *why, gpointer data)
{
  char name[ASSAY_SHA256_TEXT_SIZE];
  tell (data, "media %.12s: %s", assay_sha256_to_text (hash, name), why);
}

/* Nothing named: every version, every media file and the database itself. */
static gboolean
check_everything (Verify *verify, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GPtrArray) versions = assay_version_list (verify->project, error);
  if (versions == NULL)
    return FALSE;
  for (guint i = 0; i < versions->len; i++)
    if (!check_version (verify, versions->pdata[i], error))
      return FALSE;
  g_hash_table_remove_all (verify->media);
  guint64 n_checked;
  if (!assay_media_verify (verify->project, tell_media, verify, &n_checked, verify->progress, error))
    return FALSE;
  if (!assay_store_check (verify->project->store, &wrong))
    tell_error (verify, "project.db", &wrong);
  return TRUE;
}

gboolean
assay_version_verify (AssayProject *project, const char *version, GPtrArray **ret_damage, AssayProgress *progress,
                      GError **error)
{
  g_autoptr (GPtrArray) damage = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) media = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Verify verify = { .project = project, .damage = damage, .media = media, .progress = progress };
  if (version == NULL)
    {
      if (!check_everything (&verify, error))
        return FALSE;
    }
  else
    {
      g_autoptr (AssayVersion) found = assay_version_find (project, version, error);
      if (found == NULL)
        return FALSE;
      verify.total = found->items;
      if (!check_version (&verify, found, error))
        return FALSE;
    }
  *ret_damage = g_steal_pointer (&damage);
  return TRUE;
}
