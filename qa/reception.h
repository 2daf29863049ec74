/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/reception.h - checks on arrival, one by one over what was measured of all items. Each is run again when items were added, and
 * not else. Off the main thread. */
#include "qa/check.h"

G_BEGIN_DECLS

/* Those of `checks` that look at media alone; measures first what nobody has measured. `in_full`: floods too (qa/flood.h). */
gboolean assay_reception_run (AssayProject *project, const AssayCheck *const *checks, AssayOptions *const *options, guint n_checks,
                              gboolean in_full, AssayProgress *progress, AssayCheckCounts *counts, GError **error);

G_END_DECLS
