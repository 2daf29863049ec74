/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/kind.h"

#include "core/attribute.h"
#include "core/error.h"
#include "core/json.h"
#include "core/kind-list.h"

#include <string.h>

#define X(word) extern const AssayKind assay_kind_##word;
ASSAY_KIND_LIST
#undef X

#define X(word) &assay_kind_##word,
static const AssayKind *const kinds[] = { ASSAY_KIND_LIST };
#undef X

const AssayKind *const *
assay_kind_list (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (kinds);
  return kinds;
}

const AssayKind *
assay_kind_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i]->id, id) == 0)
      return kinds[i];
  return NULL;
}

/* --- marks --- */

AssayMarks *
assay_marks_new (void)
{
  AssayMarks *marks = g_new (AssayMarks, 1);
  marks->marks = g_array_new (FALSE, FALSE, sizeof (AssayMark));
  marks->owned = g_ptr_array_new_with_free_func (g_free);
  return marks;
}

void
assay_marks_free (AssayMarks *marks)
{
  if (marks == NULL)
    return;
  g_array_unref (marks->marks);
  g_ptr_array_unref (marks->owned);
  g_free (marks);
}

void
assay_marks_add (AssayMarks *marks, const AssayMark *mark)
{
  g_array_append_vals (marks->marks, mark, 1);
}

void
assay_marks_add_points (AssayMarks *marks, AssayMarkKind kind, AssayMarkFlags flags, guint32 colour,
                        const AssayPoint *points, guint n_points, const char *text)
{
  AssayPoint *own = g_memdup2 (points, sizeof *points * n_points);
  g_ptr_array_add (marks->owned, own);
  AssayMark mark
      = { .kind = kind, .flags = flags, .colour = colour, .points = own, .n_points = n_points, .text = text };
  assay_marks_add (marks, &mark);
}

/* --- one object --- */

AssayObject *
assay_object_new (const AssayId *class_id, gpointer take_value)
{
  AssayObject *object = g_new0 (AssayObject, 1);
  object->id = assay_id_new ();
  object->class_id = class_id != NULL ? *class_id : ASSAY_ID_NIL;
  object->value = take_value;
  return object;
}

AssayObject *
assay_object_copy (const AssayObject *object, const AssayKind *kind)
{
  AssayObject *copy = g_memdup2 (object, sizeof *object);
  copy->value = kind->copy (object->value);
  json_incref (copy->attributes);
  return copy;
}

void
assay_object_free (AssayObject *object, const AssayKind *kind)
{
  if (object == NULL)
    return;
  kind->free (object->value);
  json_decref (object->attributes);
  g_free (object);
}

double
assay_object_similarity (const AssayObject *a, const AssayObject *b, const AssayTask *task)
{
  return task->kind->similarity_of != NULL ? task->kind->similarity_of (a, b, task)
                                           : task->kind->similarity (a->value, b->value, task);
}

void
assay_object_measure (const AssayObject *a, const AssayObject *b, const AssayTask *task, double *ret_values)
{
  if (task->kind->measure_of != NULL)
    task->kind->measure_of (a, b, task, ret_values);
  else
    task->kind->measure (a->value, b->value, task, ret_values);
}

gboolean
assay_object_equal (const AssayObject *a, const AssayObject *b, const AssayKind *kind)
{
  if (!assay_id_equal (&a->id, &b->id) || !assay_id_equal (&a->class_id, &b->class_id)
      || !assay_id_equal (&a->track, &b->track))
    return FALSE;
  if ((a->attributes == NULL) != (b->attributes == NULL)
      || (a->attributes != NULL && !json_equal (a->attributes, b->attributes)))
    return FALSE;
  return kind->equal (a->value, b->value);
}

json_t *
assay_object_to_json (const AssayObject *object, const AssayTask *task)
{
  json_t *json = json_object ();
  json_object_set_new (json, "id", assay_json_id (&object->id));
  json_object_set_new (json, "class", assay_json_id (&object->class_id));
  if (!assay_id_is_nil (&object->track))
    json_object_set_new (json, "track", assay_json_id (&object->track));
  if (object->attributes != NULL)
    json_object_set (json, "attributes", object->attributes);
  task->kind->write (object->value, task, json);
  return json;
}

