/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/recent.h - what the start page tells of a project, read when the project is opened. */
#include "app/gui/desk.h"
#include "app/gui/settings.h"

G_BEGIN_DECLS

/* Reads off the main loop and puts the project in front of the list; `settings` outlives the desk. */
void assay_recent_remember (AssayDesk *desk, AssaySettings *settings);

G_END_DECLS
