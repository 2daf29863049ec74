/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/widget.h - what every widget with a template needs at its end. */
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

G_END_DECLS
