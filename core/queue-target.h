/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/queue-target.h - the plan's targets that one task serves, how far each is below its count, and which an
 * unanswered item would serve by what was said when it was taken. Store's thread. */
#include "core/plan.h"
#include "core/task.h"

G_BEGIN_DECLS

typedef struct _AssayTargets AssayTargets;
/* Counts what the truths of the task have already: costs the answers so far when the plan has targets with
 * conditions. */
AssayTargets *assay_targets_new (AssayStore *store, const AssayPlan *plan, const AssayTask *task, GError **error);
void assay_targets_free (AssayTargets *targets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTargets, assay_targets_free)
gboolean assay_targets_is_empty (const AssayTargets *targets);
/* From 0 (none) to 1 (nothing there yet): how far the neediest target that an item of these facts would serve is
 * below its count. `ret_words` (nullable, borrowed): "mug {\"light\":\"low\"}: 37 of 200". */
double assay_targets_rank (const AssayTargets *targets, const char *facts, const char **ret_words);

G_END_DECLS
