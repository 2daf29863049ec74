/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/partial.h - what a check said about unchanged inputs: its memory between runs, in table partial.
 *
 * A row a check, task and item; its data begin with the SHA-256 of all that the answer follows from (check version,
 * options, task revision, the revisions of the answers), so a changed label takes the place of its own old row and
 * nothing piles up. Same thread as the store. */
#include "qa/walk.h"

G_BEGIN_DECLS

AssaySha256 assay_partial_inputs (const AssayCheck *check, const AssayOptions *options, const AssayTask *task,
                                  const AssayAnswers *answers, guint index);
/* Fills `found[i]` (GPtrArray of AssayFinding) for the items whose inputs are still the same; one query. */
gboolean assay_partial_load (AssayStore *store, const char *check, const AssayTask *task,
                             const AssayAnswers *answers, const AssaySha256 *inputs, GPtrArray **found,
                             GError **error);
gboolean assay_partial_save (AssayStore *store, const char *check, const AssayTask *task,
                             const AssayAnswered *answered, const AssaySha256 *inputs, const GPtrArray *findings,
                             GError **error);

G_END_DECLS
