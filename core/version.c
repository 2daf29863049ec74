/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/snapshot.h"

#include "core/error.h"
#include "core/json.h"

#include <string.h>

void
assay_version_free (AssayVersion *version)
{
  if (version == NULL)
    return;
  g_free (version->message);
  g_free (version->author);
  g_free (version->tags);
  g_free (version);
}

/* A commit under way. */
typedef struct
{
  AssayProject *project;
  GPtrArray *tasks;
  AssaySplitRule rule;
  AssaySessionTimes *times;
  GArray *touched; /* of AssayId, ascending: items that changed since the parent */
  AssayProgress *progress;
  guint64 done;
} Build;

static gboolean
keep_leaf (Build *build, GString *text, AssayEntry *leaf, GArray *leaves, GError **error)
{
  if (!assay_shard_put (build->project->store, "leaf", text->str, text->len, &leaf->hash, error))
    return FALSE;
  g_array_append_val (leaves, *leaf);
  build->done += leaf->sums.items;
  assay_progress_set (build->progress, build->done, 0);
  g_string_truncate (text, 0);
  *leaf = (AssayEntry){ 0 };
  return !assay_progress_stopped (build->progress, error);
}

/* Writes the items of (after, last] (NULL = open) anew as leaves. */
static gboolean
write_leaves (Build *build, const AssayId *after, const AssayId *last, GArray *leaves, GError **error)
{
  static const AssayId highest
      = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
  AssayStore *store = build->project->store;
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) wrong = NULL;
  AssayEntry leaf = { 0 };
  AssayId from = after != NULL ? *after : ASSAY_ID_NIL;
  if (!assay_store_query (store, &rows, error, "SELECT row FROM item WHERE id > ? AND id <= ? AND row NOT IN"
                          " (SELECT item FROM left_out WHERE everywhere = 1) ORDER BY id", "bb",
                          from.bytes, sizeof from.bytes, last != NULL ? last->bytes : highest.bytes,
                          sizeof highest.bytes))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      g_autoptr (AssayItem) item = assay_item_get_row (store, assay_rows_get_int (&rows, 0), error);
      if (item == NULL
          || !assay_row_write (build->project, item, build->tasks, &build->rule, build->times, text, &leaf.sums,
                               error))
        return FALSE;
      g_string_append_c (text, '\n');
      leaf.last = item->id;
      if (assay_shard_zero_bits (&item->id) >= ASSAY_SHARD_BITS && !keep_leaf (build, text, &leaf, leaves, error))
        return FALSE;
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  return text->len == 0 || keep_leaf (build, text, &leaf, leaves, error);
}

/* How many of the touched ids from `from` on are at or below `last`. */
static guint
count_touched (const Build *build, guint from, const AssayId *last)
{
  guint to = from;
  while (to < build->touched->len && assay_id_compare (&g_array_index (build->touched, AssayId, to), last) <= 0)
    to++;
  return to - from;
}

/* Writes anew what changed below `old`, which covers the ids after `after` up to its last (or to the end of all),
 * and appends what takes its place, on the same level. */
static gboolean
rebuild (Build *build, const AssayEntry *old, guint level, const AssayId *after, gboolean to_the_end, guint first,
         guint n_touched, GArray *entries, GError **error)
{
  if (level == 0)
    return write_leaves (build, after, to_the_end ? NULL : &old->last, entries, error);
  g_autoptr (GArray) below = assay_tree_load_node (build->project->store, &old->hash, error);
  if (below == NULL)
    return FALSE;
  g_autoptr (GArray) anew = g_array_new (FALSE, FALSE, sizeof (AssayEntry));
  guint end = first + n_touched;
  for (guint i = 0; i < below->len; i++)
    {
      const AssayEntry *child = &g_array_index (below, AssayEntry, i);
      gboolean open = to_the_end && i + 1 == below->len;
      guint n = open ? end - first : MIN (count_touched (build, first, &child->last), end - first);
      if (n == 0)
        g_array_append_val (anew, *child);
      else if (!rebuild (build, child, level - 1, after, open, first, n, anew, error))
        return FALSE;
      first += n;
      after = &child->last;
    }
  return assay_tree_cut_nodes (build->project->store, anew, level, entries, error);
}

