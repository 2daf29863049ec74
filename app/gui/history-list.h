/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/history-list.h - the named steps of one item, newest first: those that are undone above where it stands,
 * those that stand below. Signal "go" (int): so many steps to redo, or (negative) to undo. Main thread. */
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_HISTORY_LIST (assay_history_list_get_type ())
G_DECLARE_FINAL_TYPE (AssayHistoryList, assay_history_list, ASSAY, HISTORY_LIST, GtkPopover)

GtkWidget *assay_history_list_new (void);
/* `steps`: names (char *) in the order of doing, of which `n_done` stand. */
void assay_history_list_show (AssayHistoryList *list, const char *item_name, const GPtrArray *steps, guint n_done);

G_END_DECLS
