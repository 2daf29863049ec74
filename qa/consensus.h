/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/consensus.h - one answer made of several, by the way that the task's rules ask for, else the kind's first
 * (qa/fuse.h): tags by Dawid and Skene, masks by STAPLE, boxes, points and poses by a robust middle, words by ROVER.
 *
 * Objects of all answers are grouped over one-to-one matches; a group is kept when more than half of the answers
 * have it. Ties go to the first annotator by name. Deterministic: the objects' ids derive from those they were made
 * of. What is saved says in `assisted` which way was taken and of which revisions. `labels`: GPtrArray of AssayLabel, in the order of annotator names. Computing: any thread; the rest: that of
 * the store. */
#include "core/label.h"
#include "core/truth.h"
#include "qa/tag-model.h"

G_BEGIN_DECLS

/* All pairs of answers have the same objects, of the same classes, within the task's tolerance. Fewer than two:
 * FALSE. */
gboolean assay_consensus_agreed (const GPtrArray *labels, const AssayTask *task);
/* NULL with an error for fewer than two answers, or when there is no such way to join them. `tags` (nullable): what the
 * whole task says of who can be believed. `ret_used` (nullable): the ways taken, as words. */
AssayObjects *assay_consensus_compute (const GPtrArray *labels, const AssayTask *task, const AssayItem *item,
                                       const AssayTagModel *tags, char **ret_used, GError **error);
/* Computes it from the submitted answers and saves it as the answer of the annotator "consensus" (kind CONSENSUS).
 */
AssayLabel *assay_consensus_save (AssayStore *store, const AssayItem *item, const AssayTask *task, GError **error);
/* The plan's rule: where all answers agree, the consensus is saved and settled as RULE, in the name of `by`; where they no
 * longer do, what the rule took is given up. What a person settled stands. `ret_settled`: whether it was settled now. */
gboolean assay_consensus_settle_agreed (AssayStore *store, const AssayItem *item, const AssayTask *task,
                                        const AssayAnnotator *by, gboolean *ret_settled, GError **error);

G_END_DECLS
