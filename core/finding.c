/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/finding.h"

#include "core/error.h"
#include "core/json.h"

#include <math.h>
#include <string.h>

static const char *const severities[] = { "note", "warning", "error" };

const char *
assay_severity_to_text (AssaySeverity severity)
{
  return severities[severity];
}

AssayFinding *
assay_finding_new (const char *check, AssaySeverity severity, double score, const char *why)
{
  AssayFinding *finding = g_new0 (AssayFinding, 1);
  finding->check = g_intern_string (check);
  finding->severity = severity;
  finding->score = isnan (score) ? 0 : CLAMP (score, 0, 1);
  finding->why = g_strdup (why);
  finding->annotators = g_ptr_array_new_with_free_func (g_free);
  finding->where = json_object ();
  return finding;
}

void
assay_finding_free (AssayFinding *finding)
{
  if (finding == NULL)
    return;
  g_ptr_array_unref (finding->annotators);
  json_decref (finding->where);
  g_free (finding->why);
  g_free (finding->dismissed_why);
  g_free (finding);
}

void
assay_finding_identify (AssayFinding *finding, const AssayId *item, const AssayId *task, const char *place)
{
  char item_text[ASSAY_ID_TEXT_SIZE] = "", task_text[ASSAY_ID_TEXT_SIZE] = "";
  if (item != NULL && !assay_id_is_nil (item))
    assay_id_to_text (item, item_text);
  if (task != NULL && !assay_id_is_nil (task))
    assay_id_to_text (task, task_text);
  g_autofree char *text = g_strjoin ("\n", finding->check, item_text, task_text, place != NULL ? place : "", NULL);
  finding->id = assay_id_derive ("finding", text, strlen (text));
}

static char *
write_names (const GPtrArray *names)
{
  g_autoptr (json_t) json = json_array ();
  for (guint i = 0; i < names->len; i++)
    json_array_append_new (json, json_string (names->pdata[i]));
  return assay_json_canonical (json);
}

/* What is known as it is costs no write: a run again of a check costs what changed. */
static gboolean
put (AssayStore *store, const AssayFinding *finding, GError **error)
{
  g_autofree char *names = write_names (finding->annotators);
  g_autofree char *where = assay_json_canonical (finding->where);
  return assay_store_run (
      store, NULL, error,
      "INSERT INTO finding (id, \"check\", severity, score, item, task, label, annotators, place, why, inputs,"
      " present) VALUES (?, ?, ?, ?, nullif (?, 0), nullif (?, 0), ?, ?, ?, ?, ?, 1) ON CONFLICT (id) DO UPDATE"
      " SET severity = excluded.severity, score = excluded.score, label = excluded.label, place = excluded.place,"
      " annotators = excluded.annotators, why = excluded.why, inputs = excluded.inputs, present = 1 WHERE NOT"
      " (present AND severity = excluded.severity AND score = excluded.score AND label IS excluded.label AND"
      " place = excluded.place AND annotators = excluded.annotators AND why = excluded.why AND inputs ="
      " excluded.inputs)",
      "ItidiiItttH", &finding->id, finding->check, (gint64) finding->severity, finding->score, finding->item_row,
      finding->task_row, &finding->label, names, where, finding->why, &finding->inputs);
}

/* Ids of those that the last run of the check left open. */
static GHashTable *
list_present (AssayStore *store, const char *check, gint64 task_row, gint64 item_row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GHashTable) present = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, NULL);
  /* By the item's own index: its findings are few, whatever the check has said elsewhere. */
  const char *sql
      = item_row != 0
            ? "SELECT id FROM finding WHERE +\"check\" = ?1 AND (?2 = 0 OR +task = ?2) AND item = ?3 AND present"
            : "SELECT id FROM finding WHERE \"check\" = ?1 AND (?2 = 0 OR task = ?2) AND ?3 = 0 AND present";
  if (!assay_store_query (store, &rows, error, sql, "tii", check, task_row, item_row))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayId id = assay_rows_get_id (&rows, 0);
      g_hash_table_add (present, g_memdup2 (&id, sizeof id));
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&present);
}

gboolean
assay_finding_replace (AssayStore *store, const char *check, gint64 task_row, const GPtrArray *findings,
                       GError **error)
{
  return assay_finding_replace_item (store, check, task_row, 0, findings, error);
}

