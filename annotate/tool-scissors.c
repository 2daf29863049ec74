/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intelligent scissors: clicks along a border, and the way from one to the next finds the border by itself. What is
 * closed keeps its corners, so that the polygon tool can move them; pixels that neighbours keep for themselves, or
 * a part added to or taken from an object, leave pixels alone (annotate/pixels.h). */
#include "annotate/aim.h"
#include "core/region.h"
#include "vision/wire.h"

#define SIMPLE_CELLS 0.6 /* how far the corners may leave the path */
#define MAX_STEP_PX 32

/* One reckoning. Shared by the tool and the thread, which writes `wire` and `error`, then `done`. */
typedef struct
{
  gint refs, done;
  AssayPicture *picture;
  AssayPoint from, also;
  gboolean has_also;
  guint step_px;
  AssayWire *wire;
  GError *error;
} Job;

typedef struct
{
  AssayAim aim;
  GArray *anchors; /* of AssayPoint; empty = idle */
  GPtrArray *ways; /* of GArray of AssayPoint: from each anchor to the next */
  GArray *clicks;  /* of AssayPoint: made before the wire was there */
  gboolean closing, hovering;
  AssayPoint pointer;
  double px_per_unit;
  guint step_px;
  Job *job;        /* (nullable) under way, or done and not looked at */
  AssayWire *wire; /* (nullable) from the last anchor */
  gboolean wide;   /* it was made to reach the first one */
  gboolean failed; /* there is none, and none is asked for before the next press or key */
} Scissors;

static void
job_unref (gpointer data)
{
  Job *job = data;
  if (job == NULL || !g_atomic_int_dec_and_test (&job->refs))
    return;
  g_clear_pointer (&job->wire, assay_wire_free);
  g_clear_error (&job->error);
  assay_picture_unref (job->picture);
  g_free (job);
}

static void
run_job (gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  job->wire = assay_vision_wire (job->picture, job->from, job->has_also ? &job->also : NULL, job->step_px,
                                 cancellable, &job->error);
  g_atomic_int_set (&job->done, 1);
}

static void
free_way (gpointer data)
{
  g_array_unref (data);
}

static void
begin (gpointer state)
{
  Scissors *self = state;
  self->anchors = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  self->clicks = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  self->ways = g_ptr_array_new_with_free_func (free_way);
}

static void
drop_wire (Scissors *self)
{
  g_clear_pointer (&self->job, job_unref);
  g_clear_pointer (&self->wire, assay_wire_free);
  self->wide = FALSE;
}

static void
reset (Scissors *self)
{
  drop_wire (self);
  g_array_set_size (self->anchors, 0);
  g_array_set_size (self->clicks, 0);
  g_ptr_array_set_size (self->ways, 0);
  self->closing = self->failed = FALSE;
}

static void
end (gpointer state)
{
  Scissors *self = state;
  reset (self);
  g_clear_pointer (&self->anchors, g_array_unref);
  g_clear_pointer (&self->clicks, g_array_unref);
  g_clear_pointer (&self->ways, g_ptr_array_unref);
}

static AssayPoint *
anchor (const Scissors *self, guint i)
{
  return &g_array_index (self->anchors, AssayPoint, i);
}

static void
ask (Scissors *self, const AssayScene *scene, gboolean wide, AssayAnswer *answer)
{
  Job *job = g_new0 (Job, 1);
  drop_wire (self);
  job->refs = 2;
  job->picture = assay_picture_ref ((AssayPicture *) scene->picture); /* counted, else not changed */
  job->from = *anchor (self, self->anchors->len - 1);
  job->also = *anchor (self, 0);
  job->has_also = wide;
  job->step_px = self->step_px;
  self->job = job;
  self->wide = wide;
  answer->work = assay_work_new ("following the border", job, run_job, job_unref);
}

/* All points there are, the closing way with them. */
static AssayRing *
take_ring (Scissors *self)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  for (guint i = 0; i < self->ways->len; i++)
    {
      const GArray *way = self->ways->pdata[i];
      g_array_append_vals (points, way->data, way->len);
    }
  g_autoptr (GArray) corners = assay_vision_simplify_ring (points, SIMPLE_CELLS * self->step_px);
  return assay_ring_new ((const AssayPoint *) (gpointer) corners->data, corners->len, FALSE);
}

