/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Upright boxes: by a drag, or by clicks on the object's outermost points, in any order, which needs no guess where
 * its corners would meet. The selected box has handles, and the arrows move it. */
#include "annotate/tool.h"

#include <math.h>

#define CLICK_PX 4.0   /* of the screen: less between press and release is a click */
#define MIDDLE_PX 48.0 /* a box that is smaller on the screen has no handle in the middle: its edges fill it */
#define N_EXTREMES 4

/* What a handle moves. All four: the box as it is. */
typedef enum
{
  LEFT = 1 << 0,
  TOP = 1 << 1,
  RIGHT = 1 << 2,
  BOTTOM = 1 << 3,
  WHOLE = LEFT | TOP | RIGHT | BOTTOM
} Sides;

typedef struct
{
  AssayPoint extremes[N_EXTREMES]; /* middles of what was clicked, as it was clicked */
  guint n;
  gboolean held; /* the button is down: a box is drawn, or a point is being placed */
  AssayPoint from, to;
  Sides grabbed; /* of the selected box; 0 = nothing */
  AssayRect before;
  AssayId object;     /* the one grabbed */
  double px_per_unit; /* as it was last */
} Box;

static const AssayBox *
selected_box (const AssayScene *scene)
{
  const AssayObject *object = assay_scene_get_selected (scene);
  return object != NULL ? object->value : NULL;
}

static AssayPoint
handle_at (const AssayRect *box, Sides sides)
{
  AssayPoint p = { box->x + box->w / 2, box->y + box->h / 2 };
  if (sides == WHOLE)
    return p;
  if ((sides & (LEFT | RIGHT)) != 0)
    p.x = (sides & LEFT) != 0 ? box->x : box->x + box->w;
  if ((sides & (TOP | BOTTOM)) != 0)
    p.y = (sides & TOP) != 0 ? box->y : box->y + box->h;
  return p;
}

/* Corners first: where two handles are near, they are the more useful one. */
static const Sides handles[]
    = { LEFT | TOP, RIGHT | TOP, LEFT | BOTTOM, RIGHT | BOTTOM, LEFT, TOP, RIGHT, BOTTOM, WHOLE };

static gboolean
has_handle (const AssayRect *box, Sides sides, double px_per_unit)
{
  return sides != WHOLE || fmin (box->w, box->h) * px_per_unit >= MIDDLE_PX;
}

static double
between (double v, double a, double b)
{
  return fmax (fmin (a, b), fmin (fmax (a, b), v));
}

/* The handle under the pointer; an edge is one along its whole length. */
static Sides
find_handle (const AssayRect *box, const AssayInput *input)
{
  for (guint i = 0; i < G_N_ELEMENTS (handles); i++)
    {
      Sides sides = handles[i];
      AssayPoint p = handle_at (box, sides);
      if (sides == LEFT || sides == RIGHT)
        p.y = between (input->at.y, box->y, box->y + box->h);
      if (sides == TOP || sides == BOTTOM)
        p.x = between (input->at.x, box->x, box->x + box->w);
      if (has_handle (box, sides, input->px_per_unit) && assay_input_distance (input, p) < ASSAY_TOOL_REACH_PX)
        return sides;
    }
  return 0;
}

/* What of a box is in the picture: nothing is drawn outside. */
static AssayRect
clip (const AssayScene *scene, double left, double top, double right, double bottom)
{
  double w = scene->item->width_px, h = scene->item->height_px;
  left = CLAMP (left, 0, w);
  top = CLAMP (top, 0, h);
  return (AssayRect){ left, top, CLAMP (right, left, w) - left, CLAMP (bottom, top, h) - top };
}

/* Between two corners, at corners of pixels. */
static AssayRect
box_between (const AssayScene *scene, AssayPoint a, AssayPoint b)
{
  return clip (scene, round (fmin (a.x, b.x)), round (fmin (a.y, b.y)), round (fmax (a.x, b.x)),
               round (fmax (a.y, b.y)));
}

