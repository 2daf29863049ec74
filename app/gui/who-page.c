/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/who-page.h"

#include "app/gui/widget.h"

#include "core/annotator.h"

#include <adwaita.h>

struct _AssayWhoPage
{
  GtkWidget parent_instance;
  AdwEntryRow *name;
  GtkSwitch *shared;
  GtkFlowBox *people;
  GtkButton *start;
};

static guint signal_said;

G_DEFINE_FINAL_TYPE (AssayWhoPage, assay_who_page, GTK_TYPE_WIDGET)

static char *
dup_name (AssayWhoPage *page)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (page->name))));
}

static void
on_changed (AssayWhoPage *page)
{
  g_autofree char *name = dup_name (page);
  gtk_widget_set_sensitive (GTK_WIDGET (page->start), *name != '\0');
}

static void
on_start (AssayWhoPage *page)
{
  g_autofree char *name = dup_name (page);
  if (*name != '\0')
    g_signal_emit (page, signal_said, 0, name, gtk_switch_get_active (page->shared));
}

static void
on_person (GtkButton *button, AssayWhoPage *page)
{
  gtk_editable_set_text (GTK_EDITABLE (page->name), gtk_button_get_label (button));
  on_start (page);
}

void
assay_who_page_ask (AssayWhoPage *page, const GPtrArray *annotators, gboolean shared_login)
{
  gtk_switch_set_active (page->shared, shared_login);
  const char *real = g_get_real_name ();
  gtk_editable_set_text (GTK_EDITABLE (page->name),
                         g_str_equal (real, "Unknown") || *real == '\0' ? g_get_user_name () : real);
  GtkWidget *old;
  while ((old = gtk_widget_get_first_child (GTK_WIDGET (page->people))) != NULL)
    gtk_flow_box_remove (page->people, old);
  guint n = 0;
  for (guint i = 0; i < annotators->len; i++)
    {
      const AssayAnnotator *annotator = annotators->pdata[i];
      if (annotator->kind != ASSAY_ANNOTATOR_PERSON)
        continue;
      GtkWidget *button = gtk_button_new_with_label (annotator->name);
      g_signal_connect_object (button, "clicked", G_CALLBACK (on_person), page, 0);
      gtk_flow_box_append (page->people, button);
      n++;
    }
  gtk_widget_set_visible (GTK_WIDGET (page->people), n > 0);
  gtk_widget_grab_focus (GTK_WIDGET (page->name));
}

static void
assay_who_page_dispose (GObject *object)
{
  assay_widget_clear (object, ASSAY_TYPE_WHO_PAGE);
  G_OBJECT_CLASS (assay_who_page_parent_class)->dispose (object);
}

static void
assay_who_page_class_init (AssayWhoPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_who_page_dispose;
  signal_said = g_signal_new ("said", ASSAY_TYPE_WHO_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                              G_TYPE_STRING, G_TYPE_BOOLEAN);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/who-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayWhoPage, name);
  gtk_widget_class_bind_template_child (widget_class, AssayWhoPage, shared);
  gtk_widget_class_bind_template_child (widget_class, AssayWhoPage, people);
  gtk_widget_class_bind_template_child (widget_class, AssayWhoPage, start);
  gtk_widget_class_bind_template_callback (widget_class, on_start);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
}

static void
assay_who_page_init (AssayWhoPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
}
