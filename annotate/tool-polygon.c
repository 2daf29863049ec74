/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regions drawn corner by corner. One gesture on a finished object (a vertex moved, put in or taken out, a ring
 * closed) is one edit; a ring under way is the tool's own until it closes. */
#include "annotate/tool.h"
#include "core/region.h"

#include <math.h>

#define SNAP_PX 12.0

/* A vertex of the selected object. */
typedef struct
{
  guint ring, vertex;
} Place;

typedef struct
{
  GArray *points; /* of AssayPoint: the ring under way; empty = idle */
  gboolean into;  /* it goes into `target`: as a hole, or as another part */
  gboolean hole;
  AssayId target;
  AssayPoint pointer;
  gboolean snapped; /* the pointer stands on somebody's vertex */
  gboolean dragging, moved;
  GPtrArray *rings; /* (nullable) while dragging: the selected object's rings as they would be */
  Place place;      /* what is dragged */
} Polygon;

static void
begin (gpointer state)
{
  Polygon *self = state;
  self->points = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
}

static void
end (gpointer state)
{
  Polygon *self = state;
  g_clear_pointer (&self->points, g_array_unref);
  g_clear_pointer (&self->rings, g_ptr_array_unref);
}

static const AssayRegion *
selected_region (const AssayScene *scene)
{
  AssayObject *object = assay_scene_get_selected (scene);
  return object != NULL ? object->value : NULL;
}

static const AssayPoint *
point_at (const Polygon *self, guint i)
{
  return &g_array_index (self->points, AssayPoint, i);
}

static GPtrArray *
rings_copy (const GPtrArray *rings)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
  for (guint i = 0; rings != NULL && i < rings->len; i++)
    g_ptr_array_add (copy, assay_ring_copy (rings->pdata[i]));
  return copy;
}

static AssayPoint
inside_picture (const AssayScene *scene, AssayPoint p)
{
  return (AssayPoint){ CLAMP (p.x, 0, (double) scene->item->width_px),
                       CLAMP (p.y, 0, (double) scene->item->height_px) };
}

/* The nearest vertex within reach, of `region`. */
static gboolean
find_vertex (const AssayRegion *region, const AssayInput *input, double reach_px, Place *ret_place,
             double *ret_distance)
{
  double best = reach_px;
  gboolean found = FALSE;
  for (guint r = 0; region != NULL && region->rings != NULL && r < region->rings->len; r++)
    {
      const AssayRing *ring = region->rings->pdata[r];
      for (guint v = 0; v < ring->n_points; v++)
        {
          double distance = assay_input_distance (input, ring->points[v]);
          if (distance >= best)
            continue;
          best = distance;
          *ret_place = (Place){ r, v };
          found = TRUE;
        }
    }
  if (found && ret_distance != NULL)
    *ret_distance = best;
  return found;
}

/* The nearest edge within reach; `place` is its first vertex. */
static gboolean
find_edge (const AssayRegion *region, const AssayInput *input, Place *ret_place)
{
  double best = ASSAY_TOOL_REACH_PX / input->px_per_unit;
  gboolean found = FALSE;
  for (guint r = 0; region != NULL && region->rings != NULL && r < region->rings->len; r++)
    {
      guint edge = 0;
      double distance = assay_ring_distance (region->rings->pdata[r], input->at, &edge);
      if (distance >= best)
        continue;
      best = distance;
      *ret_place = (Place){ r, edge };
      found = TRUE;
    }
  return found;
}

/* With Ctrl: the nearest vertex of any object but `except`, so that neighbours share their border exactly. */
static AssayPoint
snap (Polygon *self, const AssayScene *scene, const AssayInput *input, const AssayId *except)
{
  AssayPoint at = inside_picture (scene, input->at);
  double best = SNAP_PX;
  self->snapped = FALSE;
  if ((input->flags & ASSAY_INPUT_CTRL) == 0)
    return at;
  for (guint i = 0; i < scene->objects->list->len; i++)
    {
      const AssayObject *object = scene->objects->list->pdata[i];
      Place place = { 0 };
      if ((except != NULL && assay_id_equal (&object->id, except))
          || !find_vertex (object->value, input, best, &place, &best))
        continue;
      const AssayRegion *region = object->value;
      at = ((const AssayRing *) region->rings->pdata[place.ring])->points[place.vertex];
      self->snapped = TRUE;
    }
  return at;
}

