/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/shard.h - the immutable texts that versions are made of, kept by the SHA-256 of their plain bytes, and the tree
 * that they form.
 *
 * A leaf holds rows (canonical JSON, a line each) in the order of item ids; a node holds one line an entry below it. A leaf
 * ends with an item whose id's SHA-256 ends in ten zero bits, a node of level k with one of 10 + 6 k: where things are cut
 * depends on identities alone, so one edit rewrites one leaf and the path above it, and growth moves no other boundary
 * (the idea of prolly trees, and of lakeFS ranges). zstd below; a recompression changes no identity. Store's thread. */
#include "core/store.h"

#include <jansson.h>

G_BEGIN_DECLS

#define ASSAY_SHARD_BITS 10
#define ASSAY_NODE_BITS 6

/* Zero bits at the end of SHA-256 (id): an item with at least ASSAY_SHARD_BITS ends its leaf. */
guint assay_shard_zero_bits (const AssayId *id);

/* Keeps `text`, unless it is kept already. `kind` is "leaf" or "node". */
gboolean assay_shard_put (AssayStore *store, const char *kind, const char *text, gsize n_bytes, AssaySha256 *ret_hash, GError **error);
/* Reads it back and checks it against its hash: BAD_DATA names a damaged one, NOT_FOUND a missing one. */
char *assay_shard_get (AssayStore *store, const AssaySha256 *hash, gsize *ret_n_bytes, GError **error);

/* What a subtree holds, so that totals cost nothing. */
typedef struct {
  guint64 items, labels, objects, undecided, train, val, test;
} AssaySums;
void assay_sums_add (AssaySums *sums, const AssaySums *more);
json_t *assay_sums_to_json (const AssaySums *sums);
gboolean assay_sums_from_json (const json_t *json, AssaySums *ret_sums);

typedef struct {
  AssaySha256 hash;
  AssayId last; /* id of its last item */
  AssaySums sums;
} AssayEntry;

/* A tree: its top entry and how many levels of nodes stand above the leaves. */
typedef struct {
  AssayEntry top;
  guint depth;
} AssayTree;

GArray *assay_tree_load_node (AssayStore *store, const AssaySha256 *hash, GError **error); /* of AssayEntry */
/* Cuts a run of entries into nodes of `level` (1 = just above leaves) and keeps them; appends their entries to `nodes`. */
gboolean assay_tree_cut_nodes (AssayStore *store, const GArray *entries, guint level, GArray *nodes, GError **error);

/* Walks the leaves of a tree in order, able to step over whole subtrees. */
typedef struct _AssayTreeWalk AssayTreeWalk;
AssayTreeWalk *assay_tree_walk_new (AssayStore *store, const AssayTree *tree);
void assay_tree_walk_free (AssayTreeWalk *walk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTreeWalk, assay_tree_walk_free)
/* The entry it stands at; NULL at the end. `ret_level` 0 = a leaf. */
const AssayEntry *assay_tree_walk_get (AssayTreeWalk *walk, guint *ret_level);
gboolean assay_tree_walk_descend (AssayTreeWalk *walk, GError **error); /* into a node */
void assay_tree_walk_skip (AssayTreeWalk *walk);

G_END_DECLS
