/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/skip-reason.h"

struct _AssaySkipReason
{
  GtkPopover parent_instance;
  GtkListBox *list;
  GtkEntry *words;
};

G_DEFINE_FINAL_TYPE (AssaySkipReason, assay_skip_reason, GTK_TYPE_POPOVER)

static guint said_signal;

static const char *const reasons[] = { "Nothing of this task in it", "Too dark, blurred or small to tell",
                                       "The guideline does not say", "The picture or sound is broken" };

static void
say (AssaySkipReason *self, const char *why)
{
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, said_signal, 0, why);
}

static void
on_row (AssaySkipReason *self, GtkListBoxRow *row)
{
  say (self, reasons[gtk_list_box_row_get_index (row)]);
}

static void
on_words (AssaySkipReason *self)
{
  g_autofree char *why = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->words))));
  if (*why != '\0')
    say (self, why);
}

/* A digit chooses, as long as no words are being typed. */
static gboolean
on_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state,
        AssaySkipReason *self)
{
  guint index = keyval - GDK_KEY_1;
  if (keyval < GDK_KEY_1 || index >= G_N_ELEMENTS (reasons))
    return GDK_EVENT_PROPAGATE;
  say (self, reasons[index]);
  return GDK_EVENT_STOP;
}

void
assay_skip_reason_ask (AssaySkipReason *self)
{
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (self->list, 0);
  gtk_editable_set_text (GTK_EDITABLE (self->words), "");
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_list_box_select_row (self->list, first);
  gtk_widget_grab_focus (GTK_WIDGET (first));
}

static void
assay_skip_reason_class_init (AssaySkipReasonClass *class)
{
  said_signal = g_signal_new ("said", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
assay_skip_reason_init (AssaySkipReason *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *title = gtk_label_new ("Skip because");
  GtkEventController *keys = gtk_event_controller_key_new ();
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->words = GTK_ENTRY (gtk_entry_new ());
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "classes");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, "Reasons", -1);
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      GtkWidget *row = gtk_list_box_row_new (), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
      char digit[2] = { (char) ('1' + i), '\0' };
      GtkWidget *cap = gtk_label_new (digit), *why = gtk_label_new (reasons[i]);
      gtk_widget_add_css_class (cap, "keycap-small");
      gtk_box_append (GTK_BOX (line), cap);
      gtk_box_append (GTK_BOX (line), why);
      gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, reasons[i], -1);
      gtk_list_box_append (self->list, row);
    }
  gtk_entry_set_placeholder_text (self->words, "Another reason");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->words), GTK_ACCESSIBLE_PROPERTY_LABEL, "Another reason",
                                  -1);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->words));
  gtk_popover_set_child (GTK_POPOVER (self), box);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (on_row), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->words, "activate", G_CALLBACK (on_words), self, G_CONNECT_SWAPPED);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), keys);
}

GtkWidget *
assay_skip_reason_new (void)
{
  return g_object_new (ASSAY_TYPE_SKIP_REASON, NULL);
}
