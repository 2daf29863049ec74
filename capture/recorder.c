/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/recorder-private.h"

#include "core/error.h"
#include "core/json.h"
#include "core/media.h"
#include "core/project.h"
#include "core/sensor.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#define MOST_NOTES 32 /* encoded stills that may wait for the disk */
#define ANCHOR_WAIT_NS (G_GINT64_CONSTANT (500) * 1000000)

void
assay_note_free (Note *note)
{
  if (note == NULL)
    return;
  json_decref (note->line);
  json_decref (note->facts);
  g_clear_pointer (&note->still, g_bytes_unref);
  g_free (note->sound_path);
  g_free (note);
}

void
assay_lane_free (Lane *lane)
{
  assay_sound_writer_free (lane->sound);
  g_free (lane->sound_path);
  g_free (lane->key);
  json_decref (lane->controls);
  g_array_unref (lane->gaps);
  g_free (lane->trouble);
  g_free (lane);
}

void
assay_recorder_put (AssayRecorder *recorder, Note *take_note)
{
  pthread_mutex_lock (&recorder->lock);
  while (recorder->notes.length >= MOST_NOTES && recorder->error == NULL)
    pthread_cond_wait (&recorder->changed, &recorder->lock);
  g_queue_push_tail (&recorder->notes, take_note);
  pthread_cond_broadcast (&recorder->changed);
  pthread_mutex_unlock (&recorder->lock);
}

void
assay_recorder_fail (AssayRecorder *recorder, GError *take_error)
{
  pthread_mutex_lock (&recorder->lock);
  if (recorder->error == NULL)
    recorder->error = take_error;
  else
    g_error_free (take_error);
  pthread_cond_broadcast (&recorder->changed);
  pthread_mutex_unlock (&recorder->lock);
  assay_recorder_stop (recorder);
}

/* --- moments -----------------------------------------------------------------------------------------------------
 */

/* The first camera's frames count the moments; the others join the nearest one. It is waited for at the very start
 * only, when another camera was quicker; a reference that never comes leaves the others without moments. */
static gboolean
wait_for_anchor (AssayRecorder *recorder)
{
  struct timespec until;
  clock_gettime (CLOCK_REALTIME, &until);
  gint64 due_ns = until.tv_nsec + ANCHOR_WAIT_NS;
  until.tv_sec += due_ns / 1000000000;
  until.tv_nsec = due_ns % 1000000000;
  while (!recorder->anchored && !atomic_load (&recorder->stopping))
    if (pthread_cond_timedwait (&recorder->changed, &recorder->lock, &until) == ETIMEDOUT)
      return FALSE;
  return recorder->anchored;
}

static gint64
period_of (const Lane *lane)
{
  double fps = assay_stream_get_format (lane->stream)->fps;
  gint64 measured = assay_frame_watch_period_ns (&lane->frame_watch);
  return measured > 0 ? measured : (gint64) llround (1e9 / (fps > 0 ? fps : 30));
}

static void
move_anchor (AssayRecorder *recorder, const Lane *lane, gint64 stamp_ns)
{
  recorder->anchor_period_ns = period_of (lane);
  if (!recorder->anchored)
    recorder->first_anchor_ns = stamp_ns;
  else
    recorder->anchor_number
        += MAX (1, llround ((double) (stamp_ns - recorder->anchor_ns) / (double) recorder->anchor_period_ns));
  recorder->anchored = TRUE;
  recorder->anchor_ns = stamp_ns;
  pthread_cond_broadcast (&recorder->changed);
}

/* The number of the moment that the frame belongs to, -1 = none; how long after that moment it was. */
static gint64
number_of (AssayRecorder *recorder, Lane *lane, const AssayFrame *frame, gint64 *ret_late_ns)
{
  *ret_late_ns = 0;
  if (lane == recorder->lanes->pdata[0])
    move_anchor (recorder, lane, frame->stamp_ns);
  else if (!recorder->anchored && !wait_for_anchor (recorder))
    return -1;
  if (recorder->on_demand)
    {
      *ret_late_ns = frame->stamp_ns - recorder->taken_ns;
      return recorder->n_taken > 0 && *ret_late_ns >= 0 ? recorder->n_taken : -1;
    }
  if (recorder->every_s > 0)
    {
      double periods = (double) (frame->stamp_ns - recorder->first_anchor_ns) / (recorder->every_s * 1e9);
      *ret_late_ns = (gint64) ((periods - floor (periods)) * recorder->every_s * 1e9);
      return (gint64) floor (periods);
    }
  double steps = (double) (frame->stamp_ns - recorder->anchor_ns) / (double) recorder->anchor_period_ns;
  return recorder->anchor_number + llround (steps);
}

