/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/stroke.h"

#include <math.h>

#define STEP 1.2           /* [ and ]: 20 % */
#define LEAST_PRESSURE 0.2 /* the lightest touch still paints */
#define FINE_PX 1.5        /* below: the pixels that the line goes through (core/paint.h) */
#define MAX_PIECES 32      /* of a segment along which the pressure changes */
#define ERASING_COLOUR 0xffffff

const char *const assay_brush_shapes[] = { "round", "square", NULL };
const char *const assay_brush_units[] = { "picture", "screen", NULL };

static gboolean
is_option (const AssayScene *scene, const char *name, const char *word)
{
  return g_str_equal (assay_options_get_string (scene->options, name), word);
}

static AssayBrushShape
shape_of (const AssayScene *scene)
{
  return is_option (scene, "brush-shape", "square") ? ASSAY_BRUSH_SQUARE : ASSAY_BRUSH_ROUND;
}

/* In pixels of the picture, at full pressure. */
static double
size_of (const AssayScene *scene, const AssayInput *input)
{
  double px = (double) assay_options_get_int (scene->options, "brush-px");
  return is_option (scene, "brush-unit", "screen") && input->px_per_unit > 0 ? px / input->px_per_unit : px;
}

static double
pressed_size (const AssayScene *scene, const AssayInput *input)
{
  double pressure = CLAMP (input->pressure, 0, 1);
  return size_of (scene, input) * (LEAST_PRESSURE + (1 - LEAST_PRESSURE) * pressure);
}

static void
put_down (AssayStroke *stroke)
{
  stroke->painting = FALSE;
  assay_underway_clear (&stroke->underway);
}

void
assay_stroke_clear (AssayStroke *stroke)
{
  put_down (stroke);
}

static void
paint_to (AssayStroke *stroke, const AssayScene *scene, AssayPoint at, double size_px)
{
  AssayBrushShape shape = shape_of (scene);
  gboolean inside = stroke->aim.mode == ASSAY_PIXELS_ADD;
  int n = (int) CLAMP (ceil (fabs (size_px - stroke->last_px)), 1, MAX_PIECES);
  AssayPoint from = stroke->last;
  for (int i = 1; i <= n; i++)
    {
      double t = (double) i / n, px = stroke->last_px + t * (size_px - stroke->last_px);
      AssayPoint to
          = { stroke->last.x + t * (at.x - stroke->last.x), stroke->last.y + t * (at.y - stroke->last.y) };
      assay_paint_stroke (stroke->underway.live, from, to, px, shape, inside);
      assay_paint_stroke (stroke->underway.touched, from, to, px, shape, TRUE);
      from = to;
    }
  stroke->last = at;
  stroke->last_px = size_px;
}

static void
give_up (AssayStroke *stroke, AssayAnswer *answer)
{
  put_down (stroke);
  answer->used = answer->redraw = TRUE;
  assay_answer_hint (answer, "the stroke was given up");
}

static void
press (AssayStroke *stroke, const AssayScene *scene, const AssayInput *input, AssayAimWay way, AssayAnswer *answer)
{
  if (stroke->painting)
    {
      give_up (stroke, answer);
      return;
    }
  if (input->button != 1 && input->button != 3)
    return;
  answer->used = answer->redraw = TRUE;
  if (!assay_aim_take (&stroke->aim, scene, input, way, answer))
    return;
  double size_px = pressed_size (scene, input);
  gboolean line = stroke->has_last && (input->flags & ASSAY_INPUT_SHIFT) != 0;
  stroke->last = line ? stroke->last : input->at;
  stroke->last_px = size_px;
  assay_underway_begin (&stroke->underway, &stroke->aim, scene);
  stroke->painting = TRUE;
  paint_to (stroke, scene, input->at, size_px);
}

/* "brush 24 px": pixels of the picture, which is where they are. */
static char *
name_stroke (const AssayStroke *stroke, const AssayScene *scene, const AssayInput *input)
{
  return g_strdup_printf ("%s %.0f px", stroke->aim.mode == ASSAY_PIXELS_ADD ? "brush" : "eraser",
                          fmax (1, round (size_of (scene, input))));
}

static void
release (AssayStroke *stroke, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  g_autofree char *verb = name_stroke (stroke, scene, input);
  paint_to (stroke, scene, input->at, stroke->last_px);
  g_autoptr (AssayMask) pixels = assay_paint_to_mask (stroke->underway.touched);
  put_down (stroke);
  stroke->has_last = TRUE;
  answer->used = answer->redraw = TRUE;
  answer->edit = assay_aim_edit (&stroke->aim, scene, verb, pixels, answer);
}

/* By 20 % a notch, and by one pixel at least. */
static void
resize (const AssayScene *scene, int steps, AssayAnswer *answer)
{
  double px = (double) assay_options_get_int (scene->options, "brush-px");
  for (int i = 0; i < abs (steps); i++)
    px = steps > 0 ? fmax (px + 1, round (px * STEP)) : fmin (px - 1, round (px / STEP));
  px = CLAMP (px, 1, ASSAY_BRUSH_MAX_PX);
  answer->used = answer->redraw = TRUE;
  assay_answer_set_option (answer, "brush-px", "%.0f", px);
  assay_answer_hint (answer, "the brush is %.0f px wide", px);
}

