/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/sweep-page.h - all objects of a class at a glance, over the whole window, and one fault that they share
 * repaired at once: what is there dashed, what would be in its place solid.
 *
 * Arrows go through the crops, Space leaves one out or takes it in, Enter opens its case, Ctrl+Enter repairs. Signals:
 * "repair" (const AssayRepair *, GHashTable * of AssayId): these objects are to be; "open" (gint64 item_row, gint64
 * task_row); "closed"; "failed" (const GError *). Main thread. */
#include "app/gui/desk.h"
#include "app/job-repair.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_SWEEP_PAGE (assay_sweep_page_get_type ())
G_DECLARE_FINAL_TYPE (AssaySweepPage, assay_sweep_page, ASSAY, SWEEP_PAGE, GtkWidget)

GtkWidget *assay_sweep_page_new (AssayDesk *desk, const AssayTask *task);

G_END_DECLS
