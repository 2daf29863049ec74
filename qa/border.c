/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/border.h"

#include <stdlib.h>
#include <string.h>

void
assay_border_init (AssayBorder *border, const guint8 *bytes, guint w, guint h)
{
  g_autoptr (GArray) x = g_array_new (FALSE, FALSE, sizeof (gint32));
  border->n_rows = h;
  border->first = g_new0 (guint, (gsize) h + 1);
  for (guint y = 0; y < h; y++)
    {
      border->first[y] = x->len;
      for (gint32 i = 1; y > 0 && y + 1 < h && i + 1 < (gint32) w; i++)
        {
          const guint8 *at = bytes + (gsize) y * w + i;
          if (at[0] && !(at[-1] && at[1] && at[-(gssize) w] && at[w]))
            g_array_append_val (x, i);
        }
    }
  border->first[h] = border->n = x->len;
  border->x = (gint32 *) (gpointer) g_array_free (g_steal_pointer (&x), FALSE);
}

void
assay_border_clear (AssayBorder *border)
{
  g_clear_pointer (&border->first, g_free);
  g_clear_pointer (&border->x, g_free);
}

/* The least |x - x'| of a row that has pixels. */
static guint64
nearest_in_row (const gint32 *row, guint n, gint32 x)
{
  guint low = 0, high = n; /* the first at or right of x */
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (row[middle] < x)
        low = middle + 1;
      else
        high = middle;
    }
  guint64 right = low < n ? (guint64) (row[low] - x) : G_MAXUINT32;
  guint64 left = low > 0 ? (guint64) (x - row[low - 1]) : G_MAXUINT32;
  return MIN (left, right);
}

static void
look_in_row (const AssayBorder *to, gint64 y, gint32 x, guint64 dy, guint64 *best)
{
  if (y < 0 || y >= (gint64) to->n_rows)
    return;
  guint first = to->first[y], n = to->first[y + 1] - first;
  if (n == 0)
    return;
  guint64 dx = nearest_in_row (to->x + first, n, x);
  *best = MIN (*best, dx * dx + dy * dy);
}

/* Outwards, row by row, until a row alone is farther than the best. */
static guint64
find_nearest (const AssayBorder *to, gint32 x, guint y)
{
  guint64 best = G_MAXUINT64;
  for (guint64 dy = 0; dy < to->n_rows && dy * dy < best; dy++)
    {
      look_in_row (to, (gint64) y - (gint64) dy, x, dy, &best);
      if (dy > 0)
        look_in_row (to, (gint64) y + (gint64) dy, x, dy, &best);
    }
  return best;
}

static int
compare_numbers (const void *a, const void *b)
{
  guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;
  return (x > y) - (x < y);
}

/* By counting where the largest is small, as it is between outlines that are near each other. */
static void
sort (guint64 *numbers, guint n, guint64 largest)
{
  if (largest > 4 * (guint64) n + 4096)
    {
      qsort (numbers, n, sizeof *numbers, compare_numbers);
      return;
    }
  g_autofree guint *count = g_new0 (guint, largest + 1);
  for (guint i = 0; i < n; i++)
    count[numbers[i]]++;
  guint at = 0;
  for (guint64 value = 0; value <= largest; value++)
    for (guint k = 0; k < count[value]; k++)
      numbers[at++] = value;
}

GArray *
assay_border_distances (const AssayBorder *from, const AssayBorder *to)
{
  GArray *squared = g_array_sized_new (FALSE, FALSE, sizeof (guint64), from->n);
  guint64 largest = 0;
  for (guint y = 0; y < from->n_rows; y++)
    for (guint i = from->first[y]; i < from->first[y + 1]; i++)
      {
        guint64 nearest = find_nearest (to, from->x[i], y);
        g_array_append_val (squared, nearest);
        largest = MAX (largest, nearest);
      }
  sort ((guint64 *) (gpointer) squared->data, squared->len, largest);
  return squared;
}
