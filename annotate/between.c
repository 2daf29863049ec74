/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/between.h"

#include "core/json.h"
#include "core/mask-columns.h"
#include "core/region.h"

#include <math.h>

#define KEY "interpolated"
#define MAX_RING_POINTS 512u

gboolean
assay_object_is_interpolated (const AssayObject *object)
{
  return object->attributes != NULL && assay_json_get_bool (object->attributes, KEY);
}

void
assay_object_set_interpolated (AssayObject *object, gboolean interpolated)
{
  if (interpolated == assay_object_is_interpolated (object))
    return;
  json_t *attributes = object->attributes != NULL ? json_copy (object->attributes) : json_object ();
  if (interpolated)
    json_object_set_new (attributes, KEY, json_true ());
  else
    json_object_del (attributes, KEY);
  json_decref (object->attributes);
  object->attributes = attributes;
  if (json_object_size (attributes) == 0)
    {
      json_decref (attributes);
      object->attributes = NULL;
    }
}

static double
mix (double a, double b, double t)
{
  return a + (b - a) * t;
}

static gpointer
between_boxes (gconstpointer a, gconstpointer b, double t, guint width_px, guint height_px)
{
  AssayRect p = ((const AssayBox *) a)->box, q = ((const AssayBox *) b)->box;
  AssayBox *value = g_new0 (AssayBox, 1);
  value->box = (AssayRect){ mix (p.x, q.x, t), mix (p.y, q.y, t), mix (p.w, q.w, t), mix (p.h, q.h, t) };
  return value;
}

/* Rings */

static const AssayRing *
only_ring (const AssayRegion *region)
{
  const AssayRing *ring = region->rings != NULL && region->rings->len == 1 ? region->rings->pdata[0] : NULL;
  return ring != NULL && !ring->hole ? ring : NULL;
}

static double
signed_area (const AssayPoint *p, guint n)
{
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += p[i].x * p[(i + 1) % n].y - p[(i + 1) % n].x * p[i].y;
  return sum / 2;
}

/* `n` points at equal lengths along a ring, counter-clockwise in the picture whichever way it was drawn. */
static AssayPoint *
resample (const AssayRing *ring, guint n)
{
  guint m = ring->n_points;
  g_autofree AssayPoint *points = g_memdup2 (ring->points, m * sizeof *ring->points);
  if (signed_area (points, m) < 0)
    for (guint i = 0; i < m / 2; i++)
      {
        AssayPoint swap = points[i];
        points[i] = points[m - 1 - i];
        points[m - 1 - i] = swap;
      }
  double length = 0, walked = 0;
  for (guint i = 0; i < m; i++)
    length += hypot (points[(i + 1) % m].x - points[i].x, points[(i + 1) % m].y - points[i].y);
  AssayPoint *out = g_new (AssayPoint, n);
  guint edge = 0;
  for (guint i = 0; i < n; i++)
    {
      double want = length * i / n, step = 0;
      for (;; edge++)
        {
          AssayPoint a = points[edge % m], b = points[(edge + 1) % m];
          step = hypot (b.x - a.x, b.y - a.y);
          if (walked + step >= want || edge + 1 >= m)
            break;
          walked += step;
        }
      AssayPoint a = points[edge % m], b = points[(edge + 1) % m];
      double t = step > 0 ? CLAMP ((want - walked) / step, 0, 1) : 0;
      out[i] = (AssayPoint){ mix (a.x, b.x, t), mix (a.y, b.y, t) };
    }
  return out;
}

static AssayPoint
centre_of (const AssayPoint *p, guint n)
{
  AssayPoint sum = { 0 };
  for (guint i = 0; i < n; i++)
    sum = (AssayPoint){ sum.x + p[i].x / n, sum.y + p[i].y / n };
  return sum;
}

/* By how many points the second ring is to be turned so that its points are nearest to the first's, with their
 * middles on each other. */
static guint
find_turn (const AssayPoint *p, const AssayPoint *q, guint n)
{
  AssayPoint a = centre_of (p, n), b = centre_of (q, n);
  double least = INFINITY;
  guint best = 0;
  for (guint turn = 0; turn < n; turn++)
    {
      double sum = 0;
      for (guint i = 0; i < n && sum < least; i++)
        {
          AssayPoint r = q[(i + turn) % n];
          double dx = (p[i].x - a.x) - (r.x - b.x), dy = (p[i].y - a.y) - (r.y - b.y);
          sum += dx * dx + dy * dy;
        }
      if (sum < least)
        {
          least = sum;
          best = turn;
        }
    }
  return best;
}

