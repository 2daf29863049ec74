/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/jobs-button.h - the button in the header bar that is there while long work goes on: each job's title,
 * progress and Cancel in its popover. Main thread. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_JOBS_BUTTON (assay_jobs_button_get_type ())
G_DECLARE_FINAL_TYPE (AssayJobsButton, assay_jobs_button, ASSAY, JOBS_BUTTON, GtkWidget)

void assay_jobs_button_set_desk (AssayJobsButton *button, AssayDesk *desk); /* (nullable) */

G_END_DECLS
