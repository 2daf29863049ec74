/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/chart-cairo.h - a chart drawn by cairo and Pango: on paper, and in the window. */
#include "app/chart.h"

#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* At the origin, in the chart's own pixels. `font` (nullable) in place of the usual one. */
void assay_chart_draw (const AssayChart *chart, cairo_t *cairo, gboolean dark, const char *font);

G_END_DECLS