/* Rings of as many points keep their corners: each goes to its own. Else both are cut into equal lengths. */
static AssayRing *
between_rings (const AssayRing *a, const AssayRing *b, double t)
{
  gboolean same = a->n_points == b->n_points
                  && (signed_area (a->points, a->n_points) < 0) == (signed_area (b->points, b->n_points) < 0);
  guint n = same ? a->n_points : CLAMP (4 * MAX (a->n_points, b->n_points), 32, MAX_RING_POINTS);
  g_autofree AssayPoint *p = same ? g_memdup2 (a->points, n * sizeof *p) : resample (a, n);
  g_autofree AssayPoint *q = same ? g_memdup2 (b->points, n * sizeof *q) : resample (b, n);
  guint turn = find_turn (p, q, n);
  for (guint i = 0; i < n; i++)
    {
      AssayPoint to = q[(i + turn) % n];
      p[i] = (AssayPoint){ mix (p[i].x, to.x, t), mix (p[i].y, to.y, t) };
    }
  return assay_ring_new (p, n, FALSE);
}

/* Masks */

/* Squared distances to the nearest marked cell of a line, in place (Felzenszwalb and Huttenlocher 2012); 0 =
 * marked, INFINITY = not. `stride` between cells. */
static void
spread (float *line, gsize stride, guint n, float *copy, int *at, float *from)
{
  int k = -1;
  for (guint i = 0; i < n; i++)
    copy[i] = line[i * stride];
  for (int q = 0; q < (int) n; q++)
    {
      if (!isfinite (copy[q]))
        continue;
      float s = -INFINITY;
      while (k >= 0)
        {
          int v = at[k];
          s = ((copy[q] + (float) q * (float) q) - (copy[v] + (float) v * (float) v)) / (2 * (float) (q - v));
          if (s > from[k])
            break;
          k--;
        }
      at[++k] = q;
      from[k] = k == 0 ? -INFINITY : s;
    }
  if (k < 0)
    return;
  for (int q = 0, j = 0; q < (int) n; q++)
    {
      while (j < k && from[j + 1] < (float) q)
        j++;
      float d = (float) (q - at[j]);
      line[(gsize) q * stride] = copy[at[j]] + d * d;
    }
}

static void
spread_all (float *field, guint w, guint h)
{
  guint most = MAX (w, h);
  g_autofree float *copy = g_new (float, most), *from = g_new (float, most + 1);
  g_autofree int *at = g_new (int, most + 1);
  for (guint x = 0; x < w; x++)
    spread (field + x, w, h, copy, at, from);
  for (guint y = 0; y < h; y++)
    spread (field + (gsize) y * w, 1, w, copy, at, from);
}

/* A piece of the picture, `bytes` inside or out. */
typedef struct
{
  int x, y;
  guint w, h;
  float *distance; /* to the border: below 0 inside */
  AssayPoint centre;
} Field;

static void
field_clear (Field *field)
{
  g_free (field->distance);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Field, field_clear)

/* Around the mask's box with one pixel of outside on every side, so that the border is known there too. */
static gboolean
measure (const AssayMask *mask, Field *field)
{
  AssayRect box = { 0 };
  if (!assay_mask_bounds (mask, &box))
    return FALSE;
  guint w = (guint) box.w, h = (guint) box.h;
  field->x = (int) box.x - 1;
  field->y = (int) box.y - 1;
  field->w = w + 2;
  field->h = h + 2;
  gsize n = (gsize) field->w * field->h;
  g_autofree guint8 *inside = g_new0 (guint8, n);
  assay_mask_to_bytes (mask, (guint) box.x, (guint) box.y, w, h, inside + field->w + 1, field->w);
  g_autofree float *to_inside = g_new (float, n);
  field->distance = g_new (float, n); /* to the outside first */
  double sum_x = 0, sum_y = 0, area = 0;
  for (gsize i = 0; i < n; i++)
    {
      to_inside[i] = inside[i] ? 0 : INFINITY;
      field->distance[i] = inside[i] ? INFINITY : 0;
      if (!inside[i])
        continue;
      area++;
      sum_x += field->x + (double) (i % field->w) + 0.5;
      sum_y += field->y + (double) (i / field->w) + 0.5;
    }
  field->centre = (AssayPoint){ sum_x / area, sum_y / area };
  spread_all (to_inside, field->w, field->h);
  spread_all (field->distance, field->w, field->h);
  for (gsize i = 0; i < n; i++)
    field->distance[i] = inside[i] ? 0.5f - sqrtf (field->distance[i]) : sqrtf (to_inside[i]) - 0.5f;
  return TRUE;
}

