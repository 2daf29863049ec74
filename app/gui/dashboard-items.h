/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/dashboard-items.h - the items behind a number of the dashboard, the ones that speak against it most
 * first.
 *
 * What is asked for is what charts say (app/report.c): kind, task and name with tabs between: "class\tthings\tcup".
 * Main thread. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* `open` gets the item and task that were chosen. */
typedef void (*AssayDashboardOpen) (gpointer owner, gint64 item_row, gint64 task_row);

/* Lies over the right of what it is put upon, hidden until something is asked for; Escape hides it again. */
GtkWidget *assay_dashboard_items_new (void);
/* Fills itself off the main loop. `owner` (of `open`) outlives the panel. */
void assay_dashboard_items_show (GtkWidget *panel, AssayDesk *desk, const char *what, AssayDashboardOpen open,
                                 gpointer owner);

G_END_DECLS
