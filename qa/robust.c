/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/robust.h"

#include "core/pose.h"
#include "qa/rotation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_STEPS 500
#define AT_REST 1e-12 /* of the spread of the points; of rotations, radians */
#define UPON 1e-9     /* nearer than this: upon a point */

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

double
assay_robust_median (const double *values, guint n)
{
  g_autofree double *sorted = g_memdup2 (values, n * sizeof *values);
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static double
distance (const double *a, const double *b, guint n)
{
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sqrt (sum);
}

/* One step from `at`; how far it goes. */
static double
step_point (const double *points, guint n, guint dimensions, double scale, double *at)
{
  double weights = 0, pull[3] = { 0 }, next[3] = { 0 };
  guint n_upon = 0;
  for (guint i = 0; i < n; i++)
    {
      const double *point = points + (gsize) i * dimensions;
      double far = distance (point, at, dimensions);
      if (far <= UPON * scale)
        {
          n_upon++;
          continue;
        }
      weights += 1 / far;
      for (guint d = 0; d < dimensions; d++)
        {
          next[d] += point[d] / far;
          pull[d] += (point[d] - at[d]) / far;
        }
    }
  double strength = distance (pull, (const double[3]){ 0 }, dimensions);
  /* What lies here holds it, unless the others pull harder than they are many. */
  if (weights == 0 || strength <= n_upon)
    return 0;
  double keep = n_upon / strength, moved = 0;
  for (guint d = 0; d < dimensions; d++)
    {
      double to = (1 - keep) * next[d] / weights + keep * at[d];
      moved += (to - at[d]) * (to - at[d]);
      at[d] = to;
    }
  return sqrt (moved);
}

void
assay_robust_point (const double *points, guint n, guint dimensions, double *ret_point)
{
  double at[3] = { 0 }, scale = 0;
  for (guint i = 0; i < n; i++)
    for (guint d = 0; d < dimensions; d++)
      at[d] += points[(gsize) i * dimensions + d] / n;
  for (guint i = 0; i < n; i++)
    scale = fmax (scale, distance (points + (gsize) i * dimensions, at, dimensions));
  for (guint step = 0; n > 2 && scale > 0 && step < MOST_STEPS; step++)
    if (step_point (points, n, dimensions, scale, at) <= AT_REST * scale)
      break;
  /* Towards one of them it comes ever slower: where one is better, it is that one. */
  guint best = n;
  double least = 0;
  for (guint i = 0; n > 2 && i < n; i++)
    least += distance (points + (gsize) i * dimensions, at, dimensions);
  for (guint k = 0; n > 2 && k < n; k++)
    {
      double sum = 0;
      for (guint i = 0; i < n; i++)
        sum += distance (points + (gsize) i * dimensions, points + (gsize) k * dimensions, dimensions);
      if (sum < least)
        {
          least = sum;
          best = k;
        }
    }
  memcpy (ret_point, best < n ? points + (gsize) best * dimensions : at, dimensions * sizeof *ret_point);
}

/* Axis times angle of the turn from `from` to `to`, in the frame of `from`. */
static double
turn_between (const double *from, const double *to, double *ret_turn)
{
  double m[9];
  for (guint i = 0; i < 3; i++)
    for (guint j = 0; j < 3; j++)
      m[3 * i + j] = from[i] * to[j] + from[3 + i] * to[3 + j] + from[6 + i] * to[6 + j];
  double v[3] = { m[7] - m[5], m[2] - m[6], m[3] - m[1] };
  double s = sqrt (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]), angle = atan2 (s, m[0] + m[4] + m[8] - 1);
  for (guint i = 0; i < 3; i++)
    ret_turn[i] = s > 0 ? v[i] / s * angle : 0;
  return angle;
}

static void
apply_turn (double *rotation, const double *turn)
{
  double angle = sqrt (turn[0] * turn[0] + turn[1] * turn[1] + turn[2] * turn[2]), next[9];
  if (angle <= 0)
    return;
  double x = turn[0] / angle, y = turn[1] / angle, z = turn[2] / angle, c = cos (angle), s = sin (angle), k = 1 - c;
  const double r[9] = { c + x * x * k,     x * y * k - z * s, x * z * k + y * s, y * x * k + z * s, c + y * y * k,
                        y * z * k - x * s, z * x * k - y * s, z * y * k + x * s, c + z * z * k };
  for (guint i = 0; i < 3; i++)
    for (guint j = 0; j < 3; j++)
      next[3 * i + j] = rotation[3 * i] * r[j] + rotation[3 * i + 1] * r[3 + j] + rotation[3 * i + 2] * r[6 + j];
  memcpy (rotation, next, sizeof next);
}

static double
total_angle (const double *rotations, guint n, const double *to)
{
  double sum = 0, turn[3];
  for (guint i = 0; i < n; i++)
    sum += turn_between (to, rotations + 9 * (gsize) i, turn);
  return sum;
}

void
assay_robust_rotation (const double *rotations, guint n, double ret_rotation[9])
{
  double at[9];
  assay_rotation_mean (rotations, n, at);
  for (guint step = 0; n > 2 && step < MOST_STEPS; step++)
    {
      double pull[3] = { 0 }, weights = 0, turn[3];
      for (guint i = 0; i < n; i++)
        {
          double angle = fmax (turn_between (at, rotations + 9 * (gsize) i, turn), UPON);
          weights += 1 / angle;
          for (guint d = 0; d < 3; d++)
            pull[d] += turn[d] / angle;
        }
      for (guint d = 0; d < 3; d++)
        turn[d] = pull[d] / weights;
      apply_turn (at, turn);
      if (distance (turn, (const double[3]){ 0 }, 3) <= AT_REST)
        break;
    }
  double least = n > 2 ? total_angle (rotations, n, at) : 0;
  for (guint k = 0; n > 2 && k < n; k++)
    {
      double sum = total_angle (rotations, n, rotations + 9 * (gsize) k);
      if (!(sum < least))
        continue;
      least = sum;
      memcpy (at, rotations + 9 * (gsize) k, sizeof at);
    }
  memcpy (ret_rotation, at, sizeof at);
}