/* Beyond the piece that was measured it is as far as to the piece, and from there on. */
static double
distance_at (const Field *field, int x, int y)
{
  int cx = CLAMP (x, field->x, field->x + (int) field->w - 1),
      cy = CLAMP (y, field->y, field->y + (int) field->h - 1);
  return (double) field->distance[(gsize) (cy - field->y) * field->w + (gsize) (cx - field->x)]
         + hypot (x - cx, y - cy);
}

static AssayMask *
between_masks (const AssayMask *a, const AssayMask *b, double t, guint width_px, guint height_px)
{
  g_auto (Field) p = { 0 }, q = { 0 };
  AssayMaskBuilder builder;
  if (!measure (a, &p) || !measure (b, &q))
    return assay_mask_new_empty (width_px, height_px);
  double cx = mix (p.centre.x, q.centre.x, t), cy = mix (p.centre.y, q.centre.y, t);
  int px = (int) lround (cx - p.centre.x), py = (int) lround (cy - p.centre.y);
  int qx = (int) lround (cx - q.centre.x), qy = (int) lround (cy - q.centre.y);
  int left = MIN (p.x + px, q.x + qx), top = MIN (p.y + py, q.y + qy);
  int right = MAX (p.x + px + (int) p.w, q.x + qx + (int) q.w);
  int bottom = MAX (p.y + py + (int) p.h, q.y + qy + (int) q.h);
  left = CLAMP (left, 0, (int) width_px);
  right = CLAMP (right, 0, (int) width_px);
  top = CLAMP (top, 0, (int) height_px);
  bottom = CLAMP (bottom, 0, (int) height_px);
  assay_mask_builder_init (&builder, width_px, height_px);
  for (int x = left; x < right; x++)
    for (int y = top; y < bottom; y++)
      {
        int begin = y;
        while (y < bottom && mix (distance_at (&p, x - px, y - py), distance_at (&q, x - qx, y - qy), t) <= 0)
          y++;
        if (y > begin)
          assay_mask_builder_add (&builder, (guint) x, (guint) begin, (guint) y);
      }
  return assay_mask_builder_end (&builder);
}

static gpointer
between_regions (gconstpointer a, gconstpointer b, double t, guint width_px, guint height_px)
{
  const AssayRegion *p = a, *q = b;
  const AssayRing *from = only_ring (p), *to = only_ring (q);
  AssayRegion *region = NULL;
  if (from != NULL && to != NULL)
    {
      GPtrArray *rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
      g_ptr_array_add (rings, between_rings (from, to, t));
      region = assay_region_new_from_rings (rings, width_px, height_px);
    }
  else
    region = assay_region_new_from_mask (between_masks (p->mask, q->mask, t, width_px, height_px));
  region->crowd = p->crowd;
  if (assay_mask_area_px (region->mask) == 0)
    g_clear_pointer (&region, assay_region_free);
  return region;
}

static const struct
{
  const char *kind;
  gpointer (*between) (gconstpointer a, gconstpointer b, double t, guint width_px, guint height_px);
} ways[] = { { "box", between_boxes }, { "segmentation", between_regions } };

gboolean
assay_kind_has_between (const AssayKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_str_equal (ways[i].kind, kind->id))
      return TRUE;
  return FALSE;
}

gpointer
assay_between (const AssayKind *kind, gconstpointer a, gconstpointer b, double t, guint width_px, guint height_px)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_str_equal (ways[i].kind, kind->id))
      return ways[i].between (a, b, t, width_px, height_px);
  return NULL;
}
