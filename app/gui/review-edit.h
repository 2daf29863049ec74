/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/review-edit.h - a case edited by its reviewer: the tools of the Annotate page on a copy, over the whole
 * window, until it is settled or given up. The copy is a draft of the reviewer's hand (app/job-verdict.h).
 *
 * Keys are those of Annotate: tools, classes, undo, zoom; Ctrl+Enter settles. Signals: "settle": what stands is to be
 * the truth; "give-up"; "failed" (const GError *). Main thread. */
#include "app/gui/annotation.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_REVIEW_EDIT (assay_review_edit_get_type ())
G_DECLARE_FINAL_TYPE (AssayReviewEdit, assay_review_edit, ASSAY, REVIEW_EDIT, GtkWidget)

GtkWidget *assay_review_edit_new (AssayDesk *desk, gint64 item_row, const AssayTask *task, const AssayAnnotator *hand,
                                  const char *title);
/* As it stands: a copy; NULL until it is open. */
AssayObjects *assay_review_edit_dup_objects (AssayReviewEdit *edit);

G_END_DECLS
