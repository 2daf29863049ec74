/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/tag-row.h - an item of the tag grid, as its annotator left it. Signal "changed". Main thread. */
#include "app/gui/thumbnailer.h"
#include "core/label.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_TAG_ROW (assay_tag_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayTagRow, assay_tag_row, ASSAY, TAG_ROW, GObject)

AssayTagRow *assay_tag_row_new (gint64 item_row);
gint64 assay_tag_row_get_row (AssayTagRow *row);
const AssayItem *assay_tag_row_get_item (AssayTagRow *row); /* NULL until it was read */
const char *assay_tag_row_get_path (AssayTagRow *row);      /* of its media; likewise */
AssayLabelState assay_tag_row_get_state (AssayTagRow *row);
const GArray *assay_tag_row_get_tags (AssayTagRow *row); /* of AssayId: classes */

/* `take_item` NULL keeps the one there is, and its path. `tags` is copied. */
void assay_tag_row_fill (AssayTagRow *row, AssayItem *take_item, char *take_path, AssayLabelState state,
                         const GArray *tags);

/* It comes into sight: its thumbnail is made. Out of sight it is dropped, so that ten thousand cost no memory. */
void assay_tag_row_wake (AssayTagRow *row, AssayThumbnailer *thumbnailer);
void assay_tag_row_sleep (AssayTagRow *row);
GdkTexture *assay_tag_row_get_thumbnail (AssayTagRow *row); /* (nullable) */

/* Somebody has had it before their eyes; has begun to play it. */
typedef enum
{
  ASSAY_TAG_SEEN = 1 << 0,
  ASSAY_TAG_HEARD = 1 << 1,
  ASSAY_TAG_PLAYING = 1 << 2
} AssayTagMarks;
AssayTagMarks assay_tag_row_get_marks (AssayTagRow *row);
void assay_tag_row_mark (AssayTagRow *row, AssayTagMarks marks, gboolean set);

G_END_DECLS
