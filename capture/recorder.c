/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/recorder-private.h"
#include "capture/session-folder.h"

#include "core/calibration.h"
#include "core/colour.h"
#include "core/error.h"
#include "core/json.h"
#include "core/plan.h"
#include "core/project.h"
#include "core/sensor.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define MOST_NOTES 32                      /* that may wait for the disk */
#define MOST_RAW_BYTES ((gsize) 256 << 20) /* in frames that may wait for an encoder */

void
assay_note_free (Note *note)
{
  if (note == NULL)
    return;
  json_decref (note->line);
  if (note->lines != NULL)
    g_string_free (note->lines, TRUE);
  g_clear_pointer (&note->still, g_bytes_unref);
  g_clear_error (&note->wrong);
  if (note->grown_fd >= 0)
    close (note->grown_fd);
  assay_reel_free (note->segment);
  g_free (note);
}

void
assay_lane_free (Lane *lane)
{
  g_free (lane->key);
  assay_clock_line_free (lane->clock_line);
  json_decref (lane->clocks);
  json_decref (lane->controls);
  json_decref (lane->told_controls);
  json_decref (lane->camera);
  json_decref (lane->lens);
  g_free (lane->camera_why);
  json_decref (lane->levels);
  json_decref (lane->segments);
  g_array_unref (lane->gaps);
  g_ptr_array_unref (lane->triggers);
  g_free (lane->trouble);
  g_free (lane);
}

void
assay_recorder_put (AssayRecorder *recorder, Note *take_note)
{
  pthread_mutex_lock (&recorder->lock);
  while ((recorder->notes.length >= MOST_NOTES || recorder->raw_bytes > MOST_RAW_BYTES) && recorder->error == NULL)
    pthread_cond_wait (&recorder->changed, &recorder->lock);
  g_queue_push_tail (&recorder->notes, take_note);
  if (take_note->raw)
    {
      recorder->raw_bytes += g_bytes_get_size (take_note->still);
      g_queue_push_tail (&recorder->raws, take_note);
    }
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

/* --- beginning
 * ---------------------------------------------------------------------------------------------------- */

/* NULL: nobody said. */
static json_t *
describe_plan (const AssayRecordPlan *plan)
{
  double seconds = plan->planned_s > 0 ? plan->planned_s : plan->duration_s;
  guint64 stills = plan->planned_stills > 0 ? plan->planned_stills : plan->video ? 0 : plan->frames;
  return seconds > 0 || stills > 0
             ? json_pack ("{s:o, s:o}", "seconds", assay_json_number (seconds > 0 ? seconds : NAN), "stills",
                          stills > 0 ? json_integer ((json_int_t) stills) : json_null ())
             : NULL;
}

static json_t *
describe_session (const AssayRecorder *recorder, const AssayRecordPlan *plan)
{
  json_t *sensors = json_array ();
  for (guint i = 0; i < recorder->lanes->len; i++)
    json_array_append_new (sensors, assay_lane_describe (recorder->lanes->pdata[i]));
  json_t *info = json_pack ("{s:s, s:O, s:s?, s:b, s:o, s:{s:I, s:I, s:I}, s:o}", "name", recorder->name,
                            "conditions", recorder->conditions, "operator", plan->operator_name, "video",
                            recorder->video, "draw_fps", assay_json_number (recorder->draw_fps), "clock",
                            "monotonic_ns", (json_int_t) recorder->began.monotonic_ns, "realtime_ns",
                            (json_int_t) recorder->began.realtime_ns, "doubt_ns",
                            (json_int_t) recorder->began.doubt_ns, "sensors", sensors);
  if (recorder->pre_roll_s > 0)
    json_object_set_new (info, "pre_roll_s", json_real (recorder->pre_roll_s));
  json_object_update (info, recorder->form);
  json_t *ticked = json_array ();
  for (guint i = 0; plan->checklist != NULL && plan->checklist[i] != NULL; i++)
    json_array_append_new (ticked, json_string (plan->checklist[i]));
  json_object_set_new (info, "checklist", ticked);
  json_t *planned = describe_plan (plan);
  if (planned != NULL)
    json_object_set_new (info, "planned", planned);
  return info;
}

/* Nobody is recorded against the plan, from whichever door. */
static gboolean
check_consent (AssayProject *project, const AssayRecorder *recorder, GError **error)
{
  g_autoptr (AssayPlan) wanted = assay_plan_get (project->store, error);
  if (wanted == NULL)
    return FALSE;
  if (!assay_plan_needs_consent (wanted) || json_object_get (recorder->form, "consent") != NULL)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
               "recording: the plan asks for a consent and none is named; give the reference of the signed form "
               "(--consent)");
  return FALSE;
}

