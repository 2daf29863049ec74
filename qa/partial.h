/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/partial.h - what a check said about unchanged inputs: its memory between runs, in table partial.
 *
 * A row a check, task and item; its data begin with the SHA-256 of all that the answer follows from (check version,
 * options, task revision, the revisions of the answers), so a changed label takes the place of its own old row and
 * nothing piles up. Same thread as the store. */
#include "qa/walk.h"

G_BEGIN_DECLS

/* Sets `known[i]` for the items whose inputs are still the same, and `found[i]` (GPtrArray of AssayFinding, left NULL for none) to what was
 * said about them; one query. */
gboolean assay_partial_load (AssayStore *store, const AssayCheck *check, const AssayOptions *options, const AssayTask *task,
                             const AssayAnswers *answers, gboolean *known, GPtrArray **found, GError **error);
/* `findings` may be NULL for none. */
gboolean assay_partial_save (AssayStore *store, const AssayCheck *check, const AssayOptions *options, const AssayTask *task,
                             const AssayAnswers *answers, guint index, const GPtrArray *findings, GError **error);

G_END_DECLS
