/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mask-shape.h"

#include "core/mask-columns.h"

#include <string.h>

/* Half the height of a disc of radius n in each column of it: [0] is the middle one. */
static guint *
disc_new (guint n)
{
  guint *heights = g_new (guint, (gsize) n + 1);
  for (guint dx = 0, h = n; dx <= n; dx++)
    {
      while ((guint64) h * h + (guint64) dx * dx > (guint64) n * n)
        h--;
      heights[dx] = h;
    }
  return heights;
}

/* How many stretches cover each pixel of one column between two rows, as differences: `rise[y - top]` is what
 * begins less what ends there. */
typedef struct
{
  gint32 *rise;
  guint left, right, top, bottom; /* half-open: where there may be something inside */
} Cover;

static void
cover (Cover *by, guint y, guint end, guint reach)
{
  guint from = MAX (y > reach ? y - reach : 0, by->top);
  guint to = (guint) MIN ((guint64) end + reach, by->bottom);
  if (from >= to)
    return;
  by->rise[from - by->top]++;
  by->rise[to - by->top]--;
}

static void
cover_stretches (Cover *by, const AssayMaskColumns *columns, guint x, guint reach)
{
  for (guint i = columns->first[x]; i < columns->first[x + 1]; i++)
    cover (by, columns->stretches[i].y, columns->stretches[i].end, reach);
}

static void
cover_gaps (Cover *by, const AssayMaskColumns *columns, guint x, guint reach)
{
  guint y = 0;
  for (guint i = columns->first[x]; i < columns->first[x + 1]; y = columns->stretches[i++].end)
    if (columns->stretches[i].y > y)
      cover (by, y, columns->stretches[i].y, reach);
  if (y < columns->height_px)
    cover (by, y, columns->height_px, reach);
}

typedef void (*CoverFunc) (Cover *by, const AssayMaskColumns *columns, guint x, guint reach);

static void
cover_around (Cover *by, const AssayMaskColumns *columns, guint x, const guint *disc, guint n, CoverFunc func)
{
  guint left = x > n ? x - n : 0, right = (guint) MIN ((guint64) x + n, columns->width_px - 1);
  memset (by->rise, 0, ((gsize) by->bottom - by->top + 1) * sizeof *by->rise);
  for (guint column = left; column <= right; column++)
    func (by, columns, column, disc[column > x ? column - x : x - column]);
}

/* Where something is inside after growing by n; FALSE = nowhere. */
static gboolean
cover_begin (Cover *by, const AssayMask *mask, guint n)
{
  AssayRect box;
  if (!assay_mask_bounds (mask, &box))
    return FALSE;
  by->left = box.x > n ? (guint) box.x - n : 0;
  by->top = box.y > n ? (guint) box.y - n : 0;
  by->right = (guint) MIN (box.x + box.w + n, mask->width_px);
  by->bottom = (guint) MIN (box.y + box.h + n, mask->height_px);
  by->rise = g_new (gint32, (gsize) by->bottom - by->top + 1);
  return TRUE;
}

/* After each column: TRUE = nobody wants the rest. */
static gboolean
is_stopped (AssayProgress *progress, guint done, guint of)
{
  assay_progress_set (progress, done, of);
  return assay_progress_stopped (progress, NULL);
}

static AssayMask *
give_up (AssayMaskBuilder *builder)
{
  assay_mask_free (assay_mask_builder_end (builder));
  return NULL;
}

AssayMask *
assay_mask_grow_watched (const AssayMask *mask, guint n_px, AssayProgress *progress)
{
  guint n = MIN (n_px, ASSAY_MASK_MAX_REACH_PX);
  Cover by;
  if (n == 0 || !cover_begin (&by, mask, n))
    return assay_mask_copy (mask);
  g_autofree gint32 *rise = by.rise;
  g_autofree guint *disc = disc_new (n);
  g_autoptr (AssayMaskColumns) columns = assay_mask_columns_new (mask);
  AssayMaskBuilder builder;
  assay_mask_builder_init (&builder, mask->width_px, mask->height_px);
  for (guint x = by.left; x < by.right; x++)
    {
      gint32 deep = 0;
      guint start = 0;
      if (is_stopped (progress, x - by.left, by.right - by.left))
        return give_up (&builder);
      cover_around (&by, columns, x, disc, n, cover_stretches);
      for (guint y = by.top; y <= by.bottom; y++) /* what begins ends by `bottom` */
        {
          gint32 before = deep;
          deep += rise[y - by.top];
          if (before == 0 && deep > 0)
            start = y;
          else if (before > 0 && deep == 0)
            assay_mask_builder_add (&builder, x, start, y);
        }
    }
  return assay_mask_builder_end (&builder);
}

