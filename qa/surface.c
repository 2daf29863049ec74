/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/surface.h"

#include "qa/border.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAVIS_BOUND 0.008

/* A window of a picture that holds both masks, with a margin of one background pixel. */
typedef struct
{
  guint w, h;
  guint8 *a, *b;
} Window;

static void
window_clear (Window *window)
{
  g_clear_pointer (&window->a, g_free);
  g_clear_pointer (&window->b, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Window, window_clear)

/* Writes the mask into the window whose inner part begins at (x0, y0). */
static guint8 *
draw (const AssayMask *mask, guint x0, guint y0, guint w, guint h)
{
  guint8 *bytes = g_malloc0 ((gsize) w * h);
  assay_mask_to_bytes (mask, x0, y0, w - 2, h - 2, bytes + w + 1, w);
  return bytes;
}

static gboolean
window_init (Window *window, const AssayMask *a, const AssayMask *b)
{
  AssayRect of_a = { 0 }, of_b = { 0 };
  gboolean some_a = assay_mask_bounds (a, &of_a), some_b = assay_mask_bounds (b, &of_b);
  if (a->width_px != b->width_px || a->height_px != b->height_px || (!some_a && !some_b))
    return FALSE;
  if (!some_a)
    of_a = of_b;
  if (!some_b)
    of_b = of_a;
  double x0 = MIN (of_a.x, of_b.x), y0 = MIN (of_a.y, of_b.y);
  double x1 = MAX (of_a.x + of_a.w, of_b.x + of_b.w), y1 = MAX (of_a.y + of_a.h, of_b.y + of_b.h);
  window->w = (guint) (x1 - x0) + 2;
  window->h = (guint) (y1 - y0) + 2;
  window->a = draw (a, (guint) x0, (guint) y0, window->w, window->h);
  window->b = draw (b, (guint) x0, (guint) y0, window->w, window->h);
  return TRUE;
}

#define FAR ((gint64) 1 << 30)

/* The place from which parabola u (height gu) is below parabola i on a row. */
static gint64
separation (gint64 i, gint64 gi, gint64 u, gint64 gu)
{
  gint64 numerator = u * u - i * i + gu * gu - gi * gi, denominator = 2 * (u - i);
  gint64 quotient = numerator / denominator;
  return quotient - (numerator % denominator != 0 && numerator < 0); /* rounds down */
}

static void
scan_row (const gint32 *column_distance, guint w, gint32 *site, gint64 *from, gint64 *ret_squared)
{
  gint64 top = 0;
  site[0] = 0;
  from[0] = 0;
  for (gint64 u = 1; u < w; u++)
    {
      gint64 gu = column_distance[u];
      while (top >= 0)
        {
          gint64 i = site[top], gi = column_distance[i], t = from[top];
          if ((t - i) * (t - i) + gi * gi <= (t - u) * (t - u) + gu * gu)
            break;
          top--;
        }
      if (top < 0)
        {
          top = 0;
          site[0] = (gint32) u;
          from[0] = 0;
          continue;
        }
      gint64 start = 1 + separation (site[top], column_distance[site[top]], u, gu);
      if (start < w)
        {
          top++;
          site[top] = (gint32) u;
          from[top] = start;
        }
    }
  for (gint64 u = (gint64) w - 1; u >= 0; u--)
    {
      gint64 i = site[top], gi = column_distance[i];
      ret_squared[u] = (u - i) * (u - i) + gi * gi;
      if (u == from[top])
        top--;
    }
}

/* Squared distance of every cell to the nearest set one; the set must not be empty. */
static gint64 *
distance_squared (const guint8 *set, guint w, guint h)
{
  g_autofree gint32 *column = g_new (gint32, (gsize) w * h);
  for (guint x = 0; x < w; x++)
    {
      gint32 distance = (gint32) FAR;
      for (guint y = 0; y < h; y++)
        {
          distance = set[(gsize) y * w + x] ? 0 : MIN (distance + 1, (gint32) FAR);
          column[(gsize) y * w + x] = distance;
        }
      for (guint y = h; y-- > 0;)
        {
          distance = set[(gsize) y * w + x] ? 0 : MIN (distance + 1, (gint32) FAR);
          column[(gsize) y * w + x] = MIN (column[(gsize) y * w + x], distance);
        }
    }
  gint64 *squared = g_new (gint64, (gsize) w * h);
  g_autofree gint32 *site = g_new (gint32, w);
  g_autofree gint64 *from = g_new (gint64, w);
  for (guint y = 0; y < h; y++)
    scan_row (column + (gsize) y * w, w, site, from, squared + (gsize) y * w);
  return squared;
}

typedef struct
{
  double distance, weight;
} Step;

/* From every set cell of `from` to the set `to`; weights are the lengths of codes, or 1. */
static GArray *
list_steps (const guint8 *from, const guint8 *to, guint w, guint h, const double *lengths)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (Step));
  g_autofree gint64 *squared = distance_squared (to, w, h);
  for (gsize i = 0; i < (gsize) w * h; i++)
    if (from[i])
      {
        Step step = { sqrt ((double) squared[i]), lengths != NULL ? lengths[from[i]] : 1 };
        g_array_append_val (steps, step);
      }
  return steps;
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  double x = ((const Step *) a)->distance, y = ((const Step *) b)->distance;
  return (x > y) - (x < y);
}

