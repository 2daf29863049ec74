/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/start-page.h - what the window shows without a project: new, open, the sample, and the recent projects.
 */
#include "app/gui/settings.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_START_PAGE (assay_start_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayStartPage, assay_start_page, ASSAY, START_PAGE, GtkWidget)

void assay_start_page_set_settings (AssayStartPage *page, AssaySettings *settings); /* outlives the page */
void assay_start_page_refresh (AssayStartPage *page);

G_END_DECLS
