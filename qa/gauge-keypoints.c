/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every node by itself: how far apart, in pixels and in sigmas, and whether both say the same of it. */
#include "core/keypoints.h"
#include "qa/gauge.h"

#include <math.h>

static const AssayMeasureDef measures[] = {
  { "distance_sigmas", "Distance", "sigmas", FALSE },
  { "node_px", "Distance", "px", FALSE },
  { "node_sigmas", "Distance", "sigmas", FALSE },
  { "node_same_state", "Same state", "", TRUE },
  { NULL },
};

static void
measure (gconstpointer loaded, const AssayLook *look, const AssayPairing *pairing, GArray *figures)
{
  const AssayKeypoints *a = pairing->a->value, *b = pairing->b->value;
  double size = sqrt ((assay_keypoints_area (a) + assay_keypoints_area (b)) / 2), sum = 0, n_placed = 0;
  for (guint i = 0; i < look->task->nodes->len; i++)
    {
      const AssayNode *node = &g_array_index (look->task->nodes, AssayNode, i);
      const AssayKeypoint *p = assay_keypoints_find (a, &node->id), *q = assay_keypoints_find (b, &node->id);
      if (p == NULL || q == NULL)
        continue;
      GQuark part = g_quark_from_string (node->name);
      assay_figures_add (figures, &measures[3], part, p->state == q->state, 1);
      if (!assay_keypoint_is_placed (p) || !assay_keypoint_is_placed (q))
        continue;
      double sigma = node->sigma > 0 ? node->sigma : ASSAY_NODE_SIGMA;
      double distance = hypot (p->at.x - q->at.x, p->at.y - q->at.y), sigmas = distance / (2 * sigma * size);
      assay_figures_add (figures, &measures[1], part, distance, 1);
      assay_figures_add (figures, &measures[2], part, sigmas, 1);
      sum += sigmas;
      n_placed++;
    }
  if (n_placed > 0)
    assay_figures_add (figures, &measures[0], 0, sum / n_placed, 1);
}

const AssayGauge assay_gauge_keypoints = {
  .id = "keypoints",
  .measures = measures,
  .measure = measure,
};
