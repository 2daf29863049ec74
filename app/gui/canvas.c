/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/canvas.h"

#include "app/gui/canvas-aids.h"
#include "app/gui/pointer.h"
#include "app/gui/shortcuts.h"
#include "app/gui/tile-grid.h"

#include <math.h>

/* What composing may take from one frame; the first frame of another picture is shown whole. */
#define BUDGET_US 6000
#define AGAIN_US 5000           /* at a time, until what is shown is up to date … */
#define AT_LEAST_EVERY_US 80000 /* … and how long nothing new is shown meanwhile */
#define PREPARE_US 3000 /* at a time, while nothing else is to be done */
#define FIRST_BUDGET_US 120000

struct _AssayCanvas
{
  GtkWidget parent_instance;
  AssayView view;
  AssayTileGrid *grid;
  AssayMarks *overlay;
  gint64 drawn_us;    /* when the last frame was made */
  gboolean complete;  /* the last frame showed everything */
  gboolean whole;     /* the next frame shows everything, whatever it takes */
  guint again, tell, prepare; /* idle sources: tiles are left to compose; the view changed with the window; tiles
                                 round the window are left */
  AssayPoint pointer; /* device pixels */
  gboolean pointer_inside;
  AssayLastPress last_press;
  guint pressed; /* button held, handed on */
  gboolean panning, space;
  AssayPoint pan_from;
  AssayDisplay display;
  AssayMarksLook look;
  AssayAids aids;
  gboolean loupe, in_map;
  guint loupe_keycode; /* of the key that is held for it */
  cairo_surface_t *map; /* (nullable) until it is shown */
  double pinch_from;    /* the zoom that two fingers began at; 0 = there are none */
  AssayPoint finger;    /* device pixels that one finger has gone */
  AssayPoint pinch_at;  /* device pixels: where their middle was */
  char *words;
};

