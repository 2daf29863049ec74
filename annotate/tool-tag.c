/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tags are given by the keys of their classes, wherever the pointer is (annotate/tags.h); what is left for the
 * picture itself is to take one back, and for a sound to say from where it plays. */
#include "annotate/hearing.h"
#include "annotate/tags.h"
#include "core/scope.h"

static void
input (gpointer state, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  guint n = scene->objects->list->len;
  if (assay_scope_get_media (scene->task) == ASSAY_MEDIA_SOUND && assay_hearing_input (scene, in, answer))
    return;
  if (!assay_input_is_key (in, "BackSpace"))
    return;
  answer->used = TRUE;
  if (n == 0)
    {
      assay_answer_hint (answer, "there is no tag to take back: a digit gives one");
      return;
    }
  const AssayObject *last = scene->objects->list->pdata[n - 1];
  answer->edit = assay_tags_new_edit (scene->task, scene->objects, &last->class_id, ASSAY_TAGS_TAKE);
}

static const char *const kinds[] = { "tag", NULL };
static const AssayOption options[] = {
  { .name = ASSAY_OPTION_NEXT_AT_ONCE,
    .type = ASSAY_OPTION_BOOL,
    .default_text = "true",
    .title = "One tag: next at once",
    .help = "where an item has one tag: the key submits it and goes to the next item" },
  { .name = ASSAY_OPTION_PLAY_AT_ONCE,
    .type = ASSAY_OPTION_BOOL,
    .default_text = "false",
    .title = "Play at once",
    .help = "a sound plays as soon as it opens" },
  { NULL },
};

const AssayTool assay_tool_tag = {
  .id = "tag",
  .title = "Tags",
  .icon = "assay-tag-symbolic",
  .help = "1 to 9 or a name: gives the tag, again takes it away · Backspace takes the last one back · Ctrl+Enter "
          "submits",
  .kinds = kinds,
  .options = options,
  .state_size = 1,
  .input = input,
};
