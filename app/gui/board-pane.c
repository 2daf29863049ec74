/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/board-pane.h"

#include <math.h>

#define RING_PX 4.0
#define FLASH_US 250000

struct _AssayBoardPane
{
  GtkWidget parent_instance;
  GdkTexture *texture;
  GArray *corners_px;        /* of AssayPoint */
  guint width_px, height_px; /* of the picture that the corners are in */
  guint n_views;
  gint64 flash_us; /* when the last view was taken */
};

G_DEFINE_FINAL_TYPE (AssayBoardPane, assay_board_pane, GTK_TYPE_WIDGET)

/* Where the picture lies in the widget. */
static graphene_rect_t
find_bounds (AssayBoardPane *pane)
{
  float width = (float) gtk_widget_get_width (GTK_WIDGET (pane));
  float height = (float) gtk_widget_get_height (GTK_WIDGET (pane));
  float w = (float) gdk_texture_get_width (pane->texture), h = (float) gdk_texture_get_height (pane->texture);
  float scale = MIN (width / w, height / h);
  return GRAPHENE_RECT_INIT ((width - w * scale) / 2, (height - h * scale) / 2, w * scale, h * scale);
}

/* From the first corner to the last, from yellow to violet: told apart by people who see no red or green too, and a
 * board that is read the wrong way round is seen at once. */
static void
set_colour (cairo_t *cairo, double part)
{
  static const double stops[3][3] = { { 0.99, 0.91, 0.15 }, { 0.13, 0.83, 0.75 }, { 0.80, 0.42, 1.0 } };
  int i = part < 0.5 ? 0 : 1;
  double t = 2 * part - i;
  cairo_set_source_rgb (cairo, stops[i][0] + t * (stops[i + 1][0] - stops[i][0]),
                        stops[i][1] + t * (stops[i + 1][1] - stops[i][1]),
                        stops[i][2] + t * (stops[i + 1][2] - stops[i][2]));
}

static void
draw_corners (AssayBoardPane *pane, cairo_t *cairo, const graphene_rect_t *bounds)
{
  double scale = (double) bounds->size.width / pane->width_px;
  double before_x = 0, before_y = 0;
  cairo_set_line_width (cairo, 1.5);
  for (guint i = 0; i < pane->corners_px->len; i++)
    {
      AssayPoint point = g_array_index (pane->corners_px, AssayPoint, i);
      double x = (double) bounds->origin.x + (point.x + 0.5) * scale;
      double y = (double) bounds->origin.y + (point.y + 0.5) * scale;
      set_colour (cairo, (double) i / MAX (pane->corners_px->len - 1, 1));
      if (i > 0)
        {
          cairo_move_to (cairo, before_x, before_y);
          cairo_line_to (cairo, x, y);
          cairo_stroke (cairo);
        }
      cairo_arc (cairo, x, y, RING_PX, 0, 2 * G_PI);
      cairo_stroke (cairo);
      before_x = x;
      before_y = y;
    }
}

static void
assay_board_pane_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  static const GdkRGBA white = { 1, 1, 1, 0.35f };
  AssayBoardPane *pane = ASSAY_BOARD_PANE (widget);
  if (pane->texture == NULL)
    return;
  graphene_rect_t bounds = find_bounds (pane);
  gtk_snapshot_append_texture (snapshot, pane->texture, &bounds);
  if (pane->corners_px->len > 0 && pane->width_px > 0)
    {
      cairo_t *cairo = gtk_snapshot_append_cairo (snapshot, &bounds);
      draw_corners (pane, cairo, &bounds);
      cairo_destroy (cairo);
    }
  if (pane->flash_us != 0 && g_get_monotonic_time () - pane->flash_us < FLASH_US)
    gtk_snapshot_append_color (snapshot, &white, &bounds);
}

static void
describe (AssayBoardPane *pane)
{
  g_autofree char *words = pane->texture == NULL
                               ? g_strdup ("no picture yet")
                               : g_strdup_printf ("%u corners of the board found", pane->corners_px->len);
  gtk_accessible_update_property (GTK_ACCESSIBLE (pane), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

void
assay_board_pane_set_texture (AssayBoardPane *pane, GdkTexture *texture)
{
  g_set_object (&pane->texture, texture);
  gtk_widget_queue_draw (GTK_WIDGET (pane));
}

void
assay_board_pane_set_state (AssayBoardPane *pane, const AssayLiveState *state)
{
  guint before = pane->corners_px->len;
  g_array_set_size (pane->corners_px, 0);
  if (state != NULL && state->corners_px->len > 0)
    g_array_append_vals (pane->corners_px, state->corners_px->data, state->corners_px->len);
  pane->width_px = state != NULL ? state->width_px : 0;
  pane->height_px = state != NULL ? state->height_px : 0;
  if (state != NULL && state->n_views > pane->n_views)
    pane->flash_us = g_get_monotonic_time ();
  pane->n_views = state != NULL ? state->n_views : 0;
  if (pane->corners_px->len != before)
    describe (pane);
  gtk_widget_queue_draw (GTK_WIDGET (pane));
}

static void
assay_board_pane_finalize (GObject *object)
{
  AssayBoardPane *pane = ASSAY_BOARD_PANE (object);
  g_clear_object (&pane->texture);
  g_array_unref (pane->corners_px);
  G_OBJECT_CLASS (assay_board_pane_parent_class)->finalize (object);
}

static void
assay_board_pane_class_init (AssayBoardPaneClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = assay_board_pane_finalize;
  widget_class->snapshot = assay_board_pane_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
assay_board_pane_init (AssayBoardPane *pane)
{
  pane->corners_px = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  gtk_accessible_update_property (GTK_ACCESSIBLE (pane), GTK_ACCESSIBLE_PROPERTY_LABEL, "Board", -1);
}
