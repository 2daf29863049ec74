/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-qualify.h - a new annotator's answer to an item whose answer is known, held against it at once
 * (core/qualification.h). For both faces; off the main thread, with a store (WRITE) of that thread. */
#include "core/qualification.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean marked; /* FALSE: it is no part of a qualification, and only `standing` says anything */
  gboolean right;  /* the same objects, of the same classes, within the task's tolerance */
  char *words;     /* how it was, how the qualification stands, and what was not right */
  AssayQualification standing;
} AssayFeedback;
void assay_feedback_clear (AssayFeedback *feedback);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayFeedback, assay_feedback_clear)

/* After a submission: where it belongs to the annotator's qualification, says and keeps how it was. */
gboolean assay_job_qualify (AssayStore *store, gint64 item_row, const AssayTask *task, const AssayAnnotator *annotator,
                            AssayFeedback *ret_feedback, GError **error);

G_END_DECLS
