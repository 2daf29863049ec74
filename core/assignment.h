/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/assignment.h - whom the plan asks to label an item: the same answer on every desk, without their talking.
 *
 *   "annotators": ["ann", "bob"]                     share all items equally
 *   "assign": [{"annotator": "ann", "task": "cups",  these come first where they fit: every key that is there must,
 *               "sequences": […], "groups": […],     of a list any one
 *               "names": ["left/"],                  (names begin with it)
 *               "share": 0.3}]                       of what fits; without it, what the shares leave
 *   "gold": 0.05                                     one in 20 is an item whose answer is known
 *
 * What a share leaves and nobody is named for is shared by the other annotators of the plan; where there are none it
 * is for whoever else comes first. Who gets which item is
 * drawn by rendezvous hashing of names against the item's sequence (its id, when it has none), so neighbours stay
 * together and one annotator more moves only what becomes theirs; an item of the overlap (core/plan.h) goes to the
 * next ones in line too. A plan that names nobody leaves items to whoever comes first. Any thread. */
#include "core/plan.h"

G_BEGIN_DECLS

/* BAD_DATA with what is wrong in these keys of a plan's document. */
gboolean assay_assignment_check (const json_t *document, GError **error);

typedef struct
{
  AssayId id;
  const char *name, *sequence, *group; /* `sequence` (nullable) */
} AssayAssignee;

typedef struct _AssayAssign AssayAssignment;
AssayAssignment *assay_assignment_new (const AssayPlan *plan, const char *task_name);
void assay_assignment_free (AssayAssignment *assign);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayAssignment, assay_assignment_free)
/* Nobody is named for this task. */
gboolean assay_assignment_is_open (const AssayAssignment *assign);
/* The plan names this one for it. */
gboolean assay_assignment_names (const AssayAssignment *assign, const char *annotator);
/* Those whom it names, each once: "ann, bob and cleo". */
char *assay_assignment_dup_names (const AssayAssignment *assign);
/* How many answers the plan wants of it. */
guint assay_assignment_n_wanted (const AssayAssignment *assign, const AssayId *item);
/* Where nobody is named it is for everyone. */
gboolean assay_assignment_is_for (const AssayAssignment *assign, const AssayAssignee *item, const char *annotator);

/* Gold: which of `n_answered` answers this annotator has given must be followed by one that is known, so that
 * `share` of them are, at places that only a hash of the name tells: how many must have been given by then. */
guint assay_assignment_n_gold (double share, const char *annotator, guint64 n_answered);
/* In which order an annotator gets them: the smallest first. */
guint64 assay_assignment_gold_rank (const char *annotator, const AssayId *item);

G_END_DECLS
