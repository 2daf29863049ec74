/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/dashboard-chart.h"

#include "app/chart-cairo.h"

#include <adwaita.h>

struct _AssayDashboardChart
{
  GtkWidget parent_instance;
  AssayChart *chart;
  int at; /* the spot that is pointed at, or stepped to; -1 = none */
};

G_DEFINE_FINAL_TYPE (AssayDashboardChart, assay_dashboard_chart, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_TOLD,
  SIGNAL_OPEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const AssayChartSpot *
spot_at (const AssayDashboardChart *self, int at)
{
  return at >= 0 && at < (int) self->chart->spots->len ? &g_array_index (self->chart->spots, AssayChartSpot, at)
                                                       : NULL;
}

static int
find_spot (const AssayDashboardChart *self, double x, double y)
{
  for (guint i = 0; i < self->chart->spots->len; i++)
    {
      const AssayChartSpot *spot = spot_at (self, (int) i);
      if (x >= spot->x && x < spot->x + spot->w && y >= spot->y && y < spot->y + spot->h)
        return (int) i;
    }
  return -1;
}

static void
set_at (AssayDashboardChart *self, int at)
{
  if (at == self->at)
    return;
  self->at = at;
  const AssayChartSpot *spot = spot_at (self, at);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  spot != NULL ? spot->tip : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[SIGNAL_TOLD], 0, spot != NULL ? spot->tip : NULL);
}

static void
activate (AssayDashboardChart *self)
{
  const AssayChartSpot *spot = spot_at (self, self->at);
  if (spot != NULL && spot->open != NULL)
    g_signal_emit (self, signals[SIGNAL_OPEN], 0, spot->open);
}

static void
on_motion (AssayDashboardChart *self, double x, double y)
{
  set_at (self, find_spot (self, x, y));
}

static void
on_leave (AssayDashboardChart *self)
{
  if (!gtk_widget_has_focus (GTK_WIDGET (self)))
    set_at (self, -1);
}

static void
on_click (AssayDashboardChart *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  set_at (self, find_spot (self, x, y));
  activate (self);
}

static gboolean
on_key (AssayDashboardChart *self, guint keyval, guint keycode, GdkModifierType state)
{
  int n = (int) self->chart->spots->len;
  if ((state & gtk_accelerator_get_default_mod_mask ()) != 0 || n == 0)
    return FALSE;
  switch (keyval)
    {
    case GDK_KEY_Down:
    case GDK_KEY_Right:
      set_at (self, MIN (self->at + 1, n - 1));
      return TRUE;
    case GDK_KEY_Up:
    case GDK_KEY_Left:
      set_at (self, MAX (self->at - 1, 0));
      return TRUE;
    case GDK_KEY_Home:
      set_at (self, 0);
      return TRUE;
    case GDK_KEY_End:
      set_at (self, n - 1);
      return TRUE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_space:
      activate (self);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
on_focus (AssayDashboardChart *self)
{
  if (self->at < 0)
    set_at (self, 0);
}

static gboolean
on_tooltip (AssayDashboardChart *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  const AssayChartSpot *spot = spot_at (self, keyboard ? self->at : find_spot (self, x, y));
  if (spot == NULL)
    return FALSE;
  const GdkRectangle area = { (int) spot->x, (int) spot->y, (int) spot->w, (int) spot->h };
  gtk_tooltip_set_text (tooltip, spot->tip);
  gtk_tooltip_set_tip_area (tooltip, &area);
  return TRUE;
}

static void
draw_spot (AssayDashboardChart *self, cairo_t *cairo, gboolean dark)
{
  const AssayChartSpot *spot = spot_at (self, self->at);
  if (spot == NULL)
    return;
  AssayInkColour colour = assay_ink_get_colour (ASSAY_INK_TEXT, 0, dark);
  cairo_set_source_rgba (cairo, colour.r / 255.0, colour.g / 255.0, colour.b / 255.0, 0.08);
  cairo_rectangle (cairo, spot->x, spot->y, spot->w, spot->h);
  cairo_fill_preserve (cairo);
  if (!gtk_widget_has_visible_focus (GTK_WIDGET (self)))
    {
      cairo_new_path (cairo);
      return;
    }
  cairo_set_source_rgb (cairo, colour.r / 255.0, colour.g / 255.0, colour.b / 255.0);
  cairo_set_line_width (cairo, 2);
  cairo_stroke (cairo);
}

static void
assay_dashboard_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AssayDashboardChart *self = ASSAY_DASHBOARD_CHART (widget);
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  const graphene_rect_t area
      = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget), (float) gtk_widget_get_height (widget));
  g_autofree char *font = pango_font_description_to_string (
      pango_context_get_font_description (gtk_widget_get_pango_context (widget)));
  cairo_t *cairo = gtk_snapshot_append_cairo (snapshot, &area);
  assay_chart_draw (self->chart, cairo, dark, font);
  draw_spot (self, cairo, dark);
  cairo_destroy (cairo);
}

static void
assay_dashboard_chart_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                               int *natural, int *minimum_baseline, int *natural_baseline)
{
  const AssayChart *chart = ASSAY_DASHBOARD_CHART (widget)->chart;
  *minimum = *natural = (int) (orientation == GTK_ORIENTATION_HORIZONTAL ? chart->width : chart->height) + 1;
  *minimum_baseline = *natural_baseline = -1;
}

static void
assay_dashboard_chart_finalize (GObject *object)
{
  assay_chart_free (ASSAY_DASHBOARD_CHART (object)->chart);
  G_OBJECT_CLASS (assay_dashboard_chart_parent_class)->finalize (object);
}

static void
assay_dashboard_chart_class_init (AssayDashboardChartClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = assay_dashboard_chart_finalize;
  widget_class->snapshot = assay_dashboard_chart_snapshot;
  widget_class->measure = assay_dashboard_chart_measure;
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  signals[SIGNAL_TOLD] = g_signal_new ("told", ASSAY_TYPE_DASHBOARD_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_OPEN] = g_signal_new ("open", ASSAY_TYPE_DASHBOARD_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
assay_dashboard_chart_init (AssayDashboardChart *self)
{
  self->at = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_START);
  GtkEventController *motion = gtk_event_controller_motion_new (), *keys = gtk_event_controller_key_new (),
                     *focus = gtk_event_controller_focus_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key), self);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (on_focus), self);
  g_signal_connect_swapped (click, "released", G_CALLBACK (on_click), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_tooltip), NULL);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (gtk_widget_queue_draw),
                           self, G_CONNECT_SWAPPED);
}

GtkWidget *
assay_dashboard_chart_new (AssayChart *take_chart)
{
  AssayDashboardChart *self = g_object_new (ASSAY_TYPE_DASHBOARD_CHART, NULL);
  self->chart = take_chart;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, take_chart->title, -1);
  return GTK_WIDGET (self);
}

const AssayChart *
assay_dashboard_chart_get (AssayDashboardChart *self)
{
  return self->chart;
}