/* What is known of this camera's lens goes with each of its pictures. */
static gboolean
find_lens (AssayStore *store, Lane *lane, GError **error)
{
  const AssayPixelFormat *pixels = &assay_stream_get_format (lane->stream)->pixels;
  g_autoptr (AssayCalibration) calibration = NULL;
  g_autoptr (json_t) controls = assay_stream_get_controls (lane->stream);
  if (!assay_calibration_for (store, &lane->sensor, pixels->width_px, pixels->height_px, controls, &calibration,
                              &lane->camera_why, error))
    return FALSE;
  if (calibration == NULL)
    return TRUE;
  lane->camera = assay_calibration_facts (store, &lane->sensor, calibration, error);
  lane->lens = assay_calibration_lens_of (controls);
  lane->camera_width_px = pixels->width_px;
  lane->camera_height_px = pixels->height_px;
  return lane->camera != NULL;
}

static gboolean
begin_session (AssayRecorder *recorder, const AssayRecordPlan *plan, GError **error)
{
  g_autoptr (AssayProject) project = assay_project_open (recorder->project_directory, ASSAY_STORE_WRITE, error);
  if (project == NULL || !check_consent (project, recorder, error))
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
      if (camera && !find_lens (project->store, lane, error))
        return FALSE;
    }
  recorder->info = describe_session (recorder, plan);
  return assay_session_folder_make (project, recorder->info, &recorder->session, &recorder->directory, &recorder->lock_fd,
                                    error)
         && assay_session_folder_enter (project, &recorder->session, recorder->info, recorder->directory, error);
}

static const AssayOutlet *
find_outlet (const AssayRecorder *recorder, gboolean camera)
{
  if (!camera)
    return &assay_outlet_sound;
  return recorder->video ? &assay_outlet_film : &assay_outlet_stills;
}

static void
add_lane (AssayRecorder *recorder, AssayStream *stream, guint *n_of_kind)
{
  gboolean camera = assay_stream_get_kind (stream) == ASSAY_DEVICE_CAMERA;
  Lane *lane = g_new0 (Lane, 1);
  lane->recorder = recorder;
  lane->stream = stream;
  lane->index = recorder->lanes->len;
  lane->outlet = find_outlet (recorder, camera);
  lane->last_number = -1;
  lane->clock_line = assay_clock_line_new ();
  lane->clocks = json_array ();
  lane->levels = json_array ();
  lane->segments = json_array ();
  lane->triggers = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_trigger_close);
  lane->gaps = g_array_new (FALSE, FALSE, sizeof (AssayGap));
  lane->key = g_strdup_printf ("%s-%u", camera ? "camera" : "microphone", ++n_of_kind[!camera]);
  g_ptr_array_add (recorder->lanes, lane);
}

static json_t *
describe_form (const AssayRecordPlan *plan)
{
  json_t *form = json_object ();
  if (plan->subject != NULL && *plan->subject != '\0')
    json_object_set_new (form, "subject", json_string (plan->subject));
  if (plan->consent != NULL && *plan->consent != '\0')
    json_object_set_new (form, "consent", json_string (plan->consent));
  if (plan->note != NULL && *plan->note != '\0')
    json_object_set_new (form, "note", json_string (plan->note));
  return form;
}

static AssayRecorder *
make (const char *project_directory, GPtrArray *streams, const AssayRecordPlan *plan)
{
  AssayRecorder *recorder = g_new0 (AssayRecorder, 1);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  recorder->project_directory = g_strdup (project_directory);
  recorder->name = plan->name != NULL ? g_strdup (plan->name) : g_date_time_format (now, "%Y-%m-%d %H.%M.%S");
  recorder->conditions = plan->conditions != NULL ? json_deep_copy (plan->conditions) : json_object ();
  recorder->form = describe_form (plan);
  recorder->frames = plan->frames;
  recorder->duration_s = plan->duration_s;
  recorder->wait_s = plan->wait_s;
  recorder->pre_roll_s = CLAMP (plan->pre_roll_s, 0, ASSAY_PRE_ROLL_MOST_S);
  /* With triggers, a frame is taken when one says so, and else only by time. */
  gboolean triggered = plan->triggers != NULL && plan->triggers[0] != NULL;
  recorder->on_demand = plan->on_demand || (triggered && !plan->video && plan->every_s <= 0);
  recorder->triggers = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_trigger_close);
  recorder->remarks = g_ptr_array_new_with_free_func (g_free);
  recorder->burst = CLAMP (plan->burst, 1, ASSAY_BURST_MOST);
  recorder->video = plan->video;
  recorder->draw_fps = plan->video ? plan->draw_fps : 0;
  recorder->every_s = !plan->video ? plan->every_s : plan->draw_fps > 0 ? 1 / plan->draw_fps : 0;
  recorder->lock_fd = -1;
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
  recorder->skew = assay_skew_new (recorder->n_cameras);
  return recorder;
}

/* A film takes any bytes; a still must become a picture. */
static gboolean
can_write (const Lane *lane, GError **error)
{
  if (lane->outlet != &assay_outlet_stills
      || assay_colour_supports (&assay_stream_get_format (lane->stream)->pixels, error))
    return TRUE;
  g_prefix_error (error, "taking stills from %s: ", assay_stream_get_id (lane->stream));
  return FALSE;
}

