/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-receipt.h"

#include "app/session-files.h"
#include "core/error.h"
#include "core/flag.h"
#include "core/json.h"
#include "core/media.h"
#include "core/sensor.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

/* --- of what was reported --- */

/* A session has a report of its recorder, and further ones of what was measured later (`assay align`). */
static const json_t *
find_report (const json_t *session, const char *key)
{
  const json_t *reports = json_object_get (session, "reports");
  for (size_t i = json_array_size (reports); i > 0; i--)
    if (json_object_get (json_array_get (reports, i - 1), key) != NULL)
      return json_array_get (reports, i - 1);
  return NULL;
}

static void
copy_keys (json_t *to, const json_t *from, const char *const *keys)
{
  for (guint i = 0; keys[i] != NULL; i++)
    {
      json_t *value = json_object_get (from, keys[i]);
      json_object_set_new (to, keys[i], value != NULL ? json_deep_copy (value) : json_null ());
    }
}

/* By what came and when, not by what was asked for. */
static json_t *
measure_rate (const json_t *sensor)
{
  gint64 received, first, last;
  gboolean camera = g_strcmp0 (assay_json_get_string (sensor, "kind"), "camera") == 0;
  if (!camera || !assay_json_get_int (sensor, "received", &received)
      || !assay_json_get_int (sensor, "first_ns", &first) || !assay_json_get_int (sensor, "last_ns", &last)
      || received < 2 || last <= first)
    return json_null ();
  return json_real (1e9 * (double) (received - 1) / (double) (last - first));
}

static char *
dup_sensor_name (AssayStore *store, const json_t *sensor)
{
  g_auto (AssayRows) rows = { 0 };
  AssayId id = { 0 };
  const char *key = assay_json_get_string (sensor, "key");
  if (assay_json_get_id (sensor, "sensor", &id)
      && assay_store_query (store, &rows, NULL, "SELECT name FROM sensor WHERE id = ?", "I", &id)
      && assay_rows_next (&rows, NULL) && assay_rows_get_text (&rows, 0) != NULL)
    return g_strdup (assay_rows_get_text (&rows, 0));
  return g_strdup (key != NULL ? key : "a sensor");
}

static json_t *
count_items (AssayStore *store, const AssayId *session, const json_t *sensor)
{
  g_auto (AssayRows) rows = { 0 };
  AssayId id = { 0 };
  if (assay_json_get_id (sensor, "sensor", &id)
      && assay_store_query (store, &rows, NULL, "SELECT count (*) FROM item WHERE session = ? AND sensor = ?", "II",
                            session, &id)
      && assay_rows_next (&rows, NULL))
    return json_integer (assay_rows_get_int (&rows, 0));
  return json_null ();
}

/* Of a mended recording only the files themselves know. */
static json_t *
measure_segments (AssayProject *project, const json_t *segments)
{
  json_int_t sum = 0;
  size_t i;
  json_t *segment;
  json_array_foreach (segments, i, segment)
  {
    AssaySha256 hash;
    struct stat about;
    const char *media = assay_json_get_string (segment, "media"), *type = assay_json_get_string (segment, "type");
    if (media == NULL || type == NULL || !assay_sha256_parse (media, &hash))
      return json_null ();
    g_autofree char *path = assay_media_dup_path (project, &hash, type);
    if (stat (path, &about) != 0)
      return json_null ();
    sum += about.st_size;
  }
  return json_array_size (segments) > 0 ? json_integer (sum) : json_null ();
}

/* How late it was, by the clap or the flash of `assay align`. */
static void
add_offset (json_t *to, const json_t *align, size_t stream)
{
  const json_t *measured = json_array_get (json_object_get (align, "sensors"), stream);
  static const char *const keys[] = { "offset_ns", "doubt_ns", NULL };
  copy_keys (to, measured, keys);
}

static json_t *
describe_sensor (AssayProject *project, const AssayId *session, const json_t *sensor, const json_t *files)
{
  static const char *const keys[]
      = { "stream",  "key",   "id",          "sensor",       "kind",     "expected", "received", "written",
          "corrupt", "late",  "lost",        "gaps",         "overrun",  "first_ns", "last_ns",  "bytes",
          "fps",     "drawn", "calibration", "uncalibrated", "drift_px", "trouble",  NULL };
  json_t *to = json_object ();
  g_autofree char *name = dup_sensor_name (project->store, sensor);
  copy_keys (to, sensor, keys);
  json_object_set_new (to, "name", json_string (name));
  json_object_set_new (to, "measured_fps", measure_rate (sensor));
  json_object_set_new (to, "items", count_items (project->store, session, sensor));
  json_t *n = json_object_get (files, "files");
  json_object_set_new (to, "files", n != NULL ? json_incref (n) : json_null ());
  if (json_is_null (json_object_get (to, "bytes")))
    json_object_set_new (to, "bytes", measure_segments (project, json_object_get (files, "segments")));
  return to;
}

/* Unknown as soon as one is: a sum of some of them would be read as all. */
static json_t *
sum (const json_t *sensors, const char *key)
{
  json_int_t total = 0;
  size_t i;
  json_t *sensor;
  json_array_foreach (sensors, i, sensor)
  {
    gint64 n;
    if (!assay_json_get_int (sensor, key, &n))
      return json_null ();
    total += n;
  }
  return json_integer (total);
}

/* --- of what was said --- */

