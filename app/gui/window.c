/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/window.h"

#include "app/gui/chooser.h"
#include "app/gui/follow-up.h"
#include "app/gui/import.h"
#include "app/gui/jobs-button.h"
#include "app/gui/key-list.h"
#include "app/gui/new-project-page.h"
#include "app/gui/page-annotate.h"
#include "app/gui/page-capture.h"
#include "app/gui/page-dataset.h"
#include "app/gui/page-review.h"
#include "app/gui/recent.h"
#include "app/gui/recover.h"
#include "app/gui/sample.h"
#include "app/gui/shortcuts.h"
#include "app/gui/start-page.h"
#include "app/gui/who-page.h"
#include "core/error.h"

#define UNDO_S 10 /* to see what was done, and to reach for the button */

struct _AssayWindow
{
  AdwApplicationWindow parent_instance;
  AssaySettings *settings; /* of the application */
  char *annotator;         /* who annotates in this sitting; NULL until said */
  AssayDesk *desk;         /* NULL without a project */
  AssayPage *shown;        /* the page in front */
  void (*then) (AssayWindow *window); /* what waits until the project may be closed; NULL = nothing */
  guint n_asked;                      /* pages that have let it */
  char *wanted;                       /* the project to be opened then */
  guint opening;           /* rises with each project that is asked for, and at the end: an answer to another is none */
  const char *behind;      /* interned: what the form of a new project was opened over */

  AdwToastOverlay *toasts;
  AdwToast *undo; /* borrowed: the offer that stands; NULL = none */
  GtkStack *stack;
  AssayStartPage *start_page;
  AssayNewProjectPage *new_page;
  AssayWhoPage *who_page;
  AdwViewStack *pages;
  AssayJobsButton *jobs_button;
  GtkMenuButton *project_button, *annotator_button, *primary_button;
  GMenuModel *primary_menu; /* without keys */
  GtkRevealer *notice;
  GtkLabel *notice_label;
};

G_DEFINE_FINAL_TYPE (AssayWindow, assay_window, ADW_TYPE_APPLICATION_WINDOW)

static AssayPage *
get_page (AssayWindow *window, const char *name)
{
  GtkWidget *page = adw_view_stack_get_child_by_name (window->pages, name);
  return page != NULL ? ASSAY_PAGE (page) : NULL;
}

static const char *const page_names[] = { "capture", "annotate", "review", "dataset" };

static void
set_pages_desk (AssayWindow *window, AssayDesk *desk)
{
  for (guint i = 0; i < G_N_ELEMENTS (page_names); i++)
    assay_page_set_desk (get_page (window, page_names[i]), desk);
}

/* A pane takes the focus itself, or the first in it that can. */
static gboolean
focus_pane (GtkWidget *pane)
{
  return gtk_widget_get_mapped (pane)
         && (gtk_widget_grab_focus (pane) || gtk_widget_child_focus (pane, GTK_DIR_TAB_FORWARD));
}

static void
focus_page (AssayWindow *window)
{
  GtkWidget *panes[ASSAY_PAGE_MAX_PANES];
  if (window->shown != NULL && assay_page_list_panes (window->shown, panes) > 0)
    focus_pane (panes[0]);
}

/* The visible page of the stack, when a project is in front, is the one that costs something. */
static void
update_shown (AssayWindow *window)
{
  gboolean in_project = g_str_equal (gtk_stack_get_visible_child_name (window->stack), "project");
  GtkWidget *front = in_project ? adw_view_stack_get_visible_child (window->pages) : NULL;
  AssayPage *page = front != NULL ? ASSAY_PAGE (front) : NULL;
  if (page == window->shown)
    return;
  if (window->shown != NULL)
    assay_page_set_shown (window->shown, FALSE);
  window->shown = page;
  if (page != NULL)
    assay_page_set_shown (page, TRUE);
  focus_page (window);
}

