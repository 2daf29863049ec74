/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What looks like the pixel that is clicked. The pointer drawn away from it raises the tolerance while one looks;
 * what does not come at once is reckoned off the main thread, a piece at a time, and seen to grow. */
#include "annotate/preview.h"
#include "vision/flood.h"

#include <math.h>

#define AT_ONCE_PX 50000        /* visited before an input is answered: some 3 ms */
#define AT_ONCE_BOX_PX 500000   /* a region whose box is larger is not looked at before an input is answered */
#define A_PIECE_PX 3000000      /* visited before the region is shown again */
#define CLEAN_WHILE_RUNS 20000  /* what is only shown, with more runs than this, keeps its specks */
#define WHOLE_WHILE_RUNS 300000 /* and with more than this is seen at a reduced scale, in squares of */
#define COARSE_PX 4
#define A_NOTCH 2        /* of tolerance, by notch of the wheel */
#define STEPS_PER_PX 0.5 /* of tolerance, by screen pixel of the drag */

#define TOLERANCE "tolerance"
#define CONTIGUOUS "contiguous"

/* A piece of the flood. Shared by the tool and the thread, which has the flood until `done`. */
typedef struct
{
  gint refs, done;
  AssayFlood *flood;
  guint tolerance;
  guint64 most_px, specks_px;
  gboolean final; /* to be shown as it will be */
  AssayMask *mask;
  gboolean all, clean;
} Piece;

typedef struct
{
  AssayFlood *flood; /* under way; NULL = idle */
  AssayPoint seed, pointer;
  guint tolerance;
  gboolean dragged, released;
  AssayAim aim;
  Piece *piece;        /* (nullable) under way, or done and not looked at */
  AssayMask *mask;     /* (nullable) what is shown: */
  guint shown;         /* of that tolerance, */
  gboolean all, clean; /* all of it, without specks */
  AssayPaint *paint;
  double notches; /* of the wheel, less than one */
} Wand;

static void
piece_unref (gpointer data)
{
  Piece *piece = data;
  if (piece == NULL || !g_atomic_int_dec_and_test (&piece->refs))
    return;
  g_clear_pointer (&piece->mask, assay_mask_free);
  assay_flood_unref (piece->flood);
  g_free (piece);
}

static void
run_piece (gpointer data, GCancellable *cancellable)
{
  Piece *piece = data;
  piece->all = assay_flood_reach (piece->flood, piece->tolerance, piece->most_px, cancellable);
  gboolean last = piece->final && piece->all;
  piece->mask = assay_flood_to_mask (piece->flood, piece->tolerance, 1);
  piece->clean = last || piece->mask->n_runs <= CLEAN_WHILE_RUNS;
  if (!last && piece->mask->n_runs > WHOLE_WHILE_RUNS)
    {
      assay_mask_free (piece->mask);
      piece->mask = assay_flood_to_mask (piece->flood, piece->tolerance, COARSE_PX);
    }
  if (piece->clean)
    piece->mask = assay_preview_clean (piece->mask, piece->specks_px);
  g_atomic_int_set (&piece->done, 1);
}

static Piece *
piece_new (const Wand *self, const AssayScene *scene, guint64 most_px)
{
  Piece *piece = g_new0 (Piece, 1);
  piece->refs = 1;
  piece->flood = assay_flood_ref (self->flood);
  piece->tolerance = self->tolerance;
  piece->most_px = most_px;
  piece->specks_px = (guint64) assay_options_get_int (scene->options, ASSAY_OPTION_SPECKS);
  piece->final = self->released;
  return piece;
}

static void
stop (Wand *self)
{
  g_clear_pointer (&self->flood, assay_flood_unref);
  g_clear_pointer (&self->piece, piece_unref);
  g_clear_pointer (&self->mask, assay_mask_free);
  self->all = self->clean = FALSE;
}

static void
end (gpointer state)
{
  Wand *self = state;
  stop (self);
  g_clear_pointer (&self->paint, assay_paint_free);
}

static void
take_piece (Wand *self, const AssayScene *scene, AssayAnswer *answer)
{
  Piece *piece = self->piece;
  if (piece == NULL || !g_atomic_int_get (&piece->done))
    return;
  assay_mask_free (self->mask);
  self->mask = g_steal_pointer (&piece->mask);
  self->shown = piece->tolerance;
  self->all = piece->all;
  self->clean = piece->clean;
  g_clear_pointer (&self->piece, piece_unref);
  assay_preview_show (&self->paint, &self->aim, scene, self->mask);
  answer->redraw = TRUE;
}

static gboolean
is_enough (const Wand *self)
{
  return self->mask != NULL && self->all && self->shown == self->tolerance && (self->clean || !self->released);
}

static void
finish (Wand *self, const AssayScene *scene, AssayAnswer *answer)
{
  g_autofree char *verb = g_strdup_printf ("wand, tolerance %u", self->tolerance);
  answer->edit = assay_aim_edit (&self->aim, scene, verb, self->mask, answer);
  answer->redraw = TRUE;
  if (self->dragged)
    assay_answer_set_option (answer, TOLERANCE, "%u", self->tolerance);
  if (answer->edit != NULL)
    assay_answer_hint (answer, "%" G_GUINT64_FORMAT " px · Shift adds to the object · Alt takes away",
                       assay_mask_area_px (self->mask));
  stop (self);
}

/* As far as it can be had at once; the rest goes to a thread, which comes back. */
static void
go_on (Wand *self, const AssayScene *scene, AssayAnswer *answer)
{
  take_piece (self, scene, answer);
  if (self->piece != NULL)
    return;
  if (!is_enough (self) && assay_flood_get_box_px (self->flood) <= AT_ONCE_BOX_PX)
    {
      self->piece = piece_new (self, scene, AT_ONCE_PX);
      run_piece (self->piece, NULL);
      take_piece (self, scene, answer);
    }
  if (!is_enough (self))
    {
      self->piece = piece_new (self, scene, A_PIECE_PX);
      g_atomic_int_inc (&self->piece->refs);
      answer->work = assay_work_new ("finding what looks alike", self->piece, run_piece, piece_unref);
    }
  else if (self->released)
    finish (self, scene, answer);
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
scroll (Wand *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  int notches = assay_input_take_notches (input, &self->notches);
  gint64 tolerance = assay_options_get_int (scene->options, TOLERANCE) + A_NOTCH * notches;
  tolerance = CLAMP (tolerance, 0, ASSAY_FLOOD_MAX_TOLERANCE);
  answer->used = TRUE;
  if (notches == 0)
    return;
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
    scroll (self, scene, input, answer);
  else if (self->flood == NULL)
    {
      if (input->kind == ASSAY_INPUT_CANCEL)
        assay_aim_let_go (scene, answer);
      return;
    }
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
