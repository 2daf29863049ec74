/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/geometry.h"

#include <math.h>

double
assay_rect_iou (AssayRect a, AssayRect b, gboolean b_is_crowd)
{
  double area_a = a.w * a.h, area_b = b.w * b.h;
  if (!(area_a > 0) && !(area_b > 0))
    return NAN;
  double w = fmin (a.x + a.w, b.x + b.w) - fmax (a.x, b.x);
  double h = fmin (a.y + a.h, b.y + b.h) - fmax (a.y, b.y);
  if (w <= 0 || h <= 0)
    return 0;
  /* x + w - x need not be w: equal boxes must not come out above 1. */
  return fmin (1, w * h / (b_is_crowd ? area_a : area_a + area_b - w * h));
}
