/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/key-list.h - every key in a list that can be searched and changed: a window over the window. Main thread.
 */
#include "app/gui/settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Changes are kept at once. `page` (nullable: "annotate") comes first. `settings` must outlive it. */
GtkWindow *assay_key_list_show (GtkWindow *over, AssaySettings *settings, const char *page);

G_END_DECLS
