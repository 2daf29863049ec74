/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/paint.h"

#include "core/mask-columns.h"

#include <string.h>

/* Where a column goes in and out: ascending, an even number; the last may be the height. */
typedef struct
{
  guint32 *edges;
  guint n, room; /* room 0: the edges are in `base` */
} Column;

/* What changed is also known by squares of so many pixels. */
#define CELL_PX 64

struct _AssayPaint
{
  guint width_px, height_px;
  AssayMaskColumns *base; /* as they came */
  Column *columns;
  int left, top, right, bottom; /* changed; right < left = nothing */
  const AssayPaint *limit;      /* (nullable) */
  gboolean limit_inside;        /* only what it has may be changed; else only what it has not */
  guint cells_across, cells_down;
  guint8 *cell_is_dirty; /* [cells_across x cells_down], row-major */
  GArray *dirty_cells;   /* of guint32, indices of those */
};

static void
forget_dirty (AssayPaint *paint)
{
  paint->left = paint->top = G_MAXINT;
  paint->right = paint->bottom = -1;
  for (guint i = 0; i < paint->dirty_cells->len; i++)
    paint->cell_is_dirty[g_array_index (paint->dirty_cells, guint32, i)] = 0;
  g_array_set_size (paint->dirty_cells, 0);
}

static void
add_dirty (AssayPaint *paint, int x, guint32 y0, guint32 y1)
{
  guint across = (guint) x / CELL_PX;
  for (guint down = y0 / CELL_PX; y1 > y0 && down <= (y1 - 1) / CELL_PX; down++)
    {
      guint32 cell = down * paint->cells_across + across;
      if (paint->cell_is_dirty[cell])
        continue;
      paint->cell_is_dirty[cell] = 1;
      g_array_append_val (paint->dirty_cells, cell);
    }
}

/* A column's stretches are its edges, two each. */
static const guint32 *
edges_of (const AssayMaskColumns *columns, guint x, guint *ret_n)
{
  G_STATIC_ASSERT (sizeof (AssayStretch) == 2 * sizeof (guint32));
  *ret_n = 2 * (columns->first[x + 1] - columns->first[x]);
  return &columns->stretches[columns->first[x]].y;
}

AssayPaint *
assay_paint_new (const AssayMask *mask)
{
  AssayPaint *paint = g_new0 (AssayPaint, 1);
  paint->width_px = mask->width_px;
  paint->height_px = mask->height_px;
  paint->columns = g_new0 (Column, mask->width_px + 1);
  paint->cells_across = mask->width_px / CELL_PX + 1;
  paint->cells_down = mask->height_px / CELL_PX + 1;
  paint->cell_is_dirty = g_malloc0 ((gsize) paint->cells_across * paint->cells_down);
  paint->dirty_cells = g_array_new (FALSE, FALSE, sizeof (guint32));
  forget_dirty (paint);
  paint->base = assay_mask_columns_new (mask);
  for (guint x = 0; x < paint->width_px; x++)
    paint->columns[x].edges = (guint32 *) edges_of (paint->base, x, &paint->columns[x].n);
  return paint;
}

void
assay_paint_free (AssayPaint *paint)
{
  if (paint == NULL)
    return;
  for (guint x = 0; x < paint->width_px; x++)
    if (paint->columns[x].room > 0)
      g_free (paint->columns[x].edges);
  g_free (paint->columns);
  assay_mask_columns_free (paint->base);
  g_free (paint->cell_is_dirty);
  g_array_unref (paint->dirty_cells);
  g_free (paint);
}

gboolean
assay_paint_take_dirty (AssayPaint *paint, AssayRect *ret_box)
{
  if (paint->right < paint->left)
    return FALSE;
  *ret_box = (AssayRect){ paint->left, paint->top, paint->right - paint->left, paint->bottom - paint->top };
  forget_dirty (paint);
  return TRUE;
}

