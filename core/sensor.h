/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/sensor.h - a camera or microphone with a stable identity, and the sessions in which it recorded. Store's thread. */
#include "core/geometry.h"
#include "core/store.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef struct {
  gint64 row;
  AssayId id;
  char *kind;     /* "camera" or "microphone" */
  char *identity; /* vid:pid, serial, path… one line, as the source made it; never /dev/videoN */
  char *name;
} AssaySensor;
void assay_sensor_free (AssaySensor *sensor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySensor, assay_sensor_free)
/* NOT_FOUND when this project never heard of it. */
AssaySensor *assay_sensor_get (AssayStore *store, const char *kind, const char *identity, GError **error);
AssaySensor *assay_sensor_ensure (AssayStore *store, const char *kind, const char *identity, const char *name, GError **error);
/* With the id that it has, unless that is known: of a recording whose database was lost. */
gboolean assay_sensor_add (AssayStore *store, const AssaySensor *sensor, GError **error);

/* A camera's settings under a name, as capture/preset.h makes them: a document of kind "preset" in the table
 * `calibration`. Nothing is changed in place: the last one saved under a name stands. */
gboolean assay_sensor_add_preset (AssayStore *store, const AssaySensor *sensor, const char *name, const json_t *preset, GError **error);
/* [{name, sensor, made_us, preset}], by name, of one sensor or of all (NULL). New reference. */
json_t *assay_sensor_list_presets (AssayStore *store, const AssaySensor *sensor, GError **error);

/* A capture session: `info` is what its session.json says: name, conditions, operator, the (monotonic, realtime) pairs. With
 * the id that it has, unless that is known. */
gboolean assay_session_add (AssayStore *store, const AssayId *session, gint64 began_us, const json_t *info, GError **error);
/* Adds a report row; nothing is changed in place. */
gboolean assay_session_report (AssayStore *store, const AssayId *session, const json_t *report, GError **error);
/* By id, start of one (>= 4 digits), or name when only one has it; "latest". */
gboolean assay_session_find (AssayStore *store, const char *words, AssayId *ret_session, GError **error);
json_t *assay_session_get (AssayStore *store, const AssayId *session, GError **error); /* {info, reports:[…]} */

G_END_DECLS
