/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What looks like the pixel that is clicked. The pointer drawn away from it raises the tolerance while one looks;
 * what does not come at once is reckoned off the main thread, a piece at a time, and seen to grow. */
#include "annotate/preview.h"
#include "vision/flood.h"

#include <math.h>

#define AT_ONCE_PX 100000       /* visited before an input is answered: some 5 ms */
#define A_PIECE_PX 3000000      /* visited before the region is shown again */
#define STEPS_PER_PX 0.5        /* of tolerance, by screen pixel of the drag */
#define CLEAN_WHILE_RUNS 200000 /* a preview with more runs than this leaves its specks for the end */

#define TOLERANCE "tolerance"
#define CONTIGUOUS "contiguous"

typedef struct
{
  AssayFlood *flood; /* under way; NULL = idle */
  AssayPoint seed, pointer;
  guint tolerance;
  gboolean dragged, released;
  AssayAim aim;
  AssayPaint *paint;
} Wand;

/* A piece of the flood for a thread. */
typedef struct
{
  AssayFlood *flood;
  guint tolerance;
} Piece;

static void
run_piece (gpointer data, GCancellable *cancellable)
{
  Piece *piece = data;
  assay_flood_reach (piece->flood, piece->tolerance, A_PIECE_PX, cancellable);
  assay_flood_stop (piece->flood);
}

static void
free_piece (gpointer data)
{
  Piece *piece = data;
  assay_flood_unref (piece->flood);
  g_free (piece);
}

static void
stop (Wand *self)
{
  g_clear_pointer (&self->flood, assay_flood_unref);
}

static void
end (gpointer state)
{
  Wand *self = state;
  stop (self);
  g_clear_pointer (&self->paint, assay_paint_free);
}

static AssayMask *
found (const Wand *self, const AssayScene *scene, guint most_runs)
{
  AssayMask *mask = assay_flood_to_mask (self->flood, self->tolerance);
  if (mask->n_runs > most_runs)
    return mask;
  return assay_preview_clean (mask, (guint64) assay_options_get_int (scene->options, ASSAY_OPTION_SPECKS));
}

static void
show (Wand *self, const AssayScene *scene)
{
  g_autoptr (AssayMask) mask = found (self, scene, CLEAN_WHILE_RUNS);
  assay_preview_show (&self->paint, &self->aim, scene, mask);
}

static void
finish (Wand *self, const AssayScene *scene, AssayAnswer *answer)
{
  g_autoptr (AssayMask) mask = found (self, scene, G_MAXUINT);
  g_autofree char *verb = g_strdup_printf ("wand, tolerance %u", self->tolerance);
  answer->edit = assay_aim_edit (&self->aim, scene, verb, mask, answer);
  if (self->dragged)
    assay_answer_set_option (answer, TOLERANCE, "%u", self->tolerance);
  if (answer->edit != NULL)
    assay_answer_hint (answer, "%" G_GUINT64_FORMAT " px · Shift adds to the object · Alt takes away",
                       assay_mask_area_px (mask));
  stop (self);
}

/* As far as it can be had at once; the rest goes to a thread, which comes back. */
static void
go_on (Wand *self, const AssayScene *scene, AssayAnswer *answer)
{
  if (assay_flood_is_running (self->flood))
    return;
  gboolean all = assay_flood_reach (self->flood, self->tolerance, AT_ONCE_PX, NULL);
  answer->redraw = TRUE;
  if (all && self->released)
    {
      finish (self, scene, answer);
      return;
    }
  show (self, scene);
  if (all)
    return;
  Piece *piece = g_new0 (Piece, 1);
  *piece = (Piece){ assay_flood_ref (self->flood), self->tolerance };
  assay_flood_start (self->flood);
  answer->work = assay_work_new ("finding what looks alike", piece, run_piece, free_piece);
}

static void
press (Wand *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  AssayAim aim;
  stop (self);
  answer->used = answer->redraw = TRUE;
  if (!assay_aim_take (&aim, scene, input, ASSAY_AIM_OUTLINE, answer))
    return;
  if (input->at.x < 0 || input->at.y < 0)
    return;
  self->flood = assay_flood_new (scene->picture, (guint) input->at.x, (guint) input->at.y,
                                 assay_options_get_bool (scene->options, CONTIGUOUS));
  if (self->flood == NULL)
    return;
  self->seed = self->pointer = input->at;
  self->dragged = self->released = FALSE;
  self->aim = aim;
  self->tolerance = (guint) assay_options_get_int (scene->options, TOLERANCE);
  go_on (self, scene, answer);
}

