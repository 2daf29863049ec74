/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/truth.h"

#include "core/error.h"
#include "core/json.h"
#include "core/standing.h"

static const char *const hows[] = { "none", "undecided", "only", "annotator", "consensus", "edit", "rule" };

const char *
assay_truth_how_to_text (AssayTruthHow how)
{
  return hows[how];
}

static AssayTruthHow
how_of (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (hows); i++)
    if (g_strcmp0 (hows[i], text) == 0)
      return (AssayTruthHow) i;
  return ASSAY_TRUTH_UNDECIDED; /* of a newer Assay */
}

void
assay_settlement_clear (AssaySettlement *settlement)
{
  g_clear_pointer (&settlement->laid_aside, g_array_unref);
}

/* Its id, in `ret_id` (nullable). */
static gboolean
add_review (AssayStore *store, const AssayLabel *label, const char *kind, const char *how, const AssayId *revision,
            const AssayId *parent, const AssayAnnotator *by, const char *comment, AssayId *ret_id, GError **error)
{
  AssayId id = assay_id_new ();
  if (ret_id != NULL)
    *ret_id = id;
  return assay_store_run (
      store, NULL, error,
      "INSERT INTO review (id, item, task, kind, how, revision, parent, by_annotator, made_us, comment) VALUES"
      " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "IiittIIIit", &id, label->item_row, label->task_row, kind, how, revision, parent, &by->id, g_get_real_time (),
      comment);
}

/* Ids of the reviews that stand; of `revision` only, unless it is NULL. */
static GArray *
list_standing (AssayStore *store, const AssayLabel *label, const char *kind, const AssayId *revision,
               GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (AssayId));
  if (!assay_store_query (
          store, &rows, error,
          "SELECT id FROM review AS one WHERE item = ?1 AND task = ?2 AND kind = ?3 AND (?4 IS NULL OR revision ="
          " ?4) AND NOT EXISTS (SELECT 1 FROM review WHERE item = ?1 AND task = ?2 AND parent = one.id) ORDER BY"
          " made_us, id",
          "iitI", label->item_row, label->task_row, kind, revision))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayId id = assay_rows_get_id (&rows, 0);
      g_array_append_val (list, id);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&list);
}

/* From the `first` on. */
static gboolean
recall (AssayStore *store, const AssayLabel *label, const GArray *reviews, guint first, const AssayAnnotator *by,
        GError **error)
{
  for (guint i = first; i < reviews->len; i++)
    if (!add_review (store, label, "recall", NULL, NULL, &g_array_index (reviews, AssayId, i), by, NULL, NULL,
                     error))
      return FALSE;
  return TRUE;
}

gboolean
assay_truth_settle (AssayStore *store, const AssayLabel *chosen, AssayTruthHow how, const AssayAnnotator *by,
                    const char *why, GError **error)
{
  g_auto (AssaySettlement) settlement = { 0 };
  return assay_truth_settle_to (store, chosen, how, by, why, &settlement, error);
}

gboolean
assay_truth_settle_to (AssayStore *store, const AssayLabel *chosen, AssayTruthHow how, const AssayAnnotator *by,
                       const char *why, AssaySettlement *ret_settlement, GError **error)
{
  g_return_val_if_fail (how >= ASSAY_TRUTH_ANNOTATOR && !assay_id_is_nil (&chosen->id), FALSE);
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  g_autoptr (GArray) before = list_standing (store, chosen, "settle", NULL, error);
  g_autoptr (GArray) sent_back
      = before != NULL ? list_standing (store, chosen, "send_back", &chosen->id, error) : NULL;
  AssayId id;
  /* The new settlement names one that it replaces; were there more (desks apart), they are recalled. */
  if (before == NULL || sent_back == NULL || !recall (store, chosen, before, 1, by, error)
      || !recall (store, chosen, sent_back, 0, by, error)
      || !add_review (store, chosen, "settle", hows[how], &chosen->id,
                      before->len > 0 ? &g_array_index (before, AssayId, 0) : NULL, by, why, &id, error)
      || !assay_standing_update (store, chosen->item_row, chosen->task_row, error)
      || !assay_transaction_commit (&transaction, error))
    return FALSE;
  g_array_append_vals (before, sent_back->data, sent_back->len);
  *ret_settlement = (AssaySettlement){ id, g_steal_pointer (&before) };
  return TRUE;
}