gboolean
assay_recorder_choose (AssayRecorder *recorder, Lane *lane, const AssayFrame *frame, gint64 *ret_moment)
{
  gint64 late_ns;
  pthread_mutex_lock (&recorder->lock);
  gint64 number = number_of (recorder, lane, frame, &late_ns);
  pthread_mutex_unlock (&recorder->lock);
  gboolean fresh = number > lane->last_choice;
  gboolean chosen = fresh || (!recorder->on_demand && recorder->every_s <= 0);
  /* A second frame of one camera near one moment belongs to none; nor does one that came too late for its trigger,
   * because those between were lost: it shows another instant. */
  gboolean of_it = fresh && late_ns <= 3 * period_of (lane) / 2;
  *ret_moment = of_it && recorder->n_cameras > 1 ? number : -1;
  if (fresh)
    lane->last_choice = number;
  return chosen;
}

void
assay_recorder_take (AssayRecorder *recorder)
{
  pthread_mutex_lock (&recorder->lock);
  recorder->taken_ns = assay_clock_now_ns ();
  recorder->n_taken++;
  pthread_mutex_unlock (&recorder->lock);
}

/* --- beginning
 * ---------------------------------------------------------------------------------------------------- */

static json_t *
describe_lane (const Lane *lane)
{
  const AssayStreamFormat *format = assay_stream_get_format (lane->stream);
  char fourcc[ASSAY_FOURCC_TEXT_SIZE];
  json_t *json = json_pack ("{s:i, s:s, s:s, s:o, s:s}", "stream", (int) lane->index, "key", lane->key, "id",
                            assay_stream_get_id (lane->stream), "sensor", assay_json_id (&lane->sensor), "kind",
                            format->pixels.fourcc != 0 ? "camera" : "microphone");
  if (format->pixels.fourcc != 0)
    json_object_update_new (
        json, json_pack ("{s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:o}", "format",
                         assay_fourcc_to_text (format->pixels.fourcc, fourcc), "width",
                         (int) format->pixels.width_px, "height", (int) format->pixels.height_px, "bytes_per_line",
                         (int) format->pixels.bytes_per_line, "colorspace", (int) format->pixels.colorspace,
                         "ycbcr_encoding", (int) format->pixels.ycbcr_encoding, "quantization",
                         (int) format->pixels.quantization, "transfer", (int) format->pixels.transfer, "fps",
                         assay_json_number (format->fps > 0 ? format->fps : NAN)));
  else
    json_object_update_new (
        json, json_pack ("{s:i, s:i}", "rate", (int) format->rate_hz, "channels", (int) format->channels));
  json_object_set_new (json, "controls", assay_stream_get_controls (lane->stream));
  return json;
}

static json_t *
describe_session (const AssayRecorder *recorder, const char *operator_name)
{
  json_t *sensors = json_array ();
  for (guint i = 0; i < recorder->lanes->len; i++)
    json_array_append_new (sensors, describe_lane (recorder->lanes->pdata[i]));
  return json_pack ("{s:s, s:O, s:s?, s:{s:I, s:I, s:I}, s:o}", "name", recorder->name, "conditions",
                    recorder->conditions, "operator", operator_name, "clock", "monotonic_ns",
                    (json_int_t) recorder->began.monotonic_ns, "realtime_ns",
                    (json_int_t) recorder->began.realtime_ns, "doubt_ns", (json_int_t) recorder->began.doubt_ns,
                    "sensors", sensors);
}

static gboolean
begin_session (AssayRecorder *recorder, const char *operator_name, GError **error)
{
  g_autoptr (AssayProject) project = assay_project_open (recorder->project_directory, ASSAY_STORE_WRITE, error);
  if (project == NULL)
    return FALSE;
  for (guint i = 0; i < recorder->lanes->len; i++)
    {
      Lane *lane = recorder->lanes->pdata[i];
      const char *id = assay_stream_get_id (lane->stream);
      gboolean camera = assay_stream_get_kind (lane->stream) == ASSAY_DEVICE_CAMERA;
      g_autoptr (AssaySensor) sensor = assay_sensor_ensure (project->store, camera ? "camera" : "microphone", id,
                                                            assay_source_get_rest (id), error);
      if (sensor == NULL)
        return FALSE;
      lane->sensor = sensor->id;
    }
  g_autoptr (json_t) info = describe_session (recorder, operator_name);
  if (!assay_session_begin (project->store, info, &recorder->session, error))
    return FALSE;
  char session[ASSAY_ID_TEXT_SIZE];
  assay_id_to_text (&recorder->session, session);
  /* Two sessions of one name stay two sequences. */
  recorder->sequence = g_strdup_printf ("%s %.8s", recorder->name, session + strlen (session) - 8);
  recorder->directory = g_build_filename (project->directory, "sessions", session, NULL);
  if (g_mkdir_with_parents (recorder->directory, 0777) != 0)
    {
      assay_error_set_errno (error, errno, "making %s", recorder->directory);
      return FALSE;
    }
  g_autofree char *path = g_build_filename (recorder->directory, "session.json", NULL);
  g_autofree char *text = assay_json_pretty (info);
  return assay_file_write (path, text, strlen (text), error);
}

