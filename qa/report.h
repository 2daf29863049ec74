/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/report.h - figures as documents: for `--json`, and for the report that a version keeps of its moment. */
#include "qa/agreement.h"

G_BEGIN_DECLS

/* {task, kind, items, overlapped, annotators:[names], measures:[{name,title,unit,value,ci95,n}],
 *  objects:{matched,missing,extra,both_empty}, groups:[{key,title,items,measures,objects}]}. New reference. */
json_t *assay_agreement_to_json (const AssayAgreement *agreement);
/* The figures of this moment, for the manifest of a version: {agreement:[one a task, without groups],
 * findings:{open:{check:n}}}. Off the main thread. */
json_t *assay_report_compute (AssayProject *project, AssayProgress *progress, GError **error);

G_END_DECLS
