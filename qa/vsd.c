/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/vsd.h"

#include <math.h>

/* Along the ray, from z. */
static double
distance_at (const AssayDepths *depths, const double *picture, guint x, guint y)
{
  double z = picture[(gsize) y * depths->width_px + x];
  double across = (x - depths->cx) * z / depths->fx, down = (y - depths->cy) * z / depths->fy;
  return sqrt (across * across + down * down + z * z);
}

static gboolean
is_visible (double drawn, double seen, double delta)
{
  return drawn > 0 && (drawn - seen <= delta || seen == 0);
}

void
assay_vsd_measure (const AssayDepths *depths, double delta, double diameter, AssayVsdCost cost,
                   const double *tolerances, guint n_tolerances, double *ret_errors)
{
  double n_either = 0, n_one = 0;
  for (guint t = 0; t < n_tolerances; t++)
    ret_errors[t] = 0;
  for (guint y = 0; y < depths->height_px; y++)
    for (guint x = 0; x < depths->width_px; x++)
      {
        double seen = distance_at (depths, depths->seen, x, y),
               estimate = distance_at (depths, depths->estimate, x, y),
               truth = distance_at (depths, depths->truth, x, y);
        gboolean in_truth = is_visible (truth, seen, delta),
                 in_estimate = is_visible (estimate, seen, delta) || (in_truth && estimate > 0);
        if (!in_truth && !in_estimate)
          continue;
        n_either++;
        if (!in_truth || !in_estimate)
          {
            n_one++;
            continue;
          }
        double apart = fabs (truth - estimate) / (isnan (diameter) ? 1 : diameter);
        for (guint t = 0; t < n_tolerances; t++)
          ret_errors[t] += cost == ASSAY_VSD_STEP ? apart >= tolerances[t] : fmin (apart / tolerances[t], 1);
      }
  for (guint t = 0; t < n_tolerances; t++)
    ret_errors[t] = n_either > 0 ? (ret_errors[t] + n_one) / n_either : 1;
}