static void
add_lane (AssayRecorder *recorder, AssayStream *stream, guint *n_of_kind)
{
  gboolean camera = assay_stream_get_kind (stream) == ASSAY_DEVICE_CAMERA;
  Lane *lane = g_new0 (Lane, 1);
  lane->recorder = recorder;
  lane->stream = stream;
  lane->index = recorder->lanes->len;
  lane->last_choice = -1;
  lane->gaps = g_array_new (FALSE, FALSE, sizeof (AssayGap));
  lane->key = g_strdup_printf ("%s-%u", camera ? "camera" : "microphone", ++n_of_kind[!camera]);
  g_ptr_array_add (recorder->lanes, lane);
}

static AssayRecorder *
make (const char *project_directory, GPtrArray *streams, const AssayRecordPlan *plan)
{
  AssayRecorder *recorder = g_new0 (AssayRecorder, 1);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  recorder->project_directory = g_strdup (project_directory);
  recorder->name = plan->name != NULL ? g_strdup (plan->name) : g_date_time_format (now, "%Y-%m-%d %H.%M.%S");
  recorder->conditions = plan->conditions != NULL ? json_deep_copy (plan->conditions) : json_object ();
  recorder->frames = plan->frames;
  recorder->duration_s = plan->duration_s;
  recorder->every_s = plan->every_s;
  recorder->on_demand = plan->on_demand;
  recorder->lanes = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_lane_free);
  pthread_mutex_init (&recorder->lock, NULL);
  pthread_cond_init (&recorder->changed, NULL);
  guint n_of_kind[2] = { 0 };
  /* Cameras first: the first one counts the moments. */
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < streams->len; i++)
      if ((assay_stream_get_kind (streams->pdata[i]) == ASSAY_DEVICE_CAMERA) == (pass == 0))
        add_lane (recorder, streams->pdata[i], n_of_kind);
  recorder->n_cameras = n_of_kind[0];
  return recorder;
}

AssayRecorder *
assay_recorder_start (const char *project_directory, GPtrArray *streams, const AssayRecordPlan *plan,
                      GError **error)
{
  g_autoptr (AssayRecorder) recorder = make (project_directory, streams, plan);
  recorder->began = assay_clock_pair ();
  /* The devices first: one that does not start leaves no empty session behind; the rings hold what comes meanwhile.
   */
  for (guint i = 0; i < recorder->lanes->len; i++)
    {
      Lane *lane = recorder->lanes->pdata[i];
      while (assay_stream_wait (lane->stream, 0) != NULL)
        assay_stream_done (lane->stream); /* of an earlier recording */
      assay_stream_set_taken (lane->stream, TRUE);
      if (!assay_stream_start (lane->stream, error))
        return NULL;
    }
  if (!begin_session (recorder, plan->operator_name, error))
    return NULL;
  recorder->keeper = g_thread_new ("keeper", assay_keeper_run, recorder);
  for (guint i = 0; i < recorder->lanes->len; i++)
    {
      Lane *lane = recorder->lanes->pdata[i];
      lane->thread = g_thread_new (lane->key, assay_lane_run, lane);
    }
  return g_steal_pointer (&recorder);
}

/* --- ending
 * ------------------------------------------------------------------------------------------------------- */

void
assay_recorder_stop (AssayRecorder *recorder)
{
  long long not_yet = 0;
  atomic_compare_exchange_strong (&recorder->stop_ns, &not_yet, assay_clock_now_ns ());
  atomic_store (&recorder->stopping, TRUE);
}

gboolean
assay_recorder_is_done (AssayRecorder *recorder)
{
  for (guint i = 0; i < recorder->lanes->len; i++)
    if (!atomic_load (&((Lane *) recorder->lanes->pdata[i])->over))
      return FALSE;
  return TRUE;
}

void
assay_recorder_get_counts (AssayRecorder *recorder, const AssayStream *stream, guint64 *ret_kept,
                           guint64 *ret_missing)
{
  *ret_kept = *ret_missing = 0;
  for (guint i = 0; i < recorder->lanes->len; i++)
    {
      Lane *lane = recorder->lanes->pdata[i];
      if (lane->stream != stream)
        continue;
      *ret_kept = atomic_load (&lane->kept);
      *ret_missing = atomic_load (&lane->missing);
    }
}

