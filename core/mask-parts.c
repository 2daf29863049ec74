/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mask-parts.h"

/* A stretch of one column that is inside; `part` leads to the stretch that its piece is known by. */
typedef struct
{
  guint x, y, end;
  guint part;
} Stretch;

static GArray *
list_stretches (const AssayMask *mask)
{
  GArray *stretches = g_array_new (FALSE, FALSE, sizeof (Stretch));
  guint64 at = 0, height = mask->height_px;
  for (guint i = 0; i < mask->n_runs; i++)
    {
      guint64 end = at + mask->runs[i];
      while (i % 2 == 1 && at < end) /* a run goes on in the next column */
        {
          guint64 x = at / height, stop = MIN (end, (x + 1) * height);
          Stretch stretch = { (guint) x, (guint) (at - x * height), (guint) (stop - x * height), stretches->len };
          g_array_append_val (stretches, stretch);
          at = stop;
        }
      at = end;
    }
  return stretches;
}

static guint
find_first (Stretch *stretches, guint i)
{
  while (stretches[i].part != i)
    i = stretches[i].part = stretches[stretches[i].part].part;
  return i;
}

/* Stretches of neighbouring columns that overlap, or meet at a corner, are of one piece. */
static GArray *
join_stretches (const AssayMask *mask)
{
  GArray *list = list_stretches (mask);
  Stretch *stretches = (Stretch *) (gpointer) list->data;
  guint left = 0;
  for (guint i = 0; i < list->len; i++)
    {
      const Stretch *here = &stretches[i];
      while (left < i
             && (stretches[left].x + 1 < here->x
                 || (stretches[left].x + 1 == here->x && stretches[left].end < here->y)))
        left++;
      for (guint k = left; k < i && stretches[k].x + 1 == here->x && stretches[k].y <= here->end; k++)
        {
          guint a = find_first (stretches, k), b = find_first (stretches, i);
          stretches[MAX (a, b)].part = MIN (a, b);
        }
    }
  for (guint i = 0; i < list->len; i++)
    stretches[i].part = find_first (stretches, i);
  return list;
}

/* One entry a stretch; of those that a piece is known by, its area and box. */
static GArray *
measure_parts (const GArray *stretches)
{
  GArray *parts = g_array_sized_new (FALSE, TRUE, sizeof (AssayMaskPart), stretches->len);
  g_array_set_size (parts, stretches->len);
  for (guint i = 0; i < stretches->len; i++)
    {
      const Stretch *stretch = &g_array_index (stretches, Stretch, i);
      AssayMaskPart *part = &g_array_index (parts, AssayMaskPart, stretch->part);
      AssayRect own = { stretch->x, stretch->y, 1, stretch->end - stretch->y };
      if (part->area_px == 0)
        part->box = own;
      double right = MAX (part->box.x + part->box.w, own.x + 1),
             bottom = MAX (part->box.y + part->box.h, stretch->end);
      part->box.y = MIN (part->box.y, own.y);
      part->box.w = right - part->box.x;
      part->box.h = bottom - part->box.y;
      part->area_px += stretch->end - stretch->y;
    }
  return parts;
}

GArray *
assay_mask_list_parts (const AssayMask *mask)
{
  g_autoptr (GArray) stretches = join_stretches (mask);
  g_autoptr (GArray) all = measure_parts (stretches);
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (AssayMaskPart));
  for (guint i = 0; i < all->len; i++)
    if (g_array_index (all, AssayMaskPart, i).area_px > 0)
      g_array_append_val (parts, g_array_index (all, AssayMaskPart, i));
  return parts;
}

AssayMask *
assay_mask_drop_parts (const AssayMask *mask, guint64 area_px)
{
  g_autoptr (GArray) stretches = join_stretches (mask);
  g_autoptr (GArray) parts = measure_parts (stretches);
  g_autofree guint32 *runs = g_new (guint32, 2 * (gsize) stretches->len + 1);
  guint64 at = 0, total = (guint64) mask->width_px * mask->height_px;
  guint n = 0;
  for (guint i = 0; i < stretches->len; i++)
    {
      const Stretch *stretch = &g_array_index (stretches, Stretch, i);
      if (g_array_index (parts, AssayMaskPart, stretch->part).area_px <= area_px)
        continue;
      guint64 from = (guint64) stretch->x * mask->height_px + stretch->y;
      runs[n++] = (guint32) (from - at);
      runs[n++] = stretch->end - stretch->y;
      at = from + stretch->end - stretch->y;
    }
  runs[n++] = (guint32) (total - at);
  return assay_mask_new_from_runs (mask->width_px, mask->height_px, runs, n, NULL);
}
