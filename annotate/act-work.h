/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/act-work.h - an act (annotate/edits-selection.h) that takes long, as work for another thread: on many
 * objects, or on large ones. */
#include "annotate/edits-selection.h"

G_BEGIN_DECLS

/* Whether the main thread had better not do it. Main thread. */
gboolean assay_act_is_long (const AssayAct *act, const AssayScene *scene);
/* On copies of all that it looks at. Main thread; it runs on any. Cancelled, it stops within an object, between two of its
 * columns. */
AssayWork *assay_act_work_new (const AssayAct *act, const AssayScene *scene);
/* As assay_act_run, of work that has run; NULL without a hint when it was cancelled. Once. */
AssayEdit *assay_act_work_take (const AssayWork *work, AssayAnswer *ret_answer);

G_END_DECLS