/* From scratch when there is no old tree to grow from. */
static gboolean
build_tree (Build *build, const AssayTree *old, AssayTree *ret_tree, GError **error)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (AssayEntry));
  AssayTree tree = { .depth = old != NULL ? old->depth : 0 };
  if (old == NULL || old->top.sums.items == 0)
    {
      tree.depth = 0;
      if (!write_leaves (build, NULL, NULL, entries, error))
        return FALSE;
    }
  else if (build->touched->len == 0)
    g_array_append_val (entries, old->top);
  else if (!rebuild (build, &old->top, old->depth, NULL, TRUE, 0, build->touched->len, entries, error))
    return FALSE;
  while (entries->len > 1)
    {
      g_autoptr (GArray) above = g_array_new (FALSE, FALSE, sizeof (AssayEntry));
      if (!assay_tree_cut_nodes (build->project->store, entries, ++tree.depth, above, error))
        return FALSE;
      GArray *below = entries;
      entries = g_steal_pointer (&above);
      g_array_unref (below);
    }
  if (entries->len == 1)
    tree.top = g_array_index (entries, AssayEntry, 0);
  *ret_tree = tree;
  return TRUE;
}

static json_t *
rule_to_json (const AssaySplitRule *rule)
{
  char salt[33];
  for (guint i = 0; i < sizeof rule->salt; i++)
    g_snprintf (salt + 2 * i, 3, "%02x", rule->salt[i]);
  return json_pack ("{s:s, s:f, s:f}", "salt", salt, "val", rule->val, "test", rule->test);
}

static json_t *
tasks_to_json (const GPtrArray *tasks)
{
  json_t *definitions = json_array ();
  for (guint i = 0; i < tasks->len; i++)
    json_array_append_new (definitions, assay_task_to_json (tasks->pdata[i]));
  return definitions;
}

static json_t *
tree_to_json (const AssayTree *tree)
{
  char hash[ASSAY_SHA256_TEXT_SIZE];
  return json_pack ("{s:s, s:o, s:i, s:o}", "hash", assay_sha256_to_text (&tree->top.hash, hash), "last",
                    assay_json_id (&tree->top.last), "depth", (int) tree->depth, "sums",
                    assay_sums_to_json (&tree->top.sums));
}

static char *
hash_of (const json_t *json, char *buffer)
{
  g_autofree char *text = assay_json_canonical (json);
  AssaySha256 hash = assay_sha256 (text, strlen (text));
  return assay_sha256_to_text (&hash, buffer);
}

static gboolean
load_touched (Build *build, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  /* CROSS JOIN: from the few touched rows to their items; left free, SQLite walks all items in order instead. */
  if (!assay_store_query (build->project->store, &rows, error,
                          "SELECT item.id FROM touched CROSS JOIN item ON item.row = touched.item ORDER BY item.id", ""))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayId id = assay_rows_get_id (&rows, 0);
      g_array_append_val (build->touched, id);
    }
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* `touched` counts from the version named in meta; another one (merged in since) can not be grown from. */
static gboolean
touched_since (AssayProject *project, const char *version, gboolean *ret_same, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (project->store, &rows, error, "SELECT value FROM meta WHERE key = 'touched_since'", ""))
    return FALSE;
  *ret_same = assay_rows_next (&rows, &wrong) && g_strcmp0 (assay_rows_get_text (&rows, 0), version) == 0;
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

