/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/difference.h - what two answers differ in, in one plain sentence and with its place: for findings and the Review page.
 *
 * One entry a kind (qa/difference.c); a kind without one is told by its similarity. Numbers are written with a point in
 * every locale. Any thread. */
#include "qa/compare.h"

G_BEGIN_DECLS

/* Two objects that are the same thing. `name_a`, `name_b`: the annotators. */
char *assay_difference_why (const AssayPairing *pairing, const AssayTask *task, const char *name_a, const char *name_b);
/* {"box"}, {"points"} or {}: new reference. */
json_t *assay_difference_where (const AssayPairing *pairing, const AssayTask *task);

/* Two answers as wholes (words, tags). */
char *assay_difference_whole_why (const AssayObjects *a, const AssayObjects *b, const AssayComparison *comparison, const AssayTask *task,
                                  const char *name_a, const char *name_b);
json_t *assay_difference_whole_where (const AssayComparison *comparison, const AssayTask *task);
/* 0 to 1: the headline of whole answers, 1 = alike; NaN = undefined. */
double assay_comparison_likeness (const AssayComparison *comparison, const AssayKind *kind);
/* The same objects, of the same classes, within the task's tolerance: what `settle_when_agreed` and "right" go by. */
gboolean assay_comparison_agrees (const AssayComparison *comparison, const AssayTask *task);

/* The object's place alone: {"box"}, {"points"}, {"samples"} or {}. New reference. */
json_t *assay_object_where (const AssayObject *object, const AssayTask *task);
const char *assay_object_class_name (const AssayObject *object, const AssayTask *task); /* "object" when it has none */

G_END_DECLS