static void
drop_ring (Polygon *self, AssayAnswer *answer)
{
  g_array_set_size (self->points, 0);
  self->into = FALSE;
  answer->redraw = TRUE;
}

/* The selected object with another region in place of its own. */
static AssayEdit *
edit_region (const AssayScene *scene, const AssayObject *before, AssayRegion *take_region, const char *verb)
{
  g_autofree char *name = assay_scene_edit_name (scene, verb, &before->class_id);
  AssayEdit *edit = assay_edit_new (scene->task->kind, name);
  AssayObject *after = assay_object_copy (before, scene->task->kind);
  const AssayRegion *old = before->value;
  take_region->crowd = old->crowd;
  assay_region_set_unsure (take_region, old->unsure != NULL ? assay_mask_copy (old->unsure) : NULL);
  scene->task->kind->free (after->value);
  after->value = take_region;
  assay_edit_take (edit, assay_object_copy (before, scene->task->kind), after);
  return edit;
}

static AssayEdit *
edit_rings (const AssayScene *scene, const AssayObject *before, GPtrArray *take_rings, const char *verb)
{
  AssayRegion *region = assay_region_new_from_rings (take_rings, scene->item->width_px, scene->item->height_px);
  return edit_region (scene, before, region, verb);
}

/* A ring added to, or cut from, an object. One that is pixels alone stays pixels: nothing about its shape is
 * guessed. */
static AssayEdit *
edit_into (const Polygon *self, const AssayScene *scene, const AssayObject *before, AssayRing *take_ring)
{
  g_autoptr (AssayRing) ring = take_ring;
  const AssayRegion *region = before->value;
  const char *verb = self->hole ? "hole in" : "part of";
  if (region->rings != NULL)
    {
      GPtrArray *rings = rings_copy (region->rings);
      g_ptr_array_add (rings, g_steal_pointer (&ring));
      return edit_rings (scene, before, rings, verb);
    }
  g_autoptr (AssayMask) drawn = assay_mask_new_from_ring (ring, region->mask->width_px, region->mask->height_px);
  AssayMask *mask = assay_mask_combine (region->mask, drawn, self->hole ? ASSAY_MASK_DIFFERENCE : ASSAY_MASK_UNION);
  return edit_region (scene, before, assay_region_new_from_mask (mask), verb);
}

static AssayEdit *
edit_new_object (const AssayScene *scene, AssayRing *take_ring, AssayAnswer *answer)
{
  GPtrArray *rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
  g_ptr_array_add (rings, take_ring);
  AssayRegion *region = assay_region_new_from_rings (rings, scene->item->width_px, scene->item->height_px);
  AssayObject *object = assay_object_new (&scene->current_class, region);
  g_autofree char *name = assay_scene_edit_name (scene, "polygon", &object->class_id);
  AssayEdit *edit = assay_edit_new (scene->task->kind, name);
  assay_answer_select (answer, object->id);
  assay_edit_take (edit, NULL, object);
  return edit;
}

static void
close_ring (Polygon *self, const AssayScene *scene, AssayAnswer *answer)
{
  answer->used = TRUE;
  if (self->points->len < 3)
    {
      assay_answer_hint (answer, "a polygon needs three points: click %u more, or Esc", 3 - self->points->len);
      return;
    }
  g_autoptr (AssayRing) ring = assay_ring_new ((const AssayPoint *) (gpointer) self->points->data,
                                               self->points->len, self->into && self->hole);
  g_autoptr (AssayMask) mask = assay_mask_new_from_ring (ring, scene->item->width_px, scene->item->height_px);
  if (assay_mask_area_px (mask) == 0)
    {
      assay_answer_hint (answer, "these points enclose no pixel: go on clicking, or Esc");
      return;
    }
  const AssayObject *target = self->into ? assay_objects_find (scene->objects, &self->target) : NULL;
  if (target != NULL)
    answer->edit = edit_into (self, scene, target, g_steal_pointer (&ring));
  else
    {
      ring->hole = FALSE; /* its object went away meanwhile (undo): what was drawn is kept, as one of its own */
      answer->edit = edit_new_object (scene, g_steal_pointer (&ring), answer);
    }
  drop_ring (self, answer);
  assay_answer_hint (answer, "drag a point to move it · click the outline to add one · Alt+click removes one");
}

