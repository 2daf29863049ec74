/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/share.h"

#include <math.h>

#define Z 1.959963984540054 /* of 95 % */

void
assay_share_interval (guint64 k, guint64 n, double *ret_low, double *ret_high)
{
  *ret_low = 0;
  *ret_high = 1;
  if (n == 0)
    return;
  double size = (double) n, p = (double) k / size, more = Z * Z / size, middle = (p + more / 2) / (1 + more),
         half = Z * sqrt (p * (1 - p) / size + more / (4 * size)) / (1 + more);
  *ret_low = fmax (middle - half, 0);
  *ret_high = fmin (middle + half, 1);
}
