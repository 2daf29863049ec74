/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/tag-tile.h - one item of the tag grid: its thumbnail, its name, its tags. Main thread. */
#include "app/gui/tag-row.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_TAG_TILE (assay_tag_tile_get_type ())
G_DECLARE_FINAL_TYPE (AssayTagTile, assay_tag_tile, ASSAY, TAG_TILE, GtkWidget)

GtkWidget *assay_tag_tile_new (void);
/* `task` is borrowed while the row is shown. NULL: nothing is. */
void assay_tag_tile_set_row (AssayTagTile *tile, AssayTagRow *row, const AssayTask *task);
AssayTagRow *assay_tag_tile_get_row (AssayTagTile *tile); /* (nullable) */

G_END_DECLS
