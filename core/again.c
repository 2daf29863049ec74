/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/again.h"

#include "core/assignment.h"
#include "core/flag.h"

#include <string.h>

#define ONE_OF 4 /* turns, where several wait */

AssayId
assay_again_id (const AssayId *person)
{
  return assay_id_derive ("again", person->bytes, sizeof person->bytes);
}

AssayAnnotator *
assay_again_ensure (AssayStore *store, const AssayAnnotator *person, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (AssayAnnotator) again = g_new0 (AssayAnnotator, 1);
  again->id = assay_again_id (&person->id);
  again->kind = ASSAY_ANNOTATOR_AGAIN;
  again->name = g_strdup_printf (ASSAY_AGAIN_NAME, person->name);
  if (!assay_store_run (store, NULL, error, "INSERT OR IGNORE INTO annotator (id, name, kind) VALUES (?, ?, ?)",
                        "Itt", &again->id, again->name, assay_annotator_kind_to_text (again->kind))
      || !assay_store_query (store, &rows, error, "SELECT row FROM annotator WHERE id = ?", "I", &again->id)
      || !assay_rows_next (&rows, error))
    return NULL;
  again->row = assay_rows_get_int (&rows, 0);
  return g_steal_pointer (&again);
}

/* The same on every desk. */
static guint64
draw (const char *what, const AssayAnnotator *person, guint64 turn)
{
  AssayId mark = assay_id_derive (what, &turn, sizeof turn);
  return assay_assignment_gold_rank (person->name, &mark);
}

gboolean
assay_again_is_due (const AssayPlan *plan, const AssayAnnotator *person, guint64 n_answered, guint64 n_again)
{
  g_autofree char *place = g_strconcat ("again of ", person->name, NULL);
  return person->kind == ASSAY_ANNOTATOR_PERSON && plan->again > 0
         && assay_assignment_n_gold (plan->again, place, n_answered) > n_again
         && draw ("again turn", person, GUINT64_TO_LE (n_answered + n_again)) % ONE_OF == 0;
}

gboolean
assay_again_count (AssayStore *store, const AssayTask *task, gint64 person_row, guint64 *ret_n, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  *ret_n = 0;
  if (person_row == 0)
    return TRUE;
  g_autoptr (AssayAnnotator) person = assay_annotator_get_row (store, person_row, error);
  if (person == NULL)
    return FALSE;
  AssayId id = assay_again_id (&person->id);
  if (!assay_store_query (
          store, &rows, error,
          "SELECT sum (n) FROM tally WHERE task = ? AND class = x'' AND state IN ('again', 'skipped')"
          " AND annotator = (SELECT row FROM annotator WHERE id = ?)",
          "iI", task->row, &id))
    return FALSE;
  if (assay_rows_next (&rows, &wrong))
    *ret_n = (guint64) assay_rows_get_int (&rows, 0);
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

static gboolean
list_part (AssayStore *store, const AssayTask *task, const AssayAnnotator *person, gint64 until_us, gint64 from,
           gint64 to, guint most, GArray *list, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  AssayId id = assay_again_id (&person->id);
  if (list->len >= most)
    return TRUE;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT h.item FROM head AS h JOIN revision AS r ON r.row = h.revision WHERE h.task = ?1 AND h.annotator "
          "= ?2"
          " AND h.state IN ('submitted', 'settled') AND r.made_us <= ?3 AND h.item >= ?4 AND h.item < ?5"
          " AND h.item NOT IN (SELECT item FROM left_out WHERE everywhere = 1)"
          " AND NOT EXISTS (SELECT 1 FROM item_flag AS f WHERE f.item = h.item AND f.flag = '" ASSAY_FLAG_GOLD
          "' AND " ASSAY_FLAG_STANDS ")"
          " AND NOT EXISTS (SELECT 1 FROM head AS s JOIN annotator AS a ON a.row = s.annotator WHERE s.item = "
          "h.item AND"
          " s.task = ?1 AND a.id = ?6 AND s.state <> 'draft')"
          " ORDER BY h.item LIMIT ?7",
          "iiiiiIi", task->row, person->row, until_us, from, to, &id, (gint64) (most - list->len)))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      gint64 row = assay_rows_get_int (&rows, 0);
      g_array_append_val (list, row);
    }
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

GArray *
assay_again_list (AssayStore *store, const AssayTask *task, const AssayAnnotator *person, const AssayPlan *plan,
                  guint64 turn, guint most, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 until_us = g_get_real_time () - (gint64) (plan->again_days * 86400 * G_USEC_PER_SEC);
  if (!assay_store_query (store, &rows, error, "SELECT coalesce (max (row), 0) FROM item", "")
      || !assay_rows_next (&rows, error))
    return NULL;
  gint64 last = assay_rows_get_int (&rows, 0);
  gint64 from = last > 0 ? 1 + (gint64) (draw ("again place", person, GUINT64_TO_LE (turn)) % (guint64) last) : 1;
  if (!list_part (store, task, person, until_us, from, G_MAXINT64, most, list, error)
      || !list_part (store, task, person, until_us, 1, from, most, list, error))
    return NULL;
  return g_steal_pointer (&list);
}
