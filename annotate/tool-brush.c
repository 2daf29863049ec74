/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paints pixels by hand, into the selected object or a new one. */
#include "annotate/stroke.h"

static void
input (gpointer state, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  assay_stroke_input (state, scene, in, ASSAY_AIM_STROKE, answer);
}

static void
list_marks (gconstpointer state, const AssayScene *scene, AssayMarks *marks)
{
  assay_stroke_list_marks (state, scene, ASSAY_AIM_STROKE, marks);
}

static gboolean
get_live (gpointer state, const AssayScene *scene, AssayLive *ret_live)
{
  return assay_stroke_get_live (state, ret_live);
}

static void
end (gpointer state)
{
  assay_stroke_clear (state);
}

static const char *const kinds[] = { "segmentation", NULL };
static const AssayOption options[] = { ASSAY_BRUSH_OPTIONS, ASSAY_NEIGHBOURS_OPTION, { NULL } };

const AssayTool assay_tool_brush = {
  .id = "brush",
  .title = "Brush",
  .key = "b",
  .icon = "assay-brush-symbolic",
  .help = "Esc: a new object · Alt takes away · Shift: a line · [ ] size",
  .kinds = kinds,
  .options = options,
  .state_size = sizeof (AssayStroke),
  .input = input,
  .marks = list_marks,
  .live = get_live,
  .end = end,
};
