/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/take-page.h - a take once more, over the window: stills in full size, every frame of a film step by step
 * or with its sound, a voice as its waveform. Picture and sound go together by when they were captured, on the
 * session's one clock. Space plays, Left and Right step, Up and Down change the camera, Escape closes. Signal
 * "closed". Main thread. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_TAKE_PAGE (assay_take_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayTakePage, assay_take_page, ASSAY, TAKE_PAGE, GtkWidget)

/* The take that this item belongs to, one of the last; 0 = what this session filmed. */
GtkWidget *assay_take_page_new (AssayDesk *desk, const AssayId *session, gint64 item_row);

G_END_DECLS
