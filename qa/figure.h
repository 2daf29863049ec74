/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/figure.h - figures of agreement in the making: each a ratio of sums, so that items add up and can be drawn
 * again.
 *
 * A mean is the case of counts of 1. `part` tells figures of one definition apart: the nodes of a skeleton. Any
 * thread. */
#include "core/kind.h"

G_BEGIN_DECLS

typedef struct
{
  const AssayMeasureDef *def; /* static: its address is its identity */
  GQuark part;                /* 0 = of the whole */
  double sum, count;
} AssayFigure;

GArray *assay_figures_new (void); /* of AssayFigure */
/* A sum that is undefined (NaN), or a count of 0, adds nothing. */
void assay_figures_add (GArray *figures, const AssayMeasureDef *def, GQuark part, double sum, double count);
/* Adds all of the other ones. */
void assay_figures_merge (GArray *figures, const GArray *other);

G_END_DECLS
