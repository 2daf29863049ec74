/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows against columns: each cell has its number, and is the darker the larger. */
#include "app/chart.h"

#include <math.h>

#define CELL_LEAST_PX 36.0
#define CELL_MOST_PX 84.0
#define ROW_PX 26.0
#define HEAD_PX 22.0
#define MOST_LABEL_PX 150.0
#define GAP_PX 8.0

AssayChart *
assay_chart_matrix (const char *title, const char *const *rows, guint n_rows, const char *const *columns,
                    guint n_columns, const AssayChartCell *cells, guint n, double width)
{
  double label = 0, head = CELL_LEAST_PX;
  for (guint i = 0; i < n_rows; i++)
    label = MAX (label, assay_chart_width_of (rows[i]));
  for (guint i = 0; i < n_columns; i++)
    head = MAX (head, assay_chart_width_of (columns[i]) + GAP_PX);
  label = MIN (label, MOST_LABEL_PX) + GAP_PX;
  double cell = n_columns > 0 ? (width - label) / n_columns : 0;
  cell = MAX (CELL_LEAST_PX, MIN (cell, MIN (head, CELL_MOST_PX)));
  AssayChart *chart = assay_chart_new (title, MAX (width, label + cell * n_columns), HEAD_PX + n_rows * ROW_PX + 2);
  for (guint i = 0; i < n_columns; i++)
    assay_chart_text (chart, label + cell * (i + 0.5), HEAD_PX - 7, columns[i], ASSAY_ANCHOR_MIDDLE, ASSAY_INK_DIM,
                      cell - 2);
  for (guint i = 0; i < n_rows; i++)
    assay_chart_text (chart, label - GAP_PX, HEAD_PX + i * ROW_PX + 17, rows[i], ASSAY_ANCHOR_END, ASSAY_INK_TEXT,
                      label - GAP_PX);
  for (guint i = 0; i <= n_rows; i++)
    assay_chart_line_to (chart, label, HEAD_PX + i * ROW_PX, label + cell * n_columns, HEAD_PX + i * ROW_PX,
                         ASSAY_INK_GRID, 0);
  for (guint i = 0; i <= n_columns; i++)
    assay_chart_line_to (chart, label + i * cell, HEAD_PX, label + i * cell, HEAD_PX + n_rows * ROW_PX,
                         ASSAY_INK_GRID, 0);
  for (guint i = 0; i < n; i++)
    {
      double x = label + cells[i].column * cell, y = HEAD_PX + cells[i].row * ROW_PX;
      if (!isnan (cells[i].level))
        assay_chart_rect (chart, x + 1, y + 1, cell - 2, ROW_PX - 2, ASSAY_INK_HEAT, cells[i].level);
      assay_chart_text (chart, x + cell / 2, y + 17, cells[i].text, ASSAY_ANCHOR_MIDDLE, ASSAY_INK_TEXT, cell);
      assay_chart_spot (chart, x, y, cell, ROW_PX, cells[i].tip, cells[i].open);
    }
  return chart;
}
