/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picks the object under the pointer, whatever its kind: what can be hit is what its kind lists to draw. */
#include "annotate/tool.h"
#include "core/polygon.h"

#include <math.h>

/* Screen pixels from the pointer to a chain of points; closed = its last point is joined to the first. */
static double
chain_distance (const AssayMark *mark, gboolean closed, const AssayInput *input)
{
  double best = INFINITY;
  for (guint i = 0; i + (closed ? 0 : 1) < mark->n_points; i++)
    {
      AssayPoint a = mark->points[i], b = mark->points[(i + 1) % mark->n_points];
      double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
      double t = length > 0 ? CLAMP (((input->at.x - a.x) * dx + (input->at.y - a.y) * dy) / length, 0, 1) : 0;
      best = MIN (best, assay_input_distance (input, (AssayPoint){ a.x + t * dx, a.y + t * dy }));
    }
  return best;
}

static gboolean
hits (const AssayMark *mark, const AssayInput *input)
{
  AssayPoint p = input->at;
  switch (mark->kind)
    {
    case ASSAY_MARK_MASK:
      return p.x >= 0 && p.y >= 0 && p.x < mark->mask->width_px && p.y < mark->mask->height_px
             && assay_mask_contains (mark->mask, (guint) p.x, (guint) p.y);
    case ASSAY_MARK_RING:
      return chain_distance (mark, TRUE, input) < ASSAY_TOOL_REACH_PX;
    case ASSAY_MARK_LINE:
      return chain_distance (mark, FALSE, input) < ASSAY_TOOL_REACH_PX;
    case ASSAY_MARK_POINT:
      return assay_input_distance (input, mark->points[0]) < ASSAY_TOOL_REACH_PX;
    case ASSAY_MARK_BOX:
      return p.x >= MIN (mark->points[0].x, mark->points[1].x) && p.x < MAX (mark->points[0].x, mark->points[1].x)
             && p.y >= MIN (mark->points[0].y, mark->points[1].y)
             && p.y < MAX (mark->points[0].y, mark->points[1].y);
    case ASSAY_MARK_TEXT:
    default:
      return FALSE;
    }
}

/* `marks` is lent, so that one of ten thousand objects asks for no memory. */
static gboolean
object_hit (const AssayScene *scene, const AssayObject *object, const AssayInput *input, AssayMarks *marks)
{
  g_array_set_size (marks->marks, 0);
  g_ptr_array_set_size (marks->owned, 0);
  if (scene->task->kind->list_marks != NULL)
    scene->task->kind->list_marks (object, scene->task, marks);
  for (guint i = 0; i < marks->marks->len; i++)
    if (hits (&g_array_index (marks->marks, AssayMark, i), input))
      return TRUE;
  return FALSE;
}

typedef struct
{
  AssayPoint at; /* of the pointer: where Tab looks */
} Select;

/* The uppermost object under the pointer; when the selected one is there too the next below it, and after the last
 * one the first again. Nil = none. */
static AssayId
find_next (const AssayScene *scene, const AssayInput *in)
{
  g_autoptr (AssayMarks) marks = assay_marks_new ();
  const AssayObject *selected = assay_objects_find (scene->objects, &scene->selected);
  gboolean under = selected != NULL && !assay_scene_is_hidden (scene, &selected->id)
                   && object_hit (scene, selected, in, marks);
  AssayId first = ASSAY_ID_NIL;
  gboolean after_selected = FALSE;
  for (guint i = scene->objects->list->len; i-- > 0;)
    {
      const AssayObject *object = scene->objects->list->pdata[i];
      if (assay_scene_is_hidden (scene, &object->id) || !object_hit (scene, object, in, marks))
        continue;
      if (after_selected || !under)
        return object->id;
      if (assay_id_is_nil (&first))
        first = object->id;
      after_selected = assay_id_equal (&object->id, &scene->selected);
    }
  return first;
}

/* With Shift: the uppermost that is not selected yet, or what is there is selected no more. */
static void
select_more (const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  g_autoptr (AssayMarks) marks = assay_marks_new ();
  AssayId first = ASSAY_ID_NIL;
  for (guint i = scene->objects->list->len; i-- > 0;)
    {
      const AssayObject *object = scene->objects->list->pdata[i];
      if (assay_scene_is_hidden (scene, &object->id) || !object_hit (scene, object, in, marks))
        continue;
      if (!assay_scene_is_selected (scene, &object->id))
        {
          assay_answer_select_more (answer, object->id);
          return;
        }
      if (assay_id_is_nil (&first))
        first = object->id;
    }
  if (!assay_id_is_nil (&first))
    assay_answer_select_more (answer, first);
}

static void
input (gpointer data, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  Select *state = data;
  if (in->kind == ASSAY_INPUT_PRESS || in->kind == ASSAY_INPUT_MOVE)
    state->at = in->at;
  if (in->kind == ASSAY_INPUT_CANCEL)
    {
      answer->used = !assay_id_is_nil (&scene->selected);
      assay_answer_select (answer, ASSAY_ID_NIL);
    }
  if (assay_input_is_key (in, "Tab"))
    {
      AssayInput there = *in;
      there.at = state->at;
      AssayId next = find_next (scene, &there);
      answer->used = !assay_id_is_nil (&next);
      if (answer->used)
        assay_answer_select (answer, next);
    }
  if (in->kind != ASSAY_INPUT_PRESS || in->button != 1)
    return;
  answer->used = TRUE;
  if ((in->flags & ASSAY_INPUT_SHIFT) != 0)
    select_more (scene, in, answer);
  else
    assay_answer_select (answer, find_next (scene, in));
}

static const char *const kinds[] = { "segmentation", "keypoints", "pose", "box", NULL };

const AssayTool assay_tool_select = {
  .id = "select",
  .title = "Select",
  .key = "v",
  .icon = "assay-select-symbolic",
  .help = "click an object, again or Tab for the one below · Shift+click: several · Delete removes · a digit "
          "changes the class",
  .kinds = kinds,
  .state_size = sizeof (Select),
  .input = input,
};
