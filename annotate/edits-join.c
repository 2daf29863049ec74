/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several objects become one, and one becomes several. The object chosen last keeps its identity, class and
 * attributes. */
#include "annotate/edits-private.h"
#include "core/mask-parts.h"
#include "core/mask-shape.h"

#define APART_PX 12 /* a duplicate lies beside what it came from, so that both are seen */

static gboolean
is_unsure (const GPtrArray *objects)
{
  for (guint i = 0; i < objects->len; i++)
    if (((const AssayRegion *) ((const AssayObject *) objects->pdata[i])->value)->unsure != NULL)
      return TRUE;
  return FALSE;
}

/* The object's pixels, with or without those that it is unsure of. */
static AssayMask *
get_pixels (const AssayObject *object, AssayMaskOperation with_unsure)
{
  const AssayRegion *region = object->value;
  return region->unsure != NULL ? assay_mask_combine (region->mask, region->unsure, with_unsure)
                                : assay_mask_copy (region->mask);
}

/* What is surely (DIFFERENCE), or perhaps (UNION), of the outcome: of `last`, joined with the others. */
static AssayMask *
combine_unsure (const AssayObject *last, const GPtrArray *objects, AssayMaskOperation operation,
                AssayMaskOperation with_unsure)
{
  AssayMaskOperation opposite = with_unsure == ASSAY_MASK_UNION ? ASSAY_MASK_DIFFERENCE : ASSAY_MASK_UNION;
  AssayMask *mask = get_pixels (last, with_unsure);
  for (guint i = 0; i < objects->len; i++)
    {
      if (objects->pdata[i] == last)
        continue;
      g_autoptr (AssayMask) other
          = get_pixels (objects->pdata[i], operation == ASSAY_MASK_DIFFERENCE ? opposite : with_unsure);
      assay_mask_combine_into (&mask, other, operation);
    }
  return mask;
}

/* The one that lives on; then `ret_region` is its pixels, joined with the others', and unsure where the outcome is.
 */
static const AssayObject *
combine (const AssayScene *scene, const GPtrArray *objects, AssayMaskOperation operation, AssayRegion **ret_region)
{
  const AssayObject *last = assay_scene_get_selected (scene);
  g_autoptr (GPtrArray) masks = g_ptr_array_new ();
  g_ptr_array_add (masks, (gpointer) assay_object_get_mask (last));
  for (guint i = 0; i < objects->len; i++)
    if (objects->pdata[i] != last)
      g_ptr_array_add (masks, (gpointer) assay_object_get_mask (objects->pdata[i]));
  AssayMask *mask = assay_mask_combine_all ((const AssayMask *const *) masks->pdata, masks->len, operation);
  *ret_region = assay_region_new_with_mask (last->value, mask);
  if (!is_unsure (objects))
    return last;
  g_autoptr (AssayMask) sure = combine_unsure (last, objects, operation, ASSAY_MASK_DIFFERENCE);
  g_autoptr (AssayMask) perhaps = combine_unsure (last, objects, operation, ASSAY_MASK_UNION);
  assay_region_set_unsure (*ret_region, assay_mask_combine (perhaps, sure, ASSAY_MASK_DIFFERENCE));
  return last;
}

static AssayEdit *
combine_edit (const AssayScene *scene, const GPtrArray *objects, const char *verb, AssayMaskOperation operation,
              gboolean others_go, AssayAnswer *answer)
{
  g_autoptr (AssayRegion) region = NULL;
  const AssayKind *kind = scene->task->kind;
  const AssayObject *last = combine (scene, objects, operation, &region);
  if (assay_mask_area_px (region->mask) == 0)
    {
      assay_answer_hint (answer, "nothing would be left");
      return NULL;
    }
  if (!others_go && assay_mask_equal (region->mask, assay_object_get_mask (last)))
    {
      assay_answer_hint (answer, "they have no pixel in common");
      return NULL;
    }
  AssayEdit *edit = assay_edit_new_on (scene, verb, objects);
  assay_edit_take (edit, assay_object_copy (last, kind),
                   assay_object_copy_with (last, kind, g_steal_pointer (&region)));
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
new_like (const AssayObject *object, AssayRegion *take_region)
{
  AssayObject *made = assay_object_new (&object->class_id, take_region);
  made->attributes = object->attributes != NULL ? json_deep_copy (object->attributes) : NULL;
  return made;
}

/* Each with what was unsure nearest to it. Of AssayRegion; of what is in one part NULL. */
static GPtrArray *
split_region (const AssayRegion *region, AssayProgress *progress)
{
  g_autoptr (GPtrArray) parts = assay_mask_split (region->mask);
  g_autoptr (GPtrArray) unsure = NULL;
  if (parts->len < 2)
    return NULL;
  if (region->unsure != NULL)
    unsure = assay_mask_share_out (region->mask, region->unsure, progress);
  if (region->unsure != NULL && unsure == NULL)
    return NULL;
  GPtrArray *regions = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_region_free);
  for (guint i = 0; i < parts->len; i++)
    {
      AssayRegion *part = assay_region_new_with_mask (region, assay_mask_copy (parts->pdata[i]));
      assay_region_set_unsure (part, unsure != NULL ? assay_mask_copy (unsure->pdata[i]) : NULL);
      g_ptr_array_add (regions, part);
    }
  return regions;
}

/* The largest part goes on as the object. */
static void
split_one (AssayEdit *edit, const AssayObject *object, AssayProgress *progress)
{
  g_autoptr (GPtrArray) parts = split_region (object->value, progress);
  guint largest = 0;
  guint64 most_px = 0;
  for (guint i = 0; parts != NULL && i < parts->len; i++)
    {
      guint64 area_px = assay_mask_area_px (((const AssayRegion *) parts->pdata[i])->mask);
      if (area_px <= most_px)
        continue;
      most_px = area_px;
      largest = i;
    }
  if (parts == NULL)
    return;
  assay_edit_take (edit, assay_object_copy (object, edit->kind),
                   assay_object_copy_with (object, edit->kind, assay_region_copy (parts->pdata[largest])));
  for (guint i = 0; i < parts->len; i++)
    if (i != largest)
      assay_edit_take (edit, NULL, new_like (object, assay_region_copy (parts->pdata[i])));
}

AssayEdit *
assay_act_split (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  g_autoptr (AssayEdit) edit = assay_edit_new_on (scene, "split", objects);
  for (guint i = 0; i < objects->len; i++)
    {
      split_one (edit, objects->pdata[i], scene->progress);
      if (assay_progress_stopped (scene->progress, NULL))
        return NULL;
    }
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
      const AssayRegion *region = ((const AssayObject *) objects->pdata[i])->value;
      g_autoptr (AssayMask) mask = assay_mask_shift (region->mask, APART_PX, APART_PX);
      if (assay_mask_area_px (mask) == 0)
        continue;
      AssayRegion *apart = assay_region_new_with_mask (region, g_steal_pointer (&mask));
      if (region->unsure != NULL)
        assay_region_set_unsure (apart, assay_mask_shift (region->unsure, APART_PX, APART_PX));
      AssayObject *made = new_like (objects->pdata[i], apart);
      assay_edit_take (edit, NULL, made);
      assay_answer_select (answer, made->id);
    }
  if (edit->changes->len > 0)
    return g_steal_pointer (&edit);
  assay_answer_hint (answer, "there is no room beside it");
  return NULL;
}
