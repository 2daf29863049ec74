/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/live-overlay.h"

#include <math.h>
#include <string.h>

#define UNDER 2    /* as core/picture-measure.h counts them */
#define OVER 254
#define STRIPE_PX 6
#define EDGE 48    /* difference of two neighbours in green that counts as a sharp edge */
#define HISTOGRAM_WIDTH 256
#define HISTOGRAM_HEIGHT 96
#define MARGIN 12

/* --- the picture's thread --- */

static double
keep_best (AssaySharpnessBest *best, double sharpness)
{
  gint64 second = g_get_monotonic_time () / G_USEC_PER_SEC;
  for (gint64 gone = MAX (best->second + 1, second - ASSAY_SHARPNESS_SECONDS + 1); gone <= second; gone++)
    best->best[gone % ASSAY_SHARPNESS_SECONDS] = 0;
  best->second = second;
  double *slot = &best->best[second % ASSAY_SHARPNESS_SECONDS], highest = 0;
  *slot = MAX (*slot, sharpness);
  for (guint i = 0; i < ASSAY_SHARPNESS_SECONDS; i++)
    highest = MAX (highest, best->best[i]);
  return highest;
}

gboolean
assay_overlay_measure (const AssayPicture *picture, AssayOverlays wanted, AssaySharpnessBest *best,
                       AssayOverlayLook *ret_look)
{
  if ((wanted & ~ASSAY_OVERLAY_GRID) == 0)
    return FALSE;
  assay_picture_measure (picture, &ret_look->measure);
  ret_look->best_sharpness = keep_best (best, ret_look->measure.sharpness);
  return TRUE;
}

static inline void
mark_exposure (const guint8 *from, guint8 *to, guint x, guint y)
{
  gboolean stripe = (x + y) / STRIPE_PX % 2 == 0;
  guint8 most = MAX (MAX (from[0], from[1]), from[2]);
  if (most >= OVER && stripe)
    to[0] = 235, to[1] = 30, to[2] = 30;
  else if (most <= UNDER && stripe)
    to[0] = 30, to[1] = 80, to[2] = 235;
}

static inline void
mark_edge (const guint8 *from, gsize stride, guint8 *to)
{
  int right = abs ((int) from[4] - (int) from[1]), down = abs ((int) from[stride + 1] - (int) from[1]);
  if (right + down >= EDGE)
    to[0] = 255, to[1] = 225, to[2] = 0;
}

AssayPicture *
assay_overlay_paint (AssayPicture *picture, AssayOverlays wanted)
{
  if ((wanted & (ASSAY_OVERLAY_EXPOSURE | ASSAY_OVERLAY_FOCUS)) == 0)
    return assay_picture_ref (picture);
  AssayPicture *painted = assay_picture_new (picture->width_px, picture->height_px, ASSAY_PIXELS_RGB8);
  if (painted == NULL)
    return assay_picture_ref (picture);
  for (guint y = 0; y < picture->height_px; y++)
    {
      const guint8 *from = picture->data + y * picture->stride;
      guint8 *to = painted->data + y * painted->stride;
      gboolean inner = y + 1 < picture->height_px;
      memcpy (to, from, 3 * (gsize) picture->width_px);
      for (guint x = 0; x < picture->width_px; x++, from += 3, to += 3)
        {
          if (wanted & ASSAY_OVERLAY_EXPOSURE)
            mark_exposure (from, to, x, y);
          if (wanted & ASSAY_OVERLAY_FOCUS && inner && x + 1 < picture->width_px)
            mark_edge (from, picture->stride, to);
        }
    }
  return painted;
}

/* --- the main thread --- */

static void
draw_curve (cairo_t *cr, const guint32 histogram[256], double highest)
{
  cairo_move_to (cr, 0, HISTOGRAM_HEIGHT);
  for (int i = 0; i < 256; i++)
    cairo_line_to (cr, i + 0.5, HISTOGRAM_HEIGHT - MIN (1, sqrt (histogram[i] / highest)) * (HISTOGRAM_HEIGHT - 2));
  cairo_line_to (cr, 256, HISTOGRAM_HEIGHT);
}

/* Heights by the square root: small peaks at both ends are what one looks for. */
static void
draw_histogram (GtkSnapshot *snapshot, const graphene_rect_t *bounds, const AssayPictureMeasure *measure)
{
  static const double colours[3][3] = { { 0.95, 0.25, 0.25 }, { 0.25, 0.85, 0.35 }, { 0.35, 0.55, 1.0 } };
  graphene_rect_t place = GRAPHENE_RECT_INIT (bounds->origin.x + bounds->size.width - HISTOGRAM_WIDTH - MARGIN,
                                              bounds->origin.y + MARGIN, HISTOGRAM_WIDTH, HISTOGRAM_HEIGHT);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &place);
  cairo_translate (cr, place.origin.x, place.origin.y);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.65);
  cairo_paint (cr);
  double highest = 1;
  for (guint c = 0; c < 4; c++)
    for (guint i = 1; i < 255; i++)
      highest = MAX (highest, measure->histogram[c][i]);
  cairo_set_operator (cr, CAIRO_OPERATOR_ADD);
  for (guint c = 0; c < 3; c++)
    {
      draw_curve (cr, measure->histogram[c], highest);
      cairo_set_source_rgba (cr, colours[c][0], colours[c][1], colours[c][2], 0.55);
      cairo_fill (cr);
    }
  cairo_set_operator (cr, CAIRO_OPERATOR_OVER);
  draw_curve (cr, measure->histogram[ASSAY_MEASURE_LUMA], highest);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.9);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
