/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/canvas-private.h"

#include "app/gui/canvas-aids.h"
#include "app/gui/frame-memory.h"

#include <math.h>

/* What composing may take from one frame; the first frame of another picture is shown whole. */
#define BUDGET_US 6000
#define AGAIN_US 5000           /* at a time, until what is shown is up to date … */
#define AT_LEAST_EVERY_US 80000 /* … and how long nothing new is shown meanwhile */
#define PREPARE_US 3000         /* at a time, while nothing else is to be done */
#define FIRST_BUDGET_US 120000

G_DEFINE_FINAL_TYPE (AssayCanvas, assay_canvas, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_INPUT,
  SIGNAL_VIEW_CHANGED,
  SIGNAL_DISPLAY_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

double
assay_canvas_get_device_scale (AssayCanvas *canvas)
{
  return gtk_widget_get_scale_factor (GTK_WIDGET (canvas));
}

/* "at 120, 80 px, pressed, zoom 100 %, 3 objects, brush tool": what changes most is said first. */
void
assay_canvas_describe (AssayCanvas *canvas)
{
  g_autoptr (GString) words = g_string_new (NULL);
  AssayPoint at = assay_view_to_image (&canvas->view, canvas->pointer);
  if (canvas->view.image_w > 0 && (canvas->aids & ASSAY_AID_KEYS) != 0)
    g_string_append_printf (words, "at %.0f, %.0f px, %s", floor (at.x), floor (at.y),
                            canvas->pressed != 0 ? "pressed, " : "");
  if (canvas->view.image_w == 0)
    g_string_append (words, "no picture");
  else
    g_string_append_printf (words, "zoom %.0f %%", canvas->view.zoom * 100);
  if (canvas->view.image_w > 0 && canvas->words != NULL)
    g_string_append_printf (words, ", %s", canvas->words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (canvas), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words->str, -1);
}

void
assay_canvas_tell_view (AssayCanvas *canvas)
{
  assay_canvas_describe (canvas);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
  g_signal_emit (canvas, signals[SIGNAL_VIEW_CHANGED], 0);
}

gboolean
assay_canvas_emit_input (AssayCanvas *canvas, AssayInput *input)
{
  gboolean used = FALSE;
  input->at = assay_view_to_image (&canvas->view, canvas->pointer);
  input->px_per_unit = canvas->view.zoom / assay_canvas_get_device_scale (canvas);
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
  double s = assay_canvas_get_device_scale (canvas);
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
  double s = assay_canvas_get_device_scale (canvas);
  const AssayTileScene *scene = assay_tile_grid_get_scene (canvas->grid);
  AssayPoint at = { canvas->pointer.x / s, canvas->pointer.y / s };
  if ((canvas->aids & ASSAY_AID_MAP) != 0)
    {
      if (canvas->map == NULL)
        canvas->map = assay_aid_new_map (scene);
      assay_aid_map (snapshot, canvas->map, &canvas->view, width, height);
    }
  if (canvas->pointer_inside && (canvas->aids & (ASSAY_AID_CROSSHAIR | ASSAY_AID_KEYS)) != 0)
    assay_aid_crosshair (snapshot, at, width, height);
  if (canvas->pointer_inside && canvas->loupe)
    assay_aid_loupe (snapshot, scene, &canvas->view, at, width, height);
}

static void
assay_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AssayCanvas *canvas = ASSAY_CANVAS (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  gboolean complete = assay_tile_grid_snapshot (
      canvas->grid, snapshot, canvas->view.zoom, assay_canvas_get_device_scale (canvas), canvas->view.x,
      canvas->view.y, canvas->view.width, canvas->view.height, canvas->whole ? FIRST_BUDGET_US : BUDGET_US);
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

static void
assay_canvas_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (assay_canvas_parent_class)->realize (widget);
  assay_frame_memory_keep (gtk_widget_get_native (widget));
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
  double s = assay_canvas_get_device_scale (canvas);
  assay_view_resize (&canvas->view, width * s, height * s);
  assay_canvas_describe (canvas);
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
  AssayAids differ = canvas->aids ^ aids;
  if ((differ & canvas->aids & ASSAY_AID_KEYS) != 0)
    assay_canvas_stop_pointing (canvas);
  canvas->aids = aids;
  if ((differ & aids & ASSAY_AID_KEYS) != 0)
    assay_canvas_start_pointing (canvas);
  if ((differ & ASSAY_AID_KEYS) != 0)
    assay_canvas_describe (canvas);
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
  assay_canvas_update_cursor (canvas);
  assay_canvas_tell_view (canvas);
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
assay_canvas_redraw_marks (AssayCanvas *canvas, const AssayRect *dirty)
{
  assay_tile_grid_make_marks_stale (canvas->grid, dirty);
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
  assay_canvas_describe (canvas);
}

gboolean
assay_canvas_get_pointer (AssayCanvas *canvas, AssayPoint *ret_at)
{
  double s = assay_canvas_get_device_scale (canvas);
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
  assay_canvas_tell_view (canvas);
}

void
assay_canvas_fit (AssayCanvas *canvas)
{
  assay_view_fit (&canvas->view);
  assay_canvas_tell_view (canvas);
}

void
assay_canvas_pan_by (AssayCanvas *canvas, double dx, double dy)
{
  assay_view_pan (&canvas->view, dx, dy);
  assay_canvas_tell_view (canvas);
}

void
assay_canvas_look_at (AssayCanvas *canvas, AssayPoint middle, double zoom)
{
  assay_view_look_at (&canvas->view, middle, zoom);
  assay_canvas_tell_view (canvas);
}

void
assay_canvas_zoom_by (AssayCanvas *canvas, double factor)
{
  AssayPoint middle = { canvas->view.width / 2, canvas->view.height / 2 };
  assay_view_zoom_by (&canvas->view, factor, canvas->pointer_inside ? canvas->pointer : middle);
  assay_canvas_tell_view (canvas);
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
  widget_class->realize = assay_canvas_realize;
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
  signals[SIGNAL_DISPLAY_CHANGED] = g_signal_new ("display-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
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
  assay_canvas_listen (canvas);
}

GtkWidget *
assay_canvas_new (void)
{
  return g_object_new (ASSAY_TYPE_CANVAS, NULL);
}
