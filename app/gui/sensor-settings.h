/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/sensor-settings.h - what can be set on one sensor: its name, its size and rate, its controls as the driver
 * describes them, followed as they change; locked with one button, saved and restored by name; and whether its
 * calibration holds.
 *
 * Signal "changed": the sensor is to be opened again with assay_sensor_settings_dup_words. Main thread. */
#include "app/gui/desk.h"
#include "app/gui/studio.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_SENSOR_SETTINGS (assay_sensor_settings_get_type ())
G_DECLARE_FINAL_TYPE (AssaySensorSettings, assay_sensor_settings, ASSAY, SENSOR_SETTINGS, GtkWidget)

/* Both NULL before the studio is closed. */
void assay_sensor_settings_set_studio (AssaySensorSettings *settings, AssayStudio *studio, AssayDesk *desk);
void assay_sensor_settings_set_live (AssaySensorSettings *settings, AssayLive *live); /* (nullable) */
AssayLive *assay_sensor_settings_get_live (AssaySensorSettings *settings);
/* ",size=1280x720,fps=30,format=MJPG": free it. */
char *assay_sensor_settings_dup_words (AssaySensorSettings *settings);

G_END_DECLS
