/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/live-view.h"

#define LOOK_PERIOD_US 100000 /* figures that change faster are not read */

struct _AssayLiveView
{
  GtkWidget parent_instance;
  AssayLive *live;
  GdkTexture *texture; /* what is shown */
  guint64 serial;
  guint tick;
  gboolean captioned;

  AssayOverlayLook look; /* what is drawn over it */
  gboolean has_look;
  gint64 looked_us;
};

static guint signal_pressed;

G_DEFINE_FINAL_TYPE (AssayLiveView, assay_live_view, GTK_TYPE_WIDGET)

static void
describe (AssayLiveView *view)
{
  g_autofree char *over = view->live != NULL ? assay_overlay_dup_words (assay_live_get_overlays (view->live),
                                                                       view->has_look ? &view->look : NULL)
                                             : g_strdup ("");
  g_autofree char *words = view->texture == NULL
                               ? g_strdup ("no picture yet")
                               : g_strdup_printf ("live, %d × %d%s", gdk_texture_get_width (view->texture),
                                                  gdk_texture_get_height (view->texture), over);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

static void
update_look (AssayLiveView *view)
{
  gint64 now_us = g_get_monotonic_time ();
  if (now_us - view->looked_us < LOOK_PERIOD_US)
    return;
  view->looked_us = now_us;
  view->has_look = assay_live_get_look (view->live, &view->look);
  if (assay_live_get_overlays (view->live) != 0)
    describe (view);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  AssayLiveView *view = ASSAY_LIVE_VIEW (widget);
  g_autoptr (GdkTexture) texture = assay_live_get_texture (view->live, &view->serial);
  if (texture == NULL)
    return G_SOURCE_CONTINUE;
  gboolean first = view->texture == NULL;
  g_set_object (&view->texture, texture);
  update_look (view);
  if (first)
    describe (view);
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

static void
update_tick (AssayLiveView *view)
{
  gboolean wanted = view->live != NULL && gtk_widget_get_mapped (GTK_WIDGET (view));
  if (wanted && view->tick == 0)
    view->tick = gtk_widget_add_tick_callback (GTK_WIDGET (view), on_tick, NULL, NULL);
  if (!wanted && view->tick != 0)
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (view), view->tick);
      view->tick = 0;
    }
}

static void
on_changed (AssayLiveView *view)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  assay_live_get_name (view->live), -1);
  describe (view);
  gtk_widget_queue_draw (GTK_WIDGET (view));
}

void
assay_live_view_set_live (AssayLiveView *view, AssayLive *live)
{
  if (live == view->live)
    return;
  if (view->live != NULL)
    g_signal_handlers_disconnect_by_func (view->live, on_changed, view);
  g_set_object (&view->live, live);
  g_clear_object (&view->texture);
  view->serial = 0;
  view->has_look = FALSE;
  if (live != NULL)
    {
      g_signal_connect_object (live, "changed", G_CALLBACK (on_changed), view, G_CONNECT_SWAPPED);
      on_changed (view);
    }
  describe (view);
  update_tick (view);
  gtk_widget_queue_draw (GTK_WIDGET (view));
}

AssayLive *
assay_live_view_get_live (AssayLiveView *view)
{
  return view->live;
}

void
assay_live_view_set_captioned (AssayLiveView *view, gboolean captioned)
{
  view->captioned = captioned;
  gtk_widget_queue_draw (GTK_WIDGET (view));
}

/* A line of words on a dark ground, at the foot of the tile or in its middle. */
static void
draw_words (AssayLiveView *view, GtkSnapshot *snapshot, const char *words, gboolean middle)
{
  static const GdkRGBA ground = { 0, 0, 0, 0.6f }, ink = { 1, 1, 1, 1 };
  float width = (float) gtk_widget_get_width (GTK_WIDGET (view));
  float height = (float) gtk_widget_get_height (GTK_WIDGET (view));
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (view), words);
  pango_layout_set_width (layout, (int) (MAX (width - 24, 1) * PANGO_SCALE));
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  int w, h;
  pango_layout_get_pixel_size (layout, &w, &h);
  float y = middle ? (height - (float) h) / 2 : height - (float) h - 8;
  float x = middle ? (width - (float) w) / 2 : 12;
  gtk_snapshot_append_color (snapshot, &ground,
                             &GRAPHENE_RECT_INIT (x - 8, y - 4, (float) w + 16, (float) h + 8));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);
}

