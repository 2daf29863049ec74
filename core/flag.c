/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flag.h"

#include "core/error.h"

static const char *const names[] = { ASSAY_FLAG_BAD,       ASSAY_FLAG_WITHDRAWN, ASSAY_FLAG_BLURRED,
                                     ASSAY_FLAG_DUPLICATE, ASSAY_FLAG_NOTE,      ASSAY_FLAG_DISCUSS,
                                     ASSAY_FLAG_HARD,      ASSAY_FLAG_MINED,     ASSAY_FLAG_GOLD,
                                     NULL };

const char *const *
assay_flag_names (void)
{
  return names;
}

void
assay_flag_free (AssayFlag *flag)
{
  if (flag == NULL)
    return;
  g_free (flag->flag);
  g_free (flag->why);
  g_free (flag);
}

static gboolean
pass_on (GError **wrong, GError **error)
{
  if (*wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (wrong));
  return FALSE;
}

/* The last word on this flag of the item, and whether it is the same. */
static gboolean
is_said (AssayStore *store, gint64 item_row, const char *flag, gboolean stands, const char *why, gboolean *ret_said,
         GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error,
                          "SELECT stands, why FROM item_flag WHERE item = ? AND flag = ?"
                          " ORDER BY made_us DESC, id DESC LIMIT 1",
                          "it", item_row, flag))
    return FALSE;
  gboolean any = assay_rows_next (&rows, &wrong);
  *ret_said = any ? (assay_rows_get_int (&rows, 0) != 0) == stands
                        && (!stands || g_strcmp0 (assay_rows_get_text (&rows, 1), why) == 0)
                  : !stands;
  return pass_on (&wrong, error);
}

static gboolean
is_out_everywhere (AssayStore *store, gint64 item_row, gboolean *ret_out, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error, "SELECT 1 FROM left_out WHERE item = ? AND everywhere = 1", "i",
                          item_row))
    return FALSE;
  *ret_out = assay_rows_next (&rows, &wrong);
  return pass_on (&wrong, error);
}

static gboolean
write_left_out (AssayStore *store, gint64 item_row, GError **error)
{
  return assay_store_run (store, NULL, error, "DELETE FROM left_out WHERE item = ?", "i", item_row)
         && assay_store_run (
             store, NULL, error,
             "INSERT INTO left_out (item, everywhere) SELECT f.item, max (f.flag IN ('bad', 'withdrawn'))"
             " FROM item_flag AS f WHERE f.item = ? AND f.flag IN ('bad', 'withdrawn', 'blurred',"
             " 'duplicate') AND " ASSAY_FLAG_STANDS " GROUP BY f.item",
             "i", item_row);
}

/* An item that leaves the versions is no item that waits for an answer either; and it is a change for the next
 * version. */
static gboolean
update_item (AssayStore *store, gint64 item_row, GError **error)
{
  gboolean before, after;
  if (!is_out_everywhere (store, item_row, &before, error) || !write_left_out (store, item_row, error)
      || !is_out_everywhere (store, item_row, &after, error))
    return FALSE;
  return before == after
         || (assay_store_run (
                 store, NULL, error,
                 "INSERT INTO tally (task, annotator, state, class, n) SELECT 0, 0, media_kind, x'', ?2 FROM"
                 " item WHERE row = ?1 ON CONFLICT DO UPDATE SET n = n + excluded.n",
                 "ii", item_row, (gint64) (after ? -1 : 1))
             && assay_store_run (store, NULL, error, "INSERT OR IGNORE INTO touched (item) VALUES (?)", "i",
                                 item_row));
}

gboolean
assay_flag_set (AssayStore *store, gint64 item_row, const char *flag, gboolean stands, const char *why,
                const AssayId *by_annotator, gboolean *ret_changed, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  gboolean said;
  if (!g_strv_contains (names, flag))
    {
      g_autofree char *list = g_strjoinv (", ", (char **) names);
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "flag \"%s\": there is none of this name; choose one of %s", flag, list);
      return FALSE;
    }
  if (!assay_transaction_begin (&transaction, store, error)
      || !is_said (store, item_row, flag, stands, why, &said, error))
    return FALSE;
  AssayId id = assay_id_new ();
  if (!said
      && (!assay_store_run (store, NULL, error,
                            "INSERT INTO item_flag (id, item, flag, stands, why, by_annotator, made_us)"
                            " VALUES (?, ?, ?, ?, ?, ?, ?)",
                            "IititIi", &id, item_row, flag, (gint64) stands, stands ? why : NULL, by_annotator,
                            g_get_real_time ())
          || !update_item (store, item_row, error)))
    return FALSE;
  if (!assay_transaction_commit (&transaction, error))
    return FALSE;
  if (ret_changed != NULL)
    *ret_changed = !said;
  return TRUE;
}

GPtrArray *
assay_flag_list (AssayStore *store, gint64 item_row, GError **error)
{
  g_autoptr (GPtrArray) flags = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_flag_free);
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error,
                          "SELECT f.flag, f.why, f.by_annotator, f.made_us FROM item_flag AS f WHERE f.item = ? "
                          "AND " ASSAY_FLAG_STANDS " ORDER BY f.flag",
                          "i", item_row))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayFlag *flag = g_new0 (AssayFlag, 1);
      flag->flag = g_strdup (assay_rows_get_text (&rows, 0));
      flag->why = g_strdup (assay_rows_get_text (&rows, 1));
      flag->by_annotator = assay_rows_get_id (&rows, 2);
      flag->made_us = assay_rows_get_int (&rows, 3);
      g_ptr_array_add (flags, flag);
    }
  return pass_on (&wrong, error) ? g_steal_pointer (&flags) : NULL;
}

static GArray *
read_rows (AssayRows *rows, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) wrong = NULL;
  while (assay_rows_next (rows, &wrong))
    {
      gint64 row = assay_rows_get_int (rows, 0);
      g_array_append_val (list, row);
    }
  return pass_on (&wrong, error) ? g_steal_pointer (&list) : NULL;
}

GArray *
assay_flag_list_items (AssayStore *store, const char *flag, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error,
                          "SELECT f.item FROM item_flag AS f WHERE f.flag = ? AND " ASSAY_FLAG_STANDS
                          " ORDER BY f.item",
                          "t", flag))
    return NULL;
  return read_rows (&rows, error);
}

GPtrArray *
assay_flag_list_notes (AssayStore *store, const AssayId *session, GError **error)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT f.why FROM item_flag AS f JOIN item AS i ON i.row = f.item WHERE f.flag = '" ASSAY_FLAG_NOTE
          "' AND i.session = ? AND f.why IS NOT NULL AND " ASSAY_FLAG_STANDS
          " GROUP BY f.why ORDER BY min (f.made_us)",
          "I", session))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    g_ptr_array_add (notes, g_strdup (assay_rows_get_text (&rows, 0)));
  return pass_on (&wrong, error) ? g_steal_pointer (&notes) : NULL;
}

gboolean
assay_flag_update (AssayStore *store, gint64 after_row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, "SELECT DISTINCT item FROM item_flag WHERE row > ?", "i", after_row))
    return FALSE;
  g_autoptr (GArray) items = read_rows (&rows, error);
  for (guint i = 0; items != NULL && i < items->len; i++)
    if (!update_item (store, g_array_index (items, gint64, i), error))
      return FALSE;
  return items != NULL;
}
