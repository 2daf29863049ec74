/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-commit.h - releasing a version: the figures of the moment, the plan's gate, the commit and its tag. For both
 * faces; off the main thread, with a WRITE project of that thread. */
#include "core/version.h"

G_BEGIN_DECLS

/* What the plan asks for before a release, held against what is there. */
typedef struct {
  gboolean open;
  json_t *failed; /* [{"figure","task"?,"class"?,"wanted","found","why"}], what is missing, exactly */
} AssayGate;
void assay_gate_clear (AssayGate *gate);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayGate, assay_gate_clear)

/* Conditions of the plan's `gate`: {"figure":"open_findings","at_most":n}, {"figure":"undecided","at_most":n},
 * {"figure":"agreement","task":T,"at_least":x}, {"figure":"remaining_error","task":T,"class":C?,"at_most":x} (the whole
 * interval of the audit must lie below), {"figure":"class_count","task":T,"at_least":n} (every class of T).
 * A condition that is none of these closes the gate and says so. */
gboolean assay_job_gate (AssayProject *project, AssayProgress *progress, AssayGate *ret_gate, GError **error);

/* With `with_gate` a closed gate stops the commit: `ret_version` is NULL and `ret_gate` says why. */
gboolean assay_job_commit (AssayProject *project, const char *message, const char *author, const char *tag, gboolean with_gate,
                           AssayProgress *progress, AssayVersion **ret_version, AssayGate *ret_gate, GError **error);

G_END_DECLS