static gboolean
keep_version (AssayProject *project, const json_t *manifest, const char *root, const char *parent, gint64 made_us,
              AssaySha256 *ret_hash, GError **error)
{
  g_autofree char *text = assay_json_canonical (manifest);
  AssaySha256 hash = assay_sha256 (text, strlen (text)), root_hash, parent_hash;
  char name[ASSAY_SHA256_TEXT_SIZE];
  assay_sha256_to_text (&hash, name);
  assay_sha256_parse (root, &root_hash);
  gboolean has_parent = *parent != '\0' && assay_sha256_parse (parent, &parent_hash);
  if (!assay_store_run (project->store, NULL, error,
                        "INSERT INTO version (hash, root, parent, made_us, manifest) VALUES (?, ?, ?, ?, ?)",
                        "HHHit", &hash, &root_hash, has_parent ? &parent_hash : NULL, made_us, text)
      || !assay_store_run (project->store, NULL, error, "DELETE FROM touched", "")
      || !assay_store_run (project->store, NULL, error,
                           "INSERT INTO meta (key, value) VALUES ('touched_since', ?)"
                           " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                           "t", name))
    return FALSE;
  *ret_hash = hash;
  return TRUE;
}

/* Leaves end where an item says so. When such an item has left, two leaves become one, which growing does not see. */
static gboolean
lost_boundary (AssayStore *store, gboolean *ret_lost, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error,
                          "SELECT 1 FROM left_out CROSS JOIN touched ON touched.item = left_out.item CROSS JOIN item"
                          " ON item.row = left_out.item WHERE everywhere = 1 AND boundary = 1 LIMIT 1",
                          ""))
    return FALSE;
  *ret_lost = assay_rows_next (&rows, &wrong);
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* The parent's tree, when it can be grown: same rule of splits, `touched` counts from it, and its cuts still hold. */
static gboolean
find_base (Build *build, const json_t *manifest, const char *parent, AssayTree *ret_tree, gboolean *ret_grow,
           GError **error)
{
  g_autoptr (json_t) rule = rule_to_json (&build->rule);
  gboolean grow = FALSE, lost = FALSE;
  if (!touched_since (build->project, parent, &grow, error)
      || !lost_boundary (build->project->store, &lost, error))
    return FALSE;
  *ret_grow = grow && !lost && json_equal (rule, json_object_get (manifest, "splits"));
  return assay_manifest_get_tree (manifest, ret_tree, error);
}

static gboolean
commit (Build *build, const AssayVersion *parent, const char *message, const char *author, const json_t *report,
        AssaySha256 *ret_hash, GError **error)
{
  AssayProject *project = build->project;
  AssayTree tree, base;
  gboolean grow = FALSE;
  if (parent != NULL)
    {
      g_autoptr (json_t) manifest = assay_manifest_load (project, parent->version, error);
      if (manifest == NULL || !find_base (build, manifest, parent->version, &base, &grow, error))
        return FALSE;
    }
  if (!load_touched (build, error) || !build_tree (build, grow ? &base : NULL, &tree, error))
    return FALSE;
  if (tree.top.sums.items == 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                   "committing: the project has no items yet; import or capture some first");
      return FALSE;
    }
  char root[ASSAY_SHA256_TEXT_SIZE], hash[ASSAY_SHA256_TEXT_SIZE];
  g_autoptr (json_t) content
      = json_pack ("{s:s, s:o, s:o}", "items", assay_sha256_to_text (&tree.top.hash, hash), "tasks",
                   tasks_to_json (build->tasks), "splits", rule_to_json (&build->rule));
  hash_of (content, root);
  if (parent != NULL && g_str_equal (root, parent->root))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                   "committing: nothing has changed since version %.12s; there is nothing to do", parent->version);
      return FALSE;
    }
  gint64 made_us = g_get_real_time ();
  char project_id[ASSAY_ID_TEXT_SIZE];
  g_autoptr (json_t) manifest
      = json_pack ("{s:s, s:s, s:s?, s:s, s:s, s:I, s:o, s:O, s:O, s:s, s:s}", "schema", "assay.version/1", "root",
                   root, "parent", parent != NULL ? parent->version : NULL, "message", message, "author", author,
                   "made_us", (json_int_t) made_us, "tree", tree_to_json (&tree), "tasks",
                   json_object_get (content, "tasks"), "splits", json_object_get (content, "splits"), "project",
                   assay_id_to_text (&project->id, project_id), "made_with", "assay " ASSAY_VERSION);
  json_object_set_new (manifest, "report", report != NULL ? json_incref ((json_t *) report) : json_null ());
  return keep_version (project, manifest, root, parent != NULL ? parent->version : "", made_us, ret_hash, error);
}

AssayVersion *
assay_version_commit (AssayProject *project, const char *message, const char *author, const json_t *report,
                      AssayProgress *progress, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, project->store, error))
    return NULL;
  g_autoptr (GPtrArray) versions = assay_version_list (project, error);
  g_autoptr (GPtrArray) tasks = assay_task_list (project->store, error);
  g_autoptr (GArray) touched = g_array_new (FALSE, FALSE, sizeof (AssayId));
  g_autoptr (AssaySessionTimes) times = assay_session_times_new (project->store);
  Build build
      = { .project = project, .tasks = tasks, .times = times, .touched = touched, .progress = progress };
  AssaySha256 hash;
  if (versions == NULL || tasks == NULL || !assay_split_rule_get (project, &build.rule, error)
      || !commit (&build, versions->len > 0 ? versions->pdata[0] : NULL, message, author, report, &hash, error)
      || !assay_transaction_commit (&transaction, error))
    return NULL;
  char name[ASSAY_SHA256_TEXT_SIZE];
  return assay_version_find (project, assay_sha256_to_text (&hash, name), error);
}

