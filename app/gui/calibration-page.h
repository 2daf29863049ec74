/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/calibration-page.h - a camera's lens measured with a printed board, over the window: board and camera;
 * views that are taken by themselves, with what is still missing; the solution, and how good it is; or one view
 * that tells whether the present calibration still holds. The same as `assay calibrate`.
 *
 * Signal "closed" (): the page is done with the cameras. Main thread. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_CALIBRATION_PAGE (assay_calibration_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayCalibrationPage, assay_calibration_page, ASSAY, CALIBRATION_PAGE, GtkWidget)

/* `sensors`: of AssayLive; their cameras are offered. None of them may be on. */
GtkWidget *assay_calibration_page_new (AssayDesk *desk, GListModel *sensors);

G_END_DECLS