gboolean
assay_finding_replace_item (AssayStore *store, const char *check, gint64 task_row, gint64 item_row,
                            const GPtrArray *findings, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  g_autoptr (GHashTable) gone = list_present (store, check, task_row, item_row, error);
  if (gone == NULL)
    return FALSE;
  for (guint i = 0; i < findings->len; i++)
    {
      const AssayFinding *finding = findings->pdata[i];
      g_return_val_if_fail (g_str_equal (finding->check, check) && !assay_id_is_nil (&finding->id), FALSE);
      g_hash_table_remove (gone, &finding->id);
      if (!put (store, finding, error))
        return FALSE;
    }
  GHashTableIter iter;
  gpointer id;
  g_hash_table_iter_init (&iter, gone);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!assay_store_run (store, NULL, error, "UPDATE finding SET present = 0 WHERE id = ?", "I",
                          (const AssayId *) id))
      return FALSE;
  return assay_transaction_commit (&transaction, error);
}

/* The dismissal that holds is the last word on these very inputs: what was dismissed may be opened again. */
#define COLUMNS                                                                                                    \
  "SELECT id, \"check\", severity, score, item, task, label, annotators, place, why, inputs, present, (SELECT"     \
  " CASE kind WHEN 'dismiss' THEN why END FROM finding_event WHERE finding_event.finding = finding.id AND kind IN" \
  " ('dismiss', 'reopen') AND finding_event.inputs = finding.inputs ORDER BY made_us DESC, finding_event.row DESC" \
  " LIMIT 1) AS dismissed FROM finding "

static json_t *
parse (const char *text, GError **error)
{
  return assay_json_parse (text, strlen (text), "a finding of the database", error);
}

static AssayFinding *
read_row (AssayRows *rows, GError **error)
{
  gint64 severity = CLAMP (assay_rows_get_int (rows, 2), ASSAY_SEVERITY_NOTE, ASSAY_SEVERITY_ERROR);
  g_autoptr (AssayFinding) finding
      = assay_finding_new (assay_rows_get_text (rows, 1), (AssaySeverity) severity, assay_rows_get_double (rows, 3),
                           assay_rows_get_text (rows, 9));
  finding->id = assay_rows_get_id (rows, 0);
  finding->item_row = assay_rows_get_int (rows, 4);
  finding->task_row = assay_rows_get_int (rows, 5);
  finding->label = assay_rows_get_id (rows, 6);
  g_autoptr (json_t) names = parse (assay_rows_get_text (rows, 7), error);
  g_autoptr (json_t) where = names != NULL ? parse (assay_rows_get_text (rows, 8), error) : NULL;
  if (where == NULL)
    return NULL;
  gsize i;
  json_t *name;
  json_array_foreach (names, i, name) if (json_is_string (name))
      g_ptr_array_add (finding->annotators, g_strdup (json_string_value (name)));
  json_decref (finding->where);
  finding->where = g_steal_pointer (&where);
  assay_rows_get_sha256 (rows, 10, &finding->inputs);
  finding->dismissed_why = g_strdup (assay_rows_get_text (rows, 12));
  finding->state = assay_rows_get_int (rows, 11) == 0 ? ASSAY_FINDING_FIXED
                   : finding->dismissed_why != NULL   ? ASSAY_FINDING_DISMISSED
                                                      : ASSAY_FINDING_OPEN;
  return g_steal_pointer (&finding);
}

static GPtrArray *
read_all (AssayRows *rows, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_finding_free);
  g_autoptr (GError) wrong = NULL;
  while (assay_rows_next (rows, &wrong))
    {
      AssayFinding *finding = read_row (rows, error);
      if (finding == NULL)
        return NULL;
      g_ptr_array_add (list, finding);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&list);
}

GPtrArray *
assay_finding_list (AssayStore *store, gboolean open_only, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error,
                          COLUMNS
                          "WHERE NOT ? OR (present AND dismissed IS NULL) ORDER BY severity DESC, score DESC, id",
                          "i", (gint64) open_only))
    return NULL;
  return read_all (&rows, error);
}