static char *
load_tags (AssayProject *project, const AssaySha256 *version, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GString) tags = g_string_new (NULL);
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (project->store, &rows, error, "SELECT name FROM tag WHERE version = ? ORDER BY name", "H",
                          version))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    g_string_append_printf (tags, "%s%s", tags->len > 0 ? ", " : "", assay_rows_get_text (&rows, 0));
  if (wrong == NULL)
    return g_strdup (tags->str);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

static AssayVersion *
read_version (AssayProject *project, AssayRows *rows, GError **error)
{
  g_autoptr (AssayVersion) version = g_new0 (AssayVersion, 1);
  AssaySha256 hash, root, parent;
  const char *text = assay_rows_get_text (rows, 3);
  g_autoptr (json_t) manifest = assay_json_parse (text, strlen (text), "the manifest of a version", error);
  AssayTree tree;
  if (manifest == NULL || !assay_manifest_get_tree (manifest, &tree, error))
    return NULL;
  assay_rows_get_sha256 (rows, 0, &hash);
  assay_rows_get_sha256 (rows, 1, &root);
  assay_sha256_to_text (&hash, version->version);
  assay_sha256_to_text (&root, version->root);
  if (assay_rows_get_sha256 (rows, 2, &parent))
    assay_sha256_to_text (&parent, version->parent);
  version->message = g_strdup (assay_json_get_string (manifest, "message"));
  version->author = g_strdup (assay_json_get_string (manifest, "author"));
  assay_json_get_int (manifest, "made_us", &version->made_us);
  version->items = tree.top.sums.items;
  version->labels = tree.top.sums.labels;
  version->objects = tree.top.sums.objects;
  version->undecided = tree.top.sums.undecided;
  version->train = tree.top.sums.train;
  version->val = tree.top.sums.val;
  version->test = tree.top.sums.test;
  version->tags = load_tags (project, &hash, error);
  return version->tags != NULL ? g_steal_pointer (&version) : NULL;
}

GPtrArray *
assay_version_list (AssayProject *project, GError **error)
{
  g_autoptr (GPtrArray) versions = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_version_free);
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (project->store, &rows, error,
                          "SELECT hash, root, parent, manifest FROM version ORDER BY made_us DESC, hash DESC", ""))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayVersion *version = read_version (project, &rows, error);
      if (version == NULL)
        return NULL;
      g_ptr_array_add (versions, version);
    }
  if (wrong == NULL)
    return g_steal_pointer (&versions);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

static gboolean
has_tag (const AssayVersion *version, const char *tag)
{
  g_auto (GStrv) tags = g_strsplit (version->tags, ", ", -1);
  return g_strv_contains ((const char *const *) tags, tag);
}

AssayVersion *
assay_version_find (AssayProject *project, const char *words, GError **error)
{
  g_autoptr (GPtrArray) versions = assay_version_list (project, error);
  if (versions == NULL)
    return NULL;
  guint found = G_MAXUINT, n_found = 0;
  for (guint i = 0; i < versions->len; i++)
    {
      const AssayVersion *version = versions->pdata[i];
      if (has_tag (version, words) || (i == 0 && g_str_equal (words, "latest")))
        return g_ptr_array_steal_index (versions, i);
      if (strlen (words) >= 4 && g_str_has_prefix (version->version, words))
        {
          found = i;
          n_found++;
        }
    }
  if (n_found == 1)
    return g_ptr_array_steal_index (versions, found);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "version %s: %s; `assay log` lists them", words,
               n_found == 0 ? "there is none with this id or tag" : "several ids begin so");
  return NULL;
}

gboolean
assay_version_tag (AssayProject *project, const char *name, const char *version, GError **error)
{
  gboolean like_an_id = strlen (name) >= 4 && strspn (name, "0123456789abcdef") == strlen (name);
  if (*name == '\0' || like_an_id || strpbrk (name, ", /\\\t\n") != NULL || g_str_equal (name, "latest"))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "tag \"%s\": it would be mistaken for something else; use a word such as v1, without blanks, "
                   "commas or slashes",
                   name);
      return FALSE;
    }
  g_autoptr (AssayVersion) found = assay_version_find (project, version, error);
  if (found == NULL)
    return FALSE;
  AssaySha256 hash;
  assay_sha256_parse (found->version, &hash);
  guint changed = 0;
  if (!assay_store_run (project->store, &changed, error,
                        "INSERT OR IGNORE INTO tag (name, version, made_us) VALUES (?, ?, ?)", "tHi", name, &hash,
                        g_get_real_time ()))
    return FALSE;
  if (changed == 1 || has_tag (found, name))
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
               "tag %s: it names another version already, and tags never move; choose another name", name);
  return FALSE;
}
