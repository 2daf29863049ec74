/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/again.h - the same item again, unseen, after days: whether somebody agrees with themselves.
 *
 * The second answer belongs to an annotator of kind AGAIN, whose id derives from the person's: so it is one more
 * row like any other, on every desk, and neither an answer of another person nor a part of the truth. It enters no
 * consensus, no agreement between people, no check, no version and no count (state "again" of `head`); to who gives
 * it it is submitted as any other. The plan says how many of a person's answers come again ("again": {"share":
 * 0.02, "days": 7}); which follows from a hash of the name and of how many were given. Gold never does: its truth
 * may have been shown. Same thread as the store. */
#include "core/annotator.h"
#include "core/plan.h"
#include "core/task.h"

G_BEGIN_DECLS

#define ASSAY_AGAIN_NAME "%s (again)" /* of the second self */
/* Of the second self of the one with this id. */
AssayId assay_again_id (const AssayId *person);
/* The second self; made here when it is not there yet. */
AssayAnnotator *assay_again_ensure (AssayStore *store, const AssayAnnotator *person, GError **error);

/* Is it the turn of one? Persons alone are asked. Those that wait do not all come one after another. */
gboolean assay_again_is_due (const AssayPlan *plan, const AssayAnnotator *person, guint64 n_answered,
                             guint64 n_again);
/* Second answers that were given. */
gboolean assay_again_count (AssayStore *store, const AssayTask *task, gint64 person_row, guint64 *ret_n,
                            GError **error);
/* Rows (gint64) of what may come again now, from a place that follows from `turn`, on and round: at most `most`. */
GArray *assay_again_list (AssayStore *store, const AssayTask *task, const AssayAnnotator *person,
                          const AssayPlan *plan, guint64 turn, guint most, GError **error);

G_END_DECLS
