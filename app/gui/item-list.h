/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/item-list.h - the items of the project as a virtual list: thumbnail, name, state for the current
 * annotator and task.
 *
 * Works the same with ten items and with a million: rows are read a page at a time off the main loop.
 * Signals: "selected" (gint64 item_row), also when the selection is moved by code; "chosen": the selected
 * item was clicked, or Enter was pressed on it, as one does who goes to work on it; "stayed" (const GError *,
 * const char *, one of them NULL): there is no next one to go to: it cannot be found, or why nothing is left to do; "resumed" (const char *
 * tool, nullable): where the annotator left is known; "selected" comes next, also when that is the same item as before.
 * Until then nothing is selected by itself. Main thread. */
#include "app/gui/desk.h"
#include "core/label.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_ITEM_LIST (assay_item_list_get_type ())
G_DECLARE_FINAL_TYPE (AssayItemList, assay_item_list, ASSAY, ITEM_LIST, GtkWidget)

GtkWidget *assay_item_list_new (void);
void assay_item_list_set_desk (AssayItemList *list, AssayDesk *desk); /* NULL empties it */

guint assay_item_list_get_n_items (AssayItemList *list);
guint assay_item_list_get_position (AssayItemList *list);  /* GTK_INVALID_LIST_POSITION = nothing selected */
gint64 assay_item_list_get_selected (AssayItemList *list); /* item row; 0 = nothing */
void assay_item_list_select (AssayItemList *list, gint64 item_row);
/* What can be done with the item of the row in focus; FALSE when no row is. */
gboolean assay_item_list_show_menu (AssayItemList *list);
/* Where this annotator left is being looked for: "resumed" and "selected" follow. */
gboolean assay_item_list_is_resuming (AssayItemList *list);
/* (nullable) Who answers this item now, where the queue gave it a second time: the annotator's second self, without the
 * first answer (core/again.h). Whoever chooses the item themselves gets their own answer. */
const AssayAnnotator *assay_item_list_get_again (AssayItemList *list, gint64 item_row);
/* Moves by `by` items, stopping at the ends; FALSE when it is there already. */
gboolean assay_item_list_step (AssayItemList *list, int by);
/* The next item that this annotator has not answered (todo, draft or sent back), from here round to here; read off
 * the main loop, so the selection follows a moment later, unless another item was chosen by then; or "stayed". */
void assay_item_list_step_todo (AssayItemList *list);

G_END_DECLS
