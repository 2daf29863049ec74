/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which object lies over which: the order of the draft. */
#include "annotate/edits-private.h"

#include <string.h>

/* Whether one would hide something of the other. */
static gboolean
do_overlap (const AssayScene *scene, const AssayObject *a, const AssayObject *b)
{
  AssayRect one, other;
  const AssayKind *kind = scene->task->kind;
  if (kind->bounds == NULL || !kind->bounds (a->value, &one) || !kind->bounds (b->value, &other)
      || one.x >= other.x + other.w || other.x >= one.x + one.w || one.y >= other.y + other.h
      || other.y >= one.y + one.h)
    return FALSE;
  return !g_str_equal (kind->id, "segmentation")
         || assay_mask_intersection_px (assay_object_get_mask (a), assay_object_get_mask (b)) > 0;
}

/* Where `list[at]` goes: past the next that it overlaps with, or to the end. Its own place when there is none, or
 * when that one is selected too and cannot go on either. */
static guint
find_place (const AssayScene *scene, const GPtrArray *list, guint at, int step, gboolean to_end)
{
  if (to_end)
    return step > 0 ? list->len - 1 : 0;
  for (gint64 i = (gint64) at + step; i >= 0 && i < list->len; i += step)
    if (do_overlap (scene, list->pdata[at], list->pdata[i]))
      return assay_scene_is_selected (scene, &((const AssayObject *) list->pdata[i])->id) ? at : (guint) i;
  return at;
}

/* Several keep their order among themselves: the one that goes first is the one that others would have to pass. */
static AssayEdit *
reorder (const AssayScene *scene, const GPtrArray *objects, const char *verb, int step, gboolean to_end,
         AssayAnswer *answer)
{
  g_autoptr (AssayEdit) edit = assay_edit_new_on (scene, verb, objects);
  g_autoptr (GPtrArray) list = g_ptr_array_copy (scene->objects->list, NULL, NULL);
  gboolean from_top = (step > 0) != to_end;
  for (guint k = 0; k < objects->len; k++)
    {
      AssayObject *object = objects->pdata[from_top ? objects->len - 1 - k : k];
      guint at = 0;
      g_ptr_array_find (list, object, &at);
      guint to = find_place (scene, list, at, step, to_end);
      if (to == at)
        continue;
      assay_edit_add_move (edit, object, at, to);
      g_ptr_array_remove_index (list, at);
      g_ptr_array_insert (list, (gint) to, object);
    }
  gboolean same = memcmp (list->pdata, scene->objects->list->pdata, list->len * sizeof *list->pdata) == 0;
  if (!same)
    return g_steal_pointer (&edit);
  assay_answer_hint (answer, step > 0 ? "nothing lies over it" : "nothing lies under it");
  return NULL;
}

AssayEdit *
assay_act_raise (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return reorder (scene, objects, "raise", 1, FALSE, answer);
}

AssayEdit *
assay_act_lower (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return reorder (scene, objects, "lower", -1, FALSE, answer);
}

AssayEdit *
assay_act_to_front (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return reorder (scene, objects, "to the front", 1, TRUE, answer);
}

AssayEdit *
assay_act_to_back (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return reorder (scene, objects, "to the back", -1, TRUE, answer);
}
