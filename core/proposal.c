/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/proposal.h"

#include "core/json.h"

#define ASSISTED "assisted"
#define PROPOSED "proposed"
#define CORRECTED "+corrected"

void
assay_object_propose (AssayObject *object, const char *assisted)
{
  json_t *attributes = object->attributes != NULL ? json_deep_copy (object->attributes) : json_object ();
  json_object_set_new (attributes, ASSISTED, json_string (assisted));
  json_object_set_new (attributes, PROPOSED, json_true ());
  json_decref (object->attributes);
  object->attributes = attributes;
}

gboolean
assay_object_is_proposed (const AssayObject *object)
{
  return object->attributes != NULL && assay_json_get_bool (object->attributes, PROPOSED);
}

const char *
assay_object_get_assisted (const AssayObject *object)
{
  return object->attributes != NULL ? assay_json_get_string (object->attributes, ASSISTED) : NULL;
}

/* A copy of an object shares its attributes: what changes is another document. */
void
assay_object_accept (AssayObject *object, gboolean corrected)
{
  const char *assisted = assay_object_get_assisted (object);
  if (!assay_object_is_proposed (object) && (!corrected || assisted == NULL))
    return;
  json_t *attributes = json_deep_copy (object->attributes);
  json_object_del (attributes, PROPOSED);
  if (corrected && assisted != NULL && !g_str_has_suffix (assisted, CORRECTED))
    {
      g_autofree char *both = g_strconcat (assisted, CORRECTED, NULL);
      json_object_set_new (attributes, ASSISTED, json_string (both));
    }
  json_decref (object->attributes);
  object->attributes = attributes;
}

void
assay_edit_correct_proposals (AssayEdit *edit)
{
  for (guint i = 0; i < edit->changes->len; i++)
    {
      AssayChange *change = edit->changes->pdata[i];
      if (change->before != NULL && change->after != NULL
          && !edit->kind->equal (change->before->value, change->after->value))
        assay_object_accept (change->after, TRUE);
    }
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

char *
assay_objects_dup_assisted (const AssayObjects *objects)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  for (guint i = 0; i < objects->list->len; i++)
    {
      const char *word = assay_object_get_assisted (objects->list->pdata[i]);
      if (word != NULL && !g_ptr_array_find_with_equal_func (words, word, g_str_equal, NULL))
        g_ptr_array_add (words, (gpointer) word);
    }
  if (words->len == 0)
    return NULL;
  g_ptr_array_sort (words, compare);
  g_ptr_array_add (words, NULL);
  return g_strjoinv (", ", (char **) words->pdata);
}
