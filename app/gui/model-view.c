/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/model-view.h"

#include "annotate/model-lines.h"

#include <math.h>

#define CORNER_PX 5.0
#define REACH_PX 12.0

struct _AssayModelView
{
  GtkWidget parent_instance;
  const AssayModel *model;
  gconstpointer tool_state;
  guint32 colour;
  double yaw, pitch; /* radians */
  double from_yaw, from_pitch;
};

G_DEFINE_FINAL_TYPE (AssayModelView, assay_model_view, GTK_TYPE_WIDGET)

static guint corner_signal;

/* Where the eye stands: the model turned about its middle, three diameters away. */
static AssayPose
pose_of (AssayModelView *self)
{
  double cy = cos (self->yaw), sy = sin (self->yaw), cp = cos (self->pitch), sp = sin (self->pitch);
  AssayPose pose = { .r = { cy, 0, sy, sy * sp, cp, -cy * sp, -sy * cp, sp, cy * cp } };
  AssayPoint3 low = self->model->vertices_m[0], high = low;
  for (guint i = 1; i < self->model->n_vertices; i++)
    {
      AssayPoint3 v = self->model->vertices_m[i];
      low = (AssayPoint3){ MIN (low.x, v.x), MIN (low.y, v.y), MIN (low.z, v.z) };
      high = (AssayPoint3){ MAX (high.x, v.x), MAX (high.y, v.y), MAX (high.z, v.z) };
    }
  double middle[3] = { (low.x + high.x) / 2, (low.y + high.y) / 2, (low.z + high.z) / 2 };
  for (guint i = 0; i < 3; i++)
    for (guint k = 0; k < 3; k++)
      pose.t_m[i] -= pose.r[3 * i + k] * middle[k];
  pose.t_m[2] += 3 * self->model->diameter_m;
  return pose;
}

static AssayPoint
project (AssayModelView *self, const AssayPose *pose, AssayPoint3 p)
{
  double w = gtk_widget_get_width (GTK_WIDGET (self)), h = gtk_widget_get_height (GTK_WIDGET (self));
  double f = MIN (w, h) * 2.5;
  AssayPoint3 c = assay_pose_apply (pose, p);
  return (AssayPoint){ w / 2 + f * c.x / c.z, h / 2 + f * c.y / c.z };
}

static AssayPoint
corner_point (AssayModelView *self, const AssayPose *pose, guint corner)
{
  const GArray *corners = assay_tool_pose_get_corners (self->tool_state);
  return project (self, pose, self->model->vertices_m[g_array_index (corners, guint, corner)]);
}

static gboolean
is_ready (AssayModelView *self)
{
  return self->model != NULL && self->tool_state != NULL && assay_tool_pose_get_corners (self->tool_state) != NULL;
}

static void
set_colour (cairo_t *cr, guint32 colour, double alpha)
{
  cairo_set_source_rgba (cr, ((colour >> 16) & 0xff) / 255.0, ((colour >> 8) & 0xff) / 255.0,
                         (colour & 0xff) / 255.0, alpha);
}

static void
draw_lines (AssayModelView *self, const AssayPose *pose, cairo_t *cr)
{
  static const double dashes[] = { 3, 4 };
  const GArray *lines = assay_tool_pose_get_lines (self->tool_state);
  for (guint i = 0; i < lines->len; i++)
    {
      const AssayModelLine *line = &g_array_index (lines, AssayModelLine, i);
      gboolean seen = assay_model_line_is_seen (self->model, line, pose);
      AssayPoint a = project (self, pose, self->model->vertices_m[line->a]);
      AssayPoint b = project (self, pose, self->model->vertices_m[line->b]);
      cairo_set_dash (cr, dashes, seen ? 0 : 2, 0);
      set_colour (cr, self->colour, seen ? 1 : 0.45);
      cairo_set_line_width (cr, seen ? 2 : 1);
      cairo_move_to (cr, a.x, a.y);
      cairo_line_to (cr, b.x, b.y);
      cairo_stroke (cr);
    }
  cairo_set_dash (cr, NULL, 0, 0);
}

