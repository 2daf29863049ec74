/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/difference.h"

#include "core/json.h"
#include "core/keypoints.h"
#include "core/pose.h"
#include "core/region.h"
#include "core/transcript.h"
#include "qa/check.h"
#include "qa/word-changes.h"

#include <math.h>
#include <string.h>

#define MOST_WORDS 3 /* changes named in one sentence */

typedef struct
{
  const char *kind;
  /* One pair of objects; the comma-free core of a sentence: "overlap only 61 % on cup (IoU 0.61, tolerance 0.80)".
   */
  char *(*why) (const AssayPairing *pairing, const AssayTask *task, const char *class_name);
  json_t *(*where) (const AssayPairing *pairing, const AssayTask *task); /* NULL = the box around both */
  json_t *(*place) (const AssayObject *object);                          /* of one object; NULL = its box */
} Difference;

/* Numbers in sentences that are stored: a point in every locale. */
typedef struct
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
} Number;

static Number
number (double value, const char *format)
{
  Number n;
  g_ascii_formatd (n.text, sizeof n.text, format, value);
  return n;
}

const char *
assay_object_class_name (const AssayObject *object, const AssayTask *task)
{
  const AssayClass *class = assay_task_find_class (task, &object->class_id);
  return class != NULL ? class->name : "object";
}

/* Two digits, or three where two would hide that it is under the tolerance. */
static char *
overlap_why (const AssayPairing *pairing, const AssayTask *task, const char *class_name)
{
  double overlap = pairing->similarity;
  gboolean close = rint (100 * overlap) >= 100 * task->tolerance;
  Number percent = number (100 * overlap, close ? "%.1f" : "%.0f"), iou = number (overlap, close ? "%.3f" : "%.2f");
  Number tolerance = number (task->tolerance, "%.2f");
  return g_strdup_printf ("overlap only %s %% on %s (IoU %s, tolerance %s)", percent.text, class_name, iou.text,
                          tolerance.text);
}

static json_t *
masks_where (const AssayPairing *pairing, const AssayTask *task)
{
  g_autoptr (AssayMask) a = NULL, b = NULL;
  if (!assay_region_leave_out (pairing->a->value, pairing->b->value, &a, &b))
    return json_object ();
  g_autoptr (AssayMask) differing = assay_mask_combine (a, b, ASSAY_MASK_XOR);
  AssayRect box;
  return differing != NULL && assay_mask_bounds (differing, &box) ? assay_where_box (&box) : json_object ();
}

/* The node that two skeletons place farthest apart in units of its sigma; NULL when no node is placed by both. */
static const AssayKeypoint *
find_worst (const AssayPairing *pairing, const AssayTask *task, const AssayKeypoint **ret_other,
            const AssayNode **ret_node)
{
  const AssayKeypoints *a = pairing->a->value, *b = pairing->b->value;
  const AssayKeypoint *worst = NULL;
  double worst_distance = -1;
  for (guint i = 0; i < task->nodes->len; i++)
    {
      const AssayNode *node = &g_array_index (task->nodes, AssayNode, i);
      const AssayKeypoint *p = assay_keypoints_find (a, &node->id), *q = assay_keypoints_find (b, &node->id);
      if (p == NULL || q == NULL || !assay_keypoint_is_placed (p) || !assay_keypoint_is_placed (q))
        continue;
      double distance = hypot (p->at.x - q->at.x, p->at.y - q->at.y) / node->sigma;
      if (distance <= worst_distance)
        continue;
      worst_distance = distance;
      worst = p;
      *ret_other = q;
      *ret_node = node;
    }
  return worst;
}

static guint
count_one_sided (const AssayPairing *pairing)
{
  const AssayKeypoints *a = pairing->a->value, *b = pairing->b->value;
  guint n = 0;
  for (guint i = 0; i < a->n_points; i++)
    {
      const AssayKeypoint *other = assay_keypoints_find (b, &a->points[i].node);
      n += assay_keypoint_is_placed (&a->points[i]) != (other != NULL && assay_keypoint_is_placed (other));
    }
  return n;
}

static char *
keypoints_why (const AssayPairing *pairing, const AssayTask *task, const char *class_name)
{
  const AssayKeypoint *other = NULL;
  const AssayNode *node = NULL;
  const AssayKeypoint *worst = find_worst (pairing, task, &other, &node);
  guint one_sided = count_one_sided (pairing);
  g_autoptr (GString) what = g_string_new (NULL);
  if (worst != NULL)
    {
      Number distance = number (hypot (worst->at.x - other->at.x, worst->at.y - other->at.y), "%.0f");
      g_string_append_printf (what, "place %s of %s %s px apart", node->name, class_name, distance.text);
    }
  else
    g_string_append_printf (what, "place no point of %s in common", class_name);
  if (one_sided > 0)
    g_string_append_printf (what, ", and %u point%s that only one of them places", one_sided,
                            one_sided > 1 ? "s" : "");
  Number oks = number (pairing->similarity, "%.2f"), tolerance = number (task->tolerance, "%.2f");
  g_string_append_printf (what, " (OKS %s, tolerance %s)", oks.text, tolerance.text);
  return g_string_free (g_steal_pointer (&what), FALSE);
}

