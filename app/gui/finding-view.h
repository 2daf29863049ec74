/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/finding-view.h - the open findings, worst first, with filters: check, annotator, words of the sentence (a
 * class, an item). Annotators are letters until a case is settled. Follows the project by itself. Main thread.
 *
 * Signals: "selected": another finding, or none; "activated": double click or Enter on one. */
#include "app/gui/desk.h"
#include "app/gui/finding-row.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_FINDING_VIEW (assay_finding_view_get_type ())
G_DECLARE_FINAL_TYPE (AssayFindingView, assay_finding_view, ASSAY, FINDING_VIEW, GtkWidget)

void assay_finding_view_set_desk (AssayFindingView *view, AssayDesk *desk); /* (nullable) */
AssayFindingRow *assay_finding_view_get_selected (AssayFindingView *view);  /* borrowed; NULL = none */
gboolean assay_finding_view_step (AssayFindingView *view, int by);

G_END_DECLS
