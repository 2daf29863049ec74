/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/option-bar.h"

#include "app/gui/option-field.h"

struct _AssayOptionBar
{
  GtkWidget parent_instance;
  GtkWidget *scrolled; /* a narrow window shows what fits and scrolls to the rest */
  GtkBox *row;
  AssayOptions *values;
  const AssayTool *tool;
  GPtrArray *fields; /* of AssayOptionField, borrowed */
};

G_DEFINE_FINAL_TYPE (AssayOptionBar, assay_option_bar, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_DONE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_set (AssayOptionBar *bar, const char *name, const char *text)
{
  if (assay_options_set (bar->values, name, text, NULL))
    g_signal_emit (bar, signals[SIGNAL_CHANGED], 0);
}

static void
on_done (AssayOptionBar *bar)
{
  g_signal_emit (bar, signals[SIGNAL_DONE], 0);
}

void
assay_option_bar_set_values (AssayOptionBar *bar, AssayOptions *values)
{
  bar->values = values;
}

void
assay_option_bar_update (AssayOptionBar *bar)
{
  for (guint i = 0; i < bar->fields->len; i++)
    assay_option_field_show (bar->fields->pdata[i], bar->values);
}

static gboolean
kind_has_options (const AssayKind *kind)
{
  const AssayTool *const *tools = assay_tool_list (NULL);
  for (guint i = 0; kind != NULL && tools[i] != NULL; i++)
    if (tools[i]->options != NULL && assay_tool_serves (tools[i], kind))
      return TRUE;
  return FALSE;
}

static void
add_title (AssayOptionBar *bar)
{
  GtkWidget *title = gtk_label_new (bar->tool->title);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_box_append (bar->row, title);
}

void
assay_option_bar_set_tool (AssayOptionBar *bar, const AssayTool *tool, const AssayKind *kind)
{
  GtkWidget *child;
  gtk_widget_set_visible (GTK_WIDGET (bar), kind_has_options (kind));
  if (bar->tool == tool)
    {
      assay_option_bar_update (bar);
      return;
    }
  bar->tool = tool;
  g_ptr_array_set_size (bar->fields, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (bar->row))) != NULL)
    gtk_box_remove (bar->row, child);
  if (tool != NULL)
    add_title (bar);
  for (const AssayOption *option = tool != NULL ? tool->options : NULL; option != NULL && option->name != NULL;
       option++)
    {
      GtkWidget *field = assay_option_field_new (option);
      g_signal_connect_object (field, "set", G_CALLBACK (on_set), bar, G_CONNECT_SWAPPED);
      g_signal_connect_object (field, "done", G_CALLBACK (on_done), bar, G_CONNECT_SWAPPED);
      gtk_box_append (bar->row, field);
      g_ptr_array_add (bar->fields, field);
    }
  assay_option_bar_update (bar);
}

void
assay_option_bar_show_option (AssayOptionBar *bar, const char *name, gboolean shown)
{
  for (guint i = 0; i < bar->fields->len; i++)
    if (g_str_equal (bar->tool->options[i].name, name))
      gtk_widget_set_visible (bar->fields->pdata[i], shown);
}

static void
assay_option_bar_dispose (GObject *object)
{
  AssayOptionBar *bar = ASSAY_OPTION_BAR (object);
  g_ptr_array_set_size (bar->fields, 0);
  g_clear_pointer (&bar->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_option_bar_parent_class)->dispose (object);
}

static void
assay_option_bar_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_OPTION_BAR (object)->fields);
  G_OBJECT_CLASS (assay_option_bar_parent_class)->finalize (object);
}

static void
assay_option_bar_class_init (AssayOptionBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_option_bar_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_option_bar_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TOOLBAR);
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DONE]
      = g_signal_new ("done", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_option_bar_init (AssayOptionBar *bar)
{
  bar->fields = g_ptr_array_new ();
  bar->row = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 14));
  bar->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (bar->scrolled), GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (bar->scrolled), GTK_WIDGET (bar->row));
  gtk_widget_set_parent (bar->scrolled, GTK_WIDGET (bar));
  gtk_widget_add_css_class (GTK_WIDGET (bar), "option-bar");
  gtk_widget_set_visible (GTK_WIDGET (bar), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, "Tool options", -1);
}
