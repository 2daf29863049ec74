/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A brush that paints whole superpixels. The picture is cut into them tile by tile, off the main thread, where the
 * pointer comes; a stroke that is faster waits for its tiles, and nothing of it is lost. A patch ends where its
 * tile does. */
#include "annotate/underway.h"
#include "vision/superpixel.h"

#include <math.h>

#define SIZE "superpixel-px"
#define TILE_PX 512    /* at least */
#define TILE_PATCHES 4 /* across a tile, at least */
#define MOST_TILES 24

typedef struct
{
  guint column, row;
  AssaySuperpixels *superpixels; /* NULL: could not be made */
} Tile;

/* One tile being made. Shared by the tool and the thread, which writes `superpixels`, then `done`. */
typedef struct
{
  gint refs, done;
  guint column, row, size_px;
  AssayPicture *picture;
  AssayRect window;
  AssaySuperpixels *superpixels;
} Job;

typedef struct
{
  GPtrArray *tiles; /* of Tile, the last used last; of patches of `size_px` */
  guint size_px;
  Job *job; /* (nullable) under way, or done and not looked at */
  AssayPoint pointer;
  gboolean hovering;
  GPtrArray *outlines; /* (nullable) of the patch under the pointer */
  const Tile *outlined;
  int outlined_patch;
  gboolean painting, released;
  AssayAim aim;
  GArray *path; /* of AssayPoint: the stroke, up to where it is painted left out */
  AssayUnderway underway;
  GArray *waiting; /* of AssayInput: strokes that were begun while the one before waits for its tiles */
  double notches;  /* of the wheel, less than one */
} Superpixel;

static void
tile_free (gpointer data)
{
  Tile *tile = data;
  g_clear_pointer (&tile->superpixels, assay_superpixels_free);
  g_free (tile);
}

static void
job_unref (gpointer data)
{
  Job *job = data;
  if (job == NULL || !g_atomic_int_dec_and_test (&job->refs))
    return;
  g_clear_pointer (&job->superpixels, assay_superpixels_free);
  assay_picture_unref (job->picture);
  g_free (job);
}

static void
run_job (gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  job->superpixels = assay_vision_superpixels (job->picture, job->window, job->size_px, cancellable, NULL);
  g_atomic_int_set (&job->done, 1);
}

static void
begin (gpointer state)
{
  Superpixel *self = state;
  self->tiles = g_ptr_array_new_with_free_func (tile_free);
  self->path = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  self->waiting = g_array_new (FALSE, FALSE, sizeof (AssayInput));
}

static void
stop (Superpixel *self)
{
  self->painting = FALSE;
  g_array_set_size (self->path, 0);
  assay_underway_clear (&self->underway);
}

static void
forget_tiles (Superpixel *self)
{
  g_clear_pointer (&self->job, job_unref);
  g_clear_pointer (&self->outlines, g_ptr_array_unref);
  self->outlined = NULL;
  g_ptr_array_set_size (self->tiles, 0);
}

static void
end (gpointer state)
{
  Superpixel *self = state;
  stop (self);
  forget_tiles (self);
  g_clear_pointer (&self->tiles, g_ptr_array_unref);
  g_clear_pointer (&self->path, g_array_unref);
  g_clear_pointer (&self->waiting, g_array_unref);
}

static gboolean
is_in (const AssayScene *scene, AssayPoint p)
{
  return p.x >= 0 && p.y >= 0 && p.x < scene->picture->width_px && p.y < scene->picture->height_px;
}

static guint
tile_px (const Superpixel *self)
{
  return MAX (TILE_PX, TILE_PATCHES * self->size_px);
}

/* The tile of a point of the picture; NULL when it is not made yet, and then it is asked for. */
static const Tile *
find_tile (Superpixel *self, const AssayScene *scene, AssayPoint at, AssayAnswer *answer)
{
  guint column = (guint) at.x / tile_px (self), row = (guint) at.y / tile_px (self);
  for (guint i = self->tiles->len; i-- > 0;)
    {
      Tile *tile = self->tiles->pdata[i];
      if (tile->column != column || tile->row != row)
        continue;
      g_ptr_array_add (self->tiles, g_ptr_array_steal_index (self->tiles, i));
      return tile;
    }
  if (self->job != NULL)
    return NULL;
  Job *job = g_new0 (Job, 1);
  double side = tile_px (self);
  job->refs = 2;
  job->column = column;
  job->row = row;
  job->size_px = self->size_px;
  job->window = (AssayRect){ column * side, row * side, side, side };
  job->picture = assay_picture_ref ((AssayPicture *) scene->picture); /* counted, else not changed */
  self->job = job;
  answer->work = assay_work_new ("cutting into superpixels", job, run_job, job_unref);
  return NULL;
}

