/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pixels that a model gives to another class than the answer does: the softmin of all (Lad and Mueller 2023). */
#include "qa/check.h"
#include "core/mask-parts.h"
#include "core/mask-shape.h"
#include "core/region.h"
#include "qa/lab-look.h"
#include "qa/label-scores.h"
#include "qa/prediction.h"

#include <math.h>

extern const AssayCheck assay_check_pixels;

#define BORDER_PX 2 /* of an outline nobody knows them better */
#define TEMPERATURE 0.1
#define MOST 0.5         /* of the softmin */
#define LEAST_SHARE 0.05 /* of what either calls so */
#define FULL_SHARE 0.25  /* from here on it is as bad as it can be */
#define LEAST_PX 64

static const char *const kinds[] = { "segmentation", NULL };

/* Everything of one class; NULL = nothing. `other` (nullable): what has nothing there in it is left out, for that
 * is another check's business. `ret_confidence` (nullable): the mean, by pixels. */
static AssayMask *
join (const AssayObjects *objects, const AssayId *class_id, const AssayTask *task, const AssayObjects *other,
      double *ret_confidence)
{
  g_autoptr (AssayMask) all = NULL;
  double weights = 0, sum = 0;
  for (guint i = 0; i < objects->list->len; i++)
    {
      const AssayObject *object = objects->list->pdata[i];
      const AssayRegion *region = object->value;
      if (!assay_id_equal (&object->class_id, class_id)
          || (other != NULL && !assay_lab_overlaps (task, object, other)))
        continue;
      double area = (double) assay_mask_area_px (region->mask);
      weights += area;
      sum += area * assay_prediction_confidence (object);
      if (all == NULL)
        all = assay_mask_copy (region->mask);
      else if (all->width_px == region->mask->width_px && all->height_px == region->mask->height_px)
        assay_mask_combine_into (&all, region->mask, ASSAY_MASK_UNION);
    }
  if (ret_confidence != NULL)
    *ret_confidence = weights > 0 ? sum / weights : NAN;
  return g_steal_pointer (&all);
}

/* What is in `a` and not within the border of `b`. */
static AssayMask *
beyond (const AssayMask *a, const AssayMask *b)
{
  if (b == NULL)
    return assay_mask_copy (a);
  g_autoptr (AssayMask) grown = assay_mask_grow (b, BORDER_PX);
  return assay_mask_combine (a, grown, ASSAY_MASK_DIFFERENCE);
}

typedef struct
{
  AssayMask *only_label, *only_model;
  double confidence; /* of the model in this class, NaN = it has none of it */
  guint64 all_px, differ_px;
} Difference;