/* Absent and null are nil. */
static gboolean
read_id (const json_t *json, const char *key, AssayId *ret_id, GError **error)
{
  const json_t *value = json_object_get (json, key);
  *ret_id = ASSAY_ID_NIL;
  return value == NULL || json_is_null (value) || assay_json_get_id (json, key, ret_id)
         || assay_error_bad_data (error, "%s: this is no UUID", key);
}

static gboolean
read_class (const json_t *json, const AssayTask *task, AssayId *ret_id, GError **error)
{
  const char *text = assay_json_get_string (json, "class");
  if (text == NULL || assay_json_get_id (json, "class", ret_id))
    return read_id (json, "class", ret_id, error);
  const AssayClass *named = NULL;
  for (guint i = 0; i < task->classes->len; i++)
    {
      const AssayClass *class = task->classes->pdata[i];
      if (!g_str_equal (class->name, text))
        continue;
      if (named != NULL)
        return assay_error_bad_data (error, "class: task %s has several classes named \"%s\"; use the id",
                                     task->name, text);
      named = class;
    }
  if (named == NULL)
    return assay_error_bad_data (error, "class: task %s has no class \"%s\"; add it to the task first", task->name,
                                 text);
  *ret_id = named->id;
  return TRUE;
}

static gboolean
check_keys (const json_t *json, const AssayKind *kind, GError **error)
{
  static const char *const common[] = { "id", "class", "track", "attributes" };
  const char *keys[16] = { NULL };
  guint n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (common); i++)
    keys[n++] = common[i];
  for (guint i = 0; kind->keys[i] != NULL && n < G_N_ELEMENTS (keys) - 1; i++)
    keys[n++] = kind->keys[i];
  const char *other = assay_json_find_other_key (json, keys);
  return other == NULL || assay_error_bad_data (error, "%s: a %s object has no such key", other, kind->id);
}

