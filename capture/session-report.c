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

/* What lies in media/: frames that were told of may be in a film that could not be mended. */
static void
tell_written (json_t *report, const AssaySessionIndex *index, size_t number, const AssaySessionStream *stream)
{
  gboolean camera = g_strcmp0 (assay_json_get_string (report, "kind"), "camera") == 0;
  guint64 n = camera ? stream->stills : stream->samples;
  for (guint i = 0; camera && i < index->files->len; i++)
    {
      const AssaySessionFile *film = index->files->pdata[i];
      n += film->closed && film->stream == number ? film->n : 0;
    }
  json_object_set_new (report, camera ? "frames" : "samples", json_integer ((json_int_t) n));
  json_object_set_new (report, "written", json_integer ((json_int_t) n));
}

static json_t *
describe_stream (const json_t *sensor, const AssaySessionIndex *index, size_t number)
{
  const AssaySessionStream none
      = { .gaps = json_array () },
      *stream = number < index->streams->len ? &g_array_index (index->streams, AssaySessionStream, number) : &none;
  json_t *report = json_deep_copy (sensor);
  tell_written (report, index, number, stream);
  /* doc/METRICS.md, "The account of a sensor", as far as the index has it. */
  json_object_update_new (
      report, json_pack ("{s:n, s:n, s:n, s:I, s:n, s:I, s:I, s:O}", "expected", "expected_by_rate", "received",
                         "corrupt", (json_int_t) stream->corrupt, "late", "lost", (json_int_t) stream->missing,
                         "dropped", (json_int_t) stream->missing, "gaps", stream->gaps));
  json_object_update_new (report,
                          json_pack ("{s:o, s:o, s:n, s:n, s:n, s:s}", "first_ns", stamp (stream, stream->first_ns),
                                     "last_ns", stamp (stream, stream->last_ns), "bytes", "overrun", "clock_lines",
                                     "trouble", "its recorder ended without closing it; it was recovered"));
  json_decref (none.gaps);
  return report;
}

static json_t *
describe_recovery (const AssaySessionIndex *index, const AssayMended *done)
{
  json_t *skipped = json_array ();
  for (guint i = 0; i < done->skipped->len; i++)
    json_array_append_new (skipped, json_string (done->skipped->pdata[i]));
  return json_pack ("{s:I, s:I, s:I, s:I, s:I, s:I, s:i, s:o}", "files", (json_int_t) done->files, "frames",
                    (json_int_t) done->frames, "samples", (json_int_t) done->samples, "stills",
                    (json_int_t) done->stills, "items", (json_int_t) done->items, "lost_bytes",
                    (json_int_t) done->lost_bytes, "unreadable_lines", (int) index->n_unreadable, "skipped",
                    skipped);
}

static json_t *
make (const AssayId *session, const json_t *info, const AssaySessionIndex *index, const AssayMended *done)
{
  json_t *sensors = json_array (), *sensor;
  size_t i;
  json_array_foreach (json_object_get (info, "sensors"), i, sensor)
      json_array_append_new (sensors, describe_stream (sensor, index, i));
  json_t *report
      = json_pack ("{s:o, s:O?, s:[O?], s:o}", "session", assay_json_id (session), "name",
                   json_object_get (info, "name"), "clock", json_object_get (info, "clock"), "sensors", sensors);
  if (index->monotonic_ns != 0)
    json_array_append_new (json_object_get (report, "clock"),
                           json_pack ("{s:I, s:I}", "monotonic_ns", (json_int_t) index->monotonic_ns, "realtime_ns",
                                      (json_int_t) index->realtime_ns));
  json_object_set_new (report, "recovered", describe_recovery (index, done));
  return report;
}

/* --- one that was written, by a recorder that failed --- */

static const AssaySessionStream *
find_behind (const json_t *sensor, const AssaySessionIndex *index, size_t i)
{
  gint64 n_files;
  const AssaySessionStream *stream
      = i < index->streams->len ? &g_array_index (index->streams, AssaySessionStream, i) : NULL;
  /* Older ones do not count files: whoever reads them asks the index. */
  return stream != NULL && assay_json_get_int (sensor, "files", &n_files) && (guint64) n_files < stream->files
             ? stream
             : NULL;
}

/* The index tells of files that the report does not know: they were mended after it was written. */
static gboolean
is_behind (const json_t *report, const AssaySessionIndex *index)
{
  size_t i;
  json_t *sensor;
  json_array_foreach (json_object_get (report, "sensors"), i, sensor)
  {
    if (find_behind (sensor, index, i) != NULL)
      return TRUE;
  }
  return FALSE;
}

/* What its recorder counted, with what was mended. */
static json_t *
bring_up (const json_t *written, const AssaySessionIndex *index, const AssayMended *done)
{
  json_t *report = json_deep_copy (written), *sensor;
  size_t i;
  json_array_foreach (json_object_get (report, "sensors"), i, sensor)
  {
    const AssaySessionStream *stream = find_behind (sensor, index, i);
    if (stream == NULL)
      continue;
    tell_written (sensor, index, i, stream);
    json_object_set_new (sensor, "files", json_integer ((json_int_t) stream->files));
    json_object_set_new (sensor, "bytes", json_null ()); /* the files know */
    if (json_array_size (stream->segments) > 0)
      json_object_set_new (sensor, "segments", json_deep_copy (stream->segments));
  }
  json_object_set_new (report, "recovered", describe_recovery (index, done));
  return report;
}

/* Unless the database has it, or one that tells as much. */
static gboolean
record (AssayStore *store, const AssayId *session, const json_t *report, const AssaySessionIndex *index,
        GError **error)
{
  g_autoptr (json_t) known = assay_session_get (store, session, error);
  const json_t *reports = json_object_get (known, "reports");
  if (known == NULL)
    return FALSE;
  for (size_t i = json_array_size (reports); i > 0; i--)
    if (json_object_get (json_array_get (reports, i - 1), "sensors") != NULL
        && !is_behind (json_array_get (reports, i - 1), index))
      return TRUE;
  return assay_session_report (store, session, report, error);
}

static gboolean
save (const char *path, const json_t *report, GError **error)
{
  g_autofree char *text = assay_json_pretty (report);
  return assay_file_write (path, text, strlen (text), error);
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
  gboolean reported = g_file_test (path, G_FILE_TEST_EXISTS);
  g_autoptr (json_t) written = reported ? assay_json_load (path, error) : make (session, info, index, done);
  if (written == NULL)
    return FALSE;
  if (reported && !is_behind (written, index))
    return record (store, session, written, index, error);
  g_autoptr (json_t) report = reported ? bring_up (written, index, done) : json_incref (written);
  if (!record (store, session, report, index, error) || !save (path, report, error))
    return FALSE;
  done->recordings += !reported;
  return TRUE;
}

gboolean
assay_session_report_mended (AssayStore *store, const char *directory, const AssayId *session, const json_t *info,
                             const AssaySessionIndex *index, AssayMended *done, GError **error)
{
  return report_mended (store, directory, session, info, index, done, error)
         && restore_alignment (store, directory, session, error);
}
