/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/receipt-page.h"

#include "app/gui/chooser.h"
#include "app/gui/page.h"
#include "app/gui/receipt-list.h"
#include "app/gui/receipt-print.h"
#include "app/job-receipt.h"

#include <adwaita.h>
#include <string.h>

struct _AssayReceiptPage
{
  GtkWidget parent_instance;
  AssayReceipt *receipt; /* NULL before one was read */
  AssayDesk *desk;       /* weak: the project may be closed meanwhile */
  GtkWidget *all;
  GtkStack *stack; /* "receipt", "list" */
  GtkBox *body;
  AssayReceiptList *list;
  GtkWidget *means; /* what is done with a receipt that is shown */
  GtkButton *close;
};

static guint signal_closed;

G_DEFINE_FINAL_TYPE (AssayReceiptPage, assay_receipt_page, GTK_TYPE_WIDGET)

/* Showing */

static GtkWidget *
label_new (const char *text, const char *class, double xalign)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), (float) xalign);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), FALSE);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

static void
show_verdict (AssayReceiptPage *page)
{
  const AssayReceipt *receipt = page->receipt;
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon
      = gtk_image_new_from_icon_name (receipt->clean ? "emblem-ok-symbolic" : "dialog-warning-symbolic");
  GtkWidget *verdict = label_new (receipt->verdict, "title-1", 0);
  gtk_image_set_pixel_size (GTK_IMAGE (icon), 32);
  gtk_widget_add_css_class (icon, receipt->clean ? "success" : "warning");
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_hexpand (verdict, TRUE);
  gtk_box_append (GTK_BOX (line), icon);
  gtk_box_append (GTK_BOX (line), verdict);
  gtk_box_append (page->body, line);
  gtk_box_append (page->body, label_new (receipt->title, "dim-label", 0));
}

static void
show_figures (AssayReceiptPage *page)
{
  const AssayReceipt *receipt = page->receipt;
  GtkGrid *grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (grid, 24);
  gtk_grid_set_row_spacing (grid, 6);
  gtk_widget_set_halign (GTK_WIDGET (grid), GTK_ALIGN_START); /* a figure stands near its name, also of one sensor */
  gtk_widget_add_css_class (GTK_WIDGET (grid), "receipt");
  for (int i = 0; receipt->sensors[i] != NULL; i++)
    {
      GtkWidget *name = label_new (receipt->sensors[i], "heading", 1);
      gtk_widget_set_hexpand (name, TRUE);
      gtk_grid_attach (grid, name, i + 1, 0, 1, 1);
    }
  for (int j = 0; j < (int) receipt->rows->len; j++)
    {
      const AssayReceiptRow *row = receipt->rows->pdata[j];
      gtk_grid_attach (grid, label_new (row->name, row->matters ? "warning" : "dim-label", 0), 0, j + 1, 1, 1);
      for (int i = 0; receipt->sensors[i] != NULL; i++)
        {
          GtkWidget *value = label_new (row->values[i], "numeric", 1);
          gboolean zero = g_str_equal (row->values[i], "0");
          if (row->matters && !zero)
            gtk_widget_add_css_class (value, "warning");
          gtk_grid_attach (grid, value, i + 1, j + 1, 1, 1);
        }
    }
  gtk_box_append (page->body, GTK_WIDGET (grid));
}

static void
show_list (AssayReceiptPage *page, const char *heading, const GPtrArray *lines)
{
  if (lines->len == 0)
    return;
  gtk_box_append (page->body, label_new (heading, "heading", 0));
  for (guint i = 0; i < lines->len; i++)
    gtk_box_append (page->body, label_new (lines->pdata[i], "numeric", 0));
}

static void
show (AssayReceiptPage *page)
{
  GtkWidget *old;
  while ((old = gtk_widget_get_first_child (GTK_WIDGET (page->body))) != NULL)
    gtk_box_remove (page->body, old);
  show_verdict (page);
  show_list (page, "Said of it", page->receipt->form);
  show_figures (page);
  show_list (page, "Where", page->receipt->holes);
  show_list (page, "Also", page->receipt->notes);
  gtk_stack_set_visible_child_name (page->stack, "receipt");
  gtk_widget_set_visible (page->means, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (page), TRUE);
  if (gtk_widget_get_mapped (gtk_widget_get_parent (GTK_WIDGET (page)))) /* else the keyboard is somebody else's */
    gtk_widget_grab_focus (GTK_WIDGET (page->close));
}

