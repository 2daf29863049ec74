/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/session-report.h"

#include "core/error.h"
#include "core/file.h"
#include "core/json.h"
#include "core/sensor.h"

#include <string.h>

static json_t *
stamp (const AssaySessionStream *stream, gint64 stamp_ns)
{
  return stream->begun ? json_integer (stamp_ns) : json_null ();
}

static json_t *
describe_stream (const json_t *sensor, const AssaySessionStream *stream)
{
  json_t *report = json_deep_copy (sensor);
  gboolean camera = g_strcmp0 (assay_json_get_string (sensor, "kind"), "camera") == 0;
  guint64 n = !camera ? stream->samples : stream->frames > 0 ? stream->frames : stream->stills;
  json_object_set_new (report, camera ? "frames" : "samples", json_integer ((json_int_t) n));
  /* doc/METRICS.md, "The account of a sensor", as far as the index has it. */
  json_object_update_new (report,
                          json_pack ("{s:n, s:n, s:n, s:I, s:I, s:n, s:I, s:I, s:O}", "expected",
                                     "expected_by_rate", "received", "written", (json_int_t) n, "corrupt",
                                     (json_int_t) stream->corrupt, "late", "lost", (json_int_t) stream->missing,
                                     "dropped", (json_int_t) stream->missing, "gaps", stream->gaps));
  json_object_update_new (report,
                          json_pack ("{s:o, s:o, s:n, s:n, s:n, s:s}", "first_ns", stamp (stream, stream->first_ns),
                                     "last_ns", stamp (stream, stream->last_ns), "bytes", "overrun", "clock_lines",
                                     "trouble", "its recorder ended without closing it; it was recovered"));
  return report;
}

static json_t *
make (const AssayId *session, const json_t *info, const AssaySessionIndex *index, const AssayMended *done)
{
  AssaySessionStream none = { .gaps = json_array () };
  json_t *sensors = json_array (), *sensor, *skipped = json_array ();
  size_t i;
  json_array_foreach (json_object_get (info, "sensors"), i, sensor) json_array_append_new (
      sensors,
      describe_stream (sensor,
                       i < index->streams->len ? &g_array_index (index->streams, AssaySessionStream, i) : &none));
  json_decref (none.gaps);
  for (guint s = 0; s < done->skipped->len; s++)
    json_array_append_new (skipped, json_string (done->skipped->pdata[s]));
  json_t *report
      = json_pack ("{s:o, s:O?, s:[O?], s:o}", "session", assay_json_id (session), "name",
                   json_object_get (info, "name"), "clock", json_object_get (info, "clock"), "sensors", sensors);
  if (index->monotonic_ns != 0)
    json_array_append_new (json_object_get (report, "clock"),
                           json_pack ("{s:I, s:I}", "monotonic_ns", (json_int_t) index->monotonic_ns, "realtime_ns",
                                      (json_int_t) index->realtime_ns));
  json_object_set_new (report, "recovered",
                       json_pack ("{s:I, s:I, s:I, s:I, s:I, s:I, s:i, s:o}", "files", (json_int_t) done->files,
                                  "frames", (json_int_t) done->frames, "samples", (json_int_t) done->samples,
                                  "stills", (json_int_t) done->stills, "items", (json_int_t) done->items,
                                  "lost_bytes", (json_int_t) done->lost_bytes, "unreadable_lines",
                                  (int) index->n_unreadable, "skipped", skipped));
  return report;
}

static gboolean
record (AssayStore *store, const AssayId *session, const json_t *report, GError **error)
{
  g_autoptr (json_t) known = assay_session_get (store, session, error);
  if (known == NULL)
    return FALSE;
  return json_array_size (json_object_get (known, "reports")) > 0
         || assay_session_report (store, session, report, error);
}

/* What a clap and a flash measured lies beside the report, for a database that was lost. */
static gboolean
restore_alignment (AssayStore *store, const char *directory, const AssayId *session, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "align.json", NULL);
  g_autoptr (json_t) align = g_file_test (path, G_FILE_TEST_EXISTS) ? assay_json_load (path, NULL) : NULL;
  g_autoptr (json_t) known = align != NULL ? assay_session_get (store, session, error) : NULL;
  size_t i;
  json_t *report;
  if (align == NULL)
    return TRUE;
  json_array_foreach (json_object_get (known, "reports"), i, report)
  {
    if (json_object_get (report, "align") != NULL)
      return TRUE;
  }
  return known != NULL && assay_session_report (store, session, align, error);
}

static gboolean
report_mended (AssayStore *store, const char *directory, const AssayId *session, const json_t *info,
               const AssaySessionIndex *index, AssayMended *done, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "report.json", NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_autoptr (json_t) written = assay_json_load (path, error);
      return written != NULL && record (store, session, written, error);
    }
  g_autoptr (json_t) report = make (session, info, index, done);
  g_autofree char *text = assay_json_pretty (report);
  if (!record (store, session, report, error) || !assay_file_write (path, text, strlen (text), error))
    return FALSE;
  done->recordings++;
  return TRUE;
}

gboolean
assay_session_report_mended (AssayStore *store, const char *directory, const AssayId *session, const json_t *info,
                             const AssaySessionIndex *index, AssayMended *done, GError **error)
{
  return report_mended (store, directory, session, info, index, done, error)
         && restore_alignment (store, directory, session, error);
}
