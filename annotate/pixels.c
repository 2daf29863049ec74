/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/pixels.h"

#include "core/json.h"
#include "core/region.h"

#include <string.h>

const char *const assay_neighbours_words[] = { "overlap", "cut", "under", "over", NULL };

const char *const assay_paints_words[] = { "object", "unsure", NULL };

gboolean
assay_scene_paints_unsure (const AssayScene *scene)
{
  return scene->options != NULL
         && g_str_equal (assay_options_get_string (scene->options, ASSAY_OPTION_PAINTS), "unsure");
}

AssayNeighbours
assay_scene_get_neighbours (const AssayScene *scene)
{
  const char *text
      = scene->options != NULL ? assay_options_get_string (scene->options, ASSAY_OPTION_NEIGHBOURS) : "overlap";
  for (guint i = 0; assay_neighbours_words[i] != NULL; i++)
    if (g_str_equal (assay_neighbours_words[i], text))
      return (AssayNeighbours) i;
  return ASSAY_NEIGHBOURS_OVERLAP;
}

gboolean
assay_task_is_semantic (const AssayTask *task)
{
  return task->rules != NULL && assay_json_get_bool (task->rules, "semantic");
}

const AssayObject *
assay_scene_get_target (const AssayScene *scene, gboolean into_selected)
{
  if (!assay_task_is_semantic (scene->task))
    return into_selected ? assay_scene_get_selected (scene) : NULL;
  for (guint i = 0; i < scene->objects->list->len; i++)
    {
      const AssayObject *object = scene->objects->list->pdata[i];
      if (assay_id_equal (&object->class_id, &scene->current_class))
        return object;
    }
  return NULL;
}

static const AssayMask *
mask_of (const AssayObject *object)
{
  return ((const AssayRegion *) object->value)->mask;
}

/* What `take_before` has besides becomes another mask: pixels alone, without rings. NULL takes the object away. */
static void
change (AssayEdit *edit, const AssayObject *before, AssayMask *take_mask)
{
  g_autoptr (AssayMask) mask = take_mask;
  AssayObject *after = NULL;
  if (assay_mask_area_px (mask) > 0)
    {
      after = assay_object_copy (before, edit->kind);
      AssayRegion *region = after->value;
      g_clear_pointer (&region->rings, g_ptr_array_unref);
      assay_mask_free (region->mask);
      region->mask = g_steal_pointer (&mask);
    }
  assay_edit_take (edit, assay_object_copy (before, edit->kind), after);
}

/* As the option says; of a semantic task no pixel is of two. */
static AssayNeighbours
way_of (const AssayScene *scene)
{
  AssayNeighbours way = assay_scene_get_neighbours (scene);
  return way == ASSAY_NEIGHBOURS_OVERLAP && assay_task_is_semantic (scene->task) ? ASSAY_NEIGHBOURS_CUT : way;
}

/* Whether another object keeps its pixels for itself. */
static gboolean
keeps (const AssayScene *scene, AssayNeighbours way, const AssayObject *other)
{
  return way == ASSAY_NEIGHBOURS_UNDER
         || (way == ASSAY_NEIGHBOURS_CUT && assay_scene_is_locked (scene, &other->id));
}

static gboolean
is_other (const AssayObject *object, const AssayObject *other)
{
  return object == NULL || !assay_id_equal (&other->id, &object->id);
}

/* What may be added: by the others that stand in the way. `ret_cut` are those that lose something. */
static AssayMask *
allow (const AssayScene *scene, const AssayObject *object, const AssayMask *pixels, GPtrArray *ret_cut)
{
  AssayNeighbours way = way_of (scene);
  AssayMask *allowed = assay_mask_copy (pixels);
  g_autoptr (AssayMask) theirs = NULL;
  if (way == ASSAY_NEIGHBOURS_OVERLAP)
    return allowed;
  theirs = assay_mask_new_empty (pixels->width_px, pixels->height_px);
  for (guint i = 0; i < scene->objects->list->len; i++)
    {
      AssayObject *other = scene->objects->list->pdata[i];
      if (!is_other (object, other) || assay_mask_intersection_px (pixels, mask_of (other)) == 0)
        continue;
      if (way == ASSAY_NEIGHBOURS_OVER)
        assay_mask_combine_into (&theirs, mask_of (other), ASSAY_MASK_UNION);
      else if (keeps (scene, way, other))
        assay_mask_combine_into (&allowed, mask_of (other), ASSAY_MASK_DIFFERENCE);
      else
        g_ptr_array_add (ret_cut, other);
    }
  if (way == ASSAY_NEIGHBOURS_OVER)
    assay_mask_combine_into (&allowed, theirs, ASSAY_MASK_INTERSECTION);
  return allowed;
}

AssayPaint *
assay_pixels_new_limit (const AssayScene *scene, const AssayObject *object, gboolean *ret_inside)
{
  AssayNeighbours way = way_of (scene);
  if (way == ASSAY_NEIGHBOURS_OVERLAP)
    return NULL;
  g_autoptr (AssayMask) empty = assay_mask_new_empty (scene->item->width_px, scene->item->height_px);
  AssayPaint *limit = assay_paint_new (empty);
  for (guint i = 0; i < scene->objects->list->len; i++)
    {
      const AssayObject *other = scene->objects->list->pdata[i];
      if (is_other (object, other) && (way == ASSAY_NEIGHBOURS_OVER || keeps (scene, way, other)))
        assay_paint_add_mask (limit, mask_of (other));
    }
  *ret_inside = way == ASSAY_NEIGHBOURS_OVER;
  return limit;
}

