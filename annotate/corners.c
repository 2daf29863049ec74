/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/corners.h"

#include <math.h>

#define CLICK_PX 4.0 /* of the screen: less between press and release is a click */

gboolean
assay_corners_get_box (const AssayCorners *corners, AssayRect *ret_box)
{
  if (!corners->drawing)
    return FALSE;
  AssayInputFlags flags = corners->pointer.flags & ~corners->spent;
  AssayPoint a = corners->first;
  double w = corners->pointer.at.x - a.x, h = corners->pointer.at.y - a.y;
  if ((flags & ASSAY_INPUT_SHIFT) != 0)
    {
      double side = fmax (fabs (w), fabs (h));
      w = copysign (side, w);
      h = copysign (side, h);
    }
  AssayPoint from = (flags & ASSAY_INPUT_ALT) != 0 ? (AssayPoint){ a.x - w, a.y - h } : a;
  AssayPoint to = { a.x + w, a.y + h };
  /* Corners of pixels: what is shown is what is filled. */
  double left = round (fmin (from.x, to.x)), top = round (fmin (from.y, to.y));
  *ret_box = (AssayRect){ left, top, round (fmax (from.x, to.x)) - left, round (fmax (from.y, to.y)) - top };
  return TRUE;
}

static void
put_down (AssayCorners *corners, AssayAnswer *answer)
{
  corners->drawing = corners->held = FALSE;
  answer->used = answer->redraw = TRUE;
}

static void
close_box (AssayCorners *corners, const AssayScene *scene, const AssayCornersShape *shape, AssayAnswer *answer)
{
  AssayRect box = { 0 };
  assay_corners_get_box (corners, &box);
  put_down (corners, answer);
  g_autoptr (AssayMask) empty = assay_mask_new_empty (scene->item->width_px, scene->item->height_px);
  g_autoptr (AssayPaint) paint = assay_paint_new (empty);
  shape->fill (paint, &box);
  g_autoptr (AssayMask) pixels = assay_paint_to_mask (paint);
  if (assay_mask_area_px (pixels) == 0)
    assay_answer_hint (answer, "that %s holds no pixel of the picture: drag from corner to corner", shape->verb);
  else
    answer->edit = assay_aim_edit (&corners->aim, scene, shape->verb, pixels, answer);
}

static void
show_size (const AssayCorners *corners, AssayAnswer *answer)
{
  AssayRect box = { 0 };
  assay_corners_get_box (corners, &box);
  answer->used = answer->redraw = TRUE;
  assay_answer_hint (answer, "%.0f × %.0f px · Shift: equal sides · Alt: from the middle%s", box.w, box.h,
                     corners->held ? "" : " · click or Enter: done · Esc gives up");
}

static void
press (AssayCorners *corners, const AssayScene *scene, const AssayInput *input, const AssayCornersShape *shape,
       AssayAnswer *answer)
{
  if (corners->held)
    {
      put_down (corners, answer);
      assay_answer_hint (answer, "the %s was given up", shape->verb);
    }
  else if (corners->drawing)
    close_box (corners, scene, shape, answer);
  else if (input->button == 1 || input->button == 3)
    {
      answer->used = TRUE;
      if (!assay_aim_take (&corners->aim, scene, input, ASSAY_AIM_OUTLINE, answer))
        return;
      corners->drawing = corners->held = TRUE;
      corners->first = input->at;
      corners->spent = input->flags & (ASSAY_INPUT_SHIFT | ASSAY_INPUT_ALT);
      answer->redraw = TRUE;
    }
}

static void
release (AssayCorners *corners, const AssayScene *scene, const AssayInput *input, const AssayCornersShape *shape,
         AssayAnswer *answer)
{
  if (!corners->held)
    return;
  corners->held = FALSE;
  if (assay_input_distance (input, corners->first) < CLICK_PX)
    show_size (corners, answer); /* a click: the next one is the other corner */
  else
    close_box (corners, scene, shape, answer);
}

static void
cancel (AssayCorners *corners, const AssayScene *scene, const AssayCornersShape *shape, AssayAnswer *answer)
{
  if (!corners->drawing)
    {
      assay_aim_let_go (scene, answer);
      return;
    }
  put_down (corners, answer);
  assay_answer_hint (answer, "the %s was given up", shape->verb);
}

void
assay_corners_input (AssayCorners *corners, const AssayScene *scene, const AssayInput *input,
                     const AssayCornersShape *shape, AssayAnswer *answer)
{
  if (input->kind == ASSAY_INPUT_PRESS || input->kind == ASSAY_INPUT_MOVE || input->kind == ASSAY_INPUT_RELEASE)
    {
      corners->pointer = *input;
      corners->spent &= input->flags;
    }
  switch (input->kind)
    {
    case ASSAY_INPUT_PRESS:
      press (corners, scene, input, shape, answer);
      return;
    case ASSAY_INPUT_MOVE:
      if (corners->drawing)
        show_size (corners, answer);
      return;
    case ASSAY_INPUT_RELEASE:
      release (corners, scene, input, shape, answer);
      return;
    case ASSAY_INPUT_KEY:
      if (corners->drawing && assay_input_is_key (input, "Enter"))
        close_box (corners, scene, shape, answer);
      return;
    case ASSAY_INPUT_CANCEL:
      cancel (corners, scene, shape, answer);
      return;
    case ASSAY_INPUT_SCROLL:
    case ASSAY_INPUT_WORKED:
    default:
      return;
    }
}

void
assay_corners_get_look (const AssayCorners *corners, const AssayScene *scene, AssayMarkFlags *ret_flags,
                        guint32 *ret_colour)
{
  gboolean away = corners->aim.mode == ASSAY_PIXELS_REMOVE;
  *ret_flags = away ? ASSAY_MARK_DASHED : ASSAY_MARK_SELECTED;
  *ret_colour = away ? 0xffffff : assay_aim_colour (&corners->aim, scene);
}
