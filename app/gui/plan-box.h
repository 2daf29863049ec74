/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/plan-box.h - how far the capture plan is: a row a target, "cup, light=low   37 of 200". Hidden while the
 * plan asks for nothing. Counted on a reader thread when it is shown and after changes. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_PLAN_BOX (assay_plan_box_get_type ())
G_DECLARE_FINAL_TYPE (AssayPlanBox, assay_plan_box, ASSAY, PLAN_BOX, GtkWidget)

void assay_plan_box_set_desk (AssayPlanBox *box, AssayDesk *desk); /* (nullable) */
/* While it is not shown nothing is counted. */
void assay_plan_box_set_shown (AssayPlanBox *box, gboolean shown);

G_END_DECLS