static char *
name_edit (const AssayScene *scene, const char *verb, const AssayObject *object)
{
  if (object == NULL)
    {
      const AssayObject to_be = { .class_id = scene->current_class };
      g_autofree char *name = assay_scene_dup_object_name (scene, &to_be);
      return g_strdup_printf ("%s on %s", verb, name);
    }
  g_autofree char *name = assay_scene_dup_object_name (scene, object);
  return g_strdup_printf ("%s on %s", verb, name);
}

/* What the object becomes. Neighbours have a word about what is painted, `ret_painted`; never about what it has
 * kept of its own. */
static AssayMask *
reckon (const AssayScene *scene, const AssayObject *object, const AssayMask *pixels, AssayPixelsMode mode,
        GPtrArray *ret_cut, AssayMask **ret_painted)
{
  if (mode == ASSAY_PIXELS_REMOVE)
    return assay_mask_combine (mask_of (object), pixels, ASSAY_MASK_DIFFERENCE);
  g_autoptr (AssayMask) kept = NULL, more = NULL;
  if (object != NULL && mode == ASSAY_PIXELS_REPLACE)
    {
      kept = assay_mask_combine (pixels, mask_of (object), ASSAY_MASK_INTERSECTION);
      more = assay_mask_combine (pixels, mask_of (object), ASSAY_MASK_DIFFERENCE);
    }
  *ret_painted = allow (scene, object, more != NULL ? more : pixels, ret_cut);
  if (object == NULL)
    return assay_mask_copy (*ret_painted);
  return assay_mask_combine (kept != NULL ? kept : mask_of (object), *ret_painted, ASSAY_MASK_UNION);
}

AssayMask *
assay_pixels_reckon (const AssayScene *scene, const AssayObject *object, const AssayMask *pixels,
                     AssayPixelsMode mode)
{
  g_autoptr (GPtrArray) cut = g_ptr_array_new ();
  g_autoptr (AssayMask) painted = NULL;
  if (object == NULL && mode == ASSAY_PIXELS_REMOVE)
    return assay_mask_copy (pixels);
  return reckon (scene, object, pixels, mode, cut, &painted);
}

AssayEdit *
assay_pixels_edit (const AssayScene *scene, const char *verb, const AssayObject *object, const AssayMask *pixels,
                   AssayPixelsMode mode, AssayAnswer *answer)
{
  if (object != NULL && assay_scene_is_locked (scene, &object->id))
    {
      g_autofree char *name = assay_scene_dup_object_name (scene, object);
      assay_answer_hint (answer, "%s is locked: L unlocks it", name);
      return NULL;
    }
  if (object == NULL && (mode == ASSAY_PIXELS_REMOVE || assay_id_is_nil (&scene->current_class)))
    {
      assay_answer_hint (answer, mode == ASSAY_PIXELS_REMOVE ? "choose the object to take pixels from"
                                                             : "choose a class first: 1 to 9");
      return NULL;
    }
  g_autoptr (GPtrArray) cut = g_ptr_array_new ();
  g_autoptr (AssayMask) painted = NULL;
  g_autoptr (AssayMask) mask = reckon (scene, object, pixels, mode, cut, &painted);
  if (mask == NULL || (object != NULL && cut->len == 0 && assay_mask_equal (mask, mask_of (object)))
      || (object == NULL && assay_mask_area_px (mask) == 0))
    {
      assay_answer_hint (answer, "nothing was changed: there is no pixel here that may be painted");
      return NULL;
    }
  g_autofree char *name = name_edit (scene, verb, object);
  AssayEdit *edit = assay_edit_new (scene->task->kind, name);
  if (object != NULL)
    change (edit, object, g_steal_pointer (&mask));
  else
    {
      AssayObject *made
          = assay_object_new (&scene->current_class, assay_region_new_from_mask (g_steal_pointer (&mask)));
      assay_edit_take (edit, NULL, made);
      assay_answer_select (answer, made->id);
    }
  for (guint i = 0; i < cut->len; i++)
    change (edit, cut->pdata[i], assay_mask_combine (mask_of (cut->pdata[i]), painted, ASSAY_MASK_DIFFERENCE));
  return edit;
}

AssayEdit *
assay_pixels_unsure_edit (const AssayScene *scene, const char *verb, const AssayObject *object,
                          const AssayMask *pixels, AssayPixelsMode mode, AssayAnswer *answer)
{
  const AssayRegion *before = object->value;
  const AssayKind *kind = scene->task->kind;
  g_autoptr (AssayMask) empty = assay_mask_new_empty (before->mask->width_px, before->mask->height_px);
  AssayObject *after = assay_object_copy (object, kind);
  assay_region_set_unsure (
      after->value, assay_mask_combine (before->unsure != NULL ? before->unsure : empty, pixels,
                                        mode == ASSAY_PIXELS_ADD ? ASSAY_MASK_UNION : ASSAY_MASK_DIFFERENCE));
  if (assay_region_equal_unsure (before, after->value))
    {
      assay_object_free (after, kind);
      assay_answer_hint (answer, "nothing was changed: it is as unsure there as before");
      return NULL;
    }
  g_autofree char *whom = assay_scene_dup_object_name (scene, object);
  g_autofree char *name = g_strdup_printf ("%s, not sure, on %s", verb, whom);
  AssayEdit *edit = assay_edit_new (kind, name);
  assay_edit_take (edit, assay_object_copy (object, kind), after);
  return edit;
}
