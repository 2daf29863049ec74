/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/polygon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

AssayRing *
assay_ring_new (const AssayPoint *points, guint n_points, gboolean hole)
{
  AssayRing *ring = g_new (AssayRing, 1);
  ring->hole = hole;
  ring->n_points = n_points;
  ring->points = g_memdup2 (points, sizeof *points * n_points);
  return ring;
}

AssayRing *
assay_ring_copy (const AssayRing *ring)
{
  return assay_ring_new (ring->points, ring->n_points, ring->hole);
}

void
assay_ring_free (AssayRing *ring)
{
  if (ring == NULL)
    return;
  g_free (ring->points);
  g_free (ring);
}

gboolean
assay_ring_equal (const AssayRing *a, const AssayRing *b)
{
  if (a->hole != b->hole || a->n_points != b->n_points)
    return FALSE;
  for (guint i = 0; i < a->n_points; i++)
    if (a->points[i].x != b->points[i].x || a->points[i].y != b->points[i].y)
      return FALSE;
  return TRUE;
}

static AssayPoint
next_point (const AssayRing *ring, guint i)
{
  return ring->points[i + 1 < ring->n_points ? i + 1 : 0];
}

double
assay_ring_area (const AssayRing *ring)
{
  double twice = 0;
  for (guint i = 0; i < ring->n_points; i++)
    {
      AssayPoint a = ring->points[i], b = next_point (ring, i);
      twice += a.x * b.y - b.x * a.y;
    }
  return fabs (twice) / 2;
}

gboolean
assay_ring_contains (const AssayRing *ring, AssayPoint p)
{
  gboolean inside = FALSE;
  for (guint i = 0; i < ring->n_points; i++)
    {
      AssayPoint a = ring->points[i], b = next_point (ring, i);
      if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x))
        inside = !inside;
    }
  return inside;
}

double
assay_ring_distance (const AssayRing *ring, AssayPoint p, guint *ret_edge)
{
  double least = INFINITY;
  guint edge = 0;
  for (guint i = 0; i < ring->n_points; i++)
    {
      AssayPoint a = ring->points[i], b = next_point (ring, i);
      double dx = b.x - a.x, dy = b.y - a.y, squared = dx * dx + dy * dy;
      double t = squared > 0 ? CLAMP (((p.x - a.x) * dx + (p.y - a.y) * dy) / squared, 0, 1) : 0;
      double distance = hypot (a.x + t * dx - p.x, a.y + t * dy - p.y);
      if (distance < least)
        {
          least = distance;
          edge = i;
        }
    }
  if (ret_edge != NULL)
    *ret_edge = edge;
  return least;
}

/* COCO's rule (rleFrPoly of maskApi.c, Dollar and Lin 2015): vertices are rounded to fifths of a pixel and each
 * edge is stepped through point by point; where it passes from fifth 5x+2 to 5x+3 it crosses the middle of pixel
 * column x, and toggles what lies below in that column. The reference keeps every step of every edge; here each
 * crossing is computed from the same sums, so that time and memory follow the columns and not the length of the
 * edges. */
#define FIFTHS 5

/* Far outside any picture. Keeps products inside 64 bits whatever a file says. */
#define FAR_PX 1e8

static gint64
to_fifths (double px)
{
  return (gint64) (FIFTHS * CLAMP (isnan (px) ? 0 : px, -FAR_PX, FAR_PX)
                   + .5); /* towards zero, as the reference casts */
}

typedef struct
{
  gint64 x, y; /* of the end from which steps are counted */
  gint64 length;
  double slope; /* of the other axis, a step */
} Edge;

static gint64
step_other (gint64 from, double slope, gint64 t)
{
  return (gint64) ((double) from + slope * (double) t + .5);
}

/* Where a steep edge (stepped along y) passes from fifth u to u + 1, or back: the t before the pass. Sums round
 * monotonically, so a guess is at most a few steps away. */
