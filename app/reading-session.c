/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/reading-session.h"

#include "capture/session-folder.h"
#include "capture/session-items.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/json.h"
#include "core/label.h"
#include "core/plan.h"
#include "core/sensor.h"
#include "core/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define MEANS "prompt" /* who made the drafts: no person, no model */
#define MARGIN_S 0.1   /* a draft reaches this far around the speech */

static json_t *
describe_microphone (AssayStream *stream, const AssaySensor *sensor)
{
  const AssayStreamFormat *format = assay_stream_get_format (stream);
  return json_pack ("{s:i, s:s, s:s, s:o, s:s, s:i, s:i, s:o}", "stream", 0, "key", "microphone-1", "id",
                    assay_stream_get_id (stream), "sensor", assay_json_id (&sensor->id), "kind", "microphone",
                    "rate", (int) format->rate_hz, "channels", (int) format->channels, "controls",
                    assay_stream_get_controls (stream));
}

static json_t *
describe_form (const AssayReadingPlan *plan)
{
  json_t *form = json_pack ("{s:o}", "conditions",
                            plan->conditions != NULL ? json_deep_copy (plan->conditions) : json_object ());
  if (plan->subject != NULL)
    json_object_set_new (form, "subject", json_string (plan->subject));
  if (plan->consent != NULL)
    json_object_set_new (form, "consent", json_string (plan->consent));
  return form;
}

static json_t *
describe (AssayStream *stream, const AssaySensor *sensor, guint n_prompts, const AssayReadingPlan *plan,
          const json_t *form)
{
  AssayClockPair now = assay_clock_pair ();
  g_autoptr (GDateTime) date = g_date_time_new_now_local ();
  g_autofree char *dated = g_date_time_format (date, "%Y-%m-%d %H.%M.%S");
  json_t *info
      = json_pack ("{s:s, s:s?, s:{s:I, s:I, s:I}, s:[o], s:{s:s?, s:s?, s:i}}", "name",
                   plan->name != NULL ? plan->name : dated, "operator", plan->operator_name, "clock",
                   "monotonic_ns", (json_int_t) now.monotonic_ns, "realtime_ns", (json_int_t) now.realtime_ns,
                   "doubt_ns", (json_int_t) now.doubt_ns, "sensors", describe_microphone (stream, sensor),
                   "reading", "script", plan->script, "task", plan->task, "prompts", (int) n_prompts);
  json_object_update (info, (json_t *) form);
  return info;
}

static gboolean
check_plan (AssayProject *project, const AssayReadingPlan *plan, GError **error)
{
  g_autoptr (AssayPlan) wanted = assay_plan_get (project->store, error);
  if (wanted == NULL)
    return FALSE;
  if (assay_plan_needs_consent (wanted) && plan->consent == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                   "reading: the plan asks for a consent and none is named; give the reference of the signed form "
                   "(--consent)");
      return FALSE;
    }
  if (plan->task == NULL)
    return TRUE;
  g_autoptr (AssayTask) task = assay_task_find (project->store, plan->task, error);
  if (task == NULL)
    return FALSE;
  if (g_str_equal (task->kind->id, "transcript"))
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               "reading: the task %s is of kind %s; name one of kind transcript, or make it with `assay task add`",
               plan->task, task->kind->id);
  return FALSE;
}

