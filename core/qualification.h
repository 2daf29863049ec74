/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/qualification.h - what a new annotator shows before the queue is theirs: gold items first, each followed by their
 * own answer held against the truth.
 *
 *   "qualify": {"items": 10, "at_least": 0.8,        of the last 10, eight within the task's tolerance: a plain share
 *               "tasks": ["cups"],                   of these tasks alone; without it of all
 *               "known": ["ann"]}                    who need not
 *
 * Persons alone are asked. What was said is kept as reviews of kind "qualify", one an item, by the annotator: how is
 * "right" or "wrong", of which revision (app/job-qualify.h compares). Whoever has passed has passed: nothing is marked
 * any more. It goes on as long as there is gold. Same thread as the store. */
#include "core/label.h"
#include "core/plan.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean asked;           /* the plan asks it of this annotator */
  gboolean passed;          /* or is not asked */
  guint n_items, n_needed;  /* so many of the last so many */
  guint n_answered, n_right; /* n_right: of the last n_items */
} AssayQualification;

/* BAD_DATA with what is wrong in this key of a plan's document. */
gboolean assay_qualification_check (const json_t *document, GError **error);
/* `annotator` NULL, or of row 0: somebody whom nobody knows yet. */
gboolean assay_qualification_get (AssayStore *store, const AssayPlan *plan, const AssayTask *task,
                                  const AssayAnnotator *annotator, AssayQualification *ret_qualification,
                                  GError **error);
/* "qualification: 3 of 10 answered, 2 right; 8 are needed" or that it is passed. */
char *assay_qualification_dup_words (const AssayQualification *qualification);
/* Keeps what was found of a saved answer; the first word about an item stands. `ret_marked`: it was kept now. */
gboolean assay_qualification_mark (AssayStore *store, const AssayLabel *label, const AssayAnnotator *annotator,
                                   gboolean right, const char *why, gboolean *ret_marked, GError **error);

G_END_DECLS
