/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/impact.h - in which order findings are worth a reviewer's time: how bad one is, and how much the same trouble
 * touches. Definition: doc/METRICS.md. Any thread. */
#include "core/finding.h"

G_BEGIN_DECLS

/* 4^severity * score * (1 + log2 n); `n` >= 1: items on which the same check says so of the same people. */
double assay_impact (const AssayFinding *finding, guint n);
/* Most impact first; equal ones stay in their order. `findings`: of AssayFinding. */
void assay_impact_sort (GPtrArray *findings);

G_END_DECLS
