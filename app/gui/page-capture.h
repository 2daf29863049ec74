/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/page-capture.h - Capture: the sensors that are there, live picture and level of the chosen ones, and a
 * button that takes a still into the project. */
#include "app/gui/page.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PAGE_CAPTURE (assay_page_capture_get_type ())
G_DECLARE_FINAL_TYPE (AssayPageCapture, assay_page_capture, ASSAY, PAGE_CAPTURE, GtkWidget)

G_END_DECLS
