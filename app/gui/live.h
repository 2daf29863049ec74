/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/live.h - one sensor as the Capture page watches it: off, opening, live, away, or failed with the reason.
 *
 * Opened and closed on the studio's thread (app/gui/studio.h); while live, a thread of its own, which yields to
 * those that record, turns the newest frame into RGB, measures it and keeps only that, so that a slow screen costs
 * no frame. Main thread but for the two functions of the studio. */
#include "app/gui/live-overlay.h"
#include "capture/stream.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_LIVE (assay_live_get_type ())
G_DECLARE_FINAL_TYPE (AssayLive, assay_live, ASSAY, LIVE, GObject)

typedef enum
{
  ASSAY_LIVE_OFF,
  ASSAY_LIVE_OPENING,
  ASSAY_LIVE_ON,
  ASSAY_LIVE_AWAY, /* it was on, and is not there: it goes on by itself when it comes back */
  ASSAY_LIVE_FAILED
} AssayLiveStatus;

/* Signals: "changed": the state, the settings or the name did; "controls": the controls were read again; "returned":
 * the device came back, with the settings that it has when it is plugged in. Takes the info. */
AssayLive *assay_live_new (AssayDeviceInfo *take_info);
const AssayDeviceInfo *assay_live_get_info (AssayLive *live);
/* For people: what somebody called it, else what it calls itself. */
const char *assay_live_get_name (AssayLive *live);
void assay_live_set_name (AssayLive *live, const char *name); /* kept with the sensor; "" = its own */
/* Nothing but the place where it is plugged in tells it from others. */
gboolean assay_live_is_weak (AssayLive *live);

/* Somebody asked for it by its words: it stays in the list although no driver lists it. */
void assay_live_set_asked_for (AssayLive *live, const char *settings);
gboolean assay_live_is_asked_for (AssayLive *live);

AssayLiveStatus assay_live_get_state (AssayLive *live);
const char *assay_live_get_trouble (AssayLive *live); /* AWAY, FAILED: why */
double assay_live_get_away_s (AssayLive *live); /* AWAY, and OPENING while it is looked for: since when; else 0 */
/* What comes behind the id when it is opened: "" or ",size=1280x720,fps=30". */
const char *assay_live_get_settings (AssayLive *live);
void assay_live_set_settings (AssayLive *live, const char *settings);

/* Its controls, as list_controls gave them last (capture/source.h): borrowed until they are read again; NULL = none
 * were read. */
const json_t *assay_live_get_controls (AssayLive *live);
void assay_live_take_controls (AssayLive *live, json_t *controls);
/* {id: value} of what was set here: it is set again whenever the device is opened, or comes back. Borrowed. */
json_t *assay_live_get_touched (AssayLive *live);

/* ON, AWAY: borrowed until it is closed. */
AssayStream *assay_live_get_stream (AssayLive *live);
/* The newest picture, when it is another one than `serial` names (begins with 0); else NULL. Several may look. */
GdkTexture *assay_live_get_texture (AssayLive *live, guint64 *serial);
/* What is drawn over the picture, kept with the sensor; and what was measured for it. FALSE: nothing yet. */
AssayOverlays assay_live_get_overlays (AssayLive *live);
void assay_live_set_overlays (AssayLive *live, AssayOverlays overlays);
gboolean assay_live_get_look (AssayLive *live, AssayOverlayLook *ret_look);

typedef struct
{
  double received_fps; /* of the last two seconds; NaN until they were counted */
  double shown_fps;    /* pictures made for the screen */
  double wanted_fps;   /* what was asked for, else what the device answered; 0 = not said */
  gboolean slowed;     /* the machine has no time for all pictures: recording goes first */
} AssayLiveRates;
void assay_live_get_rates (AssayLive *live, AssayLiveRates *ret_rates);
/* A microphone's levels; FALSE before the first block. */
gboolean assay_live_get_level (AssayLive *live, AssayLevel *ret_level);
/* It clipped since it was opened, and since somebody cleared it. */
gboolean assay_live_is_clipped (AssayLive *live);
void assay_live_clear_clip (AssayLive *live);

/* For the studio. State changes are told on the main thread: */
void assay_live_set_state (AssayLive *live, AssayLiveStatus state, const char *trouble);
/* and these block, on the studio's thread. */
gboolean assay_live_open (AssayLive *live, const char *words, GError **error);
void assay_live_close (AssayLive *live);
AssayStream *assay_live_get_open_stream (AssayLive *live); /* NULL when it is closed */

G_END_DECLS
