/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/item-model.h - the items that can have a label of the desk's task, as a GListModel of AssayItemRow.
 *
 * Only their row numbers are held (8 bytes an item); a row object is made when a list asks for it, and filled when
 * the page of rows around it was read on a reader thread. Main thread. */
#include "app/gui/desk.h"
#include "core/label.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_ITEM_ROW (assay_item_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayItemRow, assay_item_row, ASSAY, ITEM_ROW, GObject)

/* Signal "changed": what follows has become known, or is different. */
gint64 assay_item_row_get_row (AssayItemRow *row);
const AssayItem *assay_item_row_get_item (AssayItemRow *row); /* NULL until it was read */
AssayLabelState assay_item_row_get_state (AssayItemRow *row);
/* What is said of the item as a whole: "hard · discuss"; "" = nothing. */
const char *assay_item_row_get_flags (AssayItemRow *row);
/* Asked for by being called: NULL until it was made. */
GdkTexture *assay_item_row_get_thumbnail (AssayItemRow *row);

#define ASSAY_TYPE_ITEM_MODEL (assay_item_model_get_type ())
G_DECLARE_FINAL_TYPE (AssayItemModel, assay_item_model, ASSAY, ITEM_MODEL, GObject)

AssayItemModel *assay_item_model_new (AssayDesk *desk);
gint64 assay_item_model_get_row (AssayItemModel *model, guint position);
/* GTK_INVALID_LIST_POSITION (G_MAXUINT) when it is not in the list. */
guint assay_item_model_find (AssayItemModel *model, gint64 item_row);
/* This item (0 = none) comes again to its annotator (core/again.h): it looks as if it had no answer. */
void assay_item_model_set_again (AssayItemModel *model, gint64 item_row);

G_END_DECLS
