/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/tag-strip.h"

#include "annotate/tags.h"
#include "app/gui/swatch.h"

struct _AssayTagStrip
{
  GtkWidget parent_instance;
  GtkFlowBox *box;
  GtkWidget *none; /* what to do while there is no tag */
};

G_DEFINE_FINAL_TYPE (AssayTagStrip, assay_tag_strip, GTK_TYPE_WIDGET)

static guint chosen_signal;

static void
on_clicked (GtkButton *button, AssayTagStrip *self)
{
  g_signal_emit (self, chosen_signal, 0, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "class")));
}

static GtkWidget *
tag_new (AssayTagStrip *self, const AssayClass *class, guint index)
{
  GtkWidget *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *swatch = assay_swatch_new ();
  g_autofree char *tip = g_strdup_printf ("Take the tag %s away", class->name);
  assay_swatch_set_colour (ASSAY_SWATCH (swatch), class->colour);
  gtk_widget_set_valign (swatch, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), swatch);
  gtk_box_append (GTK_BOX (box), gtk_label_new (class->name));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_set_tooltip_text (button, tip);
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "tag");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, class->name, -1);
  g_object_set_data (G_OBJECT (button), "class", GUINT_TO_POINTER (index));
  g_signal_connect (button, "clicked", G_CALLBACK (on_clicked), self);
  return button;
}

void
assay_tag_strip_update (AssayTagStrip *self, const AssayScene *scene)
{
  GtkWidget *child;
  gtk_widget_set_visible (GTK_WIDGET (self), scene != NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_flow_box_remove (self->box, child);
  for (guint i = 0; scene != NULL && i < scene->task->classes->len; i++)
    {
      const AssayClass *class = scene->task->classes->pdata[i];
      if (!assay_tags_has (scene->objects, &class->id))
        continue;
      gtk_flow_box_append (self->box, tag_new (self, class, i));
      /* The tags are buttons; the cells around them are nothing to stop at. */
      gtk_widget_set_focusable (gtk_widget_get_last_child (GTK_WIDGET (self->box)), FALSE);
    }
  gtk_widget_set_visible (self->none, gtk_widget_get_first_child (GTK_WIDGET (self->box)) == NULL);
}

static void
assay_tag_strip_dispose (GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_tag_strip_parent_class)->dispose (object);
}

static void
assay_tag_strip_class_init (AssayTagStripClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_tag_strip_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "tag-strip");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_GROUP);
  chosen_signal = g_signal_new ("chosen", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
assay_tag_strip_init (AssayTagStrip *self)
{
  self->none = gtk_label_new ("No tag yet: press 1 to 9, or click a class");
  gtk_widget_add_css_class (self->none, "dim-label");
  gtk_widget_set_parent (self->none, GTK_WIDGET (self));
  self->box = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (self->box, GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (self->box, 12);
  gtk_widget_set_hexpand (GTK_WIDGET (self->box), TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
  GtkWidget *grid = gtk_button_new_from_icon_name ("view-grid-symbolic");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (grid), "page.tag-grid");
  gtk_widget_set_tooltip_text (grid, "Many at once: the grid of thumbnails");
  gtk_accessible_update_property (GTK_ACCESSIBLE (grid), GTK_ACCESSIBLE_PROPERTY_LABEL, "Grid", -1);
  gtk_widget_set_focus_on_click (grid, FALSE);
  gtk_widget_set_valign (grid, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (grid, "flat");
  gtk_widget_set_parent (grid, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "Tags", -1);
}
