/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/meter-view.h"

#include <math.h>

#define FLOOR_DB 60.0
#define BAR_PX 7
#define GAP_PX 2
#define CLIP_PX 14 /* the field at the right end */
#define MOST_BARS 8
#define DESCRIBE_US 300000 /* words that change faster are not heard */

struct _AssayMeterView
{
  GtkWidget parent_instance;
  AssayLive *live;
  AssayLevel level;
  gboolean has_level;
  guint tick;
  gint64 described_us;
};

G_DEFINE_FINAL_TYPE (AssayMeterView, assay_meter_view, GTK_TYPE_WIDGET)

static guint
count_bars (AssayMeterView *view)
{
  return view->has_level ? CLAMP (view->level.channels, 1, MOST_BARS) : 1;
}

static void
describe (AssayMeterView *view)
{
  float peak = 0, rms = 0;
  for (guint i = 0; view->has_level && i < view->level.channels; i++)
    {
      peak = MAX (peak, view->level.held[i]);
      rms = MAX (rms, view->level.rms[i]);
    }
  g_autofree char *words
      = g_strdup_printf ("%.0f dBFS, peak %.0f dBFS%s", MAX (-FLOOR_DB, assay_level_to_db (rms)),
                         MAX (-FLOOR_DB, assay_level_to_db (peak)),
                         view->live != NULL && assay_live_is_clipped (view->live) ? ", clipped" : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (view), words);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  AssayMeterView *view = ASSAY_METER_VIEW (widget);
  AssayLevel level;
  if (!assay_live_get_level (view->live, &level)
      || (view->has_level && level.n_samples == view->level.n_samples))
    return G_SOURCE_CONTINUE;
  gboolean resized = !view->has_level || level.channels != view->level.channels;
  view->level = level;
  view->has_level = TRUE;
  gint64 now_us = g_get_monotonic_time ();
  if (now_us - view->described_us >= DESCRIBE_US)
    {
      view->described_us = now_us;
      describe (view);
    }
  if (resized)
    gtk_widget_queue_resize (widget);
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

static void
update_tick (AssayMeterView *view)
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

void
assay_meter_view_set_live (AssayMeterView *view, AssayLive *live)
{
  g_set_object (&view->live, live);
  view->has_level = FALSE;
  if (live != NULL)
    {
      g_autofree char *label = g_strdup_printf ("Level of %s", assay_live_get_name (live));
      gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    }
  update_tick (view);
  gtk_widget_queue_resize (GTK_WIDGET (view));
}

/* Where a level lies on a bar, 0 to 1. */
static float
place (float linear)
{
  double db = assay_level_to_db (linear);
  return (float) CLAMP ((db + FLOOR_DB) / FLOOR_DB, 0, 1);
}

static void
append (GtkSnapshot *snapshot, const GdkRGBA *colour, float x, float y, float width, float height)
{
  if (width > 0)
    gtk_snapshot_append_color (snapshot, colour, &GRAPHENE_RECT_INIT (x, y, width, height));
}

/* Green up to -12 dBFS, where speech belongs, yellow up to -6, then red: too close to the end. */
static void
draw_bar (GtkSnapshot *snapshot, float y, float width, float rms, float held, const GdkRGBA *trough)
{
  static const GdkRGBA zones[3] = { { 0.16f, 0.66f, 0.40f, 1 }, { 0.90f, 0.65f, 0.10f, 1 }, { 0.88f, 0.11f, 0.14f, 1 } };
  static const float ends[3] = { 48.0f / 60, 54.0f / 60, 1 };
  float from = 0, level = place (rms), peak = place (held);
  append (snapshot, trough, 0, y, width, BAR_PX);
  for (guint i = 0; i < 3; i++)
    {
      append (snapshot, &zones[i], from * width, y, (MIN (level, ends[i]) - from) * width, BAR_PX);
      from = ends[i];
    }
  if (peak > 0)
    append (snapshot, &zones[peak <= ends[0] ? 0 : peak <= ends[1] ? 1 : 2], MIN (peak * width, width - 2), y, 2,
            BAR_PX);
}

static void
assay_meter_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  static const GdkRGBA red = { 0.88f, 0.11f, 0.14f, 1 };
  AssayMeterView *view = ASSAY_METER_VIEW (widget);
  GdkRGBA trough;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &trough);
  trough.alpha *= 0.14f;
  float width = (float) gtk_widget_get_width (widget) - CLIP_PX - GAP_PX;
  guint n = count_bars (view);
  for (guint i = 0; i < n; i++)
    draw_bar (snapshot, (float) (i * (BAR_PX + GAP_PX)), width, view->has_level ? view->level.rms[i] : 0,
              view->has_level ? view->level.held[i] : 0, &trough);
  gboolean clipped = view->live != NULL && assay_live_is_clipped (view->live);
  append (snapshot, clipped ? &red : &trough, width + GAP_PX, 0, CLIP_PX, (float) (n * (BAR_PX + GAP_PX) - GAP_PX));
}

static void
assay_meter_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
  guint n = count_bars (ASSAY_METER_VIEW (widget));
  *minimum = *natural
      = orientation == GTK_ORIENTATION_HORIZONTAL ? 60 : (int) (n * (BAR_PX + GAP_PX) - GAP_PX);
}

static void
on_released (GtkGestureClick *gesture, int n, double x, double y, AssayMeterView *view)
{
  if (view->live == NULL)
    return;
  assay_live_clear_clip (view->live);
  describe (view);
  gtk_widget_queue_draw (GTK_WIDGET (view));
}

static void
assay_meter_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (assay_meter_view_parent_class)->map (widget);
  update_tick (ASSAY_METER_VIEW (widget));
}

static void
assay_meter_view_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (assay_meter_view_parent_class)->unmap (widget);
  update_tick (ASSAY_METER_VIEW (widget));
}

GtkWidget *
assay_meter_view_new (void)
{
  return g_object_new (ASSAY_TYPE_METER_VIEW, NULL);
}

static void
assay_meter_view_dispose (GObject *object)
{
  AssayMeterView *view = ASSAY_METER_VIEW (object);
  g_clear_object (&view->live);
  update_tick (view);
  G_OBJECT_CLASS (assay_meter_view_parent_class)->dispose (object);
}

static void
assay_meter_view_class_init (AssayMeterViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_meter_view_dispose;
  widget_class->snapshot = assay_meter_view_snapshot;
  widget_class->measure = assay_meter_view_measure;
  widget_class->map = assay_meter_view_map;
  widget_class->unmap = assay_meter_view_unmap;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "meter-view");
}

static void
assay_meter_view_init (AssayMeterView *view)
{
  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect (click, "released", G_CALLBACK (on_released), view);
  gtk_widget_add_controller (GTK_WIDGET (view), GTK_EVENT_CONTROLLER (click));
}