/* Round points on the object: the pixels under them belong to it. */
static AssayRect
box_round (const AssayScene *scene, const AssayPoint *points, guint n)
{
  double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
  for (guint i = 0; i < n; i++)
    {
      left = fmin (left, floor (points[i].x));
      top = fmin (top, floor (points[i].y));
      right = fmax (right, floor (points[i].x) + 1);
      bottom = fmax (bottom, floor (points[i].y) + 1);
    }
  return clip (scene, left, top, right, bottom);
}

/* A box with these sides moved; the whole box stops at the picture's edges and keeps its size. */
static AssayRect
box_moved (const AssayScene *scene, AssayRect box, Sides sides, double dx, double dy)
{
  if (sides == WHOLE)
    {
      double x = CLAMP (box.x + round (dx), fmin (0, box.x), fmax (box.x, scene->item->width_px - box.w));
      double y = CLAMP (box.y + round (dy), fmin (0, box.y), fmax (box.y, scene->item->height_px - box.h));
      return (AssayRect){ x, y, box.w, box.h };
    }
  AssayPoint a = { box.x, box.y }, b = { box.x + box.w, box.y + box.h };
  a.x += (sides & LEFT) != 0 ? dx : 0;
  a.y += (sides & TOP) != 0 ? dy : 0;
  b.x += (sides & RIGHT) != 0 ? dx : 0;
  b.y += (sides & BOTTOM) != 0 ? dy : 0;
  return box_between (scene, a, b);
}

static AssayRect
box_grabbed (const Box *box, const AssayScene *scene)
{
  return box_moved (scene, box->before, box->grabbed, box->to.x - box->from.x, box->to.y - box->from.y);
}

static void
add_box (const AssayScene *scene, AssayRect rect, AssayAnswer *answer)
{
  if (!(rect.w > 0 && rect.h > 0))
    {
      assay_answer_hint (answer, "that box holds no pixel of the picture: drag from corner to corner");
      return;
    }
  AssayBox *value = g_new0 (AssayBox, 1);
  value->box = rect;
  AssayObject *object = assay_object_new (&scene->current_class, value);
  g_autofree char *name = assay_scene_edit_name (scene, "box", &scene->current_class);
  answer->edit = assay_edit_new (scene->task->kind, name);
  assay_edit_take (answer->edit, NULL, object);
  assay_answer_select (answer, object->id);
  assay_answer_hint (answer, "%.0f × %.0f px · edges and corners can be moved · arrows: 1 px, with Shift 10",
                     rect.w, rect.h);
}

static void
change_box (const AssayScene *scene, const AssayObject *object, AssayRect rect, const char *verb,
            AssayAnswer *answer)
{
  const AssayBox *old = object->value;
  answer->used = answer->redraw = TRUE;
  if (!(rect.w > 0 && rect.h > 0))
    {
      assay_answer_hint (answer, "a box without pixels is none: Delete takes it away");
      return;
    }
  if (rect.x == old->box.x && rect.y == old->box.y && rect.w == old->box.w && rect.h == old->box.h)
    return;
  AssayObject *after = assay_object_copy (object, scene->task->kind);
  ((AssayBox *) after->value)->box = rect;
  g_autofree char *which = assay_scene_dup_object_name (scene, object);
  g_autofree char *name = g_strdup_printf ("%s %s", verb, which);
  answer->edit = assay_edit_new (scene->task->kind, name);
  assay_edit_take (answer->edit, assay_object_copy (object, scene->task->kind), after);
  assay_answer_hint (answer, "%.0f × %.0f px", rect.w, rect.h);
}

static void
ask_for_more (const Box *box, AssayAnswer *answer)
{
  answer->used = answer->redraw = TRUE;
  if (box->n > 0)
    assay_answer_hint (answer, "%u of 4 outermost points, in any order%s · Backspace takes one back", box->n,
                       box->n > 1 ? " · Enter: these are enough" : "");
  else
    assay_answer_hint (answer, "click the object's top, left, bottom and right in any order, or drag a box");
}

