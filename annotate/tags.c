/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/tags.h"

#include "core/json.h"

gboolean
assay_task_is_single_tag (const AssayTask *task)
{
  return task->rules != NULL && assay_json_get_bool (task->rules, "single");
}

gboolean
assay_tags_has (const AssayObjects *objects, const AssayId *class_id)
{
  for (guint i = 0; i < objects->list->len; i++)
    if (assay_id_equal (&((const AssayObject *) objects->list->pdata[i])->class_id, class_id))
      return TRUE;
  return FALSE;
}

/* All tags of the class, or all others: an import may have brought one twice. */
static void
take_out (AssayEdit *edit, const AssayObjects *objects, const AssayId *class_id, gboolean others)
{
  for (guint i = 0; i < objects->list->len; i++)
    {
      const AssayObject *object = objects->list->pdata[i];
      if (assay_id_equal (&object->class_id, class_id) != others)
        assay_edit_take (edit, assay_object_copy (object, objects->kind), NULL);
    }
}

AssayEdit *
assay_tags_new_edit (const AssayTask *task, const AssayObjects *objects, const AssayId *class_id, AssayTagsWay way)
{
  const AssayClass *class = assay_task_find_class (task, class_id);
  gboolean single = assay_task_is_single_tag (task), has = assay_tags_has (objects, class_id);
  if (class == NULL)
    return NULL;
  gboolean take = way == ASSAY_TAGS_TAKE || (way == ASSAY_TAGS_TOGGLE && has && !single);
  g_autofree char *name = g_strdup_printf (take ? "no tag %s" : "tag %s", class->name);
  g_autoptr (AssayEdit) edit = assay_edit_new (objects->kind, name);
  if (take)
    take_out (edit, objects, class_id, FALSE);
  else if (single)
    take_out (edit, objects, class_id, TRUE);
  if (!take && !has)
    assay_edit_take (edit, NULL, assay_object_new (class_id, NULL));
  return edit->changes->len > 0 ? g_steal_pointer (&edit) : NULL;
}
