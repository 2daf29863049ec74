/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A class that the task does not have: from an import, or another desk's task. Nobody can train on it. */
#include "core/rule.h"

static gboolean
find (const AssayDrawn *drawn, const AssayObject *object, AssayBreach *ret_breach)
{
  if (assay_task_find_class (drawn->task, &object->class_id) != NULL
      || (drawn->task->classes->len == 0 && assay_id_is_nil (&object->class_id))) /* the task has none to give */
    return FALSE;
  if (drawn->task->kind->bounds != NULL)
    drawn->task->kind->bounds (object->value, &ret_breach->place);
  ret_breach->why = g_strdup (assay_id_is_nil (&object->class_id)
                                  ? "an object has no class: select it, then 1 to 9"
                                  : "an object's class is none of this task's: select it, then 1 to 9");
  return TRUE;
}

static const char *const kinds[] = { "segmentation", "keypoints", "pose", "box", NULL };

const AssayRule assay_rule_class = {
  .id = "class",
  .title = "Class not in the task",
  .help = "an object without a class, or of one that the task does not have: no trainer can use it",
  .kinds = kinds,
  .find = find,
};
