/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/tile-pyramid.h"

#include <math.h>

static gboolean
is_wide (const AssayPicture *picture)
{
  return picture->pixels == ASSAY_PIXELS_GREY16 || picture->pixels == ASSAY_PIXELS_RGB16;
}

static void
halve_narrow (const guint8 *upper, const guint8 *lower, guint width_px, guint channels, guint8 *to, guint half_px)
{
  for (guint x = 0; x < half_px; x++)
    {
      gsize left = (gsize) 2 * x * channels, right = MIN ((gsize) 2 * x + 1, width_px - 1) * channels;
      for (guint c = 0; c < channels; c++)
        *to++ = (guint8) ((upper[left + c] + upper[right + c] + lower[left + c] + lower[right + c] + 2) >> 2);
    }
}

static void
halve_wide (const guint16 *upper, const guint16 *lower, guint width_px, guint channels, guint16 *to, guint half_px)
{
  for (guint x = 0; x < half_px; x++)
    {
      gsize left = (gsize) 2 * x * channels, right = MIN ((gsize) 2 * x + 1, width_px - 1) * channels;
      for (guint c = 0; c < channels; c++)
        *to++ = (guint16) ((upper[left + c] + upper[right + c] + lower[left + c] + lower[right + c] + 2) >> 2);
    }
}

static void
add_half (AssayPyramid *pyramid)
{
  const AssayPyramidLevel *whole = &pyramid->levels[pyramid->n_levels - 1];
  AssayPyramidLevel *half = &pyramid->levels[pyramid->n_levels++];
  guint channels = assay_pixels_channels (pyramid->picture->pixels);
  half->width_px = (whole->width_px + 1) / 2;
  half->height_px = (whole->height_px + 1) / 2;
  half->stride = (gsize) half->width_px * assay_pixels_bytes (pyramid->picture->pixels);
  half->data = g_malloc (half->stride * half->height_px);
  for (guint y = 0; y < half->height_px; y++)
    {
      const guint8 *upper = whole->data + 2 * (gsize) y * whole->stride;
      const guint8 *lower = whole->data + MIN (2 * (gsize) y + 1, whole->height_px - 1) * whole->stride;
      guint8 *to = half->data + y * half->stride;
      if (is_wide (pyramid->picture))
        halve_wide ((gconstpointer) upper, (gconstpointer) lower, whole->width_px, channels, (gpointer) to,
                    half->width_px);
      else if (channels == 3) /* said once more, so that the compiler may unroll it */
        halve_narrow (upper, lower, whole->width_px, 3, to, half->width_px);
      else
        halve_narrow (upper, lower, whole->width_px, channels, to, half->width_px);
    }
}