void
assay_paint_take_dirty_boxes (AssayPaint *paint, GArray *boxes)
{
  for (guint i = 0; i < paint->dirty_cells->len; i++)
    {
      guint32 cell = g_array_index (paint->dirty_cells, guint32, i);
      int x = (int) (cell % paint->cells_across) * CELL_PX, y = (int) (cell / paint->cells_across) * CELL_PX;
      int left = MAX (x, paint->left), top = MAX (y, paint->top);
      AssayRect box = { left, top, MIN (x + CELL_PX, paint->right) - left, MIN (y + CELL_PX, paint->bottom) - top };
      g_array_append_val (boxes, box);
    }
  forget_dirty (paint);
}

static void
own (Column *column, guint n)
{
  if (column->room >= n)
    return;
  guint room = MAX (8, 2 * n);
  if (column->room > 0)
    column->edges = g_renew (guint32, column->edges, room);
  else
    {
      guint32 *edges = g_new (guint32, room);
      if (column->n > 0)
        memcpy (edges, column->edges, column->n * sizeof *edges);
      column->edges = edges;
    }
  column->room = room;
}

/* How many edges are below `y` (with `also`: or at it). */
static guint
count_below (const Column *column, guint32 y, gboolean also)
{
  guint low = 0, high = column->n;
  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (column->edges[middle] < y || (also && column->edges[middle] == y))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* What is within the picture, limit or not. */
static void
span (AssayPaint *paint, int x, int y0, int y1, gboolean inside)
{
  Column *column = &paint->columns[x];
  guint before = count_below (column, (guint32) y0, FALSE), after = count_below (column, (guint32) y1, TRUE);
  guint32 put[2];
  guint n_put = 0;
  /* An odd number of edges above a pixel puts it inside: an edge stands where that differs from what is wanted. */
  if ((before % 2 == 1) != inside)
    put[n_put++] = (guint32) y0;
  if ((after % 2 == 1) != inside)
    put[n_put++] = (guint32) y1;
  guint n = column->n - (after - before) + n_put;
  gboolean same = after - before == n_put;
  for (guint i = 0; same && i < n_put; i++)
    same = column->edges[before + i] == put[i];
  if (same)
    return;
  /* What is between two edges changes where it is not yet what is wanted. */
  guint32 from = (guint32) y0;
  for (guint i = before; i <= after; i++)
    {
      guint32 to = i < after ? column->edges[i] : (guint32) y1;
      if ((i % 2 == 1) != inside)
        add_dirty (paint, x, from, to);
      from = to;
    }
  own (column, MAX (n, column->n) + 1); /* never nothing: there is an array to move in */
  memmove (&column->edges[before + n_put], &column->edges[after], (column->n - after) * sizeof *column->edges);
  memcpy (&column->edges[before], put, n_put * sizeof *put);
  column->n = n;
  paint->left = MIN (paint->left, x);
  paint->right = MAX (paint->right, x + 1);
  paint->top = MIN (paint->top, y0);
  paint->bottom = MAX (paint->bottom, y1);
}

static void
set_column (AssayPaint *paint, guint x, const guint32 *edges, guint n)
{
  Column *column = &paint->columns[x];
  guint same = 0, least = MIN (n, column->n), tail = 0;
  while (same < least && column->edges[same] == edges[same])
    same++;
  if (same == n && n == column->n)
    return;
  while (tail < least - same && column->edges[column->n - 1 - tail] == edges[n - 1 - tail])
    tail++;
  guint32 top = G_MAXUINT32, bottom = 0;
  if (same < column->n)
    top = column->edges[same];
  if (same < n)
    top = MIN (top, edges[same]);
  if (tail < column->n)
    bottom = column->edges[column->n - 1 - tail];
  if (tail < n)
    bottom = MAX (bottom, edges[n - 1 - tail]);
  add_dirty (paint, (int) x, top, bottom);
  own (column, MAX (n, column->n) + 1);
  memcpy (column->edges, edges, n * sizeof *edges);
  column->n = n;
  paint->left = MIN (paint->left, (int) x);
  paint->right = MAX (paint->right, (int) x + 1);
  paint->top = MIN (paint->top, (int) top);
  paint->bottom = MAX (paint->bottom, (int) bottom);
}

void
assay_paint_set_mask (AssayPaint *paint, const AssayMask *mask)
{
  g_return_if_fail (mask->width_px == paint->width_px && mask->height_px == paint->height_px);
  g_autoptr (AssayMaskColumns) columns = assay_mask_columns_new (mask);
  for (guint x = 0; x < paint->width_px; x++)
    {
      guint n;
      const guint32 *edges = edges_of (columns, x, &n);
      set_column (paint, x, edges, n);
    }
}

/* The parts of a span that the limit leaves. */
static void
span_limited (AssayPaint *paint, int x, int y0, int y1, gboolean inside)
{
  const Column *column = &paint->limit->columns[x];
  guint i = count_below (column, (guint32) y0, TRUE);
  for (int from = y0; from < y1; i++)
    {
      int to = i < column->n ? MIN (y1, (int) column->edges[i]) : y1;
      if ((i % 2 == 1) == paint->limit_inside && from < to)
        span (paint, x, from, to, inside);
      from = to;
    }
}

void
assay_paint_span (AssayPaint *paint, int x, int y0, int y1, gboolean inside)
{
  y0 = MAX (y0, 0);
  y1 = MIN (y1, (int) paint->height_px);
  if (x < 0 || x >= (int) paint->width_px || y0 >= y1)
    return;
  if (paint->limit != NULL)
    span_limited (paint, x, y0, y1, inside);
  else
    span (paint, x, y0, y1, inside);
}

void
assay_paint_set_limit (AssayPaint *paint, const AssayPaint *limit, gboolean inside)
{
  paint->limit = limit;
  paint->limit_inside = inside;
}

void
assay_paint_add_mask (AssayPaint *paint, const AssayMask *mask)
{
  g_autoptr (AssayMaskColumns) columns = assay_mask_columns_new (mask);
  for (guint x = 0; x < mask->width_px; x++)
    for (guint i = columns->first[x]; i < columns->first[x + 1]; i++)
      span (paint, (int) x, (int) columns->stretches[i].y, (int) columns->stretches[i].end, TRUE);
}

gboolean
assay_paint_contains (const AssayPaint *paint, int x, int y)
{
  if (x < 0 || y < 0 || x >= (int) paint->width_px || y >= (int) paint->height_px)
    return FALSE;
  return count_below (&paint->columns[x], (guint32) y, TRUE) % 2 == 1;
}

void
assay_paint_to_bytes (const AssayPaint *paint, guint x0_px, guint y0_px, guint w_px, guint h_px, guint8 *ret_bytes,
                      gsize stride)
{
  for (guint y = 0; y < h_px; y++)
    memset (&ret_bytes[y * stride], 0, w_px);
  for (guint x = 0; x < w_px; x++)
    {
      const Column *column = &paint->columns[x0_px + x];
      /* The first pair that ends below the window's top. */
      for (guint i = count_below (column, y0_px, TRUE) & ~1u; i < column->n && column->edges[i] < y0_px + h_px;
           i += 2)
        for (guint y = MAX (column->edges[i], y0_px); y < MIN (column->edges[i + 1], y0_px + h_px); y++)
          ret_bytes[(y - y0_px) * stride + x] = 1;
    }
}

const guint32 *
assay_paint_get_edges (const AssayPaint *paint, guint x, guint *ret_n)
{
  *ret_n = paint->columns[x].n;
  return paint->columns[x].edges;
}

AssayMask *
assay_paint_to_mask (const AssayPaint *paint)
{
  guint64 n = 1, at = 0, done = 0;
  for (guint x = 0; x < paint->width_px; x++)
    n += paint->columns[x].n;
  g_autofree guint32 *runs = g_new (guint32, n + 1);
  guint n_runs = 0;
  for (guint x = 0; x < paint->width_px; x++)
    for (guint i = 0; i < paint->columns[x].n; i++)
      {
        at = (guint64) x * paint->height_px + paint->columns[x].edges[i];
        runs[n_runs++] = (guint32) (at - done);
        done = at;
      }
  runs[n_runs++] = (guint32) ((guint64) paint->width_px * paint->height_px - done);
  return assay_mask_new_from_runs (paint->width_px, paint->height_px, runs, n_runs, NULL);
}

guint
assay_paint_get_width_px (const AssayPaint *paint)
{
  return paint->width_px;
}

guint
assay_paint_get_height_px (const AssayPaint *paint)
{
  return paint->height_px;
}