draw_grid (GtkSnapshot *snapshot, const graphene_rect_t *bounds)
{
  static const GdkRGBA light = { 1, 1, 1, 0.55f }, dark = { 0, 0, 0, 0.45f };
  for (int i = 1; i <= 2; i++)
    {
      float x = roundf (bounds->origin.x + bounds->size.width * (float) i / 3);
      float y = roundf (bounds->origin.y + bounds->size.height * (float) i / 3);
      gtk_snapshot_append_color (snapshot, &light,
                                 &GRAPHENE_RECT_INIT (x, bounds->origin.y, 1, bounds->size.height));
      gtk_snapshot_append_color (snapshot, &dark,
                                 &GRAPHENE_RECT_INIT (x + 1, bounds->origin.y, 1, bounds->size.height));
      gtk_snapshot_append_color (snapshot, &light,
                                 &GRAPHENE_RECT_INIT (bounds->origin.x, y, bounds->size.width, 1));
      gtk_snapshot_append_color (snapshot, &dark,
                                 &GRAPHENE_RECT_INIT (bounds->origin.x, y + 1, bounds->size.width, 1));
    }
}

static void
draw_text (GtkWidget *widget, GtkSnapshot *snapshot, const char *text, float x, float y, float width)
{
  static const GdkRGBA ground = { 0, 0, 0, 0.65f }, ink = { 1, 1, 1, 1 };
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  int w, h;
  pango_layout_get_pixel_size (layout, &w, &h);
  gtk_snapshot_append_color (snapshot, &ground,
                             &GRAPHENE_RECT_INIT (x, y, MAX (width, (float) w + 16), (float) h + 8));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x + 8, y + 4));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);
}

static double
get_share (const AssayOverlayLook *look)
{
  return look->best_sharpness > 0 ? look->measure.sharpness / look->best_sharpness : 0;
}

static void
draw_sharpness (GtkWidget *widget, GtkSnapshot *snapshot, float x, float y, const AssayOverlayLook *look)
{
  static const GdkRGBA ground = { 0, 0, 0, 0.65f }, good = { 0.2f, 0.8f, 0.45f, 1 }, poor = { 0.95f, 0.65f, 0.1f, 1 };
  double share = get_share (look);
  g_autofree char *text = g_strdup_printf ("sharpness %.0f · %.0f %% of the best of 10 s", look->measure.sharpness,
                                           100 * share);
  draw_text (widget, snapshot, text, x, y, HISTOGRAM_WIDTH);
  gtk_snapshot_append_color (snapshot, &ground, &GRAPHENE_RECT_INIT (x, y + 26, HISTOGRAM_WIDTH, 8));
  gtk_snapshot_append_color (snapshot, share >= 0.9 ? &good : &poor,
                             &GRAPHENE_RECT_INIT (x, y + 26, (float) share * HISTOGRAM_WIDTH, 8));
}

void
assay_overlay_snapshot (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *bounds,
                        AssayOverlays wanted, const AssayOverlayLook *look)
{
  float x = bounds->origin.x + bounds->size.width - HISTOGRAM_WIDTH - MARGIN;
  float y = bounds->origin.y + MARGIN;
  if (wanted & ASSAY_OVERLAY_GRID)
    draw_grid (snapshot, bounds);
  /* In a tile there is no room for figures. */
  if (look == NULL || bounds->size.width < 2 * HISTOGRAM_WIDTH)
    return;
  if (wanted & ASSAY_OVERLAY_HISTOGRAM)
    {
      draw_histogram (snapshot, bounds, &look->measure);
      y += HISTOGRAM_HEIGHT + 6;
    }
  if (wanted & ASSAY_OVERLAY_EXPOSURE)
    {
      g_autofree char *text = g_strdup_printf ("over %.1f %% · under %.1f %%", 100 * look->measure.over,
                                               100 * look->measure.under);
      draw_text (widget, snapshot, text, x, y, HISTOGRAM_WIDTH);
      y += 32;
    }
  if (wanted & ASSAY_OVERLAY_FOCUS)
    draw_sharpness (widget, snapshot, x, y, look);
}

char *
assay_overlay_dup_words (AssayOverlays wanted, const AssayOverlayLook *look)
{
  g_autoptr (GString) words = g_string_new ("");
  if (wanted & ASSAY_OVERLAY_HISTOGRAM)
    g_string_append (words, ", histogram");
  if (wanted & ASSAY_OVERLAY_EXPOSURE && look != NULL)
    g_string_append_printf (words, ", %.1f %% over, %.1f %% under", 100 * look->measure.over,
                            100 * look->measure.under);
  if (wanted & ASSAY_OVERLAY_FOCUS && look != NULL)
    g_string_append_printf (words, ", sharpness %.0f %% of the best", 100 * get_share (look));
  if (wanted & ASSAY_OVERLAY_GRID)
    g_string_append (words, ", grid");
  return g_string_free (g_steal_pointer (&words), FALSE);
}
