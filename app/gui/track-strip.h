/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/track-strip.h - under a picture of a sequence: the track of the selected object as a line of key frames,
 * and what can be done to it. What would change other items says how many first, and asks.
 *
 * The sequence is read, planned and written on the desk's threads. After a key frame was changed, what stands
 * between is made again. Signals: "go" (gint64 item_row); "said" (const char *): a hint; "failed" (const GError *);
 * "done": the keys may go back to the work. Main thread. */
#include "app/gui/annotation.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_TRACK_STRIP (assay_track_strip_get_type ())
G_DECLARE_FINAL_TYPE (AssayTrackStrip, assay_track_strip, ASSAY, TRACK_STRIP, GtkWidget)

/* Opened already; NULL = nothing. Hidden where the item is of no sequence, or nothing can stand between. */
void assay_track_strip_set_annotation (AssayTrackStrip *strip, AssayDesk *desk, AssayAnnotation *annotation);
/* The selection may be another one. */
void assay_track_strip_update (AssayTrackStrip *strip);
/* "key", "fill", "join", "cut", "swap", "previous", "next": the rows of app/gui/keys.c. */
void assay_track_strip_act (AssayTrackStrip *strip, const char *what);

G_END_DECLS
