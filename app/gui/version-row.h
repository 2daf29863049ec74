/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/version-row.h - one version as a list shows it. Main thread. */
#include "core/version.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *assay_version_row_new (const AssayVersion *version);
/* "v3", else the start of its id: free it. */
char *assay_version_dup_short (const AssayVersion *version);

G_END_DECLS