/* A column's stretches but for what is covered. */
static void
add_uncovered (AssayMaskBuilder *builder, const AssayMaskColumns *columns, guint x, const Cover *by)
{
  gint32 deep = 0;
  guint y = by->top;
  for (guint i = columns->first[x]; i < columns->first[x + 1]; i++)
    {
      guint end = columns->stretches[i].end, start = G_MAXUINT;
      for (; y < columns->stretches[i].y; y++)
        deep += by->rise[y - by->top];
      for (; y < end; y++)
        {
          deep += by->rise[y - by->top];
          if (deep == 0 && start == G_MAXUINT)
            start = y;
          else if (deep > 0 && start != G_MAXUINT)
            {
              assay_mask_builder_add (builder, x, start, y);
              start = G_MAXUINT;
            }
        }
      if (start != G_MAXUINT)
        assay_mask_builder_add (builder, x, start, end);
    }
}

AssayMask *
assay_mask_grow (const AssayMask *mask, guint n_px)
{
  return assay_mask_grow_watched (mask, n_px, NULL);
}

AssayMask *
assay_mask_shrink_watched (const AssayMask *mask, guint n_px, AssayProgress *progress)
{
  guint n = MIN (n_px, ASSAY_MASK_MAX_REACH_PX);
  Cover by;
  if (n == 0 || !cover_begin (&by, mask, 0))
    return assay_mask_copy (mask);
  g_autofree gint32 *rise G_GNUC_UNUSED = by.rise;
  g_autofree guint *disc = disc_new (n);
  g_autoptr (AssayMaskColumns) columns = assay_mask_columns_new (mask);
  AssayMaskBuilder builder;
  assay_mask_builder_init (&builder, mask->width_px, mask->height_px);
  for (guint x = by.left; x < by.right; x++)
    {
      if (is_stopped (progress, x - by.left, by.right - by.left))
        return give_up (&builder);
      if (columns->first[x] == columns->first[x + 1])
        continue;
      cover_around (&by, columns, x, disc, n, cover_gaps);
      add_uncovered (&builder, columns, x, &by);
    }
  return assay_mask_builder_end (&builder);
}

AssayMask *
assay_mask_shrink (const AssayMask *mask, guint n_px)
{
  return assay_mask_shrink_watched (mask, n_px, NULL);
}

AssayMask *
assay_mask_shift (const AssayMask *mask, int dx_px, int dy_px)
{
  g_autoptr (AssayMaskColumns) columns = assay_mask_columns_new (mask);
  gint64 height = mask->height_px;
  AssayMaskBuilder builder;
  assay_mask_builder_init (&builder, mask->width_px, mask->height_px);
  for (gint64 to = 0; to < mask->width_px; to++)
    {
      gint64 x = to - dx_px;
      for (guint i = x >= 0 && x < mask->width_px ? columns->first[x] : G_MAXUINT;
           i != G_MAXUINT && i < columns->first[x + 1]; i++)
        {
          gint64 y = CLAMP (columns->stretches[i].y + (gint64) dy_px, 0, height);
          gint64 end = CLAMP (columns->stretches[i].end + (gint64) dy_px, 0, height);
          assay_mask_builder_add (&builder, (guint) to, (guint) y, (guint) end);
        }
    }
  return assay_mask_builder_end (&builder);
}

AssayMask *
assay_mask_boundary (const AssayMask *mask)
{
  g_autoptr (AssayMask) inner = assay_mask_shrink (mask, 1);
  return assay_mask_combine (mask, inner, ASSAY_MASK_DIFFERENCE);
}

/* Smoothing looks at the pixels near the border alone, in a window around the object: `sums` counts
 * the inside pixels from its top, down each column. */
typedef struct
{
  guint32 *sums; /* rows + 1 entries a column */
  guint x0, y0, columns, rows;
} Window;

