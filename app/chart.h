/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/chart.h - a chart as a list of shapes, drawn alike wherever it is shown: in the window, in HTML
 * (app/chart-svg.c) and on paper (app/chart-cairo.h). One file a form: chart-bars.c, chart-matrix.c, chart-line.c.
 *
 * Lengths are pixels of a screen at its plain scale (1/96 inch); (0,0) is the top left corner. Shapes name an ink,
 * which each theme has a colour for; nothing is told by colour alone: values stand beside what they colour. What
 * has too few items behind it has no colour. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ASSAY_INK_TEXT,
  ASSAY_INK_DIM,
  ASSAY_INK_GRID,
  ASSAY_INK_BAR,
  ASSAY_INK_FEW,    /* of too few items to be judged by */
  ASSAY_INK_HEAT,   /* `level` 0 to 1 */
  ASSAY_INK_SERIES, /* `level` 0, 1, 2 …: the how many-th, around */
  ASSAY_INK_N
} AssayInk;
#define ASSAY_INK_N_SERIES 6

typedef struct
{
  guint8 r, g, b;
  double alpha; /* over the ground */
} AssayInkColour;
AssayInkColour assay_ink_get_colour (AssayInk ink, double level, gboolean dark);

typedef enum
{
  ASSAY_SHAPE_RECT, /* x, y, w, h */
  ASSAY_SHAPE_LINE, /* from (x, y) to (w, h) */
  ASSAY_SHAPE_DISC, /* around (x, y), radius w */
  ASSAY_SHAPE_TEXT  /* its line stands on y; `anchor` of it at x */
} AssayShapeKind;
typedef enum
{
  ASSAY_ANCHOR_START,
  ASSAY_ANCHOR_MIDDLE,
  ASSAY_ANCHOR_END
} AssayAnchor;

typedef struct
{
  AssayShapeKind kind;
  double x, y, w, h;
  AssayInk ink;
  double level;
  AssayAnchor anchor;
  gboolean bold;
  char *text; /* (nullable) */
} AssayShape;

/* A place that has something to tell, and may lead somewhere. */
typedef struct
{
  double x, y, w, h;
  char *tip;  /* its numbers in words */
  char *open; /* (nullable) what is behind it, as whoever made the chart says: "class=cup" */
} AssayChartSpot;

typedef struct
{
  double width, height;
  char *title; /* what it shows, for who can not see it */
  GArray *shapes, *spots;
} AssayChart;
void assay_chart_free (AssayChart *chart);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayChart, assay_chart_free)

/* A share or another figure with its interval, in a row of its own. */
typedef struct
{
  const char *label, *note; /* note: "n = 12", or why there is no value */
  double value, low, high;  /* NaN = undefined */
  gboolean enough;
  const char *words;      /* (nullable) the value as it is to be written */
  const char *tip, *open; /* open: nullable */
} AssayChartBar;
/* `most`: where the scale ends; not above 0 = where the data do. `unit`: "" for plain numbers. */
AssayChart *assay_chart_bars (const char *title, const AssayChartBar *bars, guint n, double most, const char *unit,
                              double width);

typedef struct
{
  guint row, column;
  double level; /* 0 to 1: how dark; NaN = no colour */
  const char *text, *tip, *open;
} AssayChartCell;
/* `rows` and `columns`: names. Cells that are not told stay empty. */
AssayChart *assay_chart_matrix (const char *title, const char *const *rows, guint n_rows,
                                const char *const *columns, guint n_columns, const AssayChartCell *cells, guint n,
                                double width);

typedef struct
{
  guint series, step; /* which line, which place along it */
  double value, low, high;
  gboolean enough;
  const char *tip, *open;
} AssayChartPoint;
/* `steps`: names of the places, in their order. Points by series, then step. */
AssayChart *assay_chart_line (const char *title, const char *const *series, guint n_series,
                              const char *const *steps, guint n_steps, const AssayChartPoint *points, guint n,
                              double most, const char *unit, double width);

/* A self-contained <svg>, whose colours are the page's variables --text, --dim, --grid, --bar, --few, --heat, --s0
 * … */
void assay_chart_append_svg (const AssayChart *chart, GString *html);

/* For the files of forms. */
AssayChart *assay_chart_new (const char *title, double width, double height);
void assay_chart_rect (AssayChart *chart, double x, double y, double w, double h, AssayInk ink, double level);
void assay_chart_line_to (AssayChart *chart, double x, double y, double to_x, double to_y, AssayInk ink,
                          double level);
void assay_chart_disc (AssayChart *chart, double x, double y, double radius, AssayInk ink, double level);
/* Cut off, with an ellipsis, where it would be wider than `most_px`. */
void assay_chart_text (AssayChart *chart, double x, double y, const char *text, AssayAnchor anchor, AssayInk ink,
                       double most_px);
void assay_chart_spot (AssayChart *chart, double x, double y, double w, double h, const char *tip,
                       const char *open);
/* About how wide a text is: fonts differ, so there is some room in it. */
double assay_chart_width_of (const char *text);
/* The next of 1, 2, 5, 10 … times a power of ten that is not below. */
double assay_chart_round_up (double value);

#define ASSAY_CHART_FONT_PX 12.0

G_END_DECLS
