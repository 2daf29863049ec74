/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/chance.h"

#include <float.h>
#include <math.h>

#define MOST_TERMS 100000
#define TINY 1e-300

/* x^a e^-x / Gamma (a) */
static double
factor (double a, double x)
{
  int sign;
  return exp (a * log (x) - x - lgamma_r (a, &sign));
}

static double
lower_by_series (double a, double x)
{
  double term = 1 / a, sum = term;
  for (guint i = 1; i < MOST_TERMS && term > sum * DBL_EPSILON; i++)
    {
      term *= x / (a + i);
      sum += term;
    }
  return sum * factor (a, x);
}

static double
upper_by_fraction (double a, double x)
{
  double b = x + 1 - a, c = 1 / TINY, d = 1 / b, fraction = d;
  for (guint i = 1; i < MOST_TERMS; i++)
    {
      double an = -(double) i * (i - a);
      b += 2;
      d = an * d + b;
      d = 1 / (fabs (d) < TINY ? TINY : d);
      c = b + an / c;
      c = fabs (c) < TINY ? TINY : c;
      fraction *= d * c;
      if (fabs (d * c - 1) < DBL_EPSILON)
        break;
    }
  return fraction * factor (a, x);
}

double
assay_chance_chi_square (double x, guint dof)
{
  double a = dof / 2.0, half = x / 2;
  if (dof == 0 || !(x >= 0))
    return NAN;
  if (half == 0)
    return 1;
  if (isinf (half))
    return 0;
  return half < a + 1 ? 1 - lower_by_series (a, half) : upper_by_fraction (a, half);
}

double
assay_chance_kolmogorov (double x)
{
  if (isnan (x))
    return NAN;
  if (x <= 0)
    return 1;
  double sum = 0;
  if (x < 1)
    {
      /* The other form of the same theta function: this one is quick for small x. */
      for (guint k = 1; k < 20; k++)
        sum += exp (-(2.0 * k - 1) * (2.0 * k - 1) * M_PI * M_PI / (8 * x * x));
      return 1 - sqrt (2 * M_PI) / x * sum;
    }
  for (guint k = 1; k < 20; k++)
    sum += (k % 2 == 1 ? 2 : -2) * exp (-2.0 * k * k * x * x);
  return sum;
}

double
assay_chance_normal (double z)
{
  return erfc (fabs (z) / M_SQRT2);
}
