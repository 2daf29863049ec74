/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/check-precision.h - one line over the findings when a check was mostly wrong in this project: what people decided about it, and
 * a button that makes it quiet, which can be taken back there and then. Hidden when there is nothing to offer. Main thread. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_CHECK_PRECISION (assay_check_precision_get_type ())
G_DECLARE_FINAL_TYPE (AssayCheckPrecision, assay_check_precision, ASSAY, CHECK_PRECISION, GtkWidget)

void assay_check_precision_set_desk (AssayCheckPrecision *line, AssayDesk *desk); /* (nullable) */

G_END_DECLS
