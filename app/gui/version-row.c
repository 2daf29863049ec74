/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/version-row.h"

#define SHORT_ID 8

char *
assay_version_dup_short (const AssayVersion *version)
{
  if (version->tags != NULL && *version->tags != '\0')
    return g_strdup (version->tags);
  return g_strndup (version->version, SHORT_ID);
}

static GtkWidget *
line (const char *text, const char *class, gboolean dim)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, text);
  gtk_widget_add_css_class (label, "numeric");
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  if (dim)
    gtk_widget_add_css_class (label, "dim-label");
  return label;
}

GtkWidget *
assay_version_row_new (const AssayVersion *version)
{
  g_autofree char *name = assay_version_dup_short (version);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (version->made_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  g_autofree char *when = g_date_time_format (local, "%e %B %Y, %H:%M");
  g_autofree char *made = g_strdup_printf ("%s · %s", g_strstrip (when), version->author);
  g_autofree char *counts = g_strdup_printf ("%'" G_GUINT64_FORMAT " items · %'" G_GUINT64_FORMAT
                                             " labels · %'" G_GUINT64_FORMAT " undecided",
                                             version->items, version->labels, version->undecided);
  g_autofree char *splits
      = g_strdup_printf ("train %'" G_GUINT64_FORMAT " · val %'" G_GUINT64_FORMAT " · test %'" G_GUINT64_FORMAT,
                         version->train, version->val, version->test);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  gtk_box_append (GTK_BOX (box), line (name, "heading", FALSE));
  gtk_box_append (GTK_BOX (box), line (version->message, NULL, FALSE));
  gtk_box_append (GTK_BOX (box), line (counts, "caption", TRUE));
  gtk_box_append (GTK_BOX (box), line (splits, "caption", TRUE));
  gtk_box_append (GTK_BOX (box), line (made, "caption", TRUE));
  return box;
}
