/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/tile-compose.h"

#include <math.h>
#include <string.h>

#define SELECTED_MORE 1.45 /* times the opacity of others */
#define RIM 208            /* of 256 */

static guint32
tint (guint32 pixel, guint32 colour, guint weight)
{
  guint32 rb = ((pixel & 0xff00ff) * (256 - weight) + (colour & 0xff00ff) * weight) >> 8;
  guint32 g = ((pixel & 0xff00) * (256 - weight) + (colour & 0xff00) * weight) >> 8;
  return 0xff000000u | (rb & 0xff00ff) | (g & 0xff00);
}

/* A window of device pixels, from the image's corner, and the bytes of a mask in it. */
typedef struct
{
  double zoom;
  int x0, y0, w, h;
  guint8 *inside; /* row-major */
} Samples;

/* The first device pixel whose middle is at or past `at` of the image. */
static int
device_from (const Samples *samples, double at, int origin, int n)
{
  return (int) CLAMP (ceil (at * samples->zoom - 0.5) - origin, 0, n);
}

static void
fill (const Samples *samples, int x, double from, double to)
{
  int begin = device_from (samples, from, samples->y0, samples->h);
  int end = device_from (samples, to, samples->y0, samples->h);
  for (guint8 *at = samples->inside + (gsize) begin * samples->w + x; begin < end; begin++, at += samples->w)
    *at = 1;
}

/* Column `ix` of a mask, into column `x` of the samples. */
static void
fill_from_mask (const Samples *samples, int x, const AssayMask *mask, const AssayColumnStart *start, guint ix,
                double bottom)
{
  guint64 top_px = (guint64) ix * mask->height_px, at = start->before;
  for (guint i = start->run; i < mask->n_runs; at += mask->runs[i++])
    {
      double from = at > top_px ? (double) (at - top_px) : 0;
      if (from >= bottom)
        break;
      if (i % 2 == 1)
        fill (samples, x, from, MIN ((double) (at + mask->runs[i] - top_px), mask->height_px));
    }
}

static void
fill_from_paint (const Samples *samples, int x, const AssayPaint *paint, guint ix, double top, double bottom)
{
  guint n = 0;
  const guint32 *edges = assay_paint_get_edges (paint, ix, &n);
  for (guint i = 0; i + 1 < n && edges[i] < bottom; i += 2)
    if (edges[i + 1] > top)
      fill (samples, x, edges[i], edges[i + 1]);
}

/* The mark at every pixel of the samples: the image pixel under its middle. */
static void
sample_mask (AssayMarksIndex *index, guint number, const Samples *samples)
{
  const AssayMark *mark = assay_marks_index_get (index, number);
  const AssayColumnStart *columns = mark->paint == NULL ? assay_marks_index_get_columns (index, number) : NULL;
  AssayRect box = assay_marks_index_get_box (index, number);
  int left = (int) box.x, right = (int) (box.x + box.w), last = -1, last_x = 0;
  double top = floor (samples->y0 / samples->zoom), bottom = (samples->y0 + samples->h) / samples->zoom + 1;
  memset (samples->inside, 0, (gsize) samples->w * (gsize) samples->h);
  for (int x = 0; x < samples->w; x++)
    {
      int ix = (int) floor ((samples->x0 + x + 0.5) / samples->zoom);
      if (ix < left || ix >= right)
        continue;
      if (ix == last) /* several columns of the screen show one of the picture */
        {
          for (int y = 0; y < samples->h; y++)
            samples->inside[(gsize) y * samples->w + x] = samples->inside[(gsize) y * samples->w + last_x];
          continue;
        }
      if (mark->paint != NULL)
        fill_from_paint (samples, x, mark->paint, (guint) ix, top, bottom);
      else
        fill_from_mask (samples, x, mark->mask, &columns[ix - left], (guint) ix, bottom);
      last = ix;
      last_x = x;
    }
}

/* Pixels to be made, and where they stand from the image's corner. */
typedef struct
{
  guint32 *pixels;
  gsize stride_px;
  int x0, y0, w, h;
} Canvas;

/* Tinted inside (a faint one not at all); the outermost pixels on the screen stand out, at any zoom. `room` is for
 * (w + 2) x (h + 2) bytes. */
static void
tint_mask (const AssayTileScene *scene, guint number, const Canvas *canvas, guint8 *room)
{
  const AssayMark *mark = assay_marks_index_get (scene->index, number);
  AssayRect box = assay_marks_index_get_box (scene->index, number);
  int left = MAX (canvas->x0, (int) floor (box.x * scene->zoom) - 1);
  int top = MAX (canvas->y0, (int) floor (box.y * scene->zoom) - 1);
  int right = MIN (canvas->x0 + canvas->w, (int) ceil ((box.x + box.w) * scene->zoom) + 1);
  int bottom = MIN (canvas->y0 + canvas->h, (int) ceil ((box.y + box.h) * scene->zoom) + 1);
  if (right <= left || bottom <= top)
    return;
  const Samples samples = { scene->zoom, left - 1, top - 1, right - left + 2, bottom - top + 2, room };
  sample_mask (scene->index, number, &samples);
  double opacity = scene->look.opacity * ((mark->flags & ASSAY_MARK_SELECTED) != 0 ? SELECTED_MORE : 1);
  gboolean hollow = (mark->flags & ASSAY_MARK_FAINT) != 0 || scene->look.outline_only;
  guint weight = hollow ? 0 : (guint) (MIN (opacity, 1) * 256);
  int stride = samples.w;
  for (int y = 0; y < bottom - top; y++)
    for (int x = 0; x < right - left; x++)
      {
        const guint8 *at = &room[(y + 1) * stride + x + 1];
        if (*at == 0)
          continue;
        gboolean rim = at[-1] == 0 || at[1] == 0 || at[-stride] == 0 || at[stride] == 0;
        guint32 *pixel
            = &canvas->pixels[(gsize) (y + top - canvas->y0) * canvas->stride_px + (gsize) (x + left - canvas->x0)];
        *pixel = tint (*pixel, mark->colour, rim ? RIM : weight);
      }
}