/* Reading */

typedef struct
{
  AssayId session;
  AssayReceipt *receipt;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;
  assay_receipt_free (reading->receipt);
  g_free (reading);
}

static gboolean
read_receipt (AssayProject *project, gpointer data, GError **error)
{
  Reading *reading = data;
  g_auto (AssayRows) rows = { 0 };
  if (assay_id_is_nil (&reading->session))
    {
      if (!assay_store_query (project->store, &rows, error,
                              "SELECT session FROM session_report WHERE report ->> '$.sensors' IS NOT NULL"
                              " ORDER BY row DESC LIMIT 1",
                              ""))
        return FALSE;
      if (assay_rows_next (&rows, NULL))
        reading->session = assay_rows_get_id (&rows, 0);
    }
  reading->receipt = assay_receipt_load (project, &reading->session, error);
  return reading->receipt != NULL;
}

static void
on_read (gpointer owner, gpointer data, const GError *error)
{
  AssayReceiptPage *page = owner;
  Reading *reading = data;
  if (error != NULL)
    {
      assay_page_show_error (page, error);
      return;
    }
  assay_receipt_free (page->receipt);
  page->receipt = g_steal_pointer (&reading->receipt);
  show (page);
}

void
assay_receipt_page_open (AssayReceiptPage *page, AssayDesk *desk, const AssayId *session)
{
  Reading *reading = g_new0 (Reading, 1);
  reading->session = *session;
  g_set_weak_pointer (&page->desk, desk);
  assay_desk_read (desk, read_receipt, reading, reading_free, on_read, page);
}

void
assay_receipt_page_open_list (AssayReceiptPage *page, AssayDesk *desk)
{
  g_set_weak_pointer (&page->desk, desk);
  gtk_stack_set_visible_child_name (page->stack, "list");
  gtk_widget_set_visible (page->means, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (page), TRUE);
  assay_receipt_list_read (page->list, desk);
}

static void
on_chosen (AssayReceiptPage *page, const AssayId *session)
{
  if (page->desk != NULL)
    assay_receipt_page_open (page, page->desk, session);
}

/* Acting */

static void
close_page (AssayReceiptPage *page)
{
  gtk_widget_set_visible (GTK_WIDGET (page), FALSE);
  g_signal_emit (page, signal_closed, 0);
}

static gboolean
on_escape (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  close_page (ASSAY_RECEIPT_PAGE (widget));
  return TRUE;
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AssayReceiptPage) page = data;
  g_autoptr (GError) error = NULL;
  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    assay_page_show_error (page, error);
}

static void
on_file_chosen (gpointer owner, const char *path)
{
  AssayReceiptPage *page = owner;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *text = assay_receipt_dup_text (page->receipt);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, on_saved,
                                       g_object_ref (page));
}

static void
on_pdf_chosen (gpointer owner, const char *path)
{
  AssayReceiptPage *page = owner;
  g_autoptr (GError) error = NULL;
  if (!assay_receipt_print_pdf (page->receipt, path, GTK_WIDGET (page), &error))
    assay_page_show_error (page, error);
}

static void
on_save (AssayReceiptPage *page)
{
  assay_choose (GTK_WIDGET (page), GTK_FILE_CHOOSER_ACTION_SAVE, "Save the receipt", "_Save", "receipt.txt",
                on_file_chosen);
}

static void
on_save_pdf (AssayReceiptPage *page)
{
  assay_choose (GTK_WIDGET (page), GTK_FILE_CHOOSER_ACTION_SAVE, "Save the receipt", "_Save", "receipt.pdf",
                on_pdf_chosen);
}

static void
on_print (AssayReceiptPage *page)
{
  g_autoptr (GError) error = NULL;
  if (!assay_receipt_print (page->receipt, GTK_WIDGET (page), &error))
    assay_page_show_error (page, error);
}

