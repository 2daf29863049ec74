/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/distance.h - how far apart two whole answers of any kind are, 0 to 1, and how far two answers of this task are
 * that have nothing to do with each other: what Krippendorff's alpha is made of where answers are shapes or sets.
 * So tasks of different kinds can be compared. Definitions: doc/METRICS.md. */
#include "core/progress.h"
#include "qa/compare.h"
#include "qa/walk.h"

G_BEGIN_DECLS

/* 1 less the similarity of both as sets: matched objects of one class count by how alike they are, all others
 * apart; words by MER. Two that say nothing is there: 0. Any thread. */
double assay_answer_distance (const AssayComparison *comparison, const AssayTask *task);
/* The same of the objects of each class alone: one number a class of the task. */
void assay_answer_class_distances (const AssayComparison *comparison, const AssayTask *task, double *ret_distances);

/* The mean distance of any two answers, whatever item they are to. */
typedef struct
{
  double whole, *by_class; /* NaN with fewer than two answers; one a class of the task */
  guint n_answers;         /* that were compared, each with each */
} AssayExpected;
void assay_expected_clear (AssayExpected *expected);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayExpected, assay_expected_clear)

/* At most so many answers, of whole items evenly spaced in the order of ids (hashes, so at random). */
#define ASSAY_EXPECTED_ANSWERS 64
/* `kept` tells of each answer of each item whether it counts: gboolean by place in answers->answers. */
gboolean assay_expected_compute (AssayProject *project, const AssayTask *task, const AssayAnswers *answers,
                                 const gboolean *kept, AssayProgress *progress, AssayExpected *ret_expected,
                                 GError **error);

G_END_DECLS
