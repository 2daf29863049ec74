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

AssayEdit *
assay_edit_new_removal (const AssayScene *scene, const AssayId *id)
{
  const AssayObject *object = assay_objects_find (scene->objects, id);
  if (object == NULL)
    return NULL;
  AssayEdit *edit = new_named (scene, "removal of", object);
  assay_edit_take (edit, assay_object_copy (object, scene->task->kind), NULL);
  return edit;
}

AssayEdit *
assay_edit_new_class (const AssayScene *scene, const AssayId *id, const AssayId *class_id)
{
  const AssayObject *object = assay_objects_find (scene->objects, id);
  if (object == NULL || assay_id_equal (&object->class_id, class_id))
    return NULL;
  AssayObject *after = assay_object_copy (object, scene->task->kind);
  after->class_id = *class_id;
  AssayEdit *edit = new_named (scene, "class", after);
  assay_edit_take (edit, assay_object_copy (object, scene->task->kind), after);
  return edit;
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
