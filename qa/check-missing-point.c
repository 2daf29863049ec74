/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A point of a skeleton that most others have placed and one has not: forgotten, or taken for hidden. */
#include "qa/check.h"
#include "core/keypoints.h"
#include "qa/difference.h"

extern const AssayCheck assay_check_missing_point;

static const char *const kinds[] = { "keypoints", NULL };

/* The same skeleton in another answer; NULL = it is not there. */
static const AssayObject *
find_same (const AssayLook *look, const AssayObject *object, guint answer, guint other)
{
  const AssayLabel *own = look->labels->pdata[answer], *theirs = look->labels->pdata[other];
  g_autoptr (GArray) matches
      = assay_objects_match (own->objects, theirs->objects, look->task, look->task->kind->least_similarity);
  for (guint m = 0; m < matches->len; m++)
    {
      const AssayMatch *match = &g_array_index (matches, AssayMatch, m);
      if (match->a != G_MAXUINT && match->b != G_MAXUINT && own->objects->list->pdata[match->a] == object)
        return theirs->objects->list->pdata[match->b];
    }
  return NULL;
}

static gboolean
is_placed (const AssayObject *object, const AssayId *node)
{
  const AssayKeypoint *point = assay_keypoints_find (object->value, node);
  return point != NULL && assay_keypoint_is_placed (point);
}

static void
judge_node (const AssayLook *look, guint answer, const AssayObject *object, const GPtrArray *others,
            const AssayNode *node, GPtrArray *findings)
{
  const AssayLabel *label = look->labels->pdata[answer];
  const AssayAnnotator *annotator = look->annotators->pdata[answer];
  guint n_placed = 0;
  const AssayKeypoint *where = NULL;
  for (guint i = 0; i < others->len; i++)
    if (is_placed (others->pdata[i], &node->id))
      {
        n_placed++;
        where = assay_keypoints_find (((const AssayObject *) others->pdata[i])->value, &node->id);
      }
  if (2 * n_placed <= others->len)
    return;
  g_autofree char *id = assay_id_dup_text (&object->id), *point = assay_id_dup_text (&node->id),
                  *place = g_strdup_printf ("node %s of %s", point, id);
  char *why = g_strdup_printf ("%s has not placed %s of %s, and %u of %u other%s", annotator->name, node->name,
                               assay_object_class_name (object, look->task), n_placed, others->len,
                               others->len > 1 ? "s have" : " has");
  json_t *at = json_pack ("{s:[[f, f]]}", "points", where->at.x, where->at.y);
  g_ptr_array_add (findings, assay_look_flag (look, &assay_check_missing_point, ASSAY_SEVERITY_WARNING,
                                              0.2 + 0.3 * n_placed / others->len, &label, 1, place, at, why));
}

static void
judge (const AssayLook *look, guint answer, const AssayObject *object, GPtrArray *findings)
{
  const GArray *nodes = look->task->nodes;
  g_autoptr (GPtrArray) others = g_ptr_array_new (); /* borrowed */
  g_autoptr (GArray) unplaced = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint n = 0; n < nodes->len; n++)
    if (!is_placed (object, &g_array_index (nodes, AssayNode, n).id))
      g_array_append_val (unplaced, n);
  for (guint other = 0; unplaced->len > 0 && other < look->labels->len; other++)
    {
      const AssayObject *same = other != answer ? find_same (look, object, answer, other) : NULL;
      if (same != NULL)
        g_ptr_array_add (others, (gpointer) same);
    }
  for (guint i = 0; others->len > 0 && i < unplaced->len; i++)
    judge_node (look, answer, object, others, &g_array_index (nodes, AssayNode, g_array_index (unplaced, guint, i)),
                findings);
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  for (guint i = 0; look->labels->len > 1 && i < look->labels->len; i++)
    {
      const AssayLabel *label = look->labels->pdata[i];
      for (guint o = 0; o < label->objects->list->len; o++)
        judge (look, i, label->objects->list->pdata[o], findings);
    }
}

const AssayCheck assay_check_missing_point = {
  .id = "missing-point",
  .title = "Point not placed",
  .help = "a point of a skeleton that most of the others have placed and one annotator has not: forgotten, or "
          "taken for hidden",
  .version = 2,
  .scope = ASSAY_SCOPE_OBJECT,
  .kinds = kinds,
  .look = look_at,
};
