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

/* A popover at a place of `parent`, which fills itself off the main loop and is gone by itself. */
void assay_dashboard_items_show (GtkWidget *parent, AssayDesk *desk, const GdkRectangle *at, const char *what,
                                 AssayDashboardOpen open, gpointer owner);

G_END_DECLS