static gboolean
is_one_of (const GArray *settlements, const AssayId *id)
{
  for (guint i = 0; i < settlements->len; i++)
    if (assay_id_equal (&g_array_index (settlements, AssaySettlement, i).id, id))
      return TRUE;
  return FALSE;
}

/* Of which item and task it is. */
static gboolean
find_place (AssayStore *store, const AssayId *settlement, AssayLabel *ret_place, gint64 *ret_row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error, "SELECT item, task, row FROM review WHERE id = ?", "I", settlement))
    return FALSE;
  if (!assay_rows_next (&rows, &wrong))
    {
      if (wrong == NULL)
        g_set_error_literal (&wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                             "taking a decision back: this project has no such decision; open the project it is of");
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  ret_place->item_row = assay_rows_get_int (&rows, 0);
  ret_place->task_row = assay_rows_get_int (&rows, 1);
  *ret_row = assay_rows_get_int (&rows, 2);
  return TRUE;
}

/* Whoever decides later has not seen it taken back. */
static gboolean
find_last_word (AssayStore *store, const GArray *settlements, guint i, AssayLabel *ret_place, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  gboolean last = TRUE;
  gint64 row;
  if (!find_place (store, &g_array_index (settlements, AssaySettlement, i).id, ret_place, &row, error)
      || !assay_store_query (store, &rows, error, "SELECT id FROM review WHERE item = ? AND task = ? AND row > ? AND kind NOT IN ('audit', 'qualify')", "iii",
                             ret_place->item_row, ret_place->task_row, row))
    return FALSE;
  while (last && assay_rows_next (&rows, &wrong))
    {
      AssayId id = assay_rows_get_id (&rows, 0);
      last = is_one_of (settlements, &id);
    }
  if (wrong == NULL && !last)
    g_set_error_literal (&wrong, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                         "taking a decision back: something else was decided about this item since; look at it and"
                         " decide anew");
  gboolean right = wrong == NULL;
  if (!right)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return right;
}

/* In the words, and the name, of whoever said it: who brought it back is told by the recall. */
static gboolean
say_again (AssayStore *store, const GArray *reviews, GError **error)
{
  for (guint i = 0; i < reviews->len; i++)
    {
      AssayId id = assay_id_new ();
      if (!assay_store_run (store, NULL, error,
                            "INSERT INTO review (id, item, task, kind, how, revision, by_annotator, made_us, comment)"
                            " SELECT ?, item, task, kind, how, revision, by_annotator, ?, comment FROM review WHERE"
                            " id = ?",
                            "IiI", &id, g_get_real_time () + (gint64) i, &g_array_index (reviews, AssayId, i)))
        return FALSE;
    }
  return TRUE;
}

gboolean
assay_truth_take_back (AssayStore *store, const GArray *settlements, const AssayAnnotator *by, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_autofree AssayLabel *places = g_new0 (AssayLabel, settlements->len + 1);
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  for (guint i = 0; i < settlements->len; i++)
    if (!find_last_word (store, settlements, i, &places[i], error))
      return FALSE;
  for (guint i = 0; i < settlements->len; i++)
    {
      const AssaySettlement *settlement = &g_array_index (settlements, AssaySettlement, i);
      if (!add_review (store, &places[i], "recall", NULL, NULL, &settlement->id, by, NULL, NULL, error)
          || !say_again (store, settlement->laid_aside, error))
        return FALSE;
    }
  for (guint i = 0; i < settlements->len; i++)
    if (!assay_standing_update (store, places[i].item_row, places[i].task_row, error))
      return FALSE;
  return assay_transaction_commit (&transaction, error);
}

gboolean
assay_truth_unsettle (AssayStore *store, const AssaySettlement *settlement, const AssayAnnotator *by, GError **error)
{
  g_autoptr (GArray) one = g_array_new (FALSE, FALSE, sizeof (AssaySettlement));
  g_array_append_val (one, *settlement);
  return assay_truth_take_back (store, one, by, error);
}