G_DEFINE_FINAL_TYPE (AssayCanvas, assay_canvas, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_INPUT,
  SIGNAL_VIEW_CHANGED,
  SIGNAL_DISPLAY_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static double
device_scale (AssayCanvas *canvas)
{
  return gtk_widget_get_scale_factor (GTK_WIDGET (canvas));
}

static void
describe (AssayCanvas *canvas)
{
  g_autofree char *words = canvas->view.image_w == 0 ? g_strdup ("no picture")
                           : canvas->words == NULL
                               ? g_strdup_printf ("zoom %.0f %%", canvas->view.zoom * 100)
                               : g_strdup_printf ("zoom %.0f %%, %s", canvas->view.zoom * 100, canvas->words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (canvas), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

static void
view_changed (AssayCanvas *canvas)
{
  describe (canvas);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
  g_signal_emit (canvas, signals[SIGNAL_VIEW_CHANGED], 0);
}

static gboolean
emit_input (AssayCanvas *canvas, AssayInput *input)
{
  gboolean used = FALSE;
  input->at = assay_view_to_image (&canvas->view, canvas->pointer);
  input->px_per_unit = canvas->view.zoom / device_scale (canvas);
  g_signal_emit (canvas, signals[SIGNAL_INPUT], 0, input, &used);
  return used;
}

/* Drawing */

/* A frame costs the whole window: between two of them several tiles are composed. */
static gboolean
draw_again (gpointer data)
{
  AssayCanvas *canvas = data;
  if (!assay_tile_grid_prepare (canvas->grid, 0, AGAIN_US)
      && g_get_monotonic_time () - canvas->drawn_us < AT_LEAST_EVERY_US)
    return G_SOURCE_CONTINUE;
  canvas->again = 0;
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
  return G_SOURCE_REMOVE;
}

static gboolean
prepare (gpointer data)
{
  AssayCanvas *canvas = data;
  if (!assay_tile_grid_prepare (canvas->grid, 1, PREPARE_US))
    return G_SOURCE_CONTINUE;
  canvas->prepare = 0;
  return G_SOURCE_REMOVE;
}

static void
snapshot_overlay (AssayCanvas *canvas, GtkSnapshot *snapshot, int width, int height)
{
  double s = device_scale (canvas);
  AssayMarksFrame frame = { canvas->view.zoom / s, canvas->view.zoom / s, canvas->view.x / s, canvas->view.y / s };
  graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, 0, 0),
                  window = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  gboolean any = FALSE;
  for (guint i = 0; canvas->overlay != NULL && i < canvas->overlay->marks->len; i++)
    {
      const AssayMark *mark = &g_array_index (canvas->overlay->marks, AssayMark, i);
      AssayRect box = { 0 };
      if (!assay_mark_get_box (mark, &box))
        continue;
      box = assay_mark_get_drawn_box (mark, &box, &frame);
      graphene_rect_t one = GRAPHENE_RECT_INIT ((float) floor (box.x), (float) floor (box.y),
                                                (float) ceil (box.w) + 1, (float) ceil (box.h) + 1);
      if (any)
        graphene_rect_union (&all, &one, &all);
      else
        all = one;
      any = TRUE;
    }
  /* The node's bounds are what is painted again: no larger than the marks are. */
  if (!any || !graphene_rect_intersection (&all, &window, &all))
    return;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &all);
  for (guint i = 0; i < canvas->overlay->marks->len; i++)
    assay_mark_draw (&g_array_index (canvas->overlay->marks, AssayMark, i), &frame, cr);
  cairo_destroy (cr);
}

static void
snapshot_aids (AssayCanvas *canvas, GtkSnapshot *snapshot, int width, int height)
{
  double s = device_scale (canvas);
  const AssayTileScene *scene = assay_tile_grid_get_scene (canvas->grid);
  AssayPoint at = { canvas->pointer.x / s, canvas->pointer.y / s };
  if ((canvas->aids & ASSAY_AID_MAP) != 0)
    {
      if (canvas->map == NULL)
        canvas->map = assay_aid_new_map (scene);
      assay_aid_map (snapshot, canvas->map, &canvas->view, width, height);
    }
  if (canvas->pointer_inside && (canvas->aids & ASSAY_AID_CROSSHAIR) != 0)
    assay_aid_crosshair (snapshot, at, width, height);
  if (canvas->pointer_inside && canvas->loupe)
    assay_aid_loupe (snapshot, scene, &canvas->view, at, width, height);
}

static void
assay_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AssayCanvas *canvas = ASSAY_CANVAS (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  gboolean complete = assay_tile_grid_snapshot (canvas->grid, snapshot, canvas->view.zoom, device_scale (canvas),
                                                canvas->view.x, canvas->view.y, canvas->view.width,
                                                canvas->view.height, canvas->whole ? FIRST_BUDGET_US : BUDGET_US);
  canvas->whole = FALSE;
  canvas->complete = complete;
  canvas->drawn_us = g_get_monotonic_time ();
  if (!complete && canvas->again == 0)
    canvas->again = g_idle_add (draw_again, canvas);
  else if (complete && canvas->prepare == 0)
    canvas->prepare = g_idle_add_full (G_PRIORITY_LOW, prepare, canvas, NULL);
  snapshot_overlay (canvas, snapshot, width, height);
  if (canvas->view.image_w > 0)
    snapshot_aids (canvas, snapshot, width, height);
}

/* Whoever listens may change a label, which must not happen while sizes are given out. */
static gboolean
tell_view (gpointer data)
{
  AssayCanvas *canvas = data;
  canvas->tell = 0;
  g_signal_emit (canvas, signals[SIGNAL_VIEW_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
assay_canvas_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  AssayCanvas *canvas = ASSAY_CANVAS (widget);
  double s = device_scale (canvas);
  assay_view_resize (&canvas->view, width * s, height * s);
  describe (canvas);
  if (canvas->tell == 0)
    canvas->tell = g_idle_add (tell_view, canvas);
}

static void
assay_canvas_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                      int *minimum_baseline, int *natural_baseline)
{
  *minimum = 120;
  *natural = 640;
}

/* The pointer */

static void
set_cursor (AssayCanvas *canvas)
{
  const char *name = canvas->panning ? "grabbing" : canvas->space ? "grab" : "crosshair";
  gtk_widget_set_cursor_from_name (GTK_WIDGET (canvas), canvas->view.image_w > 0 ? name : NULL);
}

static void
follow_pointer (AssayCanvas *canvas, GdkEvent *event)
{
  AssayPoint at = assay_event_get_point (event, GTK_WIDGET (canvas));
  canvas->pointer = (AssayPoint){ at.x * device_scale (canvas), at.y * device_scale (canvas) };
  canvas->pointer_inside = TRUE;
  if (canvas->loupe || (canvas->aids & ASSAY_AID_CROSSHAIR) != 0)
    gtk_widget_queue_draw (GTK_WIDGET (canvas));
}

/* To the place of the map that is pointed at; FALSE when that is not in the map. */
static gboolean
go_by_map (AssayCanvas *canvas)
{
  GtkWidget *widget = GTK_WIDGET (canvas);
  double s = device_scale (canvas);
  if (canvas->map == NULL || (canvas->aids & ASSAY_AID_MAP) == 0)
    return FALSE;
  AssayRect box = assay_aid_get_map_box (canvas->map, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
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
      set_cursor (canvas);
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
  return emit_input (canvas, &input);
}

static gboolean
release (AssayCanvas *canvas, GdkEvent *event)
{
  follow_pointer (canvas, event);
  if (canvas->panning)
    {
      canvas->panning = FALSE;
      set_cursor (canvas);
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
  return emit_input (canvas, &input);
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
      view_changed (canvas);
      return GDK_EVENT_STOP;
    }
  if (canvas->in_map)
    return go_by_map (canvas);
  AssayInput input = {
    .kind = ASSAY_INPUT_MOVE, .flags = flags_of (event), .button = canvas->pressed, .pressure = pressure_of (event)
  };
  emit_input (canvas, &input);
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
      if (emit_input (canvas, &input))
        return GDK_EVENT_STOP;
    }
  if ((gdk_event_get_modifier_state (event) & GDK_SHIFT_MASK) != 0)
    assay_view_pan (&canvas->view, -dy * 60 * device_scale (canvas), 0);
  else
    assay_view_zoom_by (&canvas->view, pow (ASSAY_VIEW_STEP, -dy), canvas->pointer);
  view_changed (canvas);
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
  return emit_input (canvas, &input);
}

void
assay_canvas_send_hover (AssayCanvas *canvas)
{
  AssayInput input = { .kind = ASSAY_INPUT_MOVE, .pressure = 1 };
  input.flags = canvas->pointer_inside ? 0 : ASSAY_INPUT_AWAY;
  if (canvas->pressed == 0)
    emit_input (canvas, &input);
}

static void
pointer_left (GtkEventControllerMotion *controller, AssayCanvas *canvas)
{
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
  if (keyval == GDK_KEY_space && flags == 0)
    {
      canvas->space = TRUE;
      set_cursor (canvas);
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
  if (keyval != GDK_KEY_space)
    return;
  canvas->space = FALSE;
  set_cursor (canvas);
}

static void
focus_left (GtkEventControllerFocus *controller, AssayCanvas *canvas)
{
  canvas->space = FALSE;
  set_loupe (canvas, FALSE);
  set_cursor (canvas);
}

/* Two fingers: what is under their middle stays there. A stroke that the first one began is given up. */

void
assay_canvas_pinch (AssayCanvas *canvas, AssayPinch phase, double scale, AssayPoint middle)
{
  double s = device_scale (canvas);
  AssayPoint at = { middle.x * s, middle.y * s };
  if (canvas->view.image_w == 0)
    return;
  if (phase == ASSAY_PINCH_BEGIN)
    {
      AssayInput input = { .kind = ASSAY_INPUT_CANCEL, .pressure = 1 };
      if (canvas->pressed != 0)
        emit_input (canvas, &input);
      canvas->pressed = 0;
      canvas->pinch_from = canvas->view.zoom;
    }
  else if (phase == ASSAY_PINCH_UPDATE && canvas->pinch_from > 0)
    {
      assay_view_pan (&canvas->view, at.x - canvas->pinch_at.x, at.y - canvas->pinch_at.y);
      assay_view_zoom_to (&canvas->view, canvas->pinch_from * scale, at);
      view_changed (canvas);
    }
  else
    canvas->pinch_from = 0;
  canvas->pinch_at = at;
}

/* One finger moves the picture: drawing is for pens and mice, which are exact. */
static void
on_finger (GtkGestureDrag *gesture, double x, double y, AssayCanvas *canvas)
{
  double s = device_scale (canvas), dx = x * s - canvas->finger.x, dy = y * s - canvas->finger.y;
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

/* How it is shown */

static void
show_as (AssayCanvas *canvas)
{
  const AssayTileScene *scene = assay_tile_grid_get_scene (canvas->grid);
  assay_tile_grid_set_display (
      canvas->grid,
      scene->pyramid != NULL ? assay_display_table_new (&canvas->display, scene->pyramid->histogram) : NULL);
  g_clear_pointer (&canvas->map, cairo_surface_destroy);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
  g_signal_emit (canvas, signals[SIGNAL_DISPLAY_CHANGED], 0);
}

void
assay_canvas_set_display (AssayCanvas *canvas, const AssayDisplay *display)
{
  canvas->display = *display;
  show_as (canvas);
}

const AssayDisplay *
assay_canvas_get_display (AssayCanvas *canvas)
{
  return &canvas->display;
}

void
assay_canvas_fit_display (AssayCanvas *canvas)
{
  const AssayTileScene *scene = assay_tile_grid_get_scene (canvas->grid);
  if (scene->pyramid == NULL)
    return;
  assay_histogram_get_window (scene->pyramid->histogram, &canvas->display.level, &canvas->display.window);
  canvas->display.equalise = FALSE;
  show_as (canvas);
}

void
assay_canvas_set_look (AssayCanvas *canvas, AssayMarksLook look)
{
  canvas->look = look;
  assay_tile_grid_set_look (canvas->grid, look);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
  g_signal_emit (canvas, signals[SIGNAL_DISPLAY_CHANGED], 0);
}

AssayMarksLook
assay_canvas_get_look (AssayCanvas *canvas)
{
  return canvas->look;
}

void
assay_canvas_set_aids (AssayCanvas *canvas, AssayAids aids)
{
  canvas->aids = aids;
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
  g_signal_emit (canvas, signals[SIGNAL_DISPLAY_CHANGED], 0);
}

AssayAids
assay_canvas_get_aids (AssayCanvas *canvas)
{
  return canvas->aids;
}

/* What others ask for */

void
assay_canvas_set_pyramid (AssayCanvas *canvas, AssayPyramid *pyramid)
{
  const AssayDisplay plain = ASSAY_DISPLAY_PLAIN;
  assay_tile_grid_set_pyramid (canvas->grid, pyramid);
  if ((canvas->aids & ASSAY_AID_KEEP_DISPLAY) == 0)
    canvas->display = plain;
  if ((canvas->aids & ASSAY_AID_KEEP_VIEW) == 0)
    canvas->view.fitted = TRUE;
  show_as (canvas);
  assay_view_set_image (&canvas->view, pyramid != NULL ? pyramid->levels[0].width_px : 0,
                        pyramid != NULL ? pyramid->levels[0].height_px : 0);
  canvas->whole = TRUE;
  set_cursor (canvas);
  view_changed (canvas);
}

void
assay_canvas_set_marks (AssayCanvas *canvas, AssayMarks *take_marks, const AssayRect *dirty)
{
  assay_tile_grid_set_marks (canvas->grid, take_marks, dirty);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
}

void
assay_canvas_redraw (AssayCanvas *canvas, const AssayRect *dirty)
{
  assay_tile_grid_make_stale (canvas->grid, dirty);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
}

void
assay_canvas_set_overlay (AssayCanvas *canvas, AssayMarks *take_marks)
{
  gboolean nothing = (canvas->overlay == NULL || canvas->overlay->marks->len == 0) && take_marks->marks->len == 0;
  assay_marks_free (canvas->overlay);
  canvas->overlay = take_marks;
  if (!nothing)
    gtk_widget_queue_draw (GTK_WIDGET (canvas));
}

void
assay_canvas_set_description (AssayCanvas *canvas, const char *words)
{
  if (g_strcmp0 (words, canvas->words) == 0)
    return;
  g_free (canvas->words);
  canvas->words = g_strdup (words);
  describe (canvas);
}

gboolean
assay_canvas_get_pointer (AssayCanvas *canvas, AssayPoint *ret_at)
{
  double s = device_scale (canvas);
  if (canvas->pointer_inside)
    *ret_at = (AssayPoint){ canvas->pointer.x / s, canvas->pointer.y / s };
  return canvas->pointer_inside;
}

const AssayView *
assay_canvas_get_view (AssayCanvas *canvas)
{
  return &canvas->view;
}

void
assay_canvas_show_box (AssayCanvas *canvas, AssayRect box)
{
  assay_view_show (&canvas->view, box);
  view_changed (canvas);
}

void
assay_canvas_fit (AssayCanvas *canvas)
{
  assay_view_fit (&canvas->view);
  view_changed (canvas);
}

void
assay_canvas_pan_by (AssayCanvas *canvas, double dx, double dy)
{
  assay_view_pan (&canvas->view, dx, dy);
  view_changed (canvas);
}

void
assay_canvas_look_at (AssayCanvas *canvas, AssayPoint middle, double zoom)
{
  assay_view_look_at (&canvas->view, middle, zoom);
  view_changed (canvas);
}

void
assay_canvas_zoom_by (AssayCanvas *canvas, double factor)
{
  AssayPoint middle = { canvas->view.width / 2, canvas->view.height / 2 };
  assay_view_zoom_by (&canvas->view, factor, canvas->pointer_inside ? canvas->pointer : middle);
  view_changed (canvas);
}

gboolean
assay_canvas_is_complete (AssayCanvas *canvas)
{
  return canvas->complete;
}

guint
assay_canvas_get_n_composed (AssayCanvas *canvas)
{
  return assay_tile_grid_get_n_composed (canvas->grid);
}

static void
activate (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayCanvas *canvas = ASSAY_CANVAS (widget);
  if (g_str_equal (action, "canvas.fit"))
    assay_canvas_fit (canvas);
  else if (g_str_equal (action, "canvas.zoom-100"))
    assay_canvas_zoom_by (canvas, 1 / canvas->view.zoom);
  else
    assay_canvas_zoom_by (canvas, g_str_equal (action, "canvas.zoom-in") ? ASSAY_VIEW_STEP : 1 / ASSAY_VIEW_STEP);
}

static void
assay_canvas_dispose (GObject *object)
{
  AssayCanvas *canvas = ASSAY_CANVAS (object);
  g_clear_handle_id (&canvas->again, g_source_remove);
  g_clear_handle_id (&canvas->tell, g_source_remove);
  g_clear_handle_id (&canvas->prepare, g_source_remove);
  G_OBJECT_CLASS (assay_canvas_parent_class)->dispose (object);
}

static void
assay_canvas_finalize (GObject *object)
{
  AssayCanvas *canvas = ASSAY_CANVAS (object);
  assay_tile_grid_free (canvas->grid);
  assay_marks_free (canvas->overlay);
  g_clear_pointer (&canvas->map, cairo_surface_destroy);
  g_free (canvas->words);
  G_OBJECT_CLASS (assay_canvas_parent_class)->finalize (object);
}

static void
assay_canvas_class_init (AssayCanvasClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  object_class->dispose = assay_canvas_dispose;
  object_class->finalize = assay_canvas_finalize;
  widget_class->snapshot = assay_canvas_snapshot;
  widget_class->size_allocate = assay_canvas_size_allocate;
  widget_class->measure = assay_canvas_measure;
  gtk_widget_class_set_css_name (widget_class, "canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_install_action (widget_class, "canvas.fit", NULL, activate);
  gtk_widget_class_install_action (widget_class, "canvas.zoom-100", NULL, activate);
  gtk_widget_class_install_action (widget_class, "canvas.zoom-in", NULL, activate);
  gtk_widget_class_install_action (widget_class, "canvas.zoom-out", NULL, activate);
  signals[SIGNAL_INPUT]
      = g_signal_new ("input", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_true_handled,
                      NULL, NULL, G_TYPE_BOOLEAN, 1, G_TYPE_POINTER);
  signals[SIGNAL_VIEW_CHANGED] = g_signal_new ("view-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DISPLAY_CHANGED] = g_signal_new ("display-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_canvas_init (AssayCanvas *canvas)
{
  GtkWidget *widget = GTK_WIDGET (canvas);
  canvas->grid = assay_tile_grid_new ();
  canvas->view.zoom = 1;
  canvas->display = ASSAY_DISPLAY_PLAIN;
  canvas->look = ASSAY_MARKS_LOOK_PLAIN;
  canvas->aids = ASSAY_AID_KEEP_VIEW;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_set_vexpand (widget, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, "Image canvas", -1);

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

GtkWidget *
assay_canvas_new (void)
{
  return g_object_new (ASSAY_TYPE_CANVAS, NULL);
}
