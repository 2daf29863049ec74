/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/display-panel.h - the button over the picture whose panel says how picture and marks are shown: window
 * and level, gamma, brightness, contrast, channel, equalisation, opacity, crosshair, map. Nothing of it is data.
 * Main thread. */
#include "app/gui/canvas.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_DISPLAY_PANEL (assay_display_panel_get_type ())
G_DECLARE_FINAL_TYPE (AssayDisplayPanel, assay_display_panel, ASSAY, DISPLAY_PANEL, GtkWidget)

GtkWidget *assay_display_panel_new (AssayCanvas *canvas);
/* Opens it, or closes it. */
void assay_display_panel_toggle (AssayDisplayPanel *panel);

G_END_DECLS
