/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/tile-compose.h"

#include <math.h>

#define TINT 72 /* of 256 */
#define SELECTED_TINT 104
#define RIM 208

struct _AssayMarksIndex
{
  AssayMarks *marks;
  AssayRect *boxes; /* in image pixels; w < 0 = nothing to draw */
};

AssayMarksIndex *
assay_marks_index_new (AssayMarks *take_marks)
{
  AssayMarksIndex *index = g_new0 (AssayMarksIndex, 1);
  index->marks = take_marks;
  index->boxes = g_new0 (AssayRect, take_marks->marks->len + 1);
  for (guint i = 0; i < take_marks->marks->len; i++)
    {
      if (!assay_mark_get_box (&g_array_index (take_marks->marks, AssayMark, i), &index->boxes[i]))
        index->boxes[i] = (AssayRect){ 0, 0, -1, -1 };
    }
  return index;
}

void
assay_marks_index_free (AssayMarksIndex *index)
{
  if (index == NULL)
    return;
  assay_marks_free (index->marks);
  g_free (index->boxes);
  g_free (index);
}

guint
assay_marks_index_get_n_marks (const AssayMarksIndex *index)
{
  return index != NULL ? index->marks->marks->len : 0;
}

static guint32
tint (guint32 pixel, guint32 colour, guint weight)
{
  guint32 rb = ((pixel & 0xff00ff) * (256 - weight) + (colour & 0xff00ff) * weight) >> 8;
  guint32 g = ((pixel & 0xff00) * (256 - weight) + (colour & 0xff00) * weight) >> 8;
  return 0xff000000u | (rb & 0xff00ff) | (g & 0xff00);
}

/* The mask at every device pixel of the tile and one round it: (w + 2) x (h + 2). */
static guint8 *
sample_mask (const AssayMark *mark, double zoom, int x0, int y0, int w, int h)
{
  const AssayMask *mask = mark->mask;
  guint width_px = mark->paint != NULL ? assay_paint_get_width_px (mark->paint) : mask->width_px;
  guint height_px = mark->paint != NULL ? assay_paint_get_height_px (mark->paint) : mask->height_px;
  int left = (int) floor ((x0 - 1) / zoom), top = (int) floor ((y0 - 1) / zoom);
  int right = (int) ceil ((x0 + w + 1) / zoom), bottom = (int) ceil ((y0 + h + 1) / zoom);
  left = CLAMP (left, 0, (int) width_px);
  right = CLAMP (right, left, (int) width_px);
  top = CLAMP (top, 0, (int) height_px);
  bottom = CLAMP (bottom, top, (int) height_px);
  gsize stride = (gsize) (right - left);
  g_autofree guint8 *bytes = g_malloc0 (stride * (gsize) (bottom - top) + 1);
  guint8 *sampled = g_malloc0 ((gsize) (w + 2) * (gsize) (h + 2));
  if (right > left && bottom > top && mark->paint != NULL)
    assay_paint_to_bytes (mark->paint, (guint) left, (guint) top, (guint) (right - left), (guint) (bottom - top), bytes,
                          stride);
  else if (right > left && bottom > top)
    assay_mask_to_bytes (mask, (guint) left, (guint) top, (guint) (right - left), (guint) (bottom - top), bytes,
                         stride);
  for (int y = -1; y <= h; y++)
    {
      int iy = (int) floor ((y0 + y + 0.5) / zoom);
      for (int x = -1; x <= w && iy >= top && iy < bottom; x++)
        {
          int ix = (int) floor ((x0 + x + 0.5) / zoom);
          if (ix >= left && ix < right)
            sampled[(y + 1) * (w + 2) + x + 1] = bytes[(gsize) (iy - top) * stride + (gsize) (ix - left)];
        }
    }
  return sampled;
}

/* Tinted inside (a faint one not at all); the outermost pixels on the screen stand out, at any zoom. */
static void
tint_mask (const AssayMark *mark, double zoom, int x0, int y0, int w, int h, guint32 *pixels, gsize stride_px)
{
  g_autofree guint8 *inside = sample_mask (mark, zoom, x0, y0, w, h);
  guint weight = (mark->flags & ASSAY_MARK_FAINT) != 0      ? 0
                 : (mark->flags & ASSAY_MARK_SELECTED) != 0 ? SELECTED_TINT
                                                            : TINT;
  int stride = w + 2;
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      {
        const guint8 *at = &inside[(y + 1) * stride + x + 1];
        if (*at == 0)
          continue;
        gboolean rim = at[-1] == 0 || at[1] == 0 || at[-stride] == 0 || at[stride] == 0;
        guint32 *pixel = &pixels[(gsize) y * stride_px + (gsize) x];
        *pixel = tint (*pixel, mark->colour, rim ? RIM : weight);
      }
}

/* Whether any of a mark falls on a tile of w x h drawing units. */
static gboolean
touches (const AssayMarksIndex *index, guint i, const AssayMarksFrame *frame, double w, double h)
{
  const AssayMark *mark = &g_array_index (index->marks->marks, AssayMark, i);
  if (index->boxes[i].w < 0)
    return FALSE;
  AssayRect box = assay_mark_get_drawn_box (mark, &index->boxes[i], frame);
  return box.x < w && box.y < h && box.x + box.w > 0 && box.y + box.h > 0;
}

cairo_surface_t *
assay_tile_compose (const AssayPyramid *pyramid, const AssayMarksIndex *index, double zoom, double device_scale,
                    int x0, int y0, int w, int h)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, w, h);
  cairo_surface_flush (surface);
  guint32 *pixels = (guint32 *) (gpointer) cairo_image_surface_get_data (surface);
  gsize stride_px = (gsize) cairo_image_surface_get_stride (surface) / sizeof (guint32);
  assay_pyramid_sample (pyramid, zoom, x0, y0, w, h, 0xff000000u, pixels, stride_px);
  AssayMarksFrame frame = { zoom / device_scale, zoom / device_scale, -x0 / device_scale, -y0 / device_scale };
  guint n = assay_marks_index_get_n_marks (index);
  for (guint i = 0; i < n; i++)
    {
      const AssayMark *mark = &g_array_index (index->marks->marks, AssayMark, i);
      if (mark->kind == ASSAY_MARK_MASK && touches (index, i, &frame, w / device_scale, h / device_scale))
        tint_mask (mark, zoom, x0, y0, w, h, pixels, stride_px);
    }
  cairo_surface_mark_dirty (surface);
  cairo_surface_set_device_scale (surface, device_scale, device_scale);
  cairo_t *cr = cairo_create (surface);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  for (guint i = 0; i < n; i++)
    {
      const AssayMark *mark = &g_array_index (index->marks->marks, AssayMark, i);
      if (mark->kind != ASSAY_MARK_MASK && touches (index, i, &frame, w / device_scale, h / device_scale))
        assay_mark_draw (mark, &frame, cr);
    }
  cairo_destroy (cr);
  return surface;
}
