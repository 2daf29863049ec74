/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a known rigid body stands, from corners of its model clicked in the picture. The fourth pair gives a pose
 * and makes the object; each later pair, or one dragged, solves again and is an edit of its own. */
#include "annotate/tool-pose.h"

#include "annotate/model-lines.h"
#include "vision/vision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  AssayId target;          /* the object that the pairs belong to; nil = under way */
  GArray *pairs;           /* of AssayPosePair */
  guint wanted;            /* index into corners: what the next click places */
  const AssayModel *model; /* borrowed: what lines and corners were made from */
  GArray *edges, *lines, *corners;
  AssayPoint pointer;
  double px_per_unit;
  int dragged; /* pair; -1 = none */
  gboolean moved;
  gboolean blank; /* Tab: the outline is hidden, so that the picture under it can be seen */
} Posing;

static void
begin (gpointer state)
{
  Posing *self = state;
  self->pairs = g_array_new (FALSE, FALSE, sizeof (AssayPosePair));
  self->dragged = -1;
}

static void
end (gpointer state)
{
  Posing *self = state;
  g_clear_pointer (&self->pairs, g_array_unref);
  g_clear_pointer (&self->edges, g_array_unref);
  g_clear_pointer (&self->lines, g_array_unref);
  g_clear_pointer (&self->corners, g_array_unref);
}

static AssayPosePair *
pair_at (const Posing *self, guint i)
{
  return &g_array_index (self->pairs, AssayPosePair, i);
}

static AssayPoint3
corner_at (const Posing *self, guint i)
{
  return self->model->vertices_m[g_array_index (self->corners, guint, i)];
}

static int
find_pair_of (const Posing *self, AssayPoint3 corner)
{
  for (guint i = 0; i < self->pairs->len; i++)
    if (memcmp (&pair_at (self, i)->model_m, &corner, sizeof corner) == 0)
      return (int) i;
  return -1;
}

/* Keeps the state in step with the scene: another selection or model means other pairs. */
static void
follow (Posing *self, const AssayScene *scene)
{
  if (self->model != scene->model)
    {
      self->model = scene->model;
      g_clear_pointer (&self->edges, g_array_unref);
      g_clear_pointer (&self->lines, g_array_unref);
      g_clear_pointer (&self->corners, g_array_unref);
      self->wanted = 0;
    }
  if (self->model != NULL && self->lines == NULL)
    {
      self->edges = assay_model_list_edges (self->model, ASSAY_MODEL_ANGLE_DEG);
      self->lines = assay_model_list_lines (self->model, ASSAY_MODEL_ANGLE_DEG);
      self->corners = assay_model_list_corners (self->model, self->lines);
    }
  if (self->dragged >= 0)
    return;
  const AssayObject *object = assay_scene_get_selected (scene);
  AssayId selected = object != NULL ? object->id : ASSAY_ID_NIL;
  gboolean under_way = assay_id_is_nil (&self->target);
  if (object == NULL && under_way)
    return;
  g_array_set_size (self->pairs, 0);
  self->target = selected;
  const AssayPosed *posed = object != NULL ? object->value : NULL;
  if (posed != NULL && posed->n_pairs > 0)
    g_array_append_vals (self->pairs, posed->pairs, posed->n_pairs);
}

/* The next corner that has no place yet, from the wanted one on. */
static void
advance (Posing *self, int step)
{
  guint n = self->corners->len;
  for (guint i = 1; i <= n; i++)
    {
      guint at = (self->wanted + (step > 0 ? i : n * i - i)) % n;
      if (find_pair_of (self, corner_at (self, at)) >= 0)
        continue;
      self->wanted = at;
      return;
    }
}

static void
hint_pair (const Posing *self, AssayAnswer *answer)
{
  char corner[96];
  AssayPoint3 c = corner_at (self, self->wanted);
  g_snprintf (corner, sizeof corner, "corner %u (%.1f, %.1f, %.1f cm)", self->wanted + 1, c.x * 100, c.y * 100,
              c.z * 100);
  if (self->pairs->len < 4)
    assay_answer_hint (answer, "click %s · T another corner · %u of 4", corner, self->pairs->len);
}

