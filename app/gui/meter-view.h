/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/meter-view.h - a microphone's levels as bars, one a channel: root mean square, peak with hold, and a field
 * that stays red once it clipped, until it is clicked. Pulls on the frame clock, and nothing while it is hidden. Main
 * thread. */
#include "app/gui/live.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_METER_VIEW (assay_meter_view_get_type ())
G_DECLARE_FINAL_TYPE (AssayMeterView, assay_meter_view, ASSAY, METER_VIEW, GtkWidget)

GtkWidget *assay_meter_view_new (void);
void assay_meter_view_set_live (AssayMeterView *view, AssayLive *live); /* (nullable) */

G_END_DECLS
