/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/share.h"

#include <math.h>

void
assay_share_interval (guint64 k, guint64 n, double *ret_low, double *ret_high)
{
  *ret_low = 0;
  *ret_high = 1;
  if (n > 0)
    assay_share_interval_of ((double) k / (double) n, (double) n, ret_low, ret_high);
}

void
assay_share_interval_of (double share, double n, double *ret_low, double *ret_high)
{
  *ret_low = *ret_high = NAN;
  if (!(n > 0) || isnan (share))
    return;
  double more = ASSAY_SHARE_Z * ASSAY_SHARE_Z / n, middle = (share + more / 2) / (1 + more),
         half = ASSAY_SHARE_Z * sqrt (share * (1 - share) / n + more / (4 * n)) / (1 + more);
  *ret_low = fmax (middle - half, 0);
  *ret_high = fmin (middle + half, 1);
}