static json_t *
list_notes (AssayStore *store, const AssayId *session, const json_t *info, GError **error)
{
  g_autoptr (GPtrArray) later = assay_flag_list_notes (store, session, error);
  if (later == NULL)
    return NULL;
  json_t *notes = json_array ();
  const char *note = assay_json_get_string (info, "note");
  g_auto (GStrv) lines = g_strsplit (note != NULL ? note : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0')
      json_array_append_new (notes, json_string (lines[i]));
  for (guint i = 0; i < later->len; i++)
    json_array_append_new (notes, json_string (later->pdata[i]));
  return notes;
}

/* A recorder pairs the clocks at both ends; who reads a script aloud only at the beginning. */
static void
add_times (json_t *document, const json_t *info, const json_t *report)
{
  const json_t *clock = json_object_get (report, "clock"), *begun = json_object_get (info, "clock");
  gint64 began = 0, ended = 0, calendar = 0;
  gboolean has_began = assay_json_get_int (begun, "monotonic_ns", &began);
  gboolean has_ended = assay_json_get_int (json_array_get (clock, 1), "monotonic_ns", &ended);
  assay_json_get_int (begun, "realtime_ns", &calendar);
  json_object_set_new (document, "began_ns", calendar != 0 ? json_integer (calendar) : json_null ());
  json_object_set_new (document, "began_monotonic_ns", has_began ? json_integer (began) : json_null ());
  json_object_set_new (document, "seconds",
                       has_began && has_ended ? json_real ((double) (ended - began) / 1e9) : json_null ());
}

static json_t *
list_sensors (AssayProject *project, const AssayId *session, const json_t *all, const json_t *report)
{
  const json_t *align = json_object_get (find_report (all, "align"), "align");
  g_autoptr (json_t) files = assay_session_list_files (project, session, report);
  json_t *sensors = json_array ();
  size_t i;
  json_t *sensor;
  json_array_foreach (json_object_get (report, "sensors"), i, sensor)
  {
    json_t *to = describe_sensor (project, session, sensor, json_array_get (files, i));
    add_offset (to, align, i);
    json_array_append_new (sensors, to);
  }
  return sensors;
}

static json_t *
make_document (AssayProject *project, const AssayId *session, const json_t *all, const json_t *report,
               GError **error)
{
  static const char *const said[] = { "name",  "subject", "consent", "operator",  "conditions",
                                      "video", "planned", "reading", "checklist", NULL };
  static const char *const told[] = { "skew", "remarks", "ended", "recovered", "accepted", "prompts", NULL };
  const json_t *info = json_object_get (all, "info");
  json_t *notes = list_notes (project->store, session, info, error);
  if (notes == NULL)
    return NULL;
  json_t *document = json_pack ("{s:o}", "session", assay_json_id (session));
  copy_keys (document, info, said);
  copy_keys (document, report, told);
  json_object_set_new (document, "notes", notes);
  add_times (document, info, report);
  json_t *sensors = list_sensors (project, session, all, report);
  json_object_set_new (document, "sensors", sensors);
  json_object_set_new (document, "files", sum (sensors, "files"));
  json_object_set_new (document, "bytes", sum (sensors, "bytes"));
  return document;
}

AssayReceipt *
assay_receipt_load (AssayProject *project, const AssayId *session, GError **error)
{
  g_autoptr (json_t) all = assay_session_get (project->store, session, error);
  if (all == NULL)
    return NULL;
  const json_t *report = find_report (all, "sensors");
  if (report == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                           "reading the receipt: the recording is not over yet; end it, or mend it with `assay "
                           "recover` if it was cut off");
      return NULL;
    }
  json_t *document = make_document (project, session, all, report, error);
  if (document == NULL)
    return NULL;
  AssayReceipt *receipt = g_new0 (AssayReceipt, 1);
  receipt->document = document;
  assay_receipt_add_words (receipt);
  return receipt;
}

/* --- of all --- */

static json_t *
describe_line (AssayRows *rows, GError **error)
{
  static const char *const said[] = { "name", "subject", "consent", "conditions", NULL };
  const char *info_text = assay_rows_get_text (rows, 2), *report_text = assay_rows_get_text (rows, 3);
  AssayId id = assay_rows_get_id (rows, 0);
  g_autoptr (json_t) info = assay_json_parse (info_text, strlen (info_text), "a session of the database", error);
  g_autoptr (json_t) report
      = report_text != NULL && info != NULL
            ? assay_json_parse (report_text, strlen (report_text), "the report of a session", error)
            : NULL;
  if (info == NULL || (report_text != NULL && report == NULL))
    return NULL;
  gboolean clean = FALSE, counted = FALSE;
  g_autofree char *verdict
      = report != NULL ? assay_receipt_dup_verdict (report, &clean, &counted) : g_strdup ("not over");
  json_t *line = json_pack ("{s:o, s:I, s:b, s:s, s:o, s:i}", "session", assay_json_id (&id), "began_ns",
                            (json_int_t) assay_rows_get_int (rows, 1) * 1000, "over", report != NULL, "verdict",
                            verdict, "clean", counted ? json_boolean (clean) : json_null (), "sensors",
                            (int) json_array_size (json_object_get (info, "sensors")));
  copy_keys (line, info, said);
  return line;
}

json_t *
assay_receipt_list_all (AssayProject *project, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (json_t) list = json_array ();
  if (!assay_store_query (
          project->store, &rows, error,
          "SELECT s.id, s.began_us, s.info, (SELECT r.report FROM session_report AS r WHERE r.session"
          " = s.id AND r.report ->> '$.sensors' IS NOT NULL ORDER BY r.made_us DESC, r.id DESC LIMIT"
          " 1) FROM session AS s ORDER BY s.began_us DESC, s.row DESC",
          ""))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      json_t *line = describe_line (&rows, error);
      if (line == NULL)
        return NULL;
      json_array_append_new (list, line);
    }
  if (wrong == NULL)
    return json_incref (list);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}
