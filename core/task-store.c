/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/json.h"
#include "core/kind.h"

#include <string.h>

/* The revisions of each task that no other stands on, the last by (made_us, id) first: one, unless desks changed it
 * apart. */
#define STANDING                                                                                                   \
  "SELECT task.row, leaf.row, leaf.id, leaf.made_us, leaf.definition FROM task JOIN task_revision AS leaf ON"      \
  " leaf.task = task.row WHERE NOT EXISTS (SELECT 1 FROM task_revision AS up WHERE up.task = leaf.task AND"        \
  " up.parent = leaf.id) AND NOT EXISTS (SELECT 1 FROM task_revision AS up WHERE up.task = leaf.task AND"          \
  " up.replaces IS NOT NULL AND instr (up.replaces, leaf.id) > 0)"
#define IN_ORDER " ORDER BY task.row, leaf.made_us DESC, leaf.id DESC"

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

/* `last_us` (nullable): when the last of them was made. */
static GPtrArray *
read_all (AssayRows *rows, gint64 *last_us, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_task_free);
  g_autoptr (GError) wrong = NULL;
  while (assay_rows_next (rows, &wrong))
    {
      g_autoptr (AssayTask) task = read_row (rows, error);
      AssayTask *before = list->len > 0 ? list->pdata[list->len - 1] : NULL;
      if (task == NULL)
        return NULL;
      if (last_us != NULL)
        *last_us = MAX (*last_us, assay_rows_get_int (rows, 3));
      if (before != NULL && before->row == task->row)
        unite (before, task, NULL);
      else
        g_ptr_array_add (list, g_steal_pointer (&task));
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&list);
}

/* Ids begin with the time they were made: the same order on every desk, and a new name moves nothing. */
static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return assay_id_compare (&(*(AssayTask *const *) a)->id, &(*(AssayTask *const *) b)->id);
}

GPtrArray *
assay_task_list (AssayStore *store, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, STANDING IN_ORDER, ""))
    return NULL;
  GPtrArray *list = read_all (&rows, NULL, error);
  if (list != NULL)
    g_ptr_array_sort (list, compare_ids);
  return list;
}

/* NULL without an error: no task has that name. Of several (desks that made them apart) the one that was here
 * first. */
static gboolean
look_up (AssayStore *store, const char *name, AssayTask **ret_task, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, STANDING IN_ORDER, ""))
    return FALSE;
  g_autoptr (GPtrArray) list = read_all (&rows, NULL, error);
  if (list == NULL)
    return FALSE;
  AssayTask *found = NULL;
  for (guint i = 0; i < list->len && found == NULL; i++)
    if (g_str_equal (((AssayTask *) list->pdata[i])->name, name))
      found = g_ptr_array_steal_index (list, i);
  *ret_task = found;
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
  if (!assay_store_query (store, &rows, error, STANDING " AND task.row = ?" IN_ORDER, "i", row))
    return NULL;
  g_autoptr (GPtrArray) list = read_all (&rows, NULL, error);
  if (list == NULL || list->len > 0)
    return list != NULL ? g_ptr_array_steal_index (list, 0) : NULL;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "finding a task: row %" G_GINT64_FORMAT " is not there",
               row);
  return NULL;
}

static AssayTask *
get_revision (AssayStore *store, const AssayId *revision, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, "SELECT definition FROM task_revision WHERE id = ?", "I", revision))
    return NULL;
  return assay_rows_next (&rows, error) ? parse (assay_rows_get_text (&rows, 0), error) : NULL;
}

/* Ids of the revisions that stand beside `first`, for a revision made now to stand for them all. */
static GByteArray *
list_beside (AssayStore *store, gint64 task_row, const AssayId *first, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GByteArray) ids = g_byte_array_new ();
  if (!assay_store_query (store, &rows, error, STANDING " AND task.row = ?" IN_ORDER, "i", task_row))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayId id = assay_rows_get_id (&rows, 2);
      if (!assay_id_equal (&id, first))
        g_byte_array_append (ids, id.bytes, sizeof id.bytes);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&ids);
}

static gboolean
insert_revision (AssayStore *store, AssayTask *task, const AssayId *by, gint64 made_us, const char *definition,
                 GError **error)
{
  AssayId id = assay_id_new ();
  g_autoptr (GByteArray) beside = list_beside (store, task->row, &task->revision, error);
  if (beside == NULL
      || !assay_store_run (
          store, NULL, error,
          "INSERT INTO task_revision (id, task, parent, replaces, by_annotator, made_us, definition) VALUES (?,"
          " ?, ?, nullif (?, x''), ?, ?, ?)",
          "IiIbIit", &id, task->row, &task->revision, beside->data, (gsize) beside->len, by, made_us, definition))
    return FALSE;
  task->revision = id;
  task->revision_row = assay_store_get_last_row (store);
  return TRUE;
}

/* What stands now of the task with this id; NULL without an error = it is new. */
static gboolean
find_standing (AssayStore *store, const AssayId *id, AssayTask **ret_task, gint64 *ret_last_us, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  gint64 last_us = 0;
  if (!assay_store_query (store, &rows, error, STANDING " AND task.id = ?" IN_ORDER, "I", id))
    return FALSE;
  g_autoptr (GPtrArray) list = read_all (&rows, &last_us, error);
  if (list == NULL)
    return FALSE;
  *ret_task = list->len > 0 ? g_ptr_array_steal_index (list, 0) : NULL;
  *ret_last_us = last_us;
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

static char *
define (const AssayTask *task)
{
  g_autoptr (json_t) json = assay_task_to_json (task);
  return assay_json_canonical (json);
}

gboolean
assay_task_save (AssayStore *store, AssayTask *task, const AssayId *by_annotator, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_autoptr (AssayTask) standing = NULL;
  gint64 last_us = 0;
  if (!assay_transaction_begin (&transaction, store, error)
      || !find_standing (store, &task->id, &standing, &last_us, error))
    return FALSE;
  gboolean named = standing != NULL && g_str_equal (standing->name, task->name);
  if (!named && !check_name (store, task, error))
    return FALSE;
  if (standing == NULL && !assay_store_run (store, NULL, error, "INSERT INTO task (id) VALUES (?)", "I", &task->id))
    return FALSE;
  task->row = standing != NULL ? standing->row : assay_store_get_last_row (store);
  g_autofree char *before = standing != NULL ? define (standing) : NULL;
  AssayId parent = standing != NULL ? standing->revision : ASSAY_ID_NIL;
  gint64 parent_row = standing != NULL ? standing->revision_row : 0;
  if (standing != NULL && !assay_id_equal (&standing->revision, &task->revision))
    {
      /* Somebody saved it since it was read. */
      g_autoptr (AssayTask) base
          = assay_id_is_nil (&task->revision) ? NULL : get_revision (store, &task->revision, NULL);
      unite (task, standing, base);
    }
  g_autofree char *definition = define (task);
  task->revision = parent;
  task->revision_row = parent_row;
  if (g_strcmp0 (before, definition) != 0
      && !insert_revision (store, task, by_annotator, MAX (g_get_real_time (), last_us + 1), definition, error))
    return FALSE;
  return assay_transaction_commit (&transaction, error);
}
