/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mask-columns.h"

AssayMaskColumns *
assay_mask_columns_new (const AssayMask *mask)
{
  AssayMaskColumns *columns = g_new (AssayMaskColumns, 1);
  guint64 at = 0, height = mask->height_px;
  guint reached = 0, n = 0; /* columns whose beginning is known; stretches */
  columns->width_px = mask->width_px;
  columns->height_px = mask->height_px;
  columns->first = g_new (guint, (gsize) mask->width_px + 1);
  /* A run is one, and one more for each column that it goes on into. */
  columns->stretches = g_new (AssayStretch, (gsize) mask->n_runs / 2 + mask->width_px + 1);
  for (guint i = 0; i < mask->n_runs; at += mask->runs[i++])
    for (guint64 from = at, end = at + mask->runs[i]; i % 2 == 1 && from < end;)
      {
        guint64 x = from / height, stop = MIN (end, (x + 1) * height);
        while (reached <= x)
          columns->first[reached++] = n;
        columns->stretches[n++] = (AssayStretch){ (guint) (from - x * height), (guint) (stop - x * height) };
        from = stop;
      }
  while (reached <= mask->width_px)
    columns->first[reached++] = n;
  return columns;
}

void
assay_mask_columns_free (AssayMaskColumns *columns)
{
  if (columns == NULL)
    return;
  g_free (columns->stretches);
  g_free (columns->first);
  g_free (columns);
}

void
assay_mask_builder_init (AssayMaskBuilder *builder, guint width_px, guint height_px)
{
  *builder = (AssayMaskBuilder){ width_px, height_px, 0, g_array_new (FALSE, FALSE, sizeof (guint32)) };
}

void
assay_mask_builder_add (AssayMaskBuilder *builder, guint x, guint y, guint end)
{
  guint64 from = (guint64) x * builder->height_px + y;
  if (end <= y)
    return;
  guint32 runs[2] = { (guint32) (from - builder->at), end - y };
  g_array_append_vals (builder->runs, runs, 2);
  builder->at = from + end - y;
}

AssayMask *
assay_mask_builder_end (AssayMaskBuilder *builder)
{
  g_autoptr (GArray) runs = g_steal_pointer (&builder->runs);
  guint32 rest = (guint32) ((guint64) builder->width_px * builder->height_px - builder->at);
  g_array_append_val (runs, rest);
  return assay_mask_new_from_runs (builder->width_px, builder->height_px, (const guint32 *) (gpointer) runs->data,
                                   runs->len, NULL);
}
