/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pose whose model, drawn where it is said to stand, does not cover the mask of the same thing. */
#include "qa/check.h"
#include "core/region.h"
#include "qa/class-model.h"
#include "qa/difference.h"
#include "vision/vision.h"

extern const AssayCheck assay_check_silhouette;

#define LEAST_IOU 0.8
#define LEAST_SHARE 0.1 /* of any overlap: less is another thing of the class */

static const char *const kinds[] = { "pose", NULL };

/* Models are read once a thread. */
typedef struct
{
  GHashTable *models; /* class id -> AssayModel, NULL = there is none that can be read */
} Models;

static void
free_model (gpointer model)
{
  assay_model_free (model);
}

static const AssayModel *
get (Models *models, const AssayLook *look, const AssayClass *class)
{
  gpointer model;
  if (models->models == NULL)
    models->models = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, free_model);
  if (!g_hash_table_lookup_extended (models->models, &class->id, NULL, &model))
    g_hash_table_insert (models->models, g_memdup2 (&class->id, sizeof class->id),
                         model = assay_class_load_model (look->project, class));
  return model;
}

/* Pixels that somebody is unsure of count on neither side; NaN = another size. */
static double
overlap (const AssayMask *silhouette, const AssayRegion *region)
{
  if (region->unsure == NULL)
    return assay_mask_iou (silhouette, region->mask, FALSE);
  g_autoptr (AssayMask) drawn = assay_mask_combine (silhouette, region->unsure, ASSAY_MASK_DIFFERENCE);
  g_autoptr (AssayMask) sure = assay_mask_combine (region->mask, region->unsure, ASSAY_MASK_DIFFERENCE);
  return drawn != NULL && sure != NULL ? assay_mask_iou (drawn, sure, FALSE) : 0;
}

/* The mask of that class which it covers best, whoever drew it; tasks have classes of their own, so names tell. */
static double
find_best (const AssayLook *look, const AssayMask *silhouette, const char *class_name, const char **ret_who)
{
  double best = -1;
  for (guint i = 0; i < look->masks->len; i++)
    {
      const AssayLabel *label = look->masks->pdata[i];
      const AssayTask *task = look->mask_tasks->pdata[i];
      for (guint o = 0; o < label->objects->list->len; o++)
        {
          const AssayObject *object = label->objects->list->pdata[o];
          double iou = overlap (silhouette, object->value);
          if (g_str_equal (assay_object_class_name (object, task), class_name) && iou > best)
            {
              best = iou;
              *ret_who = task->name;
            }
        }
    }
  return best;
}

static void
judge (Models *models, const AssayLook *look, guint answer, const AssayObject *object, GPtrArray *findings)
{
  const AssayLabel *label = look->labels->pdata[answer];
  const AssayAnnotator *annotator = look->annotators->pdata[answer];
  const AssayClass *class = assay_task_find_class (look->task, &object->class_id);
  const AssayModel *model = class != NULL ? get (models, look, class) : NULL;
  AssayPose pose;
  AssayCamera camera;
  const char *who = NULL;
  if (model == NULL)
    return;
  look->task->kind->get_pose (object->value, &pose, &camera);
  g_autoptr (AssayMask) silhouette
      = assay_vision_silhouette (&pose, &camera, model->vertices_m, model->n_vertices, model->triangles,
                                 model->n_triangles, look->item->width_px, look->item->height_px);
  double iou = silhouette != NULL ? find_best (look, silhouette, class->name, &who) : -1;
  if (iou < LEAST_SHARE || iou >= LEAST_IOU)
    return;
  g_autofree char *id = assay_id_dup_text (&object->id);
  AssayRect box;
  char *why = g_strdup_printf (
      "%s's pose of %s covers its mask in %s by only %.0f %% (IoU of the silhouette %.2f, 0.80 is the least)",
      annotator->name, class->name, who, 100 * iou, iou);
  g_ptr_array_add (
      findings, assay_look_flag (look, &assay_check_silhouette, ASSAY_SEVERITY_WARNING, 1 - iou / LEAST_IOU, &label,
                                 1, id, assay_mask_bounds (silhouette, &box) ? assay_where_box (&box) : NULL, why));
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  for (guint i = 0; look->masks->len > 0 && i < look->labels->len; i++)
    {
      const AssayLabel *label = look->labels->pdata[i];
      for (guint o = 0; o < label->objects->list->len; o++)
        judge (state, look, i, label->objects->list->pdata[o], findings);
    }
}

static void
clear (gpointer state)
{
  g_clear_pointer (&((Models *) state)->models, g_hash_table_unref);
}

const AssayCheck assay_check_silhouette = {
  .id = "silhouette",
  .title = "Pose off its mask",
  .help = "the model, drawn where a pose says it stands, covers less than 80 % of the mask of the same thing in a "
          "segmentation task: the "
          "pose or the mask is wrong, or the camera's numbers are",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .beside = ASSAY_BESIDE_MASKS,
  .kinds = kinds,
  .state_size = sizeof (Models),
  .look = look_at,
  .clear = clear,
};
