/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One point of a skeleton farther from everybody else's than that point usually is: slipped, or another's name. */
#include "qa/check.h"
#include "core/keypoints.h"
#include "qa/spot.h"

#include <math.h>

extern const AssayCheck assay_check_off_point;

#define LEAST_APART 0.002 /* of the size of the skeleton: as good as equal */
#define HALF_SIDE_PX 8.0  /* of the place that is shown */

static const char *const kinds[] = { "keypoints", NULL };

/* Of each object and node of each answer: how far from the nearest of the others', over the size; NaN = nobody has
 * it. */
typedef struct
{
  guint n, n_nodes;
  double **apart;
} Distances;

static void
distances_clear (Distances *distances)
{
  for (guint i = 0; i < distances->n; i++)
    g_free (distances->apart[i]);
  g_free (distances->apart);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Distances, distances_clear)

static void
distances_init (Distances *distances, const AssayLook *look)
{
  *distances = (Distances){ .n = look->labels->len, .n_nodes = look->task->nodes->len };
  distances->apart = g_new0 (double *, distances->n + 1);
  for (guint i = 0; i < distances->n; i++)
    {
      gsize n = (gsize) ((const AssayLabel *) look->labels->pdata[i])->objects->list->len * distances->n_nodes;
      distances->apart[i] = g_new (double, n + 1);
      for (gsize k = 0; k < n; k++)
        distances->apart[i][k] = NAN;
    }
}

static void
compare (const AssayLook *look, const AssayObject *one, const AssayObject *other, double *apart_one,
         double *apart_other)
{
  double size = sqrt (fmax (assay_keypoints_area (one->value), assay_keypoints_area (other->value)));
  for (guint n = 0; size > 0 && n < look->task->nodes->len; n++)
    {
      const AssayId *node = &g_array_index (look->task->nodes, AssayNode, n).id;
      const AssayKeypoint *a = assay_keypoints_find (one->value, node),
                          *b = assay_keypoints_find (other->value, node);
      if (a == NULL || b == NULL || !assay_keypoint_is_placed (a) || !assay_keypoint_is_placed (b))
        continue;
      double apart = fmax (hypot (a->at.x - b->at.x, a->at.y - b->at.y) / size, LEAST_APART);
      apart_one[n] = fmin (apart_one[n], apart);
      apart_other[n] = fmin (apart_other[n], apart);
    }
}

static void
measure (const AssayLook *look, Distances *distances)
{
  for (guint i = 0; i < distances->n; i++)
    for (guint j = i + 1; j < distances->n; j++)
      {
        const AssayObjects *one = ((const AssayLabel *) look->labels->pdata[i])->objects,
                           *other = ((const AssayLabel *) look->labels->pdata[j])->objects;
        g_autoptr (GArray) matches
            = assay_objects_match (one, other, look->task, look->task->kind->least_similarity);
        for (guint m = 0; m < matches->len; m++)
          {
            const AssayMatch *match = &g_array_index (matches, AssayMatch, m);
            if (match->a != G_MAXUINT && match->b != G_MAXUINT)
              compare (look, one->list->pdata[match->a], other->list->pdata[match->b],
                       distances->apart[i] + (gsize) match->a * distances->n_nodes,
                       distances->apart[j] + (gsize) match->b * distances->n_nodes);
          }
      }
}

static void
add (gpointer state, const AssayLook *look, guint answer, const AssayObject *object, const double *apart)
{
  for (guint n = 0; n < look->task->nodes->len; n++)
    {
      const AssayNode *node = &g_array_index (look->task->nodes, AssayNode, n);
      const AssayKeypoint *point = assay_keypoints_find (object->value, &node->id);
      if (point == NULL || isnan (apart[n]))
        continue;
      AssaySpot spot = assay_spot_new (look, answer, object);
      spot.box = (AssayRect){ point->at.x - HALF_SIDE_PX, point->at.y - HALF_SIDE_PX, 2 * HALF_SIDE_PX,
                              2 * HALF_SIDE_PX };
      assay_outliers_add (state, node->name, &spot, apart[n]);
    }
}

/* Of two answers nobody knows which one slipped: it is told once. */
static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  guint n_told = look->labels->len == 2 ? 1 : look->labels->len;
  if (look->labels->len < 2)
    return;
  g_auto (Distances) distances;
  distances_init (&distances, look);
  measure (look, &distances);
  for (guint i = 0; i < n_told; i++)
    {
      const GPtrArray *objects = ((const AssayLabel *) look->labels->pdata[i])->objects->list;
      for (guint o = 0; o < objects->len; o++)
        add (state, look, i, objects->pdata[o], distances.apart[i] + (gsize) o * distances.n_nodes);
    }
}

static char *
say (const AssaySpot *spot, double value, double usual)
{
  return g_strdup_printf ("%s placed a point %.1f %% of the skeleton's size from the nearest of the others', and "
                          "%.1f %% is usual of it",
                          spot->annotator, 100 * value, 100 * usual);
}

static void
end (gpointer state, GPtrArray *findings)
{
  static const AssayOutlierRule rule
      = { .least = 20, .high = 4, .plain = TRUE, .several = TRUE, .severity = ASSAY_SEVERITY_NOTE, .say = say };
  assay_outliers_end (state, &assay_check_off_point, &rule, findings);
}

const AssayCheck assay_check_off_point = {
  .id = "off-point",
  .title = "Point off its place",
  .help = "a point of a skeleton that lies four times as far from the nearest of the others' as that point "
          "usually does: it slipped, or "
          "has another's name",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .kinds = kinds,
  .state_size = sizeof (AssayOutliers),
  .look = look_at,
  .merge = assay_outliers_merge_state,
  .end = end,
  .clear = assay_outliers_clear_state,
};
