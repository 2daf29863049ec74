/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/scope.h - which items a task asks about: those of its kind's media, and of these only what the key "items"
 * of its rules says.
 *
 *   "items": {"prefix": "left/" or a list, "sequence": "walk-1" or a list, "flag": "hard",
 *             "media": "picture" | "film" | "sound"}
 *
 * Every key that is there must hold, of a list any one; "film" is frames of films, "picture" whole pictures. Tags are
 * given to pictures, and with "media": "sound" to sounds. Same thread as the store. */
#include "core/item.h"
#include "core/task.h"

G_BEGIN_DECLS

/* BAD_DATA with what is wrong in the rules (nullable) of a task. What is not understood in stored rules limits
 * nothing. */
gboolean assay_scope_check (const json_t *rules, GError **error);
gboolean assay_scope_is_limited (const AssayTask *task);
/* What the task is asked of: its kind's media, and sounds of a kind that serves any when the rules say so. Any thread. */
AssayMediaKind assay_scope_get_media (const AssayTask *task);
/* The condition over table `item`, for statements. */
char *assay_scope_dup_sql (const AssayTask *task);
/* How many there are, without those left out everywhere; of a task without limits at once, else what the items
 * within them cost. */
gboolean assay_scope_count (AssayStore *store, const AssayTask *task, gint64 *ret_n, GError **error);

/* The same asked of one item after another. */
typedef struct _AssayScope AssayScope;
AssayScope *assay_scope_new (AssayStore *store, const AssayTask *task, GError **error);
void assay_scope_free (AssayScope *scope);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayScope, assay_scope_free)
gboolean assay_scope_has (const AssayScope *scope, const AssayItem *item);

G_END_DECLS
