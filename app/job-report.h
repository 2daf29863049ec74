/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-report.h - all that is known of how far the labels can be trusted, as one document: what the dashboard,
 * the HTML and the PDF report show, each figure from the function that tells it everywhere else. For both faces;
 * off the main thread, with a project (READ is enough) of that thread. */
#include "core/progress.h"
#include "core/project.h"

#include <jansson.h>

G_BEGIN_DECLS

/* {schema:"assay.report/1", project, stamp,
 *  tasks:[{task, kind, agreement, annotators:[GROUP], pairs:[GROUP with a, b], times:{by:"month"|"day",
 * groups:[GROUP]}, reliability, audit, cost:{items:COST, objects:COST, why}}], findings:{open, checks:[{check,
 * title, n, error, warning, note, right, decided, share, ci95}]}} `agreement` as `assay agree --by class`, GROUP as
 * its groups (qa/report.h), `reliability` as qa/reliability.h, `audit` as qa/audit.h. COST {n, median_s, p90_s,
 * simulated}: of people's submitted answers alone. `all`: with the figures that take longer. New reference. */
json_t *assay_job_report (AssayProject *project, gboolean all, AssayProgress *progress, GError **error);
/* What the document rests on, in a word: while it is the same, so are the figures. NULL = error. */
char *assay_job_report_dup_stamp (AssayProject *project, GError **error);

G_END_DECLS
