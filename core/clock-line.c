/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/clock-line.h"

#include <math.h>
#include <stdlib.h>

#define MOST_POINTS 4096
#define ROUNDS 50
#define CLOSE_NS 1.0 /* residuals below this weigh the same: the clock itself counts no finer */

typedef struct
{
  guint64 count;
  gint64 stamp_ns;
} Point;

struct _AssayClockLine
{
  GArray *points;      /* of Point */
  guint every, passed; /* one point in `every` is taken */
};

AssayClockLine *
assay_clock_line_new (void)
{
  AssayClockLine *line = g_new0 (AssayClockLine, 1);
  line->points = g_array_new (FALSE, FALSE, sizeof (Point));
  line->every = 1;
  return line;
}

void
assay_clock_line_free (AssayClockLine *line)
{
  if (line == NULL)
    return;
  g_array_unref (line->points);
  g_free (line);
}

static void
give_up_every_second (AssayClockLine *line)
{
  for (guint i = 0; 2 * i < line->points->len; i++)
    g_array_index (line->points, Point, i) = g_array_index (line->points, Point, 2 * i);
  g_array_set_size (line->points, (line->points->len + 1) / 2);
  line->every *= 2;
}

void
assay_clock_line_add (AssayClockLine *line, guint64 count, gint64 stamp_ns)
{
  guint n = line->points->len;
  if (line->passed++ % line->every != 0 || (n > 0 && g_array_index (line->points, Point, n - 1).count >= count))
    return;
  Point point = { count, stamp_ns };
  g_array_append_val (line->points, point);
  if (line->points->len >= MOST_POINTS)
    give_up_every_second (line);
}

void
assay_clock_line_shift (AssayClockLine *line, gint64 from_ns, guint64 n)
{
  for (guint i = line->points->len; i > 0 && g_array_index (line->points, Point, i - 1).stamp_ns >= from_ns; i--)
    g_array_index (line->points, Point, i - 1).count += n;
}

static int
by_size (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static double
quantile (double *values, guint n, double share)
{
  qsort (values, n, sizeof *values, by_size);
  return values[(guint) MIN (floor (share * n), n - 1)];
}

/* Slopes between points half the recording apart: their median stands however wrong a quarter of the stamps is. */
static double
first_slope (const double *x, const double *y, guint n, double *scratch)
{
  guint half = n / 2;
  for (guint i = 0; i + half < n; i++)
    scratch[i] = (y[i + half] - y[i]) / (x[i + half] - x[i]);
  return quantile (scratch, n - half, 0.5);
}

/* One weighted least-squares line; weights are one over the residuals of the line before. */
static void
refine (const double *x, const double *y, guint n, double *slope, double *offset)
{
  double sw = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (guint i = 0; i < n; i++)
    {
      double w = 1 / MAX (fabs (y[i] - *slope * x[i] - *offset), CLOSE_NS);
      sw += w, sx += w * x[i], sy += w * y[i], sxx += w * x[i] * x[i], sxy += w * x[i] * y[i];
    }
  double det = sw * sxx - sx * sx;
  if (det <= 0)
    return;
  *slope = (sw * sxy - sx * sy) / det;
  *offset = (sy - *slope * sx) / sw;
}

gboolean
assay_clock_line_fit (const AssayClockLine *line, AssayClockFit *ret_fit)
{
  guint n = line->points->len;
  if (n < 3)
    return FALSE;
  const Point *points = (const Point *) (gconstpointer) line->points->data;
  g_autofree double *x = g_new (double, n), *y = g_new (double, n), *scratch = g_new (double, n);
  /* From the middle: then slope and offset hardly depend on each other, and doubles hold nanoseconds of days. */
  const Point origin = points[n / 2];
  for (guint i = 0; i < n; i++)
    {
      x[i] = (double) (gint64) (points[i].count - origin.count);
      y[i] = (double) (points[i].stamp_ns - origin.stamp_ns);
    }
  double slope = first_slope (x, y, n, scratch);
  for (guint i = 0; i < n; i++)
    scratch[i] = y[i] - slope * x[i];
  double offset = quantile (scratch, n, 0.5);
  for (guint round = 0; round < ROUNDS; round++)
    refine (x, y, n, &slope, &offset);
  for (guint i = 0; i < n; i++)
    scratch[i] = fabs (y[i] - slope * x[i] - offset);
  *ret_fit = (AssayClockFit){ .origin_count = (double) origin.count,
                              .origin_ns = origin.stamp_ns + llround (offset),
                              .ns_per_count = slope,
                              .residual_median_ns = quantile (scratch, n, 0.5),
                              .residual_p95_ns = quantile (scratch, n, 0.95),
                              .n = n };
  return TRUE;
}

gint64
assay_clock_fit_to_ns (const AssayClockFit *fit, double count)
{
  return fit->origin_ns + llround (fit->ns_per_count * (count - fit->origin_count));
}

double
assay_clock_fit_to_count (const AssayClockFit *fit, gint64 stamp_ns)
{
  return fit->origin_count + (double) (stamp_ns - fit->origin_ns) / fit->ns_per_count;
}

json_t *
assay_clock_fit_to_json (const AssayClockFit *fit)
{
  return json_pack ("{s:f, s:I, s:f, s:f, s:f, s:i}", "origin_count", fit->origin_count, "origin_ns",
                    (json_int_t) fit->origin_ns, "ns_per_count", fit->ns_per_count, "residual_median_ns",
                    fit->residual_median_ns, "residual_p95_ns", fit->residual_p95_ns, "n", (int) fit->n);
}

gboolean
assay_clock_fit_from_json (const json_t *json, AssayClockFit *ret_fit)
{
  AssayClockFit fit = { 0 };
  json_int_t origin_ns;
  int n;
  if (json_unpack ((json_t *) json, "{s:F, s:I, s:F, s:F, s:F, s:i}", "origin_count", &fit.origin_count,
                   "origin_ns", &origin_ns, "ns_per_count", &fit.ns_per_count, "residual_median_ns",
                   &fit.residual_median_ns, "residual_p95_ns", &fit.residual_p95_ns, "n", &n)
          != 0
      || !(fit.ns_per_count > 0))
    return FALSE;
  fit.origin_ns = origin_ns;
  fit.n = (guint) n;
  *ret_fit = fit;
  return TRUE;
}
