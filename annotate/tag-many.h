/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/tag-many.h - one key for the tags of many items: each has a step of its own in its own history, and the
 * gesture knows them all, so that it is taken back as the one thing it was. What an annotator has handed in is
 * changed by none of this. Store's thread. */
#include "annotate/tags.h"
#include "core/annotator.h"
#include "core/store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 item_row;
  AssayId entry; /* the last one of its journal, made by the gesture, or by taking it back */
} AssayTagged;

typedef struct
{
  char *name;       /* "tag blurred on 12 items" */
  GArray *made;     /* of AssayTagged: where there was something to do */
  guint n_answered; /* handed in, so nothing was done to them */
} AssayTagGesture;
void assay_tag_gesture_free (AssayTagGesture *gesture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTagGesture, assay_tag_gesture_free)

/* All of it, or nothing and an error. TOGGLE takes the tag away where all of them have it, else gives it to those
 * that lack it. `rows`: of gint64. `seconds`: active ones, shared alike; 0 = unknown. */
AssayTagGesture *assay_tags_give_many (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator,
                                       const GArray *rows, const AssayId *class_id, AssayTagsWay way,
                                       double seconds, GError **error);
/* Takes it back (or, `redo`, does it again) wherever nothing else was done since. `ret_n_kept`: how many others
 * there are; they are no more of the gesture. */
gboolean assay_tag_gesture_undo (AssayTagGesture *gesture, AssayStore *store, const AssayTask *task,
                                 const AssayAnnotator *annotator, gboolean redo, guint *ret_n_kept, GError **error);

/* Hands in those that may be: not handed in yet, and with its tag where the task allows just one. `ret_rows`: of
 * gint64, those that were. `seconds`: active ones, shared alike. All or nothing. */
gboolean assay_tags_submit_many (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator,
                                 const GArray *rows, double seconds, GArray **ret_rows, GError **error);
/* Takes those back that are not settled since. */
gboolean assay_tags_recall_many (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator,
                                 const GArray *rows, guint *ret_n, GError **error);

G_END_DECLS
