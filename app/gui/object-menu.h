/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/object-menu.h - what can be done to the selected objects, as a menu; the page puts the keys to it. The
 * actions are the page's. Main thread. */
#include "core/kind.h"

#include <gio/gio.h>

G_BEGIN_DECLS

GMenuModel *assay_object_menu_new (const AssayKind *kind);

G_END_DECLS
