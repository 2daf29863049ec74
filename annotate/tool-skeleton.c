/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The named nodes of a skeleton, clicked one after the other. Every click is an edit of its own, so what is under
 * way is simply the selected object that has unlabelled nodes left.
 *
 * Four states: visible (a click), occluded (Q: placed by guess), outside the picture (O: no place), unlabelled
 * (Backspace). */
#include "annotate/tool.h"
#include "core/keypoints.h"

typedef struct
{
  AssayId wanted; /* the node that the next click places; nil = the first unlabelled one */
  AssayId last;   /* placed last: what Q and Backspace mean when the pointer is on no node */
  AssayPoint pointer;
  AssayPoint placed_at; /* where the pointer was when a node got its state */
  gboolean roamed;      /* it has left that place since: what is under it now is meant */
  double px_per_unit;
  gboolean dragging;
  AssayId dragged;
  AssayPoint dragged_to;
} Skeleton;

static const AssayNode *
node_at (const AssayScene *scene, guint i)
{
  return &g_array_index (scene->task->nodes, AssayNode, i);
}

static const AssayNode *
find_node (const AssayScene *scene, const AssayId *id)
{
  for (guint i = 0; i < scene->task->nodes->len; i++)
    if (assay_id_equal (&node_at (scene, i)->id, id))
      return node_at (scene, i);
  return NULL;
}

static AssayNodeState
state_of (const AssayObject *object, const AssayId *node)
{
  const AssayKeypoint *point = object == NULL ? NULL : assay_keypoints_find (object->value, node);
  return point == NULL ? ASSAY_NODE_UNLABELLED : point->state;
}

/* The node that the next click places; NULL when all have been said. */
static const AssayNode *
next_node (const Skeleton *self, const AssayScene *scene)
{
  const AssayObject *object = assay_scene_get_selected (scene);
  const AssayNode *wanted = find_node (scene, &self->wanted);
  if (wanted != NULL && state_of (object, &wanted->id) == ASSAY_NODE_UNLABELLED)
    return wanted;
  for (guint i = 0; i < scene->task->nodes->len; i++)
    if (state_of (object, &node_at (scene, i)->id) == ASSAY_NODE_UNLABELLED)
      return node_at (scene, i);
  return NULL;
}

/* A placed node of the selected object under the pointer. */
static const AssayKeypoint *
find_point (const AssayScene *scene, AssayPoint at, double px_per_unit)
{
  const AssayObject *object = assay_scene_get_selected (scene);
  const AssayKeypoints *value = object == NULL ? NULL : object->value;
  AssayInput input = { .at = at, .px_per_unit = px_per_unit };
  const AssayKeypoint *found = NULL;
  double best = ASSAY_TOOL_REACH_PX;
  for (guint i = 0; value != NULL && i < value->n_points; i++)
    {
      double distance = assay_input_distance (&input, value->points[i].at);
      if (!assay_keypoint_is_placed (&value->points[i]) || distance >= best)
        continue;
      best = distance;
      found = &value->points[i];
    }
  return found;
}

/* `object` (nullable: a new one) with one node in another state. Nodes that the task got since then join as
 * unlabelled. */
static AssayEdit *
edit_node (const AssayScene *scene, const AssayObject *object, const AssayId *node, AssayNodeState state,
           AssayPoint at, AssayAnswer *answer)
{
  AssayKeypoints *value = assay_keypoints_new (scene->task->nodes->len);
  if (object != NULL)
    value->area_px = ((const AssayKeypoints *) object->value)->area_px;
  for (guint i = 0; i < value->n_points; i++)
    {
      const AssayNode *each = node_at (scene, i);
      const AssayKeypoint *old = object == NULL ? NULL : assay_keypoints_find (object->value, &each->id);
      value->points[i] = old != NULL ? *old : (AssayKeypoint){ .node = each->id };
      if (!assay_id_equal (&each->id, node))
        continue;
      value->points[i].state = state;
      value->points[i].at = (AssayPoint){ 0, 0 };
      if (assay_keypoint_is_placed (&value->points[i]))
        value->points[i].at = at;
    }
  const AssayNode *named = find_node (scene, node);
  AssayEdit *edit = assay_edit_new (scene->task->kind, named->name);
  if (object == NULL)
    {
      AssayObject *made = assay_object_new (&scene->current_class, value);
      assay_answer_select (answer, made->id);
      assay_edit_take (edit, NULL, made);
      return edit;
    }
  AssayObject *after = assay_object_copy (object, scene->task->kind);
  scene->task->kind->free (after->value);
  after->value = value;
  assay_edit_take (edit, assay_object_copy (object, scene->task->kind), after);
  return edit;
}

