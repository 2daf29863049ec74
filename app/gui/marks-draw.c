/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/marks-draw.h"

#include <math.h>
#include <pango/pangocairo.h>

#define LINE_PX 1.5
#define HALO_PX 3.5
#define HANDLE_PX 3.5
#define SELECTED_HANDLE_PX 5.5
#define PAD_PX 8.0
#define FONT "Sans 9"

static AssayPoint
map (const AssayMarksFrame *frame, AssayPoint p)
{
  return (AssayPoint){ p.x * frame->scale_x + frame->x, p.y * frame->scale_y + frame->y };
}

static void
set_colour (cairo_t *cr, guint32 colour, double alpha)
{
  cairo_set_source_rgba (cr, ((colour >> 16) & 0xff) / 255.0, ((colour >> 8) & 0xff) / 255.0,
                         (colour & 0xff) / 255.0, alpha);
}

gboolean
assay_mark_get_box (const AssayMark *mark, AssayRect *ret_box)
{
  double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
  if (mark->kind == ASSAY_MARK_MASK && mark->paint != NULL) /* it may come to be anywhere */
    {
      *ret_box = (AssayRect){ 0, 0, assay_paint_get_width_px (mark->paint), assay_paint_get_height_px (mark->paint) };
      return TRUE;
    }
  if (mark->kind == ASSAY_MARK_MASK)
    return mark->mask != NULL && assay_mask_bounds (mark->mask, ret_box);
  for (guint i = 0; i < mark->n_points; i++)
    {
      left = MIN (left, mark->points[i].x);
      top = MIN (top, mark->points[i].y);
      right = MAX (right, mark->points[i].x);
      bottom = MAX (bottom, mark->points[i].y);
    }
  if (!(right >= left && bottom >= top))
    return FALSE;
  *ret_box = (AssayRect){ left, top, right - left, bottom - top };
  return TRUE;
}

double
assay_mark_get_words_reach (const AssayMark *mark)
{
  return mark->text != NULL ? 24 + 9.0 * (double) g_utf8_strlen (mark->text, -1) : 0;
}

AssayRect
assay_mark_get_drawn_box (const AssayMark *mark, const AssayRect *box, const AssayMarksFrame *frame)
{
  double words = assay_mark_get_words_reach (mark);
  AssayPoint a = map (frame, (AssayPoint){ box->x, box->y });
  return (AssayRect){ a.x - PAD_PX, a.y - PAD_PX, box->w * frame->scale_x + 2 * PAD_PX + words,
                      box->h * frame->scale_y + 2 * PAD_PX + (words > 0 ? 20 : 0) };
}

static void
stroke (cairo_t *cr, const AssayMark *mark)
{
  static const double dashes[] = { 5, 4 };
  gboolean selected = (mark->flags & ASSAY_MARK_SELECTED) != 0, faint = (mark->flags & ASSAY_MARK_FAINT) != 0;
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  if ((mark->flags & ASSAY_MARK_DASHED) != 0)
    cairo_set_dash (cr, dashes, 2, 0);
  if (!faint)
    {
      /* Dark round the line, so that it is seen on any picture. */
      cairo_set_source_rgba (cr, 0, 0, 0, 0.55);
      cairo_set_line_width (cr, HALO_PX + (selected ? 1 : 0));
      cairo_stroke_preserve (cr);
    }
  set_colour (cr, mark->colour, faint ? 0.55 : 1);
  cairo_set_line_width (cr, LINE_PX + (selected ? 0.75 : 0));
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

static void
draw_chain (const AssayMark *mark, const AssayMarksFrame *frame, cairo_t *cr)
{
  for (guint i = 0; i < mark->n_points; i++)
    {
      AssayPoint p = map (frame, mark->points[i]);
      cairo_line_to (cr, p.x, p.y);
    }
  if (mark->kind == ASSAY_MARK_RING)
    cairo_close_path (cr);
  stroke (cr, mark);
}

static void
draw_box (const AssayMark *mark, const AssayMarksFrame *frame, cairo_t *cr)
{
  AssayPoint a = map (frame, mark->points[0]), b = map (frame, mark->points[1]);
  cairo_rectangle (cr, MIN (a.x, b.x), MIN (a.y, b.y), fabs (b.x - a.x), fabs (b.y - a.y));
  if ((mark->flags & ASSAY_MARK_SELECTED) != 0)
    {
      set_colour (cr, mark->colour, 0.12);
      cairo_fill_preserve (cr);
    }
  stroke (cr, mark);
}

static void
draw_words (const char *text, double x, double y, guint32 colour, gboolean faint, cairo_t *cr)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string (FONT);
  int w = 0, h = 0;
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &w, &h);
  cairo_set_source_rgba (cr, 0, 0, 0, faint ? 0.5 : 0.65);
  cairo_rectangle (cr, x - 3, y - 1, w + 6, h + 2);
  cairo_fill (cr);
  set_colour (cr, faint ? 0xdddddd : colour, 1);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
}

/* Handles are light with a rim of their colour; a finished point is full of its colour, an occluded one hollow. */
static void
draw_point (const AssayMark *mark, const AssayMarksFrame *frame, cairo_t *cr)
{
  gboolean selected = (mark->flags & ASSAY_MARK_SELECTED) != 0, handle = (mark->flags & ASSAY_MARK_HANDLE) != 0;
  gboolean faint = (mark->flags & (ASSAY_MARK_FAINT | ASSAY_MARK_DASHED)) != 0;
  AssayPoint p = map (frame, mark->points[0]);
  double radius = selected ? SELECTED_HANDLE_PX : HANDLE_PX;
  cairo_new_sub_path (cr);
  cairo_arc (cr, p.x, p.y, radius, 0, 2 * G_PI);
  if (faint)
    cairo_set_source_rgba (cr, 0, 0, 0, 0.35);
  else if (handle)
    cairo_set_source_rgba (cr, 1, 1, 1, 1);
  else
    set_colour (cr, mark->colour, 1);
  cairo_fill_preserve (cr);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_set_line_width (cr, 3.5);
  if (!handle || faint)
    cairo_stroke_preserve (cr);
  set_colour (cr, handle || faint ? mark->colour : 0xffffff, 1);
  cairo_set_line_width (cr, handle || faint ? 1.75 : 1);
  cairo_stroke (cr);
  if (mark->text != NULL)
    draw_words (mark->text, p.x + radius + 5, p.y + 2, mark->colour, FALSE, cr);
}

void
assay_mark_draw (const AssayMark *mark, const AssayMarksFrame *frame, cairo_t *cr)
{
  cairo_new_path (cr);
  switch (mark->kind)
    {
    case ASSAY_MARK_RING:
    case ASSAY_MARK_LINE:
      draw_chain (mark, frame, cr);
      return;
    case ASSAY_MARK_POINT:
      draw_point (mark, frame, cr);
      return;
    case ASSAY_MARK_BOX:
      draw_box (mark, frame, cr);
      return;
    case ASSAY_MARK_TEXT:
      {
        AssayPoint p = map (frame, mark->points[0]);
        draw_words (mark->text, p.x + 10, p.y + 12, mark->colour, (mark->flags & ASSAY_MARK_FAINT) != 0, cr);
        return;
      }
    case ASSAY_MARK_MASK:
    default:
      return;
    }
}
