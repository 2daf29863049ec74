/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/page-annotate.h"
#include "app/gui/page-capture.h"
#include "app/gui/page-dataset.h"
#include "app/gui/page-review.h"
#include "app/gui/shortcuts.h"
#include "app/gui/window-private.h"
#include "core/error.h"

#define UNDO_S 10 /* to see what was done, and to reach for the button */

G_DEFINE_FINAL_TYPE (AssayWindow, assay_window, ADW_TYPE_APPLICATION_WINDOW)

/* What page.h offers */

static void
on_undo_dismissed (AssayWindow *window, AdwToast *toast)
{
  if (window->undo == toast)
    window->undo = NULL;
}

void
assay_window_drop_undo (AssayWindow *window)
{
  if (window->undo != NULL)
    adw_toast_dismiss (window->undo);
}

static AdwToast *
toast_new (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  return adw_toast_new (escaped);
}

void
assay_window_toast (AssayWindow *window, const char *text)
{
  adw_toast_overlay_add_toast (window->toasts, toast_new (text));
}

void
assay_window_toast_undo (AssayWindow *window, const char *text, AssayPage *page, const char *action,
                         GVariant *target)
{
  const char *name = adw_view_stack_page_get_name (adw_view_stack_get_page (window->pages, GTK_WIDGET (page)));
  assay_window_drop_undo (window);
  window->undo = toast_new (text);
  adw_toast_set_button_label (window->undo, "Undo");
  adw_toast_set_timeout (window->undo, UNDO_S);
  adw_toast_set_priority (window->undo, ADW_TOAST_PRIORITY_HIGH); /* behind other words it would come too late */
  adw_toast_set_action_name (window->undo, "win.page-action");
  adw_toast_set_action_target (window->undo, "(ssv)", name, action, target);
  g_signal_connect_object (window->undo, "dismissed", G_CALLBACK (on_undo_dismissed), window, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (window->toasts, window->undo);
}

void
assay_window_show_error (AssayWindow *window, const GError *error)
{
  if (error == NULL || g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CANCELLED))
    return;
  AdwToast *toast = toast_new (error->message);
  adw_toast_set_timeout (toast, 0);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (window->toasts, toast);
}

void
assay_window_show_over (AssayWindow *window, GtkWidget *over)
{
  assay_window_drop_over (window);
  gtk_stack_add_named (window->stack, over, "over");
  assay_window_show (window, "over");
  gtk_widget_grab_focus (over);
}

void
assay_window_end_over (AssayWindow *window)
{
  assay_window_show_next (window, "project");
  assay_window_drop_over (window);
}

AssaySettings *
assay_window_get_settings (AssayWindow *window)
{
  return window->settings;
}

void
assay_window_go_to (AssayWindow *window, const char *page, gint64 item_row, gint64 task_row)
{
  if (window->desk == NULL)
    return;
  adw_view_stack_set_visible_child_name (window->pages, page);
  if (item_row != 0)
    assay_page_open_item (assay_window_get_page (window, page), item_row, task_row);
}

/* GtkWidget and GObject */

static gboolean
assay_window_close_request (GtkWindow *base)
{
  assay_window_close (ASSAY_WINDOW (base));
  return TRUE; /* it goes by itself */
}

static void
assay_window_dispose (GObject *object)
{
  AssayWindow *window = ASSAY_WINDOW (object);
  if (window->pages != NULL)
    assay_window_end_project (window);
  window->shown = NULL;
  g_clear_object (&window->primary_menu);
  g_clear_pointer (&window->annotator, g_free);
  g_clear_pointer (&window->wanted, g_free);
  G_OBJECT_CLASS (assay_window_parent_class)->dispose (object);
}

static void
assay_window_class_init (AssayWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_window_dispose;
  GTK_WINDOW_CLASS (class)->close_request = assay_window_close_request;
  g_type_ensure (ASSAY_TYPE_START_PAGE);
  g_type_ensure (ASSAY_TYPE_NEW_PROJECT_PAGE);
  g_type_ensure (ASSAY_TYPE_WHO_PAGE);
  g_type_ensure (ASSAY_TYPE_JOBS_BUTTON);
  g_type_ensure (ASSAY_TYPE_PAGE_CAPTURE);
  g_type_ensure (ASSAY_TYPE_PAGE_ANNOTATE);
  g_type_ensure (ASSAY_TYPE_PAGE_REVIEW);
  g_type_ensure (ASSAY_TYPE_PAGE_DATASET);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/window.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, start_page);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, new_page);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, who_page);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, wait_page);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, wait);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, jobs_button);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, project_button);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, annotator_button);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, primary_button);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, notice);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, notice_label);
  assay_window_bind_stack (widget_class);
  assay_window_bind_project (widget_class);
  assay_window_install_actions (widget_class);
}

static void
assay_window_init (AssayWindow *window)
{
  gtk_widget_init_template (GTK_WIDGET (window));
}

static gboolean
on_key (const AssayKey *key, gpointer data)
{
  AssayWindow *window = data;
  return assay_shortcuts_activate (key, GTK_WIDGET (window), GTK_WIDGET (window->shown),
                                   assay_window_get_shown_name (window));
}

static AssayKeysPages
pages_for_keys (gpointer data)
{
  return assay_shortcuts_find_page (assay_window_get_shown_name (data));
}

AssayWindow *
assay_window_new (AdwApplication *application, AssaySettings *settings, const char *annotator)
{
  AssayWindow *window = g_object_new (ASSAY_TYPE_WINDOW, "application", application, NULL);
  window->settings = settings;
  window->annotator = annotator != NULL ? g_strdup (annotator) : assay_settings_dup_annotator (settings);
  assay_window_add_light (window);
  assay_shortcuts_install (GTK_WIDGET (window), pages_for_keys, on_key, window);
  assay_shortcuts_tip_all (GTK_WIDGET (window));
  g_set_object (&window->primary_menu, gtk_menu_button_get_menu_model (window->primary_button));
  assay_window_show_keys_in_menus (window);
  assay_start_page_set_settings (window->start_page, settings);
  assay_window_show (window, "start");
  return window;
}
