/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chart.h"

#include <math.h>

#define LETTER_PX 7.0

/* Blue and its companions of Okabe and Ito (2008), which people tell apart whatever colours they see. */
static const guint32 series_light[ASSAY_INK_N_SERIES]
    = { 0x0072b2, 0xd55e00, 0x007a5a, 0xa0488a, 0x8a6d00, 0x303030 };
static const guint32 series_dark[ASSAY_INK_N_SERIES]
    = { 0x56b4e9, 0xe69f00, 0x2fc79a, 0xe08cbc, 0xf0e442, 0xd0d0d0 };

AssayInkColour
assay_ink_get_colour (AssayInk ink, double level, gboolean dark)
{
  static const guint32 light[] = { 0x1e1e1e, 0x5e5e5e, 0xd0d0d0, 0x0072b2, 0x9a9a9a, 0x0072b2, 0 };
  static const guint32 darks[] = { 0xf2f2f2, 0xb0b0b0, 0x4a4a4a, 0x56b4e9, 0x7a7a7a, 0x0072b2, 0 };
  guint32 rgb = dark ? darks[ink] : light[ink];
  double alpha = 1;
  if (ink == ASSAY_INK_SERIES)
    rgb = (dark ? series_dark : series_light)[(guint) level % ASSAY_INK_N_SERIES];
  if (ink == ASSAY_INK_HEAT)
    alpha = 0.06 + 0.64 * CLAMP (level, 0, 1); /* text stays readable upon the darkest */
  return (AssayInkColour){ (guint8) (rgb >> 16), (guint8) (rgb >> 8 & 255), (guint8) (rgb & 255), alpha };
}

static void
shape_clear (gpointer data)
{
  g_free (((AssayShape *) data)->text);
}

static void
spot_clear (gpointer data)
{
  AssayChartSpot *spot = data;
  g_free (spot->tip);
  g_free (spot->open);
}

AssayChart *
assay_chart_new (const char *title, double width, double height)
{
  AssayChart *chart = g_new0 (AssayChart, 1);
  chart->title = g_strdup (title);
  chart->width = width;
  chart->height = height;
  chart->shapes = g_array_new (FALSE, FALSE, sizeof (AssayShape));
  chart->spots = g_array_new (FALSE, FALSE, sizeof (AssayChartSpot));
  g_array_set_clear_func (chart->shapes, shape_clear);
  g_array_set_clear_func (chart->spots, spot_clear);
  return chart;
}

void
assay_chart_free (AssayChart *chart)
{
  if (chart == NULL)
    return;
  g_free (chart->title);
  g_array_unref (chart->shapes);
  g_array_unref (chart->spots);
  g_free (chart);
}

static void
add (AssayChart *chart, AssayShape shape)
{
  g_array_append_val (chart->shapes, shape);
}

void
assay_chart_rect (AssayChart *chart, double x, double y, double w, double h, AssayInk ink, double level)
{
  add (chart, (AssayShape){ .kind = ASSAY_SHAPE_RECT, .x = x, .y = y, .w = w, .h = h, .ink = ink, .level = level });
}

void
assay_chart_line_to (AssayChart *chart, double x, double y, double to_x, double to_y, AssayInk ink, double level)
{
  add (chart,
       (AssayShape){ .kind = ASSAY_SHAPE_LINE, .x = x, .y = y, .w = to_x, .h = to_y, .ink = ink, .level = level });
}

void
assay_chart_disc (AssayChart *chart, double x, double y, double radius, AssayInk ink, double level)
{
  add (chart, (AssayShape){ .kind = ASSAY_SHAPE_DISC, .x = x, .y = y, .w = radius, .ink = ink, .level = level });
}

double
assay_chart_width_of (const char *text)
{
  return LETTER_PX * (double) g_utf8_strlen (text, -1);
}

void
assay_chart_text (AssayChart *chart, double x, double y, const char *text, AssayAnchor anchor, AssayInk ink,
                  double most_px)
{
  glong most = MAX (1, (glong) (most_px / LETTER_PX)), length = g_utf8_strlen (text, -1);
  char *shown;
  if (length > most)
    {
      g_autofree char *cut = g_utf8_substring (text, 0, most - 1);
      shown = g_strconcat (cut, "…", NULL);
    }
  else
    shown = g_strdup (text);
  add (chart,
       (AssayShape){ .kind = ASSAY_SHAPE_TEXT, .x = x, .y = y, .ink = ink, .anchor = anchor, .text = shown });
}

void
assay_chart_spot (AssayChart *chart, double x, double y, double w, double h, const char *tip, const char *open)
{
  AssayChartSpot spot = { x, y, w, h, g_strdup (tip), g_strdup (open) };
  g_array_append_val (chart->spots, spot);
}

double
assay_chart_round_up (double value)
{
  if (!(value > 0) || !isfinite (value))
    return 1;
  double ten = pow (10, floor (log10 (value)));
  static const double steps[] = { 1, 2, 5, 10 };
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] * ten >= value * (1 - 1e-12))
      return steps[i] * ten;
  return 10 * ten;
}