/* Stacks of GTK 4.8 leave the pages that nobody sees in the tree that screen readers read. */
static void
hide_from_readers (GtkWidget *stack, GtkWidget *visible)
{
  for (GtkWidget *child = gtk_widget_get_first_child (stack); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_accessible_update_state (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_HIDDEN, child != visible, -1);
}

static void
show (AssayWindow *window, const char *name)
{
  gtk_stack_set_visible_child_name (window->stack, name);
  hide_from_readers (GTK_WIDGET (window->stack), gtk_stack_get_visible_child (window->stack));
  gboolean in_project = g_str_equal (name, "project");
  gtk_widget_action_set_enabled (GTK_WIDGET (window), "win.show-page", in_project);
  gtk_widget_action_set_enabled (GTK_WIDGET (window), "win.close-project", in_project);
  update_shown (window);
}

/* What somebody is filling in stays in front: this comes when it is left. */
static void
show_next (AssayWindow *window, const char *name)
{
  if (g_str_equal (gtk_stack_get_visible_child_name (window->stack), "new"))
    window->behind = g_intern_string (name);
  else
    show (window, name);
}

static void
on_page_changed (AssayWindow *window)
{
  /* The stack selects its first page while the template is still being built. */
  if (window->stack == NULL || gtk_stack_get_visible_child (window->stack) == NULL)
    return;
  hide_from_readers (GTK_WIDGET (window->pages), adw_view_stack_get_visible_child (window->pages));
  update_shown (window);
}

/* Header bar */

static void
update_annotator (AssayWindow *window)
{
  const AssayAnnotator *annotator = assay_desk_get_annotator (window->desk);
  const char *name = annotator != NULL ? annotator->name : window->annotator;
  gtk_menu_button_set_label (window->annotator_button, name);
  g_autofree char *spoken = g_strdup_printf ("Annotator: %s", name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (window->annotator_button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);

  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) people = g_menu_new ();
  const GPtrArray *known = assay_desk_get_annotators (window->desk);
  for (guint i = 0; i < known->len; i++)
    {
      const AssayAnnotator *person = known->pdata[i];
      if (person->kind != ASSAY_ANNOTATOR_PERSON)
        continue;
      g_autoptr (GMenuItem) item = g_menu_item_new (person->name, NULL);
      g_menu_item_set_action_and_target (item, "win.annotator", "s", person->name);
      g_menu_append_item (people, item);
    }
  g_menu_append_section (menu, "Annotating now", G_MENU_MODEL (people));
  g_autoptr (GMenu) other = g_menu_new ();
  g_menu_append (other, "Somebody _Else…", "win.who");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (other));
  gtk_menu_button_set_menu_model (window->annotator_button, G_MENU_MODEL (menu));
}

static void
update_project_menu (AssayWindow *window)
{
  const char *name = assay_desk_get_name (window->desk);
  gtk_menu_button_set_label (window->project_button, name);
  g_autofree char *spoken = g_strdup_printf ("Project: %s", name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (window->project_button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) others = g_menu_new ();
  g_autoptr (GPtrArray) recent = assay_settings_list_recent (window->settings);
  for (guint i = 0; i < recent->len; i++)
    {
      const AssayRecent *project = recent->pdata[i];
      if (g_str_equal (project->directory, assay_desk_get_directory (window->desk)))
        continue;
      g_autoptr (GMenuItem) item = g_menu_item_new (project->name, NULL);
      g_menu_item_set_action_and_target (item, "win.open-directory", "s", project->directory);
      g_menu_append_item (others, item);
    }
  g_menu_append_section (menu, "Recent projects", G_MENU_MODEL (others));
  g_autoptr (GMenu) here = g_menu_new ();
  g_menu_append (here, "_Import a Folder…", "win.import");
  g_menu_append (here, "_Open…", "win.open");
  g_menu_append (here, "Show _Folder", "win.show-folder");
  g_menu_append (here, "_Close Project", "win.close-project");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (here));
  g_autoptr (GMenuModel) with_keys
      = assay_shortcuts_menu_new (assay_settings_get_keys (window->settings), G_MENU_MODEL (menu));
  gtk_menu_button_set_menu_model (window->project_button, with_keys);
}

/* Opening and closing */

static void
on_undo_dismissed (AssayWindow *window, AdwToast *toast)
{
  if (window->undo == toast)
    window->undo = NULL;
}

static void
drop_undo (AssayWindow *window)
{
  if (window->undo != NULL)
    adw_toast_dismiss (window->undo);
}

static void
drop_over (AssayWindow *window)
{
  GtkWidget *over = gtk_stack_get_child_by_name (window->stack, "over");
  if (over != NULL)
    gtk_stack_remove (window->stack, over);
}

