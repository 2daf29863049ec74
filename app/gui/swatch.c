/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/swatch.h"

#define SIDE_PX 12

struct _AssaySwatch
{
  GtkWidget parent_instance;
  GdkRGBA colour;
};

G_DEFINE_FINAL_TYPE (AssaySwatch, assay_swatch, GTK_TYPE_WIDGET)

static void
assay_swatch_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AssaySwatch *swatch = ASSAY_SWATCH (widget);
  float x = (float) (gtk_widget_get_width (widget) - SIDE_PX) / 2,
        y = (float) (gtk_widget_get_height (widget) - SIDE_PX) / 2;
  graphene_rect_t box = GRAPHENE_RECT_INIT (x, y, SIDE_PX, SIDE_PX);
  GskRoundedRect round;
  gsk_rounded_rect_init_from_rect (&round, &box, SIDE_PX / 2.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &round);
  gtk_snapshot_append_color (snapshot, &swatch->colour, &box);
  gtk_snapshot_pop (snapshot);
}

static void
assay_swatch_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                      int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = SIDE_PX;
}

static void
assay_swatch_class_init (AssaySwatchClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  widget_class->snapshot = assay_swatch_snapshot;
  widget_class->measure = assay_swatch_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
assay_swatch_init (AssaySwatch *swatch)
{
  gtk_widget_set_valign (GTK_WIDGET (swatch), GTK_ALIGN_CENTER);
}

GtkWidget *
assay_swatch_new (void)
{
  return g_object_new (ASSAY_TYPE_SWATCH, NULL);
}

void
assay_swatch_set_colour (AssaySwatch *swatch, guint32 colour)
{
  swatch->colour = (GdkRGBA){ (float) ((colour >> 16) & 0xff) / 255, (float) ((colour >> 8) & 0xff) / 255,
                              (float) (colour & 0xff) / 255, 1 };
  gtk_widget_queue_draw (GTK_WIDGET (swatch));
}
