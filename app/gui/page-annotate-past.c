/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Annotate page tells of what was done: the steps of the item, and one's own pace. */
#include "app/gui/page-annotate-private.h"

#include "annotate/pace.h"

#include <math.h>

typedef struct
{
  gint64 item_row;
  AssayTask *task;
  AssayAnnotator annotator; /* row and id */
  char *item_name;
  GPtrArray *steps; /* of char * */
  guint n_done;
  gboolean wants_pace;
  AssayPace *pace;
} Past;

static void
past_free (gpointer data)
{
  Past *past = data;
  assay_task_free (past->task);
  assay_pace_free (past->pace);
  g_clear_pointer (&past->steps, g_ptr_array_unref);
  g_free (past->item_name);
  g_free (past);
}

static gboolean
read_past (AssayProject *project, gpointer data, GError **error)
{
  Past *past = data;
  if (past->wants_pace)
    {
      g_autoptr (GDateTime) now = g_date_time_new_now_local ();
      g_autoptr (GDateTime) day = g_date_time_new_local (g_date_time_get_year (now), g_date_time_get_month (now),
                                                         g_date_time_get_day_of_month (now), 0, 0, 0);
      past->pace = assay_pace_read (project->store, past->task, past->annotator.row,
                                    g_date_time_to_unix (day) * G_USEC_PER_SEC, error);
      return past->pace != NULL;
    }
  g_autoptr (AssayItem) item = assay_item_get_row (project->store, past->item_row, error);
  g_autoptr (AssayJournal) journal
      = item != NULL ? assay_journal_open (project->store, item, past->task, &past->annotator, error) : NULL;
  if (journal == NULL)
    return FALSE;
  past->item_name = g_strdup (item->name);
  past->steps = assay_journal_list_steps (journal, &past->n_done);
  return TRUE;
}

static void
on_past (gpointer owner, gpointer data, const GError *error)
{
  AssayPageAnnotate *page = owner;
  const Past *past = data;
  if (error != NULL)
    assay_page_show_error (page, error);
  else if (past->wants_pace)
    assay_status_line_show_pace (page->status, past->task, past->pace);
  else if (page->annotation != NULL && assay_annotation_get_item_row (page->annotation) == past->item_row)
    assay_history_list_show (page->history, past->item_name, past->steps, past->n_done);
}

static void
act_past (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  const AssayAnnotator *annotator = page->desk != NULL ? assay_page_annotate_get_annotator (page) : NULL;
  if (scene == NULL || annotator == NULL)
    return;
  Past *past = g_new0 (Past, 1);
  past->item_row = assay_annotation_get_item_row (page->annotation);
  past->task = assay_task_copy (scene->task);
  past->wants_pace = g_str_equal (action, "page.pace");
  if (past->wants_pace)
    annotator = assay_desk_get_annotator (page->desk);
  past->annotator = (AssayAnnotator){ .row = annotator->row, .id = annotator->id };
  assay_desk_read (page->desk, read_past, past, past_free, on_past, page);
}

static void
on_go (AssayPageAnnotate *page, int by)
{
  for (int i = 0; page->annotation != NULL && i < ABS (by); i++)
    if (by < 0)
      assay_annotation_undo (page->annotation);
    else
      assay_annotation_redo (page->annotation);
}

static void
on_closed (AssayPageAnnotate *page)
{
  if (page->shown)
    assay_page_annotate_focus_work (page);
}

/* Time in another window is no time at the object. */
static void
on_active (AssayPageAnnotate *page, GParamSpec *spec, GtkWindow *window)
{
  AssaySession *session = assay_page_annotate_get_session (page);
  if (!gtk_window_is_active (window))
    assay_tag_grid_pause (page->grid);
  if (session != NULL && !gtk_window_is_active (window))
    assay_session_pause (session, g_get_monotonic_time ());
}

void
assay_page_annotate_watch_window (AssayPageAnnotate *page, gboolean shown)
{
  GtkRoot *window = gtk_widget_get_root (GTK_WIDGET (page));
  AssaySession *session = assay_page_annotate_get_session (page);
  if (!shown && session != NULL)
    assay_session_pause (session, g_get_monotonic_time ());
  if (window == NULL)
    return;
  g_signal_handlers_disconnect_by_func (window, on_active, page);
  if (shown)
    g_signal_connect_object (window, "notify::is-active", G_CALLBACK (on_active), page, G_CONNECT_SWAPPED);
}

void
assay_page_annotate_install_past (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "page.history", NULL, act_past);
  gtk_widget_class_install_action (class, "page.pace", NULL, act_past);
}

void
assay_page_annotate_init_past (AssayPageAnnotate *page)
{
  page->history = ASSAY_HISTORY_LIST (assay_history_list_new ());
  gtk_popover_set_position (GTK_POPOVER (page->history), GTK_POS_TOP);
  gtk_widget_set_parent (GTK_WIDGET (page->history), GTK_WIDGET (page->status));
  g_signal_connect_object (page->history, "go", G_CALLBACK (on_go), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->history, "closed", G_CALLBACK (on_closed), page, G_CONNECT_SWAPPED);
}
