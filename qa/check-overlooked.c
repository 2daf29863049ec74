/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model is sure of an object where an answer has none: omissions are the commonest error of all. */
#include "qa/difference.h"
#include "qa/lab-look.h"
#include "qa/prediction.h"

extern const AssayCheck assay_check_overlooked;

#define MOST 0.5 /* of ObjectLab's score */

static void
judge (const AssayLabPair *pair, GPtrArray *findings)
{
  const GPtrArray *objects = pair->prediction->objects->list;
  for (guint i = 0; i < objects->len; i++)
    {
      const AssayObject *object = objects->pdata[i];
      if (!(pair->overlooked[i] < MOST))
        continue;
      char *why = g_strdup_printf ("%s sees a %s here (%.2f sure), and %s has nothing in this place",
                                   pair->model->name, assay_object_class_name (object, pair->look->task),
                                   assay_prediction_confidence (object), pair->annotator->name);
      g_ptr_array_add (findings,
                       assay_lab_flag (pair, &assay_check_overlooked,
                                       assay_prediction_confidence (object) - pair->overlooked[i], object, why));
    }
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  assay_lab_each (look, judge, findings);
}

const AssayCheck assay_check_overlooked = {
  .id = "overlooked",
  .title = "Overlooked, says a model",
  .help
  = "a model is sure of an object where an answer has none at all: it was overlooked, or the model sees things",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .beside = ASSAY_BESIDE_MODELS,
  .kinds = assay_lab_kinds,
  .look = look_at,
};