static double
largest (const GArray *sorted)
{
  return sorted->len > 0 ? g_array_index (sorted, Step, sorted->len - 1).distance : 0;
}

static double
mean (const GArray *steps)
{
  double sum = 0, weight = 0;
  for (guint i = 0; i < steps->len; i++)
    {
      const Step *step = &g_array_index (steps, Step, i);
      sum += step->distance * step->weight;
      weight += step->weight;
    }
  return sum / weight;
}

/* The first distance by which 95 % of the length are reached. */
static double
weighted_percentile95 (const GArray *sorted)
{
  double total = 0, reached = 0;
  for (guint i = 0; i < sorted->len; i++)
    total += g_array_index (sorted, Step, i).weight;
  for (guint i = 0; i < sorted->len; i++)
    {
      reached += g_array_index (sorted, Step, i).weight;
      if (reached / total >= 0.95)
        return g_array_index (sorted, Step, i).distance;
    }
  return largest (sorted);
}

static gboolean
both_there (const AssayMask *a, const AssayMask *b)
{
  return assay_mask_area_px (a) > 0 && assay_mask_area_px (b) > 0;
}

static double
length_within (const GArray *steps, double distance)
{
  double length = 0;
  for (guint i = 0; i < steps->len; i++)
    if (g_array_index (steps, Step, i).distance <= distance)
      length += g_array_index (steps, Step, i).weight;
  return length;
}

static double
diagonal_px (const AssayMask *mask)
{
  return hypot (mask->width_px, mask->height_px);
}

/* Two sorted lists of squared distances as one. */
static GArray *
pool (const GArray *a, const GArray *b)
{
  GArray *pooled = g_array_sized_new (FALSE, FALSE, sizeof (guint64), a->len + b->len);
  for (guint i = 0, j = 0; i < a->len || j < b->len;)
    {
      gboolean from_a
          = j == b->len || (i < a->len && g_array_index (a, guint64, i) <= g_array_index (b, guint64, j));
      guint64 next = from_a ? g_array_index (a, guint64, i++) : g_array_index (b, guint64, j++);
      g_array_append_val (pooled, next);
    }
  return pooled;
}

static double
root_at (const GArray *squared, guint index)
{
  return sqrt ((double) g_array_index (squared, guint64, index));
}

static double
mean_root (const GArray *squared)
{
  double sum = 0;
  for (guint i = 0; i < squared->len; i++)
    sum += root_at (squared, i);
  return sum / squared->len;
}

