/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/picture-measure.h"

#include <math.h>
#include <stdlib.h>

#define MOST_PIXELS 300000
#define DARK 2
#define BRIGHT 254

/* Any kind of pixels as three 8-bit numbers. */
static inline void
get_rgb (const AssayPicture *picture, guint x, guint y, guint8 rgb[3])
{
  const guint8 *row = picture->data + y * picture->stride;
  const guint16 *wide = (const guint16 *) (gconstpointer) row;
  switch (picture->pixels)
    {
    case ASSAY_PIXELS_GREY8:
      rgb[0] = rgb[1] = rgb[2] = row[x];
      return;
    case ASSAY_PIXELS_GREY16:
      rgb[0] = rgb[1] = rgb[2] = (guint8) (wide[x] >> 8);
      return;
    case ASSAY_PIXELS_RGB8:
      for (guint c = 0; c < 3; c++)
        rgb[c] = row[3 * x + c];
      return;
    case ASSAY_PIXELS_RGB16:
      for (guint c = 0; c < 3; c++)
        rgb[c] = (guint8) (wide[3 * x + c] >> 8);
      return;
    }
}

static inline double
get_luma (const AssayPicture *picture, guint x, guint y)
{
  guint8 rgb[3] = { 0 };
  get_rgb (picture, x, y, rgb);
  return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
}

static double
get_laplacian (const AssayPicture *picture, guint x, guint y)
{
  return get_luma (picture, x - 1, y) + get_luma (picture, x + 1, y) + get_luma (picture, x, y - 1)
         + get_luma (picture, x, y + 1) - 4 * get_luma (picture, x, y);
}

void
assay_picture_measure (const AssayPicture *picture, AssayPictureMeasure *ret_measure)
{
  AssayPictureMeasure measure = { 0 };
  double pixels = (double) picture->width_px * picture->height_px;
  guint step = MAX ((guint) ceil (sqrt (pixels / MOST_PIXELS)), 1), n_edges = 0;
  guint64 sum = 0, under = 0, over = 0;
  double edges = 0, edges_squared = 0;
  for (guint y = step / 2; y < picture->height_px; y += step)
    for (guint x = step / 2; x < picture->width_px; x += step)
      {
        guint8 rgb[3] = { 0 };
        get_rgb (picture, x, y, rgb);
        guint luma = (299u * rgb[0] + 587u * rgb[1] + 114u * rgb[2] + 500u) / 1000u;
        guint high = MAX (MAX (rgb[0], rgb[1]), rgb[2]);
        for (guint c = 0; c < 3; c++)
          measure.histogram[c][rgb[c]]++;
        measure.histogram[ASSAY_MEASURE_LUMA][luma]++;
        measure.n++;
        sum += luma;
        under += high <= DARK;
        over += high >= BRIGHT;
        if (x == 0 || y == 0 || x + 1 >= picture->width_px || y + 1 >= picture->height_px)
          continue;
        double edge = get_laplacian (picture, x, y);
        edges += edge;
        edges_squared += edge * edge;
        n_edges++;
      }
  if (measure.n > 0)
    {
      measure.mean = (double) sum / measure.n;
      measure.under = (double) under / measure.n;
      measure.over = (double) over / measure.n;
    }
  if (n_edges > 0)
    measure.sharpness = edges_squared / n_edges - edges / n_edges * (edges / n_edges);
  *ret_measure = measure;
}

/* --- hashes ------------------------------------------------------------------------------------------------------
 */

static void
make_grid (const AssayPicture *picture, guint columns, guint rows, double *grid)
{
  g_autoptr (AssayPicture) small = assay_picture_scale (picture, columns, rows);
  for (guint y = 0; y < rows; y++)
    for (guint x = 0; x < columns; x++)
      grid[y * columns + x] = get_luma (small, x, y);
}

guint64
assay_grid_hash_difference (const double grid[8 * 9])
{
  guint64 hash = 0;
  for (guint y = 0; y < 8; y++)
    for (guint x = 0; x < 8; x++)
      hash = hash << 1 | (grid[y * 9 + x + 1] > grid[y * 9 + x]);
  return hash;
}

guint64
assay_grid_hash_average (const double grid[8 * 8])
{
  double sum = 0;
  guint64 hash = 0;
  for (guint i = 0; i < 64; i++)
    sum += grid[i];
  for (guint i = 0; i < 64; i++)
    hash = hash << 1 | (grid[i] > sum / 64);
  return hash;
}

static int
by_size (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* The lowest 8 frequencies of 32 values, unscaled DCT-II: 2 sum x_i cos (pi k (2 i + 1) / 64). */
static void
transform (const double *values, guint step, double low[8])
{
  for (guint k = 0; k < 8; k++)
    {
      low[k] = 0;
      for (guint i = 0; i < 32; i++)
        low[k] += 2 * values[i * step] * cos (G_PI * k * (2 * i + 1) / 64);
    }
}

guint64
assay_grid_hash_perceptual (const double grid[32 * 32], double *ret_margin)
{
  double columns[8 * 32], low[8], block[64], sorted[64], margin = INFINITY;
  guint64 hash = 0;
  for (guint x = 0; x < 32; x++)
    {
      transform (grid + x, 32, low);
      for (guint k = 0; k < 8; k++)
        columns[k * 32 + x] = low[k];
    }
  for (guint k = 0; k < 8; k++)
    transform (columns + k * 32, 1, block + k * 8);
  for (guint i = 0; i < 64; i++)
    sorted[i] = block[i];
  qsort (sorted, 64, sizeof *sorted, by_size);
  double median = (sorted[31] + sorted[32]) / 2;
  for (guint i = 0; i < 64; i++)
    {
      hash = hash << 1 | (block[i] > median);
      margin = MIN (margin, fabs (block[i] - median));
    }
  if (ret_margin != NULL)
    *ret_margin = margin;
  return hash;
}

guint64
assay_picture_hash_difference (const AssayPicture *picture)
{
  double grid[8 * 9];
  make_grid (picture, 9, 8, grid);
  return assay_grid_hash_difference (grid);
}

guint64
assay_picture_hash_average (const AssayPicture *picture)
{
  double grid[8 * 8];
  make_grid (picture, 8, 8, grid);
  return assay_grid_hash_average (grid);
}

guint64
assay_picture_hash_perceptual (const AssayPicture *picture)
{
  double grid[32 * 32];
  make_grid (picture, 32, 32, grid);
  return assay_grid_hash_perceptual (grid, NULL);
}

guint
assay_picture_hash_distance (guint64 a, guint64 b)
{
  return (guint) __builtin_popcountll (a ^ b);
}
