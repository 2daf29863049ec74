/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/flood.h"

#include <string.h>

#define LEAST_ITEMS 20
#define PART 20 /* a twentieth */

static int
compare_worst_first (gconstpointer a, gconstpointer b)
{
  const AssayFinding *one = *(const AssayFinding *const *) a, *other = *(const AssayFinding *const *) b;
  if (one->severity != other->severity)
    return one->severity > other->severity ? -1 : 1;
  if (one->score != other->score)
    return one->score > other->score ? -1 : 1;
  return assay_id_compare (&one->id, &other->id);
}

/* Ids of findings that are dismissed, as their inputs are now. */
static GHashTable *
list_dismissed (AssayStore *store, const AssayCheck *check, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  g_autoptr (GHashTable) dismissed = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, g_free);
  if (!assay_store_query (
          store, &rows, error,
          "SELECT f.id, f.inputs FROM finding f JOIN finding_event e ON e.finding = f.id AND e.kind = 'dismiss'"
          " AND e.inputs = f.inputs WHERE f.\"check\" = ?1",
          "t", check->id))
    return NULL;
  while (assay_rows_next (&rows, &failure))
    {
      AssayId id = assay_rows_get_id (&rows, 0);
      AssaySha256 inputs;
      if (assay_rows_get_sha256 (&rows, 1, &inputs))
        g_hash_table_insert (dismissed, g_memdup2 (&id, sizeof id), g_memdup2 (&inputs, sizeof inputs));
    }
  if (failure == NULL)
    return g_steal_pointer (&dismissed);
  g_propagate_error (error, failure);
  return NULL;
}

static gboolean
is_beside (const AssayCheck *check, const AssayFinding *finding, GHashTable *dismissed)
{
  if (finding->item_row == 0 || (check->certain && finding->severity == ASSAY_SEVERITY_ERROR))
    return TRUE;
  const AssaySha256 *inputs = dismissed != NULL ? g_hash_table_lookup (dismissed, &finding->id) : NULL;
  return inputs != NULL && memcmp (inputs, &finding->inputs, sizeof *inputs) == 0;
}

static guint
count_items (const AssayCheck *check, const GPtrArray *findings, GHashTable *dismissed)
{
  g_autoptr (GHashTable) items = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (guint i = 0; i < findings->len; i++)
    {
      AssayFinding *finding = findings->pdata[i];
      if (!is_beside (check, finding, dismissed))
        g_hash_table_add (items, &finding->item_row);
    }
  return g_hash_table_size (items);
}

static AssayFinding *
tell_rest (const AssayCheck *check, const AssayTask *task, guint n_rest, guint n_listed)
{
  g_autofree char *why
      = g_strdup_printf ("%s: %u more items like the %u that are listed; if this is how they are meant, dismiss it",
                         check->title, n_rest, n_listed);
  AssayFinding *rest = assay_finding_new (check->id, ASSAY_SEVERITY_NOTE, 0, why);
  /* A dismissal holds until there are twice as many. */
  g_autofree char *inputs = g_strdup_printf ("%s\n%u\n%u", check->id, check->version, g_bit_storage (n_rest));
  rest->task_row = task != NULL ? task->row : 0;
  rest->inputs = assay_sha256 (inputs, strlen (inputs));
  assay_finding_identify (rest, &ASSAY_ID_NIL, task != NULL ? &task->id : &ASSAY_ID_NIL, "rest");
  return rest;
}

/* Sorted, worst first: every finding of an item that is listed at all, for whoever opens it looks at all of it. */
static GPtrArray *
list_worst (const AssayCheck *check, guint most, GHashTable *dismissed, const GPtrArray *sorted,
            AssayFlood *ret_flood)
{
  g_autoptr (GHashTable) items = g_hash_table_new (g_int64_hash, g_int64_equal);
  GPtrArray *listed = g_ptr_array_new ();
  for (guint i = 0; i < sorted->len; i++)
    {
      AssayFinding *finding = sorted->pdata[i];
      gboolean beside = is_beside (check, finding, dismissed),
               is_new = !g_hash_table_contains (items, &finding->item_row);
      if (!beside && is_new && g_hash_table_size (items) < most)
        {
          g_hash_table_add (items, &finding->item_row);
          *ret_flood = (AssayFlood){ TRUE, (gint32) finding->severity, finding->score };
        }
      if (beside || g_hash_table_contains (items, &finding->item_row))
        g_ptr_array_add (listed, finding);
    }
  return listed;
}

GPtrArray *
assay_flood_list (AssayStore *store, const AssayCheck *check, const AssayTask *task, guint64 n_items,
                  const GPtrArray *findings, AssayFinding **ret_rest, AssayFlood *ret_flood, GError **error)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  for (guint i = 0; i < findings->len; i++)
    g_ptr_array_add (sorted, findings->pdata[i]);
  guint most = (guint) MAX (LEAST_ITEMS, n_items / PART);
  *ret_flood = (AssayFlood){ 0 };
  *ret_rest = NULL;
  if (count_items (check, findings, NULL) <= most)
    return g_steal_pointer (&sorted);
  g_autoptr (GHashTable) dismissed = list_dismissed (store, check, error);
  if (dismissed == NULL)
    return NULL;
  guint n_flagged = count_items (check, findings, dismissed);
  if (n_flagged <= most)
    return g_steal_pointer (&sorted);
  g_ptr_array_sort (sorted, compare_worst_first);
  GPtrArray *listed = list_worst (check, most, dismissed, sorted, ret_flood);
  *ret_rest = tell_rest (check, task, n_flagged - most, most);
  g_ptr_array_add (listed, *ret_rest);
  return listed;
}

/* The key of a task alone lies apart from those of its items (qa/partial.c). */
gboolean
assay_flood_remember (AssayStore *store, const AssayCheck *check, const AssayTask *task, const AssayFlood *flood,
                      GError **error)
{
  return assay_store_run (store, NULL, error,
                          "INSERT OR REPLACE INTO partial (\"check\", key, data) VALUES (?1, ?2, ?3)", "tbb",
                          check->id, &task->id, sizeof task->id, flood, sizeof *flood);
}

gboolean
assay_flood_recall (AssayStore *store, const AssayCheck *check, const AssayTask *task, AssayFlood *ret_flood,
                    GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  *ret_flood = (AssayFlood){ 0 };
  if (!assay_store_query (store, &rows, error, "SELECT data FROM partial WHERE \"check\" = ?1 AND key = ?2", "tb",
                          check->id, &task->id, sizeof task->id))
    return FALSE;
  if (assay_rows_next (&rows, &failure))
    {
      gsize n = 0;
      gconstpointer data = assay_rows_get_blob (&rows, 0, &n);
      if (n == sizeof *ret_flood)
        memcpy (ret_flood, data, n);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
assay_flood_lists (const AssayFlood *flood, const AssayCheck *check, const AssayFinding *finding)
{
  if (!flood->is_flooded || is_beside (check, finding, NULL) || (gint32) finding->severity > flood->severity)
    return TRUE;
  return (gint32) finding->severity == flood->severity && finding->score >= flood->score;
}
