/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several objects become one, and one becomes several. The object chosen last keeps its identity, class and
 * attributes. */
#include "annotate/edits-private.h"
#include "core/mask-parts.h"
#include "core/mask-shape.h"

#define APART_PX 12 /* a duplicate lies beside what it came from, so that both are seen */

/* The one that lives on; then `ret_mask` is its pixels, joined with the others'. */
static const AssayObject *
combine (const AssayScene *scene, const GPtrArray *objects, AssayMaskOperation operation, AssayMask **ret_mask)
{
  const AssayObject *last = assay_scene_get_selected (scene);
  AssayMask *mask = assay_mask_copy (assay_object_get_mask (last));
  for (guint i = 0; i < objects->len; i++)
    {
      if (objects->pdata[i] == last)
        continue;
      AssayMask *joined = assay_mask_combine (mask, assay_object_get_mask (objects->pdata[i]), operation);
      assay_mask_free (mask);
      mask = joined;
    }
  *ret_mask = mask;
  return last;
}

static AssayEdit *
combine_edit (const AssayScene *scene, const GPtrArray *objects, const char *verb, AssayMaskOperation operation,
              gboolean others_go, AssayAnswer *answer)
{
  AssayMask *mask = NULL;
  const AssayKind *kind = scene->task->kind;
  const AssayObject *last = combine (scene, objects, operation, &mask);
  if (assay_mask_area_px (mask) == 0)
    {
      assay_answer_hint (answer, "nothing would be left");
      assay_mask_free (mask);
      return NULL;
    }
  if (!others_go && assay_mask_equal (mask, assay_object_get_mask (last)))
    {
      assay_answer_hint (answer, "they have no pixel in common");
      assay_mask_free (mask);
      return NULL;
    }
  AssayEdit *edit = assay_edit_new_on (scene, verb, objects);
  assay_edit_take (edit, assay_object_copy (last, kind), assay_object_copy_with_mask (last, kind, mask));
  for (guint i = 0; i < objects->len && others_go; i++)
    if (objects->pdata[i] != last)
      assay_edit_take (edit, assay_object_copy (objects->pdata[i], kind), NULL);
  assay_answer_select (answer, last->id);
  return edit;
}

AssayEdit *
assay_act_union (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return combine_edit (scene, objects, "join", ASSAY_MASK_UNION, TRUE, answer);
}

AssayEdit *
assay_act_subtract (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return combine_edit (scene, objects, "subtract", ASSAY_MASK_DIFFERENCE, FALSE, answer);
}

AssayEdit *
assay_act_intersect (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return combine_edit (scene, objects, "intersect", ASSAY_MASK_INTERSECTION, TRUE, answer);
}

/* Another object with the same class and attributes; in no track, since it is another thing. */
static AssayObject *
new_like (const AssayObject *object, AssayMask *take_mask)
{
  AssayObject *made = assay_object_new (&object->class_id, assay_region_new_from_mask (take_mask));
  ((AssayRegion *) made->value)->crowd = ((const AssayRegion *) object->value)->crowd;
  made->attributes = object->attributes != NULL ? json_deep_copy (object->attributes) : NULL;
  return made;
}

/* The largest part goes on as the object. */
static void
split_one (AssayEdit *edit, const AssayObject *object)
{
  g_autoptr (GPtrArray) parts = assay_mask_split (assay_object_get_mask (object));
  guint largest = 0;
  if (parts->len < 2)
    return;
  for (guint i = 1; i < parts->len; i++)
    if (assay_mask_area_px (parts->pdata[i]) > assay_mask_area_px (parts->pdata[largest]))
      largest = i;
  assay_edit_take (edit, assay_object_copy (object, edit->kind),
                   assay_object_copy_with_mask (object, edit->kind, assay_mask_copy (parts->pdata[largest])));
  for (guint i = 0; i < parts->len; i++)
    if (i != largest)
      assay_edit_take (edit, NULL, new_like (object, assay_mask_copy (parts->pdata[i])));
}

AssayEdit *
assay_act_split (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  g_autoptr (AssayEdit) edit = assay_edit_new_on (scene, "split", objects);
  for (guint i = 0; i < objects->len; i++)
    split_one (edit, objects->pdata[i]);
  if (edit->changes->len > 0)
    return g_steal_pointer (&edit);
  assay_answer_hint (answer, "it is in one part");
  return NULL;
}

AssayEdit *
assay_act_duplicate (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  g_autoptr (AssayEdit) edit = assay_edit_new_on (scene, "duplicate", objects);
  for (guint i = 0; i < objects->len; i++)
    {
      g_autoptr (AssayMask) mask = assay_mask_shift (assay_object_get_mask (objects->pdata[i]), APART_PX, APART_PX);
      if (assay_mask_area_px (mask) == 0)
        continue;
      AssayObject *made = new_like (objects->pdata[i], g_steal_pointer (&mask));
      assay_edit_take (edit, NULL, made);
      assay_answer_select (answer, made->id);
    }
  if (edit->changes->len > 0)
    return g_steal_pointer (&edit);
  assay_answer_hint (answer, "there is no room beside it");
  return NULL;
}