static void
difference_clear (Difference *difference)
{
  g_clear_pointer (&difference->only_label, assay_mask_free);
  g_clear_pointer (&difference->only_model, assay_mask_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Difference, difference_clear)

static gboolean
compare (const AssayLabel *label, const AssayLabel *prediction, const AssayId *class_id, const AssayTask *task,
         Difference *ret_difference)
{
  g_autoptr (AssayMask) own = join (label->objects, class_id, task, prediction->objects, NULL);
  g_autoptr (AssayMask) seen = join (prediction->objects, class_id, task, NULL, &ret_difference->confidence);
  if ((own == NULL && seen == NULL)
      || (own != NULL && seen != NULL && (own->width_px != seen->width_px || own->height_px != seen->height_px)))
    return FALSE;
  ret_difference->only_label = own != NULL ? beyond (own, seen) : NULL;
  ret_difference->only_model = seen != NULL ? beyond (seen, own) : NULL;
  guint64 of_label = own != NULL ? assay_mask_area_px (own) : 0,
          of_model = seen != NULL ? assay_mask_area_px (seen) : 0,
          both = own != NULL && seen != NULL ? assay_mask_intersection_px (own, seen) : 0;
  ret_difference->all_px = of_label + of_model - both;
  ret_difference->differ_px
      = (ret_difference->only_label != NULL ? assay_mask_area_px (ret_difference->only_label) : 0)
        + (ret_difference->only_model != NULL ? assay_mask_area_px (ret_difference->only_model) : 0);
  return TRUE;
}

/* How surely the model says that these pixels are something else: as surely as of what it sees there, else as of
 * itself. */
static double
sure_of_another (const AssayMask *pixels, const AssayLabel *prediction)
{
  double all = pixels != NULL ? (double) assay_mask_area_px (pixels) : 0, left = all, sum = 0;
  for (guint i = 0; all > 0 && i < prediction->objects->list->len; i++)
    {
      const AssayObject *object = prediction->objects->list->pdata[i];
      double both = (double) assay_mask_intersection_px (pixels, ((const AssayRegion *) object->value)->mask);
      both = fmin (both, left);
      left -= both;
      sum += both * assay_prediction_confidence (object);
    }
  return all > 0 ? (sum + left * assay_lab_confidence (prediction)) / all : 0;
}

static void
take_larger (const AssayMask *mask, AssayMaskPart *largest)
{
  g_autoptr (GArray) parts = mask != NULL ? assay_mask_list_parts (mask) : NULL;
  for (guint i = 0; parts != NULL && i < parts->len; i++)
    if (g_array_index (parts, AssayMaskPart, i).area_px > largest->area_px)
      *largest = g_array_index (parts, AssayMaskPart, i);
}

static void
judge (const AssayLook *look, guint answer, const AssayLabel *prediction, const AssayAnnotator *model,
       const AssayClass *class, GPtrArray *findings)
{
  const AssayLabel *label = look->labels->pdata[answer];
  const AssayAnnotator *annotator = look->annotators->pdata[answer];
  g_auto (Difference) difference = { 0 };
  if (!compare (label, prediction, &class->id, look->task, &difference) || difference.differ_px < LEAST_PX
      || (double) difference.differ_px < LEAST_SHARE * (double) difference.all_px)
    return;
  double sure = assay_lab_confidence (prediction);
  guint64 only_label = difference.only_label != NULL ? assay_mask_area_px (difference.only_label) : 0,
          only_model = difference.only_model != NULL ? assay_mask_area_px (difference.only_model) : 0;
  double of_model = isnan (difference.confidence) ? sure : difference.confidence;
  const double scores[] = { of_model, 1 - sure_of_another (difference.only_label, prediction), 1 - of_model },
               weights[]
               = { (double) (difference.all_px - difference.differ_px), (double) only_label, (double) only_model };
  double score = assay_softmin_weighted (scores, weights, G_N_ELEMENTS (scores), TEMPERATURE);
  AssayMaskPart largest = { 0 };
  take_larger (difference.only_label, &largest);
  take_larger (difference.only_model, &largest);
  if (!(score < MOST) || largest.area_px == 0)
    return;
  char *why = g_strdup_printf (
      "%" G_GUINT64_FORMAT " px (%.0f %%) of %s are %s in %s's answer and not by %s, or the other way "
      "round, outlines apart",
      difference.differ_px, 100.0 * (double) difference.differ_px / (double) difference.all_px, class->name,
      class->name, annotator->name, model->name);
  g_autofree char *class_id = assay_id_dup_text (&class->id), *who = assay_id_dup_text (&annotator->id),
                  *by = assay_id_dup_text (&model->id),
                  *place = g_strdup_printf ("pixels of %s of %s by %s", class_id, who, by);
  /* A small part may be an outline after all. */
  double share = (double) difference.differ_px / (double) difference.all_px;
  g_ptr_array_add (findings, assay_look_flag (look, &assay_check_pixels, ASSAY_SEVERITY_WARNING,
                                              (1 - score) * fmin (share / FULL_SHARE, 1), &label, 1, place,
                                              assay_where_box (&largest.box), why));
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  for (guint m = 0; m < look->predictions->len; m++)
    for (guint i = 0; i < look->labels->len; i++)
      for (guint c = 0; c < look->task->classes->len; c++)
        judge (look, i, look->predictions->pdata[m], look->models->pdata[m], look->task->classes->pdata[c],
               findings);
}

const AssayCheck assay_check_pixels = {
  .id = "pixels",
  .title = "Pixels that a model disputes",
  .help
  = "parts of a picture that an answer and a model give to different classes, beyond what an outline leaves open",
  .version = 1,
  .scope = ASSAY_SCOPE_LABEL,
  .beside = ASSAY_BESIDE_MODELS,
  .kinds = kinds,
  .look = look_at,
};
