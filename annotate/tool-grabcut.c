/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An object cut out by a box, then corrected by strokes. The answer comes twice: soon at a reduced scale, then with
 * its border at full scale; it is nobody's until Enter. */
#include "annotate/preview.h"
#include "vision/cut.h"

#include <math.h>

#define QUICK_PX 60000   /* of the window at the reduced scale */
#define LEAST_BOX_PX 8.0 /* of the screen: less is a slip of the hand */
#define STROKE_PX 10.0   /* of the screen: how wide a stroke is */
#define OUTSIDE_COLOUR 0xff4040

typedef struct
{
  gboolean outside;
  double width_px;
  GArray *points; /* of AssayPoint */
} Stroke;

/* One reckoning. Shared by the tool and the thread, which writes `cut`, `mask` and `error`, then `done`. */
typedef struct
{
  gint refs, done;
  gboolean fine; /* begins with `cut` */
  guint version; /* of the strokes */
  AssayPicture *picture;
  AssayRect box;
  AssayMask *inside, *outside;
  AssayCut *cut;
  AssayMask *mask;
  GError *error;
} Job;

typedef enum
{
  IDLE,
  BOXING,
  BOXED
} Phase;

typedef struct
{
  Phase phase;
  AssayAim aim;
  AssayPoint corner, pointer;
  GPtrArray *strokes; /* of Stroke */
  gboolean stroking, accepted;
  Job *job;                /* (nullable) under way, or done and not looked at */
  AssayCut *cut;           /* (nullable) the last reduced answer */
  AssayMask *mask;         /* (nullable) the last answer */
  gboolean fine;           /* it is at full scale */
  guint version, answered; /* of the strokes: as they are, and of the last answer; 0 = none */
  AssayPaint *paint;
} Grabcut;

static void
stroke_free (gpointer data)
{
  Stroke *stroke = data;
  g_array_unref (stroke->points);
  g_free (stroke);
}

static void
job_unref (gpointer data)
{
  Job *job = data;
  if (job == NULL || !g_atomic_int_dec_and_test (&job->refs))
    return;
  g_clear_pointer (&job->inside, assay_mask_free);
  g_clear_pointer (&job->outside, assay_mask_free);
  g_clear_pointer (&job->cut, assay_cut_free);
  g_clear_pointer (&job->mask, assay_mask_free);
  g_clear_error (&job->error);
  assay_picture_unref (job->picture);
  g_free (job);
}

static void
run_job (gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  const AssayCutHints hints = { job->box, job->inside, job->outside };
  if (job->fine)
    job->mask = assay_vision_refine_cut (job->cut, job->picture, &hints, cancellable, &job->error);
  else
    job->cut = assay_vision_cut (job->picture, &hints, QUICK_PX, cancellable, &job->error);
  if (job->mask == NULL && job->cut != NULL && job->error == NULL)
    job->mask = assay_cut_to_mask (job->cut);
  g_atomic_int_set (&job->done, 1);
}

static void
begin (gpointer state)
{
  Grabcut *self = state;
  self->strokes = g_ptr_array_new_with_free_func (stroke_free);
}

static void
reset (Grabcut *self)
{
  g_ptr_array_set_size (self->strokes, 0);
  g_clear_pointer (&self->job, job_unref);
  g_clear_pointer (&self->cut, assay_cut_free);
  g_clear_pointer (&self->mask, assay_mask_free);
  self->phase = IDLE;
  self->stroking = self->accepted = self->fine = FALSE;
  self->version = self->answered = 0;
}

static void
end (gpointer state)
{
  Grabcut *self = state;
  reset (self);
  g_clear_pointer (&self->strokes, g_ptr_array_unref);
  g_clear_pointer (&self->paint, assay_paint_free);
}

static AssayRect
box_of (const Grabcut *self)
{
  double x = MIN (self->corner.x, self->pointer.x), y = MIN (self->corner.y, self->pointer.y);
  return (AssayRect){ x, y, fabs (self->corner.x - self->pointer.x), fabs (self->corner.y - self->pointer.y) };
}

