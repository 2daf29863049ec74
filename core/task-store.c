/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/json.h"
#include "core/kind.h"

#include <string.h>

/* One row a task: its standing revision, which is the last by (made_us, id). */
#define STANDING                                                                                                   \
  "SELECT task.row, task_revision.row, task_revision.id, made_us, definition FROM task"                            \
  " JOIN task_revision ON task_revision.row = (SELECT row FROM task_revision AS each WHERE each.task = task.row"   \
  " ORDER BY made_us DESC, id DESC LIMIT 1) "

static AssayTask *
parse (const char *definition, GError **error)
{
  g_autoptr (json_t) json = assay_json_parse (definition, strlen (definition), "a task of the database", error);
  return json != NULL ? assay_task_from_json (json, error) : NULL;
}

static AssayTask *
read_row (AssayRows *rows, GError **error)
{
  AssayTask *task = parse (assay_rows_get_text (rows, 4), error);
  if (task == NULL)
    return NULL;
  task->row = assay_rows_get_int (rows, 0);
  task->revision_row = assay_rows_get_int (rows, 1);
  task->revision = assay_rows_get_id (rows, 2);
  return task;
}

static GPtrArray *
read_all (AssayRows *rows, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_task_free);
  g_autoptr (GError) wrong = NULL;
  while (assay_rows_next (rows, &wrong))
    {
      AssayTask *task = read_row (rows, error);
      if (task == NULL)
        return NULL;
      g_ptr_array_add (list, task);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&list);
}

GPtrArray *
assay_task_list (AssayStore *store, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, STANDING "ORDER BY json_extract (definition, '$.name'), task.id",
                          ""))
    return NULL;
  return read_all (&rows, error);
}

static AssayTask *
steal_first (GPtrArray *list)
{
  return list != NULL && list->len > 0 ? g_ptr_array_steal_index (list, 0) : NULL;
}

/* NULL without an error: no task has that name. */
static gboolean
look_up (AssayStore *store, const char *name, AssayTask **ret_task, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error,
                          STANDING "WHERE json_extract (definition, '$.name') = ? ORDER BY task.row", "t", name))
    return FALSE;
  g_autoptr (GPtrArray) list = read_all (&rows, error);
  if (list == NULL)
    return FALSE;
  *ret_task = steal_first (list);
  return TRUE;
}

AssayTask *
assay_task_find (AssayStore *store, const char *name, GError **error)
{
  AssayTask *task = NULL;
  if (look_up (store, name, &task, error) && task == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 "finding the task %s: the project has none of that name; `assay task list` lists them", name);
  return task;
}

AssayTask *
assay_task_get_row (AssayStore *store, gint64 row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, STANDING "WHERE task.row = ?", "i", row))
    return NULL;
  g_autoptr (GPtrArray) list = read_all (&rows, error);
  AssayTask *task = steal_first (list);
  if (list != NULL && task == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "finding a task: row %" G_GINT64_FORMAT " is not there",
                 row);
  return task;
}

static AssayTask *
get_revision (AssayStore *store, const AssayId *revision, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, "SELECT definition FROM task_revision WHERE id = ?", "I", revision))
    return NULL;
  return assay_rows_next (&rows, error) ? parse (assay_rows_get_text (&rows, 0), error) : NULL;
}

static guint
find_node (const AssayTask *task, const AssayId *id)
{
  for (guint i = 0; i < task->nodes->len; i++)
    if (assay_id_equal (&g_array_index (task->nodes, AssayNode, i).id, id))
      return i;
  return G_MAXUINT;
}

/* Bones between two nodes that both have, one of which came just now (index >= `n_before`). */
static void
unite_edges (AssayTask *task, guint n_before, const AssayTask *theirs)
{
  for (guint i = 0; i < theirs->edges->len; i++)
    {
      const AssayEdge *edge = &g_array_index (theirs->edges, AssayEdge, i);
      AssayEdge mapped = { .from = find_node (task, &g_array_index (theirs->nodes, AssayNode, edge->from).id),
                           .to = find_node (task, &g_array_index (theirs->nodes, AssayNode, edge->to).id) };
      gboolean known = mapped.from != G_MAXUINT && mapped.to != G_MAXUINT;
      if (known && (mapped.from >= n_before || mapped.to >= n_before))
        g_array_append_val (task->edges, mapped);
    }
}

/* Classes and nodes that others have added since `base` (nullable) come in, so that no label loses what it names.
 */
static void
unite (AssayTask *task, AssayTask *theirs, const AssayTask *base)
{
  guint n_before = task->nodes->len;
  for (guint i = 0; i < theirs->classes->len;)
    {
      const AssayClass *class = theirs->classes->pdata[i];
      gboolean taken_out = base != NULL && assay_task_find_class (base, &class->id) != NULL;
      if (taken_out || assay_task_find_class (task, &class->id) != NULL)
        i++;
      else
        g_ptr_array_add (task->classes, g_ptr_array_steal_index (theirs->classes, i));
    }
  for (guint i = 0; i < theirs->nodes->len; i++)
    {
      AssayNode node = g_array_index (theirs->nodes, AssayNode, i);
      if ((base != NULL && find_node (base, &node.id) != G_MAXUINT) || find_node (task, &node.id) != G_MAXUINT)
        continue;
      node.name = g_strdup (node.name);
      g_array_append_val (task->nodes, node);
    }
  unite_edges (task, n_before, theirs);
}

