/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/recover.h - recordings that a crash has cut off are mended when the project is opened. Main thread. */
#include "app/gui/desk.h"
#include "app/gui/window.h"

G_BEGIN_DECLS

/* Looks whether there are any, mends them as a job, and says in a toast of the window what was recovered. Nothing
 * is shown when there are none. */
void assay_recover_begin (AssayDesk *desk, AssayWindow *window);

G_END_DECLS
