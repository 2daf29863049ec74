/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/widget.h - what every widget with a template needs at its end, and what GTK 4.8 leaves out. */
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* For dispose: forgets the template's named children and takes all children out. Legal more than once. */
static inline void
assay_widget_clear (gpointer widget, GType type)
{
  GtkWidget *child;
  gtk_widget_dispose_template (GTK_WIDGET (widget), type);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (widget))) != NULL)
    gtk_widget_unparent (child);
}

/* A switch of GTK 4.8 has no keys of its own: the window's Space, which takes a picture, would come first. */
static inline void
assay_widget_switch_by_space (GtkSwitch *toggle)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_space, 0), g_object_ref (gtk_activate_action_get ())));
  gtk_widget_add_controller (GTK_WIDGET (toggle), keys);
}

G_END_DECLS