/* A new object that got all the ring's pixels has the ring too. */
static void
keep_ring (AssayEdit *edit, const AssayMask *mask, AssayRing *take_ring)
{
  g_autoptr (AssayRing) ring = take_ring;
  for (guint i = 0; i < edit->changes->len; i++)
    {
      const AssayChange *change = edit->changes->pdata[i];
      AssayRegion *region = change->before == NULL && change->after != NULL ? change->after->value : NULL;
      if (ring == NULL || region == NULL || !assay_mask_equal (region->mask, mask))
        continue;
      region->rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
      g_ptr_array_add (region->rings, g_steal_pointer (&ring));
    }
}

static void
finish (Scissors *self, const AssayScene *scene, AssayAnswer *answer)
{
  AssayRing *ring = take_ring (self);
  g_autoptr (AssayMask) mask = assay_mask_new_from_ring (ring, scene->picture->width_px, scene->picture->height_px);
  answer->edit = assay_aim_edit (&self->aim, scene, "scissors", mask, answer);
  answer->redraw = TRUE;
  if (answer->edit != NULL)
    {
      keep_ring (answer->edit, mask, g_steal_pointer (&ring));
      assay_answer_hint (answer, "done · P moves its points");
    }
  assay_ring_free (ring);
  reset (self);
}

/* To the next click, or to the beginning. */
static void
add_way (Scissors *self, AssayPoint to)
{
  g_ptr_array_add (self->ways, assay_wire_list_path (self->wire, to));
}

static void
take_wire (Scissors *self, AssayAnswer *answer)
{
  if (self->job == NULL || !g_atomic_int_get (&self->job->done))
    return;
  answer->redraw = TRUE;
  self->wire = g_steal_pointer (&self->job->wire);
  if (self->wire == NULL)
    {
      if (self->job->error != NULL)
        assay_answer_hint (answer, "%s", self->job->error->message);
      g_array_set_size (self->clicks, 0);
      self->closing = FALSE;
      self->failed = TRUE;
    }
  g_clear_pointer (&self->job, job_unref);
  /* The first one was put where it was clicked: nothing was known yet. */
  if (self->wire != NULL && self->anchors->len == 1)
    *anchor (self, 0) = assay_wire_get_source (self->wire);
}

static void
go_on (Scissors *self, const AssayScene *scene, AssayAnswer *answer)
{
  take_wire (self, answer);
  if (self->wire == NULL)
    {
      if (self->job == NULL && !self->failed)
        ask (self, scene, FALSE, answer);
      return;
    }
  if (self->clicks->len > 0)
    {
      AssayPoint at = assay_wire_snap (self->wire, g_array_index (self->clicks, AssayPoint, 0));
      g_array_remove_index (self->clicks, 0);
      add_way (self, at);
      g_array_append_val (self->anchors, at);
      answer->redraw = TRUE;
      ask (self, scene, FALSE, answer);
    }
  else if (self->closing && !self->wide && !assay_wire_has (self->wire, *anchor (self, 0)))
    ask (self, scene, TRUE, answer);
  else if (self->closing)
    {
      add_way (self, *anchor (self, 0));
      finish (self, scene, answer);
    }
}

static void
close_ring (Scissors *self, AssayAnswer *answer)
{
  answer->used = TRUE;
  self->closing = self->anchors->len + self->clicks->len >= 2;
  if (!self->closing)
    assay_answer_hint (answer, "click on along the border first: two points or more, then Enter");
}