static gboolean
insert_revision (AssayStore *store, AssayTask *task, const AssayId *id, const AssayId *parent, const AssayId *by,
                 gint64 made_us, const char *definition, GError **error)
{
  if (!assay_store_run (store, NULL, error,
                        "INSERT INTO task_revision (id, task, parent, by_annotator, made_us, definition) VALUES "
                        "(?, ?, ?, ?, ?, ?)",
                        "IiIIit", id, task->row, parent, by, made_us, definition))
    return FALSE;
  task->revision = *id;
  task->revision_row = assay_store_get_last_row (store);
  return TRUE;
}

/* The row of a task with this id and the definition that stands now; row 0 = a new task. */
static gboolean
find_standing (AssayStore *store, const AssayId *id, gint64 *ret_row, AssayTask **ret_task, gint64 *ret_made_us,
               char **ret_definition, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error, STANDING "WHERE task.id = ?", "I", id))
    return FALSE;
  if (!assay_rows_next (&rows, &wrong))
    {
      if (wrong != NULL)
        g_propagate_error (error, g_steal_pointer (&wrong));
      return wrong == NULL;
    }
  AssayTask *task = read_row (&rows, error);
  if (task == NULL)
    return FALSE;
  *ret_row = task->row;
  *ret_task = task;
  *ret_made_us = assay_rows_get_int (&rows, 3);
  *ret_definition = g_strdup (assay_rows_get_text (&rows, 4));
  return TRUE;
}

static gboolean
check_name (AssayStore *store, const AssayTask *task, GError **error)
{
  AssayTask *found = NULL;
  if (!look_up (store, task->name, &found, error))
    return FALSE;
  g_autoptr (AssayTask) named = found;
  if (named == NULL || assay_id_equal (&named->id, &task->id))
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
               "saving the task %s: there is one of that name already; choose another name", task->name);
  return FALSE;
}

gboolean
assay_task_save (AssayStore *store, AssayTask *task, const AssayId *by_annotator, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_autoptr (AssayTask) standing = NULL;
  g_autofree char *stored = NULL;
  gint64 row = 0, stood_since = 0;
  if (!assay_transaction_begin (&transaction, store, error) || !check_name (store, task, error)
      || !find_standing (store, &task->id, &row, &standing, &stood_since, &stored, error))
    return FALSE;
  if (row == 0)
    {
      if (!assay_store_run (store, NULL, error, "INSERT INTO task (id) VALUES (?)", "I", &task->id))
        return FALSE;
      row = assay_store_get_last_row (store);
    }
  task->row = row;
  AssayId before = standing != NULL ? standing->revision : ASSAY_ID_NIL;
  gint64 before_row = standing != NULL ? standing->revision_row : 0;
  if (standing != NULL && !assay_id_equal (&standing->revision, &task->revision))
    {
      /* Somebody saved it since it was read. */
      g_autoptr (AssayTask) base
          = assay_id_is_nil (&task->revision) ? NULL : get_revision (store, &task->revision, NULL);
      unite (task, standing, base);
    }
  g_autoptr (json_t) json = assay_task_to_json (task);
  g_autofree char *definition = assay_json_canonical (json);
  task->revision = before;
  task->revision_row = before_row;
  AssayId id = assay_id_new ();
  if (g_strcmp0 (stored, definition) != 0
      && !insert_revision (store, task, &id, &before, by_annotator, MAX (g_get_real_time (), stood_since + 1),
                           definition, error))
    return FALSE;
  return assay_transaction_commit (&transaction, error);
}

/* The revisions that no other grew from, the last first. */
static GPtrArray *
list_leaves (AssayStore *store, gint64 task_row, AssaySha256Stream *names, gint64 *ret_last_us, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GPtrArray) leaves = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_task_free);
  gint64 last_us = 0;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT task, row, id, made_us, definition FROM task_revision AS leaf WHERE task = ?1 AND NOT EXISTS"
          " (SELECT 1 FROM task_revision WHERE task = ?1 AND parent = leaf.id) ORDER BY made_us DESC, id DESC",
          "i", task_row))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayTask *leaf = read_row (&rows, error);
      if (leaf == NULL)
        return NULL;
      g_ptr_array_add (leaves, leaf);
      last_us = MAX (last_us, assay_rows_get_int (&rows, 3));
      assay_sha256_stream_add (names, leaf->revision.bytes, sizeof leaf->revision.bytes);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  *ret_last_us = last_us;
  return g_steal_pointer (&leaves);
}

gboolean
assay_task_unite (AssayStore *store, gint64 task_row, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_autoptr (AssaySha256Stream) names = assay_sha256_stream_new ();
  gint64 last_us;
  AssaySha256 hash;
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  g_autoptr (GPtrArray) leaves = list_leaves (store, task_row, names, &last_us, error);
  if (leaves == NULL || leaves->len < 2)
    return leaves != NULL;
  AssayTask *task = leaves->pdata[0];
  AssayId parent = task->revision;
  g_autoptr (json_t) before = assay_task_to_json (task);
  for (guint i = 1; i < leaves->len; i++)
    unite (task, leaves->pdata[i], NULL);
  g_autoptr (json_t) json = assay_task_to_json (task);
  g_autofree char *definition = assay_json_canonical (json);
  if (json_equal (before, json))
    return TRUE; /* the last one has everything */
  /* The same on every desk that sees the same leaves: id and time follow from them. */
  assay_sha256_stream_finish (names, &hash);
  AssayId id = assay_id_derive ("task revision", hash.bytes, sizeof hash.bytes);
  return insert_revision (store, task, &id, &parent, NULL, last_us + 1, definition, error)
         && assay_transaction_commit (&transaction, error);
}
