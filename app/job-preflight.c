/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-preflight.h"

#include "core/json.h"

#include <math.h>

#define USB_SHARE 0.8 /* of a bus, for streams with a promised rate (USB 2.0, 5.5.4) */
#define PART_US 50000

static const AssayDeviceInfo *
find_info (const GPtrArray *infos, const char *id)
{
  for (guint i = 0; i < infos->len; i++)
    if (g_str_equal (((const AssayDeviceInfo *) infos->pdata[i])->id, id))
      return infos->pdata[i];
  return NULL;
}

/* All started microphones at once; what each gave at its highest. */
static void
listen (const GPtrArray *streams, double seconds, AssayPreflightSensor *sensors, AssayProgress *progress)
{
  for (double heard = 0; heard < seconds && !assay_progress_stopped (progress, NULL); heard += PART_US / 1e6)
    {
      g_usleep (PART_US);
      for (guint i = 0; i < streams->len; i++)
        {
          double peak, rms;
          if (assay_stream_get_kind (streams->pdata[i]) != ASSAY_DEVICE_MICROPHONE)
            continue;
          assay_stream_peek_level (streams->pdata[i], &peak, &rms);
          sensors[i].peak = isnan (sensors[i].peak) ? peak : MAX (sensors[i].peak, peak);
        }
    }
}

void
assay_preflight_describe (const AssayStream *stream, const AssayDeviceInfo *info, AssayPreflightSensor *ret_sensor)
{
  const json_t *usb = info != NULL ? json_object_get (info->details, "usb") : NULL;
  const AssayStreamFormat *format = assay_stream_get_format (stream);
  double fps = format->fps > 0 ? format->fps : ASSAY_PREFLIGHT_FPS, rate = assay_preflight_estimate_rate (format);
  double mbit_per_s = json_number_value (json_object_get (usb, "mbit_per_s"));
  *ret_sensor = (AssayPreflightSensor){ .name = info != NULL ? info->name : assay_stream_get_id (stream),
                                        .bytes_per_s = rate,
                                        .still_bytes = format->pixels.fourcc != 0 ? rate / fps : 0,
                                        .controller = assay_json_get_string (usb, "controller"),
                                        .bus_bytes_per_s = USB_SHARE * mbit_per_s * 1e6 / 8,
                                        .peak = NAN };
}

GPtrArray *
assay_job_preflight (AssayProject *project, const AssayPreflightLook *look, AssayProgress *progress, GError **error)
{
  g_autoptr (AssayPlan) plan = assay_plan_get (project->store, error);
  if (plan == NULL)
    return NULL;
  assay_progress_say (progress, "looking before recording");
  g_autoptr (GPtrArray) wrongs = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) infos = assay_source_probe_all (TRUE, wrongs);
  g_autofree AssayPreflightSensor *sensors = g_new0 (AssayPreflightSensor, look->streams->len + 1);
  for (guint i = 0; i < look->streams->len; i++)
    {
      const AssayStream *stream = look->streams->pdata[i];
      assay_preflight_describe (stream, find_info (infos, assay_stream_get_id (stream)), &sensors[i]);
    }
  listen (look->streams, look->listen_s, sensors, progress);
  const AssayPreflightRequest request = { .directory = project->directory,
                                          .sensors = sensors,
                                          .n_sensors = look->streams->len,
                                          .planned_s = look->planned_s,
                                          .planned_stills = look->planned_stills,
                                          .plan = plan,
                                          .consent = look->consent,
                                          .done = look->done,
                                          .disk_test_s = look->disk_test_s };
  g_autoptr (GPtrArray) lines = assay_preflight_run (&request, progress);
  return assay_progress_stopped (progress, error) ? NULL : g_steal_pointer (&lines);
}
