/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-board.h"

#include "core/error.h"
#include "core/file.h"
#include "core/picture.h"
#include "vision/board.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <math.h>
#include <string.h>

#define MM_IN 25.4
#define POINTS_IN 72.0
#define BORDER_MM 10.0 /* what printers leave white, and what the detector needs around the squares */
#define FOOT_MM 20.0   /* the bar and the words under the board */
#define BAR_MM 100.0

static const struct
{
  const char *name;
  double short_mm, long_mm;
} papers[] = { { "a4", 210, 297 }, { "letter", 215.9, 279.4 }, { "a3", 297, 420 } };

typedef struct
{
  const char *paper;
  gboolean landscape;
  double width_mm, height_mm; /* of the page */
  AssayRect board_mm;         /* on it */
  double bar_x_mm, bar_y_mm;
} Layout;

/* --- where things go --------------------------------------------------------------------------------------------
 */

static gboolean
lay_out (const AssayBoard *board, const char *paper, Layout *ret_layout, GError **error)
{
  guint across, down;
  double width_m, height_m;
  assay_board_get_size (board, &across, &down, &width_m, &height_m);
  double width_mm = 1000 * width_m, height_mm = 1000 * height_m;
  for (guint i = 0; i < G_N_ELEMENTS (papers); i++)
    for (guint landscape = 0; g_str_equal (papers[i].name, paper) && landscape < 2; landscape++)
      {
        Layout layout = { papers[i].name, landscape };
        layout.width_mm = landscape ? papers[i].long_mm : papers[i].short_mm;
        layout.height_mm = landscape ? papers[i].short_mm : papers[i].long_mm;
        double free_x_mm = layout.width_mm - width_mm, free_y_mm = layout.height_mm - FOOT_MM - height_mm;
        if (free_x_mm < 2 * BORDER_MM || free_y_mm < BORDER_MM)
          continue;
        layout.board_mm = (AssayRect){ free_x_mm / 2, MAX (free_y_mm / 2, BORDER_MM), width_mm, height_mm };
        layout.bar_x_mm = BORDER_MM + 2;
        layout.bar_y_mm = layout.height_mm - BORDER_MM - 2;
        *ret_layout = layout;
        return TRUE;
      }
  g_set_error (
      error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
      "drawing the board: %.0f x %.0f mm do not fit on %s (a4, letter or a3, with %.0f mm of border and %.0f mm at "
      "the foot); take larger paper, smaller squares or fewer",
      width_mm, height_mm, paper, BORDER_MM, FOOT_MM);
  return FALSE;
}

/* --- ink --------------------------------------------------------------------------------------------------------
 */

static void
draw_bar (cairo_t *cairo, const Layout *layout)
{
  double x = layout->bar_x_mm, y = layout->bar_y_mm;
  cairo_rectangle (cairo, x, y - 0.15, BAR_MM, 0.3);
  /* The ticks end where the bar ends: their outer edges are 100 mm apart. */
  cairo_rectangle (cairo, x, y - 2, 0.3, 4);
  cairo_rectangle (cairo, x + BAR_MM - 0.3, y - 2, 0.3, 4);
  cairo_fill (cairo);
}

static void
draw_words (cairo_t *cairo, const AssayBoard *board, const Layout *layout)
{
  g_autofree char *name = assay_board_to_text (board);
  g_autofree char *spec = g_strdup_printf (
      "%s   (%s)", name,
      board->kind == ASSAY_BOARD_CHARUCO ? "squares; layout of OpenCV, odd rows" : "inner corners");
  cairo_select_font_face (cairo, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cairo, 3);
  cairo_move_to (cairo, layout->bar_x_mm, layout->bar_y_mm - 3.2);
  cairo_show_text (cairo, spec);
  cairo_set_font_size (cairo, 2.4);
  cairo_move_to (cairo, layout->bar_x_mm, layout->bar_y_mm + 4.8);
  cairo_show_text (cairo, "The bar is 100 mm long. Print at 100 %, measure it, and tell: --scale-bar MM");
}

static void
draw (cairo_t *cairo, const AssayBoard *board, const GArray *black, const Layout *layout)
{
  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_paint (cairo);
  cairo_set_source_rgb (cairo, 0, 0, 0);
  for (guint i = 0; i < black->len; i++)
    {
      AssayRect r = g_array_index (black, AssayRect, i);
      cairo_rectangle (cairo, layout->board_mm.x + 1000 * r.x, layout->board_mm.y + 1000 * r.y, 1000 * r.w,
                       1000 * r.h);
    }
  /* One path, one fill: no hairlines between the bits of a marker. */
  cairo_fill (cairo);
  draw_bar (cairo, layout);
  draw_words (cairo, board, layout);
}

/* --- files ------------------------------------------------------------------------------------------------------
 */

static cairo_status_t
append (void *bytes, const unsigned char *data, unsigned int n_bytes)
{
  g_byte_array_append (bytes, data, n_bytes);
  return CAIRO_STATUS_SUCCESS;
}