static void
join (AssayRecorder *recorder)
{
  for (guint i = 0; i < recorder->lanes->len; i++)
    {
      Lane *lane = recorder->lanes->pdata[i];
      assay_stream_set_taken (lane->stream, FALSE);
      if (lane->thread != NULL)
        g_thread_join (g_steal_pointer (&lane->thread));
    }
  pthread_mutex_lock (&recorder->lock);
  recorder->lanes_over = TRUE;
  pthread_cond_broadcast (&recorder->changed);
  pthread_mutex_unlock (&recorder->lock);
  if (recorder->keeper != NULL)
    g_thread_join (g_steal_pointer (&recorder->keeper));
}

static json_t *
report_lane (Lane *lane)
{
  json_t *gaps = json_array ();
  guint64 dropped = 0;
  for (guint i = 0; i < lane->gaps->len; i++)
    {
      const AssayGap *gap = &g_array_index (lane->gaps, AssayGap, i);
      dropped += gap->missing;
      json_array_append_new (gaps, json_pack ("{s:I, s:I, s:s}", "at_ns", (json_int_t) gap->at_ns, "missing",
                                              (json_int_t) gap->missing, "how", assay_gap_how_to_text (gap->how)));
    }
  gboolean camera = assay_stream_get_kind (lane->stream) == ASSAY_DEVICE_CAMERA;
  json_t *report = describe_lane (lane);
  json_object_set_new (report, camera ? "frames" : "samples",
                       json_integer ((json_int_t) (camera ? atomic_load (&lane->kept) : lane->samples)));
  json_object_update_new (
      report, json_pack ("{s:I, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:s?}", "dropped", (json_int_t) dropped, "gaps",
                         gaps, "first_ns", lane->received > 0 ? json_integer (lane->first_ns) : json_null (),
                         "last_ns", lane->received > 0 ? json_integer (lane->last_ns) : json_null (), "bytes",
                         (json_int_t) atomic_load (&lane->bytes), "received", (json_int_t) lane->received,
                         "corrupt", (json_int_t) (lane->corrupt + atomic_load (&lane->spoiled)), "overrun",
                         (json_int_t) assay_stream_count_overrun (lane->stream), "trouble", lane->trouble));
  return report;
}

static json_t *
make_report (AssayRecorder *recorder)
{
  AssayClockPair ended = assay_clock_pair ();
  json_t *sensors = json_array ();
  for (guint i = 0; i < recorder->lanes->len; i++)
    json_array_append_new (sensors, report_lane (recorder->lanes->pdata[i]));
  return json_pack ("{s:o, s:s, s:[{s:I, s:I}, {s:I, s:I}], s:o}", "session", assay_json_id (&recorder->session),
                    "name", recorder->name, "clock", "monotonic_ns", (json_int_t) recorder->began.monotonic_ns,
                    "realtime_ns", (json_int_t) recorder->began.realtime_ns, "monotonic_ns",
                    (json_int_t) ended.monotonic_ns, "realtime_ns", (json_int_t) ended.realtime_ns, "sensors",
                    sensors);
}

static gboolean
keep_report (AssayRecorder *recorder, const json_t *report, GError **error)
{
  g_autofree char *path = g_build_filename (recorder->directory, "report.json", NULL),
                  *text = assay_json_pretty (report);
  if (!assay_file_write (path, text, strlen (text), error))
    return FALSE;
  g_autoptr (AssayProject) project = assay_project_open (recorder->project_directory, ASSAY_STORE_WRITE, error);
  return project != NULL && assay_session_report (project->store, &recorder->session, report, error);
}

json_t *
assay_recorder_finish (AssayRecorder *recorder, char **ret_trouble, GError **error)
{
  join (recorder);
  g_autoptr (json_t) report = make_report (recorder);
  g_autoptr (GError) wrong = NULL;
  if (recorder->error != NULL)
    wrong = g_error_copy (recorder->error);
  keep_report (recorder, report, wrong == NULL ? &wrong : NULL);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  *ret_trouble = NULL;
  for (guint i = 0; i < recorder->lanes->len && *ret_trouble == NULL; i++)
    *ret_trouble = g_strdup (((Lane *) recorder->lanes->pdata[i])->trouble);
  return g_steal_pointer (&report);
}

void
assay_recorder_free (AssayRecorder *recorder)
{
  if (recorder == NULL)
    return;
  assay_recorder_stop (recorder);
  join (recorder);
  g_queue_clear_full (&recorder->notes, (GDestroyNotify) assay_note_free);
  g_ptr_array_unref (recorder->lanes);
  g_clear_error (&recorder->error);
  json_decref (recorder->conditions);
  pthread_cond_destroy (&recorder->changed);
  pthread_mutex_destroy (&recorder->lock);
  g_free (recorder->project_directory);
  g_free (recorder->directory);
  g_free (recorder->sequence);
  g_free (recorder->name);
  g_free (recorder);
}
