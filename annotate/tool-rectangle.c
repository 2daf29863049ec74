/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pixels of a rectangle, from corner to corner. */
#include "annotate/corners.h"

static void
fill (AssayPaint *paint, const AssayRect *box)
{
  int left = (int) CLAMP (box->x, 0, (double) assay_paint_get_width_px (paint));
  int right = (int) CLAMP (box->x + box->w, 0, (double) assay_paint_get_width_px (paint));
  int top = (int) CLAMP (box->y, 0, (double) assay_paint_get_height_px (paint));
  int bottom = (int) CLAMP (box->y + box->h, 0, (double) assay_paint_get_height_px (paint));
  for (int x = left; x < right; x++)
    assay_paint_span (paint, x, top, bottom, TRUE);
}

static const AssayCornersShape shape = { "rectangle", fill };

static void
input (gpointer state, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  assay_corners_input (state, scene, in, &shape, answer);
}

static void
list_marks (gconstpointer state, const AssayScene *scene, AssayMarks *marks)
{
  AssayRect box = { 0 };
  AssayMarkFlags flags = 0;
  guint32 colour = 0;
  if (!assay_corners_get_box (state, &box))
    return;
  assay_corners_get_look (state, scene, &flags, &colour);
  AssayPoint corners[2] = { { box.x, box.y }, { box.x + box.w, box.y + box.h } };
  assay_marks_add_points (marks, ASSAY_MARK_BOX, flags, colour, corners, 2, NULL);
}

static const char *const kinds[] = { "segmentation", NULL };
static const AssayOption options[] = { ASSAY_NEIGHBOURS_OPTION, { NULL } };

const AssayTool assay_tool_rectangle = {
  .id = "rectangle",
  .title = "Rectangle",
  .key = "r",
  .icon = "assay-rectangle-symbolic",
  .help = "drag a box · Shift adds to the object · Alt takes away",
  .kinds = kinds,
  .options = options,
  .state_size = sizeof (AssayCorners),
  .input = input,
  .marks = list_marks,
};
