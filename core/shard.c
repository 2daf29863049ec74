/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/shard.h"

#include "core/error.h"
#include "core/json.h"

#include <string.h>
#include <zstd.h>

#define COMPRESSION 3
#define MAX_PLAIN_BYTES ((guint64) 1 << 31) /* a leaf is a megabyte; more than this is damage */

guint
assay_shard_zero_bits (const AssayId *id)
{
  AssaySha256 hash = assay_sha256 (id->bytes, sizeof id->bytes);
  guint bits = 0;
  for (int i = (int) sizeof hash.bytes - 1; i >= 0; i--)
    {
      if (hash.bytes[i] != 0)
        return bits + (guint) __builtin_ctz (hash.bytes[i]);
      bits += 8;
    }
  return bits;
}

gboolean
assay_shard_put (AssayStore *store, const char *kind, const char *text, gsize n_bytes, AssaySha256 *ret_hash,
                 GError **error)
{
  AssaySha256 hash = assay_sha256 (text, n_bytes);
  gboolean known = FALSE;
  {
    g_auto (AssayRows) rows = { 0 };
    g_autoptr (GError) wrong = NULL;
    if (!assay_store_query (store, &rows, error, "SELECT 1 FROM object WHERE hash = ?", "H", &hash))
      return FALSE;
    known = assay_rows_next (&rows, &wrong);
    if (wrong != NULL)
      {
        g_propagate_error (error, g_steal_pointer (&wrong));
        return FALSE;
      }
  }
  if (!known)
    {
      gsize room = ZSTD_compressBound (n_bytes);
      g_autofree char *packed = g_malloc (room);
      gsize packed_bytes = ZSTD_compress (packed, room, text, n_bytes, COMPRESSION);
      g_assert (!ZSTD_isError (packed_bytes)); /* with a bound this large only a programming error is left */
      if (!assay_store_run (store, NULL, error, "INSERT INTO object (hash, kind, bytes, data) VALUES (?, ?, ?, ?)",
                            "Htib", &hash, kind, (gint64) n_bytes, packed, packed_bytes))
        return FALSE;
    }
  *ret_hash = hash;
  return TRUE;
}

char *
assay_shard_get (AssayStore *store, const AssaySha256 *hash, gsize *ret_n_bytes, GError **error)
{
  char name[ASSAY_SHA256_TEXT_SIZE];
  assay_sha256_to_text (hash, name);
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, "SELECT bytes, data FROM object WHERE hash = ?", "H", hash))
    return NULL;
  g_autoptr (GError) wrong = NULL;
  if (!assay_rows_next (&rows, &wrong))
    {
      if (wrong != NULL)
        g_propagate_error (error, g_steal_pointer (&wrong));
      else
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                     "reading shard %.12s: it is missing; restore project.db from a copy", name);
      return NULL;
    }
  guint64 n_bytes = (guint64) assay_rows_get_int (&rows, 0);
  gsize packed_bytes = 0;
  gconstpointer packed = assay_rows_get_blob (&rows, 1, &packed_bytes);
  g_autofree char *text = n_bytes < MAX_PLAIN_BYTES ? g_try_malloc (n_bytes + 1) : NULL;
  gsize got = text != NULL ? ZSTD_decompress (text, n_bytes, packed, packed_bytes) : 0;
  AssaySha256 found = { 0 };
  if (text != NULL && !ZSTD_isError (got) && got == n_bytes)
    found = assay_sha256 (text, n_bytes);
  if (!assay_sha256_equal (&found, hash))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "reading shard %.12s: its bytes were altered; restore project.db from a copy", name);
      return NULL;
    }
  text[n_bytes] = '\0';
  *ret_n_bytes = n_bytes;
  return g_steal_pointer (&text);
}

void
assay_sums_add (AssaySums *sums, const AssaySums *more)
{
  sums->items += more->items;
  sums->labels += more->labels;
  sums->objects += more->objects;
  sums->undecided += more->undecided;
  sums->train += more->train;
  sums->val += more->val;
  sums->test += more->test;
}

json_t *
assay_sums_to_json (const AssaySums *sums)
{
  return json_pack ("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "items", (json_int_t) sums->items, "labels",
                    (json_int_t) sums->labels, "objects", (json_int_t) sums->objects, "undecided",
                    (json_int_t) sums->undecided, "train", (json_int_t) sums->train, "val", (json_int_t) sums->val,
                    "test", (json_int_t) sums->test);
}

gboolean
assay_sums_from_json (const json_t *json, AssaySums *ret_sums)
{
  AssaySums sums = { 0 };
  const struct
  {
    const char *key;
    guint64 *value;
  } fields[] = { { "items", &sums.items },     { "labels", &sums.labels },
                 { "objects", &sums.objects }, { "undecided", &sums.undecided },
                 { "train", &sums.train },     { "val", &sums.val },
                 { "test", &sums.test } };
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      gint64 value;
      if (!assay_json_get_int (json, fields[i].key, &value) || value < 0)
        return FALSE;
      *fields[i].value = (guint64) value;
    }
  *ret_sums = sums;
  return TRUE;
}

