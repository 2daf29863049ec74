/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/aim.h - where a gesture's pixels go, decided when it begins: the one grammar of all tools that paint.
 *
 * Strokes (brush, superpixels) go on with the selected object. Outlines (freehand, rectangle, ellipse) begin a new
 * one; Shift adds them to the selected one. Without a selection both begin a new one: Esc lets go of it. Alt, the
 * pen's eraser end and the secondary button take away: from the selected object, else from the one under the
 * pointer. While the option "paints" is unsure, all of it is about what an object is unsure of. In a semantic task it is always the current class's object. Segmentation only. Main thread. */
#include "annotate/pixels.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_AIM_STROKE,
  ASSAY_AIM_OUTLINE,
  ASSAY_AIM_ERASE /* takes away, whatever is held */
} AssayAimWay;

typedef struct
{
  AssayId object;       /* nil = a new one of the current class */
  AssayPixelsMode mode; /* ADD or REMOVE */
} AssayAim;

/* Whether this input (a press, or the pointer hovering) takes pixels away. */
gboolean assay_aim_takes_away (AssayAimWay way, const AssayInput *input);
/* By the press that begins a gesture. FALSE: nothing may be painted, and the answer's hint says why. */
gboolean assay_aim_take (AssayAim *aim, const AssayScene *scene, const AssayInput *press, AssayAimWay way,
                         AssayAnswer *answer);
/* The gesture's end, as assay_pixels_edit; NULL when there is nothing to do, and the hint says why. An object that
 * went away meanwhile (an undo) is begun anew. */
AssayEdit *assay_aim_edit (const AssayAim *aim, const AssayScene *scene, const char *verb, const AssayMask *pixels,
                           AssayAnswer *answer);
/* Esc with nothing under way: the selection is let go. */
void assay_aim_let_go (const AssayScene *scene, AssayAnswer *answer);
/* What is painted with: the class of the object, or of the one that comes to be. */
guint32 assay_aim_colour (const AssayAim *aim, const AssayScene *scene);

G_END_DECLS
