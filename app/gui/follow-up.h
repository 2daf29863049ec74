/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/follow-up.h - the checks keep up with what is handed in while a project is open (qa/follow.h): a few items at a time on the
 * desk's writer, so that nobody's edit waits. */
#include "app/gui/desk.h"

G_BEGIN_DECLS

/* From now on, for as long as the desk lives. A project that is read-only is left alone. Main thread. */
void assay_follow_up_begin (AssayDesk *desk);

G_END_DECLS
