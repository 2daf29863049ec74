/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On A4, with the same charts. Blocks follow each other down the page; what does not fit begins the next one. */
#include "app/report.h"

#include "app/chart-cairo.h"
#include "core/error.h"
#include "core/json.h"

#include <cairo-pdf.h>
#include <math.h>

#define WIDTH_PT 595.28
#define HEIGHT_PT 841.89
#define MARGIN_PT 45.0
#define POINTS_PX 0.75
#define CHART_PX ((WIDTH_PT - 2 * MARGIN_PT) / POINTS_PX)
#define CELL_PT 4.0

typedef struct
{
  cairo_t *cairo;
  PangoLayout *layout;
  double y;
  guint page;
} Paper;

static void
number_page (Paper *paper)
{
  g_autofree char *words = g_strdup_printf ("%u", ++paper->page);
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (paper->cairo);
  PangoFontDescription *font = pango_font_description_from_string ("Sans 8");
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, words, -1);
  pango_font_description_free (font);
  cairo_move_to (paper->cairo, WIDTH_PT - MARGIN_PT - 12, HEIGHT_PT - MARGIN_PT + 12);
  pango_cairo_show_layout (paper->cairo, layout);
}

static void
turn_over (Paper *paper)
{
  number_page (paper);
  cairo_show_page (paper->cairo);
  paper->y = MARGIN_PT;
}

static void
make_room (Paper *paper, double height)
{
  if (paper->y + height > HEIGHT_PT - MARGIN_PT && paper->y > MARGIN_PT)
    turn_over (paper);
}