static void
on_others (AssayReceiptPage *page)
{
  if (page->desk != NULL)
    assay_receipt_page_open_list (page, page->desk);
}

static void
assay_receipt_page_dispose (GObject *object)
{
  AssayReceiptPage *page = ASSAY_RECEIPT_PAGE (object);
  g_clear_pointer (&page->receipt, assay_receipt_free);
  g_clear_weak_pointer (&page->desk);
  g_clear_pointer (&page->all, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_receipt_page_parent_class)->dispose (object);
}

static void
assay_receipt_page_class_init (AssayReceiptPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_receipt_page_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, on_escape, NULL);
  signal_closed
      = g_signal_new ("closed", ASSAY_TYPE_RECEIPT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
button_new (AssayReceiptPage *page, const char *label, const char *tip, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (label);
  gtk_widget_set_tooltip_text (button, tip);
  g_signal_connect_object (button, "clicked", clicked, page, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
scrolled_new (GtkWidget *inside)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (), *clamp = adw_clamp_new ();
  gtk_widget_set_margin_top (inside, 24);
  gtk_widget_set_margin_bottom (inside, 24);
  gtk_widget_set_margin_start (inside, 24);
  gtk_widget_set_margin_end (inside, 24);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 860);
  adw_clamp_set_child (ADW_CLAMP (clamp), inside);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

static GtkWidget *
means_new (AssayReceiptPage *page)
{
  GtkWidget *means = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (GTK_BOX (means),
                  button_new (page, "Recordings…", "Receipts of other recordings", G_CALLBACK (on_others)));
  gtk_box_append (GTK_BOX (means),
                  button_new (page, "Save as Text…", "Keeps this page as a file", G_CALLBACK (on_save)));
  gtk_box_append (GTK_BOX (means), button_new (page, "Save as PDF…", "Keeps this page as it would be printed",
                                               G_CALLBACK (on_save_pdf)));
  gtk_box_append (GTK_BOX (means), button_new (page, "Print…", "On paper", G_CALLBACK (on_print)));
  return means;
}

static void
assay_receipt_page_init (AssayReceiptPage *page)
{
  GtkWidget *foot = gtk_center_box_new ();
  page->all = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  page->body = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  page->close = GTK_BUTTON (button_new (page, "Close", "Escape", G_CALLBACK (close_page)));
  gtk_widget_add_css_class (GTK_WIDGET (page->close), "suggested-action");
  page->list = ASSAY_RECEIPT_LIST (assay_receipt_list_new ());
  page->stack = GTK_STACK (gtk_stack_new ());
  page->means = means_new (page);
  gtk_stack_add_named (page->stack, scrolled_new (GTK_WIDGET (page->body)), "receipt");
  gtk_stack_add_named (page->stack, scrolled_new (GTK_WIDGET (page->list)), "list");
  g_signal_connect_object (page->list, "chosen", G_CALLBACK (on_chosen), page, G_CONNECT_SWAPPED);
  gtk_widget_set_hexpand (page->all, TRUE);
  gtk_center_box_set_start_widget (GTK_CENTER_BOX (foot), page->means);
  gtk_center_box_set_end_widget (GTK_CENTER_BOX (foot), GTK_WIDGET (page->close));
  gtk_widget_add_css_class (foot, "take-bar");
  gtk_widget_add_css_class (foot, "foot");
  gtk_box_append (GTK_BOX (page->all), GTK_WIDGET (page->stack));
  gtk_box_append (GTK_BOX (page->all), foot);
  gtk_accessible_update_property (GTK_ACCESSIBLE (page), GTK_ACCESSIBLE_PROPERTY_LABEL, "Receipt", -1);
  gtk_widget_set_parent (page->all, GTK_WIDGET (page));
  gtk_widget_set_visible (GTK_WIDGET (page), FALSE);
}

GtkWidget *
assay_receipt_page_new (void)
{
  return g_object_new (ASSAY_TYPE_RECEIPT_PAGE, NULL);
}
