/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/listing.h"

#include "core/assignment.h"
#include "core/audit.h"
#include "core/flag.h"
#include "core/queue.h"

void
assay_listed_free (AssayListed *listed)
{
  if (listed == NULL)
    return;
  assay_item_free (listed->item);
  g_free (listed);
}

static AssayLabelState
parse_state (const char *text)
{
  for (AssayLabelState state = ASSAY_LABEL_TODO; state <= ASSAY_LABEL_SKIPPED; state++)
    if (g_strcmp0 (assay_label_state_to_text (state), text) == 0)
      return state;
  /* An audit, or a second look, is told from no other answer. */
  return g_strcmp0 (text, "audit") == 0 || g_strcmp0 (text, "again") == 0 ? ASSAY_LABEL_SUBMITTED : ASSAY_LABEL_TODO;
}

/* `listed` is by row, and so are the heads: one walk over both. */
static gboolean
read_states (AssayStore *store, GPtrArray *listed, gint64 first_row, gint64 last_row, gint64 task_row,
             gint64 annotator_row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (
          store, &rows, error,
          /* By the key, not by the index over an annotator's states: few items, and perhaps a million states. */
          "SELECT item, state FROM head WHERE item BETWEEN ? AND ? AND +task = ? AND +annotator = ? ORDER BY item",
          "iiii", first_row, last_row, task_row, annotator_row))
    return FALSE;
  guint at = 0;
  while (assay_rows_next (&rows, &wrong))
    {
      gint64 row = assay_rows_get_int (&rows, 0);
      while (at < listed->len && ((AssayListed *) listed->pdata[at])->item->row < row)
        at++;
      if (at < listed->len && ((AssayListed *) listed->pdata[at])->item->row == row)
        ((AssayListed *) listed->pdata[at])->state = parse_state (assay_rows_get_text (&rows, 1));
    }
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* Rows that lie far apart are read one by one: what is between them costs nothing. */
static gboolean
is_sparse (const gint64 *rows, guint n)
{
  return n > 0 && rows[n - 1] - rows[0] >= 4 * (gint64) n;
}

static GPtrArray *
read_items (AssayStore *store, const gint64 *rows, guint n, GError **error)
{
  if (n > 0 && !is_sparse (rows, n))
    return assay_item_list_range (store, rows[0], rows[n - 1], error);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_item_free);
  for (guint i = 0; i < n; i++)
    {
      AssayItem *item = assay_item_get_row (store, rows[i], error);
      if (item == NULL)
        return NULL;
      g_ptr_array_add (items, item);
    }
  return g_steal_pointer (&items);
}

/* Both rise: one walk. What lies between the rows asked for is dropped. */
static GPtrArray *
take_wanted (GPtrArray *items, const gint64 *rows, guint n)
{
  GPtrArray *listed = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_listed_free);
  guint at = 0;
  g_ptr_array_set_free_func (items, NULL);
  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = items->pdata[i];
      while (at < n && rows[at] < item->row)
        at++;
      if (at == n || rows[at] != item->row)
        {
          assay_item_free (item);
          continue;
        }
      AssayListed *one = g_new0 (AssayListed, 1);
      one->item = item;
      g_ptr_array_add (listed, one);
    }
  return listed;
}

static gboolean
read_each_state (AssayStore *store, GPtrArray *listed, gint64 task_row, gint64 annotator_row, GError **error)
{
  for (guint i = 0; i < listed->len; i++)
    {
      AssayListed *one = listed->pdata[i];
      if (!assay_label_get_state (store, one->item->row, task_row, annotator_row, &one->state, error))
        return FALSE;
    }
  return TRUE;
}

GPtrArray *
assay_listing_read (AssayStore *store, const gint64 *rows, guint n, gint64 task_row, gint64 annotator_row,
                    GError **error)
{
  g_autoptr (GPtrArray) items = read_items (store, rows, n, error);
  if (items == NULL)
    return NULL;
  g_autoptr (GPtrArray) listed = take_wanted (items, rows, n);
  if (task_row == 0 || annotator_row == 0 || n == 0)
    return g_steal_pointer (&listed);
  gboolean known = is_sparse (rows, n)
                       ? read_each_state (store, listed, task_row, annotator_row, error)
                       : read_states (store, listed, rows[0], rows[n - 1], task_row, annotator_row, error);
  return known ? g_steal_pointer (&listed) : NULL;
}

