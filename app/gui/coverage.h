/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/coverage.h - what exists under one task: a table of classes by annotators, counted in objects, and how
 * many items are answered and decided. Main thread. */
#include "core/annotator.h"
#include "core/tally.h"
#include "core/task.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* `n_items` that the task asks about (core/scope.h). `tally`: of assay_tally_list (all tasks). `annotators`: of AssayAnnotator. */
GtkWidget *assay_coverage_new (const AssayTask *task, gint64 n_items, const GPtrArray *annotators,
                               const GArray *tally);

G_END_DECLS
