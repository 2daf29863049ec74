/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/corners.h - a box drawn between two corners: by a drag, or by two clicks (Enter is the second). What
 * rectangle and ellipse share.
 *
 * At the first press Shift and Alt say where the pixels go (annotate/aim.h); held anew after it, Shift makes both
 * sides equal and Alt draws from the middle. Main thread. */
#include "annotate/aim.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean drawing, held; /* the first corner stands; the button is still down */
  AssayAim aim;
  AssayInputFlags spent; /* held since the first press: they have said what they meant */
  AssayInput pointer;
  AssayPoint first;
} AssayCorners;

typedef struct
{
  const char *verb;                                       /* "rectangle" */
  void (*fill) (AssayPaint *paint, const AssayRect *box); /* the pixels whose middles are inside */
} AssayCornersShape;

/* A tool's whole input. */
void assay_corners_input (AssayCorners *corners, const AssayScene *scene, const AssayInput *input,
                          const AssayCornersShape *shape, AssayAnswer *answer);
/* FALSE = nothing is under way. */
gboolean assay_corners_get_box (const AssayCorners *corners, AssayRect *ret_box);
/* How its outline is drawn. */
void assay_corners_get_look (const AssayCorners *corners, const AssayScene *scene, AssayMarkFlags *ret_flags,
                             guint32 *ret_colour);

G_END_DECLS