/* Says what comes after `node` got its state. */
static void
hint_after (Skeleton *self, const AssayScene *scene, const AssayObject *object, const AssayId *node,
            AssayAnswer *answer)
{
  for (guint i = 0; i < scene->task->nodes->len; i++)
    {
      const AssayNode *each = node_at (scene, i);
      if (assay_id_equal (&each->id, node) || state_of (object, &each->id) != ASSAY_NODE_UNLABELLED)
        continue;
      assay_answer_hint (answer, "click %s · Q occluded · O outside the picture · Tab another", each->name);
      return;
    }
  assay_answer_hint (answer,
                     "complete: Enter starts the next one · drag to correct · Q occluded · Backspace unlabelled");
}

static void
place_node (Skeleton *self, const AssayScene *scene, const AssayInput *input, AssayNodeState state,
            AssayAnswer *answer)
{
  const AssayObject *object = assay_scene_get_selected (scene);
  const AssayNode *node = next_node (self, scene);
  answer->used = TRUE;
  if (scene->task->nodes->len == 0)
    {
      assay_answer_hint (answer, "this task has no skeleton yet: give it named nodes first");
      return;
    }
  if (node == NULL)
    {
      assay_answer_hint (answer, "every node of this one is labelled: Enter starts the next");
      return;
    }
  if (object == NULL && assay_id_is_nil (&scene->current_class))
    {
      assay_answer_hint (answer, "choose a class first: 1 to 9");
      return;
    }
  AssayPoint at = { CLAMP (input->at.x, 0, (double) scene->item->width_px),
                    CLAMP (input->at.y, 0, (double) scene->item->height_px) };
  answer->edit = edit_node (scene, object, &node->id, state, at, answer);
  answer->redraw = TRUE;
  self->last = node->id;
  self->wanted = ASSAY_ID_NIL;
  self->placed_at = input->at;
  self->roamed = FALSE;
  hint_after (self, scene, object, &node->id, answer);
}

/* Q and Backspace speak of the node under the pointer, else of the one placed last. */
static void
change_node (Skeleton *self, const AssayScene *scene, gboolean clear, AssayAnswer *answer)
{
  const AssayObject *object = assay_scene_get_selected (scene);
  const AssayKeypoint *point = find_point (scene, self->pointer, self->px_per_unit);
  if (point == NULL && object != NULL)
    point = assay_keypoints_find (object->value, &self->last);
  if (point == NULL || (!clear && !assay_keypoint_is_placed (point)))
    return;
  AssayNodeState state = clear                                ? ASSAY_NODE_UNLABELLED
                         : point->state == ASSAY_NODE_VISIBLE ? ASSAY_NODE_OCCLUDED
                                                              : ASSAY_NODE_VISIBLE;
  AssayId node = point->node;
  answer->edit = edit_node (scene, object, &node, state, point->at, answer);
  answer->used = answer->redraw = TRUE;
  if (clear)
    {
      self->wanted = node;
      assay_answer_hint (answer, "%s is unlabelled again: click it", find_node (scene, &node)->name);
    }
}

/* The next unlabelled node after the one now asked for. */
static void
ask_another (Skeleton *self, const AssayScene *scene, AssayAnswer *answer)
{
  const AssayObject *object = assay_scene_get_selected (scene);
  const AssayNode *now = next_node (self, scene);
  guint n = scene->task->nodes->len, from = 0;
  answer->used = TRUE;
  while (now != NULL && from < n && node_at (scene, from) != now)
    from++;
  for (guint step = 1; now != NULL && step <= n; step++)
    {
      const AssayNode *node = node_at (scene, (from + step) % n);
      if (state_of (object, &node->id) != ASSAY_NODE_UNLABELLED)
        continue;
      self->wanted = node->id;
      answer->redraw = TRUE;
      assay_answer_hint (answer, "click %s · Q occluded · O outside the picture · Tab another", node->name);
      return;
    }
}