AssayFinding *
assay_finding_get (AssayStore *store, const char *id_or_start, GError **error)
{
  AssayId low, high;
  g_auto (AssayRows) rows = { 0 };
  if (!assay_id_parse_start (id_or_start, &low, &high))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "finding %s: that is no id; give the id of a finding, or at least 4 digits of it (`assay"
                   " check` lists them)",
                   id_or_start);
      return NULL;
    }
  if (!assay_store_query (store, &rows, error, COLUMNS "WHERE id BETWEEN ? AND ? LIMIT 2", "bb", low.bytes,
                          sizeof low.bytes, high.bytes, sizeof high.bytes))
    return NULL;
  g_autoptr (GPtrArray) list = read_all (&rows, error);
  if (list != NULL && list->len == 1)
    return g_ptr_array_steal_index (list, 0);
  if (list != NULL && list->len == 0)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 "finding %s: there is none of that id; `assay check` lists them", id_or_start);
  else if (list != NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT, "finding %s: several begin so; give more of the id",
                 id_or_start);
  return NULL;
}

gboolean
assay_finding_dismiss (AssayStore *store, const AssayId *id, const AssayAnnotator *by, const char *why,
                       GError **error)
{
  if (why == NULL || *why == '\0')
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "dismissing a finding: no reason is given; say why it is none");
      return FALSE;
    }
  AssayId event = assay_id_new ();
  guint changed;
  if (!assay_store_run (store, &changed, error,
                        "INSERT INTO finding_event (id, finding, kind, why, inputs, by_annotator, made_us) SELECT"
                        " ?, id, 'dismiss', ?, inputs, ?, ? FROM finding WHERE id = ?",
                        "ItIiI", &event, why, &by->id, g_get_real_time (), id))
    return FALSE;
  if (changed == 0)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 "dismissing a finding: it is not there; `assay check` lists the findings");
  return changed > 0;
}

gboolean
assay_finding_reopen (AssayStore *store, const AssayId *id, const AssayAnnotator *by, GError **error)
{
  AssayId event = assay_id_new ();
  return assay_store_run (store, NULL, error,
                          "INSERT INTO finding_event (id, finding, kind, why, inputs, by_annotator, made_us) SELECT"
                          " ?, id, 'reopen', NULL, inputs, ?, ? FROM finding WHERE id = ?",
                          "IIiI", &event, &by->id, g_get_real_time (), id);
}

json_t *
assay_finding_to_json (AssayStore *store, const AssayFinding *finding)
{
  static const char *const states[] = { "open", "fixed", "dismissed" };
  char hash[ASSAY_SHA256_TEXT_SIZE];
  g_autoptr (AssayItem) item = finding->item_row != 0 ? assay_item_get_row (store, finding->item_row, NULL) : NULL;
  g_autoptr (AssayTask) task = finding->task_row != 0 ? assay_task_get_row (store, finding->task_row, NULL) : NULL;
  json_t *names = json_array ();
  for (guint i = 0; i < finding->annotators->len; i++)
    json_array_append_new (names, json_string (finding->annotators->pdata[i]));
  json_t *json = json_object ();
  json_object_set_new (json, "id", assay_json_id (&finding->id));
  json_object_set_new (json, "check", json_string (finding->check));
  json_object_set_new (json, "severity", json_string (severities[finding->severity]));
  json_object_set_new (json, "score", assay_json_number (finding->score));
  json_object_set_new (json, "state", json_string (states[finding->state]));
  json_object_set_new (json, "item", item != NULL ? assay_json_id (&item->id) : json_null ());
  json_object_set_new (json, "name", item != NULL ? json_string (item->name) : json_null ());
  json_object_set_new (json, "media",
                       item != NULL ? json_string (assay_sha256_to_text (&item->media, hash)) : json_null ());
  json_object_set_new (json, "task", task != NULL ? json_string (task->name) : json_null ());
  json_object_set_new (json, "label", assay_json_id (&finding->label));
  json_object_set_new (json, "annotators", names);
  json_object_set_new (json, "where", json_deep_copy (finding->where));
  json_object_set_new (json, "why", json_string (finding->why));
  if (finding->state == ASSAY_FINDING_DISMISSED)
    json_object_set_new (json, "dismissed_why", json_string (finding->dismissed_why));
  return json;
}
