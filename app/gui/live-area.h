/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/live-area.h - the middle of the Capture page: what the sensors that are on see and hear, the state of the
 * recording to be read from four metres, and how long the disk lasts. Signal "chosen": settings and keys mean another
 * camera. Main thread. */
#include "app/gui/studio.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_LIVE_AREA (assay_live_area_get_type ())
G_DECLARE_FINAL_TYPE (AssayLiveArea, assay_live_area, ASSAY, LIVE_AREA, GtkWidget)

/* The studio, and the folder whose disk is told of; NULL before the studio is closed. */
void assay_live_area_set_studio (AssayLiveArea *area, AssayStudio *studio, const char *directory);
/* Sensors came, went, or changed. */
void assay_live_area_arrange (AssayLiveArea *area);
AssayLive *assay_live_area_get_chosen (AssayLiveArea *area); /* (nullable) borrowed */
/* Histogram, exposure, focus or grid over the chosen camera. */
void assay_live_area_toggle (AssayLiveArea *area, AssayOverlays overlay);

G_END_DECLS