static gboolean
add_rows (AssayRows *rows, GHashTable *set, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  while (assay_rows_next (rows, &wrong))
    {
      gint64 row = assay_rows_get_int (rows, 0);
      g_hash_table_add (set, g_memdup2 (&row, sizeof row));
    }
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

static gboolean
add_audits (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, GHashTable *set,
            GError **error)
{
  g_autoptr (AssayPlan) plan = assay_plan_get (store, error);
  g_autoptr (GArray) rows
      = plan != NULL ? assay_audit_list (store, task, annotator, plan, G_MAXUINT, error) : NULL;
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    g_hash_table_add (set, g_memdup2 (&g_array_index (rows, gint64, i), sizeof (gint64)));
  return rows != NULL;
}

/* Theirs whoever the plan gives them to: what they have begun, and gold and audits, which nothing tells from the
 * rest. */
static GHashTable *
list_own (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, gint64 after_row,
          GError **error)
{
  g_autoptr (GHashTable) own = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_auto (AssayRows) begun = { 0 }, gold = { 0 };
  return assay_store_query (store, &begun, error,
                            "SELECT item FROM head WHERE task = ? AND annotator = ? AND item > ?", "iii", task->row,
                            annotator->row, after_row)
                 && add_rows (&begun, own, error)
                 && assay_store_query (store, &gold, error,
                                       "SELECT f.item FROM item_flag AS f WHERE f.flag = '" ASSAY_FLAG_GOLD
                                       "' AND " ASSAY_FLAG_STANDS,
                                       "")
                 && add_rows (&gold, own, error) && add_audits (store, task, annotator, own, error)
             ? g_steal_pointer (&own)
             : NULL;
}

/* What the plan gives to this annotator, and their own. */
static GArray *
list_assigned (AssayStore *store, const AssayAssignment *assign, const AssayTask *task,
               const AssayAnnotator *annotator, gint64 after_row, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GHashTable) own = list_own (store, task, annotator, after_row, error);
  g_autofree char *within = assay_scope_dup_sql (task);
  /* All of a large table is read in its own order: no index is of use. */
  g_autofree char *sql = g_strdup_printf (
      "SELECT item.row, item.id, item.name, item.sequence, item.group_key FROM item%s WHERE item.row > ? AND %s"
      " ORDER BY item.row",
      assay_scope_is_limited (task) ? "" : " NOT INDEXED", within);
  if (own == NULL || !assay_store_query (store, &rows, error, sql, "i", after_row))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      gint64 row = assay_rows_get_int (&rows, 0);
      AssayAssignee item = { assay_rows_get_id (&rows, 1), assay_rows_get_text (&rows, 2),
                             assay_rows_get_text (&rows, 3), assay_rows_get_text (&rows, 4) };
      if (g_hash_table_contains (own, &row) || assay_assignment_is_for (assign, &item, annotator->name))
        g_array_append_val (list, row);
    }
  if (wrong == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

GArray *
assay_listing_rows (AssayStore *store, const AssayTask *task, gint64 annotator_row, gint64 after_row,
                    GError **error)
{
  g_autoptr (AssayAnnotator) annotator = NULL;
  g_autoptr (AssayPlan) plan = assay_plan_get (store, error);
  if (plan == NULL
      || (annotator_row != 0 && (annotator = assay_annotator_get_row (store, annotator_row, error)) == NULL))
    return NULL;
  g_autoptr (AssayAssignment) assign = assay_assignment_new (plan, task->name);
  if (annotator != NULL && assay_assignment_names (assign, annotator->name))
    return list_assigned (store, assign, task, annotator, after_row, error);
  g_autofree char *within = assay_scope_dup_sql (task);
  g_autofree char *where = g_strdup_printf ("row > %" G_GINT64_FORMAT " AND %s", after_row, within);
  return assay_item_list_rows (store, where, error);
}

gboolean
assay_listing_next_todo (AssayStore *store, const AssayTask *task, gint64 annotator_row, gint64 after_row,
                         gint64 *ret_row, GError **error)
{
  g_autoptr (AssayAnnotator) annotator = NULL;
  g_autoptr (AssayQueued) next = NULL;
  if (annotator_row != 0 && (annotator = assay_annotator_get_row (store, annotator_row, error)) == NULL)
    return FALSE;
  if (!assay_queue_next (store, task, annotator, after_row, &next, error))
    return FALSE;
  *ret_row = next != NULL ? next->item_row : 0;
  return TRUE;
}
