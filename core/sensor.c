/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sensor.h"

#include "core/error.h"
#include "core/json.h"

#include <string.h>

void
assay_sensor_free (AssaySensor *sensor)
{
  if (sensor == NULL)
    return;
  g_free (sensor->kind);
  g_free (sensor->identity);
  g_free (sensor->name);
  g_free (sensor);
}

/* NULL without an error: not there. */
static gboolean
look_up (AssayStore *store, const char *kind, const char *identity, AssaySensor **ret_sensor, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  AssaySensor *sensor = NULL;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT row, id, kind, identity, name FROM sensor WHERE identity = ? AND kind = ? ORDER BY row LIMIT 1",
          "tt", identity, kind))
    return FALSE;
  if (assay_rows_next (&rows, &wrong))
    {
      sensor = g_new0 (AssaySensor, 1);
      sensor->row = assay_rows_get_int (&rows, 0);
      sensor->id = assay_rows_get_id (&rows, 1);
      sensor->kind = g_strdup (assay_rows_get_text (&rows, 2));
      sensor->identity = g_strdup (assay_rows_get_text (&rows, 3));
      sensor->name = g_strdup (assay_rows_get_text (&rows, 4));
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  *ret_sensor = sensor;
  return TRUE;
}

AssaySensor *
assay_sensor_get (AssayStore *store, const char *kind, const char *identity, GError **error)
{
  AssaySensor *sensor = NULL;
  if (look_up (store, kind, identity, &sensor, error) && sensor == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 "finding the %s %s: this project does not know it; `assay devices` lists what is there", kind, identity);
  return sensor;
}

AssaySensor *
assay_sensor_ensure (AssayStore *store, const char *kind, const char *identity, const char *name, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  AssaySensor *sensor = NULL;
  AssayId id = assay_id_new ();
  if (!assay_transaction_begin (&transaction, store, error) || !look_up (store, kind, identity, &sensor, error)
      || sensor != NULL)
    return sensor;
  if (!assay_store_run (store, NULL, error, "INSERT INTO sensor (id, kind, identity, name) VALUES (?, ?, ?, ?)",
                        "Ittt", &id, kind, identity, name)
      || !look_up (store, kind, identity, &sensor, error))
    return NULL;
  if (assay_transaction_commit (&transaction, error))
    return sensor;
  assay_sensor_free (sensor);
  return NULL;
}

gboolean
assay_sensor_add_preset (AssayStore *store, const AssaySensor *sensor, const char *name, const json_t *preset,
                         GError **error)
{
  g_autoptr (json_t) document = json_deep_copy (preset);
  json_object_set_new (document, "name", json_string (name));
  g_autofree char *text = assay_json_canonical (document);
  AssayId id = assay_id_new ();
  return assay_store_run (store, NULL, error,
                          "INSERT INTO calibration (id, sensor, made_us, document) VALUES (?, ?, ?, ?)", "Iiit", &id,
                          sensor->row, g_get_real_time (), text);
}

json_t *
assay_sensor_list_presets (AssayStore *store, const AssaySensor *sensor, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (json_t) by_name = json_object ();
  if (!assay_store_query (store, &rows, error,
                          "SELECT s.identity, c.made_us, c.document FROM calibration AS c JOIN sensor AS s ON s.row = "
                          "c.sensor WHERE ? IN (0, s.row) AND c.document ->> 'kind' = 'preset' ORDER BY c.made_us, c.id",
                          "i", sensor != NULL ? sensor->row : (gint64) 0))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      const char *identity = assay_rows_get_text (&rows, 0), *text = assay_rows_get_text (&rows, 2);
      json_t *preset = assay_json_parse (text, strlen (text), "a preset", error);
      if (preset == NULL)
        return NULL;
      const char *name = assay_json_get_string (preset, "name");
      g_autofree char *key = g_strdup_printf ("%s %s", name != NULL ? name : "", identity);
      json_object_set_new (by_name, key,
                           json_pack ("{s:s, s:s, s:I, s:o}", "name", name != NULL ? name : "", "sensor", identity,
                                      "made_us", (json_int_t) assay_rows_get_int (&rows, 1), "preset", preset));
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  json_t *list = json_array (), *entry;
  const char *key;
  json_object_foreach (by_name, key, entry) json_array_append (list, entry);
  return list;
}