static void
key (Skeleton *self, const AssayScene *scene, const AssayInput *input, AssayAnswer *answer)
{
  if (assay_input_is_key (input, "q"))
    change_node (self, scene, FALSE, answer);
  else if (assay_input_is_key (input, "BackSpace"))
    change_node (self, scene, TRUE, answer);
  else if (assay_input_is_key (input, "o"))
    {
      /* Straight after a click the pointer still stands on that node: O is about the next one. */
      const AssayKeypoint *point = self->roamed ? find_point (scene, self->pointer, self->px_per_unit) : NULL;
      if (point == NULL)
        {
          place_node (self, scene, input, ASSAY_NODE_OUTSIDE, answer);
          return;
        }
      answer->edit = edit_node (scene, assay_scene_get_selected (scene), &point->node, ASSAY_NODE_OUTSIDE,
                                (AssayPoint){ 0, 0 }, answer);
      answer->used = answer->redraw = TRUE;
    }
  else if (assay_input_is_key (input, "Tab"))
    ask_another (self, scene, answer);
  else if (assay_input_is_key (input, "Enter") && assay_scene_get_selected (scene) != NULL)
    {
      answer->used = TRUE;
      self->wanted = self->last = ASSAY_ID_NIL;
      assay_answer_select (answer, ASSAY_ID_NIL);
      if (scene->task->nodes->len > 0)
        assay_answer_hint (answer, "the next one: click %s", node_at (scene, 0)->name);
    }
}

static void
release (Skeleton *self, const AssayScene *scene, AssayAnswer *answer)
{
  if (!self->dragging)
    return;
  const AssayObject *object = assay_scene_get_selected (scene);
  const AssayKeypoint *point = object == NULL ? NULL : assay_keypoints_find (object->value, &self->dragged);
  self->dragging = FALSE;
  self->last = self->dragged;
  answer->used = answer->redraw = TRUE;
  if (point == NULL || (point->at.x == self->dragged_to.x && point->at.y == self->dragged_to.y))
    return;
  answer->edit = edit_node (scene, object, &self->dragged, point->state, self->dragged_to, answer);
}

static void
press (Skeleton *self, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  const AssayKeypoint *point = find_point (scene, in->at, in->px_per_unit);
  if (point == NULL)
    {
      place_node (self, scene, in, ASSAY_NODE_VISIBLE, answer);
      return;
    }
  self->dragging = TRUE;
  self->dragged = point->node;
  self->dragged_to = point->at;
  answer->used = answer->redraw = TRUE;
}

static void
input (gpointer state, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  Skeleton *self = state;
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
      answer->used = self->dragging;
      self->roamed |= assay_input_distance (in, self->placed_at) > ASSAY_TOOL_REACH_PX;
      if (self->dragging)
        self->dragged_to = (AssayPoint){ CLAMP (in->at.x, 0, (double) scene->item->width_px),
                                         CLAMP (in->at.y, 0, (double) scene->item->height_px) };
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
      answer->used = self->dragging || assay_scene_get_selected (scene) != NULL;
      self->dragging = FALSE;
      self->wanted = self->last = ASSAY_ID_NIL;
      assay_answer_select (answer, ASSAY_ID_NIL);
      return;
    }
}

static void
list_marks (gconstpointer state, const AssayScene *scene, AssayMarks *marks)
{
  const Skeleton *self = state;
  const AssayObject *object = assay_scene_get_selected (scene);
  const AssayKeypoints *value = object == NULL ? NULL : object->value;
  guint32 colour = assay_scene_colour (scene, object != NULL ? &object->class_id : &scene->current_class);
  for (guint i = 0; value != NULL && i < value->n_points; i++)
    {
      const AssayKeypoint *point = &value->points[i];
      gboolean held = self->dragging && assay_id_equal (&self->dragged, &point->node);
      const AssayNode *node = find_node (scene, &point->node);
      if (!assay_keypoint_is_placed (point))
        continue;
      assay_marks_add_points (marks, ASSAY_MARK_POINT,
                              ASSAY_MARK_HANDLE | (held ? ASSAY_MARK_SELECTED : 0)
                                  | (point->state == ASSAY_NODE_OCCLUDED ? ASSAY_MARK_FAINT : 0),
                              colour, held ? &self->dragged_to : &point->at, 1, node != NULL ? node->name : NULL);
    }
  const AssayNode *next = self->dragging ? NULL : next_node (self, scene);
  if (next != NULL && self->px_per_unit > 0 && find_point (scene, self->pointer, self->px_per_unit) == NULL)
    assay_marks_add_points (marks, ASSAY_MARK_TEXT, ASSAY_MARK_FAINT, colour, &self->pointer, 1, next->name);
}

static const char *const kinds[] = { "keypoints", NULL };

const AssayTool assay_tool_skeleton = {
  .id = "skeleton",
  .title = "Skeleton",
  .key = "k",
  .icon = "assay-keypoints-symbolic",
  .help
  = "click the named nodes in turn · Q occluded · O outside the picture · Backspace unlabelled · Tab another node",
  .kinds = kinds,
  .state_size = sizeof (Skeleton),
  .input = input,
  .marks = list_marks,
};