static void
add_point (Polygon *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  AssayPoint at = snap (self, scene, input, NULL);
  g_array_append_val (self->points, at);
  self->pointer = at;
  answer->used = answer->redraw = TRUE;
  if (self->points->len < 3)
    assay_answer_hint (answer,
                       "click the next point · Ctrl snaps to neighbours · Backspace takes the last one back");
  else
    assay_answer_hint (answer,
                       "%u points · Enter, a double click or the first point closes · Backspace takes one back",
                       self->points->len);
}

static void
start_ring (Polygon *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  const AssayObject *target = (input->flags & ASSAY_INPUT_SHIFT) != 0 ? assay_scene_get_selected (scene) : NULL;
  if (target == NULL && assay_id_is_nil (&scene->current_class))
    {
      answer->used = TRUE;
      assay_answer_hint (answer, "choose a class first: 1 to 9");
      return;
    }
  self->into = target != NULL;
  if (target != NULL)
    {
      const AssayMask *mask = ((const AssayRegion *) target->value)->mask;
      AssayPoint p = inside_picture (scene, input->at);
      self->target = target->id;
      self->hole
          = p.x < mask->width_px && p.y < mask->height_px && assay_mask_contains (mask, (guint) p.x, (guint) p.y);
    }
  else
    assay_answer_select (answer, ASSAY_ID_NIL);
  add_point (self, scene, input, answer);
  if (self->into)
    assay_answer_hint (answer, self->hole ? "a hole: click its points, Enter closes"
                                          : "another part: click its points, Enter closes");
}

static void
press_drawing (Polygon *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  /* The first click of a double click has put its point already. */
  gboolean first
      = self->points->len >= 3 && assay_input_distance (input, *point_at (self, 0)) < ASSAY_TOOL_REACH_PX;
  if (first || ((input->flags & ASSAY_INPUT_DOUBLE) != 0 && self->points->len >= 3))
    close_ring (self, scene, answer);
  else if ((input->flags & ASSAY_INPUT_DOUBLE) == 0)
    add_point (self, scene, input, answer);
  answer->used = TRUE;
}

static void
remove_vertex (const AssayScene *scene, Place place, AssayAnswer *answer)
{
  const AssayObject *object = assay_scene_get_selected (scene);
  GPtrArray *rings = rings_copy (((const AssayRegion *) object->value)->rings);
  AssayRing *ring = rings->pdata[place.ring];
  answer->used = TRUE;
  if (ring->n_points > 3)
    {
      for (guint v = place.vertex; v + 1 < ring->n_points; v++)
        ring->points[v] = ring->points[v + 1];
      ring->n_points--;
    }
  else
    g_ptr_array_remove_index (rings, place.ring); /* two points are no ring: it goes as a whole */
  guint outer = 0;
  for (guint r = 0; r < rings->len; r++)
    outer += !((const AssayRing *) rings->pdata[r])->hole;
  if (outer > 0)
    {
      answer->edit = edit_rings (scene, object, rings, "point out of");
      return;
    }
  g_ptr_array_unref (rings);
  assay_answer_hint (answer,
                     "that is the last polygon of this object: Delete, away from its points, removes the object");
}

static void
begin_drag (Polygon *self, const AssayScene *scene, Place place, AssayAnswer *answer)
{
  self->rings = rings_copy (selected_region (scene)->rings);
  self->place = place;
  self->dragging = TRUE;
  self->moved = FALSE;
  answer->used = answer->redraw = TRUE;
}

