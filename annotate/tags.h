/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/tags.h - what one key does to an answer that is tags: classes that hold for the whole item. Any thread. */
#include "core/edit.h"

G_BEGIN_DECLS

/* `rules.single`: an item has exactly one tag, and choosing another one replaces it. */
gboolean assay_task_is_single_tag (const AssayTask *task);

/* Option of the tag tool (annotate/tool-tag.c): a single tag submits, and the next item comes. */
#define ASSAY_OPTION_NEXT_AT_ONCE "next-at-once"

/* … and one that holds for sounds: what opens begins to play. */
#define ASSAY_OPTION_PLAY_AT_ONCE "play-at-once"

gboolean assay_tags_has (const AssayObjects *objects, const AssayId *class_id);

typedef enum
{
  ASSAY_TAGS_TOGGLE, /* of a single-tag task: GIVE */
  ASSAY_TAGS_GIVE,   /* in place of all others where the task allows one */
  ASSAY_TAGS_TAKE
} AssayTagsWay;
/* One named step; NULL = it is so already, or the class is not the task's. */
AssayEdit *assay_tags_new_edit (const AssayTask *task, const AssayObjects *objects, const AssayId *class_id,
                                AssayTagsWay way);

G_END_DECLS