static void
drag (Wand *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  double away = assay_input_distance (input, self->seed) - ASSAY_TOOL_REACH_PX;
  answer->used = answer->redraw = TRUE;
  self->pointer = input->at;
  self->dragged = self->dragged || away > 0;
  if (self->dragged)
    {
      self->tolerance = (guint) CLAMP (lround (away * STEPS_PER_PX), 0, ASSAY_FLOOD_MAX_TOLERANCE);
      assay_answer_hint (answer, "tolerance %u · farther takes more", self->tolerance);
    }
  go_on (self, scene, answer);
}

static void
scroll (const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  gint64 tolerance = assay_options_get_int (scene->options, TOLERANCE) + (gint64) lround (input->steps * 2);
  tolerance = CLAMP (tolerance, 0, ASSAY_FLOOD_MAX_TOLERANCE);
  answer->used = TRUE;
  assay_answer_set_option (answer, TOLERANCE, "%" G_GINT64_FORMAT, tolerance);
  assay_answer_hint (answer, "tolerance %" G_GINT64_FORMAT, tolerance);
}

static void
input (gpointer state, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  Wand *self = state;
  if (scene->picture == NULL)
    return;
  if (input->kind == ASSAY_INPUT_PRESS && (input->button == 1 || input->button == 3))
    press (self, scene, input, answer);
  else if (input->kind == ASSAY_INPUT_SCROLL)
    scroll (scene, input, answer);
  else if (self->flood == NULL)
    return;
  else if (input->kind == ASSAY_INPUT_CANCEL)
    {
      stop (self);
      answer->used = answer->redraw = TRUE;
    }
  else if (input->kind == ASSAY_INPUT_MOVE && input->button != 0 && !self->released)
    drag (self, scene, input, answer);
  else if (input->kind == ASSAY_INPUT_RELEASE)
    {
      self->released = answer->used = TRUE;
      go_on (self, scene, answer);
    }
  else
    go_on (self, scene, answer); /* WORKED, or a sign of life after one that was lost */
}

static gboolean
live (gpointer state, const AssayScene *scene, AssayLive *ret_live)
{
  const Wand *self = state;
  return self->flood != NULL && assay_preview_get_live (self->paint, &self->aim, scene, ret_live);
}

static void
marks (gconstpointer state, const AssayScene *scene, AssayMarks *marks)
{
  const Wand *self = state;
  if (self->flood == NULL || !self->dragged)
    return;
  const AssayPoint line[2] = { self->seed, self->pointer };
  assay_marks_add_points (marks, ASSAY_MARK_LINE, ASSAY_MARK_DASHED, assay_aim_colour (&self->aim, scene), line, 2,
                          NULL);
}

static const char *const kinds[] = { "segmentation", NULL };
static const AssayOption options[] = {
  { .name = TOLERANCE,
    .type = ASSAY_OPTION_INT,
    .default_text = "24",
    .minimum = 0,
    .maximum = ASSAY_FLOOD_MAX_TOLERANCE,
    .title = "Tolerance",
    .help = "how far a pixel's colour may be from the clicked one's, in 1/255 of the tones there are" },
  { .name = CONTIGUOUS,
    .type = ASSAY_OPTION_BOOL,
    .default_text = "true",
    .title = "Contiguous",
    .help = "only pixels that hang together with the clicked one; else wherever they are" },
  ASSAY_SPECKS_OPTION,
  ASSAY_NEIGHBOURS_OPTION,
  { NULL },
};

const AssayTool assay_tool_wand = {
  .id = "wand",
  .title = "Magic wand",
  .key = "w",
  .icon = "assay-wand-symbolic",
  .help = "takes what looks alike; drag away for more · Shift adds to the object · Alt takes away",
  .kinds = kinds,
  .options = options,
  .state_size = sizeof (Wand),
  .input = input,
  .marks = marks,
  .live = live,
  .end = end,
};
