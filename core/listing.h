/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/listing.h - items with one annotator's state under one task, a page at a time: what lists on screens show.
 *
 * Each call costs what it returns, whatever the size of the project. Store's thread. */
#include "core/label.h"

G_BEGIN_DECLS

typedef struct
{
  AssayItem *item;
  AssayLabelState state; /* TODO without a task or an annotator */
} AssayListed;
void assay_listed_free (AssayListed *listed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayListed, assay_listed_free)

/* Those of the items in rows [first, last] that have `media_kind`, by row: AssayListed in a GPtrArray.
 * `annotator_row` 0 = nobody. */
GPtrArray *assay_listing_read (AssayStore *store, gint64 first_row, gint64 last_row, AssayMediaKind media_kind,
                               gint64 task_row, gint64 annotator_row, GError **error);
/* Rows after `after_row` of the items that can have a label of this task, in order: gint64 in a GArray. */
GArray *assay_listing_rows (AssayStore *store, const AssayTask *task, gint64 after_row, GError **error);
/* The first item after `after_row` that the annotator has not answered (todo, draft or sent back) and the plan still
 * wants answers for (one, or several in the overlap), else the first from the start; 0 = there is none. */
gboolean assay_listing_next_todo (AssayStore *store, const AssayTask *task, gint64 annotator_row, gint64 after_row,
                                  gint64 *ret_row, GError **error);

G_END_DECLS