gboolean
assay_sensor_add (AssayStore *store, const AssaySensor *sensor, GError **error)
{
  return assay_store_run (store, NULL, error,
                          "INSERT OR IGNORE INTO sensor (id, kind, identity, name) VALUES (?, ?, ?, ?)", "Ittt",
                          &sensor->id, sensor->kind, sensor->identity, sensor->name);
}

gboolean
assay_session_add (AssayStore *store, const AssayId *session, gint64 began_us, const json_t *info, GError **error)
{
  g_autofree char *text = assay_json_canonical (info);
  return assay_store_run (store, NULL, error,
                          "INSERT OR IGNORE INTO session (id, began_us, info) VALUES (?, ?, ?)", "Iit", session,
                          began_us, text);
}

gboolean
assay_session_report (AssayStore *store, const AssayId *session, const json_t *report, GError **error)
{
  g_autofree char *text = assay_json_canonical (report);
  AssayId id = assay_id_new ();
  g_auto (AssayTransaction) transaction = { 0 };
  /* What it says of clocks stands in the rows of the session's items. */
  return assay_transaction_begin (&transaction, store, error)
         && assay_store_run (store, NULL, error,
                             "INSERT INTO session_report (id, session, made_us, report) VALUES (?, ?, ?, ?)", "IIit",
                             &id, session, g_get_real_time (), text)
         && assay_store_run (store, NULL, error,
                             "INSERT OR IGNORE INTO touched (item) SELECT row FROM item WHERE session = ?", "I",
                             session)
         && assay_transaction_commit (&transaction, error);
}

static gboolean
add_reports (AssayStore *store, const AssayId *session, json_t *reports, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error,
                          "SELECT report FROM session_report WHERE session = ? ORDER BY made_us, id", "I", session))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      const char *text = assay_rows_get_text (&rows, 0);
      json_t *report = assay_json_parse (text, strlen (text), "the report of a session", error);
      if (report == NULL)
        return FALSE;
      json_array_append_new (reports, report);
    }
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return wrong == NULL;
}

json_t *
assay_session_get (AssayStore *store, const AssayId *session, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (json_t) reports = json_array ();
  if (!assay_store_query (store, &rows, error, "SELECT info FROM session WHERE id = ?", "I", session))
    return NULL;
  if (!assay_rows_next (&rows, &wrong))
    {
      char text[ASSAY_ID_TEXT_SIZE];
      if (wrong == NULL)
        g_set_error (&wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                     "finding the session %s: it is not in this project", assay_id_to_text (session, text));
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  const char *text = assay_rows_get_text (&rows, 0);
  g_autoptr (json_t) info = assay_json_parse (text, strlen (text), "a session of the database", error);
  if (info == NULL || !add_reports (store, session, reports, error))
    return NULL;
  return json_pack ("{s:O, s:O}", "info", info, "reports", reports);
}

gboolean
assay_session_find (AssayStore *store, const char *words, AssayId *ret_session, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  AssayId found = ASSAY_ID_NIL;
  guint n_found = 0;
  if (!assay_store_query (store, &rows, error, "SELECT id, info ->> '$.name' FROM session ORDER BY began_us DESC, id DESC", ""))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      char text[ASSAY_ID_TEXT_SIZE];
      AssayId id = assay_rows_get_id (&rows, 0);
      gboolean latest = g_str_equal (words, "latest") && n_found == 0;
      if (!latest && g_strcmp0 (assay_rows_get_text (&rows, 1), words) != 0
          && (strlen (words) < 4 || !g_str_has_prefix (assay_id_to_text (&id, text), words)))
        continue;
      found = id;
      n_found++;
    }
  if (wrong == NULL && n_found == 1)
    {
      *ret_session = found;
      return TRUE;
    }
  if (wrong == NULL)
    g_set_error (&wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "session %s: %s; give its id, as `assay capture` told it", words,
                 n_found == 0 ? "there is none of this id or name" : "several are called so");
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}
