/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/dashboard-chart.h - a chart (app/chart.h) in the window. Pointing at a place of it tells its numbers; so
 * do the arrow keys, once it has the focus; a click or Enter opens what is behind the place. Main thread.
 *
 * Signals: "told" (const char *): the numbers of the place under the pointer or the keys, NULL = of none; "open"
 * (const char *): what is behind the place that was activated, as the chart's maker says it. */
#include "app/chart.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_DASHBOARD_CHART (assay_dashboard_chart_get_type ())
G_DECLARE_FINAL_TYPE (AssayDashboardChart, assay_dashboard_chart, ASSAY, DASHBOARD_CHART, GtkWidget)

GtkWidget *assay_dashboard_chart_new (AssayChart *take_chart);
const AssayChart *assay_dashboard_chart_get (AssayDashboardChart *chart); /* borrowed */

G_END_DECLS
