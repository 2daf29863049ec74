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
 * captured, have, undecided: as core/target-count.h has them. seconds_per_answer: median of what people took, never of
 * simulated times; null while nobody has. */
json_t *assay_coverage_compute (AssayProject *project, const AssayPlan *plan, AssayProgress *progress, GError **error);

/* The plan's targets, each with `captured` as above. */
json_t *assay_coverage_count_captured (AssayProject *project, const AssayPlan *plan, GError **error);

G_END_DECLS
