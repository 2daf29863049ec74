/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/carry.h - objects carried to another picture as proposals (core/proposal.h): copied, followed by optical
 * flow, or taken from a model's prediction of the same picture. On the thread of the store; following on any. */
#include "core/annotator.h"
#include "core/journal.h"
#include "core/picture.h"
#include "core/progress.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The next picture of the item's sequence, of an item in no sequence of the project, that the task asks about and
 * that is not left out. NOT_FOUND: there is none, or it has another size. */
AssayItem *assay_carry_find_next (AssayStore *store, const AssayItem *item, const AssayTask *task, GError **error);

/* How many a person should look at well, and how many could not be done at all and were left out. */
typedef struct
{
  guint n_doubtful, n_failed;
} AssayCarryNews;

/* Of AssayObject: new objects with the same class, track and attributes. Masks without a pixel are left out. */
AssayObjects *assay_carry_copy (const GPtrArray *objects, const AssayKind *kind);
/* Segmentation: what the copies have become in the next picture, in place of what they are. What has left it goes. */
gboolean assay_carry_follow (AssayObjects *copies, const AssayPicture *from, const AssayPicture *to,
                             AssayProgress *progress, AssayCarryNews *ret_news, GError **error);
/* What models have answered for the item; empty when none has. */
AssayObjects *assay_carry_list_predictions (AssayStore *store, const AssayItem *item, const AssayTask *task,
                                            GError **error);

/* The annotator's own boxes of the item, from the tasks of boxes: those of a class that `task` has by the same
 * name, or all when it has one class. Of AssayCarryBox. */
typedef struct
{
  AssayRect box;
  AssayId class_id; /* of `task` */
} AssayCarryBox;
GArray *assay_carry_list_boxes (AssayStore *store, const AssayItem *item, const AssayTask *task,
                                const AssayAnnotator *annotator, GError **error);
/* Each box's content by GrabCut, as a mask; boxes in which nothing is found are left out. */
AssayObjects *assay_carry_cut_boxes (const GArray *boxes, const AssayPicture *picture, const AssayKind *kind,
                                     AssayProgress *progress, AssayCarryNews *ret_news, GError **error);

/* Adds `objects` to the annotator's draft of `item` as one step. Those that are there already, nearly alike or of a
 * track that a hand has drawn there, are left out; what was interpolated or proposed of their track gives way.
 * `ret_n` are those put. CONFLICT when the answer is submitted, skipped or settled. */
gboolean assay_carry_put (AssayStore *store, const AssayItem *item, const AssayTask *task,
                          const AssayAnnotator *annotator, const AssayObjects *objects, const char *name,
                          guint *ret_n, GError **error);

G_END_DECLS
