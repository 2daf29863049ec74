/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/compare.h - two answers to one question, held against each other: objects matched one to one, each pair measured.
 *
 * The one comparison behind `agree`, the checks and the Review page. Objects less alike than the kind's least_similarity
 * are no pair but one too few on either side; it is low, so that a poor overlap is told as one. Undefined is NaN. Any
 * thread. */
#include "core/label.h"

G_BEGIN_DECLS

typedef struct {
  const AssayObject *a, *b; /* borrowed from the answers; NULL = only the other side has it */
  double similarity;        /* NaN when unmatched */
  double values[ASSAY_KIND_MAX_MEASURES]; /* in the order of the kind's measures; NaN when unmatched */
} AssayPairing;

typedef struct {
  GArray *pairings; /* of AssayPairing: matched ones, then those only in a, then those only in b */
  guint matched, only_a, only_b, same_class; /* same_class: of the matched ones */
  gboolean whole;   /* the kind measures answers as wholes (words): `values` counts, not those of the pairings */
  double values[ASSAY_KIND_MAX_MEASURES];
} AssayComparison;

AssayComparison *assay_compare (const AssayObjects *a, const AssayObjects *b, const AssayTask *task);
void assay_comparison_free (AssayComparison *comparison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayComparison, assay_comparison_free)

guint assay_kind_count_measures (const AssayKind *kind);

G_END_DECLS
