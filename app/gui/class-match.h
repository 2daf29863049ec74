/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/class-match.h - which classes a few typed letters mean. Any thread. */
#include "core/task.h"

G_BEGIN_DECLS

/* Indices (guint) of the classes of `task` that `typed` may mean, the likeliest first: names that begin with it,
 * then words that do, initials, and letters that only follow one another. Of equal ones those used last (`recent`,
 * of AssayId, the latest first) come first, then as in the task. "" means all. */
GArray *assay_class_match (const AssayTask *task, const char *typed, const GArray *recent);

G_END_DECLS
