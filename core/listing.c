/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/listing.h"

#include "core/plan.h"

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
  return ASSAY_LABEL_TODO;
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
          "SELECT item, state FROM head WHERE item BETWEEN ? AND ? AND task = ? AND annotator = ? ORDER BY item",
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

GPtrArray *
assay_listing_read (AssayStore *store, gint64 first_row, gint64 last_row, AssayMediaKind media_kind,
                    gint64 task_row, gint64 annotator_row, GError **error)
{
  g_autoptr (GPtrArray) items = assay_item_list_range (store, first_row, last_row, error);
  if (items == NULL)
    return NULL;
  g_autoptr (GPtrArray) listed = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_listed_free);
  g_ptr_array_set_free_func (items, NULL);
  for (guint i = 0; i < items->len; i++)
    {
      AssayItem *item = items->pdata[i];
      if (item->media_kind != media_kind)
        {
          assay_item_free (item);
          continue;
        }
      AssayListed *one = g_new0 (AssayListed, 1);
      one->item = item;
      g_ptr_array_add (listed, one);
    }
  if (task_row != 0 && annotator_row != 0
      && !read_states (store, listed, first_row, last_row, task_row, annotator_row, error))
    return NULL;
  return g_steal_pointer (&listed);
}

GArray *
assay_listing_rows (AssayStore *store, const AssayTask *task, gint64 after_row, GError **error)
{
  g_autofree char *where = g_strdup_printf ("row > %" G_GINT64_FORMAT " AND media_kind = '%s'", after_row,
                                            assay_media_kind_to_text (task->kind->media));
  return assay_item_list_rows (store, where, error);
}

/* The plan wants an item answered by one, and one of the overlap by several: what has enough answers of others is
 * not asked for again, unless this annotator has begun it or it was sent back to them. */
static gboolean
find_todo (AssayStore *store, const AssayTask *task, const AssayPlan *plan, gint64 annotator_row, gint64 after_row,
           gint64 *ret_row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT row, id,"
          " EXISTS (SELECT 1 FROM head WHERE head.item = item.row AND task = ?1 AND annotator = ?2),"
          " (SELECT count(*) FROM head WHERE head.item = item.row AND task = ?1 AND annotator <> ?2"
          "  AND state IN ('submitted', 'settled', 'sent_back')) AS others"
          " FROM item WHERE row > ?3 AND media_kind = ?4 AND row NOT IN (SELECT item FROM left_out WHERE everywhere = 1) AND NOT EXISTS"
          " (SELECT 1 FROM head WHERE head.item = item.row AND task = ?1 AND annotator = ?2"
          "  AND state IN ('submitted', 'settled', 'skipped')) ORDER BY row",
          "iiit", task->row, annotator_row, after_row, assay_media_kind_to_text (task->kind->media)))
    return FALSE;
  gint64 found = 0;
  while (found == 0 && assay_rows_next (&rows, &wrong))
    {
      AssayId id = assay_rows_get_id (&rows, 1);
      gint64 n_wanted = assay_plan_is_overlap (plan, &id) ? plan->annotators_per_overlap : 1;
      if (assay_rows_get_int (&rows, 2) || assay_rows_get_int (&rows, 3) < n_wanted)
        found = assay_rows_get_int (&rows, 0);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  *ret_row = found;
  return TRUE;
}

gboolean
assay_listing_next_todo (AssayStore *store, const AssayTask *task, gint64 annotator_row, gint64 after_row,
                         gint64 *ret_row, GError **error)
{
  gint64 row;
  g_autoptr (AssayPlan) plan = assay_plan_get (store, error);
  if (plan == NULL || !find_todo (store, task, plan, annotator_row, after_row, &row, error))
    return FALSE;
  if (row == 0 && !find_todo (store, task, plan, annotator_row, 0, &row, error))
    return FALSE;
  *ret_row = row;
  return TRUE;
}
