/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/precision.h"

#include "core/json.h"
#include "core/plan.h"
#include "qa/share.h"

#include <math.h>
#include <string.h>

typedef enum
{
  UNDECIDED,
  RIGHT,
  WRONG
} Verdict;

/* What has become of the answers that a finding was about. */
typedef struct
{
  GArray *ids; /* of AssayId: the standing revisions of the annotators it names */
  gboolean sent_back;
  gboolean settled; /* by a person */
  AssayId truth;    /* then */
} Answers;

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return assay_id_compare (a, b);
}

static gboolean
find_answers (AssayStore *store, const AssayFinding *finding, Answers *ret_answers, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT a.name, r.id, h.state FROM head h JOIN annotator a ON a.row = h.annotator JOIN revision r"
          " ON r.row = h.revision WHERE h.item = ?1 AND h.task = ?2",
          "ii", finding->item_row, finding->task_row))
    return FALSE;
  while (assay_rows_next (&rows, &failure))
    if (g_ptr_array_find_with_equal_func (finding->annotators, assay_rows_get_text (&rows, 0), g_str_equal, NULL))
      {
        AssayId id = assay_rows_get_id (&rows, 1);
        g_array_append_val (ret_answers->ids, id);
        ret_answers->sent_back |= g_str_equal (assay_rows_get_text (&rows, 2), "sent_back");
      }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
find_truth (AssayStore *store, const AssayFinding *finding, Answers *ret_answers, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT r.id FROM truth t JOIN revision r ON r.row = t.revision WHERE t.item = ?1 AND t.task = ?2"
          " AND t.how IN ('annotator', 'consensus', 'edit')",
          "ii", finding->item_row, finding->task_row))
    return FALSE;
  if (assay_rows_next (&rows, &failure))
    {
      ret_answers->settled = TRUE;
      ret_answers->truth = assay_rows_get_id (&rows, 0);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* As a check wrote it down: assay_look_flag, and assay_spot_flag of one answer. */
static gboolean
is_as_it_was (const AssayFinding *finding, GArray *ids)
{
  g_array_sort (ids, compare_ids);
  AssaySha256 now = assay_sha256 (ids->data, ids->len * sizeof (AssayId));
  return memcmp (&now, &finding->inputs, sizeof now) == 0;
}

static gboolean
judge_answers (AssayStore *store, const AssayFinding *finding, Verdict *ret_verdict, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (AssayId));
  Answers answers = { .ids = ids };
  if (!find_answers (store, finding, &answers, error) || !find_truth (store, finding, &answers, error))
    return FALSE;
  if (answers.sent_back || (finding->state == ASSAY_FINDING_FIXED && !is_as_it_was (finding, ids)))
    *ret_verdict = RIGHT;
  else if (answers.settled && is_as_it_was (finding, ids))
    *ret_verdict
        = ids->len == 1 && assay_id_equal (&answers.truth, &g_array_index (ids, AssayId, 0)) ? WRONG : RIGHT;
  return TRUE;
}

static gboolean
judge_media (AssayStore *store, const AssayFinding *finding, Verdict *ret_verdict, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  if (!assay_store_query (store, &rows, error, "SELECT 1 FROM left_out WHERE item = ?1 AND everywhere = 1", "i",
                          finding->item_row))
    return FALSE;
  if (assay_rows_next (&rows, &failure))
    *ret_verdict = RIGHT;
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
judge (AssayStore *store, const AssayFinding *finding, Verdict *ret_verdict, GError **error)
{
  *ret_verdict = finding->dismissed_why != NULL && finding->item_row != 0 ? WRONG : UNDECIDED;
  if (*ret_verdict == WRONG || finding->item_row == 0)
    return TRUE;
  return finding->task_row != 0 ? judge_answers (store, finding, ret_verdict, error)
                                : judge_media (store, finding, ret_verdict, error);
}

static GHashTable *
count (AssayStore *store, GError **error)
{
  g_autoptr (GPtrArray) findings = assay_finding_list (store, FALSE, error);
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      const AssayFinding *finding = findings->pdata[i];
      guint *own = g_hash_table_lookup (counts, finding->check);
      Verdict verdict;
      if (!judge (store, finding, &verdict, error))
        return NULL;
      if (own == NULL)
        g_hash_table_insert (counts, (gpointer) finding->check, own = g_new0 (guint, WRONG + 1));
      own[verdict]++;
    }
  return findings != NULL ? g_steal_pointer (&counts) : NULL;
}

GArray *
assay_precision_list (AssayStore *store, GError **error)
{
  g_autoptr (AssayPlan) plan = assay_plan_get (store, error);
  g_autoptr (GHashTable) counts = plan != NULL ? count (store, error) : NULL;
  guint n;
  const AssayCheck *const *checks = assay_check_list (&n);
  if (counts == NULL)
    return NULL;
  GArray *list = g_array_new (FALSE, FALSE, sizeof (AssayPrecision));
  for (guint i = 0; i < n; i++)
    {
      const guint *own = g_hash_table_lookup (counts, checks[i]->id);
      AssayPrecision one = { .check = checks[i], .quiet = assay_plan_is_quiet (plan, checks[i]->id) };
      one.right = own != NULL ? own[RIGHT] : 0;
      one.wrong = own != NULL ? own[WRONG] : 0;
      guint decided = one.right + one.wrong;
      one.share = decided > 0 ? (double) one.right / decided : NAN;
      assay_share_interval (one.right, decided, &one.low, &one.high);
      one.offer = !one.quiet && decided >= ASSAY_PRECISION_LEAST && one.share < ASSAY_PRECISION_LOW;
      g_array_append_val (list, one);
    }
  return list;
}

json_t *
assay_precision_to_json (const AssayPrecision *precision)
{
  return json_pack ("{s:i, s:i, s:o, s:[o, o], s:b}", "decided", (int) (precision->right + precision->wrong),
                    "right", (int) precision->right, "precision", assay_json_number (precision->share), "interval",
                    assay_json_number (precision->low), assay_json_number (precision->high), "offer_quiet",
                    precision->offer);
}

gboolean
assay_precision_set_quiet (AssayStore *store, const AssayCheck *check, gboolean quiet, const AssayId *by,
                           GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  g_autoptr (AssayPlan) plan = assay_plan_get (store, error);
  if (plan == NULL)
    return FALSE;
  if (assay_plan_is_quiet (plan, check->id) == quiet)
    return TRUE;
  assay_plan_set_quiet (plan, check->id, quiet);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  return assay_plan_save (store, plan, by, error)
         && (!quiet || assay_finding_replace (store, check->id, 0, none, error)) && assay_transaction_commit (&transaction, error);
}