/* Solves the pairs as they stand into the object (made at the fourth). */
static void
solve (Posing *self, const AssayScene *scene, AssayAnswer *answer)
{
  guint n = self->pairs->len;
  g_autofree AssayPoint3 *model_m = g_new (AssayPoint3, n + 1);
  g_autofree AssayPoint *image_px = g_new (AssayPoint, n + 1);
  g_autofree double *residual_px = g_new0 (double, n + 1);
  g_autoptr (GError) error = NULL;
  AssayPose pose = { 0 };
  double rms_px = 0;
  for (guint i = 0; i < n; i++)
    {
      model_m[i] = pair_at (self, i)->model_m;
      image_px[i] = pair_at (self, i)->image_px;
    }
  if (!assay_vision_solve_pose (model_m, image_px, n, &scene->camera, &pose, &rms_px, residual_px, &error))
    {
      assay_answer_hint (answer, "no pose fits these points: drag one, or Delete the one under the pointer (%s)",
                         error->message);
      return;
    }
  const AssayKind *kind = scene->task->kind;
  const AssayObject *before = assay_scene_get_selected (scene);
  AssayPosed *posed
      = assay_posed_new (&pose, &scene->camera, (const AssayPosePair *) (gpointer) self->pairs->data, n, rms_px);
  g_autofree char *name
      = assay_scene_edit_name (scene, "pose", before != NULL ? &before->class_id : &scene->current_class);
  answer->edit = assay_edit_new (kind, name);
  if (before == NULL)
    {
      AssayObject *made = assay_object_new (&scene->current_class, posed);
      self->target = made->id;
      assay_answer_select (answer, made->id);
      assay_edit_take (answer->edit, NULL, made);
    }
  else
    {
      AssayObject *after = assay_object_copy (before, kind);
      kind->free (after->value);
      after->value = posed;
      assay_edit_take (answer->edit, assay_object_copy (before, kind), after);
    }
  guint worst = 0;
  for (guint i = 1; i < n; i++)
    if (residual_px[i] > residual_px[worst])
      worst = i;
  assay_answer_hint (
      answer,
      "%u points, residual %.1f px, worst %.1f px · drag to correct · Tab hides the outline · Enter finishes", n,
      rms_px, residual_px[worst]);
}

static int
find_pair_near (const Posing *self, AssayPoint at, double px_per_unit)
{
  AssayInput input = { .at = at, .px_per_unit = px_per_unit };
  int found = -1;
  double best = ASSAY_TOOL_REACH_PX;
  for (guint i = 0; i < self->pairs->len; i++)
    {
      double distance = assay_input_distance (&input, pair_at (self, i)->image_px);
      if (distance >= best)
        continue;
      best = distance;
      found = (int) i;
    }
  return found;
}

static void
press (Posing *self, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  answer->used = answer->redraw = TRUE;
  if (self->model == NULL)
    {
      assay_answer_hint (answer, assay_id_is_nil (&scene->current_class)
                                     ? "choose a class first: 1 to 9"
                                     : "this class has no 3D model: import one for it first");
      return;
    }
  self->dragged = find_pair_near (self, in->at, in->px_per_unit);
  self->moved = FALSE;
  if (self->dragged >= 0)
    return;
  AssayPosePair pair = { corner_at (self, self->wanted), in->at };
  int old = find_pair_of (self, pair.model_m);
  if (old >= 0)
    pair_at (self, (guint) old)->image_px = in->at;
  else
    g_array_append_val (self->pairs, pair);
  advance (self, 1);
  if (self->pairs->len >= 4)
    solve (self, scene, answer);
  else
    hint_pair (self, answer);
}

static void
release (Posing *self, const AssayScene *scene, AssayAnswer *answer)
{
  if (self->dragged < 0)
    return;
  answer->used = answer->redraw = TRUE;
  if (self->moved && self->pairs->len >= 4)
    solve (self, scene, answer);
  self->dragged = -1;
}

static void
remove_pair (Posing *self, const AssayScene *scene, int at, AssayAnswer *answer)
{
  answer->used = answer->redraw = TRUE;
  if (!assay_id_is_nil (&self->target) && self->pairs->len <= 4)
    {
      assay_answer_hint (answer, "a pose needs four points: add another before this one goes, or drag it");
      return;
    }
  g_array_remove_index (self->pairs, (guint) at);
  if (self->pairs->len >= 4)
    solve (self, scene, answer);
  else
    hint_pair (self, answer);
}

static void
finish (Posing *self, const AssayScene *scene, AssayAnswer *answer)
{
  answer->used = TRUE;
  if (self->pairs->len > 0 && self->pairs->len < 4)
    {
      assay_answer_hint (answer, "a pose needs four points: click %u more, or Esc", 4 - self->pairs->len);
      return;
    }
  g_array_set_size (self->pairs, 0);
  self->target = ASSAY_ID_NIL;
  self->wanted = 0;
  assay_answer_select (answer, ASSAY_ID_NIL);
}