AssayRecorder *
assay_recorder_start (const char *project_directory, GPtrArray *streams, const AssayRecordPlan *plan,
                      GError **error)
{
  g_autoptr (AssayRecorder) recorder = make (project_directory, streams, plan);
  recorder->began = assay_clock_pair ();
  if (!assay_recorder_open_triggers (recorder, plan->triggers, error))
    return NULL;
  /* The devices first: one that does not start leaves no empty session behind; the rings hold what comes meanwhile.
   */
  for (guint i = 0; i < recorder->lanes->len; i++)
    {
      Lane *lane = recorder->lanes->pdata[i];
      if (!can_write (lane, error))
        return NULL;
      assay_stream_set_pre_roll (lane->stream, recorder->pre_roll_s);
      assay_stream_set_taken (lane->stream, TRUE);
      if (!assay_stream_start (lane->stream, error))
        return NULL;
    }
  if (!assay_recorder_start_triggers (recorder, error) || !assay_recorder_check_room (recorder, error)
      || !begin_session (recorder, plan, error))
    return NULL;
  recorder->keeper = g_thread_new ("keeper", assay_keeper_run, recorder);
  for (guint i = 0; i < CLAMP (g_get_num_processors (), 1, ASSAY_ENCODERS_MOST) && !recorder->video; i++)
    recorder->encoders[i] = g_thread_new ("encoder", assay_encoder_run, recorder);
  recorder->guard = g_thread_new ("guard", assay_guard_run, recorder);
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

gboolean
assay_recorder_is_away (AssayRecorder *recorder, const AssayStream *stream)
{
  for (guint i = 0; i < recorder->lanes->len; i++)
    {
      Lane *lane = recorder->lanes->pdata[i];
      if (lane->stream == stream)
        return atomic_load (&lane->away) && !atomic_load (&lane->over);
    }
  return FALSE;
}

/* A lane lets go of its stream itself, once it has told what is lost at its end; of one that never ran it is done here.
 * Later nothing is: the stream may be another recorder's by then. */
static void
join (AssayRecorder *recorder)
{
  if (recorder->lanes_over)
    return;
  for (guint i = 0; i < recorder->lanes->len; i++)
    {
      Lane *lane = recorder->lanes->pdata[i];
      if (lane->thread != NULL)
        g_thread_join (g_steal_pointer (&lane->thread));
      else
        assay_stream_set_taken (lane->stream, FALSE);
    }
  assay_recorder_stop_triggers (recorder);
  pthread_mutex_lock (&recorder->lock);
  recorder->lanes_over = TRUE;
  pthread_cond_broadcast (&recorder->changed);
  pthread_mutex_unlock (&recorder->lock);
  for (guint i = 0; i < ASSAY_ENCODERS_MOST && recorder->encoders[i] != NULL; i++)
    g_thread_join (g_steal_pointer (&recorder->encoders[i]));
  if (recorder->keeper != NULL)
    g_thread_join (g_steal_pointer (&recorder->keeper));
  if (recorder->guard != NULL)
    g_thread_join (g_steal_pointer (&recorder->guard));
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
  g_autoptr (json_t) report = assay_recorder_report (recorder);
  g_autoptr (GError) wrong = NULL;
  if (recorder->error != NULL)
    wrong = g_error_copy (recorder->error);
  keep_report (recorder, report, wrong == NULL ? &wrong : NULL);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  *ret_trouble = g_strdup (recorder->full);
  for (guint i = 0; i < recorder->lanes->len && *ret_trouble == NULL; i++)
    {
      const char *trouble = ((Lane *) recorder->lanes->pdata[i])->trouble;
      if (trouble != NULL) /* it was waited for as long as there was something to wait for */
        *ret_trouble = g_strconcat (trouble, " and start a new recording", NULL);
    }
  return g_steal_pointer (&report);
}

void
assay_recorder_free (AssayRecorder *recorder)
{
  if (recorder == NULL)
    return;
  assay_recorder_stop (recorder);
  join (recorder);
  g_queue_clear (&recorder->raws);
  g_queue_clear_full (&recorder->notes, (GDestroyNotify) assay_note_free);
  g_ptr_array_unref (recorder->triggers);
  g_ptr_array_unref (recorder->remarks);
  g_ptr_array_unref (recorder->lanes);
  g_clear_error (&recorder->error);
  g_free (recorder->full);
  json_decref (recorder->conditions);
  json_decref (recorder->form);
  assay_skew_free (recorder->skew);
  json_decref (recorder->info);
  if (recorder->lock_fd >= 0)
    close (recorder->lock_fd);
  pthread_cond_destroy (&recorder->changed);
  pthread_mutex_destroy (&recorder->lock);
  g_free (recorder->project_directory);
  g_free (recorder->directory);
  g_free (recorder->name);
  g_free (recorder);
}
