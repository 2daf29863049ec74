/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/live-view.h"

struct _AssayLiveView
{
  GtkWidget parent_instance;
  AssayLive *live;
  GdkTexture *texture; /* what is shown */
  guint tick;
};

G_DEFINE_FINAL_TYPE (AssayLiveView, assay_live_view, GTK_TYPE_WIDGET)

static void
describe (AssayLiveView *view)
{
  g_autofree char *words = view->texture == NULL
                               ? g_strdup ("no picture yet")
                               : g_strdup_printf ("live, %d × %d", gdk_texture_get_width (view->texture),
                                                  gdk_texture_get_height (view->texture));
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  AssayLiveView *view = ASSAY_LIVE_VIEW (widget);
  g_autoptr (GdkTexture) texture = assay_live_take_texture (view->live);
  if (texture == NULL)
    return G_SOURCE_CONTINUE;
  gboolean first = view->texture == NULL;
  g_set_object (&view->texture, texture);
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

void
assay_live_view_set_live (AssayLiveView *view, AssayLive *live)
{
  if (live == view->live)
    return;
  g_set_object (&view->live, live);
  g_clear_object (&view->texture);
  if (live != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    assay_live_get_info (live)->name, -1);
  describe (view);
  update_tick (view);
  gtk_widget_queue_draw (GTK_WIDGET (view));
}

static void
assay_live_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AssayLiveView *view = ASSAY_LIVE_VIEW (widget);
  float width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget);
  if (view->texture == NULL)
    return;
  float w = (float) gdk_texture_get_width (view->texture), h = (float) gdk_texture_get_height (view->texture);
  float scale = MIN (width / w, height / h);
  graphene_rect_t bounds
      = GRAPHENE_RECT_INIT ((width - w * scale) / 2, (height - h * scale) / 2, w * scale, h * scale);
  gtk_snapshot_append_texture (snapshot, view->texture, &bounds);
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

GtkWidget *
assay_live_view_new (void)
{
  return g_object_new (ASSAY_TYPE_LIVE_VIEW, "hexpand", TRUE, "vexpand", TRUE, NULL);
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
  widget_class->snapshot = assay_live_view_snapshot;
  widget_class->map = assay_live_view_map;
  widget_class->unmap = assay_live_view_unmap;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "live-view");
}

static void
assay_live_view_init (AssayLiveView *view)
{
}
