/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/studio.h - the sensors of this machine and what is recorded from them, all on one thread, in the order of
 * asking: a driver that hangs holds up this thread and no window.
 *
 * Signals, on the main loop: "recorded" (const char *trouble, const json_t *report): a recording has ended; what went
 * wrong, or NULL; its report, or NULL when there is none. "answered" (AssayLive *, const char *what, const json_t
 * *wrongs, const char *error): settings were set, locked or restored, and {id: why} of what did not come out. Main
 * thread. */
#include "app/gui/live.h"
#include "capture/recorder.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_STUDIO (assay_studio_get_type ())
G_DECLARE_FINAL_TYPE (AssayStudio, assay_studio, ASSAY, STUDIO, GObject)

AssayStudio *assay_studio_new (const char *project_directory);
/* Ends the recording and closes every sensor; no callback comes from now on. TRUE: there is a recording to be kept. */
gboolean assay_studio_end (AssayStudio *studio);
/* Until all of that is done, which takes as long as the disk does; once, after assay_studio_end, on any thread. FALSE:
 * what a recording that was still being kept came to is not right. */
gboolean assay_studio_wait (AssayStudio *studio, GError **error);

/* Looks for sensors: those that came are added to the list, those that went are taken out unless they are in use.
 */
void assay_studio_look (AssayStudio *studio);
/* By itself from now on, or no longer: at once when something is plugged in or pulled, and now and then. Sensors that
 * are on and away are looked for in any case. */
void assay_studio_set_looking (AssayStudio *studio, gboolean looking);
GListModel *assay_studio_get_sensors (AssayStudio *studio); /* of AssayLive, cameras first */

/* A sensor that is being recorded cannot be switched: end the recording first. */
void assay_studio_set_on (AssayStudio *studio, AssayLive *live, gboolean on);

/* What a sensor can be set to, on the studio's thread: "controls" of the sensor says when they were read. One that is
 * off, or away, is set when it is opened. */
void assay_studio_read_controls (AssayStudio *studio, AssayLive *live);
void assay_studio_apply_controls (AssayStudio *studio, AssayLive *live, const json_t *values); /* {id: value} */
void assay_studio_lock_controls (AssayStudio *studio, AssayLive *live);
void assay_studio_restore_preset (AssayStudio *studio, AssayLive *live, const json_t *preset);

/* Records from the sensors of these kinds that are on. The plan is copied. */
void assay_studio_record_plan (AssayStudio *studio, const AssayRecordPlan *plan, gboolean cameras,
                               gboolean microphones);
void assay_studio_take (AssayStudio *studio);
void assay_studio_stop (AssayStudio *studio);
gboolean assay_studio_is_recording (AssayStudio *studio, AssayDeviceKind kind);
/* One has ended, whoever ended it, and "recorded" is still to come: what it took is not all in the project. */
gboolean assay_studio_is_finishing (AssayStudio *studio);
/* Of the recording under way: stills (seconds of sound) kept, frames missing. */
void assay_studio_get_counts (AssayStudio *studio, guint64 *ret_kept, guint64 *ret_missing);
/* Of one sensor in it; FALSE when it is not recorded. */
gboolean assay_studio_get_sensor_counts (AssayStudio *studio, AssayLive *live, guint64 *ret_kept,
                                         guint64 *ret_missing);

/* The recording as it stands, for everybody to see. */
typedef struct
{
  gboolean recording, on_demand;
  double seconds;              /* since it began */
  guint64 lost_frames, lost_samples;
  AssayLive *away;             /* (nullable) borrowed: the recorded sensor that is away for longest */
  AssayLive *slowed;           /* (nullable) borrowed: its picture on the screen is slowed down */
  gboolean has_disk, has_skew;
  AssayDiskState disk;
  AssaySkewFacts skew;         /* the worst of the cameras */
} AssayStudioLook;
void assay_studio_get_look (AssayStudio *studio, AssayStudioLook *ret_look);

G_END_DECLS
