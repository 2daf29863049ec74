/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/item-tile.h - one row of the item list: thumbnail, name, size, state. Shows whichever AssayItemRow it is
 * given. */
#include "app/gui/item-model.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_ITEM_TILE (assay_item_tile_get_type ())
G_DECLARE_FINAL_TYPE (AssayItemTile, assay_item_tile, ASSAY, ITEM_TILE, GtkWidget)

GtkWidget *assay_item_tile_new (void);
void assay_item_tile_set_row (AssayItemTile *tile, AssayItemRow *row); /* (nullable) */

G_END_DECLS
