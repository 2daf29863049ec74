/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/fuse.h - several answers made one, kind by kind: what qa/consensus.h is computed with.
 *
 * A kind's ways are one entry of a table: the first is the one that it takes unless the task's rules name another,
 * {"consensus": "majority"}. Where a way cannot serve (too few members, somebody unsure of pixels) the plain one is
 * taken, and it is said which were. Any thread. */
#include "core/kind.h"
#include "qa/tag-model.h"

G_BEGIN_DECLS

typedef struct
{
  const GPtrArray *labels; /* of AssayLabel, by annotator name */
  const AssayTask *task;
  const char *method;
  const AssayTagModel *tags; /* (nullable) what the whole task says of who can be believed */
  GPtrArray *used;           /* of const char *: the ways that were taken, each once */
} AssayFuse;
void assay_fuse_use (const AssayFuse *fuse, const char *method);

typedef struct
{
  const char *kind;
  const char *const *methods; /* the default first; ends with NULL */
  AssayObjects *(*join) (const AssayFuse *fuse);
} AssayFusion;
const AssayFusion *assay_fusion_find (const AssayKind *kind); /* (nullable) */
/* What the task asks for; NULL with BAD_DATA when its rules name no way of its kind. */
const char *assay_fusion_method (const AssayTask *task, GError **error);

/* `labels`: of AssayLabel, not empty. NULL with an error for a kind that has no entry, or a way that it has not.
 * `ret_used` (nullable): the ways that were taken, as words: "staple, majority". */
AssayObjects *assay_fuse_labels (const GPtrArray *labels, const AssayTask *task, const AssayTagModel *tags,
                                 char **ret_used, GError **error);

/* For the entries. What most of the answers have, group by group (qa/cluster.h); `values` makes one of a group's.
 */
typedef gpointer (*AssayFuseValues) (const AssayFuse *fuse, const AssayObject *const *members, guint n,
                                     const AssayId *class_id);
AssayObjects *assay_fuse_objects (const AssayFuse *fuse, AssayFuseValues values);
/* The id of what was made of these. */
AssayId assay_fuse_id (const AssayId *ids, guint n);

extern const AssayFusion assay_fusion_segmentation, assay_fusion_box, assay_fusion_keypoints, assay_fusion_pose,
    assay_fusion_transcript, assay_fusion_tag;

G_END_DECLS
