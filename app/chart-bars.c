/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures one below the other, each a bar from 0 with its interval upon it, its value and what it rests on. */
#include "app/chart.h"

#include <math.h>

#define ROW_PX 24.0
#define GAP_PX 12.0
#define MOST_LABEL_PX 190.0
#define VALUE_PX 62.0
#define AXIS_PX 20.0

static double
find_most (const AssayChartBar *bars, guint n, double most)
{
  double largest = 0;
  for (guint i = 0; i < n; i++)
    {
      largest = isnan (bars[i].value) ? largest : MAX (largest, bars[i].value);
      largest = isnan (bars[i].high) ? largest : MAX (largest, bars[i].high);
    }
  return most > 0 ? most : assay_chart_round_up (largest);
}

static void
draw_interval (AssayChart *chart, double from, double to, double y)
{
  assay_chart_line_to (chart, from, y, to, y, ASSAY_INK_TEXT, 0);
  assay_chart_line_to (chart, from, y - 4, from, y + 4, ASSAY_INK_TEXT, 0);
  assay_chart_line_to (chart, to, y - 4, to, y + 4, ASSAY_INK_TEXT, 0);
}

static void
draw_axis (AssayChart *chart, double left, double right, double bottom, double most, const char *unit)
{
  for (guint i = 0; i <= 4; i++)
    {
      double x = left + (right - left) * i / 4;
      g_autofree char *words
          = g_strdup_printf ("%g%s%s", most * i / 4, *unit != '\0' && i == 4 ? " " : "", i == 4 ? unit : "");
      assay_chart_line_to (chart, x, 0, x, bottom, ASSAY_INK_GRID, 0);
      assay_chart_text (chart, x, bottom + 14, words, ASSAY_ANCHOR_MIDDLE, ASSAY_INK_DIM, 80);
    }
}

AssayChart *
assay_chart_bars (const char *title, const AssayChartBar *bars, guint n, double most, const char *unit,
                  double width)
{
  AssayChart *chart = assay_chart_new (title, width, n * ROW_PX + AXIS_PX);
  double label = 0, note = 0;
  for (guint i = 0; i < n; i++)
    {
      label = MAX (label, assay_chart_width_of (bars[i].label));
      note = MAX (note, assay_chart_width_of (bars[i].note));
    }
  label = MIN (label, MOST_LABEL_PX);
  double left = label + GAP_PX, right = MAX (left + 80, width - GAP_PX - VALUE_PX - note - GAP_PX);
  double scale = find_most (bars, n, most);
  draw_axis (chart, left, right, n * ROW_PX, scale, unit);
  for (guint i = 0; i < n; i++)
    {
      const AssayChartBar *bar = &bars[i];
      double y = i * ROW_PX, x_of_one = (right - left) / scale;
      assay_chart_text (chart, label, y + 16, bar->label, ASSAY_ANCHOR_END, ASSAY_INK_TEXT, MOST_LABEL_PX);
      if (!isnan (bar->value))
        assay_chart_rect (chart, left, y + 5, CLAMP (bar->value, 0, scale) * x_of_one, ROW_PX - 10,
                          bar->enough ? ASSAY_INK_BAR : ASSAY_INK_FEW, 0);
      if (!isnan (bar->low))
        draw_interval (chart, left + CLAMP (bar->low, 0, scale) * x_of_one,
                       left + CLAMP (bar->high, 0, scale) * x_of_one, y + ROW_PX / 2);
      g_autofree char *value = isnan (bar->value)   ? g_strdup ("–")
                               : bar->words != NULL ? g_strdup (bar->words)
                                                    : g_strdup_printf ("%.3f", bar->value);
      assay_chart_text (chart, right + GAP_PX + VALUE_PX - 10, y + 16, value, ASSAY_ANCHOR_END, ASSAY_INK_TEXT,
                        VALUE_PX);
      assay_chart_text (chart, right + GAP_PX + VALUE_PX, y + 16, bar->note, ASSAY_ANCHOR_START, ASSAY_INK_DIM,
                        width - right - GAP_PX - VALUE_PX);
      assay_chart_spot (chart, 0, y, width, ROW_PX, bar->tip, bar->open);
    }
  return chart;
}