/* How high a text is at this width; it stays in the layout. */
static double
set_text (Paper *paper, const char *text, const char *font_name, double width)
{
  int height;
  PangoFontDescription *font = pango_font_description_from_string (font_name);
  pango_layout_set_font_description (paper->layout, font);
  pango_layout_set_width (paper->layout, (int) (width * PANGO_SCALE));
  pango_layout_set_wrap (paper->layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (paper->layout, text, -1);
  pango_layout_get_size (paper->layout, NULL, &height);
  pango_font_description_free (font);
  return (double) height / PANGO_SCALE;
}

static void
draw_text (Paper *paper, const char *text, const char *font, double before, double after, double needs)
{
  double height = set_text (paper, text, font, WIDTH_PT - 2 * MARGIN_PT);
  paper->y += paper->y > MARGIN_PT ? before : 0;
  make_room (paper, height + needs);
  cairo_set_source_rgb (paper->cairo, 0.1, 0.1, 0.1);
  cairo_move_to (paper->cairo, MARGIN_PT, paper->y);
  pango_cairo_show_layout (paper->cairo, paper->layout);
  paper->y += height + after;
}

/* A chart wider than the page is drawn smaller. */
static void
draw_chart (Paper *paper, const AssayChart *chart)
{
  double scale = POINTS_PX * MIN (1, CHART_PX / chart->width);
  scale = MIN (scale, (HEIGHT_PT - 2 * MARGIN_PT) / chart->height);
  make_room (paper, chart->height * scale);
  cairo_save (paper->cairo);
  cairo_translate (paper->cairo, MARGIN_PT, paper->y);
  cairo_scale (paper->cairo, scale, scale);
  assay_chart_draw (chart, paper->cairo, FALSE, "Sans");
  cairo_restore (paper->cairo);
  paper->y += chart->height * scale + 4;
}

/* As wide as their widest text, and shrunk alike where that is too much. */
static double *
measure_columns (Paper *paper, const AssayReportBlock *block, guint n)
{
  double *widths = g_new0 (double, n), sum = 0;
  for (guint k = 0; k < n; k++)
    {
      for (guint i = 0; i <= block->rows->len; i++)
        {
          const GArray *row = i > 0 ? block->rows->pdata[i - 1] : NULL;
          int width;
          set_text (paper, row != NULL ? g_array_index (row, AssayReportCell, k).text : block->columns[k],
                    row != NULL ? "Sans 8" : "Sans Bold 8", 400);
          pango_layout_get_size (paper->layout, &width, NULL);
          widths[k] = MAX (widths[k], (double) width / PANGO_SCALE + 2 * CELL_PT);
        }
      sum += widths[k];
    }
  double most = WIDTH_PT - 2 * MARGIN_PT;
  for (guint k = 0; k < n && sum > most; k++)
    widths[k] *= most / sum;
  return widths;
}

static double
draw_row (Paper *paper, const GArray *row, char **columns, const double *widths, guint n, gboolean draws)
{
  double x = MARGIN_PT, highest = 0;
  for (guint k = 0; k < n; k++)
    {
      const AssayReportCell *cell = row != NULL ? &g_array_index (row, AssayReportCell, k) : NULL;
      double height = set_text (paper, cell != NULL ? cell->text : columns[k],
                                row != NULL ? "Sans 8" : "Sans Bold 8", widths[k] - 2 * CELL_PT);
      pango_layout_set_alignment (paper->layout,
                                  cell != NULL && cell->exact != NULL ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
      if (draws)
        {
          cairo_move_to (paper->cairo, x + CELL_PT, paper->y);
          pango_cairo_show_layout (paper->cairo, paper->layout);
        }
      pango_layout_set_alignment (paper->layout, PANGO_ALIGN_LEFT);
      highest = MAX (highest, height);
      x += widths[k];
    }
  return highest + 2;
}

static void
draw_table (Paper *paper, const AssayReportBlock *block)
{
  guint n = g_strv_length (block->columns);
  g_autofree double *widths = measure_columns (paper, block, n);
  cairo_set_source_rgb (paper->cairo, 0.1, 0.1, 0.1);
  for (guint i = 0; i <= block->rows->len; i++)
    {
      const GArray *row = i > 0 ? block->rows->pdata[i - 1] : NULL;
      double height = draw_row (paper, row, block->columns, widths, n, FALSE);
      gboolean turns = row != NULL && paper->y + height > HEIGHT_PT - MARGIN_PT;
      make_room (paper, height);
      if (turns) /* its head again */
        paper->y += draw_row (paper, NULL, block->columns, widths, n, TRUE);
      paper->y += draw_row (paper, row, block->columns, widths, n, TRUE);
    }
  paper->y += 6;
}

static void
draw_block (Paper *paper, const AssayReportBlock *block, const AssayReportBlock *next)
{
  /* A heading stays with what it is of. */
  double needs = next != NULL && next->chart != NULL ? MIN (next->chart->height * POINTS_PX, 300) : 30;
  switch (block->kind)
    {
    case ASSAY_REPORT_TITLE:
      draw_text (paper, block->text, "Sans Bold 15", 20, 4, 80);
      return;
    case ASSAY_REPORT_HEADING:
      draw_text (paper, block->text, "Sans Bold 10", 12, 5, needs);
      return;
    case ASSAY_REPORT_TEXT:
      draw_text (paper, block->text, "Sans 9", 0, 4, 0);
      return;
    case ASSAY_REPORT_CHART:
      draw_chart (paper, block->chart);
      return;
    case ASSAY_REPORT_TABLE:
      draw_table (paper, block);
      return;
    }
}

static cairo_status_t
append (void *bytes, const unsigned char *data, unsigned int n_bytes)
{
  g_byte_array_append (bytes, data, n_bytes);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *
assay_report_to_pdf (const json_t *document, const char *made, GError **error)
{
  g_autoptr (GPtrArray) blocks = assay_report_compose (document, NULL, CHART_PX);
  const char *project = assay_json_get_string (document, "project");
  g_autofree char *sentence = g_strdup_printf ("How far its labels can be trusted. Made by Assay %s, %s. Bars end "
                                               "in their value; lines across them are 95 %% "
                                               "intervals. What rests on fewer than 30 items has no colour. “–” is "
                                               "undefined, which is not 0. Every figure's "
                                               "definition: doc/METRICS.md.",
                                               ASSAY_VERSION, made);
  GByteArray *bytes = g_byte_array_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (append, bytes, WIDTH_PT, HEIGHT_PT);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, project);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
  cairo_t *cairo = cairo_create (surface);
  Paper paper = { cairo, pango_cairo_create_layout (cairo), MARGIN_PT, 0 };
  draw_text (&paper, project != NULL ? project : "", "Sans Bold 20", 0, 2, 0);
  draw_text (&paper, sentence, "Sans 8", 0, 6, 0);
  for (guint i = 0; i < blocks->len; i++)
    draw_block (&paper, blocks->pdata[i], i + 1 < blocks->len ? blocks->pdata[i + 1] : NULL);
  turn_over (&paper);
  g_object_unref (paper.layout);
  cairo_destroy (cairo);
  cairo_surface_finish (surface);
  cairo_status_t status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_byte_array_unref (bytes);
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_IO, "writing the report as PDF: %s",
                   cairo_status_to_string (status));
      return NULL;
    }
  return g_byte_array_free_to_bytes (bytes);
}
