/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/track-line.h"

#define HEIGHT_PX 24
#define KEY_PX 4.5 /* half a diamond */
#define MARGIN_PX 8.0

struct _AssayTrackLine
{
  GtkWidget parent_instance;
  GArray *here; /* of AssayTrackHere, one a frame */
  guint frame;
  guint32 colour; /* 0xRRGGBB */
};

G_DEFINE_FINAL_TYPE (AssayTrackLine, assay_track_line, GTK_TYPE_WIDGET)

static guint chosen_signal;

static double
x_of (AssayTrackLine *self, guint frame)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self)) - 2 * MARGIN_PX;
  return MARGIN_PX + (self->here->len > 1 ? width * frame / (self->here->len - 1) : width / 2);
}

static void
draw_frame (AssayTrackLine *self, guint i, const GdkRGBA *ink, cairo_t *cr)
{
  double x = x_of (self, i), y = HEIGHT_PX / 2.0;
  AssayTrackHere here = g_array_index (self->here, AssayTrackHere, i);
  if (here == ASSAY_TRACK_NOTHING)
    return;
  if (here == ASSAY_TRACK_BETWEEN)
    cairo_arc (cr, x, y, 2.5, 0, 2 * G_PI);
  else
    {
      cairo_move_to (cr, x - KEY_PX, y);
      cairo_line_to (cr, x, y - KEY_PX);
      cairo_line_to (cr, x + KEY_PX, y);
      cairo_line_to (cr, x, y + KEY_PX);
      cairo_close_path (cr);
    }
  cairo_set_source_rgb (cr, ((self->colour >> 16) & 0xff) / 255.0, ((self->colour >> 8) & 0xff) / 255.0,
                        (self->colour & 0xff) / 255.0);
  cairo_fill_preserve (cr);
  gdk_cairo_set_source_rgba (cr, ink);
  cairo_set_line_width (cr, here == ASSAY_TRACK_KEY ? 1 : 0.5);
  cairo_stroke (cr);
}

static void
assay_track_line_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AssayTrackLine *self = ASSAY_TRACK_LINE (widget);
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GdkRGBA ink, accent;
  if (self->here->len == 0)
    return;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  cairo_translate (cr, 0, (height - HEIGHT_PX) / 2.0);
  gtk_style_context_get_color (context, &ink);
  if (!gtk_style_context_lookup_color (context, "accent_color", &accent))
    accent = ink;
  gdk_cairo_set_source_rgba (cr, &accent);
  cairo_set_line_width (cr, 2);
  cairo_move_to (cr, x_of (self, self->frame), 1);
  cairo_line_to (cr, x_of (self, self->frame), HEIGHT_PX - 1);
  cairo_stroke (cr);
  GdkRGBA faint = ink;
  faint.alpha *= 0.35f;
  gdk_cairo_set_source_rgba (cr, &faint);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, x_of (self, 0), HEIGHT_PX / 2.0);
  cairo_line_to (cr, x_of (self, self->here->len - 1), HEIGHT_PX / 2.0);
  cairo_stroke (cr);
  for (guint i = 0; i < self->here->len; i++)
    draw_frame (self, i, &ink, cr);
  cairo_destroy (cr);
}

static void
assay_track_line_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT_PX : 120;
}

void
assay_track_line_set (AssayTrackLine *self, const AssayTracks *tracks, guint frame, const AssayId *track,
                      guint32 colour)
{
  guint n_keys = 0, n_between = 0;
  g_array_set_size (self->here, 0);
  for (guint i = 0; tracks != NULL && i < tracks->frames->len; i++)
    {
      AssayTrackHere here = assay_tracks_look (tracks, i, track, NULL);
      n_keys += here == ASSAY_TRACK_KEY;
      n_between += here == ASSAY_TRACK_BETWEEN;
      g_array_append_val (self->here, here);
    }
  self->frame = frame < self->here->len ? frame : 0;
  self->colour = colour;
  g_autofree char *words = g_strdup_printf ("Item %u of %u, %u key frames, %u between", self->frame + 1,
                                            self->here->len, n_keys, n_between);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), words);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_pressed (GtkGestureClick *click, int n, double x, double y, AssayTrackLine *self)
{
  guint nearest = 0;
  for (guint i = 1; i < self->here->len; i++)
    if (ABS (x_of (self, i) - x) < ABS (x_of (self, nearest) - x))
      nearest = i;
  if (self->here->len > 0)
    g_signal_emit (self, chosen_signal, 0, nearest);
}

static void
assay_track_line_finalize (GObject *object)
{
  g_array_unref (ASSAY_TRACK_LINE (object)->here);
  G_OBJECT_CLASS (assay_track_line_parent_class)->finalize (object);
}

static void
assay_track_line_class_init (AssayTrackLineClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = assay_track_line_finalize;
  widget_class->snapshot = assay_track_line_snapshot;
  widget_class->measure = assay_track_line_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  chosen_signal = g_signal_new ("chosen", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
assay_track_line_init (AssayTrackLine *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  self->here = g_array_new (FALSE, FALSE, sizeof (AssayTrackHere));
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "Track", -1);
}
