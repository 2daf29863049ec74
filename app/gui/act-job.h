/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/act-job.h - an act (annotate/edits-selection.h) done to what is selected: at once, or, where that takes
 * long, on a thread of its own, which Esc stops. What others do meanwhile to the draft stands: then nothing comes
 * of it. Main thread. */
#include "annotate/edits-selection.h"
#include "app/gui/annotation.h"

G_BEGIN_DECLS

/* `words` (nullable) are for the status line. `is_done`: the draft is another; else they say why not, or that it
 * is under way. */
typedef void (*AssayActSay) (gpointer owner, gboolean is_done, const char *words);

/* `owner` is a GObject, and is kept until it is told; it is told nothing once the item was left. */
void assay_act_job_start (AssayAnnotation *annotation, const AssayAct *act, AssayActSay say, gpointer owner);

G_END_DECLS
