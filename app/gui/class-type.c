/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/class-type.h"

#include "app/gui/class-match.h"
#include "app/gui/swatch.h"

#define MAX_ROWS 9

struct _AssayClassType
{
  GtkPopover parent_instance;
  AssayTask *task;
  GArray *recent; /* of AssayId */
  GArray *found;  /* of guint */
  GtkEntry *entry;
  GtkListBox *list;
  GtkLabel *none;
};

G_DEFINE_FINAL_TYPE (AssayClassType, assay_class_type, GTK_TYPE_POPOVER)

static guint chosen_signal;

static GtkWidget *
row_new (const AssayClass *class)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *swatch = assay_swatch_new (), *name = gtk_label_new (class->name);
  assay_swatch_set_colour (ASSAY_SWATCH (swatch), class->colour);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), swatch);
  gtk_box_append (GTK_BOX (box), name);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_focusable (row, FALSE); /* the letters go on into the entry */
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, class->name, -1);
  return row;
}

static void
on_typed (AssayClassType *self)
{
  GtkWidget *child;
  if (self->task == NULL)
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  g_clear_pointer (&self->found, g_array_unref);
  self->found = assay_class_match (self->task, gtk_editable_get_text (GTK_EDITABLE (self->entry)), self->recent);
  for (guint i = 0; i < MIN (self->found->len, MAX_ROWS); i++)
    gtk_list_box_append (self->list, row_new (self->task->classes->pdata[g_array_index (self->found, guint, i)]));
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
  gtk_widget_set_visible (GTK_WIDGET (self->none), self->found->len == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->list), self->found->len > 0);
}

static void
choose (AssayClassType *self, GtkListBoxRow *row)
{
  if (row == NULL)
    return;
  guint index = g_array_index (self->found, guint, (guint) gtk_list_box_row_get_index (row));
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, chosen_signal, 0, index);
}

static void
on_entered (AssayClassType *self)
{
  choose (self, gtk_list_box_get_selected_row (self->list));
}

static gboolean
on_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, AssayClassType *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  int by = keyval == GDK_KEY_Down ? 1 : keyval == GDK_KEY_Up ? -1 : 0;
  if (keyval == GDK_KEY_Escape)
    gtk_popover_popdown (GTK_POPOVER (self));
  else if (by == 0)
    return GDK_EVENT_PROPAGATE;
  GtkListBoxRow *next
      = row != NULL ? gtk_list_box_get_row_at_index (self->list, gtk_list_box_row_get_index (row) + by) : NULL;
  if (next != NULL && by != 0)
    gtk_list_box_select_row (self->list, next);
  return GDK_EVENT_STOP;
}

void
assay_class_type_ask (AssayClassType *self, int x, int y, const AssayTask *task, const GArray *recent)
{
  assay_task_free (self->task);
  self->task = assay_task_copy (task);
  g_array_set_size (self->recent, 0);
  g_array_append_vals (self->recent, recent->data, recent->len);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  on_typed (self);
  gtk_popover_set_pointing_to (GTK_POPOVER (self), &(GdkRectangle){ x, y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
assay_class_type_finalize (GObject *object)
{
  AssayClassType *self = ASSAY_CLASS_TYPE (object);
  assay_task_free (self->task);
  g_array_unref (self->recent);
  g_clear_pointer (&self->found, g_array_unref);
  G_OBJECT_CLASS (assay_class_type_parent_class)->finalize (object);
}

static void
assay_class_type_class_init (AssayClassTypeClass *class)
{
  G_OBJECT_CLASS (class)->finalize = assay_class_type_finalize;
  chosen_signal = g_signal_new ("chosen", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
assay_class_type_init (AssayClassType *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkEventController *keys = gtk_event_controller_key_new ();
  self->recent = g_array_new (FALSE, FALSE, sizeof (AssayId));
  self->found = g_array_new (FALSE, FALSE, sizeof (guint));
  self->entry = GTK_ENTRY (gtk_entry_new ());
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->none = GTK_LABEL (gtk_label_new ("No class has these letters"));
  gtk_entry_set_placeholder_text (self->entry, "Class");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, "Type a class", -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "classes");
  gtk_widget_add_css_class (GTK_WIDGET (self->none), "dim-label");
  gtk_widget_set_size_request (box, 200, -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->entry));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->none));
  gtk_popover_set_child (GTK_POPOVER (self), box);
  gtk_popover_set_position (GTK_POPOVER (self), GTK_POS_BOTTOM);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (on_typed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (on_entered), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (choose), self, G_CONNECT_SWAPPED);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

GtkWidget *
assay_class_type_new (void)
{
  return g_object_new (ASSAY_TYPE_CLASS_TYPE, NULL);
}
