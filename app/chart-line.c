/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures over time: a line for each, its name at its end, the interval of each point upright through it. */
#include "app/chart.h"

#include <math.h>

#define HEIGHT_PX 190.0
#define LEFT_PX 40.0
#define TOP_PX 8.0
#define FOOT_PX 22.0
#define GAP_PX 8.0
#define MOST_LABEL_PX 130.0

typedef struct
{
  double left, right, top, bottom, most;
  guint n_steps, n_series;
} Frame;

static double
x_of (const Frame *frame, const AssayChartPoint *point)
{
  double step = (frame->right - frame->left) / MAX (frame->n_steps, 1);
  /* Side by side, so that intervals of one step do not cover each other. */
  double aside
      = frame->n_series > 1 ? ((double) point->series / (frame->n_series - 1) - 0.5) * MIN (step * 0.4, 36) : 0;
  return frame->left + (point->step + 0.5) * step + aside;
}

static double
y_of (const Frame *frame, double value)
{
  return frame->bottom - CLAMP (value, 0, frame->most) / frame->most * (frame->bottom - frame->top);
}

static void
draw_axes (AssayChart *chart, const Frame *frame, const char *const *steps, const char *unit)
{
  double step = (frame->right - frame->left) / MAX (frame->n_steps, 1);
  for (guint i = 0; i <= 4; i++)
    {
      double y = y_of (frame, frame->most * i / 4);
      g_autofree char *words = g_strdup_printf ("%g%s", frame->most * i / 4, i == 4 ? unit : "");
      assay_chart_line_to (chart, frame->left, y, frame->right, y, ASSAY_INK_GRID, 0);
      assay_chart_text (chart, frame->left - 6, y + 4, words, ASSAY_ANCHOR_END, ASSAY_INK_DIM, LEFT_PX);
    }
  guint every = 1;
  while (frame->n_steps > 0 && every * step < assay_chart_width_of (steps[0]) + GAP_PX && every < frame->n_steps)
    every++;
  for (guint i = 0; i < frame->n_steps; i += every)
    assay_chart_text (chart, frame->left + (i + 0.5) * step, frame->bottom + 15, steps[i], ASSAY_ANCHOR_MIDDLE,
                      ASSAY_INK_DIM, MAX (step * every, 20));
}

/* Names stand at the ends of their lines, and apart. */
static void
draw_names (AssayChart *chart, const Frame *frame, const char *const *series, const AssayChartPoint *points,
            guint n)
{
  g_autofree double *places = g_new (double, frame->n_series);
  for (guint i = 0; i < frame->n_series; i++)
    {
      places[i] = NAN;
      for (guint k = 0; k < n; k++)
        if (points[k].series == i && !isnan (points[k].value))
          places[i] = y_of (frame, points[k].value) + 4;
    }
  for (guint pass = 0; pass < frame->n_series; pass++)
    for (guint i = 0; i < frame->n_series; i++)
      for (guint k = 0; k < frame->n_series; k++)
        if (i != k && fabs (places[i] - places[k]) < 14
            && (places[i] > places[k] || (places[i] == places[k] && i > k)))
          places[i] = places[k] + 14;
  for (guint i = 0; i < frame->n_series; i++)
    if (!isnan (places[i]))
      {
        assay_chart_rect (chart, frame->right + GAP_PX, places[i] - 8, 8, 8, ASSAY_INK_SERIES, i);
        assay_chart_text (chart, frame->right + GAP_PX + 12, places[i], series[i], ASSAY_ANCHOR_START,
                          ASSAY_INK_TEXT, MOST_LABEL_PX);
      }
}

AssayChart *
assay_chart_line (const char *title, const char *const *series, guint n_series, const char *const *steps,
                  guint n_steps, const AssayChartPoint *points, guint n, double most, const char *unit,
                  double width)
{
  double label = 0, largest = 0;
  for (guint i = 0; i < n_series; i++)
    label = MAX (label, assay_chart_width_of (series[i]));
  for (guint i = 0; i < n; i++)
    {
      largest = isnan (points[i].value) ? largest : MAX (largest, points[i].value);
      largest = isnan (points[i].high) ? largest : MAX (largest, points[i].high);
    }
  Frame frame = { .left = LEFT_PX,
                  .right = width - MIN (label, MOST_LABEL_PX) - 2 * GAP_PX - 16,
                  .top = TOP_PX,
                  .bottom = HEIGHT_PX - FOOT_PX,
                  .most = most > 0 ? most : assay_chart_round_up (largest),
                  .n_steps = n_steps,
                  .n_series = n_series };
  AssayChart *chart = assay_chart_new (title, width, HEIGHT_PX);
  draw_axes (chart, &frame, steps, unit);
  for (guint i = 0; i < n; i++)
    {
      const AssayChartPoint *point = &points[i];
      if (isnan (point->value))
        continue;
      double x = x_of (&frame, point), y = y_of (&frame, point->value);
      AssayInk ink = point->enough ? ASSAY_INK_SERIES : ASSAY_INK_FEW;
      if (!isnan (point->low))
        assay_chart_line_to (chart, x, y_of (&frame, point->low), x, y_of (&frame, point->high), ink,
                             point->series);
      if (i > 0 && points[i - 1].series == point->series && points[i - 1].step + 1 == point->step
          && !isnan (points[i - 1].value))
        assay_chart_line_to (chart, x_of (&frame, &points[i - 1]), y_of (&frame, points[i - 1].value), x, y, ink,
                             point->series);
      assay_chart_disc (chart, x, y, 4, ink, point->series);
      assay_chart_spot (chart, x - 8, y - 8, 16, 16, point->tip, point->open);
    }
  draw_names (chart, &frame, series, points, n);
  return chart;
}
