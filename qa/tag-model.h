/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/tag-model.h - who can be believed about tags: Dawid and Skene over all answers to a task, read without their
 * values (the database keeps each answer's classes beside it). Made on the store's thread, then any thread. */
#include "core/label.h"
#include "qa/class-votes.h"

G_BEGIN_DECLS

typedef struct _AssayTagModel AssayTagModel;
/* One query; every submitted answer. */
AssayTagModel *assay_tag_model_new (AssayStore *store, const AssayTask *task, GError **error);
void assay_tag_model_free (AssayTagModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTagModel, assay_tag_model_free)
/* There are not enough to weigh anybody (qa/class-votes.h): most must decide. */
gboolean assay_tag_model_is_weighed (const AssayTagModel *model);
/* How likely this item has this tag (a class of the task by its place); 0 for what nobody said of it, NaN when it
 * is not weighed or nobody answered. */
double assay_tag_model_get (const AssayTagModel *model, gint64 item_row, guint class);

G_END_DECLS
