/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chart.h"

static const char *const names[] = { "text", "dim", "grid", "bar", "few", "heat", "s" };
static const char *const anchors[] = { "start", "middle", "end" };

static char *
colour_of (const AssayShape *shape)
{
  if (shape->ink == ASSAY_INK_SERIES)
    return g_strdup_printf ("var(--s%u)", (guint) shape->level % ASSAY_INK_N_SERIES);
  return g_strdup_printf ("var(--%s)", names[shape->ink]);
}

/* The same on every machine, whatever its locale. */
static const char *
number (double value, char *to)
{
  return g_ascii_formatd (to, G_ASCII_DTOSTR_BUF_SIZE, "%.1f", value);
}

static void
append_number (GString *html, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf (html, " %s=\"%s\"", name, number (value, text));
}

static void
append_shape (const AssayShape *shape, GString *html)
{
  g_autofree char *colour = colour_of (shape);
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  AssayInkColour told = assay_ink_get_colour (shape->ink, shape->level, FALSE);
  switch (shape->kind)
    {
    case ASSAY_SHAPE_RECT:
      g_string_append (html, "<rect");
      append_number (html, "x", shape->x);
      append_number (html, "y", shape->y);
      append_number (html, "width", shape->w);
      append_number (html, "height", shape->h);
      g_string_append_printf (html, " style=\"fill:%s", colour);
      if (told.alpha < 1)
        g_string_append_printf (html, ";fill-opacity:%s", g_ascii_formatd (text, sizeof text, "%.2f", told.alpha));
      g_string_append (html, "\"/>");
      return;
    case ASSAY_SHAPE_LINE:
      g_string_append (html, "<line");
      append_number (html, "x1", shape->x);
      append_number (html, "y1", shape->y);
      append_number (html, "x2", shape->w);
      append_number (html, "y2", shape->h);
      g_string_append_printf (html, " style=\"stroke:%s\"/>", colour);
      return;
    case ASSAY_SHAPE_DISC:
      g_string_append (html, "<circle");
      append_number (html, "cx", shape->x);
      append_number (html, "cy", shape->y);
      append_number (html, "r", shape->w);
      g_string_append_printf (html, " style=\"fill:%s\"/>", colour);
      return;
    case ASSAY_SHAPE_TEXT:
      {
        g_autofree char *words = g_markup_escape_text (shape->text, -1);
        g_string_append (html, "<text");
        append_number (html, "x", shape->x);
        append_number (html, "y", shape->y);
        g_string_append_printf (html, " text-anchor=\"%s\" style=\"fill:%s\">%s</text>", anchors[shape->anchor],
                                colour, words);
        return;
      }
    }
}

void
assay_chart_append_svg (const AssayChart *chart, GString *html)
{
  char width[G_ASCII_DTOSTR_BUF_SIZE], height[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *title = g_markup_escape_text (chart->title, -1);
  number (chart->width, width);
  number (chart->height, height);
  g_string_append_printf (html,
                          "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%s\" height=\"%s\" "
                          "viewBox=\"0 0 %s %s\"><title>%s</title>\n",
                          width, height, width, height, title);
  for (guint i = 0; i < chart->shapes->len; i++)
    {
      append_shape (&g_array_index (chart->shapes, AssayShape, i), html);
      g_string_append_c (html, '\n');
    }
  /* On top, so that pointing at it tells its numbers. */
  for (guint i = 0; i < chart->spots->len; i++)
    {
      const AssayChartSpot *spot = &g_array_index (chart->spots, AssayChartSpot, i);
      g_autofree char *tip = g_markup_escape_text (spot->tip, -1);
      g_string_append (html, "<rect class=\"spot\"");
      append_number (html, "x", spot->x);
      append_number (html, "y", spot->y);
      append_number (html, "width", spot->w);
      append_number (html, "height", spot->h);
      g_string_append_printf (html, "><title>%s</title></rect>\n", tip);
    }
  g_string_append (html, "</svg>\n");
}
