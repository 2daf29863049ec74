/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/hearing.h"

#include <math.h>

#define STEP_S 0.05
#define LONG_STEP_S 1.0

void
assay_answer_move_cursor (AssayAnswer *answer, const AssayScene *scene, gint64 to_sample)
{
  gint64 from = 0, to = 0;
  assay_item_get_samples (scene->item, &from, &to);
  answer->move_cursor = answer->redraw = TRUE;
  answer->cursor = CLAMP (to_sample, from, to);
}

static gboolean
is_key (const AssayInput *input, const char *key, const char * or)
{
  return assay_input_is_key (input, key) || (or != NULL && assay_input_is_key (input, or));
}

gboolean
assay_hearing_input (const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  gboolean press = input->kind == ASSAY_INPUT_PRESS && input->button == 1;
  double seconds = is_key (input, "comma", NULL)         ? -STEP_S
                   : is_key (input, "period", NULL)      ? STEP_S
                   : is_key (input, "less", "semicolon") ? -LONG_STEP_S
                   : is_key (input, "greater", "colon")  ? LONG_STEP_S
                                                         : 0;
  if (!press && seconds == 0)
    return FALSE;
  answer->used = TRUE;
  assay_answer_move_cursor (answer, scene,
                            press ? (gint64) llround (input->at.x)
                                  : scene->cursor + (gint64) lround (seconds * scene->item->rate_hz));
  return TRUE;
}
