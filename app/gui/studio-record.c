/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/studio-private.h"
#include "core/project.h"
#include "core/sensor.h"

#define WATCH_PERIOD_MS 250
#define PATIENCE_S 3600.0 /* somebody is there to plug it in again, or to end the recording */

/* --- the thread --- */

/* Sensors are known to the project by the names that people gave them; the recorder's own would be their ids. */
static void
name_sensors (Order *order)
{
  g_autoptr (AssayProject) project = assay_project_open (order->studio->project_directory, ASSAY_STORE_WRITE, NULL);
  for (guint i = 0; project != NULL && i < order->streams->len; i++)
    {
      const AssayStream *stream = order->streams->pdata[i];
      gboolean camera = assay_stream_get_kind (stream) == ASSAY_DEVICE_CAMERA;
      g_autoptr (AssaySensor) sensor
          = assay_sensor_ensure (project->store, camera ? "camera" : "microphone", assay_stream_get_id (stream),
                                 order->names->pdata[i], NULL);
    }
}

static void
start_recorder (Order *order)
{
  name_sensors (order);
  order->recorder
      = assay_recorder_start (order->studio->project_directory, order->streams, &order->plan, &order->error);
  order->studio->owned = order->recorder;
}

static const char *
trouble_of (const Order *order)
{
  return order->error != NULL ? order->error->message : order->trouble;
}

static void
finish_recorder (Order *order)
{
  AssayRecorder *recorder = g_steal_pointer (&order->studio->owned);
  if (recorder == NULL)
    return;
  assay_recorder_stop (recorder);
  order->report = assay_recorder_finish (recorder, &order->trouble, &order->error);
  assay_recorder_free (recorder);
  if (trouble_of (order) != NULL)
    g_async_queue_push (order->studio->untold, g_strdup (trouble_of (order)));
}

/* --- the main loop --- */

static void
tell_finished (Order *order)
{
  const char *trouble = trouble_of (order);
  order->studio->finishing--;
  if (trouble != NULL)
    g_free (g_async_queue_try_pop (order->studio->untold));
  assay_studio_tell_recorded (order->studio, trouble, order->report);
}

static void
forget (AssayStudio *studio)
{
  g_clear_handle_id (&studio->watch_timer, g_source_remove);
  studio->recorder = NULL;
  g_ptr_array_set_size (studio->recorded_lives, 0);
}

void
assay_studio_push_finish (AssayStudio *studio)
{
  forget (studio);
  studio->finishing++;
  assay_studio_push (studio, assay_studio_order_new (studio, finish_recorder, tell_finished));
}

void
assay_studio_stop (AssayStudio *studio)
{
  studio->stop_waiting = studio->starting;
  if (studio->recorder != NULL)
    assay_studio_push_finish (studio);
}

/* It ends by itself at the end of its plan, and when the disk is full or fails. */
static gboolean
on_watch (gpointer data)
{
  AssayStudio *studio = data;
  if (!assay_recorder_is_done (studio->recorder))
    return G_SOURCE_CONTINUE;
  studio->watch_timer = 0;
  assay_studio_stop (studio);
  return G_SOURCE_REMOVE;
}

static void
tell_started (Order *order)
{
  AssayStudio *studio = order->studio;
  studio->starting = FALSE;
  studio->recorder = order->recorder;
  for (; studio->recorder != NULL && studio->takes_waiting > 0; studio->takes_waiting--)
    assay_recorder_take (studio->recorder);
  studio->takes_waiting = 0;
  if (order->recorder != NULL)
    {
      studio->began_us = g_get_monotonic_time ();
      studio->watch_timer = g_timeout_add (WATCH_PERIOD_MS, on_watch, studio);
      if (studio->stop_waiting)
        assay_studio_stop (studio);
      return;
    }
  forget (studio);
  assay_studio_tell_recorded (studio, order->error->message, NULL);
}

/* Those of one kind that are on, added to the recording. */
static void
gather (AssayStudio *studio, AssayDeviceKind kind, Order *order)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (studio->sensors)); i++)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (G_LIST_MODEL (studio->sensors), i);
      if (assay_live_get_info (live)->kind != kind || assay_live_get_state (live) != ASSAY_LIVE_ON)
        continue;
      g_ptr_array_add (order->streams, assay_live_get_stream (live));
      g_ptr_array_add (order->names, g_strdup (assay_live_get_name (live)));
      g_ptr_array_add (studio->recorded_lives, g_object_ref (live));
      studio->records[kind] = TRUE;
    }
}

static void
copy_plan (Order *order, const AssayRecordPlan *plan)
{
  order->plan = *plan;
  order->plan.wait_s = plan->wait_s > 0 ? plan->wait_s : PATIENCE_S;
  order->conditions = plan->conditions != NULL ? json_deep_copy (plan->conditions) : NULL;
  order->checklist = g_strdupv ((char **) plan->checklist);
  order->plan.conditions = order->conditions;
  order->plan.checklist = (const char *const *) order->checklist;
  order->plan.name = g_strdup (plan->name);
  order->plan.operator_name = g_strdup (plan->operator_name);
  order->plan.subject = g_strdup (plan->subject);
  order->plan.consent = g_strdup (plan->consent);
  order->plan.note = g_strdup (plan->note);
  order->triggers = g_strdupv ((char **) plan->triggers);
  order->plan.triggers = (const char *const *) order->triggers;
}

