/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/history-list.h"

#define MAX_ROWS 200 /* each way: what lies further is reached by going there */

struct _AssayHistoryList
{
  GtkPopover parent_instance;
  GtkLabel *title;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (AssayHistoryList, assay_history_list, GTK_TYPE_POPOVER)

static guint go_signal;

static GtkListBoxRow *
add_row (AssayHistoryList *self, const char *name, int by)
{
  GtkWidget *row = gtk_list_box_row_new (), *label = gtk_label_new (name);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  g_object_set_data (G_OBJECT (row), "by", GINT_TO_POINTER (by));
  if (by > 0)
    gtk_widget_add_css_class (label, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_list_box_append (self->list, row);
  return GTK_LIST_BOX_ROW (row);
}

static void
on_row (AssayHistoryList *self, GtkListBoxRow *row)
{
  int by = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "by"));
  gtk_popover_popdown (GTK_POPOVER (self));
  if (by != 0)
    g_signal_emit (self, go_signal, 0, by);
}

void
assay_history_list_show (AssayHistoryList *self, const char *item_name, const GPtrArray *steps, guint n_done)
{
  GtkWidget *child;
  GtkListBoxRow *now = NULL;
  g_autofree char *base = g_path_get_basename (item_name);
  g_autofree char *title = g_strdup_printf ("%s: %u steps", base, steps->len);
  gtk_label_set_text (self->title, title);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  guint top = MIN (steps->len, n_done + MAX_ROWS), bottom = n_done > MAX_ROWS ? n_done - MAX_ROWS : 0;
  for (guint i = top; i > bottom; i--)
    {
      GtkListBoxRow *row = add_row (self, steps->pdata[i - 1], (int) i - (int) n_done);
      if (i == n_done)
        now = row;
    }
  GtkListBoxRow *start = bottom == 0 ? add_row (self, "As it was before", -(int) n_done) : NULL;
  now = now != NULL ? now : start;
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_list_box_select_row (self->list, now);
  if (now != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (now));
}

static void
assay_history_list_class_init (AssayHistoryListClass *class)
{
  go_signal = g_signal_new ("go", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                            G_TYPE_INT);
}

static void
assay_history_list_init (AssayHistoryList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *scrolled = gtk_scrolled_window_new ();
  GtkWidget *note = gtk_label_new ("Undo changes this item only");
  self->title = GTK_LABEL (gtk_label_new (NULL));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_label_set_xalign (self->title, 0);
  gtk_label_set_ellipsize (self->title, PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "heading");
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "classes");
  gtk_label_set_xalign (GTK_LABEL (note), 0);
  gtk_widget_add_css_class (note, "caption");
  gtk_widget_add_css_class (note, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, "History", -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 360);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_widget_set_size_request (box, 280, -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), note);
  gtk_popover_set_child (GTK_POPOVER (self), box);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (on_row), self, G_CONNECT_SWAPPED);
}

GtkWidget *
assay_history_list_new (void)
{
  return g_object_new (ASSAY_TYPE_HISTORY_LIST, NULL);
}