static json_t *
point_pair (AssayPoint a, AssayPoint b)
{
  return json_pack ("{s:[[o, o], [o, o]]}", "points", assay_json_number (a.x), assay_json_number (a.y),
                    assay_json_number (b.x), assay_json_number (b.y));
}

static json_t *
keypoints_where (const AssayPairing *pairing, const AssayTask *task)
{
  const AssayKeypoint *other = NULL;
  const AssayNode *node = NULL;
  const AssayKeypoint *worst = find_worst (pairing, task, &other, &node);
  return worst != NULL ? point_pair (worst->at, other->at) : json_object ();
}

static char *
pose_why (const AssayPairing *pairing, const AssayTask *task, const char *class_name)
{
  /* As measured: modulo what turns the model into itself. */
  Number degrees = number (pairing->values[0], "%.1f"), millimetres = number (1000 * pairing->values[1], "%.1f");
  double limit_deg = task->tolerance_deg > 0 ? task->tolerance_deg : ASSAY_TASK_TOLERANCE_DEG;
  double limit_m = task->tolerance_m > 0 ? task->tolerance_m : ASSAY_TASK_TOLERANCE_M;
  Number limit = number (limit_deg, "%g"), limit_mm = number (1000 * limit_m, "%g");
  return g_strdup_printf ("hold %s %s° and %s mm apart (tolerance %s° and %s mm)", class_name, degrees.text,
                          millimetres.text, limit.text, limit_mm.text);
}

/* Where the origin of the model is seen; core's points are half a pixel off OpenCV's (doc/DATASET.md). */
static AssayPoint
project_origin (const AssayPosed *posed)
{
  const double *t = posed->pose.t_m;
  double z = fabs (t[2]) > 1e-9 ? t[2] : 1e-9;
  return (AssayPoint){ posed->camera.fx * t[0] / z + posed->camera.cx + 0.5,
                       posed->camera.fy * t[1] / z + posed->camera.cy + 0.5 };
}

static json_t *
pose_where (const AssayPairing *pairing, const AssayTask *task)
{
  return point_pair (project_origin (pairing->a->value), project_origin (pairing->b->value));
}

static json_t *
pose_place (const AssayObject *object)
{
  AssayPoint at = project_origin (object->value);
  return json_pack ("{s:[[o, o]]}", "points", assay_json_number (at.x), assay_json_number (at.y));
}

static json_t *
segment_place (const AssayObject *object)
{
  const AssaySegment *segment = object->value;
  return assay_where_samples (segment->start, segment->end);
}

static const Difference differences[] = {
  { "segmentation", overlap_why, masks_where, NULL },    { "box", overlap_why, NULL, NULL },
  { "keypoints", keypoints_why, keypoints_where, NULL }, { "pose", pose_why, pose_where, pose_place },
  { "transcript", NULL, NULL, segment_place },
};

static const Difference *
find_difference (const AssayKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (differences); i++)
    if (g_str_equal (differences[i].kind, kind->id))
      return &differences[i];
  return NULL;
}

char *
assay_difference_why (const AssayPairing *pairing, const AssayTask *task, const char *name_a, const char *name_b)
{
  const Difference *difference = find_difference (task->kind);
  const char *class_name = assay_object_class_name (pairing->a, task);
  g_autofree char *what = NULL;
  if (difference != NULL && difference->why != NULL)
    what = difference->why (pairing, task, class_name);
  else
    {
      Number similarity = number (pairing->similarity, "%.2f"), tolerance = number (task->tolerance, "%.2f");
      what = g_strdup_printf ("differ on %s (similarity %s, tolerance %s)", class_name, similarity.text,
                              tolerance.text);
    }
  return g_strdup_printf ("%s and %s %s", name_a, name_b, what);
}

static AssayRect
hull (const AssayRect *a, const AssayRect *b)
{
  double x = MIN (a->x, b->x), y = MIN (a->y, b->y);
  return (AssayRect){ x, y, MAX (a->x + a->w, b->x + b->w) - x, MAX (a->y + a->h, b->y + b->h) - y };
}

