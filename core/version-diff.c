/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/snapshot.h"

#include "core/error.h"
#include "core/json.h"

#include <string.h>

/* One side of the comparison: a walk over leaves, and the rows of the leaf at hand. */
typedef struct
{
  AssayStore *store;
  AssayTreeWalk *walk;
  char *leaf; /* (nullable) text of the leaf being read */
  const char *line;
  json_t *row; /* (nullable) the row it stands at */
  AssayId id;  /* of that row */
} Side;

static void
side_clear (Side *side)
{
  assay_tree_walk_free (side->walk);
  g_free (side->leaf);
  json_decref (side->row);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Side, side_clear)

static gboolean
side_between_leaves (const Side *side)
{
  return side->row == NULL && (side->line == NULL || *side->line == '\0');
}

/* Stands `row` on the next row, opening leaves as needed; leaves it NULL at the end. */
static gboolean
side_fill (Side *side, GError **error)
{
  while (side->row == NULL)
    {
      if (side_between_leaves (side))
        {
          guint level;
          gsize n_bytes;
          const AssayEntry *entry = assay_tree_walk_get (side->walk, &level);
          if (entry == NULL)
            return TRUE;
          if (level > 0)
            {
              if (!assay_tree_walk_descend (side->walk, error))
                return FALSE;
              continue;
            }
          g_free (side->leaf);
          side->line = side->leaf = assay_shard_get (side->store, &entry->hash, &n_bytes, error);
          if (side->leaf == NULL)
            return FALSE;
          assay_tree_walk_skip (side->walk);
        }
      const char *end = strchrnul (side->line, '\n');
      side->row = assay_json_parse (side->line, (gsize) (end - side->line), "a row of a version", error);
      if (side->row == NULL || !assay_row_get_id (side->row, &side->id))
        return FALSE;
      side->line = *end == '\0' ? end : end + 1;
    }
  return TRUE;
}

static void
side_next (Side *side)
{
  json_decref (g_steal_pointer (&side->row));
}

/* Steps over what both sides share: subtrees with one hash are never opened. */
static gboolean
skip_equal (Side *a, Side *b, GError **error)
{
  while (side_between_leaves (a) && side_between_leaves (b))
    {
      guint level_a, level_b;
      const AssayEntry *entry_a = assay_tree_walk_get (a->walk, &level_a),
                       *entry_b = assay_tree_walk_get (b->walk, &level_b);
      if (entry_a == NULL || entry_b == NULL)
        return TRUE;
      if (level_a == level_b && assay_sha256_equal (&entry_a->hash, &entry_b->hash))
        {
          assay_tree_walk_skip (a->walk);
          assay_tree_walk_skip (b->walk);
          continue;
        }
      if (level_a == 0 && level_b == 0)
        return TRUE;
      if (level_a >= level_b && !assay_tree_walk_descend (a->walk, error))
        return FALSE;
      if (level_b > level_a && !assay_tree_walk_descend (b->walk, error))
        return FALSE;
    }
  return TRUE;
}

typedef struct
{
  guint64 added, removed, changed;
} Counts;

typedef struct
{
  Counts items, labels, objects;
  guint64 moved, retimed;
  json_t *rows; /* (nullable) array */
} Difference;

static const json_t *
find_by (const json_t *array, const char *key, const char *value)
{
  gsize i;
  json_t *entry;
  json_array_foreach (array, i, entry) if (g_strcmp0 (assay_json_get_string (entry, key), value) == 0) return entry;
  return NULL;
}

static const json_t *
objects_of (const json_t *truth)
{
  return json_object_get (json_object_get (truth, "label"), "objects");
}

