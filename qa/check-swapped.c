/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model is sure of another class in the same place. */
#include "qa/difference.h"
#include "qa/lab-look.h"
#include "qa/prediction.h"

extern const AssayCheck assay_check_swapped;

#define MOST 0.5 /* of ObjectLab's score */
#define SURE 0.95

static void
judge (const AssayLabPair *pair, GPtrArray *findings)
{
  const GPtrArray *objects = pair->label->objects->list;
  for (guint i = 0; i < objects->len; i++)
    {
      const AssayObject *object = objects->pdata[i],
                        *near = assay_lab_nearest (pair, object, pair->prediction->objects, TRUE, SURE);
      if (!(pair->swapped[i] < MOST) || near == NULL)
        continue;
      char *why
          = g_strdup_printf ("%s says %s, and %s is sure of %s in the same place (%.2f)", pair->annotator->name,
                             assay_object_class_name (object, pair->look->task), pair->model->name,
                             assay_object_class_name (near, pair->look->task), assay_prediction_confidence (near));
      g_ptr_array_add (findings, assay_lab_flag (pair, &assay_check_swapped, 1 - pair->swapped[i], object, why));
    }
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  assay_lab_each (look, judge, findings);
}

const AssayCheck assay_check_swapped = {
  .id = "swapped",
  .title = "Another class, says a model",
  .help = "a model is sure of another class in the same place: the class was mistaken, or chosen by a slip",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .beside = ASSAY_BESIDE_MODELS,
  .kinds = assay_lab_kinds,
  .look = look_at,
};
