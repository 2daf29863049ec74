/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/dashboard-cards.h - the blocks of a report (app/report.h) as widgets: each figure a card with its
 * heading, what it means behind a button, and its charts. Main thread. */
#include "app/report.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Called with each chart as it is made. */
typedef void (*AssayDashboardCharted) (gpointer owner, GtkWidget *chart);

/* Appends to `box`, in `columns` beside each other; takes the charts out of the blocks. */
void assay_dashboard_cards_fill (GtkBox *box, GPtrArray *blocks, guint columns, AssayDashboardCharted charted,
                                 gpointer owner);

G_END_DECLS
