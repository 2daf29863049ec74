/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/pointer.h"

#include <math.h>
#include <string.h>

AssayPoint
assay_event_get_point (GdkEvent *event, GtkWidget *widget)
{
  GtkNative *native = gtk_widget_get_native (widget);
  double x = 0, y = 0, surface_x = 0, surface_y = 0;
  gdk_event_get_position (event, &x, &y);
  gtk_native_get_surface_transform (native, &surface_x, &surface_y);
  gtk_widget_translate_coordinates (GTK_WIDGET (native), widget, x - surface_x, y - surface_y, &x, &y);
  return (AssayPoint){ x, y };
}

AssayInputFlags
assay_event_get_flags (GdkModifierType modifiers)
{
  return ((modifiers & GDK_SHIFT_MASK) != 0 ? ASSAY_INPUT_SHIFT : 0)
         | ((modifiers & GDK_CONTROL_MASK) != 0 ? ASSAY_INPUT_CTRL : 0)
         | ((modifiers & GDK_ALT_MASK) != 0 ? ASSAY_INPUT_ALT : 0);
}

const char *
assay_key_get_name (guint keyval)
{
  switch (keyval)
    {
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
      return "Enter";
    case GDK_KEY_ISO_Left_Tab:
      return "Tab";
    case GDK_KEY_KP_Delete:
      return "Delete";
    default:
      break;
    }
  const char *name = gdk_keyval_name (gdk_keyval_to_lower (keyval));
  if (name == NULL || g_str_has_suffix (name, "_L") || g_str_has_suffix (name, "_R"))
    return NULL;
  return name;
}

gboolean
assay_last_press_is_double (AssayLastPress *last, GtkWidget *widget, GdkEvent *event, AssayPoint at)
{
  int time_ms = 0, distance_px = 0;
  g_object_get (gtk_widget_get_settings (widget), "gtk-double-click-time", &time_ms, "gtk-double-click-distance",
                &distance_px, NULL);
  guint32 now_ms = gdk_event_get_time (event);
  guint button = gdk_button_event_get_button (event);
  gboolean is_double = last->button == button && now_ms - last->time_ms <= (guint32) time_ms
                       && hypot (at.x - last->x, at.y - last->y) <= distance_px;
  /* A third click begins anew. */
  *last = (AssayLastPress){ now_ms, at.x, at.y, is_double ? 0 : button };
  return is_double;
}
