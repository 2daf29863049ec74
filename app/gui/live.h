/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/live.h - one sensor as the Capture page watches it: off, opening, live, or failed with the reason.
 *
 * Opened and closed on the studio's thread (app/gui/studio.h); while live, a thread of its own turns the newest
 * frame into RGB and keeps only that, so that a slow screen costs no frame. Main thread but for the two functions
 * of the studio. */
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
  ASSAY_LIVE_FAILED
} AssayLiveState;

/* Signal "changed": the state or the settings did. Takes the info. */
AssayLive *assay_live_new (AssayDeviceInfo *take_info);
const AssayDeviceInfo *assay_live_get_info (AssayLive *live);
AssayLiveState assay_live_get_state (AssayLive *live);
const char *assay_live_get_trouble (AssayLive *live); /* FAILED: why */
/* What comes behind the id when it is opened: "" or ",size=1280x720,fps=30". */
const char *assay_live_get_settings (AssayLive *live);
void assay_live_set_settings (AssayLive *live, const char *settings);

/* ON: borrowed until it is closed. */
AssayStream *assay_live_get_stream (AssayLive *live);
/* The newest picture, when it was not taken yet; else NULL. */
GdkTexture *assay_live_take_texture (AssayLive *live);
/* Highest sample and root mean square since the last call, 0 to 1. */
void assay_live_take_level (AssayLive *live, double *ret_peak, double *ret_rms);

/* For the studio. State changes are told on the main thread: */
void assay_live_set_state (AssayLive *live, AssayLiveState state, const char *trouble);
/* and these block, on the studio's thread. */
gboolean assay_live_open (AssayLive *live, const char *words, GError **error);
void assay_live_close (AssayLive *live);

G_END_DECLS
