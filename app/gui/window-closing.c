/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/window-private.h"

/* What cannot be saved */

static void ask_next (AssayWindow *window);

static void
on_answer (AssayWindow *window, const char *answer)
{
  window->question = NULL;
  if (g_str_equal (answer, "again"))
    window->n_asked--;
  if (!g_str_equal (answer, "keep"))
    {
      ask_next (window);
      return;
    }
  window->then = NULL;
  const char *name;
  assay_window_get_nth_page (window, window->n_asked - 1, &name);
  adw_view_stack_set_visible_child_name (window->pages, name);
  assay_window_focus_page (window);
}

/* As a button says it, or a sentence. */
static char *
dup_lost (const AssayUnsaved *unsaved, gboolean titled)
{
  guint n = unsaved->n_strokes;
  if (n == 0)
    return g_strdup (titled ? "the Answer" : "The answer");
  return g_strdup_printf ("%u %s%s", n, titled ? "Stroke" : "stroke", n == 1 ? "" : "s");
}

static void
ask_person (AssayWindow *window, const AssayUnsaved *unsaved)
{
  g_autofree char *lost = dup_lost (unsaved, FALSE), *named = dup_lost (unsaved, TRUE);
  g_autofree char *body = g_strdup_printf (
      "%s of “%s” cannot be saved: %s.\n\nAs long as the project stays open nothing is lost, and "
      "saving is tried again by itself.",
      lost, unsaved->item, unsaved->why);
  g_autofree char *lose = g_strdup_printf ("Close and _Lose %s", named);
  window->question = GTK_WINDOW (adw_message_dialog_new (GTK_WINDOW (window), "Close Without Saving?", body));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (window->question);
  adw_message_dialog_add_responses (dialog, "keep", "_Keep Open", "lose", lose, "again", "_Try Again", NULL);
  adw_message_dialog_set_response_appearance (dialog, "lose", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (dialog, "again", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "again");
  adw_message_dialog_set_close_response (dialog, "keep");
  gtk_window_set_destroy_with_parent (window->question, TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_answer), window, G_CONNECT_SWAPPED);
  gtk_window_present (window->question);
}

static void
on_may_close (gpointer data, const AssayUnsaved *unsaved)
{
  AssayWindow *window = data;
  if (unsaved == NULL)
    ask_next (window);
  else if (window->then != NULL)
    ask_person (window, unsaved);
}

static void
ask_next (AssayWindow *window)
{
  void (*then) (AssayWindow * window) = window->then;
  if (then == NULL)
    return;
  if (window->desk != NULL && window->n_asked < ASSAY_WINDOW_PAGES)
    {
      assay_page_ask_close (assay_window_get_nth_page (window, window->n_asked++, NULL), on_may_close, window);
      return;
    }
  window->then = NULL;
  then (window);
}

void
assay_window_when_closable (AssayWindow *window, void (*then) (AssayWindow *window))
{
  window->then = then;
  if (window->question != NULL)
    {
      gtk_window_present (window->question);
      return;
    }
  window->n_asked = 0;
  ask_next (window);
}

/* Closing */

/* Nothing of it is left in the window. */
static AssayDesk *
let_go (AssayWindow *window)
{
  assay_window_drop_over (window);
  assay_window_drop_undo (window);
  AssayDesk *desk = g_steal_pointer (&window->desk);
  g_signal_handlers_disconnect_by_data (desk, window);
  assay_window_set_pages_desk (window, NULL);
  assay_jobs_button_set_desk (window->jobs_button, NULL);
  gtk_window_set_title (GTK_WINDOW (window), "Assay");
  return desk;
}

static void
go_on (AssayWindow *window)
{
  window->closing = FALSE;
  window->closed (window);
}

/* The window may be about to go: it stays until this was read. */
static void
tell_trouble (AssayWindow *window, const GError *error)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (window), "Not All of It Was Kept", error->message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", "_Close");
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (go_on), window, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_closed (GObject *desk, GAsyncResult *result, gpointer data)
{
  g_autoptr (AssayWindow) window = data;
  g_autoptr (GError) error = NULL;
  if (assay_desk_close_finish (result, &error))
    go_on (window);
  else
    tell_trouble (window, error);
}

void
assay_window_close_project (AssayWindow *window, void (*closed) (AssayWindow *window))
{
  window->closed = closed;
  if (window->closing)
    return;
  if (window->desk == NULL)
    {
      closed (window);
      return;
    }
  assay_window_show (window, "wait");
  window->closing = TRUE;
  g_autoptr (AssayDesk) desk = let_go (window);
  const char *awaited = assay_desk_get_awaited (desk);
  assay_window_show_wait (window, awaited != NULL ? awaited : "Closing the project…",
                          awaited != NULL ? "It is still being written to the disk" : NULL);
  assay_desk_close_async (desk, on_closed, g_object_ref (window));
}

void
assay_window_end_project (AssayWindow *window)
{
  window->then = NULL;
  if (window->desk == NULL)
    return;
  g_autoptr (AssayDesk) desk = let_go (window);
  assay_desk_close (desk);
}

static void
destroy (AssayWindow *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
close_window (AssayWindow *window)
{
  window->opening++;
  assay_window_close_project (window, destroy);
}

void
assay_window_close (AssayWindow *window)
{
  assay_window_when_closable (window, close_window);
}
