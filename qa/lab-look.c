/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/lab-look.h"

#include "qa/difference.h"
#include "qa/prediction.h"

#include <math.h>

const char *const assay_lab_kinds[] = { "box", "segmentation", NULL };

/* One for each object that has a box, and which object it is. */
static GArray *
list_boxes (const AssayObjects *objects, const AssayTask *task, GArray *ret_indices)
{
  GArray *boxes = g_array_new (FALSE, FALSE, sizeof (AssayLabBox));
  for (guint i = 0; i < objects->list->len; i++)
    {
      const AssayObject *object = objects->list->pdata[i];
      AssayLabBox box = { .class = assay_task_class_index (task, &object->class_id),
                          .probability = assay_prediction_confidence (object) };
      if (!task->kind->bounds (object->value, &box.box))
        continue;
      g_array_append_val (boxes, box);
      g_array_append_val (ret_indices, i);
    }
  return boxes;
}

static double *
spread (const double *scores, const GArray *indices, guint n)
{
  double *all = g_new (double, (gsize) n + 1);
  for (guint i = 0; i < n; i++)
    all[i] = NAN;
  for (guint i = 0; i < indices->len; i++)
    all[g_array_index (indices, guint, i)] = scores[i];
  return all;
}

static void
look_at_pair (AssayLabPair *pair, AssayLabFunc func, GPtrArray *findings)
{
  g_autoptr (GArray) of_label = g_array_new (FALSE, FALSE, sizeof (guint)),
                     of_prediction = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) labels = list_boxes (pair->label->objects, pair->look->task, of_label),
                     predictions = list_boxes (pair->prediction->objects, pair->look->task, of_prediction);
  const AssayLabPicture picture
      = { (const AssayLabBox *) (gpointer) labels->data, (const AssayLabBox *) (gpointer) predictions->data,
          labels->len, predictions->len };
  g_autofree double *overlooked = g_new (double, (gsize) predictions->len + 1),
                    *bad_place = g_new (double, (gsize) labels->len + 1),
                    *swapped = g_new (double, (gsize) labels->len + 1);
  assay_object_lab_score (&picture, ASSAY_LAB_LEAST, overlooked, bad_place, swapped);
  g_autofree double *all_overlooked = spread (overlooked, of_prediction, pair->prediction->objects->list->len),
                    *all_bad_place = spread (bad_place, of_label, pair->label->objects->list->len),
                    *all_swapped = spread (swapped, of_label, pair->label->objects->list->len);
  pair->overlooked = all_overlooked;
  pair->bad_place = all_bad_place;
  pair->swapped = all_swapped;
  func (pair, findings);
}

void
assay_lab_each (const AssayLook *look, AssayLabFunc func, GPtrArray *findings)
{
  for (guint m = 0; m < look->predictions->len; m++)
    for (guint i = 0; i < look->labels->len; i++)
      {
        AssayLabPair pair = { .look = look,
                              .label = look->labels->pdata[i],
                              .prediction = look->predictions->pdata[m],
                              .annotator = look->annotators->pdata[i],
                              .model = look->models->pdata[m] };
        look_at_pair (&pair, func, findings);
      }
}

const AssayObject *
assay_lab_nearest (const AssayLabPair *pair, const AssayObject *object, const AssayObjects *others,
                   gboolean other_class, double least_confidence)
{
  const AssayObject *nearest = NULL;
  double most = -1;
  AssayRect own, box;
  if (!pair->look->task->kind->bounds (object->value, &own))
    return NULL;
  for (guint i = 0; i < others->list->len; i++)
    {
      const AssayObject *other = others->list->pdata[i];
      if (assay_id_equal (&other->class_id, &object->class_id) == other_class
          || !pair->look->task->kind->bounds (other->value, &box)
          || (!isnan (least_confidence) && assay_prediction_confidence (other) <= least_confidence))
        continue;
      double alike = assay_rect_iou (own, box, FALSE);
      if (alike > most)
        {
          most = alike;
          nearest = other;
        }
    }
  return nearest;
}

gboolean
assay_lab_overlaps (const AssayTask *task, const AssayObject *object, const AssayObjects *others)
{
  AssayRect own, box;
  if (!task->kind->bounds (object->value, &own))
    return FALSE;
  for (guint i = 0; i < others->list->len; i++)
    if (task->kind->bounds (((const AssayObject *) others->list->pdata[i])->value, &box)
        && assay_rect_iou (own, box, FALSE) > 0)
      return TRUE;
  return FALSE;
}

double
assay_lab_confidence (const AssayLabel *prediction)
{
  double sum = 0;
  for (guint i = 0; i < prediction->objects->list->len; i++)
    sum += assay_prediction_confidence (prediction->objects->list->pdata[i]);
  return prediction->objects->list->len > 0 ? sum / prediction->objects->list->len : 0.5;
}

AssayFinding *
assay_lab_flag (const AssayLabPair *pair, const AssayCheck *check, double score, const AssayObject *object,
                char *take_why)
{
  g_autofree char *id = assay_id_dup_text (&object->id), *who = assay_id_dup_text (&pair->annotator->id),
                  *model = assay_id_dup_text (&pair->model->id),
                  *place = g_strdup_printf ("object %s of %s by %s", id, who, model);
  return assay_look_flag (pair->look, check, ASSAY_SEVERITY_WARNING, score, &pair->label, 1, place,
                          assay_object_where (object, pair->look->task), take_why);
}
