/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/view.h"

#include <math.h>

/* Space round a fitted picture, so that points at its very edge can be reached. */
#define MARGIN 12.0

static double
fit_zoom (const AssayView *view)
{
  if (view->image_w == 0 || view->image_h == 0)
    return 1;
  double across = (view->width - 2 * MARGIN) / view->image_w, down = (view->height - 2 * MARGIN) / view->image_h;
  return CLAMP (MIN (across, down), 1.0 / 1024, ASSAY_VIEW_MAX_ZOOM);
}

/* Half of the window always shows some of the picture: nobody loses it. */
static void
settle (AssayView *view)
{
  double w = view->image_w * view->zoom, h = view->image_h * view->zoom;
  view->x = round (CLAMP (view->x, view->width / 2 - w, view->width / 2));
  view->y = round (CLAMP (view->y, view->height / 2 - h, view->height / 2));
}

void
assay_view_fit (AssayView *view)
{
  view->zoom = fit_zoom (view);
  view->x = round ((view->width - view->image_w * view->zoom) / 2);
  view->y = round ((view->height - view->image_h * view->zoom) / 2);
  view->fitted = TRUE;
}

void
assay_view_set_image (AssayView *view, guint width_px, guint height_px)
{
  gboolean same = view->image_w == width_px && view->image_h == height_px && view->zoom > 0;
  view->image_w = width_px;
  view->image_h = height_px;
  if (!same || view->fitted)
    assay_view_fit (view);
}

void
assay_view_resize (AssayView *view, double width, double height)
{
  double dx = (width - view->width) / 2, dy = (height - view->height) / 2;
  gboolean first = view->width <= 0 || view->height <= 0 || view->zoom <= 0;
  view->width = width;
  view->height = height;
  if (view->fitted || first)
    {
      assay_view_fit (view);
      return;
    }
  view->x += dx;
  view->y += dy;
  settle (view);
}

void
assay_view_zoom_to (AssayView *view, double zoom, AssayPoint at)
{
  AssayPoint kept = assay_view_to_image (view, at);
  /* A picture is never smaller than a quarter of what fits: there is nothing to see. */
  view->zoom = CLAMP (zoom, MIN (fit_zoom (view) / 4, 1), ASSAY_VIEW_MAX_ZOOM);
  view->x = at.x - kept.x * view->zoom;
  view->y = at.y - kept.y * view->zoom;
  view->fitted = FALSE;
  settle (view);
}

void
assay_view_zoom_by (AssayView *view, double factor, AssayPoint at)
{
  assay_view_zoom_to (view, view->zoom * factor, at);
}

void
assay_view_pan (AssayView *view, double dx, double dy)
{
  view->x += dx;
  view->y += dy;
  view->fitted = FALSE;
  settle (view);
}

void
assay_view_show (AssayView *view, AssayRect box)
{
  double room = MIN (view->width / MAX (box.w, 1), view->height / MAX (box.h, 1)) * 0.8;
  view->zoom = MIN (view->zoom, MAX (room, fit_zoom (view)));
  view->x = view->width / 2 - (box.x + box.w / 2) * view->zoom;
  view->y = view->height / 2 - (box.y + box.h / 2) * view->zoom;
  view->fitted = FALSE;
  settle (view);
}

void
assay_view_look_at (AssayView *view, AssayPoint middle, double zoom)
{
  AssayPoint centre = { view->width / 2, view->height / 2 };
  assay_view_zoom_to (view, zoom, centre);
  view->x = centre.x - middle.x * view->zoom;
  view->y = centre.y - middle.y * view->zoom;
  settle (view);
}

AssayPoint
assay_view_to_image (const AssayView *view, AssayPoint at)
{
  return (AssayPoint){ (at.x - view->x) / view->zoom, (at.y - view->y) / view->zoom };
}

AssayPoint
assay_view_from_image (const AssayView *view, AssayPoint p)
{
  return (AssayPoint){ p.x * view->zoom + view->x, p.y * view->zoom + view->y };
}
