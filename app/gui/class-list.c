/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/class-list.h"

#include "app/gui/page.h"
#include "app/gui/swatch.h"

#define LEAST_PX 182 /* seven of them */

struct _AssayClassList
{
  GtkWidget parent_instance;
  GtkListBox *box;
  GPtrArray *rows; /* of GtkListBoxRow, borrowed */
};

G_DEFINE_FINAL_TYPE (AssayClassList, assay_class_list, GTK_TYPE_WIDGET)

static guint chosen_signal;

static GtkWidget *
row_new (const AssayClass *class, const char *key_label)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *swatch = assay_swatch_new (), *name = gtk_label_new (class->name);
  assay_swatch_set_colour (ASSAY_SWATCH (swatch), class->colour);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_box_append (GTK_BOX (box), swatch);
  gtk_box_append (GTK_BOX (box), name);
  if (key_label != NULL)
    {
      GtkWidget *key = gtk_label_new (key_label);
      gtk_widget_add_css_class (key, "keycap-small");
      gtk_box_append (GTK_BOX (box), key);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, class->name, -1);
  return row;
}

void
assay_class_list_set_task (AssayClassList *self, const AssayTask *task)
{
  for (guint i = 0; i < self->rows->len; i++)
    gtk_list_box_remove (self->box, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; task != NULL && i < task->classes->len; i++)
    {
      AssaySettings *settings = assay_page_get_settings (self);
      g_autofree char *target = g_strdup_printf ("%u", i + 1);
      g_autofree char *key
          = settings != NULL ? assay_key_map_dup_label (assay_settings_get_keys (settings), "page.class", target)
                             : NULL;
      GtkWidget *row = row_new (task->classes->pdata[i], key);
      gtk_list_box_append (self->box, row);
      g_ptr_array_add (self->rows, row);
    }
  /* Room for the first ones before anything else in the panel has more than it needs. */
  GtkWidget *scroller = gtk_widget_get_first_child (GTK_WIDGET (self));
  int natural;
  gtk_widget_measure (GTK_WIDGET (self->box), GTK_ORIENTATION_VERTICAL, -1, NULL, &natural, NULL, NULL);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), MIN (natural, LEAST_PX));
}

void
assay_class_list_set_current (AssayClassList *self, guint index)
{
  gtk_list_box_select_row (self->box, index < self->rows->len ? self->rows->pdata[index] : NULL);
}

static void
on_activated (GtkListBox *box, GtkListBoxRow *row, AssayClassList *self)
{
  g_signal_emit (self, chosen_signal, 0, (guint) gtk_list_box_row_get_index (row));
}

static void
assay_class_list_dispose (GObject *object)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (object));
  if (child != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_class_list_parent_class)->dispose (object);
}

static void
assay_class_list_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_CLASS_LIST (object)->rows);
  G_OBJECT_CLASS (assay_class_list_parent_class)->finalize (object);
}

static void
assay_class_list_class_init (AssayClassListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_class_list_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_class_list_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  chosen_signal = g_signal_new ("chosen", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
assay_class_list_init (AssayClassList *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  self->rows = g_ptr_array_new ();
  self->box = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->box), "classes");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL, "Classes", -1);
  g_signal_connect (self->box, "row-activated", G_CALLBACK (on_activated), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 300);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->box));
  gtk_widget_set_parent (scroller, GTK_WIDGET (self));
}
