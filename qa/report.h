/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/report.h - agreement as a document: for `--json`, and for the report that a version keeps of its moment. */
#include "qa/agreement.h"

G_BEGIN_DECLS

/* {task, kind, items, overlapped, annotators:[names],
 * measures:[{name,part?,title,unit,value,ci95,n,items,enough,count?,remedy?}],
 *  objects:{matched,missing,extra,both_empty}, confusion:[{a,b,n}],
 * groups:[{key,title,items,measures,objects,confusion}], apart:[the same],
 * human_baseline:{name,title,unit,value,ci95,n,items,enough} or null}. `count`: how many differences; `b` null:
 * only one found it. New reference. */
json_t *assay_agreement_to_json (const AssayAgreement *agreement);
/* One of `measures`. New reference. */
json_t *assay_agreement_measure_to_json (const AssayAgreementMeasure *measure);

G_END_DECLS