static void
close_extremes (Box *box, const AssayScene *scene, AssayAnswer *answer)
{
  guint n = box->n;
  box->n = 0;
  answer->used = answer->redraw = TRUE;
  add_box (scene, box_round (scene, box->extremes, n), answer);
}

static void
give_up (Box *box, const AssayScene *scene, AssayAnswer *answer)
{
  gboolean any = box->n > 0 || box->held;
  box->n = 0;
  box->held = FALSE;
  box->grabbed = 0;
  answer->used = answer->redraw = any || !assay_id_is_nil (&scene->selected);
  if (any)
    assay_answer_hint (answer, "the box was given up");
  else
    assay_answer_select (answer, ASSAY_ID_NIL);
}

static void
press (Box *box, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  if (box->held && input->button != 1)
    {
      give_up (box, scene, answer);
      return;
    }
  if (input->button != 1)
    return;
  const AssayBox *selected = box->n == 0 ? selected_box (scene) : NULL;
  Sides grabbed = selected != NULL ? find_handle (&selected->box, input) : 0;
  if (grabbed == 0 && scene->task->classes->len > 0 && assay_id_is_nil (&scene->current_class))
    {
      answer->used = TRUE;
      assay_answer_hint (answer, "choose a class first: 1 to 9");
      return;
    }
  box->held = answer->used = answer->redraw = TRUE;
  box->from = box->to = input->at;
  box->grabbed = grabbed;
  box->object = scene->selected;
  if (box->grabbed != 0)
    box->before = selected->box;
}

static void
move (Box *box, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  box->to = input->at;
  answer->redraw = box->held || box->n > 0;
  if (!box->held || box->n > 0)
    return;
  AssayRect rect = box->grabbed != 0 ? box_grabbed (box, scene) : box_between (scene, box->from, box->to);
  assay_answer_hint (answer, "%.0f × %.0f px", rect.w, rect.h);
}

static void
release (Box *box, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  if (!box->held || input->button != 1)
    return;
  gboolean moved = assay_input_distance (input, box->from) >= CLICK_PX;
  Sides grabbed = box->grabbed;
  box->to = input->at;
  box->held = FALSE;
  box->grabbed = 0;
  answer->used = answer->redraw = TRUE;
  if (grabbed != 0 && moved)
    {
      const AssayObject *object = assay_objects_find (scene->objects, &box->object);
      if (object != NULL) /* it may have gone away by an undo */
        change_box (scene, object,
                    box_moved (scene, box->before, grabbed, box->to.x - box->from.x, box->to.y - box->from.y),
                    grabbed == WHOLE ? "move of" : "edge of", answer);
      return;
    }
  if (grabbed == 0 && moved && box->n == 0)
    {
      add_box (scene, box_between (scene, box->from, box->to), answer);
      return;
    }
  box->extremes[box->n++] = input->at;
  if (box->n == N_EXTREMES)
    close_extremes (box, scene, answer);
  else
    ask_for_more (box, answer);
}

static gboolean
nudge (const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  static const struct
  {
    const char *key;
    double dx, dy;
  } arrows[] = { { "Left", -1, 0 }, { "Right", 1, 0 }, { "Up", 0, -1 }, { "Down", 0, 1 } };
  const AssayObject *object = assay_scene_get_selected (scene);
  double by = (input->flags & ASSAY_INPUT_SHIFT) != 0 ? 10 : 1;
  for (guint i = 0; object != NULL && i < G_N_ELEMENTS (arrows); i++)
    if (assay_input_is_key (input, arrows[i].key))
      {
        const AssayBox *value = object->value;
        change_box (scene, object, box_moved (scene, value->box, WHOLE, by * arrows[i].dx, by * arrows[i].dy),
                    "nudge of", answer);
        return TRUE;
      }
  return FALSE;
}

