/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/sensor-papers.h"

#include "capture/preset.h"
#include "core/calibration.h"
#include "core/error.h"
#include "core/json.h"
#include "core/sensor.h"

static json_t *
values_of (const json_t *list)
{
  json_t *values = json_object (), *control;
  size_t i;
  json_array_foreach (list, i, control)
  {
    const char *id = assay_json_get_string (control, "id");
    if (id != NULL)
      json_object_set (values, id, json_object_get (control, "value"));
  }
  return values;
}

AssaySensorPapers *
assay_sensor_papers_new (const char *identity, guint width_px, guint height_px, const json_t *list)
{
  AssaySensorPapers *papers = g_new0 (AssaySensorPapers, 1);
  papers->identity = g_strdup (identity);
  papers->width_px = width_px;
  papers->height_px = height_px;
  papers->controls = list != NULL ? values_of (list) : NULL;
  return papers;
}

void
assay_sensor_papers_free (AssaySensorPapers *papers)
{
  if (papers == NULL)
    return;
  g_free (papers->identity);
  g_free (papers->calibration);
  json_decref (papers->controls);
  json_decref (papers->presets);
  g_free (papers);
}

/* --- the desk's threads --- */

static char *
describe (const AssayCalibration *calibration)
{
  double rms_px = 0;
  assay_json_get_double (calibration->document, "rms_px", &rms_px);
  g_autoptr (GDateTime) made = g_date_time_new_from_unix_local (calibration->made_us / G_USEC_PER_SEC);
  g_autofree char *day = made != NULL ? g_date_time_format (made, "%-d %B %Y") : NULL;
  return g_strdup_printf ("calibrated: %.2f px, %s", rms_px, day != NULL ? day : "");
}

static gboolean
read_calibration (AssayStore *store, const AssaySensor *sensor, AssaySensorPapers *papers, GError **error)
{
  g_autoptr (AssayCalibration) calibration = NULL;
  g_autofree char *why = NULL;
  if (papers->width_px == 0)
    return TRUE;
  if (!assay_calibration_for (store, &sensor->id, papers->width_px, papers->height_px, papers->controls, &calibration,
                              &why, error))
    return FALSE;
  papers->calibrated = calibration != NULL;
  papers->calibration = calibration != NULL ? describe (calibration) : g_strdup (why);
  return TRUE;
}

static gboolean
read_papers (AssayProject *project, gpointer data, GError **error)
{
  AssaySensorPapers *papers = data;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (AssaySensor) sensor = assay_sensor_get (project->store, "camera", papers->identity, &wrong);
  if (sensor == NULL)
    {
      /* A camera that this project never heard of has no papers. */
      papers->calibration = g_strdup ("not calibrated");
      return TRUE;
    }
  papers->presets = assay_sensor_list_presets (project->store, sensor, error);
  return papers->presets != NULL && read_calibration (project->store, sensor, papers, error);
}

typedef struct
{
  char *identity, *sensor_name, *name;
  json_t *preset;
} Saving;

static void
saving_free (Saving *saving)
{
  g_free (saving->identity);
  g_free (saving->sensor_name);
  g_free (saving->name);
  json_decref (saving->preset);
  g_free (saving);
}

static gboolean
save_preset (AssayProject *project, gpointer data, GError **error)
{
  const Saving *saving = data;
  g_autoptr (AssaySensor) sensor
      = assay_sensor_ensure (project->store, "camera", saving->identity, saving->sensor_name, error);
  return sensor != NULL && assay_sensor_add_preset (project->store, sensor, saving->name, saving->preset, error);
}

/* --- the main loop --- */

void
assay_sensor_papers_read (AssayDesk *desk, AssaySensorPapers *take_papers, AssayDeskDone done, gpointer owner)
{
  assay_desk_read (desk, read_papers, take_papers, (GDestroyNotify) assay_sensor_papers_free, done, owner);
}

void
assay_sensor_papers_save (AssayDesk *desk, const char *identity, const char *sensor_name, const char *name,
                          const json_t *list, AssayDeskDone done, gpointer owner)
{
  Saving *saving = g_new0 (Saving, 1);
  saving->identity = g_strdup (identity);
  saving->sensor_name = g_strdup (sensor_name);
  saving->name = g_strdup (name);
  saving->preset = assay_preset_take (list);
  assay_desk_run (desk, save_preset, saving, (GDestroyNotify) saving_free, done, owner);
}
