/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/item-notice.h - a line over the work for what others have said of one's own answer: sent back, with the
 * reviewer's words and a pin; submitted, with a way to take it back; settled, with a way to see it against the
 * truth, which is read from the database only then.
 *
 * Signals: "marks-changed": what it has to draw over the picture is another; "look" (const AssayRect *): the person
 * wants to see this place; "state" (int AssayLabelState): it was read, or has changed. Main thread. */
#include "app/gui/desk.h"
#include "core/label.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_ITEM_NOTICE (assay_item_notice_get_type ())
G_DECLARE_FINAL_TYPE (AssayItemNotice, assay_item_notice, ASSAY, ITEM_NOTICE, GtkWidget)

/* The item that is open, under the desk's task and for its annotator, or (`again`, nullable) their second self; desk NULL or row
 * 0 = none. */
void assay_item_notice_set_item (AssayItemNotice *notice, AssayDesk *desk, gint64 item_row, const AssayAnnotator *again);
/* Adds what is to be drawn over the picture: it is the notice's own until "marks-changed". */
void assay_item_notice_add_marks (AssayItemNotice *notice, AssayMarks *marks);
/* TODO until it is known. */
AssayLabelState assay_item_notice_get_state (AssayItemNotice *notice);
/* Own answer against the truth: on or off; nothing while it is not settled. */
void assay_item_notice_toggle_compare (AssayItemNotice *notice);

G_END_DECLS
