/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/calibration-result.h - what came of a calibration: how good, the lens, each view's error, the views that
 * were not used and why, what would make it better. Main thread. */
#include <gtk/gtk.h>
#include <jansson.h>

G_BEGIN_DECLS

/* `document`: of assay_job_calibrate_solve; read once. */
GtkWidget *assay_calibration_result_new (const json_t *document);

G_END_DECLS
