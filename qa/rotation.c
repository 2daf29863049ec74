/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/rotation.h"

#include <math.h>
#include <string.h>

/* Davenport's matrix of the summed rotations: its quadratic form at a unit quaternion (w, x, y, z) is the sum of
 * tr (R(q)^T R_i), so its largest eigenvector is the mean, whatever the signs of the single quaternions. */
static void
fill_davenport (const double *s, double k[4][4])
{
  const double filled[4][4] = {
    { s[0] + s[4] + s[8], s[7] - s[5], s[2] - s[6], s[3] - s[1] },
    { s[7] - s[5], s[0] - s[4] - s[8], s[1] + s[3], s[2] + s[6] },
    { s[2] - s[6], s[1] + s[3], s[4] - s[0] - s[8], s[5] + s[7] },
    { s[3] - s[1], s[2] + s[6], s[5] + s[7], s[8] - s[0] - s[4] },
  };
  memcpy (k, filled, sizeof filled);
}

/* Jacobi's rotations on a symmetric 4 x 4; columns of `v` become eigenvectors. Ten sweeps are more than it ever
 * takes. */
static void
diagonalise (double k[4][4], double v[4][4])
{
  for (guint i = 0; i < 4; i++)
    for (guint j = 0; j < 4; j++)
      v[i][j] = i == j;
  for (guint sweep = 0; sweep < 10; sweep++)
    for (guint p = 0; p < 3; p++)
      for (guint q = p + 1; q < 4; q++)
        {
          if (k[p][q] == 0)
            continue;
          double theta = (k[q][q] - k[p][p]) / (2 * k[p][q]);
          double t = copysign (1, theta) / (fabs (theta) + sqrt (theta * theta + 1));
          double c = 1 / sqrt (t * t + 1), s = t * c;
          for (guint i = 0; i < 4; i++)
            {
              double a = k[i][p], b = k[i][q];
              k[i][p] = c * a - s * b;
              k[i][q] = s * a + c * b;
            }
          for (guint i = 0; i < 4; i++)
            {
              double a = k[p][i], b = k[q][i];
              k[p][i] = c * a - s * b;
              k[q][i] = s * a + c * b;
              a = v[i][p];
              b = v[i][q];
              v[i][p] = c * a - s * b;
              v[i][q] = s * a + c * b;
            }
        }
}

void
assay_rotation_mean (const double *rotations, guint n, double ret_mean[9])
{
  double sum[9] = { 0 }, k[4][4], v[4][4];
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < 9; j++)
      sum[j] += rotations[9 * (gsize) i + j];
  fill_davenport (sum, k);
  diagonalise (k, v);
  guint top = 0;
  for (guint i = 1; i < 4; i++)
    if (k[i][i] > k[top][top])
      top = i;
  double w = v[0][top], x = v[1][top], y = v[2][top], z = v[3][top];
  const double mean[9] = {
    w * w + x * x - y * y - z * z, 2 * (x * y - w * z),           2 * (x * z + w * y),
    2 * (x * y + w * z),           w * w - x * x + y * y - z * z, 2 * (y * z - w * x),
    2 * (x * z - w * y),           2 * (y * z + w * x),           w * w - x * x - y * y + z * z,
  };
  memcpy (ret_mean, mean, sizeof mean);
}