static gboolean
make_takes (ReadingSession *session, GError **error)
{
  g_autofree char *takes = g_build_filename (session->directory, "takes", NULL),
                  *index = g_build_filename (session->directory, "index.jsonl", NULL);
  if (g_mkdir (takes, 0777) == 0)
    session->index_fd = open (index, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (session->index_fd >= 0)
    return TRUE;
  assay_error_set_errno (error, errno, "making %s", takes);
  assay_session_folder_remove (session->directory);
  return FALSE;
}

gboolean
reading_session_begin (ReadingSession *session, const char *project_directory, AssayStream *stream, guint n_prompts,
                       const AssayReadingPlan *plan, GError **error)
{
  const char *id = assay_stream_get_id (stream);
  *session = (ReadingSession){ .index_fd = -1, .lock_fd = -1 };
  session->project_directory = g_strdup (project_directory);
  session->task = g_strdup (plan->task);
  session->facts = describe_form (plan);
  g_autoptr (AssayProject) project = assay_project_open (project_directory, ASSAY_STORE_WRITE, error);
  if (project == NULL || !check_plan (project, plan, error))
    return FALSE;
  g_autoptr (AssaySensor) sensor
      = assay_sensor_ensure (project->store, "microphone", id, assay_source_get_rest (id), error);
  if (sensor == NULL)
    return FALSE;
  session->info = describe (stream, sensor, n_prompts, plan, session->facts);
  return assay_session_folder_make (project, session->info, &session->id, &session->directory, &session->lock_fd, error)
         && make_takes (session, error)
         && assay_session_folder_enter (project, &session->id, session->info, session->directory, error);
}

void
reading_session_clear (ReadingSession *session)
{
  if (session->index_fd >= 0)
    close (session->index_fd);
  if (session->lock_fd >= 0)
    close (session->lock_fd);
  g_free (session->project_directory);
  g_free (session->directory);
  g_free (session->task);
  json_decref (session->info);
  json_decref (session->facts);
  *session = (ReadingSession){ .index_fd = -1, .lock_fd = -1 };
}

char *
reading_session_next_path (ReadingSession *session)
{
  return g_strdup_printf ("%s/takes/%04u.wav", session->directory, ++session->n_takes);
}

gint64
reading_session_to_realtime_ns (const ReadingSession *session, gint64 monotonic_ns)
{
  AssayClockPair began = { 0 };
  const json_t *clock = json_object_get (session->info, "clock");
  assay_json_get_int (clock, "monotonic_ns", &began.monotonic_ns);
  assay_json_get_int (clock, "realtime_ns", &began.realtime_ns);
  return assay_clock_to_realtime_ns (&began, monotonic_ns);
}

/* --- takes -----------------------------------------------------------------------------------------------------
 */

static gboolean
append_line (ReadingSession *session, const json_t *line, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  assay_json_canonical_append (line, text);
  g_string_append_c (text, '\n');
  if (!assay_file_write_all (session->index_fd, text->str, text->len, session->directory, error))
    return FALSE;
  if (fdatasync (session->index_fd) == 0)
    return TRUE;
  assay_error_set_errno (error, errno, "writing the index of %s", session->directory);
  return FALSE;
}

static json_t *
describe_take (const ReadingTake *take, gboolean accepted)
{
  g_autofree char *name = g_path_get_basename (take->path);
  json_t *told = json_pack ("{s:s, s:s, s:s, s:i, s:b}", "file", name, "prompt", take->prompt->id, "text",
                            take->prompt->text, "take", (int) take->number, "accepted", accepted);
  if (!accepted) /* else it is among the item's facts */
    json_object_set (told, "check", (json_t *) take->told);
  return told;
}

gboolean
reading_session_leave (ReadingSession *session, const ReadingTake *take, GError **error)
{
  g_autoptr (json_t) line = json_pack ("{s:i, s:o}", "stream", 0, "take", describe_take (take, FALSE));
  return append_line (session, line, error);
}

/* The index's line of an item, as capture/session-items.h has it, so that a lost database can be made again. */
static json_t *
make_line (ReadingSession *session, const ReadingTake *take, const AssayMediaFacts *media)
{
  json_t *facts = json_deep_copy (session->facts);
  json_object_set_new (
      facts, "capture",
      json_pack ("{s:I, s:I}", "stamp_ns", (json_int_t) take->first_ns, "missing", (json_int_t) take->missing));
  json_object_set_new (facts, "prompt",
                       json_pack ("{s:s, s:s, s:i}", "id", take->prompt->id, "text", take->prompt->text, "take",
                                  (int) take->number));
  json_object_set (facts, "check", (json_t *) take->told);
  gint64 last_ns = take->first_ns + media->duration_ns;
  g_autofree char *base = g_path_get_basename (take->path), *file = g_strconcat ("takes/", base, NULL);
  return json_pack ("{s:i, s:i, s:o, s:o, s:{s:s, s:I, s:I, s:I}}", "stream", 0, "position", (int) session->n_items,
                    "facts", facts, "take", describe_take (take, TRUE), "segment", "file", file, "first_ns",
                    (json_int_t) take->first_ns, "last_ns", (json_int_t) last_ns, "samples",
                    (json_int_t) media->n_samples);
}

static gboolean
add_draft (ReadingSession *session, AssayProject *project, const AssayItem *item, const ReadingTake *take,
           GError **error)
{
  if (session->task == NULL)
    return TRUE;
  g_autoptr (AssayTask) task = assay_task_find (project->store, session->task, error);
  g_autoptr (AssayAnnotator) means
      = task != NULL ? assay_annotator_ensure (project->store, MEANS, ASSAY_ANNOTATOR_MEANS, error) : NULL;
  if (means == NULL)
    return FALSE;
  gint64 margin = (gint64) (MARGIN_S * item->rate_hz), start = 0, end = item->n_samples;
  if (take->check->speech_end > take->check->speech_start)
    {
      start = MAX (take->check->speech_start - margin, 0);
      end = MIN (take->check->speech_end + margin, item->n_samples);
    }
  AssayId no_class = { 0 };
  g_autoptr (AssayLabel) label = assay_label_new (item, task, means);
  assay_objects_take (label->objects,
                      assay_object_new (&no_class, assay_segment_new (start, end, take->prompt->text, NULL)));
  label->state = ASSAY_LABEL_DRAFT;
  label->seconds = NAN;
  g_free (label->tool);
  label->tool = g_strdup ("prompted reading");
  return assay_label_save (project->store, label, NULL, error);
}

static gboolean
keep (ReadingSession *session, AssayProject *project, const ReadingTake *take, json_t **ret_item, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  AssayMediaFacts media = { 0 };
  gboolean known, added;
  if (!assay_media_probe (take->path, &media, error)
      || !assay_transaction_begin (&transaction, project->store, error)
      || !assay_media_add (project, take->path, &media, &known, error))
    return FALSE;
  g_autoptr (json_t) line = make_line (session, take, &media);
  g_autoptr (AssayItem) item = assay_session_make_item (session->info, &session->id, line, &media, error);
  if (item == NULL || !assay_item_add (project->store, item, &added, error)
      || !add_draft (session, project, item, take, error))
    return FALSE;
  json_object_set_new (line, "item", assay_json_id (&item->id));
  if (!append_line (session, line, error) || !assay_transaction_commit (&transaction, error))
    return FALSE;
  *ret_item = json_pack ("{s:o, s:s}", "item", assay_json_id (&item->id), "name", item->name);
  return TRUE;
}

gboolean
reading_session_keep (ReadingSession *session, const ReadingTake *take, json_t **ret_item, GError **error)
{
  g_autoptr (AssayProject) project = assay_project_open (session->project_directory, ASSAY_STORE_WRITE, error);
  if (project == NULL || !keep (session, project, take, ret_item, error))
    return FALSE;
  session->n_items++;
  g_unlink (take->path); /* it is in media/ now */
  return TRUE;
}

gboolean
reading_session_end (ReadingSession *session, const json_t *report, GError **error)
{
  g_autofree char *path = g_build_filename (session->directory, "report.json", NULL),
                  *text = assay_json_pretty (report);
  if (!assay_file_write (path, text, strlen (text), error))
    return FALSE;
  g_autoptr (AssayProject) project = assay_project_open (session->project_directory, ASSAY_STORE_WRITE, error);
  return project != NULL && assay_session_report (project->store, &session->id, report, error);
}
