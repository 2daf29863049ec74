/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/studio.h - the sensors of this machine and what is recorded from them, all on one thread, in the order of
 * asking: a driver that hangs holds up this thread and no window.
 *
 * Signals, on the main loop: "recorded" (const char *trouble): a recording has ended, and what went wrong, or NULL.
 * Main thread. */
#include "app/gui/live.h"
#include "capture/recorder.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_STUDIO (assay_studio_get_type ())
G_DECLARE_FINAL_TYPE (AssayStudio, assay_studio, ASSAY, STUDIO, GObject)

AssayStudio *assay_studio_new (const char *project_directory);
/* Ends the recording, closes every sensor, joins. No callback comes after it. */
void assay_studio_close (AssayStudio *studio);

/* Looks for sensors: those that came are added to the list, those that went are taken out unless they are in use.
 */
void assay_studio_look (AssayStudio *studio);
GListModel *assay_studio_get_sensors (AssayStudio *studio); /* of AssayLive, cameras first */

/* A sensor that is being recorded cannot be switched: end the recording first. */
void assay_studio_set_on (AssayStudio *studio, AssayLive *live, gboolean on);
/* Records from the sensors that are on. `conditions` (nullable): of every item. With `on_demand` cameras give a
 * still for each assay_studio_take, else nothing ends it but assay_studio_stop. */
void assay_studio_record (AssayStudio *studio, AssayDeviceKind kind, const json_t *conditions,
                          const char *operator_name);
void assay_studio_take (AssayStudio *studio);
void assay_studio_stop (AssayStudio *studio);
gboolean assay_studio_is_recording (AssayStudio *studio, AssayDeviceKind kind);
/* Of the recording under way: stills (seconds of sound) kept, frames missing. */
void assay_studio_get_counts (AssayStudio *studio, guint64 *ret_kept, guint64 *ret_missing);

G_END_DECLS
