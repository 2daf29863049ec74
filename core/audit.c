/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/audit.h"

#include "core/flag.h"
#include "core/json.h"
#include "core/sha256.h"
#include "core/tally.h"

#include <string.h>

struct _AssayAuditDraw
{
  AssayId task;
  double share, greatest; /* of all classes */
  GHashTable *shares;     /* id of a class as text, "" for none, to double */
};

/* What a second person may look at again: somebody's finished answer is the truth of it, and gold has its own way.
 */
#define ACCEPTED                                                                                                   \
  " FROM truth AS t JOIN revision AS r ON r.row = t.revision JOIN item AS i ON i.row = t.item WHERE t.task = ?1"   \
  " AND t.item NOT IN (SELECT item FROM left_out WHERE everywhere = 1) AND NOT EXISTS (SELECT 1 FROM item_flag AS" \
  " f WHERE f.item = t.item AND f.flag = '" ASSAY_FLAG_GOLD "' AND " ASSAY_FLAG_STANDS ")"
/* Neither labelled it nor decided about it. */
#define NO_PART                                                                                                    \
  " AND r.annotator <> ?2 AND NOT EXISTS (SELECT 1 FROM review AS v JOIN annotator AS a ON a.id ="                 \
  " v.by_annotator WHERE v.item = t.item AND v.task = ?1 AND v.kind <> 'audit' AND a.row = ?2)"

AssayAuditDraw *
assay_audit_draw_new (AssayStore *store, const AssayTask *task, double share, GError **error)
{
  g_autoptr (GArray) tally = assay_tally_list (store, task->row, error);
  if (tally == NULL)
    return NULL;
  AssayAuditDraw *draw = g_new0 (AssayAuditDraw, 1);
  draw->task = task->id;
  draw->share = draw->greatest = share;
  draw->shares = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < tally->len; i++)
    {
      const AssayTally *one = &g_array_index (tally, AssayTally, i);
      if (one->annotator_row == 0 || one->task_row != task->row || one->is_answers
          || !(g_str_equal (one->state, "submitted") || g_str_equal (one->state, "settled")))
        continue;
      char text[ASSAY_ID_TEXT_SIZE];
      const char *key = assay_id_is_nil (&one->class_id) ? "" : assay_id_to_text (&one->class_id, text);
      double *n = g_hash_table_lookup (draw->shares, key);
      if (n == NULL)
        g_hash_table_insert (draw->shares, g_strdup (key), n = g_new0 (double, 1));
      *n += (double) one->n;
    }
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, draw->shares);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      double *n = value;
      *n = share > 0 && *n > 0 ? MAX (share, MIN (1, ASSAY_AUDIT_LEAST / *n)) : share;
      draw->greatest = MAX (draw->greatest, *n);
    }
  return draw;
}

void
assay_audit_draw_free (AssayAuditDraw *draw)
{
  if (draw == NULL)
    return;
  g_hash_table_unref (draw->shares);
  g_free (draw);
}

/* In [0, 1). */
static double
number_of (const AssayId *task, const AssayId *item)
{
  struct
  {
    char what[16];
    AssayId task, item;
  } drawn = { "audit", *task, *item };
  AssaySha256 hash = assay_sha256 (&drawn, sizeof drawn);
  guint64 number = 0;
  for (guint i = 0; i < 8; i++)
    number = number << 8 | hash.bytes[i];
  return (double) (number >> 11) / (double) ((guint64) 1 << 53);
}

gboolean
assay_audit_draws (const AssayAuditDraw *draw, const AssayId *item, const char *classes)
{
  double number = number_of (&draw->task, item), share = draw->share;
  if (number < draw->share || number >= draw->greatest)
    return number < draw->share;
  g_autoptr (json_t) counts = json_loads (classes != NULL ? classes : "", 0, NULL);
  const char *class;
  const json_t *n;
  json_object_foreach (counts, class, n)
  {
    const double *one = g_hash_table_lookup (draw->shares, class);
    share = one != NULL ? MAX (share, *one) : share;
  }
  return number < share;
}

static gboolean
pass_on (GError **wrong, GError **error)
{
  if (*wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (wrong));
  return FALSE;
}

/* All but the plan: the accepted revision, and what the draw asks for. */
static gboolean
find_accepted (AssayStore *store, gint64 item_row, const AssayTask *task, gint64 annotator_row, AssayId *ret_item,
               AssayId *ret_accepted, char **ret_classes, gint64 *ret_n_answers, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error,
                          "SELECT i.id, r.id, r.classes, t.n_answers" ACCEPTED NO_PART
                          " AND t.item = ?3 AND NOT EXISTS (SELECT 1 FROM revision AS own WHERE own.item = ?3 AND"
                          " own.task = ?1 AND own.annotator = ?2 AND own.state NOT IN ('draft', 'skipped'))",
                          "iii", task->row, annotator_row, item_row))
    return FALSE;
  if (assay_rows_next (&rows, &wrong))
    {
      *ret_item = assay_rows_get_id (&rows, 0);
      *ret_accepted = assay_rows_get_id (&rows, 1);
      *ret_classes = g_strdup (assay_rows_get_text (&rows, 2));
      *ret_n_answers = assay_rows_get_int (&rows, 3);
    }
  return pass_on (&wrong, error);
}

