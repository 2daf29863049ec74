/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/stroke.h - a brush in the hand: its size and shape, its ring at the pointer, and the pixels of a stroke
 * under way. What brush and eraser share. Main thread. */
#include "annotate/underway.h"

G_BEGIN_DECLS

#define ASSAY_BRUSH_MAX_PX 4000

extern const char *const assay_brush_shapes[], *const assay_brush_units[];
/* The rows of a brush in a tool's options. */
/* clang-format off */
#define ASSAY_BRUSH_OPTIONS \
  { "brush-px", ASSAY_OPTION_INT, "24", 1, ASSAY_BRUSH_MAX_PX, NULL, \
    "how wide the brush is, in pixels ([ and ], or Shift and the wheel)", "Size", NULL }, \
  { "brush-unit", ASSAY_OPTION_CHOICE, "picture", 0, 0, assay_brush_units, \
    "whose pixels the size counts: the picture's, or the screen's at any zoom", "pixels of", NULL }, \
  { "brush-shape", ASSAY_OPTION_CHOICE, "round", 0, 0, assay_brush_shapes, \
    "the brush is round or square", NULL, NULL }
/* clang-format on */

typedef struct
{
  AssayInput hover; /* the last place of the pointer; px_per_unit 0 = nowhere yet */
  gboolean painting;
  AssayAim aim;
  AssayUnderway underway;
  gboolean has_last; /* a stroke ended at `last`: Shift draws a line from there */
  AssayPoint last;
  double last_px; /* how wide the brush was there */
  double notches; /* of the wheel, less than one */
} AssayStroke;

void assay_stroke_clear (AssayStroke *stroke);
/* A tool's whole input; `way` is STROKE, or ERASE. */
void assay_stroke_input (AssayStroke *stroke, const AssayScene *scene, const AssayInput *input, AssayAimWay way,
                         AssayAnswer *answer);
void assay_stroke_list_marks (const AssayStroke *stroke, const AssayScene *scene, AssayAimWay way,
                              AssayMarks *marks);
gboolean assay_stroke_get_live (const AssayStroke *stroke, AssayLive *ret_live);

G_END_DECLS
