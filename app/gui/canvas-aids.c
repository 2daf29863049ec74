/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/canvas-aids.h"

#include <math.h>

#define LOUPE_PX 176
#define LOUPE_TIMES 4
#define LOUPE_AWAY 24 /* from the pointer: what is worked on stays in sight */
#define MAP_MARGIN 12

static void
append_line (GtkSnapshot *snapshot, double x, double y, double w, double h)
{
  static const GdkRGBA dark = { 0, 0, 0, 0.5 }, light = { 1, 1, 1, 0.75 };
  gtk_snapshot_append_color (snapshot, &dark,
                             &GRAPHENE_RECT_INIT ((float) (x - (w < h)), (float) (y - (h < w)),
                                                  (float) (w + 2 * (w < h)), (float) (h + 2 * (h < w))));
  gtk_snapshot_append_color (snapshot, &light, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) w, (float) h));
}

void
assay_aid_crosshair (GtkSnapshot *snapshot, AssayPoint at, int width, int height)
{
  append_line (snapshot, 0, floor (at.y), width, 1);
  append_line (snapshot, floor (at.x), 0, 1, height);
}

void
assay_aid_loupe (GtkSnapshot *snapshot, const AssayTileScene *scene, const AssayView *view, AssayPoint at,
                 int width, int height)
{
  AssayTileScene large = *scene;
  double s = scene->device_scale;
  int n = (int) (LOUPE_PX * s);
  large.zoom = MIN (view->zoom * LOUPE_TIMES, ASSAY_VIEW_MAX_ZOOM * LOUPE_TIMES);
  AssayPoint image = assay_view_to_image (view, (AssayPoint){ at.x * s, at.y * s });
  int x0 = (int) floor (image.x * large.zoom) - n / 2, y0 = (int) floor (image.y * large.zoom) - n / 2;
  double x = at.x + LOUPE_AWAY, y = at.y - LOUPE_AWAY - LOUPE_PX;
  x = x + LOUPE_PX > width ? at.x - LOUPE_AWAY - LOUPE_PX : x;
  y = y < 0 ? MIN (at.y + LOUPE_AWAY, height - LOUPE_PX) : y;
  cairo_surface_t *surface = assay_tile_compose (&large, x0, y0, n, n);
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT ((float) floor (x) - 2, (float) floor (y) - 2, LOUPE_PX + 4, LOUPE_PX + 4));
  cairo_translate (cr, floor (x), floor (y));
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_paint (cr);
  cairo_surface_destroy (surface);
  /* The place that is pointed at, and a rim. */
  cairo_set_line_width (cr, 1);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.8);
  cairo_rectangle (cr, -1, -1, LOUPE_PX + 2, LOUPE_PX + 2);
  cairo_stroke (cr);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.9);
  cairo_rectangle (cr, 0.5, 0.5, LOUPE_PX - 1, LOUPE_PX - 1);
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (cr, LOUPE_PX / 2.0 + side * 4, LOUPE_PX / 2.0);
      cairo_rel_line_to (cr, side * 8, 0);
      cairo_move_to (cr, LOUPE_PX / 2.0, LOUPE_PX / 2.0 + side * 4);
      cairo_rel_line_to (cr, 0, side * 8);
    }
  cairo_stroke (cr);
  cairo_destroy (cr);
}

cairo_surface_t *
assay_aid_new_map (const AssayTileScene *scene)
{
  if (scene->pyramid == NULL)
    return NULL;
  AssayTileScene small = *scene;
  guint w = scene->pyramid->levels[0].width_px, h = scene->pyramid->levels[0].height_px;
  small.index = NULL; /* at this size marks hide more than they show */
  small.zoom = ASSAY_MAP_PX * scene->device_scale / MAX (w, h);
  return assay_tile_compose (&small, 0, 0, MAX (1, (int) (w * small.zoom)), MAX (1, (int) (h * small.zoom)));
}

AssayRect
assay_aid_get_map_box (cairo_surface_t *map, int width, int height)
{
  double s = 1;
  cairo_surface_get_device_scale (map, &s, &s);
  double w = cairo_image_surface_get_width (map) / s, h = cairo_image_surface_get_height (map) / s;
  return (AssayRect){ floor (width - w) - MAP_MARGIN, floor (height - h) - MAP_MARGIN, w, h };
}

void
assay_aid_map (GtkSnapshot *snapshot, cairo_surface_t *map, const AssayView *view, int width, int height)
{
  AssayRect box = assay_aid_get_map_box (map, width, height);
  AssayPoint a = assay_view_to_image (view, (AssayPoint){ 0, 0 });
  AssayPoint b = assay_view_to_image (view, (AssayPoint){ view->width, view->height });
  double by_x = box.w / MAX (view->image_w, 1), by_y = box.h / MAX (view->image_h, 1);
  double left = CLAMP (a.x * by_x, 0, box.w), top = CLAMP (a.y * by_y, 0, box.h);
  double right = CLAMP (b.x * by_x, 0, box.w), bottom = CLAMP (b.y * by_y, 0, box.h);
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT ((float) box.x - 2, (float) box.y - 2, (float) box.w + 4, (float) box.h + 4));
  cairo_translate (cr, box.x, box.y);
  cairo_set_source_surface (cr, map, 0, 0);
  cairo_paint (cr);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.6);
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, -0.5, -0.5, box.w + 1, box.h + 1);
  cairo_stroke (cr);
  /* What is not shown is darker. */
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_rectangle (cr, 0, 0, box.w, box.h);
  cairo_rectangle (cr, left, top, right - left, bottom - top);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.45);
  cairo_fill (cr);
  cairo_rectangle (cr, left + 0.5, top + 0.5, MAX (right - left - 1, 1), MAX (bottom - top - 1, 1));
  cairo_set_source_rgb (cr, 1, 0.85, 0.2);
  cairo_stroke (cr);
  cairo_destroy (cr);
}
