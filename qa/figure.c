/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/figure.h"

#include <math.h>

GArray *
assay_figures_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (AssayFigure));
}

void
assay_figures_add (GArray *figures, const AssayMeasureDef *def, GQuark part, double sum, double count)
{
  if (isnan (sum) || !(count > 0))
    return;
  for (guint i = 0; i < figures->len; i++)
    {
      AssayFigure *figure = &g_array_index (figures, AssayFigure, i);
      if (figure->def != def || figure->part != part)
        continue;
      figure->sum += sum;
      figure->count += count;
      return;
    }
  AssayFigure figure = { def, part, sum, count };
  g_array_append_val (figures, figure);
}

void
assay_figures_merge (GArray *figures, const GArray *other)
{
  for (guint i = 0; i < other->len; i++)
    {
      const AssayFigure *figure = &g_array_index (other, AssayFigure, i);
      assay_figures_add (figures, figure->def, figure->part, figure->sum, figure->count);
    }
}
