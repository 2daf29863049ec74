/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/edits-selection.h"

#include "annotate/edits-private.h"

static const char *const masks[] = { "segmentation", NULL };
static const char *const drawn[] = { "segmentation", "box", "keypoints", "pose", NULL };

static const AssayAct acts[] = {
  { "grow", "Grow by a Pixel", masks, 1, assay_act_grow, 0 },
  { "shrink", "Shrink by a Pixel", masks, 1, assay_act_shrink, 0 },
  { "grow-more", "Grow by 5 Pixels", masks, 1, assay_act_grow_more, 0 },
  { "shrink-more", "Shrink by 5 Pixels", masks, 1, assay_act_shrink_more, 0 },
  { "smooth", "Smooth the Border", masks, 1, assay_act_smooth, 0 },
  { "fill-holes", "Fill the Holes", masks, 1, assay_act_fill_holes, 1 },
  { "keep-largest", "Keep the Largest Part", masks, 1, assay_act_keep_largest, 1 },
  { "drop-islands", "Remove Islands", masks, 1, assay_act_drop_islands, 1 },
  { "fill-gaps", "Fill the Gap to Its Neighbours", masks, 1, assay_act_fill_gaps, 1 },
  { "split", "Split into Its Parts", masks, 1, assay_act_split, 2 },
  { "union", "Join into One", masks, 2, assay_act_union, 2 },
  { "subtract", "Subtract the Others from the Last", masks, 2, assay_act_subtract, 2 },
  { "intersect", "Keep What All Share", masks, 2, assay_act_intersect, 2 },
  { "duplicate", "Duplicate", masks, 1, assay_act_duplicate, 2 },
  { "raise", "Raise over the Next", drawn, 1, assay_act_raise, 3 },
  { "lower", "Lower under the Next", drawn, 1, assay_act_lower, 3 },
  { "to-front", "To the Front", drawn, 1, assay_act_to_front, 3 },
  { "to-back", "To the Back", drawn, 1, assay_act_to_back, 3 },
  { "accept", "Accept the Proposals", NULL, 0, assay_act_accept, 4 },
  { "reject", "Reject the Proposals", NULL, 0, assay_act_reject, 4 },
};

const AssayAct *
assay_acts_list (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (acts);
  return acts;
}

const AssayAct *
assay_act_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    if (g_str_equal (acts[i].id, id))
      return &acts[i];
  return NULL;
}

gboolean
assay_act_serves (const AssayAct *act, const AssayKind *kind)
{
  return act->kinds == NULL || g_strv_contains (act->kinds, kind->id);
}

AssayEdit *
assay_act_run (const AssayAct *act, const AssayScene *scene, AssayAnswer *answer)
{
  g_autoptr (GPtrArray) objects = assay_scene_list_selected (scene);
  if (!assay_act_serves (act, scene->task->kind))
    {
      assay_answer_hint (answer, "%s: not for %s", act->title, scene->task->kind->title);
      return NULL;
    }
  if (objects->len < act->least)
    {
      assay_answer_hint (answer,
                         act->least > 1 ? "%s: select two or more objects, with Shift and a click"
                                        : "%s: select an object first",
                         act->title);
      return NULL;
    }
  g_autoptr (AssayEdit) edit = act->make (scene, objects, answer);
  g_autofree char *locked = edit != NULL ? assay_scene_dup_locked (scene, edit) : NULL;
  if (locked == NULL)
    return g_steal_pointer (&edit);
  assay_answer_hint (answer, "%s", locked);
  answer->select = FALSE;
  return NULL;
}

AssayEdit *
assay_edit_new_on (const AssayScene *scene, const char *verb, const GPtrArray *objects)
{
  g_autofree char *whom = objects->len == 1 ? assay_scene_dup_object_name (scene, objects->pdata[0])
                                            : g_strdup_printf ("%u objects", objects->len);
  g_autofree char *name = g_strdup_printf ("%s on %s", verb, whom);
  return assay_edit_new (scene->task->kind, name);
}

const AssayMask *
assay_object_get_mask (const AssayObject *object)
{
  return ((const AssayRegion *) object->value)->mask;
}

AssayObject *
assay_object_copy_with (const AssayObject *object, const AssayKind *kind, gpointer take_value)
{
  AssayObject *copy = assay_object_copy (object, kind);
  kind->free (copy->value);
  copy->value = take_value;
  return copy;
}
