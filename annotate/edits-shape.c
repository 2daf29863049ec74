/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same object with a better border: each act reckons a mask from what the object has, and neighbours are
 * treated as under a brush (annotate/pixels.h). */
#include "annotate/edits-private.h"
#include "annotate/pixels.h"
#include "core/mask-parts.h"
#include "core/mask-shape.h"

#define STEP_PX 1
#define LARGE_STEP_PX 5
#define SMOOTH_PX 3
#define ISLAND_PX 64 /* the area of what is no part of a thing but a slip: larger ones are kept */
#define GAP_PX 6

typedef AssayMask *(*Reshape) (const AssayScene *scene, const AssayObject *object);

static void
move_changes (AssayEdit *to, AssayEdit *from)
{
  g_ptr_array_extend_and_steal (to->changes, g_steal_pointer (&from->changes));
  from->changes = g_ptr_array_new ();
}

/* One after the other on a draft of their own, so that objects that touch each other see what has become of it. */
static AssayEdit *
reshape (const AssayScene *scene, const GPtrArray *objects, const char *verb, Reshape shape, const char *nothing,
         AssayAnswer *answer)
{
  AssayScene own = *scene;
  g_autoptr (AssayObjects) draft = assay_objects_copy (scene->objects);
  g_autoptr (AssayEdit) all = assay_edit_new_on (scene, verb, objects);
  own.objects = draft;
  for (guint i = 0; i < objects->len; i++)
    {
      const AssayObject *object = assay_objects_find (draft, &((const AssayObject *) objects->pdata[i])->id);
      g_autoptr (AssayMask) mask = object != NULL ? shape (&own, object) : NULL;
      if (assay_progress_stopped (scene->progress, NULL))
        return NULL;
      if (mask == NULL || assay_mask_equal (mask, assay_object_get_mask (object)))
        continue;
      g_autoptr (AssayEdit) edit = assay_pixels_edit (&own, verb, object, mask, ASSAY_PIXELS_REPLACE, answer);
      if (edit == NULL || !assay_edit_apply (edit, draft, FALSE, NULL))
        continue;
      move_changes (all, edit);
    }
  if (all->changes->len > 0)
    return g_steal_pointer (&all);
  if (answer->hint == NULL)
    assay_answer_hint (answer, "%s", nothing);
  return NULL;
}

static AssayMask *
grow (const AssayScene *scene, const AssayObject *object)
{
  return assay_mask_grow_watched (assay_object_get_mask (object), STEP_PX, scene->progress);
}

static AssayMask *
grow_more (const AssayScene *scene, const AssayObject *object)
{
  return assay_mask_grow_watched (assay_object_get_mask (object), LARGE_STEP_PX, scene->progress);
}

static AssayMask *
shrink (const AssayScene *scene, const AssayObject *object)
{
  return assay_mask_shrink_watched (assay_object_get_mask (object), STEP_PX, scene->progress);
}

static AssayMask *
shrink_more (const AssayScene *scene, const AssayObject *object)
{
  return assay_mask_shrink_watched (assay_object_get_mask (object), LARGE_STEP_PX, scene->progress);
}

static AssayMask *
smooth (const AssayScene *scene, const AssayObject *object)
{
  return assay_mask_smooth_watched (assay_object_get_mask (object), SMOOTH_PX, scene->progress);
}

static AssayMask *
fill_holes (const AssayScene *scene, const AssayObject *object)
{
  return assay_mask_fill_holes (assay_object_get_mask (object), ASSAY_MASK_ALL_HOLES);
}

static AssayMask *
keep_largest (const AssayScene *scene, const AssayObject *object)
{
  return assay_mask_keep_largest (assay_object_get_mask (object));
}

/* The largest part stays, however small it is. */
static AssayMask *
drop_islands (const AssayScene *scene, const AssayObject *object)
{
  g_autoptr (AssayMask) large = assay_mask_drop_parts (assay_object_get_mask (object), ISLAND_PX);
  return assay_mask_area_px (large) > 0 ? g_steal_pointer (&large) : keep_largest (scene, object);
}

static gboolean
is_near (const AssayMask *mask, AssayRect box, double reach)
{
  AssayRect other;
  return assay_mask_bounds (mask, &other) && other.x < box.x + box.w + reach && box.x < other.x + other.w + reach
         && other.y < box.y + box.h + reach && box.y < other.y + other.h + reach;
}

/* What is nobody's, and at most GAP_PX from the object and from another one, becomes the object's. */
static AssayMask *
fill_gaps (const AssayScene *scene, const AssayObject *object)
{
  const AssayMask *own = assay_object_get_mask (object);
  g_autoptr (AssayMask) others = assay_mask_new_empty (own->width_px, own->height_px);
  AssayRect box;
  if (!assay_mask_bounds (own, &box))
    return NULL;
  for (guint i = 0; i < scene->objects->list->len; i++)
    {
      const AssayObject *other = scene->objects->list->pdata[i];
      if (assay_progress_stopped (scene->progress, NULL))
        return NULL;
      if (other != object && is_near (assay_object_get_mask (other), box, GAP_PX))
        assay_mask_combine_into (&others, assay_object_get_mask (other), ASSAY_MASK_UNION);
    }
  g_autoptr (AssayMask) gap = assay_mask_grow_watched (own, GAP_PX, scene->progress);
  g_autoptr (AssayMask) theirs = gap != NULL ? assay_mask_grow_watched (others, GAP_PX, scene->progress) : NULL;
  if (theirs == NULL)
    return NULL;
  assay_mask_combine_into (&gap, theirs, ASSAY_MASK_INTERSECTION);
  assay_mask_combine_into (&gap, others, ASSAY_MASK_DIFFERENCE);
  assay_mask_combine_into (&gap, own, ASSAY_MASK_UNION);
  return g_steal_pointer (&gap);
}

AssayEdit *
assay_act_grow (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return reshape (scene, objects, "grow 1 px", grow, "it fills the picture", answer);
}

AssayEdit *
assay_act_grow_more (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return reshape (scene, objects, "grow 5 px", grow_more, "it fills the picture", answer);
}

AssayEdit *
assay_act_shrink (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return reshape (scene, objects, "shrink 1 px", shrink, "it fills the picture: nothing is outside", answer);
}

AssayEdit *
assay_act_shrink_more (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return reshape (scene, objects, "shrink 5 px", shrink_more, "it fills the picture: nothing is outside", answer);
}

AssayEdit *
assay_act_smooth (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return reshape (scene, objects, "smooth", smooth, "the border is smooth", answer);
}

AssayEdit *
assay_act_fill_holes (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return reshape (scene, objects, "fill holes", fill_holes, "there are no holes", answer);
}

AssayEdit *
assay_act_keep_largest (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return reshape (scene, objects, "keep largest part", keep_largest, "it is in one part", answer);
}

AssayEdit *
assay_act_drop_islands (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return reshape (scene, objects, "remove islands", drop_islands, "there are no islands of up to 64 px", answer);
}

AssayEdit *
assay_act_fill_gaps (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return reshape (scene, objects, "fill gaps", fill_gaps, "no gap of up to 6 px to a neighbour", answer);
}