static void
press (Scissors *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  AssayPoint at = { CLAMP (input->at.x, 0, scene->picture->width_px - 0.5),
                    CLAMP (input->at.y, 0, scene->picture->height_px - 0.5) };
  answer->used = answer->redraw = TRUE;
  if (self->anchors->len == 0)
    {
      if (!assay_aim_take (&self->aim, scene, input, ASSAY_AIM_OUTLINE, answer))
        return;
      self->step_px = 1;
      while (self->step_px < MAX_STEP_PX && self->step_px * 2 * input->px_per_unit <= 1)
        self->step_px *= 2;
      g_array_append_val (self->anchors, at);
    }
  else if ((input->flags & ASSAY_INPUT_DOUBLE) != 0
           || (self->anchors->len + self->clicks->len >= 2
               && assay_input_distance (input, *anchor (self, 0)) <= ASSAY_TOOL_REACH_PX))
    close_ring (self, answer);
  else if (!self->closing)
    g_array_append_val (self->clicks, at);
  if (!self->closing)
    assay_answer_hint (answer,
                       "click along the border · Enter or the first point closes · Backspace takes one back");
}

static void
take_back (Scissors *self, AssayAnswer *answer)
{
  answer->used = answer->redraw = TRUE;
  self->closing = FALSE;
  if (self->clicks->len > 0)
    {
      g_array_set_size (self->clicks, self->clicks->len - 1);
      return;
    }
  drop_wire (self);
  g_array_set_size (self->anchors, self->anchors->len - 1);
  if (self->ways->len > 0)
    g_ptr_array_set_size (self->ways, (int) self->ways->len - 1);
}

static void
input (gpointer state, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  Scissors *self = state;
  if (scene->picture == NULL)
    return;
  if (input->kind == ASSAY_INPUT_PRESS && (input->button == 1 || input->button == 3))
    press (self, scene, input, answer);
  else if (self->anchors->len == 0)
    {
      if (input->kind == ASSAY_INPUT_CANCEL)
        assay_aim_let_go (scene, answer);
      return;
    }
  else if (input->kind == ASSAY_INPUT_CANCEL)
    {
      reset (self);
      answer->used = answer->redraw = TRUE;
    }
  else if (input->kind == ASSAY_INPUT_MOVE)
    answer->redraw = TRUE;
  else if (assay_input_is_key (input, "BackSpace"))
    take_back (self, answer);
  else if (assay_input_is_key (input, "Enter"))
    close_ring (self, answer);
  else if (input->kind == ASSAY_INPUT_RELEASE)
    answer->used = TRUE;
  if (input->kind == ASSAY_INPUT_PRESS || input->kind == ASSAY_INPUT_MOVE)
    self->pointer = input->at;
  if (input->kind == ASSAY_INPUT_PRESS || input->kind == ASSAY_INPUT_KEY)
    self->failed = FALSE;
  if (self->anchors->len > 0)
    go_on (self, scene, answer);
}

static void
add_line (AssayMarks *marks, guint32 colour, const GArray *points, AssayMarkFlags flags)
{
  assay_marks_add_points (marks, ASSAY_MARK_LINE, flags, colour, (const AssayPoint *) (gconstpointer) points->data,
                          points->len, NULL);
}

static void
marks (gconstpointer state, const AssayScene *scene, AssayMarks *marks)
{
  const Scissors *self = state;
  guint32 colour = assay_aim_colour (&self->aim, scene);
  if (self->anchors->len == 0)
    return;
  for (guint i = 0; i < self->ways->len; i++)
    add_line (marks, colour, self->ways->pdata[i], ASSAY_MARK_SELECTED);
  if (self->wire != NULL && !self->closing)
    {
      g_autoptr (GArray) way = assay_wire_list_path (self->wire, assay_wire_snap (self->wire, self->pointer));
      add_line (marks, colour, way, ASSAY_MARK_DASHED);
    }
  for (guint i = 0; i < self->anchors->len; i++)
    assay_marks_add_points (marks, ASSAY_MARK_POINT, ASSAY_MARK_HANDLE, colour, anchor (self, i), 1, NULL);
}

static const char *const kinds[] = { "segmentation", NULL };
static const AssayOption options[] = { ASSAY_NEIGHBOURS_OPTION, { NULL } };

const AssayTool assay_tool_scissors = {
  .id = "scissors",
  .title = "Intelligent scissors",
  .key = "x",
  .icon = "assay-scissors-symbolic",
  .help = "click along a border, the line finds it; Enter closes · Shift adds to the object · Alt takes away",
  .kinds = kinds,
  .options = options,
  .state_size = sizeof (Scissors),
  .begin = begin,
  .input = input,
  .marks = marks,
  .end = end,
};