json_t *
assay_difference_where (const AssayPairing *pairing, const AssayTask *task)
{
  const Difference *difference = find_difference (task->kind);
  if (difference != NULL && difference->where != NULL)
    return difference->where (pairing, task);
  AssayRect a, b;
  if (task->kind->bounds == NULL || !task->kind->bounds (pairing->a->value, &a)
      || !task->kind->bounds (pairing->b->value, &b))
    return json_object ();
  AssayRect both = hull (&a, &b);
  return assay_where_box (&both);
}

json_t *
assay_object_where (const AssayObject *object, const AssayTask *task)
{
  const Difference *difference = find_difference (task->kind);
  if (difference != NULL && difference->place != NULL)
    return difference->place (object);
  AssayRect box;
  if (task->kind->bounds == NULL || !task->kind->bounds (object->value, &box))
    return json_object ();
  return assay_where_box (&box);
}

double
assay_comparison_likeness (const AssayComparison *comparison, const AssayKind *kind)
{
  double headline = comparison->values[0];
  return kind->measures[0].higher_is_better ? headline : 1 - headline;
}

static char *
join_texts (const AssayObjects *objects)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < objects->list->len; i++)
    {
      const AssayObject *object = g_ptr_array_index (objects->list, i);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", ((const AssaySegment *) object->value)->text);
    }
  return g_string_free (text, FALSE);
}

static char *
words_why (const AssayObjects *a, const AssayObjects *b, const AssayComparison *comparison, const AssayTask *task,
           const char *name_a, const char *name_b)
{
  g_autofree char *text_a = join_texts (a), *text_b = join_texts (b);
  guint n = 0;
  g_autofree char *changes = assay_word_changes (text_a, text_b, name_a, name_b, MOST_WORDS, &n);
  Number mer = number (comparison->values[0], "%.2f"), tolerance = number (1 - task->tolerance, "%.2f");
  return g_strdup_printf ("differ in their words: %s (MER %s, tolerance %s)",
                          changes != NULL ? changes : "too long to be told word by word", mer.text, tolerance.text);
}

static void
append_classes (GString *text, const AssayObjects *objects, const AssayTask *task)
{
  if (objects->list->len == 0)
    g_string_append (text, "nothing");
  for (guint i = 0; i < objects->list->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            assay_object_class_name (g_ptr_array_index (objects->list, i), task));
}

char *
assay_difference_whole_why (const AssayObjects *a, const AssayObjects *b, const AssayComparison *comparison,
                            const AssayTask *task, const char *name_a, const char *name_b)
{
  if (g_str_equal (task->kind->id, "transcript"))
    {
      g_autofree char *what = words_why (a, b, comparison, task, name_a, name_b);
      return g_strdup_printf ("%s and %s %s", name_a, name_b, what);
    }
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, "%s says ", name_a);
  append_classes (text, a, task);
  g_string_append_printf (text, ", %s says ", name_b);
  append_classes (text, b, task);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
says_the_same (const AssayPairing *pairing)
{
  return pairing->a != NULL && pairing->b != NULL
         && strcmp (((const AssaySegment *) pairing->a->value)->text,
                    ((const AssaySegment *) pairing->b->value)->text)
                == 0;
}

json_t *
assay_difference_whole_where (const AssayComparison *comparison, const AssayTask *task)
{
  if (!g_str_equal (task->kind->id, "transcript"))
    return json_object ();
  gint64 start = G_MAXINT64, end = 0;
  for (guint i = 0; i < comparison->pairings->len; i++)
    {
      const AssayPairing *pairing = &g_array_index (comparison->pairings, AssayPairing, i);
      const AssayObject *sides[] = { pairing->a, pairing->b };
      for (guint side = 0; !says_the_same (pairing) && side < 2; side++)
        if (sides[side] != NULL)
          {
            const AssaySegment *segment = sides[side]->value;
            start = MIN (start, segment->start);
            end = MAX (end, segment->end);
          }
    }
  return start < end ? assay_where_samples (start, end) : json_object ();
}

gboolean
assay_comparison_agrees (const AssayComparison *comparison, const AssayTask *task)
{
  if (comparison->whole)
    {
      double likeness = assay_comparison_likeness (comparison, task->kind);
      return isnan (likeness) || likeness >= task->tolerance; /* undefined: nothing on both sides */
    }
  if (comparison->only_a > 0 || comparison->only_b > 0 || comparison->same_class < comparison->matched)
    return FALSE;
  for (guint i = 0; i < comparison->matched; i++)
    if (!(g_array_index (comparison->pairings, AssayPairing, i).similarity >= task->tolerance))
      return FALSE;
  return TRUE;
}
