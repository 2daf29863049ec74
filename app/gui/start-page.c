/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/start-page.h"

#include "app/gui/widget.h"

#include <adwaita.h>
#include <math.h>

struct _AssayStartPage
{
  GtkWidget parent_instance;
  AssaySettings *settings;
  AdwPreferencesGroup *recent;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (AssayStartPage, assay_start_page, GTK_TYPE_WIDGET)

static char *
describe (const AssayRecent *recent)
{
  g_autofree char *directory = g_str_has_prefix (recent->directory, g_get_home_dir ())
                                   ? g_strconcat ("~", recent->directory + strlen (g_get_home_dir ()), NULL)
                                   : g_strdup (recent->directory);
  const char *noun = recent->items == 1 ? "item" : "items";
  if (isnan (recent->labelled))
    return g_strdup_printf ("%" G_GUINT64_FORMAT " %s · %s", recent->items, noun, directory);
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %s · %.0f %% labelled · %s", recent->items, noun,
                          100 * recent->labelled, directory);
}

static GtkWidget *
thumbnail_new (const AssayRecent *recent)
{
  g_autoptr (GdkTexture) texture
      = recent->thumbnail != NULL ? gdk_texture_new_from_filename (recent->thumbnail, NULL) : NULL;
  GtkWidget *widget;
  if (texture != NULL)
    {
      GtkWidget *picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));
      gtk_picture_set_content_fit (GTK_PICTURE (picture), GTK_CONTENT_FIT_COVER);
      gtk_widget_set_overflow (picture, GTK_OVERFLOW_HIDDEN);
      gtk_widget_add_css_class (picture, "thumbnail");
      widget
          = g_object_new (ADW_TYPE_CLAMP, "maximum-size", 64, "tightening-threshold", 64, "child", picture, NULL);
    }
  else
    {
      widget = gtk_image_new_from_icon_name ("folder-pictures-symbolic");
      gtk_widget_add_css_class (widget, "dim-label");
    }
  gtk_widget_set_size_request (widget, 64, 48);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (widget, 6);
  gtk_widget_set_margin_bottom (widget, 6);
  return widget;
}

static GtkWidget *
row_new (const AssayRecent *recent)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *subtitle = describe (recent);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), recent->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), thumbnail_new (recent));
  GtkWidget *forget = gtk_button_new_from_icon_name ("edit-clear-symbolic");
  gtk_widget_set_tooltip_text (forget, "Take off this list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (forget), GTK_ACCESSIBLE_PROPERTY_LABEL, "Take off this list", -1);
  gtk_widget_set_valign (forget, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (forget, "flat");
  gtk_widget_add_css_class (forget, "circular");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (forget), "win.forget-directory");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (forget), "s", recent->directory);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), forget);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open-directory");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", recent->directory);
  return row;
}

void
assay_start_page_refresh (AssayStartPage *page)
{
  GtkWidget *old;
  while ((old = gtk_widget_get_first_child (GTK_WIDGET (page->list))) != NULL)
    gtk_list_box_remove (page->list, old);
  g_autoptr (GPtrArray) recent = assay_settings_list_recent (page->settings);
  for (guint i = 0; i < recent->len; i++)
    gtk_list_box_append (page->list, row_new (recent->pdata[i]));
  gtk_widget_set_visible (GTK_WIDGET (page->recent), recent->len > 0);
}

void
assay_start_page_set_settings (AssayStartPage *page, AssaySettings *settings)
{
  page->settings = settings;
  assay_start_page_refresh (page);
}

static void
assay_start_page_dispose (GObject *object)
{
  assay_widget_clear (object, ASSAY_TYPE_START_PAGE);
  G_OBJECT_CLASS (assay_start_page_parent_class)->dispose (object);
}

static void
assay_start_page_class_init (AssayStartPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_start_page_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayStartPage, recent);
  gtk_widget_class_bind_template_child (widget_class, AssayStartPage, list);
}

static void
assay_start_page_init (AssayStartPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
}
