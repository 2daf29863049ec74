/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/json.h"
#include "core/keypoints.h"
#include "core/kind.h"

#include <math.h>

static const char *const states[] = { "unlabelled", "visible", "occluded", "outside" }; /* by AssayNodeState */

static const AssayNode *
find_node (const AssayTask *task, const AssayId *id, const char *name)
{
  for (guint i = 0; i < task->nodes->len; i++)
    {
      const AssayNode *node = &g_array_index (task->nodes, AssayNode, i);
      if (id != NULL ? assay_id_equal (&node->id, id) : g_strcmp0 (node->name, name) == 0)
        return node;
    }
  return NULL;
}

static gboolean
read_node (const json_t *json, const AssayTask *task, AssayId *ret_id, GError **error)
{
  if (assay_json_get_id (json, "node", ret_id))
    return TRUE;
  const char *name = assay_json_get_string (json, "node");
  const AssayNode *node = name != NULL ? find_node (task, NULL, name) : NULL;
  if (node == NULL)
    return assay_error_bad_data (error, "node: the skeleton of task %s has no node \"%s\"", task->name,
                                 name != NULL ? name : "");
  *ret_id = node->id;
  return TRUE;
}

static gboolean
read_point (const json_t *json, const AssayTask *task, AssayKeypoint *ret_point, GError **error)
{
  static const char *const keys[] = { "node", "state", "at", NULL };
  AssayKeypoint point = { 0 };
  const char *other = json_is_object (json) ? assay_json_find_other_key (json, keys) : NULL;
  if (!json_is_object (json) || other != NULL)
    return assay_error_bad_data (error, "%s: a point has node, state and at",
                                 other != NULL ? other : "this is no JSON object");
  if (!read_node (json, task, &point.node, error))
    return FALSE;
  const char *state = assay_json_get_string (json, "state");
  guint i = 0;
  while (i < G_N_ELEMENTS (states) && g_strcmp0 (state, states[i]) != 0)
    i++;
  if (i == G_N_ELEMENTS (states))
    return assay_error_bad_data (error, "state: it is none of visible, occluded, outside, unlabelled");
  point.state = (AssayNodeState) i;
  const json_t *at = json_object_get (json, "at");
  double xy[2] = { 0, 0 };
  if (!assay_keypoint_is_placed (&point) && at != NULL)
    return assay_error_bad_data (error, "at: a point that is %s has no coordinates", states[i]);
  if (assay_keypoint_is_placed (&point) && !assay_json_to_doubles (at, xy, 2))
    return assay_error_bad_data (error, "at: a point that is %s needs [x, y] in pixels", states[i]);
  point.at = (AssayPoint){ xy[0], xy[1] };
  *ret_point = point;
  return TRUE;
}

static gpointer
parse (const json_t *object, const AssayTask *task, const AssayItem *item, GError **error)
{
  const json_t *points = json_object_get (object, "points"), *area = json_object_get (object, "area_px");
  if (!json_is_array (points))
    {
      assay_error_bad_data (error, "points: there is no such array");
      return NULL;
    }
  g_autoptr (AssayKeypoints) keypoints = assay_keypoints_new ((guint) json_array_size (points));
  for (guint i = 0; i < keypoints->n_points; i++)
    {
      AssayKeypoint point;
      if (!read_point (json_array_get (points, i), task, &point, error))
        {
          g_prefix_error (error, "points: point %u: ", i + 1);
          return NULL;
        }
      if (assay_keypoints_find (keypoints, &point.node) != NULL)
        {
          assay_error_bad_data (error, "points: point %u: its node is there twice", i + 1);
          return NULL;
        }
      keypoints->points[i] = point;
    }
  if (area != NULL
      && !(json_is_number (area) && json_number_value (area) > 0 && isfinite (json_number_value (area))))
    {
      assay_error_bad_data (error, "area_px: it is no area; leave it out when it is not known");
      return NULL;
    }
  keypoints->area_px = json_number_value (area);
  return g_steal_pointer (&keypoints);
}

