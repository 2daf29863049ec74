/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/window-private.h"

static const char *const page_names[ASSAY_WINDOW_PAGES] = { "capture", "annotate", "review", "dataset" };

AssayPage *
assay_window_get_page (AssayWindow *window, const char *name)
{
  GtkWidget *page = adw_view_stack_get_child_by_name (window->pages, name);
  return page != NULL ? ASSAY_PAGE (page) : NULL;
}

AssayPage *
assay_window_get_nth_page (AssayWindow *window, guint n, const char **ret_name)
{
  if (ret_name != NULL)
    *ret_name = page_names[n];
  return assay_window_get_page (window, page_names[n]);
}

void
assay_window_set_pages_desk (AssayWindow *window, AssayDesk *desk)
{
  for (guint i = 0; i < ASSAY_WINDOW_PAGES; i++)
    assay_page_set_desk (assay_window_get_nth_page (window, i, NULL), desk);
}

const char *
assay_window_get_shown_name (AssayWindow *window)
{
  return window->shown != NULL ? adw_view_stack_get_visible_child_name (window->pages) : NULL;
}

/* Panes */

/* A pane takes the focus itself, or the first in it that can. */
static gboolean
focus_pane (GtkWidget *pane)
{
  return gtk_widget_get_mapped (pane)
         && (gtk_widget_grab_focus (pane) || gtk_widget_child_focus (pane, GTK_DIR_TAB_FORWARD));
}

void
assay_window_focus_page (AssayWindow *window)
{
  GtkWidget *panes[ASSAY_PAGE_MAX_PANES];
  if (window->shown != NULL && assay_page_list_panes (window->shown, panes) > 0)
    focus_pane (panes[0]);
}

void
assay_window_move_pane (AssayWindow *window, int step)
{
  GtkWidget *panes[ASSAY_PAGE_MAX_PANES];
  guint n = window->shown != NULL ? assay_page_list_panes (window->shown, panes) : 0;
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

/* What is in front */

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
  assay_window_focus_page (window);
}

/* Stacks of GTK 4.8 leave the pages that nobody sees in the tree that screen readers read. */
static void
hide_from_readers (GtkWidget *stack, GtkWidget *visible)
{
  for (GtkWidget *child = gtk_widget_get_first_child (stack); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_accessible_update_state (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_HIDDEN, child != visible, -1);
}

void
assay_window_show (AssayWindow *window, const char *name)
{
  gtk_stack_set_visible_child_name (window->stack, name);
  hide_from_readers (GTK_WIDGET (window->stack), gtk_stack_get_visible_child (window->stack));
  gboolean in_project = g_str_equal (name, "project");
  gtk_widget_action_set_enabled (GTK_WIDGET (window), "win.show-page", in_project);
  gtk_widget_action_set_enabled (GTK_WIDGET (window), "win.close-project", in_project);
  update_shown (window);
}

void
assay_window_show_next (AssayWindow *window, const char *name)
{
  if (g_str_equal (gtk_stack_get_visible_child_name (window->stack), "new"))
    window->behind = g_intern_string (name);
  else
    assay_window_show (window, name);
}

void
assay_window_show_wait (AssayWindow *window, const char *title, const char *more)
{
  adw_status_page_set_description (window->wait, more);
  adw_status_page_set_title (window->wait, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (window->wait_page), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  assay_window_show_next (window, "wait");
  gtk_widget_grab_focus (window->wait_page); /* so that it is read out */
}

void
assay_window_drop_over (AssayWindow *window)
{
  GtkWidget *over = gtk_stack_get_child_by_name (window->stack, "over");
  if (over != NULL)
    gtk_stack_remove (window->stack, over);
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

void
assay_window_bind_stack (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_callback (class, on_page_changed);
}
