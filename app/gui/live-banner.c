/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/live-banner.h"

#define LINE_PX 64 /* 17 mm on a usual screen, capitals of 12 mm; 4 m ask for 18 mm at leisure, 11 mm at a glance */
#define REASON_PX 26
#define REASON_LINES 2
#define LEAST_PX 24
#define PAD_PX 8

struct _AssayLiveBanner
{
  GtkWidget parent_instance;
  AssayBannerState state;
  char *line, *reason;
};

G_DEFINE_FINAL_TYPE (AssayLiveBanner, assay_live_banner, GTK_TYPE_WIDGET)

const char *
assay_banner_state_to_class (AssayBannerState state)
{
  static const char *const classes[] = { NULL, "recording", "trouble", "done" };
  return classes[state];
}

AssayBannerState
assay_live_banner_get_state (AssayLiveBanner *banner)
{
  return banner->state;
}

void
assay_live_banner_set (AssayLiveBanner *banner, AssayBannerState state, const char *line, const char *reason)
{
  if (state == banner->state && g_strcmp0 (line, banner->line) == 0 && g_strcmp0 (reason, banner->reason) == 0)
    return;
  gboolean resized = (reason != NULL) != (banner->reason != NULL);
  if (assay_banner_state_to_class (banner->state) != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (banner), assay_banner_state_to_class (banner->state));
  if (assay_banner_state_to_class (state) != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (banner), assay_banner_state_to_class (state));
  g_free (banner->line);
  g_free (banner->reason);
  banner->line = g_strdup (line);
  banner->reason = g_strdup (reason);
  banner->state = state;
  gtk_widget_set_visible (GTK_WIDGET (banner), state != ASSAY_BANNER_NONE);
  g_autofree char *words = reason != NULL ? g_strdup_printf ("%s: %s", line, reason) : g_strdup (line);
  gtk_accessible_update_property (GTK_ACCESSIBLE (banner), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words != NULL ? words : "", -1);
  if (resized || reason != NULL)
    gtk_widget_queue_resize (GTK_WIDGET (banner));
  gtk_widget_queue_draw (GTK_WIDGET (banner));
}

static PangoLayout *
layout_new (GtkWidget *widget, const char *text, int px)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  g_autoptr (PangoFontDescription) font = pango_font_description_copy (
      pango_context_get_font_description (pango_layout_get_context (layout)));
  pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_font_description_set_absolute_size (font, px * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  return layout;
}

/* As large as wanted where that fits in one line, else smaller. */
static PangoLayout *
line_new (GtkWidget *widget, const char *text, int room)
{
  PangoLayout *layout = layout_new (widget, text, LINE_PX);
  int width, height;
  pango_layout_get_pixel_size (layout, &width, &height);
  if (width <= room)
    return layout;
  g_object_unref (layout);
  layout = layout_new (widget, text, MAX (LEAST_PX, LINE_PX * room / width));
  pango_layout_set_width (layout, room * PANGO_SCALE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  return layout;
}

static PangoLayout *
reason_new (GtkWidget *widget, const char *text, int room)
{
  PangoLayout *layout = layout_new (widget, text, REASON_PX);
  pango_layout_set_width (layout, MAX (room, 1) * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_height (layout, -REASON_LINES);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  return layout;
}

static void
draw (GtkWidget *widget, GtkSnapshot *snapshot, PangoLayout *layout, float y)
{
  GdkRGBA ink;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (2 * PAD_PX, y));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);
}

static void
assay_live_banner_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AssayLiveBanner *banner = ASSAY_LIVE_BANNER (widget);
  int room = gtk_widget_get_width (widget) - 4 * PAD_PX, height;
  if (banner->line == NULL)
    return;
  g_autoptr (PangoLayout) line = line_new (widget, banner->line, room);
  pango_layout_get_pixel_size (line, NULL, &height);
  draw (widget, snapshot, line, (float) (PAD_PX + LINE_PX * 5 / 4 - height) / 2);
  if (banner->reason == NULL)
    return;
  g_autoptr (PangoLayout) reason = reason_new (widget, banner->reason, room);
  draw (widget, snapshot, reason, LINE_PX * 5 / 4);
}

static GtkSizeRequestMode
assay_live_banner_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
assay_live_banner_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                           int *minimum_baseline, int *natural_baseline)
{
  AssayLiveBanner *banner = ASSAY_LIVE_BANNER (widget);
  int height = 0;
  *minimum = *natural = 120;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  if (banner->reason != NULL)
    {
      g_autoptr (PangoLayout) reason
          = reason_new (widget, banner->reason, for_size > 0 ? for_size - 4 * PAD_PX : 100 * PAD_PX);
      pango_layout_get_pixel_size (reason, NULL, &height);
      height += PAD_PX;
    }
  *minimum = *natural = LINE_PX * 5 / 4 + PAD_PX / 2 + height;
}

GtkWidget *
assay_live_banner_new (void)
{
  return g_object_new (ASSAY_TYPE_LIVE_BANNER, "visible", FALSE, NULL);
}

static void
assay_live_banner_finalize (GObject *object)
{
  AssayLiveBanner *banner = ASSAY_LIVE_BANNER (object);
  g_free (banner->line);
  g_free (banner->reason);
  G_OBJECT_CLASS (assay_live_banner_parent_class)->finalize (object);
}

static void
assay_live_banner_class_init (AssayLiveBannerClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = assay_live_banner_finalize;
  widget_class->snapshot = assay_live_banner_snapshot;
  widget_class->measure = assay_live_banner_measure;
  widget_class->get_request_mode = assay_live_banner_get_request_mode;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_widget_class_set_css_name (widget_class, "live-banner");
}

static void
assay_live_banner_init (AssayLiveBanner *banner)
{
}
