/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/receipt-list.h"

#include "app/gui/page.h"
#include "app/job-receipt.h"
#include "core/json.h"

#include <adwaita.h>
#include <string.h>

#define SHOWN_MOST 300

struct _AssayReceiptList
{
  GtkWidget parent_instance;
  GtkWidget *all;
  GtkSearchEntry *search;
  GtkListBox *rows;
  GtkLabel *rest;
};

static guint signal_chosen;

G_DEFINE_FINAL_TYPE (AssayReceiptList, assay_receipt_list, GTK_TYPE_WIDGET)

/* Showing */

/* "2026-11-21 16:04 · mug 3 · light low · Nothing was lost" */
static char *
describe (const json_t *line)
{
  gint64 began_ns = 0;
  const char *subject = assay_json_get_string (line, "subject"), *name;
  json_t *value;
  assay_json_get_int (line, "began_ns", &began_ns);
  g_autoptr (GDateTime) began = g_date_time_new_from_unix_local (began_ns / G_GINT64_CONSTANT (1000000000));
  g_autofree char *date = began != NULL ? g_date_time_format (began, "%Y-%m-%d %H:%M") : g_strdup ("–");
  GString *words = g_string_new (date);
  if (subject != NULL)
    g_string_append_printf (words, " · %s", subject);
  json_object_foreach (json_object_get (line, "conditions"), name, value)
  {
    if (json_is_string (value))
      g_string_append_printf (words, " · %s %s", name, json_string_value (value));
  }
  g_string_append_printf (words, " · %s", assay_json_get_string (line, "verdict"));
  return g_string_free (words, FALSE);
}

static GtkWidget *
row_new (const json_t *line)
{
  GtkWidget *row = adw_action_row_new (), *icon;
  const char *name = assay_json_get_string (line, "name");
  const json_t *clean = json_object_get (line, "clean");
  g_autofree char *words = describe (line);
  AssayId session = { 0 };
  assay_json_get_id (line, "session", &session);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name != NULL ? name : "a recording");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  icon = gtk_image_new_from_icon_name (json_is_true (clean)    ? "emblem-ok-symbolic"
                                       : json_is_false (clean) ? "dialog-warning-symbolic"
                                                               : "content-loading-symbolic");
  if (json_is_boolean (clean))
    gtk_widget_add_css_class (icon, json_is_true (clean) ? "success" : "warning");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  /* One that goes on has no receipt yet. */
  gtk_widget_set_sensitive (row, json_is_true (json_object_get (line, "over")));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "session", g_memdup2 (&session, sizeof session), g_free);
  return row;
}

static void
show (AssayReceiptList *list, const json_t *lines)
{
  GtkListBoxRow *old;
  size_t n = json_array_size (lines);
  while ((old = gtk_list_box_get_row_at_index (list->rows, 0)) != NULL)
    gtk_list_box_remove (list->rows, GTK_WIDGET (old));
  for (size_t i = 0; i < MIN (n, SHOWN_MOST); i++)
    gtk_list_box_append (list->rows, row_new (json_array_get (lines, i)));
  g_autofree char *rest = n == 0 ? g_strdup ("Nothing was recorded in this project yet")
                          : n > SHOWN_MOST
                              ? g_strdup_printf ("The last %d of %zu; `assay receipt` lists all", SHOWN_MOST, n)
                              : NULL;
  gtk_label_set_text (list->rest, rest != NULL ? rest : "");
  gtk_widget_set_visible (GTK_WIDGET (list->rest), rest != NULL);
  gtk_widget_set_visible (GTK_WIDGET (list->rows), n > 0);
  if (!gtk_widget_get_mapped (GTK_WIDGET (list))) /* the keyboard is somebody else's */
    return;
  gtk_widget_grab_focus (n > 0 ? GTK_WIDGET (gtk_list_box_get_row_at_index (list->rows, 0))
                               : GTK_WIDGET (list->search));
}

static gboolean
is_searched (GtkListBoxRow *row, gpointer data)
{
  AssayReceiptList *list = data;
  g_autofree char *words = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (list->search)), -1);
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)),
             *subtitle = adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
  g_autofree char *all = g_strconcat (title, " ", subtitle, NULL), *folded = g_utf8_casefold (all, -1);
  return strstr (folded, words) != NULL;
}

static void
on_search (AssayReceiptList *list)
{
  gtk_list_box_invalidate_filter (list->rows);
}

static void
on_activated (AssayReceiptList *list, GtkListBoxRow *row)
{
  g_signal_emit (list, signal_chosen, 0, g_object_get_data (G_OBJECT (row), "session"));
}

/* Reading */

typedef struct
{
  json_t *lines;
} Reading;

static void
reading_free (gpointer data)
{
  json_decref (((Reading *) data)->lines);
  g_free (data);
}

static gboolean
read_all (AssayProject *project, gpointer data, GError **error)
{
  Reading *reading = data;
  reading->lines = assay_receipt_list_all (project, error);
  return reading->lines != NULL;
}

static void
on_read (gpointer owner, gpointer data, const GError *error)
{
  if (error != NULL)
    assay_page_show_error (owner, error);
  else
    show (owner, ((Reading *) data)->lines);
}

void
assay_receipt_list_read (AssayReceiptList *list, AssayDesk *desk)
{
  gtk_editable_set_text (GTK_EDITABLE (list->search), "");
  assay_desk_read (desk, read_all, g_new0 (Reading, 1), reading_free, on_read, list);
}

/* Beginning and end */

static void
assay_receipt_list_dispose (GObject *object)
{
  g_clear_pointer (&ASSAY_RECEIPT_LIST (object)->all, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_receipt_list_parent_class)->dispose (object);
}

static void
assay_receipt_list_class_init (AssayReceiptListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_receipt_list_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signal_chosen = g_signal_new ("chosen", ASSAY_TYPE_RECEIPT_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
assay_receipt_list_init (AssayReceiptList *list)
{
  GtkWidget *title = gtk_label_new ("Recordings");
  list->all = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  list->search = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  list->rows = GTK_LIST_BOX (gtk_list_box_new ());
  list->rest = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (title, "title-1");
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_xalign (list->rest, 0);
  gtk_widget_add_css_class (GTK_WIDGET (list->rest), "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list->search), GTK_ACCESSIBLE_PROPERTY_LABEL, "Find a recording",
                                  -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list->rows), GTK_ACCESSIBLE_PROPERTY_LABEL, "Recordings", -1);
  gtk_list_box_set_selection_mode (list->rows, GTK_SELECTION_NONE);
  gtk_list_box_set_filter_func (list->rows, is_searched, list, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (list->rows), "boxed-list");
  gtk_box_append (GTK_BOX (list->all), title);
  gtk_box_append (GTK_BOX (list->all), GTK_WIDGET (list->search));
  gtk_box_append (GTK_BOX (list->all), GTK_WIDGET (list->rows));
  gtk_box_append (GTK_BOX (list->all), GTK_WIDGET (list->rest));
  g_signal_connect_object (list->search, "search-changed", G_CALLBACK (on_search), list, G_CONNECT_SWAPPED);
  g_signal_connect_object (list->rows, "row-activated", G_CALLBACK (on_activated), list, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (list->rest), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (list->rows), FALSE);
  gtk_widget_set_parent (list->all, GTK_WIDGET (list));
}

GtkWidget *
assay_receipt_list_new (void)
{
  return g_object_new (ASSAY_TYPE_RECEIPT_LIST, NULL);
}