/* Both sides, the later stroke over the earlier. */
static void
draw_strokes (const Grabcut *self, const AssayScene *scene, AssayMask **ret_inside, AssayMask **ret_outside)
{
  g_autoptr (AssayMask) empty = assay_mask_new_empty (scene->picture->width_px, scene->picture->height_px);
  g_autoptr (AssayPaint) inside = assay_paint_new (empty), outside = assay_paint_new (empty);
  for (guint i = 0; i < self->strokes->len; i++)
    {
      const Stroke *stroke = self->strokes->pdata[i];
      for (guint k = 0; k < stroke->points->len; k++)
        {
          AssayPoint b = g_array_index (stroke->points, AssayPoint, k);
          AssayPoint a = g_array_index (stroke->points, AssayPoint, k > 0 ? k - 1 : 0);
          assay_paint_stroke (inside, a, b, stroke->width_px, ASSAY_BRUSH_ROUND, !stroke->outside);
          assay_paint_stroke (outside, a, b, stroke->width_px, ASSAY_BRUSH_ROUND, stroke->outside);
        }
    }
  *ret_inside = assay_paint_to_mask (inside);
  *ret_outside = assay_paint_to_mask (outside);
}

static void
ask (Grabcut *self, const AssayScene *scene, gboolean fine, AssayAnswer *answer)
{
  Job *job = g_new0 (Job, 1);
  job->refs = 2;
  job->fine = fine;
  job->version = self->version;
  job->picture = assay_picture_ref ((AssayPicture *) scene->picture); /* counted, else not changed */
  job->box = box_of (self);
  draw_strokes (self, scene, &job->inside, &job->outside);
  if (fine)
    job->cut = g_steal_pointer (&self->cut);
  g_clear_pointer (&self->job, job_unref);
  self->job = job;
  answer->work = assay_work_new (fine ? "finding the border at full scale" : "cutting out the object", job, run_job,
                                 job_unref);
}

static void
take_mask (Grabcut *self, const AssayScene *scene, AssayMask *take)
{
  assay_mask_free (self->mask);
  self->mask = assay_preview_clean (take, (guint64) assay_options_get_int (scene->options, ASSAY_OPTION_SPECKS));
  assay_preview_show (&self->paint, &self->aim, scene, self->mask);
}

static void
finish (Grabcut *self, const AssayScene *scene, AssayAnswer *answer)
{
  answer->edit = assay_aim_edit (&self->aim, scene, "grabcut", self->mask, answer);
  self->accepted = FALSE;
  if (answer->edit == NULL)
    return; /* the hint says why: strokes may help */
  assay_answer_hint (answer, "done · drag a box round the next one");
  reset (self);
}

static void
take_answer (Grabcut *self, const AssayScene *scene, Job *job, AssayAnswer *answer)
{
  answer->redraw = TRUE;
  self->answered = job->version;
  if (job->mask == NULL)
    {
      if (job->error != NULL)
        assay_answer_hint (answer, "%s", job->error->message);
      self->accepted = FALSE;
      self->fine = self->fine || self->cut == NULL; /* nothing is left to refine: what was there before stays */
      return;
    }
  take_mask (self, scene, g_steal_pointer (&job->mask));
  self->fine = job->fine || !assay_cut_is_reduced (job->cut);
  if (!job->fine)
    {
      g_clear_pointer (&self->cut, assay_cut_free);
      self->cut = g_steal_pointer (&job->cut);
    }
  assay_answer_hint (answer, self->fine
                                 ? "Enter takes it · draw on what is missing · Alt: on what is too much · Esc"
                                 : "finding the border at full scale · strokes correct it");
}

/* Looks at what has come, and asks for what is wanted next. */
static void
go_on (Grabcut *self, const AssayScene *scene, AssayAnswer *answer)
{
  if (self->job != NULL && g_atomic_int_get (&self->job->done))
    {
      take_answer (self, scene, self->job, answer);
      g_clear_pointer (&self->job, job_unref);
    }
  /* What is reckoned from old strokes is worth waiting for while one draws, and its border at full scale never is.
   */
  gboolean stale = self->answered != self->version;
  if (self->phase != BOXED || (self->job != NULL && !(stale && self->job->fine)))
    return;
  if (stale)
    ask (self, scene, FALSE, answer);
  else if (self->mask != NULL && !self->fine && self->cut != NULL && !self->stroking)
    ask (self, scene, TRUE, answer);
  else if (self->mask != NULL && self->fine && self->accepted)
    finish (self, scene, answer);
}

static void
begin_stroke (Grabcut *self, const AssayInput *input, AssayAnswer *answer)
{
  Stroke *stroke = g_new0 (Stroke, 1);
  stroke->outside = input->button == 3 || (input->flags & (ASSAY_INPUT_ALT | ASSAY_INPUT_ERASER)) != 0;
  stroke->width_px = STROKE_PX / input->px_per_unit;
  stroke->points = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  g_array_append_val (stroke->points, input->at);
  g_ptr_array_add (self->strokes, stroke);
  self->stroking = TRUE;
  self->version++;
  answer->redraw = TRUE;
}