gboolean
assay_audit_wants (AssayStore *store, gint64 item_row, const AssayTask *task, gint64 annotator_row,
                   AssayId *ret_accepted, GError **error)
{
  AssayId item = { 0 }, accepted = { 0 };
  g_autofree char *classes = NULL;
  gint64 n_answers = 0;
  *ret_accepted = (AssayId){ 0 };
  if (!find_accepted (store, item_row, task, annotator_row, &item, &accepted, &classes, &n_answers, error))
    return FALSE;
  if (assay_id_is_nil (&accepted))
    return TRUE;
  g_autoptr (AssayPlan) plan = assay_plan_get (store, error);
  if (plan == NULL)
    return FALSE;
  g_autoptr (AssayAssignment) assign = assay_assignment_new (plan, task->name);
  if (!(plan->audit > 0) || n_answers < assay_assignment_n_wanted (assign, &item))
    return TRUE;
  g_autoptr (AssayAuditDraw) draw = assay_audit_draw_new (store, task, plan->audit, error);
  if (draw != NULL && assay_audit_draws (draw, &item, classes))
    *ret_accepted = accepted;
  return draw != NULL;
}

gboolean
assay_audit_note (AssayStore *store, const AssayLabel *label, const AssayTask *task, GError **error)
{
  AssayId accepted, id = assay_id_new ();
  /* Answers that were made elsewhere were not asked for here. */
  if (label->tool != NULL && g_str_has_prefix (label->tool, "import"))
    return TRUE;
  if (!assay_audit_wants (store, label->item_row, task, label->annotator_row, &accepted, error))
    return FALSE;
  if (assay_id_is_nil (&accepted))
    return TRUE;
  return assay_store_run (store, NULL, error,
                          "INSERT INTO review (id, item, task, kind, how, revision, parent, by_annotator, made_us,"
                          " comment) SELECT ?, ?, ?, 'audit', NULL, ?, NULL, id, ?, NULL FROM annotator WHERE row ="
                          " ? AND kind = 'person'",
                          "IiiIii", &id, label->item_row, label->task_row, &accepted, g_get_real_time (),
                          label->annotator_row);
}

/* Adds rows of one part of the items. */
static gboolean
list_part (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, const AssayAuditDraw *draw,
           const AssayAssignment *assign, gint64 from, gint64 to, guint most, GArray *list, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error,
                          "SELECT t.item, i.id, r.classes, t.n_answers" ACCEPTED NO_PART
                          " AND t.item >= ?3 AND t.item < ?4 AND NOT EXISTS (SELECT 1 FROM head AS h WHERE h.item ="
                          " t.item AND h.task = ?1 AND (h.annotator = ?2 OR h.state = 'audit')) ORDER BY t.item",
                          "iiii", task->row, annotator != NULL ? annotator->row : (gint64) 0, from, to))
    return FALSE;
  while (list->len < most && assay_rows_next (&rows, &wrong))
    {
      gint64 row = assay_rows_get_int (&rows, 0);
      AssayId item = assay_rows_get_id (&rows, 1);
      if (assay_audit_draws (draw, &item, assay_rows_get_text (&rows, 2))
          && assay_rows_get_int (&rows, 3) >= assay_assignment_n_wanted (assign, &item))
        g_array_append_val (list, row);
    }
  return pass_on (&wrong, error);
}

/* Each annotator begins elsewhere, so that two who work at one time seldom audit the same. */
static gboolean
find_place (AssayStore *store, const AssayAnnotator *annotator, gint64 *ret_row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, "SELECT coalesce(max(row), 0) FROM item", "")
      || !assay_rows_next (&rows, error))
    return FALSE;
  gint64 last = assay_rows_get_int (&rows, 0);
  *ret_row = annotator != NULL && last > 0 ? 1 + (gint64) (g_str_hash (annotator->name) % (guint64) last) : 1;
  return TRUE;
}

GArray *
assay_audit_list (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, const AssayPlan *plan,
                  guint most, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 from = 1;
  if (!(plan->audit > 0))
    return g_steal_pointer (&list);
  g_autoptr (AssayAssignment) assign = assay_assignment_new (plan, task->name);
  /* Of a plan that names people, those are asked. */
  if (!assay_assignment_is_open (assign)
      && (annotator == NULL || !assay_assignment_names (assign, annotator->name)))
    return g_steal_pointer (&list);
  g_autoptr (AssayAuditDraw) draw = assay_audit_draw_new (store, task, plan->audit, error);
  if (draw == NULL || !find_place (store, annotator, &from, error)
      || !list_part (store, task, annotator, draw, assign, from, G_MAXINT64, most, list, error)
      || !list_part (store, task, annotator, draw, assign, 1, from, most, list, error))
    return NULL;
  return g_steal_pointer (&list);
}
