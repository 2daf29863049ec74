/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/label-cases.h - the golden cases of labels in pictures and sentences, for qa/metric-label-issues.c. Any
 * thread. */
#include "core/json.h"

G_BEGIN_DECLS

/* Class numbers; and, row by row, the probabilities that go with them: as many rows, each label below their length.
 */
guint *assay_label_case_read (const json_t *array, guint *ret_n, GError **error);
double *assay_label_case_read_probabilities (const json_t *rows, const guint *labels, guint n_labels, guint *ret_k,
                                             GError **error);

/* The answer to one case, of its "in"; new references. */
json_t *assay_label_case_segmentation (const json_t *in, GError **error);
json_t *assay_label_case_objects (const json_t *in, GError **error);
json_t *assay_label_case_tokens (const json_t *in, GError **error);

G_END_DECLS
