/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/frame-memory.h"

#ifdef GDK_WINDOWING_X11

#include <cairo-xlib.h>
#include <gdk/x11/gdkx.h>

#define HELD_PX 64 /* a side; what is smaller is not shared */

/* cairo takes the memory for eight frames at once and gives it back when nothing in it is used: a little that is
 * held keeps all of it. Pages come to be as frames need them. */
void
assay_frame_memory_keep (GtkNative *native)
{
  static cairo_surface_t *held;
  GdkSurface *window = gtk_native_get_surface (native);
  GdkDisplay *display = gdk_surface_get_display (window);
  if (held != NULL || !GDK_IS_X11_DISPLAY (display) || !GSK_IS_CAIRO_RENDERER (gtk_native_get_renderer (native)))
    return;
  GdkRectangle screen = { 0, 0, 1920, 1080 };
  GdkMonitor *monitor = gdk_display_get_monitor_at_surface (display, window);
  if (monitor != NULL)
    gdk_monitor_get_geometry (monitor, &screen);
  int scale = gdk_surface_get_scale_factor (window);
  Display *server = gdk_x11_display_get_xdisplay (display);
  cairo_surface_t *like = cairo_xlib_surface_create (server, gdk_x11_surface_get_xid (window),
                                                     DefaultVisual (server, DefaultScreen (server)), 1, 1);
  cairo_surface_t *frame
      = cairo_surface_create_similar_image (like, CAIRO_FORMAT_RGB24, screen.width * scale, screen.height * scale);
  held = cairo_surface_create_similar_image (like, CAIRO_FORMAT_RGB24, HELD_PX, HELD_PX);
  cairo_surface_destroy (frame);
  cairo_surface_destroy (like);
}

#else

void
assay_frame_memory_keep (GtkNative *native)
{
}

#endif