/* A new vertex on an edge is dragged from where it was put. */
static void
insert_vertex (Polygon *self, const AssayScene *scene, const AssayInput *input, Place edge, AssayAnswer *answer)
{
  begin_drag (self, scene, (Place){ edge.ring, edge.vertex + 1 }, answer);
  AssayRing *ring = self->rings->pdata[edge.ring];
  g_autofree AssayPoint *points = g_new (AssayPoint, ring->n_points + 1);
  for (guint v = 0; v <= ring->n_points; v++)
    points[v] = v <= edge.vertex ? ring->points[v] : v == edge.vertex + 1 ? input->at : ring->points[v - 1];
  AssayRing *longer = assay_ring_new (points, ring->n_points + 1, ring->hole);
  assay_ring_free (ring);
  self->rings->pdata[edge.ring] = longer;
  self->moved = TRUE;
}

/* Another object whose outline is under the pointer. */
static gboolean
find_outline (const AssayScene *scene, const AssayInput *input, AssayId *ret_object)
{
  for (guint i = scene->objects->list->len; i-- > 0;)
    {
      const AssayObject *object = scene->objects->list->pdata[i];
      Place place = { 0 };
      if (!find_edge (object->value, input, &place))
        continue;
      *ret_object = object->id;
      return TRUE;
    }
  return FALSE;
}

static void
press_idle (Polygon *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  const AssayRegion *region = selected_region (scene);
  Place place = { 0 };
  AssayId other = ASSAY_ID_NIL;
  if ((input->flags & (ASSAY_INPUT_SHIFT | ASSAY_INPUT_CTRL)) != 0)
    start_ring (self, scene, input, answer);
  else if (find_vertex (region, input, ASSAY_TOOL_REACH_PX, &place, NULL))
    {
      if ((input->flags & ASSAY_INPUT_ALT) != 0)
        remove_vertex (scene, place, answer);
      else
        begin_drag (self, scene, place, answer);
    }
  else if (find_edge (region, input, &place))
    insert_vertex (self, scene, input, place, answer);
  else if (find_outline (scene, input, &other))
    {
      assay_answer_select (answer, other);
      answer->used = TRUE;
    }
  else
    start_ring (self, scene, input, answer);
}

static void
move (Polygon *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  gboolean was_snapped = self->snapped;
  self->pointer = snap (self, scene, input, self->dragging ? &scene->selected : NULL);
  if (self->dragging)
    {
      AssayRing *ring = self->rings->pdata[self->place.ring];
      ring->points[self->place.vertex] = self->pointer;
      self->moved = TRUE;
      answer->used = TRUE;
    }
  /* Idle without a selection nothing under the pointer changes what is drawn. */
  answer->redraw
      = self->dragging || self->points->len > 0 || selected_region (scene) != NULL || self->snapped != was_snapped;
}

static void
release (Polygon *self, const AssayScene *scene, AssayAnswer *answer)
{
  if (!self->dragging)
    return;
  const AssayObject *object = assay_scene_get_selected (scene);
  g_autoptr (GPtrArray) rings = g_steal_pointer (&self->rings);
  self->dragging = FALSE;
  answer->used = answer->redraw = TRUE;
  if (!self->moved || object == NULL)
    return;
  const AssayRegion *region = object->value;
  const AssayRing *dragged = rings->pdata[self->place.ring];
  gboolean more = region->rings != NULL && self->place.ring < region->rings->len
                  && ((const AssayRing *) region->rings->pdata[self->place.ring])->n_points < dragged->n_points;
  answer->edit = edit_rings (scene, object, g_steal_pointer (&rings), more ? "point into" : "point of");
}

static void
key (Polygon *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  Place place = { 0 };
  if (assay_input_is_key (input, "Enter") && self->points->len > 0)
    close_ring (self, scene, answer);
  else if (assay_input_is_key (input, "BackSpace") && self->points->len > 0)
    {
      g_array_set_size (self->points, self->points->len - 1);
      answer->used = answer->redraw = TRUE;
    }
  else if (assay_input_is_key (input, "Delete") && self->points->len == 0)
    {
      AssayInput there = *input;
      there.at = self->pointer;
      if (find_vertex (selected_region (scene), &there, ASSAY_TOOL_REACH_PX, &place, NULL))
        remove_vertex (scene, place, answer);
    }
}

