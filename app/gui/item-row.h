/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/item-row.h - how item-model.c makes and fills the rows that lists see (item-model.h). */
#include "app/gui/item-model.h"
#include "app/gui/thumbnailer.h"

G_BEGIN_DECLS

AssayItemRow *assay_item_row_new (gint64 row, AssayThumbnailer *thumbnailer);
/* Takes the item (or NULL to keep the one it has) and the path of its media; `flags`: words, or "". */
void assay_item_row_fill (AssayItemRow *row, AssayItem *take_item, char *take_path, AssayLabelState state,
                          const char *flags);
/* The model is going: no thumbnail is to be asked for any more. */
void assay_item_row_orphan (AssayItemRow *row);

G_END_DECLS