static void
take_tile (Superpixel *self, AssayAnswer *answer)
{
  if (self->job == NULL || !g_atomic_int_get (&self->job->done))
    return;
  Tile *tile = g_new0 (Tile, 1);
  *tile = (Tile){ self->job->column, self->job->row, g_steal_pointer (&self->job->superpixels) };
  g_clear_pointer (&self->job, job_unref);
  g_ptr_array_add (self->tiles, tile);
  if (self->tiles->len > MOST_TILES)
    {
      if (self->outlined == self->tiles->pdata[0])
        {
          g_clear_pointer (&self->outlines, g_ptr_array_unref);
          self->outlined = NULL;
        }
      g_ptr_array_remove_index (self->tiles, 0);
    }
  answer->redraw = TRUE;
}

/* FALSE: its tile is not there yet. */
static gboolean
paint_at (Superpixel *self, const AssayScene *scene, AssayPoint at, AssayAnswer *answer)
{
  if (!is_in (scene, at))
    return TRUE;
  if (assay_paint_contains (self->underway.touched, (int) at.x, (int) at.y))
    return TRUE;
  const Tile *tile = find_tile (self, scene, at, answer);
  int patch = tile != NULL && tile->superpixels != NULL ? assay_superpixels_find (tile->superpixels, at) : -1;
  if (patch < 0)
    return tile != NULL;
  assay_superpixels_paint (tile->superpixels, patch, self->underway.touched, TRUE);
  assay_superpixels_paint (tile->superpixels, patch, self->underway.live, self->aim.mode == ASSAY_PIXELS_ADD);
  answer->redraw = TRUE;
  return TRUE;
}

/* Goes along the path, pixel by pixel, as far as there are tiles. TRUE: to its end. */
static gboolean
paint_path (Superpixel *self, const AssayScene *scene, AssayAnswer *answer)
{
  guint i = 0;
  AssayPoint at = g_array_index (self->path, AssayPoint, 0);
  gboolean whole = paint_at (self, scene, at, answer);
  while (whole && i + 1 < self->path->len)
    {
      AssayPoint a = at, b = g_array_index (self->path, AssayPoint, i + 1);
      double length = hypot (b.x - a.x, b.y - a.y);
      for (double way = 0; whole && way < length; way++)
        {
          at = (AssayPoint){ a.x + (b.x - a.x) * way / length, a.y + (b.y - a.y) * way / length };
          whole = paint_at (self, scene, at, answer);
        }
      if (!whole)
        break;
      at = b;
      whole = paint_at (self, scene, at, answer);
      i++;
    }
  if (i > 0)
    g_array_remove_range (self->path, 0, i);
  g_array_index (self->path, AssayPoint, 0) = at;
  return whole;
}

static void
finish (Superpixel *self, const AssayScene *scene, AssayAnswer *answer)
{
  g_autoptr (AssayMask) mask = assay_paint_to_mask (self->underway.touched);
  g_autofree char *verb = g_strdup_printf ("superpixels %u px", self->size_px);
  if (assay_mask_area_px (mask) > 0)
    answer->edit = assay_aim_edit (&self->aim, scene, verb, mask, answer);
  answer->redraw = TRUE;
  stop (self);
}

static void
outline (Superpixel *self, const AssayScene *scene, AssayAnswer *answer)
{
  const Tile *tile
      = self->hovering && is_in (scene, self->pointer) ? find_tile (self, scene, self->pointer, answer) : NULL;
  int patch
      = tile != NULL && tile->superpixels != NULL ? assay_superpixels_find (tile->superpixels, self->pointer) : -1;
  if (patch >= 0 && tile == self->outlined && patch == self->outlined_patch)
    return;
  answer->redraw = answer->redraw || self->outlines != NULL || patch >= 0;
  g_clear_pointer (&self->outlines, g_ptr_array_unref);
  self->outlined = NULL;
  if (patch < 0)
    return;
  self->outlined = tile;
  self->outlined_patch = patch;
  self->outlines = assay_superpixels_list_outlines (tile->superpixels, patch);
}

static void
begin_stroke (Superpixel *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  if (!assay_aim_take (&self->aim, scene, input, ASSAY_AIM_STROKE, answer))
    return;
  assay_underway_begin (&self->underway, &self->aim, scene);
  self->painting = answer->redraw = TRUE;
  self->released = FALSE;
  g_array_append_val (self->path, input->at);
}

static void
stroke (Superpixel *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  if (input->kind == ASSAY_INPUT_PRESS)
    begin_stroke (self, scene, input, answer);
  else if (self->painting && input->kind == ASSAY_INPUT_MOVE)
    g_array_append_val (self->path, input->at);
  else if (self->painting && input->kind == ASSAY_INPUT_RELEASE)
    self->released = TRUE;
}

/* Of a gesture: it begins a stroke, goes on with one, or waits for the one before. */
static void
gesture (Superpixel *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  gboolean press = input->kind == ASSAY_INPUT_PRESS;
  if (press && self->painting)
    self->released = TRUE; /* its release may have gone elsewhere */
  answer->used = press || self->painting;
  if (self->waiting->len > 0 || (press && self->painting))
    g_array_append_val (self->waiting, *input);
  else if (!self->released || press)
    stroke (self, scene, input, answer);
}

