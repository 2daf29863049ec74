/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/fuse.h - several answers made one, kind by kind: what qa/consensus.h is computed with.
 *
 * Masks: pixels that at least half of those sure of them have; boxes: mean of x, y, width, height; points: the state that most give, mean
 * position; poses: mean translation, chordal mean rotation; words: the answer nearest to all others; tags: what more than
 * half have. Any thread. */
#include "core/kind.h"

G_BEGIN_DECLS

/* `labels`: of AssayLabel, not empty. NULL for a kind that has no entry here. */
AssayObjects *assay_fuse_labels (const GPtrArray *labels, const AssayTask *task);

G_END_DECLS
