/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/dashboard.h - how far labels can be trusted, at one look: the document of app/job-report.h as charts.
 *
 * Measured by a job with a Cancel, only while it is shown and only when what it rests on has changed; what was
 * measured last is there at once. Main thread. Signals: "open-item" (gint64, gint64): the item and task that were
 * chosen behind a number; "closed": the person is done with it. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_DASHBOARD (assay_dashboard_get_type ())
G_DECLARE_FINAL_TYPE (AssayDashboard, assay_dashboard, ASSAY, DASHBOARD, GtkWidget)

GtkWidget *assay_dashboard_new (void);
void assay_dashboard_set_desk (AssayDashboard *dashboard, AssayDesk *desk); /* (nullable) */
void assay_dashboard_set_shown (AssayDashboard *dashboard, gboolean shown);

G_END_DECLS