static void
draw_picture (AssayLiveView *view, GtkSnapshot *snapshot)
{
  float width = (float) gtk_widget_get_width (GTK_WIDGET (view));
  float height = (float) gtk_widget_get_height (GTK_WIDGET (view));
  float w = (float) gdk_texture_get_width (view->texture), h = (float) gdk_texture_get_height (view->texture);
  float scale = MIN (width / w, height / h);
  graphene_rect_t bounds
      = GRAPHENE_RECT_INIT ((width - w * scale) / 2, (height - h * scale) / 2, w * scale, h * scale);
  gtk_snapshot_append_texture (snapshot, view->texture, &bounds);
  assay_overlay_snapshot (GTK_WIDGET (view), snapshot, &bounds, assay_live_get_overlays (view->live),
                          view->has_look ? &view->look : NULL);
}

static void
assay_live_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  static const GdkRGBA veil = { 0, 0, 0, 0.6f };
  AssayLiveView *view = ASSAY_LIVE_VIEW (widget);
  if (view->texture != NULL)
    draw_picture (view, snapshot);
  if (view->live == NULL)
    return;
  if (assay_live_get_away_s (view->live) > 0)
    {
      gtk_snapshot_append_color (snapshot, &veil,
                                 &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                                      (float) gtk_widget_get_height (widget)));
      g_autofree char *words = g_strdup_printf ("%s is away", assay_live_get_name (view->live));
      draw_words (view, snapshot, words, TRUE);
    }
  else if (view->captioned)
    draw_words (view, snapshot, assay_live_get_name (view->live), FALSE);
}

static void
assay_live_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (assay_live_view_parent_class)->map (widget);
  update_tick (ASSAY_LIVE_VIEW (widget));
}

static void
assay_live_view_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (assay_live_view_parent_class)->unmap (widget);
  update_tick (ASSAY_LIVE_VIEW (widget));
}

static void
on_released (GtkGestureClick *gesture, int n, double x, double y, AssayLiveView *view)
{
  g_signal_emit (view, signal_pressed, 0);
}

static gboolean
on_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType modifiers,
        AssayLiveView *view)
{
  if (keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter)
    return FALSE;
  g_signal_emit (view, signal_pressed, 0);
  return TRUE;
}

GtkWidget *
assay_live_view_new (void)
{
  return g_object_new (ASSAY_TYPE_LIVE_VIEW, "hexpand", TRUE, "vexpand", TRUE, "overflow", GTK_OVERFLOW_HIDDEN, NULL);
}

static void
assay_live_view_dispose (GObject *object)
{
  assay_live_view_set_live (ASSAY_LIVE_VIEW (object), NULL);
  G_OBJECT_CLASS (assay_live_view_parent_class)->dispose (object);
}

static void
assay_live_view_class_init (AssayLiveViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_live_view_dispose;
  signal_pressed
      = g_signal_new ("pressed", ASSAY_TYPE_LIVE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  widget_class->snapshot = assay_live_view_snapshot;
  widget_class->map = assay_live_view_map;
  widget_class->unmap = assay_live_view_unmap;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "live-view");
}

static void
assay_live_view_init (AssayLiveView *view)
{
  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect (click, "released", G_CALLBACK (on_released), view);
  gtk_widget_add_controller (GTK_WIDGET (view), GTK_EVENT_CONTROLLER (click));
  GtkEventController *keys = gtk_event_controller_key_new ();
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), view);
  gtk_widget_add_controller (GTK_WIDGET (view), keys);
}