static void
scroll (AssayStroke *stroke, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  int whole = assay_input_take_notches (input, &stroke->notches);
  answer->used = TRUE;
  if (whole != 0)
    resize (scene, whole, answer);
}

static void
cancel (AssayStroke *stroke, const AssayScene *scene, AssayAnswer *answer)
{
  if (stroke->painting)
    give_up (stroke, answer);
  else
    {
      assay_aim_let_go (scene, answer);
      answer->redraw |= stroke->has_last;
    }
  stroke->has_last = FALSE; /* no line leads from what was given up */
}

static void
move (AssayStroke *stroke, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  answer->redraw = TRUE;
  if (!stroke->painting)
    return;
  answer->used = TRUE;
  if (input->button == 0) /* the release went elsewhere */
    release (stroke, scene, input, answer);
  else
    paint_to (stroke, scene, input->at, pressed_size (scene, input));
}

void
assay_stroke_input (AssayStroke *stroke, const AssayScene *scene, const AssayInput *input, AssayAimWay way,
                    AssayAnswer *answer)
{
  if (input->kind == ASSAY_INPUT_PRESS || input->kind == ASSAY_INPUT_MOVE || input->kind == ASSAY_INPUT_RELEASE)
    stroke->hover = *input;
  switch (input->kind)
    {
    case ASSAY_INPUT_PRESS:
      press (stroke, scene, input, way, answer);
      return;
    case ASSAY_INPUT_MOVE:
      move (stroke, scene, input, answer);
      return;
    case ASSAY_INPUT_RELEASE:
      if (stroke->painting)
        release (stroke, scene, input, answer);
      return;
    case ASSAY_INPUT_KEY:
      if (assay_input_is_key (input, "bracketleft") || assay_input_is_key (input, "bracketright"))
        resize (scene, assay_input_is_key (input, "bracketright") ? 1 : -1, answer);
      return;
    case ASSAY_INPUT_SCROLL:
      scroll (stroke, scene, input, answer);
      return;
    case ASSAY_INPUT_CANCEL:
      cancel (stroke, scene, answer);
      return;
    case ASSAY_INPUT_WORKED:
    default:
      return;
    }
}

gboolean
assay_stroke_get_live (const AssayStroke *stroke, AssayLive *ret_live)
{
  return assay_underway_get_live (&stroke->underway, ret_live);
}

/* Below FINE_PX one pixel at a time is painted: that one. */
static void
mark_ring (AssayPoint at, double size_px, double px_per_unit, AssayBrushShape shape, AssayMarkFlags flags,
           guint32 colour, AssayMarks *marks)
{
  AssayPoint points[180];
  double r = size_px / 2;
  guint n = (guint) CLAMP (2 * G_PI * r * px_per_unit / 6, 16, G_N_ELEMENTS (points));
  if (size_px < FINE_PX || shape == ASSAY_BRUSH_SQUARE)
    {
      gboolean fine = size_px < FINE_PX;
      AssayPoint corner = fine ? (AssayPoint){ floor (at.x), floor (at.y) } : (AssayPoint){ at.x - r, at.y - r };
      double side = fine ? 1 : size_px;
      points[0] = corner;
      points[1] = (AssayPoint){ corner.x + side, corner.y };
      points[2] = (AssayPoint){ corner.x + side, corner.y + side };
      points[3] = (AssayPoint){ corner.x, corner.y + side };
      n = 4;
    }
  else
    for (guint i = 0; i < n; i++)
      points[i] = (AssayPoint){ at.x + r * cos (2 * G_PI * i / n), at.y + r * sin (2 * G_PI * i / n) };
  assay_marks_add_points (marks, ASSAY_MARK_RING, flags, colour, points, n, NULL);
}

void
assay_stroke_list_marks (const AssayStroke *stroke, const AssayScene *scene, AssayAimWay way, AssayMarks *marks)
{
  const AssayInput *hover = &stroke->hover;
  if (hover->px_per_unit <= 0 || (hover->flags & ASSAY_INPUT_AWAY) != 0)
    return;
  AssayAim aim = stroke->aim;
  if (!stroke->painting)
    {
      const AssayObject *target = assay_scene_get_target (scene, TRUE);
      aim = (AssayAim){ target != NULL ? target->id : ASSAY_ID_NIL,
                        assay_aim_takes_away (way, hover) ? ASSAY_PIXELS_REMOVE : ASSAY_PIXELS_ADD };
    }
  gboolean erasing = aim.mode == ASSAY_PIXELS_REMOVE;
  guint32 colour = erasing ? ERASING_COLOUR : assay_aim_colour (&aim, scene);
  AssayMarkFlags flags = erasing ? ASSAY_MARK_DASHED : 0;
  if (!stroke->painting && stroke->has_last && (hover->flags & ASSAY_INPUT_SHIFT) != 0)
    {
      AssayPoint line[2] = { stroke->last, hover->at };
      assay_marks_add_points (marks, ASSAY_MARK_LINE, ASSAY_MARK_DASHED, colour, line, 2, NULL);
    }
  mark_ring (hover->at, stroke->painting ? stroke->last_px : size_of (scene, hover), hover->px_per_unit,
             shape_of (scene), flags, colour, marks);
}
