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

/* The items of these `n` rows, which rise, in that order: AssayListed in a GPtrArray. `annotator_row` 0 = nobody. */
GPtrArray *assay_listing_read (AssayStore *store, const gint64 *rows, guint n, gint64 task_row, gint64 annotator_row,
                               GError **error);
/* Rows after `after_row` of the items that this task asks about (core/scope.h), in order: gint64 in a GArray. For an
 * annotator whom the plan names for it (core/assignment.h) those that are theirs, for anybody else all. */
GArray *assay_listing_rows (AssayStore *store, const AssayTask *task, gint64 annotator_row, gint64 after_row,
                            GError **error);
/* What is to be labelled next, from `after_row` on and round (core/queue.h); 0 = there is nothing. */
gboolean assay_listing_next_todo (AssayStore *store, const AssayTask *task, gint64 annotator_row, gint64 after_row,
                                  gint64 *ret_row, GError **error);

G_END_DECLS