static void
close_project (AssayWindow *window)
{
  window->then = NULL;
  if (window->desk == NULL)
    return;
  drop_over (window);
  drop_undo (window);
  g_autoptr (AssayDesk) desk = g_steal_pointer (&window->desk);
  g_signal_handlers_disconnect_by_data (desk, window);
  set_pages_desk (window, NULL);
  assay_jobs_button_set_desk (window->jobs_button, NULL);
  assay_desk_close (desk);
  gtk_window_set_title (GTK_WINDOW (window), "Assay");
}

static void
ask_page (gpointer data)
{
  AssayWindow *window = data;
  void (*then) (AssayWindow *window) = window->then;
  if (then == NULL)
    return;
  if (window->desk != NULL && window->n_asked < G_N_ELEMENTS (page_names))
    {
      assay_page_ask_close (get_page (window, page_names[window->n_asked++]), ask_page, window);
      return;
    }
  window->then = NULL;
  then (window);
}

/* At once, or a moment later; or never, when something cannot be saved: then the page that has it says so. */
static void
when_closable (AssayWindow *window, void (*then) (AssayWindow *window))
{
  window->then = then;
  window->n_asked = 0;
  ask_page (window);
}

static void
ask_who (AssayWindow *window)
{
  assay_who_page_ask (window->who_page, assay_desk_get_annotators (window->desk),
                      assay_settings_is_shared_login (window->settings));
  show_next (window, "who");
}

/* Nobody's work is taken in the name of nobody: it is asked again. */
static void
on_unnamed (AssayWindow *window, const GError *error)
{
  const AssayAnnotator *annotator = assay_desk_get_annotator (window->desk);
  g_free (window->annotator);
  window->annotator = g_strdup (annotator != NULL ? annotator->name : NULL);
  if (annotator == NULL)
    ask_who (window);
  assay_window_show_error (window, error);
}

static void
enter_project (AssayWindow *window)
{
  assay_desk_set_annotator (window->desk, window->annotator);
  update_annotator (window);
  show_next (window, "project");
}

/* The page where the work is: an empty project begins with getting data. */
static void
choose_page (AssayWindow *window)
{
  adw_view_stack_set_visible_child_name (window->pages,
                                         assay_desk_has_items (window->desk) ? "annotate" : "capture");
}

/* Asked for by somebody who may want another one by now, or nothing any more. */
typedef struct
{
  AssayWindow *window;
  guint turn;
} Opening;

static Opening *
opening_new (AssayWindow *window)
{
  Opening *opening = g_new (Opening, 1);
  *opening = (Opening){ g_object_ref (window), ++window->opening };
  return opening;
}

static void
opening_free (Opening *opening)
{
  g_object_unref (opening->window);
  g_free (opening);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static void
show_project (AssayWindow *window, AssayDesk *take_desk)
{
  AssayDesk *desk = window->desk = take_desk;
  g_signal_connect_object (desk, "notify::annotator", G_CALLBACK (update_annotator), window, G_CONNECT_SWAPPED);
  g_signal_connect_object (desk, "unnamed", G_CALLBACK (on_unnamed), window, G_CONNECT_SWAPPED);
  g_signal_connect_object (desk, "notify::tasks", G_CALLBACK (update_annotator), window, G_CONNECT_SWAPPED);
  gtk_window_set_title (GTK_WINDOW (window), assay_desk_get_name (desk));
  gboolean read_only = assay_desk_is_read_only (desk);
  if (read_only)
    gtk_label_set_text (window->notice_label,
                        "A newer version of Assay made this project: it can be looked at, not changed");
  gtk_revealer_set_reveal_child (window->notice, read_only);
  update_project_menu (window);
  assay_jobs_button_set_desk (window->jobs_button, desk);
  set_pages_desk (window, desk);
  assay_recent_remember (desk, window->settings);
  assay_recover_begin (desk, window);
  assay_follow_up_begin (desk);
  choose_page (window);
  if (window->annotator != NULL)
    {
      enter_project (window);
      return;
    }
  ask_who (window);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Opening) opening = data;
  g_autoptr (GError) error = NULL;
  AssayWindow *window = opening->window;
  g_autoptr (AssayDesk) desk = assay_desk_open_finish (result, &error);
  if (opening->turn != window->opening)
    {
      if (desk != NULL)
        assay_desk_close (desk);
      return;
    }
  if (desk != NULL)
    {
      show_project (window, g_steal_pointer (&desk));
      return;
    }
  assay_start_page_refresh (window->start_page);
  show_next (window, "start");
  assay_window_show_error (window, error);
}

