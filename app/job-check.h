/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-check.h - runs the checks, and then the plan's rule, over a project. For both faces; off the main thread, with a
 * project (WRITE) of that thread. */
#include "core/annotator.h"
#include "qa/check.h"

G_BEGIN_DECLS

typedef struct {
  AssayCheckCounts looks;
  guint settled; /* by the plan's rule, when it has one */
} AssayJobCheckCounts;

/* `only`: names of checks, ends with NULL: all that they have to say (NULL = all that are not quiet, the worst of a flood); `task` (nullable = all). `by` is named in what the rule settles; without it
 * (NULL) the rule is left alone.
 * USAGE lists the checks when a name is none of them. */
gboolean assay_job_check (AssayProject *project, const char *const *only, const AssayTask *task, const AssayAnnotator *by,
                          AssayProgress *progress, AssayJobCheckCounts *ret_counts, GError **error);

G_END_DECLS
