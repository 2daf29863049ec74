/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/agreement-panel.h - how well annotators agree, task by task and class by class: the figures of `assay
 * agree`, from the same function. Measured while it is shown, again when the project changed. Main thread. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_AGREEMENT_PANEL (assay_agreement_panel_get_type ())
G_DECLARE_FINAL_TYPE (AssayAgreementPanel, assay_agreement_panel, ASSAY, AGREEMENT_PANEL, GtkWidget)

void assay_agreement_panel_set_desk (AssayAgreementPanel *panel, AssayDesk *desk); /* (nullable) */
void assay_agreement_panel_set_shown (AssayAgreementPanel *panel, gboolean shown);

G_END_DECLS
