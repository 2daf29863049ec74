/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/sensor-row.h - one sensor in the list of the Capture page: state, name, switch, rate and losses of a camera
 * with the cause when it is slow, levels of a microphone; asks for a name where only the place tells two sensors
 * apart. Main thread. */
#include "app/gui/studio.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_SENSOR_ROW (assay_sensor_row_get_type ())
G_DECLARE_FINAL_TYPE (AssaySensorRow, assay_sensor_row, ASSAY, SENSOR_ROW, GtkWidget)

/* Signal "switched" (gboolean on): the person switched it. */
GtkWidget *assay_sensor_row_new (AssayLive *live, AssayStudio *studio);
AssayLive *assay_sensor_row_get_live (AssaySensorRow *row);

G_END_DECLS
