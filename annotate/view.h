/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/view.h - where a picture stands in a window: zoom, pan, fit, and the way from one to the other.
 *
 * View coordinates are device pixels of the window, (0,0) its top-left corner. `zoom` is device pixels an image
 * pixel, so 1 shows every pixel as itself. The image's corner always stands on a whole device pixel: what is on the
 * screen is then moved by panning and never resampled. Plain value, no thread. */
#include "core/geometry.h"

G_BEGIN_DECLS

#define ASSAY_VIEW_MAX_ZOOM 64.0
#define ASSAY_VIEW_STEP 1.25 /* one notch of the wheel */

typedef struct
{
  double width, height;   /* of the window */
  guint image_w, image_h; /* 0 = no picture */
  double zoom;
  double x, y;     /* where the image's top-left corner stands */
  gboolean fitted; /* follows the window's size until somebody zooms or pans */
} AssayView;

void assay_view_set_image (AssayView *view, guint width_px,
                           guint height_px); /* keeps zoom and place when the size is the same */
void assay_view_resize (AssayView *view, double width, double height);
void assay_view_fit (AssayView *view);
/* The image point under `at` stays there. */
void assay_view_zoom_to (AssayView *view, double zoom, AssayPoint at);
void assay_view_zoom_by (AssayView *view, double factor, AssayPoint at);
void assay_view_pan (AssayView *view, double dx, double dy);
/* Brings a box of the image to the middle, zooming out when it would not fit and never in. */
void assay_view_show (AssayView *view, AssayRect box);
/* This point of the image in the middle of the window, at this zoom. */
void assay_view_look_at (AssayView *view, AssayPoint middle, double zoom);
AssayPoint assay_view_to_image (const AssayView *view, AssayPoint at);
AssayPoint assay_view_from_image (const AssayView *view, AssayPoint p);

G_END_DECLS