/* Entries of `a` and `b` matched by `key`. */
static Counts
count_by (const json_t *a, const json_t *b, const char *key)
{
  Counts counts = { 0 };
  gsize i;
  json_t *entry;
  json_array_foreach (a, i, entry)
  {
    const json_t *other = find_by (b, key, assay_json_get_string (entry, key));
    counts.removed += other == NULL;
    counts.changed += other != NULL && !json_equal (entry, other);
  }
  json_array_foreach (b, i, entry) counts.added += find_by (a, key, assay_json_get_string (entry, key)) == NULL;
  return counts;
}

static void
add_counts (Counts *counts, Counts more)
{
  counts->added += more.added;
  counts->removed += more.removed;
  counts->changed += more.changed;
}

static void
note (Difference *difference, const char *what, const json_t *row, const char *task, Counts objects)
{
  if (difference->rows == NULL)
    return;
  const json_t *item = json_object_get (row, "item");
  json_array_append_new (difference->rows,
                         json_pack ("{s:s, s:O, s:O, s:s?, s:{s:I, s:I, s:I}}", "what", what, "item",
                                    json_object_get (item, "id"), "media", json_object_get (item, "name"), "task",
                                    task, "objects", "added", (json_int_t) objects.added, "removed",
                                    (json_int_t) objects.removed, "changed", (json_int_t) objects.changed));
}

static void
compare_truth (Difference *difference, const json_t *row, const char *task, const json_t *before,
               const json_t *after)
{
  const json_t *label_a = json_object_get (before, "label"), *label_b = json_object_get (after, "label");
  if ((label_a == NULL && label_b == NULL) || (label_a != NULL && label_b != NULL && json_equal (label_a, label_b)))
    return;
  Counts objects = count_by (objects_of (before), objects_of (after), "id");
  add_counts (&difference->objects, objects);
  add_counts (&difference->labels, (Counts){ .added = label_a == NULL,
                                             .removed = label_b == NULL,
                                             .changed = label_a != NULL && label_b != NULL });
  note (difference,
        label_a == NULL   ? "label added"
        : label_b == NULL ? "label removed"
                          : "label changed",
        row, task, objects);
}

/* `before` or `after` may be NULL: an item that is on one side alone. */
static void
compare_rows (Difference *difference, const json_t *before, const json_t *after)
{
  const json_t *row = after != NULL ? after : before;
  const json_t *truths_a = json_object_get (before, "truths"), *truths_b = json_object_get (after, "truths");
  if (before == NULL || after == NULL)
    {
      add_counts (&difference->items, (Counts){ .added = before == NULL, .removed = after == NULL });
      note (difference, before == NULL ? "item added" : "item removed", row, NULL, (Counts){ 0 });
    }
  else if (!json_equal (json_object_get (before, "split"), json_object_get (after, "split")))
    {
      difference->moved++;
      note (difference, "split moved", row, NULL, (Counts){ 0 });
    }
  if (before != NULL && after != NULL
      && !(json_object_get (before, "time") == json_object_get (after, "time")
           || json_equal (json_object_get (before, "time"), json_object_get (after, "time"))))
    {
      difference->retimed++;
      note (difference, "time changed", row, NULL, (Counts){ 0 });
    }
  gsize i;
  json_t *truth;
  json_array_foreach (truths_a, i, truth)
  {
    const char *task = assay_json_get_string (truth, "task");
    compare_truth (difference, row, task, truth, find_by (truths_b, "task", task));
  }
  json_array_foreach (truths_b, i, truth)
  {
    const char *task = assay_json_get_string (truth, "task");
    if (find_by (truths_a, "task", task) == NULL)
      compare_truth (difference, row, task, NULL, truth);
  }
}

static gboolean
walk_both (Side *a, Side *b, Difference *difference, GError **error)
{
  while (TRUE)
    {
      if (!skip_equal (a, b, error) || !side_fill (a, error) || !side_fill (b, error))
        return FALSE;
      if (a->row == NULL && b->row == NULL)
        return TRUE;
      int order = a->row == NULL ? 1 : b->row == NULL ? -1 : assay_id_compare (&a->id, &b->id);
      if (order != 0 || !json_equal (a->row, b->row))
        compare_rows (difference, order <= 0 ? a->row : NULL, order >= 0 ? b->row : NULL);
      if (order <= 0)
        side_next (a);
      if (order >= 0)
        side_next (b);
    }
}

