/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/tool-column.h"

#include "app/gui/shortcuts.h"

struct _AssayToolColumn
{
  GtkWidget parent_instance;
  const AssayKind *kind;
  GPtrArray *buttons; /* of GtkToggleButton, borrowed; one a tool of `tools` */
  GPtrArray *tools;   /* of const AssayTool */
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (AssayToolColumn, assay_tool_column, GTK_TYPE_WIDGET)

static guint chosen_signal;

static void
on_toggled (GtkToggleButton *button, AssayToolColumn *self)
{
  guint i = 0;
  if (self->updating || !gtk_toggle_button_get_active (button) || !g_ptr_array_find (self->buttons, button, &i))
    return;
  g_signal_emit (self, chosen_signal, 0, ((const AssayTool *) self->tools->pdata[i])->id);
}

/* The icon with its key in the corner: keys are learnt where the pointer goes. */
static GtkWidget *
face_new (const AssayTool *tool, const char *target)
{
  GtkWidget *face = gtk_overlay_new (), *letter = assay_shortcuts_label_new ("page.tool", target);
  gtk_overlay_set_child (GTK_OVERLAY (face), gtk_image_new_from_icon_name (tool->icon));
  gtk_widget_set_halign (letter, GTK_ALIGN_END);
  gtk_widget_set_valign (letter, GTK_ALIGN_END);
  gtk_widget_set_can_target (letter, FALSE);
  gtk_widget_add_css_class (letter, "tool-key");
  gtk_accessible_update_state (GTK_ACCESSIBLE (letter), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_overlay_add_overlay (GTK_OVERLAY (face), letter);
  return face;
}

static void
add_button (AssayToolColumn *self, const AssayTool *tool)
{
  GtkWidget *button = gtk_toggle_button_new ();
  g_autofree char *title = g_markup_escape_text (tool->title, -1), *help = g_markup_escape_text (tool->help, -1);
  g_autofree char *target = g_strdup_printf ("'%s'", tool->id);
  g_autofree char *tip = g_strdup_printf ("<b>%s</b>\n%s", title, help);
  gtk_button_set_child (GTK_BUTTON (button), face_new (tool, target));
  gtk_widget_set_tooltip_markup (button, tip);
  assay_shortcuts_tip (button, "page.tool", target);
  gtk_widget_set_focus_on_click (button, FALSE); /* the keys go on to the canvas */
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tool->title, -1);
  if (self->buttons->len > 0)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), self->buttons->pdata[0]);
  g_signal_connect (button, "toggled", G_CALLBACK (on_toggled), self);
  gtk_widget_set_parent (button, GTK_WIDGET (self));
  g_ptr_array_add (self->buttons, button);
  g_ptr_array_add (self->tools, (gpointer) tool);
}

void
assay_tool_column_set_kind (AssayToolColumn *self, const AssayKind *kind)
{
  guint n = 0;
  const AssayTool *const *tools = assay_tool_list (&n);
  if (self->kind == kind)
    return;
  self->kind = kind;
  self->updating = TRUE;
  for (guint i = 0; i < self->buttons->len; i++)
    gtk_widget_unparent (self->buttons->pdata[i]);
  g_ptr_array_set_size (self->buttons, 0);
  g_ptr_array_set_size (self->tools, 0);
  for (guint i = 0; kind != NULL && i < n; i++)
    if (assay_tool_serves (tools[i], kind))
      add_button (self, tools[i]);
  self->updating = FALSE;
}

void
assay_tool_column_set_current (AssayToolColumn *self, const char *id)
{
  self->updating = TRUE;
  for (guint i = 0; i < self->tools->len; i++)
    if (g_strcmp0 (((const AssayTool *) self->tools->pdata[i])->id, id) == 0)
      gtk_toggle_button_set_active (self->buttons->pdata[i], TRUE);
  self->updating = FALSE;
}

static void
assay_tool_column_dispose (GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_tool_column_parent_class)->dispose (object);
}

static void
assay_tool_column_finalize (GObject *object)
{
  AssayToolColumn *self = ASSAY_TOOL_COLUMN (object);
  g_ptr_array_unref (self->buttons);
  g_ptr_array_unref (self->tools);
  G_OBJECT_CLASS (assay_tool_column_parent_class)->finalize (object);
}

static void
assay_tool_column_class_init (AssayToolColumnClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_tool_column_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_tool_column_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TOOLBAR);
  chosen_signal = g_signal_new ("chosen", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
assay_tool_column_init (AssayToolColumn *self)
{
  self->buttons = g_ptr_array_new ();
  self->tools = g_ptr_array_new ();
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self))), 2);
  gtk_widget_add_css_class (GTK_WIDGET (self), "tool-column");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "Tools", -1);
}