static gboolean
window_init (Window *window, const AssayMask *mask, guint n)
{
  AssayRect box;
  if (!assay_mask_bounds (mask, &box))
    return FALSE;
  window->x0 = box.x > 2 * n ? (guint) box.x - 2 * n : 0;
  window->y0 = box.y > 2 * n ? (guint) box.y - 2 * n : 0;
  window->columns = (guint) MIN (box.x + box.w + 2 * n, mask->width_px) - window->x0;
  window->rows = (guint) MIN (box.y + box.h + 2 * n, mask->height_px) - window->y0;
  window->sums = g_new0 (guint32, (gsize) window->columns * ((gsize) window->rows + 1));
  return TRUE;
}

static void
window_count (Window *window, const AssayMaskColumns *columns)
{
  for (guint c = 0; c < window->columns; c++)
    {
      guint32 *sums = window->sums + (gsize) c * (window->rows + 1), n = 0;
      guint y = 0, x = window->x0 + c;
      for (guint i = columns->first[x]; i < columns->first[x + 1]; i++)
        {
          for (; y < columns->stretches[i].y - window->y0; y++)
            sums[y] = n;
          for (; y < columns->stretches[i].end - window->y0; y++)
            sums[y] = n++;
        }
      for (; y <= window->rows; y++)
        sums[y] = n;
    }
}

/* Whether most pixels around are inside; half and half: `was`. The window reaches as far as the picture, or farther
 * from the object than a disc. */
static gboolean
is_most_inside (const Window *window, guint c, guint r, const guint *disc, guint n, gboolean was)
{
  guint left = c > n ? c - n : 0, right = MIN (c + n, window->columns - 1);
  guint64 inside = 0, all = 0;
  for (guint k = left; k <= right; k++)
    {
      guint h = disc[k > c ? k - c : c - k];
      guint top = r > h ? r - h : 0, bottom = MIN (r + h + 1, window->rows);
      const guint32 *sums = window->sums + (gsize) k * (window->rows + 1);
      inside += sums[bottom] - sums[top];
      all += bottom - top;
    }
  return 2 * inside == all ? was : 2 * inside > all;
}

AssayMask *
assay_mask_smooth_watched (const AssayMask *mask, guint n_px, AssayProgress *progress)
{
  guint n = MIN (n_px, ASSAY_MASK_MAX_REACH_PX);
  Window window = { 0 };
  if (n == 0 || !window_init (&window, mask, n))
    return assay_mask_copy (mask);
  g_autofree guint32 *sums = window.sums;
  g_autofree guint *disc = disc_new (n);
  g_autoptr (AssayMaskColumns) columns = assay_mask_columns_new (mask);
  g_autoptr (AssayMask) inner = assay_mask_shrink_watched (mask, n, progress);
  g_autoptr (AssayMask) outer = inner != NULL ? assay_mask_grow_watched (mask, n, progress) : NULL;
  if (outer == NULL)
    return NULL;
  g_autoptr (AssayMask) open = assay_mask_combine (outer, inner, ASSAY_MASK_DIFFERENCE);
  g_autoptr (AssayMaskColumns) near = assay_mask_columns_new (open);
  AssayMaskBuilder builder;
  window_count (&window, columns);
  assay_mask_builder_init (&builder, mask->width_px, mask->height_px);
  for (guint x = 0; x < mask->width_px; x++)
    {
      if (is_stopped (progress, x, mask->width_px))
        return give_up (&builder);
      for (guint i = near->first[x]; i < near->first[x + 1]; i++)
        for (guint y = near->stretches[i].y; y < near->stretches[i].end; y++)
          {
            guint c = x - window.x0, r = y - window.y0;
            const guint32 *own = window.sums + (gsize) c * (window.rows + 1);
            if (is_most_inside (&window, c, r, disc, n, own[r + 1] > own[r]))
              assay_mask_builder_add (&builder, x, y, y + 1);
          }
    }
  g_autoptr (AssayMask) kept = assay_mask_builder_end (&builder);
  return assay_mask_combine (kept, inner, ASSAY_MASK_UNION);
}

AssayMask *
assay_mask_smooth (const AssayMask *mask, guint n_px)
{
  return assay_mask_smooth_watched (mask, n_px, NULL);
}
