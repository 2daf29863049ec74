/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/import.h - a folder brought into the project, as a job with progress and Cancel.
 * Main thread. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* `from`: a widget in the window; what came of it is said there. */
void assay_import_start (GtkWidget *from, AssayDesk *desk, const char *path);

G_END_DECLS
