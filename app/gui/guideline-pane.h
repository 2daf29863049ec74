/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/guideline-pane.h - a task's guideline with its example pictures, one under the other. Main thread. */
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_GUIDELINE_PANE (assay_guideline_pane_get_type ())
G_DECLARE_FINAL_TYPE (AssayGuidelinePane, assay_guideline_pane, ASSAY, GUIDELINE_PANE, GtkWidget)

/* Pictures are those inside `directory` (of the project), read off the main loop; "" = an empty pane. The same
 * again does nothing, so that it stays where it was scrolled to. */
void assay_guideline_pane_show (AssayGuidelinePane *pane, const char *directory, const char *markdown);

G_END_DECLS
