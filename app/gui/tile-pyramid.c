/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/tile-pyramid.h"

#include <math.h>

static void
fill_from_rgb8 (AssayPyramidLevel *level, const AssayPicture *picture)
{
  for (guint y = 0; y < level->height_px; y++)
    {
      const guint8 *from = picture->data + y * picture->stride;
      guint32 *to = level->pixels + (gsize) y * level->width_px;
      for (guint x = 0; x < level->width_px; x++, from += 3)
        to[x] = 0xff000000u | (guint32) from[0] << 16 | (guint32) from[1] << 8 | from[2];
    }
}

/* The mean of four, two channels at a time in one word. */
static inline guint32
average (guint32 a, guint32 b, guint32 c, guint32 d)
{
  guint32 rb = (a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff) + 0x20002;
  guint32 g = (a & 0xff00) + (b & 0xff00) + (c & 0xff00) + (d & 0xff00) + 0x200;
  return 0xff000000u | ((rb >> 2) & 0xff00ff) | ((g >> 2) & 0xff00);
}

static void
fill_half (AssayPyramidLevel *half, const AssayPyramidLevel *whole)
{
  for (guint y = 0; y < half->height_px; y++)
    {
      const guint32 *upper = whole->pixels + (gsize) (2 * y) * whole->width_px;
      const guint32 *lower = whole->pixels + (gsize) MIN (2 * y + 1, whole->height_px - 1) * whole->width_px;
      guint32 *to = half->pixels + (gsize) y * half->width_px;
      for (guint x = 0; x < half->width_px; x++)
        {
          guint left = 2 * x, right = MIN (2 * x + 1, whole->width_px - 1);
          to[x] = average (upper[left], upper[right], lower[left], lower[right]);
        }
    }
}

static void
add_level (AssayPyramid *pyramid, guint width_px, guint height_px)
{
  AssayPyramidLevel *level = &pyramid->levels[pyramid->n_levels++];
  level->width_px = width_px;
  level->height_px = height_px;
  level->pixels = g_new (guint32, (gsize) width_px * height_px);
}

AssayPyramid *
assay_pyramid_new (AssayPicture *picture)
{
  AssayPyramid *pyramid = g_new0 (AssayPyramid, 1);
  g_autoptr (AssayPicture) rgb
      = picture->pixels == ASSAY_PIXELS_RGB8 ? assay_picture_ref (picture) : assay_picture_to_rgb8 (picture);
  pyramid->refs = 1;
  pyramid->picture = assay_picture_ref (picture);
  add_level (pyramid, picture->width_px, picture->height_px);
  fill_from_rgb8 (&pyramid->levels[0], rgb);
  while (pyramid->n_levels < ASSAY_PYRAMID_MAX_LEVELS)
    {
      const AssayPyramidLevel *last = &pyramid->levels[pyramid->n_levels - 1];
      if (MAX (last->width_px, last->height_px) <= 128)
        break;
      add_level (pyramid, (last->width_px + 1) / 2, (last->height_px + 1) / 2);
      fill_half (&pyramid->levels[pyramid->n_levels - 1], last);
    }
  return pyramid;
}

AssayPyramid *
assay_pyramid_ref (AssayPyramid *pyramid)
{
  g_atomic_int_inc (&pyramid->refs);
  return pyramid;
}

void
assay_pyramid_unref (AssayPyramid *pyramid)
{
  if (pyramid == NULL || !g_atomic_int_dec_and_test (&pyramid->refs))
    return;
  for (guint i = 0; i < pyramid->n_levels; i++)
    g_free (pyramid->levels[i].pixels);
  assay_picture_unref (pyramid->picture);
  g_free (pyramid);
}

/* Where one row or column of the screen falls in a level: two neighbours, and 256ths of the second. */
typedef struct
{
  guint first, second, weight;
  gboolean outside;
} Place;

static void
place (Place *places, int first, int n, double zoom, guint level, guint size, guint image_size, gboolean nearest)
{
  double step = 1 / (zoom * (double) (1u << level));
  for (int i = 0; i < n; i++)
    {
      double at = (first + i + 0.5) * step;
      double image_at = (first + i + 0.5) / zoom;
      double low = nearest ? floor (at) : floor (at - 0.5);
      places[i].outside = image_at < 0 || image_at >= image_size;
      places[i].first = (guint) CLAMP (low, 0, size - 1.0);
      places[i].second = (guint) CLAMP (low + 1, 0, size - 1.0);
      places[i].weight = nearest ? 0 : (guint) ((at - 0.5 - low) * 256);
    }
}

/* a + (b - a) * weight / 256, two channels at a time. */
static inline guint32
blend (guint32 a, guint32 b, guint weight)
{
  guint32 rb = ((a & 0xff00ff) * (256 - weight) + (b & 0xff00ff) * weight) >> 8;
  guint32 g = ((a & 0xff00) * (256 - weight) + (b & 0xff00) * weight) >> 8;
  return 0xff000000u | (rb & 0xff00ff) | (g & 0xff00);
}

void
assay_pyramid_sample (const AssayPyramid *pyramid, double zoom, int x0, int y0, int w, int h, guint32 outside,
                      guint32 *ret_pixels, gsize stride_px)
{
  gboolean nearest = zoom >= 1;
  int wanted = nearest ? 0 : (int) floor (log2 (1 / zoom));
  guint at = (guint) CLAMP (wanted, 0, (int) pyramid->n_levels - 1);
  const AssayPyramidLevel *level = &pyramid->levels[at];
  g_autofree Place *columns = g_new (Place, w), *rows = g_new (Place, h);
  place (columns, x0, w, zoom, at, level->width_px, pyramid->levels[0].width_px, nearest);
  place (rows, y0, h, zoom, at, level->height_px, pyramid->levels[0].height_px, nearest);
  for (int y = 0; y < h; y++)
    {
      const guint32 *upper = level->pixels + (gsize) rows[y].first * level->width_px;
      const guint32 *lower = level->pixels + (gsize) rows[y].second * level->width_px;
      guint32 *to = ret_pixels + (gsize) y * stride_px;
      for (int x = 0; x < w; x++)
        {
          const Place *c = &columns[x];
          if (c->outside || rows[y].outside)
            to[x] = outside;
          else if (nearest)
            to[x] = upper[c->first];
          else
            to[x] = blend (blend (upper[c->first], upper[c->second], c->weight),
                           blend (lower[c->first], lower[c->second], c->weight), rows[y].weight);
        }
    }
}