gboolean
assay_truth_remark (AssayStore *store, const AssayLabel *any, const char *kind, const char *how, const char *comment,
                    gboolean lay_aside, const AssayAnnotator *by, AssaySettlement *ret_made, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  AssayId id;
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  g_autoptr (GArray) before = lay_aside ? list_standing (store, any, "settle", NULL, error)
                                        : g_array_new (FALSE, FALSE, sizeof (AssayId));
  if (before == NULL || !recall (store, any, before, 0, by, error)
      || !add_review (store, any, kind, how, NULL, NULL, by, comment, &id, error)
      || !assay_standing_update (store, any->item_row, any->task_row, error)
      || !assay_transaction_commit (&transaction, error))
    return FALSE;
  *ret_made = (AssaySettlement){ id, g_steal_pointer (&before) };
  return TRUE;
}

gboolean
assay_truth_send_back (AssayStore *store, const AssayLabel *label, const AssayAnnotator *by, const char *comment,
                       GError **error)
{
  return assay_truth_send_back_to (store, label, by, comment, NULL, error);
}

gboolean
assay_truth_send_back_to (AssayStore *store, const AssayLabel *label, const AssayAnnotator *by, const char *comment,
                          const json_t *place, GError **error)
{
  g_auto (AssaySettlement) made = { 0 };
  return assay_truth_return (store, label, by, comment, place, &made, error);
}

gboolean
assay_truth_return (AssayStore *store, const AssayLabel *label, const AssayAnnotator *by, const char *comment,
                    const json_t *place, AssaySettlement *ret_made, GError **error)
{
  g_autofree char *where = json_object_size (place) > 0 ? assay_json_canonical (place) : NULL;
  g_return_val_if_fail (!assay_id_is_nil (&label->id), FALSE);
  g_auto (AssayTransaction) transaction = { 0 };
  AssayId id;
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  /* What is not good enough to stand cannot be the truth either. */
  g_autoptr (GArray) taken = list_standing (store, label, "settle", &label->id, error);
  if (taken == NULL || !recall (store, label, taken, 0, by, error)
      || !add_review (store, label, "send_back", where, &label->id, NULL, by, comment, &id, error)
      || !assay_standing_update (store, label->item_row, label->task_row, error)
      || !assay_transaction_commit (&transaction, error))
    return FALSE;
  *ret_made = (AssaySettlement){ id, g_steal_pointer (&taken) };
  return TRUE;
}

gboolean
assay_truth_recall (AssayStore *store, const AssayLabel *any, const AssayAnnotator *by, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  g_autoptr (GArray) taken = list_standing (store, any, "settle", NULL, error);
  return taken != NULL && recall (store, any, taken, 0, by, error)
         && assay_standing_update (store, any->item_row, any->task_row, error)
         && assay_transaction_commit (&transaction, error);
}

gboolean
assay_truth_find (AssayStore *store, gint64 item_row, gint64 task_row, AssayTruthHow *ret_how,
                  gint64 *ret_revision_row, guint *ret_n_answers, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error,
                          "SELECT how, revision, n_answers FROM truth WHERE item = ? AND task = ?", "ii", item_row,
                          task_row))
    return FALSE;
  gboolean known = assay_rows_next (&rows, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  *ret_how = known ? how_of (assay_rows_get_text (&rows, 0)) : ASSAY_TRUTH_NONE;
  *ret_revision_row = known ? assay_rows_get_int (&rows, 1) : 0;
  *ret_n_answers = known ? (guint) assay_rows_get_int (&rows, 2) : 0;
  return TRUE;
}

gboolean
assay_truth_get (AssayStore *store, gint64 item_row, const AssayTask *task, AssayTruthHow *ret_how,
                 AssayLabel **ret_label, GError **error)
{
  AssayTruthHow how;
  gint64 revision_row;
  guint n_answers;
  if (!assay_truth_find (store, item_row, task->row, &how, &revision_row, &n_answers, error))
    return FALSE;
  AssayLabel *label = NULL;
  if (revision_row != 0 && (label = assay_label_get_row (store, revision_row, task, error)) == NULL)
    return FALSE;
  *ret_how = how;
  *ret_label = label;
  return TRUE;
}