static gint64
find_pass (const Edge *edge, gint64 u)
{
  gboolean rising = edge->slope > 0;
  gint64 t = (gint64) CLAMP (((double) u + .5 - (double) edge->x) / edge->slope, 0, (double) edge->length - 1);
  while (t > 0 && (step_other (edge->x, edge->slope, t) > u) == rising)
    t--;
  while (t + 1 < edge->length && (step_other (edge->x, edge->slope, t + 1) > u) != rising)
    t++;
  return t;
}

static void
add_crossing (GArray *toggles, guint column, gint64 v, guint height_px)
{
  double y = ceil (CLAMP (((double) v + .5) / FIFTHS - .5, 0, (double) height_px));
  guint64 at = (guint64) column * height_px + (guint64) y;
  g_array_append_val (toggles, at);
}

static void
add_edge (GArray *toggles, gint64 xs, gint64 ys, gint64 xe, gint64 ye, guint width_px, guint height_px)
{
  gint64 dx = llabs (xe - xs), dy = llabs (ye - ys);
  gboolean flat = dx >= dy;
  /* Counted from the left (flat) or from the top (steep). */
  gboolean flip = flat ? xs > xe : ys > ye;
  Edge edge = { .x = flip ? xe : xs, .y = flip ? ye : ys, .length = flat ? dx : dy };
  gint64 end_x = flip ? xs : xe, end_y = flip ? ys : ye;
  if (dx == 0)
    return;
  edge.slope = flat ? (double) (end_y - edge.y) / (double) dx : (double) (end_x - edge.x) / (double) dy;

  gint64 left = MIN (xs, xe), right = MAX (xs, xe);
  /* Columns x with left <= 5x + 2 and 5x + 3 <= right. */
  gint64 first = left <= 2 ? 0 : (left - 2 + FIFTHS - 1) / FIFTHS;
  gint64 last = right < 3 ? -1 : MIN ((right - 3) / FIFTHS, (gint64) width_px - 1);
  for (gint64 column = first; column <= last; column++)
    {
      gint64 u = FIFTHS * column + 2, v;
      if (flat)
        v = MIN (step_other (edge.y, edge.slope, u - edge.x), step_other (edge.y, edge.slope, u + 1 - edge.x));
      else
        v = edge.y + find_pass (&edge, u);
      add_crossing (toggles, (guint) column, v, height_px);
    }
}

static int
compare_positions (gconstpointer a, gconstpointer b)
{
  guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;
  return x < y ? -1 : x > y;
}

AssayMask *
assay_mask_new_from_ring (const AssayRing *ring, guint width_px, guint height_px)
{
  g_autoptr (GArray) toggles = g_array_new (FALSE, FALSE, sizeof (guint64));
  for (guint i = 0; i < ring->n_points; i++)
    {
      AssayPoint a = ring->points[i], b = next_point (ring, i);
      add_edge (toggles, to_fifths (a.x), to_fifths (a.y), to_fifths (b.x), to_fifths (b.y), width_px, height_px);
    }
  g_array_sort (toggles, compare_positions);
  guint64 total = (guint64) width_px * height_px, at = 0;
  g_autofree guint32 *runs = g_new (guint32, toggles->len + 1);
  guint n = 0;
  for (guint i = 0; i < toggles->len; i++)
    {
      guint64 next = MIN (g_array_index (toggles, guint64, i), total);
      runs[n++] = (guint32) (next - at);
      at = next;
    }
  runs[n++] = (guint32) (total - at);
  return assay_mask_new_from_runs (width_px, height_px, runs, n, NULL);
}

AssayMask *
assay_mask_new_from_rings (const GPtrArray *rings, guint width_px, guint height_px)
{
  AssayMask *mask = assay_mask_new_empty (width_px, height_px);
  for (guint pass = 0; pass < 2; pass++) /* holes last, whatever their order */
    for (guint i = 0; i < rings->len; i++)
      {
        const AssayRing *ring = rings->pdata[i];
        if (ring->hole != (pass == 1))
          continue;
        g_autoptr (AssayMask) old = mask;
        g_autoptr (AssayMask) one = assay_mask_new_from_ring (ring, width_px, height_px);
        mask = assay_mask_combine (old, one, ring->hole ? ASSAY_MASK_DIFFERENCE : ASSAY_MASK_UNION);
      }
  return mask;
}