/* Linear between order statistics, as numpy does by default. */
static double
root_percentile95 (const GArray *squared)
{
  double at = 0.95 * (squared->len - 1);
  guint below = (guint) floor (at), above = MIN (below + 1, squared->len - 1);
  double low = root_at (squared, below);
  return low + (at - below) * (root_at (squared, above) - low);
}

static double
share_within (const GArray *squared, double distance)
{
  guint n = 0;
  while (n < squared->len && root_at (squared, n) <= distance)
    n++;
  return (double) n / squared->len;
}

/* Of two masks with pixels. */
static AssaySurface
compare_borders (const Window *window, double diagonal)
{
  g_auto (AssayBorder) border_a = { 0 }, border_b = { 0 };
  assay_border_init (&border_a, window->a, window->w, window->h);
  assay_border_init (&border_b, window->b, window->w, window->h);
  g_autoptr (GArray) ab = assay_border_distances (&border_a, &border_b);
  g_autoptr (GArray) ba = assay_border_distances (&border_b, &border_a);
  g_autoptr (GArray) pooled = pool (ab, ba);
  double bound = ceil (DAVIS_BOUND * diagonal), precision = share_within (ab, bound),
         recall = share_within (ba, bound);
  return (AssaySurface){
    .hausdorff_px = root_at (pooled, pooled->len - 1),
    .hausdorff95_px = root_percentile95 (pooled),
    .hausdorff95_max_px = MAX (root_percentile95 (ab), root_percentile95 (ba)),
    .asd_ab_px = mean_root (ab),
    .asd_ba_px = mean_root (ba),
    .assd_px = mean_root (pooled),
    .n_border_a = ab->len,
    .n_border_b = ba->len,
    .boundary_f = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0,
  };
}

gboolean
assay_borders_compare (const AssayMask *a, const AssayMask *b, AssaySurface *ret_surface)
{
  g_auto (Window) window = { 0 };
  if (!both_there (a, b) || !window_init (&window, a, b))
    return FALSE;
  *ret_surface = compare_borders (&window, diagonal_px (a));
  return TRUE;
}

gboolean
assay_surface_compare (const AssayMask *a, const AssayMask *b, AssaySurface *ret_surface)
{
  g_auto (Window) window = { 0 };
  if (!both_there (a, b) || !window_init (&window, a, b))
    return FALSE;
  *ret_surface = compare_borders (&window, diagonal_px (a));
  g_autoptr (GArray) filled_ab = list_steps (window.a, window.b, window.w, window.h, NULL);
  g_autoptr (GArray) filled_ba = list_steps (window.b, window.a, window.w, window.h, NULL);
  g_array_sort (filled_ab, compare_steps);
  g_array_sort (filled_ba, compare_steps);
  ret_surface->hausdorff_region_px = MAX (largest (filled_ab), largest (filled_ba));
  return TRUE;
}

/* 2 x 2 neighbourhoods of pixels as codes (8 4 / 2 1) on the grid of corners; 0 where no contour passes. */
static guint8 *
find_elements (const guint8 *mask, guint w, guint h)
{
  guint8 *codes = g_malloc0 ((gsize) w * h);
  for (guint y = 0; y + 1 < h; y++)
    for (guint x = 0; x + 1 < w; x++)
      {
        const guint8 *at = mask + (gsize) y * w + x;
        guint8 code = (guint8) (8 * at[0] + 4 * at[1] + 2 * at[w] + at[w + 1]);
        codes[(gsize) y * w + x] = code == 15 ? 0 : code;
      }
  return codes;
}

