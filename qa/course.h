/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/course.h - checks of answers on their way through one task: what is unchanged is not looked at, the rest on all cores, and what
 * was found is stored check by check. Off the main thread. */
#include "qa/check.h"

G_BEGIN_DECLS

/* Those of `checks` that serve the task. `item_rows` (nullable = all): gint64; with it only checks whose findings follow from one item
 * are run, and only findings of these items are replaced. `in_full`: floods too (qa/flood.h). */
gboolean assay_course_run (AssayProject *project, const AssayCheck *const *checks, AssayOptions *const *options, guint n_checks,
                           const AssayTask *task, const GArray *item_rows, gboolean in_full, AssayProgress *progress,
                           AssayCheckCounts *counts, GError **error);

/* What those of `checks` that serve the task need to see beside its answers: of AssayBeside. */
guint assay_course_beside (const AssayCheck *const *checks, guint n_checks, const AssayTask *task);

G_END_DECLS
