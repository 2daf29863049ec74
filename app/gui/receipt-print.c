/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/receipt-print.h"

#include "app/gui/page.h"
#include "core/error.h"

#include <errno.h>
#include <glib/gstdio.h>

#define MARGIN_MM 18.0

/* One line is one line of the text: where the pages end is seen by its lines alone. */
typedef struct
{
  char *text;
  PangoLayout *layout; /* from begin-print on */
  GArray *firsts;      /* of int: the first line of each page */
} Printing;

static void
printing_free (gpointer data)
{
  Printing *printing = data;
  g_free (printing->text);
  g_clear_object (&printing->layout);
  g_array_unref (printing->firsts);
  g_free (printing);
}

static void
cut_into_pages (Printing *printing, double height)
{
  int n = pango_layout_get_line_count (printing->layout), first = 0;
  double used = 0;
  g_array_set_size (printing->firsts, 0);
  g_array_append_val (printing->firsts, first);
  for (int i = 0; i < n; i++)
    {
      PangoRectangle box;
      pango_layout_line_get_extents (pango_layout_get_line_readonly (printing->layout, i), NULL, &box);
      double line = (double) box.height / PANGO_SCALE;
      if (used + line > height && i > first)
        {
          used = 0;
          first = i;
          g_array_append_val (printing->firsts, first);
        }
      used += line;
    }
}

static void
on_begin (GtkPrintOperation *operation, GtkPrintContext *context, gpointer data)
{
  Printing *printing = data;
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Monospace 9");
  g_clear_object (&printing->layout);
  printing->layout = gtk_print_context_create_pango_layout (context);
  pango_layout_set_font_description (printing->layout, font);
  pango_layout_set_width (printing->layout, (int) (gtk_print_context_get_width (context) * PANGO_SCALE));
  pango_layout_set_wrap (printing->layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (printing->layout, printing->text, -1);
  cut_into_pages (printing, gtk_print_context_get_height (context));
  gtk_print_operation_set_n_pages (operation, (int) printing->firsts->len);
}

static void
on_draw (GtkPrintOperation *operation, GtkPrintContext *context, int page, gpointer data)
{
  const Printing *printing = data;
  cairo_t *cairo = gtk_print_context_get_cairo_context (context);
  int first = g_array_index (printing->firsts, int, page);
  int end = page + 1 < (int) printing->firsts->len ? g_array_index (printing->firsts, int, page + 1)
                                                   : pango_layout_get_line_count (printing->layout);
  double y = 0;
  cairo_set_source_rgb (cairo, 0, 0, 0);
  for (int i = first; i < end; i++)
    {
      PangoLayoutLine *line = pango_layout_get_line_readonly (printing->layout, i);
      PangoRectangle box;
      pango_layout_line_get_extents (line, NULL, &box);
      cairo_move_to (cairo, 0, y - (double) box.y / PANGO_SCALE);
      pango_cairo_show_layout_line (cairo, line);
      y += (double) box.height / PANGO_SCALE;
    }
}

static GtkPrintOperation *
operation_new (const AssayReceipt *receipt)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
  g_autoptr (GtkPaperSize) paper = gtk_paper_size_new (GTK_PAPER_NAME_A4);
  Printing *printing = g_new0 (Printing, 1);
  printing->text = assay_receipt_dup_text (receipt);
  printing->firsts = g_array_new (FALSE, FALSE, sizeof (int));
  gtk_page_setup_set_paper_size (setup, paper);
  gtk_page_setup_set_top_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_page_setup_set_bottom_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_page_setup_set_left_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_page_setup_set_right_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_job_name (operation, receipt->title);
  g_object_set_data_full (G_OBJECT (operation), "printing", printing, printing_free);
  g_signal_connect (operation, "begin-print", G_CALLBACK (on_begin), printing);
  g_signal_connect (operation, "draw-page", G_CALLBACK (on_draw), printing);
  return operation;
}

static GtkWindow *
get_window (GtkWidget *from)
{
  return from != NULL ? GTK_WINDOW (gtk_widget_get_root (from)) : NULL;
}

static void
on_done (GtkPrintOperation *operation, GtkPrintOperationResult result, GtkWidget *from)
{
  g_autoptr (GError) error = NULL;
  if (result != GTK_PRINT_OPERATION_RESULT_ERROR)
    return;
  gtk_print_operation_get_error (operation, &error);
  g_prefix_error (&error, "printing the receipt: ");
  assay_page_show_error (from, error);
}

gboolean
assay_receipt_print (const AssayReceipt *receipt, GtkWidget *from, GError **error)
{
  GtkPrintOperation *operation = operation_new (receipt);
  /* It goes on after this call: until the next one, or the end of the widget. */
  g_object_set_data_full (G_OBJECT (from), "receipt-print", operation, g_object_unref);
  gtk_print_operation_set_allow_async (operation, TRUE);
  g_signal_connect_object (operation, "done", G_CALLBACK (on_done), from, 0);
  return gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, get_window (from), error)
         != GTK_PRINT_OPERATION_RESULT_ERROR;
}

gboolean
assay_receipt_print_pdf (const AssayReceipt *receipt, const char *path, GtkWidget *from, GError **error)
{
  g_autoptr (GtkPrintOperation) operation = operation_new (receipt);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  g_autoptr (GError) wrong = NULL;
  gtk_print_operation_set_export_filename (operation, part);
  if (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, get_window (from), &wrong)
      == GTK_PRINT_OPERATION_RESULT_ERROR)
    {
      g_unlink (part);
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_IO, "saving the receipt as %s: %s; choose another place", path,
                   wrong != NULL ? wrong->message : "it was not written");
      return FALSE;
    }
  if (g_rename (part, path) == 0)
    return TRUE;
  assay_error_set_errno (error, errno, "saving the receipt as %s", path);
  g_unlink (part);
  return FALSE;
}
