/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/audit.h - which accepted labels are to be labelled again, blind: a random sample that tells the error which remains.
 *
 * Drawn by a hash of (project, task, item), so it is the same on every desk and on every day, and growth only adds to it. Same thread as
 * the project. */
#include "core/json.h"
#include "core/project.h"

G_BEGIN_DECLS

/* Is this item in the sample of a `share` (0 to 1) of all items? */
gboolean assay_audit_draws (const AssayProject *project, const AssayId *task, const AssayId *item, double share);
/* {share, eligible, items:[{item, name, media, task, truth:{how, annotator}, answers}]}: of items with a truth. `task_name` NULL = all. */
json_t *assay_audit_list (AssayProject *project, const char *task_name, double share, GError **error);

G_END_DECLS
