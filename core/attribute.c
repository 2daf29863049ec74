/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/attribute.h"

#include "core/error.h"
#include "core/json.h"

#include <math.h>

static const char *const types[] = { "choice", "text", "number", "bool" };

static gboolean
read_type (const json_t *json, AssayAttributeType *ret_type)
{
  const char *text = assay_json_get_string (json, "type");
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (text, types[i]) == 0)
      {
        *ret_type = (AssayAttributeType) i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
is_list_of_names (const json_t *list)
{
  for (gsize i = 0; i < json_array_size (list); i++)
    if (!json_is_string (json_array_get (list, i)))
      return FALSE;
  return json_array_size (list) > 0;
}

/* NULL when it is right. */
static const char *
find_fault (const json_t *json, const json_t *list, gsize at)
{
  static const char *const keys[] = { "name", "type", "choices", "classes", NULL };
  static const char *const own[] = { "coco", "assisted", "proposed", "comment", "interpolated", "track_id", NULL };
  const char *name = assay_json_get_string (json, "name");
  const json_t *choices = json_object_get (json, "choices"), *classes = json_object_get (json, "classes");
  AssayAttributeType type;
  if (name == NULL || *name == '\0')
    return "it has no name";
  if (g_strv_contains (own, name))
    return "coco, assisted, proposed, comment, interpolated and track_id have a meaning already";
  for (gsize i = 0; i < at; i++)
    if (g_strcmp0 (assay_json_get_string (json_array_get (list, i), "name"), name) == 0)
      return "its name stands twice";
  if (assay_json_find_other_key (json, keys) != NULL)
    return "it has other keys than name, type, choices and classes";
  if (!read_type (json, &type))
    return "its type is none of choice, text, number and bool";
  if ((type == ASSAY_ATTRIBUTE_CHOICE) != (choices != NULL) || (choices != NULL && !is_list_of_names (choices)))
    return "choices, a list of words, are for the type choice, and needed there";
  if (classes != NULL && !is_list_of_names (classes))
    return "classes is no list of names";
  return NULL;
}

/* The first class that it is asked of and that the task does not have; NULL = there is none. */
static const char *
find_unknown_class (const AssayTask *task, const json_t *json)
{
  const json_t *classes = json_object_get (json, "classes");
  for (gsize i = 0; i < json_array_size (classes); i++)
    {
      const char *name = json_string_value (json_array_get (classes, i));
      if (assay_task_find_class_named (task, name) == NULL)
        return name;
    }
  return NULL;
}

gboolean
assay_attributes_check (const AssayTask *task, GError **error)
{
  const json_t *list = json_object_get (task->rules, "attributes");
  if (list != NULL && !json_is_array (list))
    return assay_error_bad_data (error,
                                 "reading the rules: \"attributes\" must be a list; write [{\"name\": \"state\", "
                                 "\"type\": \"choice\", \"choices\": [\"full\", \"empty\"]}]");
  for (gsize i = 0; i < json_array_size (list); i++)
    {
      const char *fault = find_fault (json_array_get (list, i), list, i);
      if (fault != NULL)
        return assay_error_bad_data (error, "reading the rules: attribute %" G_GSIZE_FORMAT ": %s", i + 1, fault);
      const char *unknown = find_unknown_class (task, json_array_get (list, i));
      if (unknown != NULL)
        return assay_error_bad_data (error,
                                     "reading the rules: attribute %" G_GSIZE_FORMAT ": it is asked of %s, which is no"
                                     " class of task %s; name those of --classes",
                                     i + 1, unknown, task->name);
    }
  return TRUE;
}

static gboolean
is_asked_of (const json_t *json, const char *class_name)
{
  const json_t *classes = json_object_get (json, "classes");
  for (gsize i = 0; i < json_array_size (classes); i++)
    if (g_strcmp0 (json_string_value (json_array_get (classes, i)), class_name) == 0)
      return TRUE;
  return classes == NULL;
}

GArray *
assay_task_list_attributes (const AssayTask *task, const AssayId *class_id)
{
  const json_t *list = json_object_get (task->rules, "attributes");
  const AssayClass *class = assay_task_find_class (task, class_id);
  GArray *attributes = g_array_new (FALSE, FALSE, sizeof (AssayAttribute));
  for (gsize i = 0; i < json_array_size (list); i++)
    {
      const json_t *json = json_array_get (list, i);
      AssayAttribute attribute = { assay_json_get_string (json, "name"), 0, json_object_get (json, "choices") };
      if (attribute.name != NULL && read_type (json, &attribute.type)
          && is_asked_of (json, class != NULL ? class->name : NULL))
        g_array_append_val (attributes, attribute);
    }
  return attributes;
}

gboolean
assay_attribute_allows (const AssayAttribute *attribute, const json_t *value)
{
  switch (attribute->type)
    {
    case ASSAY_ATTRIBUTE_CHOICE:
      for (gsize i = 0; i < json_array_size (attribute->choices); i++)
        if (json_is_string (value) && json_equal (json_array_get (attribute->choices, i), value))
          return TRUE;
      return FALSE;
    case ASSAY_ATTRIBUTE_NUMBER:
      return json_is_number (value) && isfinite (json_number_value (value));
    case ASSAY_ATTRIBUTE_BOOL:
      return json_is_boolean (value);
    case ASSAY_ATTRIBUTE_TEXT:
    default:
      return json_is_string (value);
    }
}

gboolean
assay_attributes_validate (const AssayObject *object, const AssayTask *task, GError **error)
{
  g_autoptr (GArray) attributes = assay_task_list_attributes (task, &object->class_id);
  for (guint i = 0; i < attributes->len; i++)
    {
      const AssayAttribute *attribute = &g_array_index (attributes, AssayAttribute, i);
      json_t *value = json_object_get (object->attributes, attribute->name);
      if (value == NULL || assay_attribute_allows (attribute, value))
        continue;
      g_autofree char *text = assay_json_canonical (value);
      return assay_error_bad_data (error, "attribute %s: %s is not allowed; task %s asks for %s", attribute->name,
                                   text, task->name,
                                   attribute->type == ASSAY_ATTRIBUTE_CHOICE   ? "one of its choices"
                                   : attribute->type == ASSAY_ATTRIBUTE_NUMBER ? "a number"
                                   : attribute->type == ASSAY_ATTRIBUTE_BOOL   ? "true or false"
                                                                               : "words");
    }
  return TRUE;
}
