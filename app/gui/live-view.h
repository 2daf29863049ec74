/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/live-view.h - a camera's picture as it is now, as large as it goes, with what the technician wants over
 * it: pulls the newest frame on the frame clock, and nothing while it is hidden. Signal "pressed": clicked, or Enter.
 * Main thread. */
#include "app/gui/live.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_LIVE_VIEW (assay_live_view_get_type ())
G_DECLARE_FINAL_TYPE (AssayLiveView, assay_live_view, ASSAY, LIVE_VIEW, GtkWidget)

GtkWidget *assay_live_view_new (void);
void assay_live_view_set_live (AssayLiveView *view, AssayLive *live); /* (nullable) */
AssayLive *assay_live_view_get_live (AssayLiveView *view);            /* (nullable) */
/* With the sensor's name at its foot: where there are several. */
void assay_live_view_set_captioned (AssayLiveView *view, gboolean captioned);

G_END_DECLS
