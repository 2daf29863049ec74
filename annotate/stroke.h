/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/stroke.h - a brush in the hand: its size and shape, its ring at the pointer, and the pixels of a stroke
 * under way. What brush and eraser share. Main thread. */
#include "annotate/aim.h"

G_BEGIN_DECLS

#define ASSAY_BRUSH_MAX_PX 4000

extern const char *const assay_brush_shapes[], *const assay_brush_units[];
/* The rows of a brush in a tool's options. */
#define ASSAY_BRUSH_OPTIONS                                                                                        \
  { .name = "brush-px",                                                                                            \
    .type = ASSAY_OPTION_INT,                                                                                      \
    .default_text = "24",                                                                                          \
    .minimum = 1,                                                                                                  \
    .maximum = ASSAY_BRUSH_MAX_PX,                                                                                 \
    .title = "Size",                                                                                               \
    .unit = "px",                                                                                                  \
    .help = "how wide the brush is, in pixels ([ and ], or Shift and the wheel)" },                                \
      { .name = "brush-shape",                                                                                     \
        .type = ASSAY_OPTION_CHOICE,                                                                               \
        .default_text = "round",                                                                                   \
        .choices = assay_brush_shapes,                                                                             \
        .title = "Shape",                                                                                          \
        .help = "round or square" },                                                                               \
  {                                                                                                                \
    .name = "brush-unit", .type = ASSAY_OPTION_CHOICE, .default_text = "picture", .choices = assay_brush_units,    \
    .title = "Pixels of", .help = "whose pixels the size counts: the picture's, or the screen's at any zoom"       \
  }

typedef struct
{
  AssayInput hover; /* the last place of the pointer; px_per_unit 0 = nowhere yet */
  gboolean painting;
  AssayAim aim;
  AssayMask *base;            /* what the object had when the stroke began */
  AssayPaint *live, *touched; /* what it has now; what the stroke goes over */
  gboolean has_last;          /* a stroke ended at `last`: Shift draws a line from there */
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