static void
write_value (gconstpointer value, const AssayTask *task, json_t *object)
{
  const AssayKeypoints *keypoints = value;
  json_t *points = json_array ();
  for (guint i = 0; i < keypoints->n_points; i++)
    {
      const AssayKeypoint *point = &keypoints->points[i];
      json_t *json = json_object ();
      json_object_set_new (json, "node", assay_json_id (&point->node));
      json_object_set_new (json, "state", json_string (states[point->state]));
      if (assay_keypoint_is_placed (point))
        json_object_set_new (json, "at", assay_json_from_doubles ((double[]){ point->at.x, point->at.y }, 2));
      json_array_append_new (points, json);
    }
  json_object_set_new (object, "points", points);
  if (keypoints->area_px > 0)
    json_object_set_new (object, "area_px", json_real (keypoints->area_px));
}

static gboolean
equal (gconstpointer a, gconstpointer b)
{
  const AssayKeypoints *one = a, *other = b;
  if (one->n_points != other->n_points || one->area_px != other->area_px)
    return FALSE;
  for (guint i = 0; i < one->n_points; i++)
    {
      const AssayKeypoint *p = &one->points[i], *q = &other->points[i];
      if (!assay_id_equal (&p->node, &q->node) || p->state != q->state || p->at.x != q->at.x || p->at.y != q->at.y)
        return FALSE;
    }
  return TRUE;
}

static gboolean
validate (gconstpointer value, const AssayTask *task, const AssayItem *item, GError **error)
{
  const AssayKeypoints *keypoints = value;
  guint labelled = 0;
  for (guint i = 0; i < keypoints->n_points; i++)
    {
      const AssayKeypoint *point = &keypoints->points[i];
      const AssayNode *node = find_node (task, &point->node, NULL);
      labelled += point->state != ASSAY_NODE_UNLABELLED;
      if (node == NULL)
        return assay_error_bad_data (error, "points: point %u: the skeleton of task %s has no such node", i + 1,
                                     task->name);
      if (item != NULL && assay_keypoint_is_placed (point)
          && !(point->at.x >= 0 && point->at.x <= item->width_px && point->at.y >= 0
               && point->at.y <= item->height_px))
        return assay_error_bad_data (
            error, "points: %s lies outside the picture of %u x %u pixels; give it the state outside", node->name,
            item->width_px, item->height_px);
    }
  return labelled > 0 || assay_error_bad_data (error, "points: none is labelled; place one or delete the object");
}

/* OKS one way, with the sigma of each node. */
static double
oks (const AssayKeypoints *truth, const AssayKeypoints *other, const AssayTask *task)
{
  g_autofree double *sigmas = g_new (double, truth->n_points + 1);
  for (guint i = 0; i < truth->n_points; i++)
    {
      const AssayNode *node = find_node (task, &truth->points[i].node, NULL);
      sigmas[i] = node != NULL && node->sigma > 0 ? node->sigma : ASSAY_NODE_SIGMA;
    }
  return assay_keypoints_oks (truth, other, sigmas);
}

/* Neither annotator is the truth: the mean of both ways. Where one side places nothing, it agrees with nothing. */
static double
similarity (gconstpointer a, gconstpointer b, const AssayTask *task)
{
  double forth = oks (a, b, task), back = oks (b, a, task);
  if (isnan (forth) && isnan (back))
    return NAN;
  return ((isnan (forth) ? 0 : forth) + (isnan (back) ? 0 : back)) / 2;
}

static const AssayMeasureDef measures[] = { { "oks", "OKS", "", TRUE },
                                            { "distance_px", "Distance", "px", FALSE },
                                            { "same_state", "Same state", "", TRUE },
                                            { NULL } };

