/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model's object of the same class lies elsewhere: a box or mask that is too large, too small, or beside the
 * thing. */
#include "qa/difference.h"
#include "qa/lab-look.h"

extern const AssayCheck assay_check_badly_placed;

#define MOST 0.6 /* of ObjectLab's likeness */
#define LEAST_CONFIDENCE 0.5

static void
judge (const AssayLabPair *pair, GPtrArray *findings)
{
  const GPtrArray *objects = pair->label->objects->list;
  for (guint i = 0; i < objects->len; i++)
    {
      const AssayObject *object = objects->pdata[i],
                        *near
                        = assay_lab_nearest (pair, object, pair->prediction->objects, FALSE, LEAST_CONFIDENCE);
      AssayRect own, box;
      if (!(pair->bad_place[i] < MOST) || near == NULL)
        continue;
      const AssayKind *kind = pair->look->task->kind;
      gboolean have = kind->bounds (object->value, &own) && kind->bounds (near->value, &box);
      char *why = g_strdup_printf ("%s's %s covers another place than %s sees it in (IoU of the boxes %.2f)",
                                   pair->annotator->name, assay_object_class_name (object, pair->look->task),
                                   pair->model->name, have ? assay_rect_iou (own, box, FALSE) : 0);
      g_ptr_array_add (findings,
                       assay_lab_flag (pair, &assay_check_badly_placed, 1 - pair->bad_place[i], object, why));
    }
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  assay_lab_each (look, judge, findings);
}

const AssayCheck assay_check_badly_placed = {
  .id = "badly-placed",
  .title = "Badly placed, says a model",
  .help = "a model sees an object of this class nearby, and not in this place: a box or mask that is too large, "
          "too small or beside "
          "the thing",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .beside = ASSAY_BESIDE_MODELS,
  .kinds = assay_lab_kinds,
  .look = look_at,
};
