/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/cluster.h - which objects of several answers are the same thing.
 *
 * Answers join one by one, in the order given, each matched one to one with the clusters so far: of the same class first,
 * then the rest. An object joins only if it is alike enough (the kind's least_similarity) to every member, and never
 * two of one answer: chains of pairwise matches cannot merge neighbours. Any thread. */
#include "qa/compare.h"

G_BEGIN_DECLS

typedef struct {
  const AssayObject **members; /* one an answer, NULL = it has no such object; borrowed from the answers */
  guint n_members;             /* of them there */
} AssayCluster;

/* `labels`: of AssayLabel. GPtrArray of AssayCluster, in the order of first appearance. */
GPtrArray *assay_cluster_objects (const GPtrArray *labels, const AssayTask *task);
/* The class most members have; ties go to the first answer. `ret_n` (nullable): how many have it. */
AssayId assay_cluster_class (const AssayCluster *cluster, guint n_labels, guint *ret_n);
const AssayObject *assay_cluster_first (const AssayCluster *cluster, guint n_labels);

G_END_DECLS
