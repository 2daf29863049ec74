/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/flood.h - no check speaks of more than a twentieth of the items (and twenty): the worst are listed, the rest
 * is one sentence with a number, for a flood is not read.
 *
 * Beside that number stand: what is about no single item; what somebody has dismissed; and errors of checks that
 * are certain (qa/check.h), for a broken rule is broken however often it happens. Same thread as the store. */
#include "qa/check.h"

G_BEGIN_DECLS

/* Where the list ends: whatever is less bad than this is in the sentence. */
typedef struct
{
  gint32 is_flooded, severity;
  double score;
} AssayFlood;

/* Of `findings` (of AssayFinding, of one check; `task` NULL = about media) those within the twentieth of `n_items`,
 * and the sentence, which is `ret_rest` (NULL = there is no flood). All borrowed. */
GPtrArray *assay_flood_list (AssayStore *store, const AssayCheck *check, const AssayTask *task, guint64 n_items,
                             const GPtrArray *findings, AssayFinding **ret_rest, AssayFlood *ret_flood,
                             GError **error);

/* Remembered, so that what is looked at by itself afterwards (qa/follow.h) keeps to it. */
gboolean assay_flood_remember (AssayStore *store, const AssayCheck *check, const AssayTask *task,
                               const AssayFlood *flood, GError **error);
gboolean assay_flood_recall (AssayStore *store, const AssayCheck *check, const AssayTask *task,
                             AssayFlood *ret_flood, GError **error);
/* FALSE: the sentence speaks of it already. */
gboolean assay_flood_lists (const AssayFlood *flood, const AssayCheck *check, const AssayFinding *finding);

G_END_DECLS
