/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/new-project-page.h - a new project on one page: name, place, what is labelled, overlap.
 *
 * Signals: "created" (const char *directory), "cancelled" (). Main thread. */
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_NEW_PROJECT_PAGE (assay_new_project_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayNewProjectPage, assay_new_project_page, ASSAY, NEW_PROJECT_PAGE, GtkWidget)

/* Everything as at first, with the name in focus. */
void assay_new_project_page_reset (AssayNewProjectPage *page);

G_END_DECLS
