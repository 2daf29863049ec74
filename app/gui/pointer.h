/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/pointer.h - the events of a widget as the tools want them. Shared by the canvas and the waveform. Main
 * thread. */
#include "annotate/tool.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Where an event of the pointer happened, in the widget's coordinates. */
AssayPoint assay_event_get_point (GdkEvent *event, GtkWidget *widget);
AssayInputFlags assay_event_get_flags (GdkModifierType modifiers);
/* gdk_keyval_name with letters in lower case, "Enter" for every Enter and "Tab" for Shift+Tab too; NULL for
 * modifiers. */
const char *assay_key_get_name (guint keyval);

/* Whether this press is the second of a double click; remembers the last one in `last`. */
typedef struct
{
  guint32 time_ms;
  double x, y;
  guint button;
} AssayLastPress;
gboolean assay_last_press_is_double (AssayLastPress *last, GtkWidget *widget, GdkEvent *event, AssayPoint at);

G_END_DECLS
