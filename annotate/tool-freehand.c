/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lasso: drawn round something with the button held; letting go closes it. Where its line crosses itself, what is
 * enclosed twice is outside, as in a polygon. */
#include "annotate/aim.h"
#include "core/polygon.h"

#include <math.h>

#define LEAST_PX 1.0 /* of the screen, between two points */

typedef struct
{
  GArray *points; /* of AssayPoint */
  gboolean drawing;
  AssayAim aim;
} Freehand;

static void
begin (gpointer state)
{
  ((Freehand *) state)->points = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
}

static void
end (gpointer state)
{
  g_clear_pointer (&((Freehand *) state)->points, g_array_unref);
}

static void
put_down (Freehand *self, AssayAnswer *answer)
{
  self->drawing = FALSE;
  g_array_set_size (self->points, 0);
  answer->used = answer->redraw = TRUE;
}

static void
give_up (Freehand *self, AssayAnswer *answer)
{
  put_down (self, answer);
  assay_answer_hint (answer, "the outline was given up");
}

static void
press (Freehand *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  if (self->drawing)
    {
      give_up (self, answer);
      return;
    }
  if (input->button != 1 && input->button != 3)
    return;
  answer->used = TRUE;
  self->drawing = assay_aim_take (&self->aim, scene, input, ASSAY_AIM_OUTLINE, answer);
  if (self->drawing)
    g_array_append_val (self->points, input->at);
}

static void
close_ring (Freehand *self, const AssayScene *scene, AssayAnswer *answer)
{
  g_autoptr (AssayRing) ring
      = assay_ring_new ((const AssayPoint *) (gpointer) self->points->data, self->points->len, FALSE);
  g_autoptr (AssayMask) pixels
      = self->points->len >= 3 ? assay_mask_new_from_ring (ring, scene->item->width_px, scene->item->height_px)
                               : NULL;
  put_down (self, answer);
  if (pixels == NULL || assay_mask_area_px (pixels) == 0)
    assay_answer_hint (answer, "that encloses no pixel: hold the button and draw round the object");
  else
    answer->edit = assay_aim_edit (&self->aim, scene, "freehand", pixels, answer);
}

static void
add_point (Freehand *self, const AssayInput *input, AssayAnswer *answer)
{
  const AssayPoint *last = &g_array_index (self->points, AssayPoint, self->points->len - 1);
  answer->used = TRUE;
  if (assay_input_distance (input, *last) < LEAST_PX)
    return;
  g_array_append_val (self->points, input->at);
  answer->redraw = TRUE;
}

static void
input (gpointer state, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  Freehand *self = state;
  switch (in->kind)
    {
    case ASSAY_INPUT_PRESS:
      press (self, scene, in, answer);
      return;
    case ASSAY_INPUT_MOVE:
    case ASSAY_INPUT_RELEASE:
      if (!self->drawing)
        return;
      add_point (self, in, answer);
      if (in->kind == ASSAY_INPUT_RELEASE || in->button == 0) /* or the release went elsewhere */
        close_ring (self, scene, answer);
      return;
    case ASSAY_INPUT_CANCEL:
      if (self->drawing)
        give_up (self, answer);
      else
        assay_aim_let_go (scene, answer);
      return;
    case ASSAY_INPUT_KEY:
    case ASSAY_INPUT_SCROLL:
    case ASSAY_INPUT_WORKED:
    default:
      return;
    }
}

static void
list_marks (gconstpointer state, const AssayScene *scene, AssayMarks *marks)
{
  const Freehand *self = state;
  const AssayPoint *points = (const AssayPoint *) (gpointer) self->points->data;
  guint n = self->points->len;
  if (n < 2)
    return;
  guint32 colour = self->aim.mode == ASSAY_PIXELS_REMOVE ? 0xffffff : assay_aim_colour (&self->aim, scene);
  AssayPoint closing[2] = { points[n - 1], points[0] };
  assay_marks_add_points (marks, ASSAY_MARK_LINE, 0, colour, points, n, NULL);
  assay_marks_add_points (marks, ASSAY_MARK_LINE, ASSAY_MARK_DASHED | ASSAY_MARK_FAINT, colour, closing, 2, NULL);
}

static const char *const kinds[] = { "segmentation", NULL };
static const AssayOption options[] = { ASSAY_NEIGHBOURS_OPTION, { NULL } };

const AssayTool assay_tool_freehand = {
  .id = "freehand",
  .title = "Freehand",
  .key = "y",
  .icon = "assay-freehand-symbolic",
  .help = "draw round it · Shift adds to the object · Alt takes away",
  .kinds = kinds,
  .options = options,
  .state_size = sizeof (Freehand),
  .begin = begin,
  .input = input,
  .marks = list_marks,
  .end = end,
};
