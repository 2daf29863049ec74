/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/range-bar.h"

#define HEIGHT_PX 10
#define LEAST_PX 4.0f

struct _AssayRangeBar
{
  GtkWidget parent_instance;
  double low, high, done;
};

G_DEFINE_FINAL_TYPE (AssayRangeBar, assay_range_bar, GTK_TYPE_WIDGET)

static void
fill (GtkSnapshot *snapshot, float x, float width, const GdkRGBA *colour)
{
  graphene_rect_t box = GRAPHENE_RECT_INIT (x, 0, width, HEIGHT_PX);
  GskRoundedRect round;
  gsk_rounded_rect_init_from_rect (&round, &box, HEIGHT_PX / 2.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &round);
  gtk_snapshot_append_color (snapshot, colour, &box);
  gtk_snapshot_pop (snapshot);
}

static void
assay_range_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AssayRangeBar *bar = ASSAY_RANGE_BAR (widget);
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  float width = (float) gtk_widget_get_width (widget);
  GdkRGBA trough, colour;
  gtk_style_context_get_color (context, &trough);
  trough.alpha *= 0.15f;
  fill (snapshot, 0, width, &trough);
  if (!gtk_style_context_lookup_color (context, bar->done >= 1 ? "success_bg_color" : "accent_bg_color", &colour))
    gtk_style_context_get_color (context, &colour);
  if (bar->high >= bar->low)
    {
      float x = (float) bar->low * width, w = MAX ((float) (bar->high - bar->low) * width, LEAST_PX);
      fill (snapshot, MIN (x, width - w), w, &colour);
    }
}

static void
assay_range_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT_PX : 60;
}

void
assay_range_bar_set (AssayRangeBar *bar, double low, double high, double done)
{
  if (low == bar->low && high == bar->high && done == bar->done)
    return;
  bar->low = CLAMP (low, 0, 1);
  bar->high = CLAMP (high, 0, 1);
  bar->done = done;
  g_autofree char *words = g_strdup_printf ("%.0f %% of what is needed", 100 * MIN (done, 1));
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  gtk_widget_queue_draw (GTK_WIDGET (bar));
}

static void
assay_range_bar_class_init (AssayRangeBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  widget_class->snapshot = assay_range_bar_snapshot;
  widget_class->measure = assay_range_bar_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
assay_range_bar_init (AssayRangeBar *bar)
{
  bar->high = -1;
}