gboolean
assay_contour_compare (const AssayMask *a, const AssayMask *b, AssayContour *ret_contour)
{
  g_auto (Window) window = { 0 };
  if (!both_there (a, b) || !window_init (&window, a, b))
    return FALSE;
  /* One set pixel cuts a corner, two side by side make an edge, two across cut two corners. */
  const double corner = G_SQRT2 / 2, edge = 1;
  const double lengths[16] = { 0,      corner,     corner, edge,   corner, edge,   2 * corner, corner,
                               corner, 2 * corner, edge,   corner, edge,   corner, corner,     0 };
  g_autofree guint8 *elements_a = find_elements (window.a, window.w, window.h);
  g_autofree guint8 *elements_b = find_elements (window.b, window.w, window.h);
  g_autoptr (GArray) ab = list_steps (elements_a, elements_b, window.w, window.h, lengths);
  g_autoptr (GArray) ba = list_steps (elements_b, elements_a, window.w, window.h, lengths);
  g_array_sort (ab, compare_steps);
  g_array_sort (ba, compare_steps);
  AssayContour contour = {
    .asd_ab_px = mean (ab),
    .asd_ba_px = mean (ba),
    .hausdorff_px = MAX (largest (ab), largest (ba)),
    .hausdorff95_px = MAX (weighted_percentile95 (ab), weighted_percentile95 (ba)),
    .length_a_px = length_within (ab, INFINITY),
    .length_b_px = length_within (ba, INFINITY),
  };
  for (guint t = 0; t < ASSAY_CONTOUR_N_TOLERANCES; t++)
    contour.surface_dice[t]
        = (length_within (ab, t + 1) + length_within (ba, t + 1)) / (contour.length_a_px + contour.length_b_px);
  *ret_contour = contour;
  return TRUE;
}

/* The pixels of a mask that a square of 2 d + 1 around them does not wholly lie in, by sums over rectangles. */
static guint8 *
find_ring (const guint8 *mask, guint w, guint h, guint d)
{
  guint8 *ring = g_malloc0 ((gsize) w * h);
  gsize stride = (gsize) w + 1;
  g_autofree guint32 *sums = g_new0 (guint32, stride * (h + 1));
  for (guint y = 0; y < h; y++)
    for (guint x = 0; x < w; x++)
      sums[(y + 1) * stride + x + 1]
          = mask[(gsize) y * w + x] + sums[y * stride + x + 1] + sums[(y + 1) * stride + x] - sums[y * stride + x];
  for (guint y = 0; y < h; y++)
    for (guint x = 0; x < w; x++)
      {
        if (!mask[(gsize) y * w + x])
          continue;
        gboolean inside = FALSE;
        if (x >= d && y >= d && x + d < w && y + d < h)
          {
            guint32 *top = sums + (y - d) * stride, *bottom = sums + (y + d + 1) * stride;
            guint64 side = 2 * (guint64) d + 1;
            inside = bottom[x + d + 1] - top[x + d + 1] - bottom[x - d] + top[x - d] == side * side;
          }
        ring[(gsize) y * w + x] = !inside;
      }
  return ring;
}

double
assay_boundary_iou (const AssayMask *a, const AssayMask *b, double ratio, guint *ret_width_px, guint64 *ret_area_a,
                    guint64 *ret_area_b)
{
  guint d = (guint) MAX (1, rint (ratio * diagonal_px (a)));
  *ret_width_px = d;
  *ret_area_a = *ret_area_b = 0;
  g_auto (Window) window = { 0 };
  if (!window_init (&window, a, b))
    return 0;
  g_autofree guint8 *ring_a = find_ring (window.a, window.w, window.h, d);
  g_autofree guint8 *ring_b = find_ring (window.b, window.w, window.h, d);
  guint64 both = 0;
  for (gsize i = 0; i < (gsize) window.w * window.h; i++)
    {
      *ret_area_a += ring_a[i];
      *ret_area_b += ring_b[i];
      both += ring_a[i] && ring_b[i];
    }
  return (double) both / (double) (*ret_area_a + *ret_area_b - both);
}

double
assay_boundary_f (const AssayMask *a, const AssayMask *b)
{
  AssaySurface surface;
  if (assay_borders_compare (a, b, &surface))
    return surface.boundary_f;
  return assay_mask_area_px (a) == 0 && assay_mask_area_px (b) == 0 ? NAN : 0;
}
