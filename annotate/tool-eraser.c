/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes pixels away by hand, from the selected object or the one under the pointer. */
#include "annotate/stroke.h"

static void
input (gpointer state, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  assay_stroke_input (state, scene, in, ASSAY_AIM_ERASE, answer);
}

static void
list_marks (gconstpointer state, const AssayScene *scene, AssayMarks *marks)
{
  assay_stroke_list_marks (state, scene, ASSAY_AIM_ERASE, marks);
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
static const AssayOption options[] = { ASSAY_BRUSH_OPTIONS, ASSAY_PAINTS_OPTION, { NULL } };

const AssayTool assay_tool_eraser = {
  .id = "eraser",
  .title = "Eraser",
  .key = "e",
  .icon = "assay-eraser-symbolic",
  .help = "takes from the selected object, else where it begins · [ ] size",
  .kinds = kinds,
  .options = options,
  .state_size = sizeof (AssayStroke),
  .input = input,
  .marks = list_marks,
  .live = get_live,
  .end = end,
};
