/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/sensor-memory.h - what a person said about the sensors of this machine, by their stable ids: names, what
 * is drawn over the picture. A key file, $XDG_CONFIG_HOME/assay/sensors.conf, written at once (temp, rename). Main
 * thread. */
#include <glib.h>

G_BEGIN_DECLS

char *assay_sensor_memory_get (const char *id, const char *what); /* (nullable); free it */
void assay_sensor_memory_set (const char *id, const char *what, const char *value); /* NULL forgets it */

G_END_DECLS
