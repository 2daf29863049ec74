/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/aim.h"

#include "core/region.h"

gboolean
assay_aim_takes_away (AssayAimWay way, const AssayInput *input)
{
  return way == ASSAY_AIM_ERASE || input->button == 3
         || (input->flags & (ASSAY_INPUT_ALT | ASSAY_INPUT_ERASER)) != 0;
}

/* The topmost object with a pixel under the pointer that a tool may change. */
static const AssayObject *
find_under (const AssayScene *scene, AssayPoint at)
{
  for (guint i = scene->objects->list->len; i-- > 0;)
    {
      const AssayObject *object = scene->objects->list->pdata[i];
      const AssayMask *mask = ((const AssayRegion *) object->value)->mask;
      if (at.x >= 0 && at.y >= 0 && at.x < mask->width_px && at.y < mask->height_px
          && !assay_scene_is_hidden (scene, &object->id) && !assay_scene_is_locked (scene, &object->id)
          && assay_mask_contains (mask, (guint) at.x, (guint) at.y))
        return object;
    }
  return NULL;
}

static const AssayObject *
choose (const AssayScene *scene, const AssayInput *press, AssayAimWay way, gboolean remove)
{
  gboolean into = remove || assay_scene_paints_unsure (scene) || way != ASSAY_AIM_OUTLINE
                  || (press->flags & ASSAY_INPUT_SHIFT) != 0;
  const AssayObject *target = assay_scene_get_target (scene, into);
  return target == NULL && (remove || assay_scene_paints_unsure (scene)) ? find_under (scene, press->at) : target;
}

static gboolean
may_change (const AssayScene *scene, const AssayObject *object, AssayAnswer *answer)
{
  gboolean locked = assay_scene_is_locked (scene, &object->id);
  if (!locked && !assay_scene_is_hidden (scene, &object->id))
    return TRUE;
  g_autofree char *name = assay_scene_dup_object_name (scene, object);
  if (locked)
    assay_answer_hint (answer, "%s is locked: L unlocks it", name);
  else
    assay_answer_hint (answer, "%s is hidden: H shows it", name);
  return FALSE;
}

gboolean
assay_aim_take (AssayAim *aim, const AssayScene *scene, const AssayInput *press, AssayAimWay way,
                AssayAnswer *answer)
{
  gboolean remove = assay_aim_takes_away (way, press);
  const AssayObject *object = choose (scene, press, way, remove);
  if (object != NULL && !may_change (scene, object, answer))
    return FALSE;
  if (object == NULL && remove)
    {
      assay_answer_hint (answer, "nothing is taken away: begin on an object, or choose one");
      return FALSE;
    }
  if (object == NULL && assay_scene_paints_unsure (scene))
    {
      assay_answer_hint (answer, "choose the object whose border cannot be told, or begin on it");
      return FALSE;
    }
  if (object == NULL && assay_id_is_nil (&scene->current_class))
    {
      assay_answer_hint (answer, "choose a class first: 1 to 9");
      return FALSE;
    }
  *aim = (AssayAim){ object != NULL ? object->id : ASSAY_ID_NIL, remove ? ASSAY_PIXELS_REMOVE : ASSAY_PIXELS_ADD };
  return TRUE;
}

AssayEdit *
assay_aim_edit (const AssayAim *aim, const AssayScene *scene, const char *verb, const AssayMask *pixels,
                AssayAnswer *answer)
{
  const AssayObject *object
      = assay_id_is_nil (&aim->object) ? NULL : assay_objects_find (scene->objects, &aim->object);
  if (object != NULL && assay_scene_paints_unsure (scene) && aim->mode != ASSAY_PIXELS_REPLACE)
    return assay_pixels_unsure_edit (scene, verb, object, pixels, aim->mode, answer);
  return assay_pixels_edit (scene, verb, object, pixels, aim->mode, answer);
}

void
assay_aim_let_go (const AssayScene *scene, AssayAnswer *answer)
{
  if (assay_id_is_nil (&scene->selected))
    return;
  answer->used = TRUE;
  assay_answer_select (answer, ASSAY_ID_NIL);
  assay_answer_hint (answer, "nothing is selected: what is painted next is a new object");
}

guint32
assay_aim_colour (const AssayAim *aim, const AssayScene *scene)
{
  const AssayObject *object
      = assay_id_is_nil (&aim->object) ? NULL : assay_objects_find (scene->objects, &aim->object);
  return assay_scene_colour (scene, object != NULL ? &object->class_id : &scene->current_class);
}