static void
input (gpointer state, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  Polygon *self = state;
  switch (in->kind)
    {
    case ASSAY_INPUT_PRESS:
      if (in->button != 1)
        return;
      self->pointer = in->at;
      if (self->points->len > 0)
        press_drawing (self, scene, in, answer);
      else
        press_idle (self, scene, in, answer);
      return;
    case ASSAY_INPUT_MOVE:
      move (self, scene, in, answer);
      return;
    case ASSAY_INPUT_RELEASE:
      release (self, scene, answer);
      return;
    case ASSAY_INPUT_KEY:
      key (self, scene, in, answer);
      return;
    case ASSAY_INPUT_SCROLL:
    case ASSAY_INPUT_WORKED:
      return;
    case ASSAY_INPUT_CANCEL:
      answer->used = self->points->len > 0 || self->dragging;
      self->dragging = FALSE;
      g_clear_pointer (&self->rings, g_ptr_array_unref);
      drop_ring (self, answer);
      return;
    }
}

static void
mark_ring_under_way (const Polygon *self, guint32 colour, AssayMarks *marks)
{
  guint n = self->points->len;
  const AssayPoint *points = (const AssayPoint *) (gpointer) self->points->data;
  AssayPoint ahead[2] = { points[n - 1], self->pointer }, back[2] = { self->pointer, points[0] };
  if (n > 1)
    assay_marks_add_points (marks, ASSAY_MARK_LINE, 0, colour, points, n, NULL);
  assay_marks_add_points (marks, ASSAY_MARK_LINE, ASSAY_MARK_DASHED, colour, ahead, 2, NULL);
  if (n > 1)
    assay_marks_add_points (marks, ASSAY_MARK_LINE, ASSAY_MARK_DASHED | ASSAY_MARK_FAINT, colour, back, 2, NULL);
  for (guint i = 0; i < n; i++)
    assay_marks_add_points (marks, ASSAY_MARK_POINT,
                            ASSAY_MARK_HANDLE | (i == 0 && n >= 3 ? ASSAY_MARK_SELECTED : 0), colour, &points[i], 1,
                            NULL);
}

static void
mark_handles (const GPtrArray *rings, gboolean outlines, guint32 colour, AssayMarks *marks)
{
  for (guint r = 0; r < rings->len; r++)
    {
      const AssayRing *ring = rings->pdata[r];
      if (outlines)
        assay_marks_add_points (marks, ASSAY_MARK_RING, ASSAY_MARK_SELECTED, colour, ring->points, ring->n_points,
                                NULL);
      for (guint v = 0; v < ring->n_points; v++)
        assay_marks_add_points (marks, ASSAY_MARK_POINT, ASSAY_MARK_HANDLE, colour, &ring->points[v], 1, NULL);
    }
}

static void
list_marks (gconstpointer state, const AssayScene *scene, AssayMarks *marks)
{
  const Polygon *self = state;
  const AssayObject *selected = assay_scene_get_selected (scene);
  const AssayRegion *region = selected != NULL ? selected->value : NULL;
  if (self->dragging && selected != NULL)
    mark_handles (self->rings, TRUE, assay_scene_colour (scene, &selected->class_id), marks);
  else if (region != NULL && region->rings != NULL)
    mark_handles (region->rings, FALSE, assay_scene_colour (scene, &selected->class_id), marks);
  if (self->points->len > 0)
    mark_ring_under_way (self, assay_scene_colour (scene, &scene->current_class), marks);
  if (self->snapped)
    assay_marks_add_points (marks, ASSAY_MARK_POINT, ASSAY_MARK_SELECTED, 0xffffff, &self->pointer, 1, NULL);
}

static const char *const kinds[] = { "segmentation", NULL };

const AssayTool assay_tool_polygon = {
  .id = "polygon",
  .title = "Polygon",
  .key = "p",
  .icon = "assay-segmentation-symbolic",
  .help = "click the corners, Enter closes · Shift+click: a hole or another part · Ctrl snaps",
  .kinds = kinds,
  .state_size = sizeof (Polygon),
  .begin = begin,
  .input = input,
  .marks = list_marks,
  .end = end,
};
