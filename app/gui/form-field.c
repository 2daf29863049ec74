/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/form-field.h"

struct _AssayFormField
{
  GtkWidget parent_instance;
  char *name;
  GtkWidget *all;
  GtkEntry *entry;
  GtkMenuButton *button;
  GtkListBox *list;
};

static guint signal_changed;

G_DEFINE_FINAL_TYPE (AssayFormField, assay_form_field, GTK_TYPE_WIDGET)

static void
on_chosen (AssayFormField *field, GtkListBoxRow *row)
{
  GtkLabel *label = GTK_LABEL (gtk_list_box_row_get_child (row));
  gtk_editable_set_text (GTK_EDITABLE (field->entry), gtk_label_get_text (label));
  gtk_menu_button_popdown (field->button);
  gtk_widget_grab_focus (GTK_WIDGET (field->entry));
  gtk_editable_set_position (GTK_EDITABLE (field->entry), -1);
}

static void
on_changed (AssayFormField *field)
{
  g_signal_emit (field, signal_changed, 0);
}

const char *
assay_form_field_get_name (AssayFormField *field)
{
  return field->name;
}

char *
assay_form_field_dup_text (AssayFormField *field)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (field->entry))));
}

void
assay_form_field_set_choices (AssayFormField *field, const GPtrArray *choices)
{
  GtkWidget *old;
  while ((old = gtk_widget_get_first_child (GTK_WIDGET (field->list))) != NULL)
    gtk_list_box_remove (field->list, old);
  for (guint i = 0; i < choices->len; i++)
    {
      GtkWidget *label = gtk_label_new (choices->pdata[i]);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
      gtk_list_box_append (field->list, label);
    }
  gtk_widget_set_visible (GTK_WIDGET (field->button), choices->len > 0);
}

void
assay_form_field_set_wanting (AssayFormField *field, gboolean wanting)
{
  if (wanting)
    gtk_widget_add_css_class (GTK_WIDGET (field->entry), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (field->entry), "warning");
}

GtkWidget *
assay_form_field_new (const char *name, const char *hint)
{
  AssayFormField *field = g_object_new (ASSAY_TYPE_FORM_FIELD, NULL);
  g_autofree char *spoken = g_strdup_printf ("Values of %s used before", name);
  field->name = g_strdup (name);
  GtkWidget *caption = gtk_label_new (name);
  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_label_set_ellipsize (GTK_LABEL (caption), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_box_prepend (GTK_BOX (field->all), caption);
  /* The entry has the name already. */
  gtk_accessible_update_state (GTK_ACCESSIBLE (caption), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_entry_set_placeholder_text (field->entry, hint);
  gtk_accessible_update_property (GTK_ACCESSIBLE (field->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (field->button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (field->button), spoken);
  return GTK_WIDGET (field);
}

static GtkWidget *
popover_new (AssayFormField *field)
{
  GtkWidget *popover = gtk_popover_new (), *scrolled = gtk_scrolled_window_new ();
  field->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (field->list, GTK_SELECTION_NONE);
  g_signal_connect_object (field->list, "row-activated", G_CALLBACK (on_chosen), field, G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 240);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (field->list));
  gtk_widget_add_css_class (popover, "menu");
  gtk_popover_set_child (GTK_POPOVER (popover), scrolled);
  return popover;
}

static void
assay_form_field_dispose (GObject *object)
{
  AssayFormField *field = ASSAY_FORM_FIELD (object);
  g_clear_pointer (&field->all, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_form_field_parent_class)->dispose (object);
}

static void
assay_form_field_finalize (GObject *object)
{
  g_free (ASSAY_FORM_FIELD (object)->name);
  G_OBJECT_CLASS (assay_form_field_parent_class)->finalize (object);
}

static void
assay_form_field_class_init (AssayFormFieldClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_form_field_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_form_field_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signal_changed
      = g_signal_new ("changed", ASSAY_TYPE_FORM_FIELD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_form_field_init (AssayFormField *field)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  field->all = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  field->entry = GTK_ENTRY (gtk_entry_new ());
  field->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_widget_add_css_class (line, "linked");
  gtk_editable_set_width_chars (GTK_EDITABLE (field->entry), 6);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (field->entry), 8);
  gtk_widget_set_hexpand (GTK_WIDGET (field->entry), TRUE);
  gtk_menu_button_set_popover (field->button, popover_new (field));
  gtk_menu_button_set_icon_name (field->button, "pan-down-symbolic");
  gtk_widget_set_visible (GTK_WIDGET (field->button), FALSE);
  g_signal_connect_object (field->entry, "changed", G_CALLBACK (on_changed), field, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (field->entry));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (field->button));
  gtk_box_append (GTK_BOX (field->all), line);
  gtk_widget_set_parent (field->all, GTK_WIDGET (field));
}
