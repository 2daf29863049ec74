/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/version.h - immutable, content-identified snapshots of items, truths, classes and splits.
 *
 * Rows (an item with its truths, canonical JSON) sorted by item id are cut into shards where SHA-256 of the item id ends in
 * ten zero bits, shards are cut into nodes the same way with fewer bits, up to one root: one edit rewrites one shard and the
 * path above it, growth moves no other boundary. An object's id is SHA-256 of its uncompressed canonical bytes.
 * `root` hashes items, truths, classes and splits; `version` hashes the manifest (root, report, parent, author, time).
 * Same thread as the project. */
#include "core/media.h"
#include "core/progress.h"
#include "core/truth.h"

G_BEGIN_DECLS

typedef enum { ASSAY_SPLIT_TRAIN, ASSAY_SPLIT_VAL, ASSAY_SPLIT_TEST } AssaySplit;
const char *assay_split_to_text (AssaySplit split);
/* u = first 8 bytes of HMAC-SHA-256 (salt, group) / 2^64; val at the low end, test at the high one, train between. */
AssaySplit assay_split_of (const guint8 salt[16], const char *group, double val, double test);

/* One truth of a row. */
typedef struct {
  const AssayTask *task; /* borrowed from the snapshot */
  AssayTruthHow how;     /* NONE and UNDECIDED have no objects */
  char *annotator;       /* whose answer; NULL without */
  AssayId revision;
  guint n_answers;       /* submitted answers it was chosen from */
  AssayObjects *objects; /* (nullable) */
} AssayTruth;

typedef struct {
  AssayItem *item;
  AssaySplit split;
  GPtrArray *truths; /* of AssayTruth, in the order of the snapshot's tasks */
} AssayRow;
void assay_row_free (AssayRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRow, assay_row_free)

/* Reads a version, or the working state, row by row in the order of item ids, in constant memory. */
typedef struct _AssaySnapshot AssaySnapshot;
AssaySnapshot *assay_snapshot_open (AssayProject *project, const char *version /* id, start of one, tag; NULL = working */, GError **error);
void assay_snapshot_close (AssaySnapshot *snapshot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySnapshot, assay_snapshot_close)
const GPtrArray *assay_snapshot_get_tasks (const AssaySnapshot *snapshot); /* of AssayTask */
const char *assay_snapshot_get_version (const AssaySnapshot *snapshot);    /* id, or "working" */
/* The next row, or NULL: at the end, or with `error` set. */
AssayRow *assay_snapshot_next (AssaySnapshot *snapshot, GError **error);
guint64 assay_snapshot_get_n_items (const AssaySnapshot *snapshot);

typedef struct {
  char version[ASSAY_SHA256_TEXT_SIZE], root[ASSAY_SHA256_TEXT_SIZE], parent[ASSAY_SHA256_TEXT_SIZE]; /* parent "" = first */
  char *message, *author, *tags; /* tags joined by ", " */
  gint64 made_us;
  guint64 items, labels, objects, undecided, train, val, test;
} AssayVersion;
void assay_version_free (AssayVersion *version);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayVersion, assay_version_free)

/* `report` (nullable) goes into the manifest: the figures of that moment. Nothing changed since the parent: CONFLICT. */
AssayVersion *assay_version_commit (AssayProject *project, const char *message, const char *author, const json_t *report,
                                    AssayProgress *progress, GError **error);
GPtrArray *assay_version_list (AssayProject *project, GError **error); /* newest first */
AssayVersion *assay_version_find (AssayProject *project, const char *words, GError **error);
gboolean assay_version_tag (AssayProject *project, const char *name, const char *version, GError **error); /* write-once */
/* Reads every object and every media file it needs again (NULL: those of every version, and the rest); `ret_damage`: GPtrArray of char *, one line each, naming it. */
gboolean assay_version_verify (AssayProject *project, const char *version, GPtrArray **ret_damage, AssayProgress *progress, GError **error);
/* {items:{added,removed}, labels:{added,removed,changed}, objects:{…}, classes:{…}, splits:{moved}, times:{changed}, rows:[…]?}; equal shards are skipped. */
json_t *assay_version_diff (AssayProject *project, const char *a, const char *b, gboolean with_rows, GError **error);

G_END_DECLS