void
assay_studio_record_plan (AssayStudio *studio, const AssayRecordPlan *plan, gboolean cameras, gboolean microphones)
{
  if (studio->recorder != NULL || studio->starting)
    return;
  Order *order = assay_studio_order_new (studio, start_recorder, tell_started);
  copy_plan (order, plan);
  order->streams = g_ptr_array_new ();
  order->names = g_ptr_array_new_with_free_func (g_free);
  studio->records[ASSAY_DEVICE_CAMERA] = studio->records[ASSAY_DEVICE_MICROPHONE] = FALSE;
  g_ptr_array_set_size (studio->recorded_lives, 0);
  if (cameras)
    gather (studio, ASSAY_DEVICE_CAMERA, order);
  if (microphones)
    gather (studio, ASSAY_DEVICE_MICROPHONE, order);
  studio->starting = order->streams->len > 0;
  studio->stop_waiting = FALSE;
  studio->on_demand = plan->on_demand;
  if (!studio->starting) /* nothing is on: the thread only frees it */
    order->work = finish_recorder, order->answer = NULL;
  assay_studio_push (studio, order);
}

void
assay_studio_take (AssayStudio *studio)
{
  if (studio->starting)
    studio->takes_waiting++;
  else if (studio->recorder != NULL)
    assay_recorder_take (studio->recorder);
}

gboolean
assay_studio_is_finishing (AssayStudio *studio)
{
  return studio->finishing > 0;
}

gboolean
assay_studio_is_recording (AssayStudio *studio, AssayDeviceKind kind)
{
  return (studio->recorder != NULL || studio->starting) && studio->records[kind];
}

gboolean
assay_studio_records_live (AssayStudio *studio, AssayLive *live)
{
  return (studio->recorder != NULL || studio->starting) && g_ptr_array_find (studio->recorded_lives, live, NULL);
}

gboolean
assay_studio_get_sensor_counts (AssayStudio *studio, AssayLive *live, guint64 *ret_kept, guint64 *ret_missing)
{
  if (studio->recorder == NULL || !assay_studio_records_live (studio, live)
      || assay_live_get_stream (live) == NULL)
    return FALSE;
  assay_recorder_get_counts (studio->recorder, assay_live_get_stream (live), ret_kept, ret_missing);
  return TRUE;
}

void
assay_studio_get_counts (AssayStudio *studio, guint64 *ret_kept, guint64 *ret_missing)
{
  *ret_kept = *ret_missing = 0;
  for (guint i = 0; i < studio->recorded_lives->len; i++)
    {
      guint64 kept, missing;
      if (!assay_studio_get_sensor_counts (studio, studio->recorded_lives->pdata[i], &kept, &missing))
        continue;
      *ret_kept += kept;
      *ret_missing += missing;
    }
}

static void
add_live (AssayStudio *studio, AssayLive *live, AssayStudioLook *look)
{
  guint64 kept, missing;
  gboolean camera = assay_live_get_info (live)->kind == ASSAY_DEVICE_CAMERA;
  AssayLiveRates rates;
  assay_live_get_rates (live, &rates);
  if (assay_live_get_away_s (live) > (look->away != NULL ? assay_live_get_away_s (look->away) : 0))
    look->away = live;
  if (rates.slowed)
    look->slowed = live;
  if (assay_studio_get_sensor_counts (studio, live, &kept, &missing))
    *(camera ? &look->lost_frames : &look->lost_samples) += missing;
}

void
assay_studio_get_look (AssayStudio *studio, AssayStudioLook *ret_look)
{
  *ret_look = (AssayStudioLook){ .recording = studio->recorder != NULL, .on_demand = studio->on_demand };
  if (studio->recorder == NULL)
    return;
  ret_look->seconds = (double) (g_get_monotonic_time () - studio->began_us) / G_USEC_PER_SEC;
  assay_recorder_get_disk (studio->recorder, &ret_look->disk);
  ret_look->has_disk = ret_look->disk.total_bytes > 0;
  guint n_cameras = 0;
  for (guint i = 0; i < studio->recorded_lives->len; i++)
    {
      AssayLive *live = studio->recorded_lives->pdata[i];
      n_cameras += assay_live_get_info (live)->kind == ASSAY_DEVICE_CAMERA;
      add_live (studio, live, ret_look);
    }
  for (guint i = 1; i < n_cameras; i++)
    {
      AssaySkewFacts skew;
      if (!assay_recorder_get_skew (studio->recorder, i, &skew) || skew.pairs == 0
          || (ret_look->has_skew && skew.p95_ns <= ret_look->skew.p95_ns))
        continue;
      ret_look->skew = skew;
      ret_look->has_skew = TRUE;
    }
}
