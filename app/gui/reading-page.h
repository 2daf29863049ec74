/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/reading-page.h - a script read aloud, over the window: which script, microphone and reader; then the
 * sentences one by one (app/gui/reading-stage.h); then what came of it. The same as `assay read`.
 *
 * Signal "closed" (): the page is done with the microphones. Main thread. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_READING_PAGE (assay_reading_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayReadingPage, assay_reading_page, ASSAY, READING_PAGE, GtkWidget)

/* `sensors`: of AssayLive; their microphones are offered. None of them may be on. */
GtkWidget *assay_reading_page_new (AssayDesk *desk, GListModel *sensors);

G_END_DECLS