static void
open_wanted (AssayWindow *window)
{
  g_autofree char *directory = g_steal_pointer (&window->wanted);
  close_project (window);
  show (window, "opening");
  assay_desk_open (directory, on_opened, opening_new (window));
}

void
assay_window_open (AssayWindow *window, const char *directory)
{
  g_free (window->wanted);
  window->wanted = g_strdup (directory);
  when_closable (window, open_wanted);
}

static void
on_who_said (AssayWindow *window, const char *name, gboolean shared_login)
{
  g_free (window->annotator);
  window->annotator = g_strdup (name);
  assay_settings_set_annotator (window->settings, name, shared_login);
  enter_project (window);
}

static void
on_created (AssayWindow *window, const char *directory)
{
  assay_window_open (window, directory);
}

static void
on_new_cancelled (AssayWindow *window)
{
  show (window, window->behind);
}

/* What page.h offers */

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
assay_window_toast_undo (AssayWindow *window, const char *text, AssayPage *page, const char *action, GVariant *target)
{
  const char *name = adw_view_stack_page_get_name (adw_view_stack_get_page (window->pages, GTK_WIDGET (page)));
  drop_undo (window);
  window->undo = toast_new (text);
  adw_toast_set_button_label (window->undo, "Undo");
  adw_toast_set_timeout (window->undo, UNDO_S);
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
  drop_over (window);
  gtk_stack_add_named (window->stack, over, "over");
  show (window, "over");
  gtk_widget_grab_focus (over);
}

void
assay_window_end_over (AssayWindow *window)
{
  show_next (window, "project");
  drop_over (window);
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
    assay_page_open_item (get_page (window, page), item_row, task_row);
}

/* Actions */

static void
show_page (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayWindow *window = ASSAY_WINDOW (widget);
  adw_view_stack_set_visible_child_name (window->pages, g_variant_get_string (parameter, NULL));
  focus_page (window);
}

/* On the page that offered it, whichever is in front now. */
static void
page_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const char *page, *name;
  g_autoptr (GVariant) target = NULL;
  g_variant_get (parameter, "(&s&sv)", &page, &name, &target);
  gtk_widget_activate_action_variant (GTK_WIDGET (get_page (ASSAY_WINDOW (widget), page)), name, target);
}

static void
move_pane (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayWindow *window = ASSAY_WINDOW (widget);
  GtkWidget *panes[ASSAY_PAGE_MAX_PANES];
  guint n = window->shown != NULL ? assay_page_list_panes (window->shown, panes) : 0;
  int step = g_str_equal (action, "win.next-pane") ? 1 : -1;
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (window));
  int at = -1;
  for (guint i = 0; i < n; i++)
    if (focus != NULL && (focus == panes[i] || gtk_widget_is_ancestor (focus, panes[i])))
      at = (int) i;
  if (at < 0 && step < 0)
    at = 0;
  for (guint tries = 0; tries < n; tries++)
    {
      at = (at + step + (int) n) % (int) n;
      if (focus_pane (panes[at]))
        return;
    }
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
  show (window, "new");
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
    assay_choose (widget, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, "Import a folder", "_Import", NULL, on_import_chosen);
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
on_sample_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Opening) opening = data;
  g_autoptr (GError) error = NULL;
  AssayWindow *window = opening->window;
  g_autofree char *directory = assay_sample_finish (result, &error);
  if (opening->turn != window->opening)
    return;
  if (directory != NULL)
    {
      assay_window_open (window, directory);
      return;
    }
  show_next (window, "start");
  assay_window_show_error (window, error);
}

static void
try_sample (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayWindow *window = ASSAY_WINDOW (widget);
  show (window, "opening");
  assay_sample_prepare (on_sample_ready, opening_new (window));
}

static void
leave_project (AssayWindow *window)
{
  close_project (window);
  assay_start_page_refresh (window->start_page);
  show (window, "start");
}

static void
close_project_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  when_closable (ASSAY_WINDOW (widget), leave_project);
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
  ask_who (ASSAY_WINDOW (widget));
}

