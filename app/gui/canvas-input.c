/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a canvas hears: the pointer, the wheel, keys and fingers, in image coordinates. */
#include "app/gui/canvas-private.h"

#include "app/gui/canvas-aids.h"
#include "app/gui/shortcuts.h"

#include <math.h>

/* The pointer */

void
assay_canvas_update_cursor (AssayCanvas *canvas)
{
  const char *name = canvas->panning ? "grabbing" : canvas->space ? "grab" : "crosshair";
  gtk_widget_set_cursor_from_name (GTK_WIDGET (canvas), canvas->view.image_w > 0 ? name : NULL);
}

static void
follow_pointer (AssayCanvas *canvas, GdkEvent *event)
{
  AssayPoint at = assay_event_get_point (event, GTK_WIDGET (canvas));
  canvas->pointer = (AssayPoint){ at.x * assay_canvas_get_device_scale (canvas),
                                  at.y * assay_canvas_get_device_scale (canvas) };
  canvas->pointer_inside = TRUE;
  if (canvas->loupe || (canvas->aids & (ASSAY_AID_CROSSHAIR | ASSAY_AID_KEYS)) != 0)
    gtk_widget_queue_draw (GTK_WIDGET (canvas));
}

/* To the place of the map that is pointed at; FALSE when that is not in the map. */
static gboolean
go_by_map (AssayCanvas *canvas)
{
  GtkWidget *widget = GTK_WIDGET (canvas);
  double s = assay_canvas_get_device_scale (canvas);
  if (canvas->map == NULL || (canvas->aids & ASSAY_AID_MAP) == 0)
    return FALSE;
  AssayRect box
      = assay_aid_get_map_box (canvas->map, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  double x = (canvas->pointer.x / s - box.x) / box.w, y = (canvas->pointer.y / s - box.y) / box.h;
  if (!canvas->in_map && (x < 0 || y < 0 || x > 1 || y > 1))
    return FALSE;
  AssayPoint middle = { CLAMP (x, 0, 1) * canvas->view.image_w, CLAMP (y, 0, 1) * canvas->view.image_h };
  assay_canvas_look_at (canvas, middle, canvas->view.zoom);
  return TRUE;
}

static double
pressure_of (GdkEvent *event)
{
  double pressure = 1;
  if (gdk_event_get_device_tool (event)
      != NULL) /* a pen: a mouse has no axes, and GTK 4.8 reads them all the same */
    gdk_event_get_axis (event, GDK_AXIS_PRESSURE, &pressure);
  return pressure;
}

/* Modifiers, and which end of a pen it is. */
static AssayInputFlags
flags_of (GdkEvent *event)
{
  AssayInputFlags flags = assay_event_get_flags (gdk_event_get_modifier_state (event));
  GdkDeviceTool *tool = gdk_event_get_device_tool (event);
  if (tool != NULL && gdk_device_tool_get_tool_type (tool) == GDK_DEVICE_TOOL_TYPE_ERASER)
    flags |= ASSAY_INPUT_ERASER;
  return flags;
}

static gboolean
press (AssayCanvas *canvas, GdkEvent *event)
{
  guint button = gdk_button_event_get_button (event);
  AssayInputFlags flags = flags_of (event);
  gtk_widget_grab_focus (GTK_WIDGET (canvas));
  follow_pointer (canvas, event);
  if (button == GDK_BUTTON_MIDDLE || (button == GDK_BUTTON_PRIMARY && canvas->space))
    {
      canvas->panning = TRUE;
      canvas->pan_from = canvas->pointer;
      assay_canvas_update_cursor (canvas);
      return GDK_EVENT_STOP;
    }
  canvas->in_map = button == GDK_BUTTON_PRIMARY && go_by_map (canvas);
  if (canvas->in_map)
    return GDK_EVENT_STOP;
  if (assay_last_press_is_double (&canvas->last_press, GTK_WIDGET (canvas), event, canvas->pointer))
    flags |= ASSAY_INPUT_DOUBLE;
  canvas->pressed = button;
  AssayInput input
      = { .kind = ASSAY_INPUT_PRESS, .flags = flags, .button = button, .pressure = pressure_of (event) };
  return assay_canvas_emit_input (canvas, &input);
}

static gboolean
release (AssayCanvas *canvas, GdkEvent *event)
{
  follow_pointer (canvas, event);
  if (canvas->panning)
    {
      canvas->panning = FALSE;
      assay_canvas_update_cursor (canvas);
      return GDK_EVENT_STOP;
    }
  if (canvas->in_map)
    {
      canvas->in_map = FALSE;
      return GDK_EVENT_STOP;
    }
  AssayInput input
      = { .kind = ASSAY_INPUT_RELEASE, .flags = flags_of (event), .button = canvas->pressed, .pressure = 1 };
  canvas->pressed = 0;
  return assay_canvas_emit_input (canvas, &input);
}

static gboolean
motion (AssayCanvas *canvas, GdkEvent *event)
{
  follow_pointer (canvas, event);
  if (canvas->panning)
    {
      assay_view_pan (&canvas->view, canvas->pointer.x - canvas->pan_from.x,
                      canvas->pointer.y - canvas->pan_from.y);
      canvas->pan_from = canvas->pointer;
      assay_canvas_tell_view (canvas);
      return GDK_EVENT_STOP;
    }
  if (canvas->in_map)
    return go_by_map (canvas);
  AssayInput input = {
    .kind = ASSAY_INPUT_MOVE, .flags = flags_of (event), .button = canvas->pressed, .pressure = pressure_of (event)
  };
  assay_canvas_emit_input (canvas, &input);
  return GDK_EVENT_PROPAGATE;
}

/* The wheel zooms; with Shift it is the tool's (its size), else it pans across. */
static gboolean
scroll (AssayCanvas *canvas, GdkEvent *event)
{
  double dx = 0, dy = 0;
  GdkScrollDirection direction
      = gdk_scroll_event_get_direction (event); /* has no place: the pointer's last one holds */
  if (direction == GDK_SCROLL_SMOOTH)
    gdk_scroll_event_get_deltas (event, &dx, &dy);
  else
    dy = direction == GDK_SCROLL_UP ? -1 : direction == GDK_SCROLL_DOWN ? 1 : 0;
  if (dy == 0)
    return GDK_EVENT_PROPAGATE;
  if ((gdk_event_get_modifier_state (event) & GDK_SHIFT_MASK) != 0)
    {
      AssayInput input = { .kind = ASSAY_INPUT_SCROLL, .flags = flags_of (event), .pressure = 1, .steps = -dy };
      if (assay_canvas_emit_input (canvas, &input))
        return GDK_EVENT_STOP;
    }
  if ((gdk_event_get_modifier_state (event) & GDK_SHIFT_MASK) != 0)
    assay_view_pan (&canvas->view, -dy * 60 * assay_canvas_get_device_scale (canvas), 0);
  else
    assay_view_zoom_by (&canvas->view, pow (ASSAY_VIEW_STEP, -dy), canvas->pointer);
  assay_canvas_tell_view (canvas);
  return GDK_EVENT_STOP;
}

/* One controller for all: tools want every event in its order, with pressure and, for brushes, the points between.
 */
static gboolean
on_event (GtkEventControllerLegacy *controller, GdkEvent *event, AssayCanvas *canvas)
{
  if (canvas->view.image_w == 0)
    return GDK_EVENT_PROPAGATE;
  switch ((int) gdk_event_get_event_type (event))
    {
    case GDK_BUTTON_PRESS:
      return press (canvas, event);
    case GDK_BUTTON_RELEASE:
      return release (canvas, event);
    case GDK_MOTION_NOTIFY:
      return motion (canvas, event);
    case GDK_SCROLL:
      return scroll (canvas, event);
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* Keys */

gboolean
assay_canvas_send_key (AssayCanvas *canvas, const char *key, AssayInputFlags flags)
{
  AssayInput input = { .kind = ASSAY_INPUT_KEY, .flags = flags, .key = key, .pressure = 1 };
  if (g_str_equal (key, "Escape"))
    input.kind = ASSAY_INPUT_CANCEL;
  return assay_canvas_emit_input (canvas, &input);
}

void
assay_canvas_send_hover (AssayCanvas *canvas)
{
  AssayInput input = { .kind = ASSAY_INPUT_MOVE, .pressure = 1 };
  input.flags = canvas->pointer_inside ? 0 : ASSAY_INPUT_AWAY;
  if (canvas->pressed == 0)
    assay_canvas_emit_input (canvas, &input);
}

static void
pointer_left (GtkEventControllerMotion *controller, AssayCanvas *canvas)
{
  if ((canvas->aids & ASSAY_AID_KEYS) != 0)
    return; /* it is where the keys have it */
  canvas->pointer_inside = FALSE;
  assay_canvas_send_hover (canvas);
}

static void
set_loupe (AssayCanvas *canvas, gboolean loupe)
{
  if (canvas->loupe == loupe)
    return;
  canvas->loupe = loupe;
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
}

static gboolean
key_pressed (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType modifiers,
             AssayCanvas *canvas)
{
  GdkModifierType mods;
  const char *name = assay_shortcuts_tool_key (controller, keyval, keycode, modifiers, &mods);
  AssayInputFlags flags = assay_event_get_flags (mods);
  if (assay_canvas_point_key (canvas, name != NULL ? name : gdk_keyval_name (keyval), keycode, flags))
    return GDK_EVENT_STOP;
  if (keyval == GDK_KEY_space && flags == 0)
    {
      canvas->space = TRUE;
      assay_canvas_update_cursor (canvas);
      return GDK_EVENT_STOP;
    }
  if (g_strcmp0 (name, "F2") == 0) /* whichever key it is by now */
    {
      canvas->loupe_keycode = keycode;
      set_loupe (canvas, TRUE);
      return GDK_EVENT_STOP;
    }
  if (name == NULL || (flags & (ASSAY_INPUT_CTRL | ASSAY_INPUT_ALT)) != 0)
    return GDK_EVENT_PROPAGATE;
  /* Tab belongs to the tool, whether it means something now or not; F6 leaves. */
  return assay_canvas_send_key (canvas, name, flags) || g_str_equal (name, "Tab");
}

static void
key_released (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType modifiers,
              AssayCanvas *canvas)
{
  if (canvas->loupe && keycode == canvas->loupe_keycode)
    set_loupe (canvas, FALSE);
  assay_canvas_point_key_up (canvas, keyval);
  if (keyval != GDK_KEY_space)
    return;
  canvas->space = FALSE;
  assay_canvas_update_cursor (canvas);
}

static void
focus_left (GtkEventControllerFocus *controller, AssayCanvas *canvas)
{
  canvas->space = FALSE;
  assay_canvas_stop_pointing (canvas);
  set_loupe (canvas, FALSE);
  assay_canvas_update_cursor (canvas);
}

/* Two fingers: what is under their middle stays there. A stroke that the first one began is given up. */

void
assay_canvas_pinch (AssayCanvas *canvas, AssayPinch phase, double scale, AssayPoint middle)
{
  double s = assay_canvas_get_device_scale (canvas);
  AssayPoint at = { middle.x * s, middle.y * s };
  if (canvas->view.image_w == 0)
    return;
  if (phase == ASSAY_PINCH_BEGIN)
    {
      AssayInput input = { .kind = ASSAY_INPUT_CANCEL, .pressure = 1 };
      if (canvas->pressed != 0)
        assay_canvas_emit_input (canvas, &input);
      canvas->pressed = 0;
      canvas->pinch_from = canvas->view.zoom;
    }
  else if (phase == ASSAY_PINCH_UPDATE && canvas->pinch_from > 0)
    {
      assay_view_pan (&canvas->view, at.x - canvas->pinch_at.x, at.y - canvas->pinch_at.y);
      assay_view_zoom_to (&canvas->view, canvas->pinch_from * scale, at);
      assay_canvas_tell_view (canvas);
    }
  else
    canvas->pinch_from = 0;
  canvas->pinch_at = at;
}

/* One finger moves the picture: drawing is for pens and mice, which are exact. */
static void
on_finger (GtkGestureDrag *gesture, double x, double y, AssayCanvas *canvas)
{
  double s = assay_canvas_get_device_scale (canvas), dx = x * s - canvas->finger.x, dy = y * s - canvas->finger.y;
  canvas->finger = (AssayPoint){ x * s, y * s };
  if (canvas->pinch_from == 0 && canvas->view.image_w > 0)
    assay_canvas_pan_by (canvas, dx, dy);
}

static void
on_finger_down (GtkGestureDrag *gesture, double x, double y, AssayCanvas *canvas)
{
  canvas->finger = (AssayPoint){ 0, 0 };
}

static void
pinch (GtkGesture *gesture, AssayCanvas *canvas, AssayPinch phase)
{
  double x = 0, y = 0;
  gtk_gesture_get_bounding_box_center (gesture, &x, &y);
  assay_canvas_pinch (canvas, phase, gtk_gesture_zoom_get_scale_delta (GTK_GESTURE_ZOOM (gesture)),
                      (AssayPoint){ x, y });
}

static void
on_pinch_begin (GtkGesture *gesture, GdkEventSequence *sequence, AssayCanvas *canvas)
{
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  pinch (gesture, canvas, ASSAY_PINCH_BEGIN);
}

static void
on_pinch_update (GtkGesture *gesture, GdkEventSequence *sequence, AssayCanvas *canvas)
{
  pinch (gesture, canvas, ASSAY_PINCH_UPDATE);
}

static void
on_pinch_end (GtkGesture *gesture, GdkEventSequence *sequence, AssayCanvas *canvas)
{
  pinch (gesture, canvas, ASSAY_PINCH_END);
}

void
assay_canvas_listen (AssayCanvas *canvas)
{
  GtkWidget *widget = GTK_WIDGET (canvas);
  GtkEventController *events = gtk_event_controller_legacy_new ();
  g_signal_connect (events, "event", G_CALLBACK (on_event), canvas);
  gtk_widget_add_controller (widget, events);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect (motion, "leave", G_CALLBACK (pointer_left), canvas);
  gtk_widget_add_controller (widget, motion);
  GtkGesture *fingers = gtk_gesture_zoom_new ();
  g_signal_connect (fingers, "begin", G_CALLBACK (on_pinch_begin), canvas);
  g_signal_connect (fingers, "update", G_CALLBACK (on_pinch_update), canvas);
  g_signal_connect (fingers, "end", G_CALLBACK (on_pinch_end), canvas);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (fingers));
  GtkGesture *finger = gtk_gesture_drag_new ();
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (finger), TRUE);
  g_signal_connect (finger, "drag-begin", G_CALLBACK (on_finger_down), canvas);
  g_signal_connect (finger, "drag-update", G_CALLBACK (on_finger), canvas);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (finger));
  GtkEventController *keys = gtk_event_controller_key_new ();
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed), canvas);
  g_signal_connect (keys, "key-released", G_CALLBACK (key_released), canvas);
  gtk_widget_add_controller (widget, keys);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_signal_connect (focus, "leave", G_CALLBACK (focus_left), canvas);
  gtk_widget_add_controller (widget, focus);
}