static void
press (Grabcut *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  answer->used = TRUE;
  if (self->phase == BOXED)
    begin_stroke (self, input, answer);
  else if (assay_aim_take (&self->aim, scene, input, ASSAY_AIM_OUTLINE, answer))
    {
      self->phase = BOXING;
      self->corner = self->pointer = input->at;
    }
}

static void
drag (Grabcut *self, const AssayInput *input, AssayAnswer *answer)
{
  answer->used = answer->redraw = TRUE;
  if (self->phase == BOXING)
    self->pointer = input->at;
  else if (self->stroking)
    {
      const Stroke *stroke = self->strokes->pdata[self->strokes->len - 1];
      g_array_append_val (stroke->points, input->at);
      self->version++;
    }
}

static void
release (Grabcut *self, const AssayInput *input, AssayAnswer *answer)
{
  answer->used = answer->redraw = TRUE;
  self->stroking = FALSE;
  if (self->phase != BOXING)
    return;
  self->pointer = input->at;
  AssayRect box = box_of (self);
  if (box.w * input->px_per_unit < LEAST_BOX_PX || box.h * input->px_per_unit < LEAST_BOX_PX)
    {
      reset (self);
      assay_answer_hint (answer, "drag a box round the whole object, close to it");
      return;
    }
  self->phase = BOXED;
  self->version++;
}

static void
take_back (Grabcut *self, AssayAnswer *answer)
{
  answer->used = TRUE;
  if (self->strokes->len == 0 || self->stroking)
    return;
  g_ptr_array_set_size (self->strokes, (int) self->strokes->len - 1);
  self->version++;
  answer->redraw = TRUE;
}

static void
input (gpointer state, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  Grabcut *self = state;
  if (scene->picture == NULL)
    return;
  if (input->kind == ASSAY_INPUT_PRESS && (input->button == 1 || input->button == 3))
    press (self, scene, input, answer);
  else if (self->phase == IDLE)
    {
      if (input->kind == ASSAY_INPUT_CANCEL)
        assay_aim_let_go (scene, answer);
      return;
    }
  else if (input->kind == ASSAY_INPUT_CANCEL)
    {
      reset (self);
      answer->used = answer->redraw = TRUE;
      return;
    }
  else if (input->kind == ASSAY_INPUT_MOVE && input->button != 0)
    drag (self, input, answer);
  else if (input->kind == ASSAY_INPUT_RELEASE)
    release (self, input, answer);
  else if (assay_input_is_key (input, "BackSpace"))
    take_back (self, answer);
  else if (assay_input_is_key (input, "Enter") && self->phase == BOXED)
    self->accepted = answer->used = TRUE;
  go_on (self, scene, answer);
}

static gboolean
live (gpointer state, const AssayScene *scene, AssayLive *ret_live)
{
  const Grabcut *self = state;
  return self->mask != NULL && assay_preview_get_live (self->paint, &self->aim, scene, ret_live);
}

static void
marks (gconstpointer state, const AssayScene *scene, AssayMarks *marks)
{
  const Grabcut *self = state;
  guint32 colour = assay_aim_colour (&self->aim, scene);
  if (self->phase == IDLE)
    return;
  const AssayPoint corners[2] = { self->corner, self->pointer };
  assay_marks_add_points (marks, ASSAY_MARK_BOX, ASSAY_MARK_DASHED, colour, corners, 2, NULL);
  for (guint i = 0; i < self->strokes->len; i++)
    {
      const Stroke *stroke = self->strokes->pdata[i];
      gboolean dab = stroke->points->len == 1;
      assay_marks_add_points (marks, dab ? ASSAY_MARK_POINT : ASSAY_MARK_LINE,
                              stroke->outside ? ASSAY_MARK_DASHED : 0, stroke->outside ? OUTSIDE_COLOUR : colour,
                              (const AssayPoint *) (gpointer) stroke->points->data, stroke->points->len, NULL);
    }
}

static const char *const kinds[] = { "segmentation", NULL };
static const AssayOption options[] = { ASSAY_SPECKS_OPTION, ASSAY_NEIGHBOURS_OPTION, { NULL } };

const AssayTool assay_tool_grabcut = {
  .id = "grabcut",
  .title = "GrabCut",
  .key = "g",
  .icon = "assay-grabcut-symbolic",
  .help = "drag a box round the object; strokes say what belongs to it, with Alt what does not; Enter takes it",
  .kinds = kinds,
  .options = options,
  .state_size = sizeof (Grabcut),
  .begin = begin,
  .input = input,
  .marks = marks,
  .live = live,
  .end = end,
};
