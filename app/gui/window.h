/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/window.h - the one window: start page, or the four pages of an open project. Main thread. */
#include "app/gui/page.h"
#include "app/gui/settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_WINDOW (assay_window_get_type ())
G_DECLARE_FINAL_TYPE (AssayWindow, assay_window, ASSAY, WINDOW, AdwApplicationWindow)

/* `annotator` (nullable): who annotates in this sitting, said on the command line or in the environment: nobody is
 * asked. */
AssayWindow *assay_window_new (AdwApplication *application, AssaySettings *settings, const char *annotator);
/* Opens a project in place of the one that is open. */
void assay_window_open (AssayWindow *window, const char *directory);

/* What page.h offers to pages. */
void assay_window_toast (AssayWindow *window, const char *text);
void assay_window_toast_undo (AssayWindow *window, const char *text, AssayPage *page, const char *action,
                              GVariant *target);
void assay_window_show_error (AssayWindow *window, const GError *error);
/* Over the project, until assay_window_end_over or until the project is closed. One at a time. */
void assay_window_show_over (AssayWindow *window, GtkWidget *over);
void assay_window_end_over (AssayWindow *window);
AssaySettings *assay_window_get_settings (AssayWindow *window); /* borrowed */
void assay_window_go_to (AssayWindow *window, const char *page, gint64 item_row, gint64 task_row);

G_END_DECLS