static GBytes *
make_pdf (const AssayBoard *board, const GArray *black, const Layout *layout)
{
  const double points_mm = POINTS_IN / MM_IN;
  GByteArray *bytes = g_byte_array_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (append, bytes, layout->width_mm * points_mm,
                                                                  layout->height_mm * points_mm);
  g_autofree char *name = assay_board_to_text (board);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, name);
  cairo_t *cairo = cairo_create (surface);
  cairo_scale (cairo, points_mm, points_mm);
  draw (cairo, board, black, layout);
  cairo_show_page (cairo);
  cairo_destroy (cairo);
  cairo_surface_finish (surface);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (bytes);
}

static guint32
crc_of (const guint8 *data, gsize n_bytes)
{
  guint32 crc = 0xffffffff;
  for (gsize i = 0; i < n_bytes; i++)
    {
      crc ^= data[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
  return ~crc;
}

static void
put_u32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, sizeof value);
}

/* Printing programs take the size of a PNG from its pHYs chunk: pixels a metre, behind the header (byte 33). */
static GBytes *
state_density (GBytes *take_png, guint dpi)
{
  const gsize header = 33;
  g_autoptr (GBytes) png = take_png;
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (png, &n_bytes);
  guint8 chunk[21] = { 0, 0, 0, 9, 'p', 'H', 'Y', 's' };
  put_u32 (chunk + 8, (guint32) lround (dpi * 1000 / MM_IN));
  put_u32 (chunk + 12, (guint32) lround (dpi * 1000 / MM_IN));
  chunk[16] = 1;
  put_u32 (chunk + 17, crc_of (chunk + 4, 13));
  GByteArray *whole = g_byte_array_sized_new ((guint) n_bytes + sizeof chunk);
  g_byte_array_append (whole, data, header);
  g_byte_array_append (whole, chunk, sizeof chunk);
  g_byte_array_append (whole, data + header, (guint) (n_bytes - header));
  return g_byte_array_free_to_bytes (whole);
}

static GBytes *
make_png (const AssayBoard *board, const GArray *black, const Layout *layout, guint dpi, GError **error)
{
  guint width = (guint) lround (layout->width_mm * dpi / MM_IN),
        height = (guint) lround (layout->height_mm * dpi / MM_IN);
  g_autoptr (AssayPicture) picture = assay_picture_new (width, height, ASSAY_PIXELS_GREY8);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
  cairo_t *cairo = cairo_create (surface);
  if (picture == NULL || cairo_status (cairo) != CAIRO_STATUS_SUCCESS)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "drawing the board: %u dpi are too many; 300 are enough",
                 dpi);
  else
    {
      cairo_scale (cairo, dpi / MM_IN, dpi / MM_IN);
      draw (cairo, board, black, layout);
      cairo_surface_flush (surface);
      const guint8 *pixels = cairo_image_surface_get_data (surface);
      gsize stride = (gsize) cairo_image_surface_get_stride (surface);
      for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++)
          {
            guint32 pixel;
            memcpy (&pixel, pixels + y * stride + 4 * (gsize) x, sizeof pixel);
            picture->data[y * picture->stride + x] = (guint8) (pixel >> 8);
          }
    }
  gboolean good = picture != NULL && cairo_status (cairo) == CAIRO_STATUS_SUCCESS;
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
  GBytes *png = good ? assay_picture_encode_png (picture, error) : NULL;
  return png != NULL ? state_density (png, dpi) : NULL;
}

json_t *
assay_job_board (const AssayBoard *board, const char *path, const char *paper, guint dpi, GError **error)
{
  Layout layout = { 0 };
  gboolean pdf = g_str_has_suffix (path, ".pdf");
  g_autofree char *name = assay_board_to_text (board);
  if (!pdf && !g_str_has_suffix (path, ".png"))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "drawing the board: %s is neither .pdf nor .png", path);
      return NULL;
    }
  g_autoptr (GArray) black = assay_vision_board_black (board, error);
  if (black == NULL || !lay_out (board, paper, &layout, error))
    return NULL;
  g_autoptr (GBytes) file = pdf ? make_pdf (board, black, &layout) : make_png (board, black, &layout, dpi, error);
  gsize n_bytes;
  gconstpointer data = file != NULL ? g_bytes_get_data (file, &n_bytes) : NULL;
  if (data == NULL || !assay_file_write (path, data, n_bytes, error))
    return NULL;
  return json_pack ("{s:s, s:s, s:s, s:b, s:[ff], s:[ffff], s:[fff]}", "path", path, "board", name, "paper",
                    layout.paper, "landscape", layout.landscape, "page_mm", layout.width_mm, layout.height_mm,
                    "board_mm", layout.board_mm.x, layout.board_mm.y, layout.board_mm.w, layout.board_mm.h,
                    "bar_mm", layout.bar_x_mm, layout.bar_y_mm, BAR_MM);
}
