/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/prediction.h"

#include "core/json.h"

#include <math.h>

/* Our own first, then those of the file that it came from, then what that called attributes. */
static const json_t *
find (const AssayObject *object, const char *key)
{
  const json_t *own = object->attributes, *file = json_object_get (own, "coco"),
               *files = json_object_get (file, "attributes"), *value = json_object_get (own, key);
  if (value == NULL)
    value = json_object_get (file, key);
  return value != NULL ? value : json_object_get (files, key);
}

double
assay_prediction_confidence (const AssayObject *object)
{
  static const char *const keys[] = { "confidence", "score", "probability" };
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const json_t *value = find (object, keys[i]);
      if (json_is_number (value))
        return CLAMP (json_number_value (value), 0, 1);
    }
  return 1;
}

static double
probability_of (const json_t *given, const AssayTask *task, guint class)
{
  const json_t *value = json_is_array (given)
                            ? json_array_get (given, class)
                            : json_object_get (given, ((const AssayClass *) task->classes->pdata[class])->name);
  return fmax (json_number_value (value), 0); /* 0 for what is not there */
}

gboolean
assay_prediction_probabilities (const AssayObject *object, const AssayTask *task, double *ret_probabilities)
{
  guint n = task->classes->len, class = assay_task_class_index (task, &object->class_id);
  const json_t *given = find (object, "probabilities");
  double sum = 0, confidence = assay_prediction_confidence (object);
  if (n < 2 || class >= n)
    return FALSE;
  for (guint c = 0; c < n; c++)
    sum += ret_probabilities[c] = probability_of (given, task, c);
  for (guint c = 0; c < n; c++)
    ret_probabilities[c] = sum > 0      ? ret_probabilities[c] / sum
                           : c == class ? confidence
                                        : (1 - confidence) / (n - 1);
  return TRUE;
}
