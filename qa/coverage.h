/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/coverage.h - what the plan asks for, what exists, what is missing, and how long the rest would take.
 *
 * One pass over the working state, in constant memory. Off the main thread, with a project (READ is enough) of that thread. */
#include "core/json.h"
#include "core/plan.h"
#include "core/progress.h"
#include "core/project.h"

G_BEGIN_DECLS

/* {targets:[{task?, class, condition, count, captured, have, undecided, missing}],
 *  overlap:{share, annotators, items, done, missing},
 *  tasks:[{task, kind, items, answered, undecided, missing, seconds_per_answer, projected_hours}], projected_hours}.
 * captured: items under the target's conditions that show its class: by their truth,
 * by what was said when they were taken (condition class), or perhaps, while neither is known. An item counts for a target (have) when its truth has an object of the class (any, when the target names none) and its conditions are
 * those of the target; while its answers are undecided it is counted apart. seconds_per_answer: median of what people took, never of
 * simulated times; null while nobody has. */
json_t *assay_coverage_compute (AssayProject *project, const AssayPlan *plan, AssayProgress *progress, GError **error);

/* The plan's targets, each with `captured` as above, in one statement. */
json_t *assay_coverage_count_captured (AssayProject *project, const AssayPlan *plan, GError **error);

G_END_DECLS
