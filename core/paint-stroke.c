/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a brush covers, column by column. */
#include "core/paint.h"

#include <math.h>

/* What a column at `cx` has of a square of half-side `r` drawn along a line: where the square's middle may stand,
 * and how high it is there. */
static gboolean
square_interval (AssayPoint a, AssayPoint b, double r, double cx, double *ret_top, double *ret_bottom)
{
  double dx = b.x - a.x, t0 = 0, t1 = 1;
  if (dx == 0 && fabs (cx - a.x) > r)
    return FALSE;
  if (dx != 0)
    {
      double from = (cx - r - a.x) / dx, to = (cx + r - a.x) / dx;
      t0 = fmax (t0, fmin (from, to));
      t1 = fmin (t1, fmax (from, to));
    }
  if (t0 > t1)
    return FALSE;
  double y0 = a.y + t0 * (b.y - a.y), y1 = a.y + t1 * (b.y - a.y);
  *ret_top = fmin (y0, y1) - r;
  *ret_bottom = fmax (y0, y1) + r;
  return TRUE;
}

static void
widen (double top, double bottom, gboolean *any, double *ret_top, double *ret_bottom)
{
  *ret_top = *any ? fmin (*ret_top, top) : top;
  *ret_bottom = *any ? fmax (*ret_bottom, bottom) : bottom;
  *any = TRUE;
}

static void
widen_by_disc (AssayPoint at, double r, double cx, gboolean *any, double *ret_top, double *ret_bottom)
{
  double across = cx - at.x, along = r * r - across * across;
  if (along >= 0)
    widen (at.y - sqrt (along), at.y + sqrt (along), any, ret_top, ret_bottom);
}

/* A disc drawn along a line is two discs and what is between the two lines that touch both. It is convex: one
 * interval. */
static gboolean
round_interval (AssayPoint a, AssayPoint b, double r, double cx, double *ret_top, double *ret_bottom)
{
  double dx = b.x - a.x, dy = b.y - a.y, length = hypot (dx, dy);
  gboolean any = FALSE;
  widen_by_disc (a, r, cx, &any, ret_top, ret_bottom);
  widen_by_disc (b, r, cx, &any, ret_top, ret_bottom);
  for (int side = -1; length > 0 && side <= 1; side += 2)
    {
      AssayPoint from = { a.x - side * r * dy / length, a.y + side * r * dx / length };
      double t = dx != 0 ? (cx - from.x) / dx : -1;
      if (t >= 0 && t <= 1)
        widen (from.y + t * dy, from.y + t * dy, &any, ret_top, ret_bottom);
    }
  return any;
}

void
assay_paint_stroke (AssayPaint *paint, AssayPoint a, AssayPoint b, double size_px, AssayBrushShape shape,
                    gboolean inside)
{
  gboolean fine = size_px < 1.5;
  double r = fine ? 0.5 : size_px / 2;
  int left = (int) fmax (0, floor (fmin (a.x, b.x) - r)),
      right = (int) fmin (assay_paint_get_width_px (paint), ceil (fmax (a.x, b.x) + r));
  for (int x = left; x < right; x++)
    {
      double top = 0, bottom = 0;
      gboolean any = fine || shape == ASSAY_BRUSH_SQUARE ? square_interval (a, b, r, x + 0.5, &top, &bottom)
                                                         : round_interval (a, b, r, x + 0.5, &top, &bottom);
      if (any)
        assay_paint_span (paint, x, (int) fmax (ceil (top - 0.5), -1),
                          (int) fmin (floor (bottom - 0.5) + 1, G_MAXINT), inside);
    }
}