static gboolean
parse_entry (const char *line, gsize n_bytes, AssayEntry *ret_entry, GError **error)
{
  g_autoptr (json_t) json = assay_json_parse (line, n_bytes, "a node of a version", error);
  if (json == NULL)
    return FALSE;
  AssayEntry entry;
  const char *hash = assay_json_get_string (json, "hash");
  if (hash == NULL || strlen (hash) != ASSAY_SHA256_TEXT_SIZE - 1 || !assay_sha256_parse (hash, &entry.hash)
      || !assay_json_get_id (json, "last", &entry.last)
      || !assay_sums_from_json (json_object_get (json, "sums"), &entry.sums))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "reading a node of a version: a field is missing or wrong");
      return FALSE;
    }
  *ret_entry = entry;
  return TRUE;
}

GArray *
assay_tree_load_node (AssayStore *store, const AssaySha256 *hash, GError **error)
{
  gsize n_bytes;
  g_autofree char *text = assay_shard_get (store, hash, &n_bytes, error);
  if (text == NULL)
    return NULL;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (AssayEntry));
  for (const char *line = text; *line != '\0';)
    {
      const char *end = strchrnul (line, '\n');
      AssayEntry entry;
      if (!parse_entry (line, (gsize) (end - line), &entry, error))
        return NULL;
      g_array_append_val (entries, entry);
      line = *end == '\0' ? end : end + 1;
    }
  return g_steal_pointer (&entries);
}

static gboolean
keep_node (AssayStore *store, const GArray *entries, guint from, guint to, GArray *nodes, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  AssayEntry node = { 0 };
  for (guint i = from; i < to; i++)
    {
      const AssayEntry *entry = &g_array_index (entries, AssayEntry, i);
      char hash[ASSAY_SHA256_TEXT_SIZE];
      g_autoptr (json_t) line
          = json_pack ("{s:s, s:o, s:o}", "hash", assay_sha256_to_text (&entry->hash, hash), "last",
                       assay_json_id (&entry->last), "sums", assay_sums_to_json (&entry->sums));
      assay_json_canonical_append (line, text);
      g_string_append_c (text, '\n');
      assay_sums_add (&node.sums, &entry->sums);
      node.last = entry->last;
    }
  if (!assay_shard_put (store, "node", text->str, text->len, &node.hash, error))
    return FALSE;
  g_array_append_val (nodes, node);
  return TRUE;
}

gboolean
assay_tree_cut_nodes (AssayStore *store, const GArray *entries, guint level, GArray *nodes, GError **error)
{
  guint bits = ASSAY_SHARD_BITS + ASSAY_NODE_BITS * level;
  guint from = 0;
  for (guint i = 0; i < entries->len; i++)
    {
      gboolean ends = assay_shard_zero_bits (&g_array_index (entries, AssayEntry, i).last) >= bits;
      if (!ends && i + 1 < entries->len)
        continue;
      if (!keep_node (store, entries, from, i + 1, nodes, error))
        return FALSE;
      from = i + 1;
    }
  return TRUE;
}

/* The path from the top to where the walk stands: one frame a level, the last one lowest. */
typedef struct
{
  GArray *entries;
  guint at, level;
} Frame;

struct _AssayTreeWalk
{
  AssayStore *store;
  GArray *path; /* of Frame */
};

static void
clear_frame (gpointer data)
{
  g_array_unref (((Frame *) data)->entries);
}

AssayTreeWalk *
assay_tree_walk_new (AssayStore *store, const AssayTree *tree)
{
  AssayTreeWalk *walk = g_new0 (AssayTreeWalk, 1);
  walk->store = store;
  walk->path = g_array_new (FALSE, FALSE, sizeof (Frame));
  g_array_set_clear_func (walk->path, clear_frame);
  Frame top = { .entries = g_array_new (FALSE, FALSE, sizeof (AssayEntry)), .level = tree->depth };
  if (tree->top.sums.items > 0)
    g_array_append_val (top.entries, tree->top);
  g_array_append_val (walk->path, top);
  return walk;
}

void
assay_tree_walk_free (AssayTreeWalk *walk)
{
  if (walk == NULL)
    return;
  g_array_unref (walk->path);
  g_free (walk);
}

const AssayEntry *
assay_tree_walk_get (AssayTreeWalk *walk, guint *ret_level)
{
  while (walk->path->len > 0)
    {
      Frame *frame = &g_array_index (walk->path, Frame, walk->path->len - 1);
      if (frame->at < frame->entries->len)
        {
          *ret_level = frame->level;
          return &g_array_index (frame->entries, AssayEntry, frame->at);
        }
      g_array_set_size (walk->path, walk->path->len - 1);
    }
  return NULL;
}

gboolean
assay_tree_walk_descend (AssayTreeWalk *walk, GError **error)
{
  guint level;
  const AssayEntry *entry = assay_tree_walk_get (walk, &level);
  g_assert (entry != NULL && level > 0);
  Frame below = { .entries = assay_tree_load_node (walk->store, &entry->hash, error), .level = level - 1 };
  if (below.entries == NULL)
    return FALSE;
  g_array_index (walk->path, Frame, walk->path->len - 1).at++;
  g_array_append_val (walk->path, below);
  return TRUE;
}

void
assay_tree_walk_skip (AssayTreeWalk *walk)
{
  guint level;
  if (assay_tree_walk_get (walk, &level) != NULL)
    g_array_index (walk->path, Frame, walk->path->len - 1).at++;
}
