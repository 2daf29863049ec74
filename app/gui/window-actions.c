/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/chooser.h"
#include "app/gui/import.h"
#include "app/gui/key-list.h"
#include "app/gui/window-private.h"

static void
show_page (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayWindow *window = ASSAY_WINDOW (widget);
  adw_view_stack_set_visible_child_name (window->pages, g_variant_get_string (parameter, NULL));
  assay_window_focus_page (window);
}

/* On the page that offered it, whichever is in front now. */
static void
page_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const char *page, *name;
  g_autoptr (GVariant) target = NULL;
  g_variant_get (parameter, "(&s&sv)", &page, &name, &target);
  gtk_widget_activate_action_variant (GTK_WIDGET (assay_window_get_page (ASSAY_WINDOW (widget), page)), name,
                                      target);
}

static void
move_pane (GtkWidget *widget, const char *action, GVariant *parameter)
{
  assay_window_move_pane (ASSAY_WINDOW (widget), g_str_equal (action, "win.next-pane") ? 1 : -1);
}

static void
new_project (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayWindow *window = ASSAY_WINDOW (widget);
  const char *behind = gtk_stack_get_visible_child_name (window->stack);
  if (g_str_equal (behind, "new"))
    return;
  window->behind = g_intern_string (behind);
  assay_new_project_page_reset (window->new_page);
  assay_window_show (window, "new");
}

static void
on_folder_chosen (gpointer owner, const char *path)
{
  assay_window_open (owner, path);
}

static void
open_project (GtkWidget *widget, const char *action, GVariant *parameter)
{
  assay_choose (widget, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, "Open a project folder", "_Open", NULL,
                on_folder_chosen);
}

static void
on_import_chosen (gpointer owner, const char *path)
{
  AssayWindow *window = ASSAY_WINDOW (owner);
  if (window->desk != NULL)
    assay_import_start (owner, window->desk, path);
}

static void
import (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (ASSAY_WINDOW (widget)->desk != NULL)
    assay_choose (widget, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, "Import a folder", "_Import", NULL,
                  on_import_chosen);
}

static void
open_directory (GtkWidget *widget, const char *action, GVariant *parameter)
{
  assay_window_open (ASSAY_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
forget_directory (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayWindow *window = ASSAY_WINDOW (widget);
  assay_settings_remove_recent (window->settings, g_variant_get_string (parameter, NULL));
  assay_start_page_refresh (window->start_page);
}

static void
try_sample (GtkWidget *widget, const char *action, GVariant *parameter)
{
  assay_window_try_sample (ASSAY_WINDOW (widget));
}

static void
leave_project (AssayWindow *window)
{
  assay_window_close_project (window, assay_window_show_start);
}

static void
close_project (GtkWidget *widget, const char *action, GVariant *parameter)
{
  assay_window_when_closable (ASSAY_WINDOW (widget), leave_project);
}

static void
show_folder (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayWindow *window = ASSAY_WINDOW (widget);
  g_autofree char *uri = g_filename_to_uri (assay_desk_get_directory (window->desk), NULL, NULL);
  gtk_show_uri (GTK_WINDOW (window), uri, GDK_CURRENT_TIME);
}

static void
choose_annotator (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayWindow *window = ASSAY_WINDOW (widget);
  g_free (window->annotator);
  window->annotator = g_variant_dup_string (parameter, NULL);
  assay_settings_set_annotator (window->settings, window->annotator,
                                assay_settings_is_shared_login (window->settings));
  assay_desk_set_annotator (window->desk, window->annotator);
}

static void
ask_who_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  assay_window_ask_who (ASSAY_WINDOW (widget));
}

static void
toggle_fullscreen (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (gtk_window_is_fullscreen (GTK_WINDOW (widget)))
    gtk_window_unfullscreen (GTK_WINDOW (widget));
  else
    gtk_window_fullscreen (GTK_WINDOW (widget));
}

static void
list_keys (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayWindow *window = ASSAY_WINDOW (widget);
  GtkWindow *list
      = assay_key_list_show (GTK_WINDOW (widget), window->settings, assay_window_get_shown_name (window));
  g_signal_connect_object (list, "destroy", G_CALLBACK (assay_window_show_keys_in_menus), window,
                           G_CONNECT_SWAPPED);
}

static void
about (GtkWidget *widget, const char *action, GVariant *parameter)
{
  adw_show_about_window (GTK_WINDOW (widget), "application-name", "Assay", "application-icon", "org.assay.Assay",
                         "version", ASSAY_VERSION, "developer-name", "The Assay developers", "license-type",
                         GTK_LICENSE_GPL_3_0, "comments",
                         "From “we need data” to a dataset, with the proof that its labels can be trusted.", NULL);
}

static void
change_light (GSimpleAction *action, GVariant *state, gpointer data)
{
  AssayWindow *window = data;
  gboolean light = g_variant_get_boolean (state);
  g_simple_action_set_state (action, state);
  assay_settings_set_light (window->settings, light);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      light ? ADW_COLOR_SCHEME_FORCE_LIGHT : ADW_COLOR_SCHEME_FORCE_DARK);
}

void
assay_window_add_light (AssayWindow *window)
{
  gboolean light = assay_settings_is_light (window->settings);
  g_autoptr (GSimpleAction) action = g_simple_action_new_stateful ("light", NULL, g_variant_new_boolean (light));
  g_signal_connect_object (action, "change-state", G_CALLBACK (change_light), window, 0);
  g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (action));
}

void
assay_window_install_actions (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "win.show-page", "s", show_page);
  gtk_widget_class_install_action (class, "win.page-action", "(ssv)", page_action);
  gtk_widget_class_install_action (class, "win.next-pane", NULL, move_pane);
  gtk_widget_class_install_action (class, "win.previous-pane", NULL, move_pane);
  gtk_widget_class_install_action (class, "win.new-project", NULL, new_project);
  gtk_widget_class_install_action (class, "win.open", NULL, open_project);
  gtk_widget_class_install_action (class, "win.import", NULL, import);
  gtk_widget_class_install_action (class, "win.open-directory", "s", open_directory);
  gtk_widget_class_install_action (class, "win.forget-directory", "s", forget_directory);
  gtk_widget_class_install_action (class, "win.try-sample", NULL, try_sample);
  gtk_widget_class_install_action (class, "win.close-project", NULL, close_project);
  gtk_widget_class_install_action (class, "win.show-folder", NULL, show_folder);
  gtk_widget_class_install_action (class, "win.annotator", "s", choose_annotator);
  gtk_widget_class_install_action (class, "win.who", NULL, ask_who_action);
  gtk_widget_class_install_action (class, "win.fullscreen", NULL, toggle_fullscreen);
  gtk_widget_class_install_action (class, "win.keys", NULL, list_keys);
  gtk_widget_class_install_action (class, "win.about", NULL, about);
}
