/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chart-cairo.h"

#include <math.h>

static void
draw_text (const AssayShape *shape, cairo_t *cairo, PangoLayout *layout)
{
  pango_layout_set_text (layout, shape->text, -1);
  int width;
  pango_layout_get_size (layout, &width, NULL);
  double over = (double) pango_layout_get_baseline (layout) / PANGO_SCALE, w = (double) width / PANGO_SCALE;
  double aside = shape->anchor == ASSAY_ANCHOR_START ? 0 : shape->anchor == ASSAY_ANCHOR_MIDDLE ? w / 2 : w;
  cairo_move_to (cairo, shape->x - aside, shape->y - over);
  pango_cairo_show_layout (cairo, layout);
}

static void
draw_shape (const AssayShape *shape, cairo_t *cairo, PangoLayout *layout)
{
  switch (shape->kind)
    {
    case ASSAY_SHAPE_RECT:
      cairo_rectangle (cairo, shape->x, shape->y, shape->w, shape->h);
      cairo_fill (cairo);
      return;
    case ASSAY_SHAPE_LINE:
      cairo_set_line_width (cairo, shape->ink == ASSAY_INK_SERIES ? 1.5 : 1);
      cairo_move_to (cairo, shape->x, shape->y);
      cairo_line_to (cairo, shape->w, shape->h);
      cairo_stroke (cairo);
      return;
    case ASSAY_SHAPE_DISC:
      cairo_arc (cairo, shape->x, shape->y, shape->w, 0, 2 * G_PI);
      cairo_fill (cairo);
      return;
    case ASSAY_SHAPE_TEXT:
      draw_text (shape, cairo, layout);
      return;
    }
}

void
assay_chart_draw (const AssayChart *chart, cairo_t *cairo, gboolean dark, const char *font)
{
  PangoLayout *layout = pango_cairo_create_layout (cairo);
  PangoFontDescription *description = pango_font_description_from_string (font != NULL ? font : "Sans");
  PangoAttrList *attributes = pango_attr_list_new ();
  pango_font_description_set_absolute_size (description, ASSAY_CHART_FONT_PX * PANGO_SCALE);
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_font_description (layout, description);
  pango_layout_set_attributes (layout, attributes);
  for (guint i = 0; i < chart->shapes->len; i++)
    {
      const AssayShape *shape = &g_array_index (chart->shapes, AssayShape, i);
      AssayInkColour colour = assay_ink_get_colour (shape->ink, shape->level, dark);
      cairo_set_source_rgba (cairo, colour.r / 255.0, colour.g / 255.0, colour.b / 255.0, colour.alpha);
      draw_shape (shape, cairo, layout);
    }
  pango_attr_list_unref (attributes);
  pango_font_description_free (description);
  g_object_unref (layout);
}
