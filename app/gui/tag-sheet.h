/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/tag-sheet.h - the queue of who annotates as a list of AssayTagRow: a piece at a time, in the order in
 * which the items would come; what each of them is is read when it comes into sight. All off the main loop; answers
 * that come after the sheet is gone are nobody's. Signals: "grown"; "read"; "failed" (const GError *). Main thread.
 */
#include "app/gui/desk.h"
#include "app/gui/tag-row.h"
#include "app/gui/tag-work.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_TAG_SHEET (assay_tag_sheet_get_type ())
G_DECLARE_FINAL_TYPE (AssayTagSheet, assay_tag_sheet, ASSAY, TAG_SHEET, GObject)

/* `task` and `annotator` are borrowed for its life. */
AssayTagSheet *assay_tag_sheet_new (AssayDesk *desk, const AssayTask *task, const AssayAnnotator *annotator);
/* No thumbnail is made any more. */
void assay_tag_sheet_end (AssayTagSheet *sheet);
GListModel *assay_tag_sheet_get_model (AssayTagSheet *sheet);
AssayTagRow *assay_tag_sheet_get_at (AssayTagSheet *sheet, guint position); /* (nullable) borrowed */
guint assay_tag_sheet_find (AssayTagSheet *sheet, AssayTagRow *row);        /* G_MAXUINT = not there */
/* The row is shown at this place: it is read, has its thumbnail made, and more of the queue is asked for near its
 * end. */
void assay_tag_sheet_show (AssayTagSheet *sheet, AssayTagRow *row, guint position);
/* What a work has found of its items. */
void assay_tag_sheet_fill (AssayTagSheet *sheet, AssayTagWork *work);
gboolean assay_tag_sheet_is_whole (AssayTagSheet *sheet);   /* that is all of the queue */
const char *assay_tag_sheet_get_end (AssayTagSheet *sheet); /* (nullable) why it is empty */

G_END_DECLS
