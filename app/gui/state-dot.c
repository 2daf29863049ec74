/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/state-dot.h"

#define SIDE_PX 12

struct _AssayStateDot
{
  GtkWidget parent_instance;
  AssayLabelState state;
};

G_DEFINE_FINAL_TYPE (AssayStateDot, assay_state_dot, GTK_TYPE_WIDGET)

/* Okabe and Ito's colours, bright enough on dark and dark enough on light. */
static const GdkRGBA colours[] = {
  [ASSAY_LABEL_TODO] = { 0.60f, 0.60f, 0.60f, 1 },      [ASSAY_LABEL_DRAFT] = { 0.34f, 0.71f, 0.91f, 1 },
  [ASSAY_LABEL_SUBMITTED] = { 0.20f, 0.53f, 0.85f, 1 }, [ASSAY_LABEL_SENT_BACK] = { 0.90f, 0.56f, 0.00f, 1 },
  [ASSAY_LABEL_SETTLED] = { 0.00f, 0.65f, 0.48f, 1 },   [ASSAY_LABEL_SKIPPED] = { 0.60f, 0.60f, 0.60f, 1 },
};

static const char *const words[] = { "to do", "draft", "submitted", "sent back", "settled", "skipped" };

static void
draw (cairo_t *cr, AssayLabelState state)
{
  const double c = SIDE_PX / 2., r = 4.25;
  gdk_cairo_set_source_rgba (cr, &colours[state]);
  cairo_set_line_width (cr, 1.5);
  switch (state)
    {
    case ASSAY_LABEL_TODO:
      cairo_arc (cr, c, c, r, 0, 2 * G_PI);
      cairo_stroke (cr);
      break;
    case ASSAY_LABEL_DRAFT:
      cairo_arc (cr, c, c, r, 0, 2 * G_PI);
      cairo_stroke (cr);
      cairo_arc (cr, c, c, r, G_PI_2, 3 * G_PI_2);
      cairo_fill (cr);
      break;
    case ASSAY_LABEL_SUBMITTED:
      cairo_arc (cr, c, c, r + 0.75, 0, 2 * G_PI);
      cairo_fill (cr);
      break;
    case ASSAY_LABEL_SENT_BACK:
      cairo_move_to (cr, c, 1);
      cairo_line_to (cr, SIDE_PX - 0.5, SIDE_PX - 1.5);
      cairo_line_to (cr, 0.5, SIDE_PX - 1.5);
      cairo_fill (cr);
      break;
    case ASSAY_LABEL_SETTLED:
      cairo_set_line_width (cr, 2);
      cairo_move_to (cr, 1.5, c + 0.5);
      cairo_line_to (cr, c - 1, SIDE_PX - 2.5);
      cairo_line_to (cr, SIDE_PX - 1.5, 2.5);
      cairo_stroke (cr);
      break;
    case ASSAY_LABEL_SKIPPED:
      cairo_move_to (cr, 2, c);
      cairo_line_to (cr, SIDE_PX - 2, c);
      cairo_stroke (cr);
      break;
    }
}

static void
assay_state_dot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, SIDE_PX, SIDE_PX);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  draw (cr, ASSAY_STATE_DOT (widget)->state);
  cairo_destroy (cr);
}

static void
assay_state_dot_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = SIDE_PX;
}

void
assay_state_dot_set_state (AssayStateDot *dot, AssayLabelState state)
{
  dot->state = state;
  gtk_widget_set_tooltip_text (GTK_WIDGET (dot), words[state]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (dot), GTK_ACCESSIBLE_PROPERTY_LABEL, words[state], -1);
  gtk_widget_queue_draw (GTK_WIDGET (dot));
}

GtkWidget *
assay_state_dot_new (void)
{
  return g_object_new (ASSAY_TYPE_STATE_DOT, "valign", GTK_ALIGN_CENTER, NULL);
}

static void
assay_state_dot_class_init (AssayStateDotClass *class)
{
  GTK_WIDGET_CLASS (class)->snapshot = assay_state_dot_snapshot;
  GTK_WIDGET_CLASS (class)->measure = assay_state_dot_measure;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
assay_state_dot_init (AssayStateDot *dot)
{
  assay_state_dot_set_state (dot, ASSAY_LABEL_TODO);
}