AssayPyramid *
assay_pyramid_new (AssayPicture *picture)
{
  AssayPyramid *pyramid = g_new0 (AssayPyramid, 1);
  pyramid->refs = 1;
  pyramid->picture = assay_picture_ref (picture);
  pyramid->histogram = assay_histogram_new (picture);
  pyramid->levels[pyramid->n_levels++]
      = (AssayPyramidLevel){ picture->width_px, picture->height_px, picture->stride, picture->data };
  while (pyramid->n_levels < ASSAY_PYRAMID_MAX_LEVELS)
    {
      const AssayPyramidLevel *last = &pyramid->levels[pyramid->n_levels - 1];
      if (MAX (last->width_px, last->height_px) <= 128)
        break;
      add_half (pyramid);
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
  for (guint i = 1; i < pyramid->n_levels; i++)
    g_free (pyramid->levels[i].data);
  assay_histogram_free (pyramid->histogram);
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

static inline guint
mix (guint a, guint b, guint weight)
{
  return (a * (256 - weight) + b * weight) >> 8;
}

static inline guint32
show (const AssayDisplayTable *table, guint r, guint g, guint b)
{
  guint v = table->channel == ASSAY_CHANNEL_RED     ? r
            : table->channel == ASSAY_CHANNEL_GREEN ? g
            : table->channel == ASSAY_CHANNEL_BLUE  ? b
                                                    : (77 * r + 150 * g + 29 * b) >> 8;
  if (table->channel == ASSAY_CHANNEL_ALL)
    return 0xff000000u | (guint32) table->light[r] << 16 | (guint32) table->light[g] << 8 | table->light[b];
  return 0xff000000u | table->light[v] * 0x010101u;
}

typedef struct
{
  const AssayDisplayTable *table;
  const guint8 *upper, *lower; /* rows of the level */
  guint weight;                /* of the lower one */
  gboolean nearest;
} Row;

static inline guint32
load_narrow (const guint8 *row, gsize x, const guint channels)
{
  const guint8 *p = row + x * channels;
  return channels == 3 ? (guint32) p[0] << 16 | (guint32) p[1] << 8 | p[2] : *p * 0x010101u;
}

static inline guint32
sample_narrow (const Row *row, const Place *c, const guint channels)
{
  guint32 pixel = load_narrow (row->upper, c->first, channels) | 0xff000000u;
  if (!row->nearest)
    pixel = blend (blend (pixel, load_narrow (row->upper, c->second, channels), c->weight),
                   blend (load_narrow (row->lower, c->first, channels),
                          load_narrow (row->lower, c->second, channels), c->weight),
                   row->weight);
  if (row->table == NULL)
    return pixel;
  return show (row->table, pixel >> 16 & 0xff, pixel >> 8 & 0xff, pixel & 0xff);
}

static inline guint32
sample_wide (const Row *row, const Place *c, const guint channels)
{
  const guint16 *upper = (gconstpointer) row->upper, *lower = (gconstpointer) row->lower;
  guint v[3];
  for (guint k = 0; k < 3; k++)
    {
      gsize first = (gsize) c->first * channels + k % channels,
            second = (gsize) c->second * channels + k % channels;
      v[k] = row->nearest ? upper[first]
                          : mix (mix (upper[first], upper[second], c->weight),
                                 mix (lower[first], lower[second], c->weight), row->weight);
    }
  if (row->table == NULL)
    return 0xff000000u | (v[0] >> 8) << 16 | (v[1] >> 8) << 8 | v[2] >> 8;
  return show (row->table, v[0], v[1], v[2]);
}

static void
sample_row (const Row *row, AssayPixels pixels, const Place *columns, int n, guint32 *to)
{
  switch (pixels)
    {
    case ASSAY_PIXELS_RGB8:
      for (int x = 0; x < n; x++)
        to[x] = sample_narrow (row, &columns[x], 3);
      return;
    case ASSAY_PIXELS_GREY8:
      for (int x = 0; x < n; x++)
        to[x] = sample_narrow (row, &columns[x], 1);
      return;
    case ASSAY_PIXELS_RGB16:
      for (int x = 0; x < n; x++)
        to[x] = sample_wide (row, &columns[x], 3);
      return;
    case ASSAY_PIXELS_GREY16:
    default:
      for (int x = 0; x < n; x++)
        to[x] = sample_wide (row, &columns[x], 1);
      return;
    }
}

void
assay_pyramid_sample (const AssayPyramid *pyramid, const AssayDisplayTable *table, double zoom, int x0, int y0,
                      int w, int h, guint32 outside, guint32 *ret_pixels, gsize stride_px)
{
  gboolean nearest = zoom >= 1;
  int wanted = nearest ? 0 : (int) floor (log2 (1 / zoom));
  guint at = (guint) CLAMP (wanted, 0, (int) pyramid->n_levels - 1);
  const AssayPyramidLevel *level = &pyramid->levels[at];
  g_autofree Place *columns = g_new (Place, w), *rows = g_new (Place, h);
  place (columns, x0, w, zoom, at, level->width_px, pyramid->levels[0].width_px, nearest);
  place (rows, y0, h, zoom, at, level->height_px, pyramid->levels[0].height_px, nearest);
  int left = 0, right = w;
  while (left < w && columns[left].outside)
    left++;
  while (right > left && columns[right - 1].outside)
    right--;
  for (int y = 0; y < h; y++)
    {
      guint32 *to = ret_pixels + (gsize) y * stride_px;
      const Row row = { table, level->data + rows[y].first * level->stride,
                        level->data + rows[y].second * level->stride, rows[y].weight, nearest };
      for (int x = 0; x < w; x++)
        if (rows[y].outside || x < left || x >= right)
          to[x] = outside;
      if (!rows[y].outside)
        sample_row (&row, pyramid->picture->pixels, columns + left, right - left, to + left);
    }
}