static void
measure (gconstpointer a, gconstpointer b, const AssayTask *task, double *ret_values)
{
  const AssayKeypoints *one = a, *other = b;
  double distance = 0;
  guint placed = 0, shared = 0, same = 0;
  for (guint i = 0; i < one->n_points; i++)
    {
      const AssayKeypoint *p = &one->points[i], *q = assay_keypoints_find (other, &p->node);
      if (q == NULL)
        continue;
      shared++;
      same += p->state == q->state;
      if (!assay_keypoint_is_placed (p) || !assay_keypoint_is_placed (q))
        continue;
      distance += hypot (p->at.x - q->at.x, p->at.y - q->at.y);
      placed++;
    }
  ret_values[0] = similarity (a, b, task);
  ret_values[1] = placed > 0 ? distance / placed : NAN;
  ret_values[2] = shared > 0 ? (double) same / shared : NAN;
}

static char *
summarise (const AssayObject *object, const AssayTask *task)
{
  const AssayKeypoints *keypoints = object->value;
  const AssayClass *class = assay_task_find_class (task, &object->class_id);
  guint placed = 0;
  for (guint i = 0; i < keypoints->n_points; i++)
    placed += assay_keypoint_is_placed (&keypoints->points[i]);
  return g_strdup_printf ("%s, %u of %u points", class != NULL ? class->name : "?", placed, keypoints->n_points);
}

static gboolean
bounds (gconstpointer value, AssayRect *ret_box)
{
  return assay_keypoints_bounds (value, ret_box);
}

static void
list_marks (const AssayObject *object, const AssayTask *task, AssayMarks *marks)
{
  const AssayKeypoints *keypoints = object->value;
  guint32 colour = assay_task_class_colour (task, &object->class_id);
  for (guint i = 0; i < task->edges->len; i++)
    {
      const AssayEdge *edge = &g_array_index (task->edges, AssayEdge, i);
      const AssayNode *nodes = (const AssayNode *) (gconstpointer) task->nodes->data;
      const AssayKeypoint *from = assay_keypoints_find (keypoints, &nodes[edge->from].id);
      const AssayKeypoint *to = assay_keypoints_find (keypoints, &nodes[edge->to].id);
      if (from == NULL || to == NULL || !assay_keypoint_is_placed (from) || !assay_keypoint_is_placed (to))
        continue;
      gboolean seen = from->state == ASSAY_NODE_VISIBLE && to->state == ASSAY_NODE_VISIBLE;
      AssayPoint line[] = { from->at, to->at };
      assay_marks_add_points (marks, ASSAY_MARK_LINE, seen ? 0 : ASSAY_MARK_DASHED, colour, line, 2, NULL);
    }
  for (guint i = 0; i < keypoints->n_points; i++)
    {
      const AssayKeypoint *point = &keypoints->points[i];
      const AssayNode *node = find_node (task, &point->node, NULL);
      if (!assay_keypoint_is_placed (point))
        continue;
      AssayMarkFlags flags = point->state == ASSAY_NODE_OCCLUDED ? ASSAY_MARK_DASHED : 0;
      assay_marks_add_points (marks, ASSAY_MARK_POINT, flags, colour, &point->at, 1,
                              node != NULL ? node->name : "?");
    }
}

static gpointer
copy_value (gconstpointer value)
{
  return assay_keypoints_copy (value);
}

static void
free_value (gpointer value)
{
  assay_keypoints_free (value);
}

const AssayKind assay_kind_keypoints = {
  .id = "keypoints",
  .title = "Keypoints",
  .help = "the named points of a skeleton, each visible, occluded or outside",
  .media = ASSAY_MEDIA_PICTURE,
  .default_tolerance = 0.75,
  .least_similarity = 1e-12, /* every node about as far off as the object is large: another object */
  .keys = (const char *const[]){ "points", "area_px", NULL },
  .parse = parse,
  .write = write_value,
  .copy = copy_value,
  .free = free_value,
  .equal = equal,
  .validate = validate,
  .similarity = similarity,
  .measures = measures,
  .measure = measure,
  .summarise = summarise,
  .bounds = bounds,
  .list_marks = list_marks,
};
