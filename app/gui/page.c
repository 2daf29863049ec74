/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/page.h"

#include "app/gui/window.h"

G_DEFINE_INTERFACE (AssayPage, assay_page, GTK_TYPE_WIDGET)

static void
assay_page_default_init (AssayPageInterface *iface)
{
}

void
assay_page_set_desk (AssayPage *page, AssayDesk *desk)
{
  ASSAY_PAGE_GET_IFACE (page)->set_desk (page, desk);
}

void
assay_page_ask_close (AssayPage *page, AssayPageMayClose may_close, gpointer data)
{
  if (ASSAY_PAGE_GET_IFACE (page)->ask_close != NULL)
    ASSAY_PAGE_GET_IFACE (page)->ask_close (page, may_close, data);
  else
    may_close (data, NULL);
}

void
assay_page_set_shown (AssayPage *page, gboolean shown)
{
  if (ASSAY_PAGE_GET_IFACE (page)->set_shown != NULL)
    ASSAY_PAGE_GET_IFACE (page)->set_shown (page, shown);
}

void
assay_page_open_item (AssayPage *page, gint64 item_row, gint64 task_row)
{
  if (ASSAY_PAGE_GET_IFACE (page)->open_item != NULL)
    ASSAY_PAGE_GET_IFACE (page)->open_item (page, item_row, task_row);
}

guint
assay_page_list_panes (AssayPage *page, GtkWidget **ret_panes)
{
  if (ASSAY_PAGE_GET_IFACE (page)->list_panes == NULL)
    return 0;
  return ASSAY_PAGE_GET_IFACE (page)->list_panes (page, ret_panes);
}

static AssayWindow *
window_of (gpointer from)
{
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (from), ASSAY_TYPE_WINDOW);
  return window != NULL ? ASSAY_WINDOW (window) : NULL;
}

void
assay_page_toast (gpointer from, const char *text)
{
  AssayWindow *window = window_of (from);
  if (window != NULL)
    assay_window_toast (window, text);
}

void
assay_page_toast_undo (gpointer from, const char *text, const char *undo_action, GVariant *undo_target)
{
  g_autoptr (GVariant) target = g_variant_ref_sink (undo_target);
  AssayWindow *window = window_of (from);
  GtkWidget *page = GTK_WIDGET (from);
  while (page != NULL && !ASSAY_IS_PAGE (page))
    page = gtk_widget_get_parent (page);
  if (window != NULL && page != NULL)
    assay_window_toast_undo (window, text, ASSAY_PAGE (page), undo_action, target);
}

void
assay_page_show_error (gpointer from, const GError *error)
{
  AssayWindow *window = window_of (from);
  if (window != NULL)
    assay_window_show_error (window, error);
}

void
assay_page_show_over (gpointer from, GtkWidget *over)
{
  AssayWindow *window = window_of (from);
  if (window != NULL)
    assay_window_show_over (window, over);
}

void
assay_page_end_over (gpointer from)
{
  AssayWindow *window = window_of (from);
  if (window != NULL)
    assay_window_end_over (window);
}

AssaySettings *
assay_page_get_settings (gpointer from)
{
  AssayWindow *window = window_of (from);
  return window != NULL ? assay_window_get_settings (window) : NULL;
}

void
assay_page_go_to (gpointer from, const char *page, gint64 item_row, gint64 task_row)
{
  AssayWindow *window = window_of (from);
  if (window != NULL)
    assay_window_go_to (window, page, item_row, task_row);
}
