/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-demo.h - the sample project: real photographs, frames and speech, with labels by means that honestly
 * differ (what it is made of: app/data/sample/LICENCES.md). For both faces; off the main thread. */
#include "core/progress.h"

#include <jansson.h>

G_BEGIN_DECLS

/* Where the sample's files lie: $ASSAY_DATADIR/sample, else the source tree that this was built from, else where it
 * was installed. NOT_FOUND names the places. */
char *assay_sample_find (GError **error);

/* Makes the project; `directory` must be absent or empty (else CONFLICT), and appears only when the project is
 * whole. `ret_answer` (nullable): {project, id, items, tasks, annotators, labels, objects, settled}. */
gboolean assay_job_demo (const char *directory, AssayProgress *progress, json_t **ret_answer, GError **error);

G_END_DECLS