/* Classes of all tasks, each with the name of its task. */
static json_t *
list_classes (const json_t *manifest)
{
  json_t *classes = json_array ();
  gsize i, k;
  json_t *task, *class;
  json_array_foreach (json_object_get (manifest, "tasks"), i, task)
      json_array_foreach (json_object_get (task, "classes"), k, class) json_array_append_new (
          classes, json_pack ("{s:O, s:O, s:O}", "id", json_object_get (class, "id"), "name",
                              json_object_get (class, "name"), "task", json_object_get (task, "name")));
  return classes;
}

static json_t *
compare_classes (const json_t *before, const json_t *after)
{
  g_autoptr (json_t) a = list_classes (before), b = list_classes (after);
  json_t *added = json_array (), *removed = json_array (), *renamed = json_array ();
  gsize i;
  json_t *class;
  json_array_foreach (a, i, class)
  {
    const json_t *other = find_by (b, "id", assay_json_get_string (class, "id"));
    if (other == NULL)
      json_array_append (removed, json_object_get (class, "name"));
    else if (!json_equal (json_object_get (class, "name"), json_object_get (other, "name")))
      json_array_append_new (
          renamed, json_pack ("[O, O]", json_object_get (class, "name"), json_object_get (other, "name")));
  }
  json_array_foreach (b, i, class) if (find_by (a, "id", assay_json_get_string (class, "id")) == NULL)
      json_array_append (added, json_object_get (class, "name"));
  return json_pack ("{s:o, s:o, s:o}", "added", added, "removed", removed, "renamed", renamed);
}

static gboolean
open_side (AssayProject *project, const char *words, Side *side, json_t **ret_manifest, GError **error)
{
  g_autoptr (AssayVersion) version = assay_version_find (project, words, error);
  if (version == NULL)
    return FALSE;
  g_autoptr (json_t) manifest = assay_manifest_load (project, version->version, error);
  AssayTree tree;
  if (manifest == NULL || !assay_manifest_get_tree (manifest, &tree, error))
    return FALSE;
  side->store = project->store;
  side->walk = assay_tree_walk_new (project->store, &tree);
  *ret_manifest = g_steal_pointer (&manifest);
  return TRUE;
}

static json_t *
counts_to_json (const Counts *counts, gboolean with_changed)
{
  json_t *json
      = json_pack ("{s:I, s:I}", "added", (json_int_t) counts->added, "removed", (json_int_t) counts->removed);
  if (with_changed)
    json_object_set_new (json, "changed", json_integer ((json_int_t) counts->changed));
  return json;
}

json_t *
assay_version_diff (AssayProject *project, const char *a, const char *b, gboolean with_rows, GError **error)
{
  g_auto (Side) before = { 0 }, after = { 0 };
  g_autoptr (json_t) manifest_a = NULL, manifest_b = NULL;
  g_autoptr (json_t) rows = with_rows ? json_array () : NULL;
  Difference difference = { .rows = rows };
  if (!open_side (project, a, &before, &manifest_a, error) || !open_side (project, b, &after, &manifest_b, error)
      || !walk_both (&before, &after, &difference, error))
    return NULL;
  json_t *answer = json_pack (
      "{s:o, s:o, s:o, s:o, s:{s:I}, s:{s:I}}", "items", counts_to_json (&difference.items, FALSE), "labels",
      counts_to_json (&difference.labels, TRUE), "objects", counts_to_json (&difference.objects, TRUE), "classes",
      compare_classes (manifest_a, manifest_b), "splits", "moved", (json_int_t) difference.moved,
      "times", "changed", (json_int_t) difference.retimed);
  if (with_rows)
    json_object_set (answer, "rows", rows);
  return answer;
}