static void
key (Box *box, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  if (box->n == 0)
    {
      if (!box->held)
        nudge (scene, input, answer);
      return;
    }
  if (assay_input_is_key (input, "BackSpace"))
    {
      box->n--;
      ask_for_more (box, answer);
    }
  else if (assay_input_is_key (input, "Enter") && box->n > 1)
    close_extremes (box, scene, answer);
}

static void
input (gpointer state, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  ((Box *) state)->px_per_unit = in->px_per_unit;
  switch (in->kind)
    {
    case ASSAY_INPUT_PRESS:
      press (state, scene, in, answer);
      return;
    case ASSAY_INPUT_MOVE:
      move (state, scene, in, answer);
      return;
    case ASSAY_INPUT_RELEASE:
      release (state, scene, in, answer);
      return;
    case ASSAY_INPUT_KEY:
      key (state, scene, in, answer);
      return;
    case ASSAY_INPUT_CANCEL:
      give_up (state, scene, answer);
      return;
    case ASSAY_INPUT_SCROLL:
    case ASSAY_INPUT_WORKED:
    default:
      return;
    }
}

static void
mark_rect (const AssayRect *rect, AssayMarkFlags flags, guint32 colour, AssayMarks *marks)
{
  AssayPoint corners[2] = { { rect->x, rect->y }, { rect->x + rect->w, rect->y + rect->h } };
  assay_marks_add_points (marks, ASSAY_MARK_BOX, flags, colour, corners, 2, NULL);
}

static void
mark_handles (const Box *box, const AssayScene *scene, const AssayRect *rect, AssayMarks *marks)
{
  const AssayObject *object = assay_scene_get_selected (scene);
  for (guint i = 0; i < G_N_ELEMENTS (handles); i++)
    {
      AssayPoint p = handle_at (rect, handles[i]);
      AssayMarkFlags flags = ASSAY_MARK_HANDLE | (handles[i] == WHOLE ? ASSAY_MARK_FAINT : 0);
      if (has_handle (rect, handles[i], box->px_per_unit))
        assay_marks_add_points (marks, ASSAY_MARK_POINT, flags, assay_scene_colour (scene, &object->class_id), &p,
                                1, NULL);
    }
}

static void
list_marks (gconstpointer state, const AssayScene *scene, AssayMarks *marks)
{
  const Box *box = state;
  const AssayBox *selected = selected_box (scene);
  guint32 colour = assay_scene_colour (scene, &scene->current_class);
  AssayRect rect = { 0 };
  if (box->held && box->grabbed != 0)
    {
      rect = box_grabbed (box, scene);
      mark_rect (&rect, ASSAY_MARK_SELECTED, colour, marks);
    }
  else if (box->held && box->n == 0)
    {
      rect = box_between (scene, box->from, box->to);
      mark_rect (&rect, ASSAY_MARK_SELECTED, colour, marks);
    }
  else if (box->n == 0 && selected != NULL)
    mark_handles (box, scene, &selected->box, marks);
  if (box->n == 0)
    return;
  /* The next point is where the pointer is: the box as it would be. */
  AssayPoint points[N_EXTREMES + 1];
  for (guint i = 0; i < box->n; i++)
    {
      points[i] = box->extremes[i];
      assay_marks_add_points (marks, ASSAY_MARK_POINT, ASSAY_MARK_HANDLE, colour, &points[i], 1, NULL);
    }
  points[box->n] = box->to;
  rect = box_round (scene, points, box->n + 1);
  mark_rect (&rect, ASSAY_MARK_DASHED, colour, marks);
}

static const char *const kinds[] = { "box", NULL };

const AssayTool assay_tool_box = {
  .id = "box",
  .title = "Box",
  .key = "z",
  .icon = "assay-box-symbolic",
  .help
  = "click the object's four outermost points in any order, or drag a box · the selected one: move its edges, "
    "arrows 1 px, with Shift 10",
  .kinds = kinds,
  .state_size = sizeof (Box),
  .input = input,
  .marks = list_marks,
};
