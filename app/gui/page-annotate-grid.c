/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Annotate page as a sheet of thumbnails, where the task is tags. While it is shown no item is open. */
#include "app/gui/page-annotate-private.h"

#include "app/gui/shortcuts.h"

gboolean
assay_page_annotate_has_grid (AssayPageAnnotate *page)
{
  return assay_tag_grid_is_open (page->grid);
}

static const AssayTask *
task_of (AssayPageAnnotate *page)
{
  return page->desk != NULL ? assay_desk_get_task (page->desk) : NULL;
}

static gboolean
may_open (AssayPageAnnotate *page)
{
  const AssayTask *task = task_of (page);
  return task != NULL && g_str_equal (task->kind->id, "tag") && assay_desk_get_annotator (page->desk) != NULL
         && !assay_desk_is_read_only (page->desk);
}

void
assay_page_annotate_show_grid (AssayPageAnnotate *page)
{
  assay_page_annotate_leave (page);
  if (!may_open (page))
    return;
  assay_tag_grid_open (page->grid, page->desk, page->options);
  gtk_stack_set_visible_child_name (page->stack, "grid");
  assay_class_list_set_task (page->classes, task_of (page));
  gtk_widget_set_visible (GTK_WIDGET (page->objects), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.submit", TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.skip", FALSE);
  g_autofree char *key = assay_shortcuts_dup_key (page, "page.tag-grid", NULL, "Escape");
  g_autofree char *words = g_strdup_printf ("a class's key tags what is selected · %s: back to one item", key);
  assay_page_annotate_show_hint (page, words, FALSE);
  assay_status_line_set_zoom (page->status, "");
  assay_page_annotate_update_lists (page);
  assay_page_annotate_focus_work (page);
}

static void
on_left (AssayPageAnnotate *page)
{
  assay_page_annotate_reopen (page);
}

static void
act_grid (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  if (assay_page_annotate_has_grid (page))
    on_left (page);
  else if (may_open (page))
    assay_page_annotate_go_to_grid (page);
  else if (task_of (page) != NULL)
    assay_page_annotate_show_hint (page, "the grid is for tasks of tags", FALSE);
}

gboolean
assay_page_annotate_grid_class (AssayPageAnnotate *page, guint index)
{
  const AssayTask *task = task_of (page);
  if (!assay_page_annotate_has_grid (page))
    return FALSE;
  if (task == NULL || index >= task->classes->len)
    return TRUE;
  page->current_class = ((const AssayClass *) task->classes->pdata[index])->id;
  assay_page_annotate_remember_class (page);
  assay_tag_grid_give (page->grid, &page->current_class);
  assay_class_list_set_current (page->classes, index);
  assay_status_line_set_class (page->status, task->classes->pdata[index]);
  return TRUE;
}

static void
on_said (AssayPageAnnotate *page, const char *words)
{
  assay_page_annotate_show_hint (page, words, FALSE);
}

static void
on_submitted (AssayPageAnnotate *page, guint serial, const char *words)
{
  assay_page_annotate_show_hint (page, words, FALSE);
  assay_page_toast_undo (page, words, "page.undo-submit", g_variant_new_uint32 (serial));
}

static void
act_undo_submit (GtkWidget *widget, const char *action, GVariant *parameter)
{
  assay_tag_grid_recall (ASSAY_PAGE_ANNOTATE (widget)->grid, g_variant_get_uint32 (parameter));
}

static void
on_chosen (AssayPageAnnotate *page, gint64 item_row)
{
  if (assay_item_list_get_selected (page->items) == item_row)
    on_left (page);
  else
    assay_item_list_select (page->items, item_row);
}

static void
on_changed (AssayPageAnnotate *page)
{
  if (!assay_page_annotate_has_grid (page))
    return;
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.undo", assay_tag_grid_can_undo (page->grid, FALSE));
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.redo", assay_tag_grid_can_undo (page->grid, TRUE));
}

static void
on_failed (AssayPageAnnotate *page, const GError *error)
{
  assay_page_show_error (page, error);
}

void
assay_page_annotate_install_grid (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "page.tag-grid", NULL, act_grid);
  gtk_widget_class_install_action (class, "page.undo-submit", "u", act_undo_submit);
}

void
assay_page_annotate_init_grid (AssayPageAnnotate *page)
{
  static const struct
  {
    const char *name;
    GCallback handler;
  } handlers[] = {
    { "said", G_CALLBACK (on_said) },       { "submitted", G_CALLBACK (on_submitted) },
    { "chosen", G_CALLBACK (on_chosen) },   { "left", G_CALLBACK (on_left) },
    { "changed", G_CALLBACK (on_changed) }, { "failed", G_CALLBACK (on_failed) },
  };
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (page->grid, handlers[i].name, handlers[i].handler, page, G_CONNECT_SWAPPED);
}