static void
key (Posing *self, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  int near = find_pair_near (self, self->pointer, self->px_per_unit);
  if (assay_input_is_key (in, "Tab"))
    {
      self->blank = !self->blank;
      answer->used = answer->redraw = TRUE;
    }
  else if (assay_input_is_key (in, "t") && self->model != NULL)
    {
      advance (self, (in->flags & ASSAY_INPUT_SHIFT) != 0 ? -1 : 1);
      answer->used = answer->redraw = TRUE;
      hint_pair (self, answer);
    }
  else if (in->key != NULL && g_str_has_prefix (in->key, "corner-") && self->model != NULL)
    {
      self->wanted = MIN ((guint) strtoul (in->key + strlen ("corner-"), NULL, 10), self->corners->len - 1);
      answer->used = answer->redraw = TRUE;
      hint_pair (self, answer);
    }
  else if (assay_input_is_key (in, "BackSpace") && self->pairs->len > 0)
    remove_pair (self, scene, (int) self->pairs->len - 1, answer);
  else if (assay_input_is_key (in, "Delete") && near >= 0)
    remove_pair (self, scene, near, answer);
  else if (assay_input_is_key (in, "Enter") && (self->pairs->len > 0 || assay_scene_get_selected (scene) != NULL))
    finish (self, scene, answer);
}

static void
input (gpointer state, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  Posing *self = state;
  follow (self, scene);
  self->pointer = in->at;
  self->px_per_unit = in->px_per_unit;
  switch (in->kind)
    {
    case ASSAY_INPUT_PRESS:
      if (in->button == 1)
        press (self, scene, in, answer);
      return;
    case ASSAY_INPUT_MOVE:
      answer->redraw = TRUE;
      if (self->dragged < 0)
        return;
      pair_at (self, (guint) self->dragged)->image_px = in->at;
      self->moved = answer->used = TRUE;
      return;
    case ASSAY_INPUT_RELEASE:
      release (self, scene, answer);
      return;
    case ASSAY_INPUT_KEY:
      key (self, scene, in, answer);
      return;
    case ASSAY_INPUT_SCROLL:
    case ASSAY_INPUT_WORKED:
      return;
    case ASSAY_INPUT_CANCEL:
      answer->used = self->pairs->len > 0 || assay_scene_get_selected (scene) != NULL;
      g_array_set_size (self->pairs, 0);
      self->dragged = -1;
      self->target = ASSAY_ID_NIL;
      assay_answer_select (answer, ASSAY_ID_NIL);
      return;
    }
}

static void
list_marks (gconstpointer state, const AssayScene *scene, AssayMarks *marks)
{
  const Posing *self = state;
  guint32 colour = assay_scene_colour (scene, &scene->current_class);
  if (self->model == NULL || self->model != scene->model || self->lines == NULL)
    return;
  for (guint i = 0; !self->blank && i < scene->objects->list->len; i++)
    {
      const AssayObject *object = scene->objects->list->pdata[i];
      const AssayPosed *posed = object->value;
      if (assay_id_equal (&object->class_id, &scene->current_class))
        assay_model_list_outline (self->model, self->edges, &posed->pose, &posed->camera, colour,
                                  assay_id_equal (&object->id, &scene->selected) ? ASSAY_MARK_SELECTED : 0, marks);
    }
  for (guint i = 0; i < self->pairs->len; i++)
    {
      char *name = NULL;
      for (guint c = 0; c < self->corners->len && name == NULL; c++)
        {
          AssayPoint3 corner = corner_at (self, c);
          if (memcmp (&corner, &pair_at (self, i)->model_m, sizeof corner) == 0)
            name = g_strdup_printf ("%u", c + 1);
        }
      if (name != NULL)
        g_ptr_array_add (marks->owned, name);
      assay_marks_add_points (marks, ASSAY_MARK_POINT,
                              ASSAY_MARK_HANDLE | ((int) i == self->dragged ? ASSAY_MARK_SELECTED : 0), colour,
                              &pair_at (self, i)->image_px, 1, name);
    }
}

const GArray *
assay_tool_pose_get_corners (gconstpointer state)
{
  return ((const Posing *) state)->corners;
}

const GArray *
assay_tool_pose_get_lines (gconstpointer state)
{
  return ((const Posing *) state)->lines;
}

guint
assay_tool_pose_get_wanted (gconstpointer state)
{
  return ((const Posing *) state)->wanted;
}

gboolean
assay_tool_pose_is_placed (gconstpointer state, guint corner)
{
  const Posing *self = state;
  return self->corners != NULL && corner < self->corners->len && find_pair_of (self, corner_at (self, corner)) >= 0;
}

static const char *const kinds[] = { "pose", NULL };

const AssayTool assay_tool_pose = {
  .id = "pose",
  .title = "Pose",
  .key = "m",
  .icon = "assay-pose-symbolic",
  .help = "click the corners of the model in the picture, from four on the pose is solved · T another corner · Tab "
          "hides the outline",
  .kinds = kinds,
  .state_size = sizeof (Posing),
  .begin = begin,
  .input = input,
  .marks = list_marks,
  .end = end,
};
