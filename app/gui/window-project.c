/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/follow-up.h"
#include "app/gui/recent.h"
#include "app/gui/recover.h"
#include "app/gui/sample.h"
#include "app/gui/window-private.h"

/* Who annotates */

void
assay_window_ask_who (AssayWindow *window)
{
  assay_who_page_ask (window->who_page, assay_desk_get_annotators (window->desk),
                      assay_settings_is_shared_login (window->settings));
  assay_window_show_next (window, "who");
}

/* Nobody's work is taken in the name of nobody: it is asked again. */
static void
on_unnamed (AssayWindow *window, const GError *error)
{
  const AssayAnnotator *annotator = assay_desk_get_annotator (window->desk);
  g_free (window->annotator);
  window->annotator = g_strdup (annotator != NULL ? annotator->name : NULL);
  if (annotator == NULL)
    assay_window_ask_who (window);
  assay_window_show_error (window, error);
}

static void
enter_project (AssayWindow *window)
{
  assay_desk_set_annotator (window->desk, window->annotator);
  assay_window_update_annotator (window);
  assay_window_show_next (window, "project");
}

static void
on_who_said (AssayWindow *window, const char *name, gboolean shared_login)
{
  g_free (window->annotator);
  window->annotator = g_strdup (name);
  assay_settings_set_annotator (window->settings, name, shared_login);
  enter_project (window);
}

/* Opening */

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
  g_signal_connect_object (desk, "notify::annotator", G_CALLBACK (assay_window_update_annotator), window,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (desk, "unnamed", G_CALLBACK (on_unnamed), window, G_CONNECT_SWAPPED);
  g_signal_connect_object (desk, "notify::tasks", G_CALLBACK (assay_window_update_annotator), window,
                           G_CONNECT_SWAPPED);
  gtk_window_set_title (GTK_WINDOW (window), assay_desk_get_name (desk));
  gboolean read_only = assay_desk_is_read_only (desk);
  if (read_only)
    gtk_label_set_text (window->notice_label,
                        "A newer version of Assay made this project: it can be looked at, not changed");
  gtk_revealer_set_reveal_child (window->notice, read_only);
  assay_window_update_project_menu (window);
  assay_jobs_button_set_desk (window->jobs_button, desk);
  assay_window_set_pages_desk (window, desk);
  assay_recent_remember (desk, window->settings);
  assay_recover_begin (desk, window);
  assay_follow_up_begin (desk);
  choose_page (window);
  if (window->annotator != NULL)
    enter_project (window);
  else
    assay_window_ask_who (window);
}

void
assay_window_show_start (AssayWindow *window)
{
  assay_start_page_refresh (window->start_page);
  assay_window_show_next (window, "start");
}

static void
on_unwanted_closed (GObject *desk, GAsyncResult *result, gpointer data)
{
  assay_desk_close_finish (result, NULL);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Opening) opening = data;
  g_autoptr (GError) error = NULL;
  AssayWindow *window = opening->window;
  g_autoptr (AssayDesk) desk = assay_desk_open_finish (result, &error);
  gboolean wanted = opening->turn == window->opening;
  if (desk != NULL && wanted)
    show_project (window, g_steal_pointer (&desk));
  else if (desk != NULL)
    assay_desk_close_async (desk, on_unwanted_closed, NULL);
  else if (wanted)
    {
      assay_window_show_start (window);
      assay_window_show_error (window, error);
    }
}

static void
begin_opening (AssayWindow *window)
{
  g_autofree char *directory = g_steal_pointer (&window->wanted);
  assay_window_show_wait (window, "Opening the project…", NULL);
  assay_desk_open (directory, on_opened, opening_new (window));
}

static void
open_wanted (AssayWindow *window)
{
  assay_window_show (window, "wait");
  assay_window_close_project (window, begin_opening);
}

void
assay_window_open (AssayWindow *window, const char *directory)
{
  g_autofree char *wanted = g_strdup (directory); /* it may be the one that waits */
  g_free (window->wanted);
  window->wanted = g_steal_pointer (&wanted);
  assay_window_when_closable (window, open_wanted);
}

/* The sample */

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
  assay_window_show_next (window, "start");
  assay_window_show_error (window, error);
}

void
assay_window_try_sample (AssayWindow *window)
{
  assay_window_show (window, "wait");
  assay_window_show_wait (window, "Opening the project…", NULL);
  assay_sample_prepare (on_sample_ready, opening_new (window));
}

/* The form of a new one */

static void
on_created (AssayWindow *window, const char *directory)
{
  assay_window_open (window, directory);
}

static void
on_new_cancelled (AssayWindow *window)
{
  assay_window_show (window, window->behind);
}

void
assay_window_bind_project (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_callback (class, on_who_said);
  gtk_widget_class_bind_template_callback (class, on_created);
  gtk_widget_class_bind_template_callback (class, on_new_cancelled);
}
