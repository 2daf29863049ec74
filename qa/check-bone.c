/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A limb far longer or shorter, for the size of its owner, than limbs of its name are. */
#include "qa/check.h"
#include "core/keypoints.h"
#include "qa/spot.h"

extern const AssayCheck assay_check_bone;

#include <math.h>

static const char *const kinds[] = { "keypoints", NULL };

static void
measure (gpointer outliers, const AssayLook *look, guint label, const AssayObject *object)
{
  const AssayTask *task = look->task;
  const AssayKeypoints *points = object->value;
  AssayRect box;
  if (!assay_keypoints_bounds (points, &box) || !(box.w * box.h > 0))
    return;
  double size = sqrt (box.w * box.w + box.h * box.h);
  for (guint e = 0; e < task->edges->len; e++)
    {
      const AssayEdge *edge = &g_array_index (task->edges, AssayEdge, e);
      const AssayNode *from = &g_array_index (task->nodes, AssayNode, edge->from),
                      *to = &g_array_index (task->nodes, AssayNode, edge->to);
      const AssayKeypoint *a = assay_keypoints_find (points, &from->id),
                          *b = assay_keypoints_find (points, &to->id);
      if (a == NULL || b == NULL || a->state != ASSAY_NODE_VISIBLE || b->state != ASSAY_NODE_VISIBLE)
        continue;
      AssaySpot spot = assay_spot_new (look, label, object);
      spot.box = (AssayRect){ MIN (a->at.x, b->at.x), MIN (a->at.y, b->at.y), MAX (fabs (a->at.x - b->at.x), 1),
                              MAX (fabs (a->at.y - b->at.y), 1) };
      g_autofree char *bone = g_strdup_printf ("%s to %s", from->name, to->name);
      assay_outliers_add (outliers, bone, &spot, hypot (a->at.x - b->at.x, a->at.y - b->at.y) / size);
    }
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  assay_look_each_object (look, measure, state);
}

static char *
say (const AssaySpot *spot, double value, double usual)
{
  return g_strdup_printf (
      "%s drew a limb %.1f times as long, for the size of the whole, as limbs of this name are: a point is "
      "misplaced or has another's name",
      spot->annotator, value / usual);
}

static void
end (gpointer state, GPtrArray *findings)
{
  static const AssayOutlierRule rule
      = { .least = 20, .low = 2.5, .high = 2.5, .several = TRUE, .severity = ASSAY_SEVERITY_WARNING, .say = say };
  assay_outliers_end (state, &assay_check_bone, &rule, findings);
}

const AssayCheck assay_check_bone = {
  .id = "bone",
  .title = "Length of limbs",
  .help = "two joined points far closer or farther, for the size of the skeleton, than elsewhere: a misplaced "
          "point, or two swapped names",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .kinds = kinds,
  .state_size = sizeof (AssayOutliers),
  .look = look_at,
  .merge = assay_outliers_merge_state,
  .end = end,
  .clear = assay_outliers_clear_state,
};
