/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/edits.h"

#include "core/transcript.h"

#include <string.h>

static AssayEdit *
new_named (const AssayScene *scene, const char *verb, const AssayObject *object)
{
  g_autofree char *name = assay_scene_edit_name (scene, verb, &object->class_id);
  return assay_edit_new (scene->task->kind, name);
}

/* "removal of cup", "removal of 3 objects": so the step is called, unless it is none. */
static AssayEdit *
finish (AssayEdit *take_edit, const AssayScene *scene, const char *verb, const char *of)
{
  g_autoptr (AssayEdit) edit = take_edit;
  guint n = edit->changes->len;
  if (n == 0)
    return NULL;
  const AssayChange *first = edit->changes->pdata[0];
  const AssayObject *object = first->after != NULL ? first->after : first->before;
  g_autofree char *begin = g_strconcat (verb, of, NULL);
  g_free (edit->name);
  edit->name = n == 1 ? assay_scene_edit_name (scene, begin, &object->class_id)
                      : g_strdup_printf ("%s of %u objects", verb, n);
  return g_steal_pointer (&edit);
}

AssayEdit *
assay_edit_new_removal (const AssayScene *scene, const GPtrArray *objects)
{
  AssayEdit *edit = assay_edit_new (scene->task->kind, NULL);
  for (guint i = 0; i < objects->len; i++)
    assay_edit_take (edit, assay_object_copy (objects->pdata[i], scene->task->kind), NULL);
  return finish (edit, scene, "removal", " of");
}

AssayEdit *
assay_edit_new_class (const AssayScene *scene, const GPtrArray *objects, const AssayId *class_id)
{
  AssayEdit *edit = assay_edit_new (scene->task->kind, NULL);
  for (guint i = 0; i < objects->len; i++)
    {
      const AssayObject *object = objects->pdata[i];
      if (assay_id_equal (&object->class_id, class_id))
        continue;
      AssayObject *after = assay_object_copy (object, scene->task->kind);
      after->class_id = *class_id;
      assay_edit_take (edit, assay_object_copy (object, scene->task->kind), after);
    }
  return finish (edit, scene, "class", "");
}

AssayEdit *
assay_edit_new_attribute (const AssayScene *scene, const AssayId *id, const char *name, const json_t *value)
{
  const AssayObject *object = assay_objects_find (scene->objects, id);
  const json_t *now = object != NULL ? json_object_get (object->attributes, name) : NULL;
  if (object == NULL || (now == NULL && value == NULL) || (now != NULL && value != NULL && json_equal (now, value)))
    return NULL;
  AssayObject *after = assay_object_copy (object, scene->task->kind);
  json_t *attributes = object->attributes != NULL ? json_deep_copy (object->attributes) : json_object ();
  if (value != NULL)
    json_object_set_new (attributes, name, json_deep_copy (value));
  else
    json_object_del (attributes, name);
  json_decref (after->attributes);
  after->attributes = attributes;
  g_autofree char *whom = assay_scene_dup_object_name (scene, object);
  g_autofree char *words = g_strdup_printf ("%s of %s", name, whom);
  AssayEdit *edit = assay_edit_new (scene->task->kind, words);
  assay_edit_take (edit, assay_object_copy (object, scene->task->kind), after);
  return edit;
}

AssayEdit *
assay_edit_new_text (const AssayScene *scene, const AssayId *id, const char *text)
{
  const AssayObject *object = assay_objects_find (scene->objects, id);
  g_autofree char *composed = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  if (object == NULL || composed == NULL)
    return NULL;
  const AssaySegment *segment = object->value;
  if (g_str_equal (segment->text, composed))
    return NULL;
  AssayObject *after = assay_object_copy (object, scene->task->kind);
  AssaySegment *changed = assay_segment_new (segment->start, segment->end, composed, segment->speaker);
  changed->unclear = segment->unclear;
  scene->task->kind->free (after->value);
  after->value = changed;
  AssayEdit *edit = new_named (scene, "words", object);
  assay_edit_take (edit, assay_object_copy (object, scene->task->kind), after);
  return edit;
}