AssayObject *
assay_object_from_json (const json_t *json, const AssayTask *task, const AssayItem *item, GError **error)
{
  const AssayKind *kind = task->kind;
  AssayId id, class_id, track;
  if (!json_is_object (json))
    {
      assay_error_bad_data (error, "this is no JSON object");
      return NULL;
    }
  const json_t *attributes = json_object_get (json, "attributes");
  if (!check_keys (json, kind, error) || !read_id (json, "id", &id, error)
      || !read_id (json, "track", &track, error) || !read_class (json, task, &class_id, error))
    return NULL;
  if (attributes != NULL && !json_is_object (attributes))
    {
      assay_error_bad_data (error, "attributes: this is no JSON object");
      return NULL;
    }
  g_autoptr (GError) wrong = NULL;
  gpointer value = kind->parse (json, task, item, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  AssayObject *object = assay_object_new (&class_id, value);
  if (!assay_id_is_nil (&id))
    object->id = id;
  object->track = track;
  object->attributes = json_incref ((json_t *) attributes);
  return object;
}

/* --- a set of them --- */

AssayObjects *
assay_objects_new (const AssayKind *kind)
{
  AssayObjects *objects = g_new (AssayObjects, 1);
  objects->kind = kind;
  objects->list = g_ptr_array_new ();
  return objects;
}

AssayObjects *
assay_objects_copy (const AssayObjects *objects)
{
  AssayObjects *copy = assay_objects_new (objects->kind);
  for (guint i = 0; i < objects->list->len; i++)
    g_ptr_array_add (copy->list, assay_object_copy (objects->list->pdata[i], objects->kind));
  return copy;
}

void
assay_objects_free (AssayObjects *objects)
{
  if (objects == NULL)
    return;
  for (guint i = 0; i < objects->list->len; i++)
    assay_object_free (objects->list->pdata[i], objects->kind);
  g_ptr_array_unref (objects->list);
  g_free (objects);
}

void
assay_objects_take (AssayObjects *objects, AssayObject *object)
{
  g_ptr_array_add (objects->list, object);
}

AssayObject *
assay_objects_find (const AssayObjects *objects, const AssayId *id)
{
  for (guint i = 0; i < objects->list->len; i++)
    if (assay_id_equal (&((AssayObject *) objects->list->pdata[i])->id, id))
      return objects->list->pdata[i];
  return NULL;
}

gboolean
assay_objects_equal (const AssayObjects *a, const AssayObjects *b)
{
  if (a->kind != b->kind || a->list->len != b->list->len)
    return FALSE;
  for (guint i = 0; i < a->list->len; i++)
    if (!assay_object_equal (a->list->pdata[i], b->list->pdata[i], a->kind))
      return FALSE;
  return TRUE;
}

json_t *
assay_objects_to_json (const AssayObjects *objects, const AssayTask *task)
{
  g_autofree char *schema = g_strdup_printf ("assay.%s/1", objects->kind->id);
  json_t *list = json_array ();
  for (guint i = 0; i < objects->list->len; i++)
    json_array_append_new (list, assay_object_to_json (objects->list->pdata[i], task));
  json_t *json = json_object ();
  json_object_set_new (json, "schema", json_string (schema));
  json_object_set_new (json, "objects", list);
  return json;
}

static gboolean
check_schema (const json_t *json, const AssayTask *task, GError **error)
{
  static const char *const keys[] = { "schema", "objects", NULL };
  const char *other = json_is_object (json) ? assay_json_find_other_key (json, keys) : NULL;
  if (other != NULL)
    return assay_error_bad_data (error, "%s: a label has no such key; it has schema and objects", other);
  g_autofree char *wanted = g_strdup_printf ("assay.%s/1", task->kind->id);
  const char *schema = assay_json_get_string (json, "schema");
  if (g_strcmp0 (schema, wanted) != 0)
    return assay_error_bad_data (error, "schema: \"%s\" was found, task %s wants \"%s\"",
                                 schema != NULL ? schema : "nothing", task->name, wanted);
  return json_is_array (json_object_get (json, "objects"))
         || assay_error_bad_data (error, "objects: there is no such array");
}

AssayObjects *
assay_objects_from_json (const json_t *json, const AssayTask *task, const AssayItem *item, GError **error)
{
  if (!check_schema (json, task, error))
    return NULL;
  g_autoptr (AssayObjects) objects = assay_objects_new (task->kind);
  gsize i;
  json_t *entry;
  json_array_foreach (json_object_get (json, "objects"), i, entry)
  {
    AssayObject *object = assay_object_from_json (entry, task, item, error);
    if (object == NULL)
      {
        g_prefix_error (error, "object %" G_GSIZE_FORMAT ": ", i + 1);
        return NULL;
      }
    assay_objects_take (objects, object);
  }
  return g_steal_pointer (&objects);
}

static gboolean
validate_object (const AssayObject *object, GHashTable *seen, const AssayTask *task, const AssayItem *item,
                 GError **error)
{
  char text[ASSAY_ID_TEXT_SIZE];
  if (!g_hash_table_add (seen, (gpointer) &object->id))
    return assay_error_bad_data (error, "id: %s is there twice", assay_id_to_text (&object->id, text));
  gboolean nil = assay_id_is_nil (&object->class_id);
  if (!nil && assay_task_find_class (task, &object->class_id) == NULL)
    return assay_error_bad_data (error, "class: task %s has no class %s; add it to the task first", task->name,
                                 assay_id_to_text (&object->class_id, text));
  if (nil && task->classes->len > 0 && task->kind->media == ASSAY_MEDIA_PICTURE)
    return assay_error_bad_data (error, "class: none is given; choose one of task %s", task->name);
  if (!assay_attributes_validate (object, task, error))
    return FALSE;
  return task->kind->validate (object->value, task, item, error);
}

gboolean
assay_objects_validate (const AssayObjects *objects, const AssayTask *task, const AssayItem *item, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (assay_id_hash, assay_id_hash_equal);
  for (guint i = 0; i < objects->list->len; i++)
    if (!validate_object (objects->list->pdata[i], seen, task, item, error))
      {
        g_prefix_error (error, "object %u: ", i + 1);
        return FALSE;
      }
  return TRUE;
}