/* Whether any of a mark falls on a part of a tile, in drawing units. */
static gboolean
touches (const AssayTileScene *scene, guint number, const AssayMarksFrame *frame, const AssayRect *part)
{
  AssayRect box = assay_marks_index_get_box (scene->index, number);
  if (box.w < 0)
    return FALSE;
  box = assay_mark_get_drawn_box (assay_marks_index_get (scene->index, number), &box, frame);
  return box.x < part->x + part->w && box.y < part->y + part->h && box.x + box.w > part->x
         && box.y + box.h > part->y;
}

/* What of the image a part shows, and so much round it as lines and words reach. */
static AssayRect
image_part (const AssayTileScene *scene, const Canvas *canvas)
{
  double reach = assay_marks_index_get_words_reach (scene->index), unit = scene->device_scale / scene->zoom;
  double line = 10 * unit, right = line + reach * unit, below = line + (reach > 0 ? 20 * unit : 0);
  return (AssayRect){ canvas->x0 / scene->zoom - right, canvas->y0 / scene->zoom - below,
                      canvas->w / scene->zoom + right + line, canvas->h / scene->zoom + below + line };
}

static void
draw_marks (const AssayTileScene *scene, const Canvas *canvas, cairo_surface_t *surface, int x0, int y0)
{
  const GArray *found = assay_marks_index_find (scene->index, image_part (scene, canvas));
  double s = scene->device_scale;
  AssayMarksFrame frame = { scene->zoom / s, scene->zoom / s, -x0 / s, -y0 / s };
  AssayRect part = { (canvas->x0 - x0) / s, (canvas->y0 - y0) / s, canvas->w / s, canvas->h / s };
  g_autofree guint8 *room = NULL;
  gboolean lines = FALSE;
  for (guint k = 0; k < found->len; k++)
    {
      guint i = g_array_index (found, guint, k);
      gboolean mask = assay_marks_index_get (scene->index, i)->kind == ASSAY_MARK_MASK;
      lines |= !mask;
      if (!mask || !touches (scene, i, &frame, &part))
        continue;
      if (room == NULL)
        room = g_malloc ((gsize) (canvas->w + 2) * (gsize) (canvas->h + 2));
      tint_mask (scene, i, canvas, room);
    }
  cairo_surface_mark_dirty (surface);
  cairo_surface_set_device_scale (surface, s, s);
  if (!lines)
    return;
  cairo_t *cr = cairo_create (surface);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  cairo_rectangle (cr, part.x, part.y, part.w, part.h);
  cairo_clip (cr);
  for (guint k = 0; k < found->len; k++)
    {
      guint i = g_array_index (found, guint, k);
      const AssayMark *mark = assay_marks_index_get (scene->index, i);
      if (mark->kind != ASSAY_MARK_MASK && touches (scene, i, &frame, &part))
        assay_mark_draw (mark, &frame, cr);
    }
  cairo_destroy (cr);
}

static void
compose_part (const AssayTileScene *scene, int x0, int y0, cairo_surface_t *surface, AssayTilePart part)
{
  cairo_surface_flush (surface);
  guint32 *pixels = (guint32 *) (gpointer) cairo_image_surface_get_data (surface);
  gsize stride_px = (gsize) cairo_image_surface_get_stride (surface) / sizeof (guint32);
  const Canvas canvas
      = { pixels + (gsize) part.y * stride_px + part.x, stride_px, x0 + part.x, y0 + part.y, part.w, part.h };
  assay_pyramid_sample (scene->pyramid, scene->table, scene->zoom, canvas.x0, canvas.y0, canvas.w, canvas.h,
                        0xff000000u, canvas.pixels, stride_px);
  if (scene->index != NULL)
    {
      draw_marks (scene, &canvas, surface, x0, y0);
      return;
    }
  cairo_surface_mark_dirty (surface);
  cairo_surface_set_device_scale (surface, scene->device_scale, scene->device_scale);
}

cairo_surface_t *
assay_tile_compose (const AssayTileScene *scene, int x0, int y0, int w, int h)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, w, h);
  compose_part (scene, x0, y0, surface, (AssayTilePart){ 0, 0, w, h });
  return surface;
}

cairo_surface_t *
assay_tile_recompose (const AssayTileScene *scene, int x0, int y0, cairo_surface_t *before, AssayTilePart part)
{
  int w = cairo_image_surface_get_width (before), h = cairo_image_surface_get_height (before);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, w, h);
  cairo_surface_flush (surface);
  memcpy (cairo_image_surface_get_data (surface), cairo_image_surface_get_data (before),
          (gsize) cairo_image_surface_get_stride (before) * (gsize) h);
  compose_part (scene, x0, y0, surface, part);
  return surface;
}