static void
draw_corners (AssayModelView *self, const AssayPose *pose, cairo_t *cr, const GdkRGBA *ink)
{
  guint n = assay_tool_pose_get_corners (self->tool_state)->len,
        wanted = assay_tool_pose_get_wanted (self->tool_state);
  for (guint i = 0; i < n; i++)
    {
      AssayPoint p = corner_point (self, pose, i);
      gboolean placed = assay_tool_pose_is_placed (self->tool_state, i);
      cairo_new_path (cr);
      cairo_arc (cr, p.x, p.y, i == wanted ? CORNER_PX + 3 : CORNER_PX, 0, 2 * G_PI);
      if (i == wanted)
        cairo_set_source_rgb (cr, 1, 1, 1);
      else
        set_colour (cr, placed ? self->colour : 0x555555, 1);
      cairo_fill_preserve (cr);
      set_colour (cr, i == wanted ? self->colour : 0x000000, 1);
      cairo_set_line_width (cr, i == wanted ? 3 : 1);
      cairo_stroke (cr);
      char number[12];
      g_snprintf (number, sizeof number, "%u", i + 1);
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), number);
      gdk_cairo_set_source_rgba (cr, ink);
      cairo_move_to (cr, p.x + CORNER_PX + 6, p.y - 8);
      pango_cairo_show_layout (cr, layout);
    }
}

static void
assay_model_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AssayModelView *self = ASSAY_MODEL_VIEW (widget);
  GdkRGBA ink;
  if (!is_ready (self))
    return;
  graphene_rect_t all
      = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget), (float) gtk_widget_get_height (widget));
  AssayPose pose = pose_of (self);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &all);
  draw_lines (self, &pose, cr);
  draw_corners (self, &pose, cr, &ink);
  cairo_destroy (cr);
}

static void
assay_model_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? 200 : 160;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? 240 : 200;
}

static void
pressed (GtkGestureClick *gesture, int n_press, double x, double y, AssayModelView *self)
{
  double best = REACH_PX;
  guint chosen = G_MAXUINT;
  if (!is_ready (self))
    return;
  AssayPose pose = pose_of (self);
  for (guint i = 0; i < assay_tool_pose_get_corners (self->tool_state)->len; i++)
    {
      AssayPoint p = corner_point (self, &pose, i);
      if (hypot (p.x - x, p.y - y) >= best)
        continue;
      best = hypot (p.x - x, p.y - y);
      chosen = i;
    }
  if (chosen != G_MAXUINT)
    g_signal_emit (self, corner_signal, 0, chosen);
}

static void
drag_begin (GtkGestureDrag *gesture, double x, double y, AssayModelView *self)
{
  self->from_yaw = self->yaw;
  self->from_pitch = self->pitch;
}

static void
drag_update (GtkGestureDrag *gesture, double dx, double dy, AssayModelView *self)
{
  self->yaw = self->from_yaw + dx / 100;
  self->pitch = CLAMP (self->from_pitch - dy / 100, -G_PI / 2, G_PI / 2);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
assay_model_view_update (AssayModelView *self, const AssayModel *model, gconstpointer tool_state, guint32 colour)
{
  self->model = model;
  self->tool_state = tool_state;
  self->colour = colour;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
assay_model_view_class_init (AssayModelViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  widget_class->snapshot = assay_model_view_snapshot;
  widget_class->measure = assay_model_view_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  corner_signal = g_signal_new ("corner", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
assay_model_view_init (AssayModelView *self)
{
  GtkGesture *click = gtk_gesture_click_new (), *drag = gtk_gesture_drag_new ();
  self->yaw = 0.6;
  self->pitch = -0.4;
  g_signal_connect (click, "pressed", G_CALLBACK (pressed), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update), self);
  gtk_gesture_group (click, drag);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "Model", -1);
}