static void
toggle_fullscreen (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (gtk_window_is_fullscreen (GTK_WINDOW (widget)))
    gtk_window_unfullscreen (GTK_WINDOW (widget));
  else
    gtk_window_fullscreen (GTK_WINDOW (widget));
}

static const char *
name_of_shown (AssayWindow *window)
{
  return window->shown != NULL ? adw_view_stack_get_visible_child_name (window->pages) : NULL;
}

static void
show_keys_in_menus (AssayWindow *window)
{
  g_autoptr (GMenuModel) menu
      = assay_shortcuts_menu_new (assay_settings_get_keys (window->settings), window->primary_menu);
  gtk_menu_button_set_menu_model (window->primary_button, menu);
  assay_shortcuts_refresh (GTK_WIDGET (window));
  if (window->desk != NULL)
    update_project_menu (window);
}

static void
list_keys (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayWindow *window = ASSAY_WINDOW (widget);
  GtkWindow *list = assay_key_list_show (GTK_WINDOW (widget), window->settings, name_of_shown (window));
  g_signal_connect_object (list, "destroy", G_CALLBACK (show_keys_in_menus), window, G_CONNECT_SWAPPED);
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

/* GtkWidget and GObject */

static void
close_window (AssayWindow *window)
{
  gtk_widget_set_visible (GTK_WIDGET (window),
                          FALSE); /* what is still being saved is waited for without a frozen window */
  window->opening++;
  close_project (window);
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
assay_window_close_request (GtkWindow *base)
{
  when_closable (ASSAY_WINDOW (base), close_window);
  return TRUE; /* it goes by itself */
}

static void
assay_window_dispose (GObject *object)
{
  AssayWindow *window = ASSAY_WINDOW (object);
  if (window->pages != NULL)
    close_project (window);
  window->shown = NULL;
  g_clear_object (&window->primary_menu);
  g_clear_pointer (&window->annotator, g_free);
  g_clear_pointer (&window->wanted, g_free);
  G_OBJECT_CLASS (assay_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *class)
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
  gtk_widget_class_install_action (class, "win.close-project", NULL, close_project_action);
  gtk_widget_class_install_action (class, "win.show-folder", NULL, show_folder);
  gtk_widget_class_install_action (class, "win.annotator", "s", choose_annotator);
  gtk_widget_class_install_action (class, "win.who", NULL, ask_who_action);
  gtk_widget_class_install_action (class, "win.fullscreen", NULL, toggle_fullscreen);
  gtk_widget_class_install_action (class, "win.keys", NULL, list_keys);
  gtk_widget_class_install_action (class, "win.about", NULL, about);
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
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, jobs_button);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, project_button);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, annotator_button);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, primary_button);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, notice);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, notice_label);
  gtk_widget_class_bind_template_callback (widget_class, on_page_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_created);
  gtk_widget_class_bind_template_callback (widget_class, on_new_cancelled);
  gtk_widget_class_bind_template_callback (widget_class, on_who_said);
  install_actions (widget_class);
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
  return assay_shortcuts_activate (key, GTK_WIDGET (window), GTK_WIDGET (window->shown), name_of_shown (window));
}

static AssayKeysPages
pages_for_keys (gpointer data)
{
  return assay_shortcuts_find_page (name_of_shown (data));
}

AssayWindow *
assay_window_new (AdwApplication *application, AssaySettings *settings, const char *annotator)
{
  AssayWindow *window = g_object_new (ASSAY_TYPE_WINDOW, "application", application, NULL);
  window->settings = settings;
  window->annotator = annotator != NULL ? g_strdup (annotator) : assay_settings_dup_annotator (settings);
  gboolean light = assay_settings_is_light (settings);
  g_autoptr (GSimpleAction) action = g_simple_action_new_stateful ("light", NULL, g_variant_new_boolean (light));
  g_signal_connect_object (action, "change-state", G_CALLBACK (change_light), window, 0);
  g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (action));
  assay_shortcuts_install (GTK_WIDGET (window), pages_for_keys, on_key, window);
  assay_shortcuts_tip_all (GTK_WIDGET (window));
  g_set_object (&window->primary_menu, gtk_menu_button_get_menu_model (window->primary_button));
  show_keys_in_menus (window);
  assay_start_page_set_settings (window->start_page, settings);
  show (window, "start");
  return window;
}
