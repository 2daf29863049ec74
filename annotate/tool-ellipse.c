/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pixels of an ellipse, by the box around it. */
#include "annotate/corners.h"

#include <math.h>

static void
fill (AssayPaint *paint, const AssayRect *box)
{
  double cx = box->x + box->w / 2, cy = box->y + box->h / 2, rx = box->w / 2, ry = box->h / 2;
  int left = (int) CLAMP (box->x, 0, (double) assay_paint_get_width_px (paint));
  int right = (int) CLAMP (box->x + box->w, 0, (double) assay_paint_get_width_px (paint));
  double height = assay_paint_get_height_px (paint);
  for (int x = left; x < right; x++)
    {
      double across = (x + 0.5 - cx) / rx, along = ry * sqrt (fmax (0, 1 - across * across));
      double top = CLAMP (ceil (cy - along - 0.5), 0, height),
             bottom = CLAMP (floor (cy + along - 0.5) + 1, 0, height);
      assay_paint_span (paint, x, (int) top, (int) bottom, TRUE);
    }
}

static const AssayCornersShape shape = { "ellipse", fill };

static void
input (gpointer state, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  assay_corners_input (state, scene, in, &shape, answer);
}

static void
list_marks (gconstpointer state, const AssayScene *scene, AssayMarks *marks)
{
  AssayPoint points[96];
  AssayRect box = { 0 };
  AssayMarkFlags flags = 0;
  guint32 colour = 0;
  if (!assay_corners_get_box (state, &box))
    return;
  assay_corners_get_look (state, scene, &flags, &colour);
  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    {
      double turn = 2 * G_PI * i / G_N_ELEMENTS (points);
      points[i] = (AssayPoint){ box.x + box.w / 2 * (1 + cos (turn)), box.y + box.h / 2 * (1 + sin (turn)) };
    }
  assay_marks_add_points (marks, ASSAY_MARK_RING, flags, colour, points, G_N_ELEMENTS (points), NULL);
}

static const char *const kinds[] = { "segmentation", NULL };
static const AssayOption options[] = { ASSAY_NEIGHBOURS_OPTION, { NULL } };

const AssayTool assay_tool_ellipse = {
  .id = "ellipse",
  .title = "Ellipse",
  .key = "c",
  .icon = "assay-ellipse-symbolic",
  .help = "drag its box · Shift adds to the object · Alt takes away",
  .kinds = kinds,
  .options = options,
  .state_size = sizeof (AssayCorners),
  .input = input,
  .marks = list_marks,
};