/* The next one of those that wait, up to where it was let go; it sees what the one before has become. */
static void
take_waiting (Superpixel *self, const AssayScene *scene, AssayAnswer *answer)
{
  guint n = 0;
  for (; n < self->waiting->len && !(self->painting && self->released); n++)
    {
      const AssayInput *input = &g_array_index (self->waiting, AssayInput, n);
      if (self->painting && input->kind == ASSAY_INPUT_PRESS)
        {
          self->released = TRUE;
          break;
        }
      stroke (self, scene, input, answer);
    }
  g_array_remove_range (self->waiting, 0, n);
}

static void
do_nothing (gpointer data, GCancellable *cancellable)
{
}

static void
go_on (Superpixel *self, const AssayScene *scene, AssayAnswer *answer)
{
  take_tile (self, answer);
  if (!self->painting)
    take_waiting (self, scene, answer);
  if (self->painting && paint_path (self, scene, answer) && self->released)
    finish (self, scene, answer);
  outline (self, scene, answer);
  /* One edit an answer: what waits goes on when this one is done with, even if nobody moves. */
  if (!self->painting && self->waiting->len > 0 && self->job == NULL)
    answer->work = assay_work_new ("painting on", NULL, do_nothing, NULL);
}

static void
resize (const AssayScene *scene, int notches, AssayAnswer *answer)
{
  answer->used = TRUE;
  if (notches == 0)
    return;
  double size = (double) assay_options_get_int (scene->options, SIZE), to = size * pow (1.25, notches);
  to = CLAMP (round (to), ASSAY_SUPERPIXEL_LEAST_PX, ASSAY_SUPERPIXEL_MOST_PX);
  assay_answer_set_option (answer, SIZE, "%.0f", to);
  assay_answer_hint (answer, "superpixels of about %.0f px", to);
}

static void
input (gpointer state, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  Superpixel *self = state;
  if (scene->picture == NULL)
    return;
  guint size_px = (guint) assay_options_get_int (scene->options, SIZE);
  if (size_px != self->size_px && !self->painting && self->waiting->len == 0)
    {
      forget_tiles (self);
      self->size_px = size_px;
    }
  if (input->kind == ASSAY_INPUT_PRESS || input->kind == ASSAY_INPUT_MOVE)
    {
      self->pointer = input->at;
      self->hovering = TRUE;
    }
  if ((input->kind == ASSAY_INPUT_PRESS && (input->button == 1 || input->button == 3))
      || (input->kind == ASSAY_INPUT_MOVE && input->button != 0) || input->kind == ASSAY_INPUT_RELEASE)
    gesture (self, scene, input, answer);
  else if (input->kind == ASSAY_INPUT_CANCEL && (self->painting || self->waiting->len > 0))
    {
      stop (self);
      g_array_set_size (self->waiting, 0);
      answer->used = answer->redraw = TRUE;
    }
  else if (input->kind == ASSAY_INPUT_CANCEL)
    assay_aim_let_go (scene, answer);
  else if (input->kind == ASSAY_INPUT_SCROLL && !self->painting)
    resize (scene, assay_input_take_notches (input, &self->notches), answer);
  else if (assay_input_is_key (input, "bracketleft") || assay_input_is_key (input, "bracketright"))
    resize (scene, g_str_equal (input->key, "bracketleft") ? -1 : 1, answer);
  go_on (self, scene, answer);
}

static gboolean
live (gpointer state, const AssayScene *scene, AssayLive *ret_live)
{
  return assay_underway_get_live (&((const Superpixel *) state)->underway, ret_live);
}

static void
marks (gconstpointer state, const AssayScene *scene, AssayMarks *marks)
{
  const Superpixel *self = state;
  guint32 colour
      = self->painting ? assay_aim_colour (&self->aim, scene) : assay_scene_colour (scene, &scene->current_class);
  for (guint i = 0; self->outlines != NULL && i < self->outlines->len; i++)
    {
      const GArray *ring = self->outlines->pdata[i];
      assay_marks_add_points (marks, ASSAY_MARK_RING, 0, colour, (const AssayPoint *) (gconstpointer) ring->data,
                              ring->len, NULL);
    }
}

static const char *const kinds[] = { "segmentation", NULL };
static const AssayOption options[] = {
  { .name = SIZE,
    .type = ASSAY_OPTION_INT,
    .default_text = "24",
    .minimum = ASSAY_SUPERPIXEL_LEAST_PX,
    .maximum = ASSAY_SUPERPIXEL_MOST_PX,
    .title = "Size",
    .unit = "px",
    .help = "how wide a superpixel is, about, in the picture's pixels ([ and ], or Shift and the wheel)" },
  ASSAY_NEIGHBOURS_OPTION,
  { NULL },
};

const AssayTool assay_tool_superpixel = {
  .id = "superpixel",
  .title = "Superpixel brush",
  .key = "u",
  .icon = "assay-superpixel-symbolic",
  .help = "paints whole patches that keep to borders · Alt or the right button takes away · [ ] size",
  .kinds = kinds,
  .options = options,
  .state_size = sizeof (Superpixel),
  .begin = begin,
  .input = input,
  .marks = marks,
  .live = live,
  .end = end,
};
