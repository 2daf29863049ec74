/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Annotate page hands in, and takes back. */
#include "app/gui/page-annotate-private.h"

#include "app/job-qualify.h"

gboolean
assay_page_annotate_is_seen (AssayPageAnnotate *page)
{
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  return scene != NULL && !page->leaving && (assay_page_annotate_is_sound (page) || scene->picture != NULL);
}

void
assay_page_annotate_submit_wanted (AssayPageAnnotate *page)
{
  if (page->submit_row == 0 || !assay_page_annotate_is_seen (page) || assay_annotation_is_busy (page->annotation)
      || page->submit_row != assay_annotation_get_item_row (page->annotation))
    return;
  page->submit_row = 0;
  assay_annotation_revise (page->annotation, ASSAY_LABEL_SUBMITTED, NULL);
}

/* Nobody has seen yet what this would be an answer to: it waits for the picture; or for an undo, and for what was
 * drawn during it. */
static void
submit_later (AssayPageAnnotate *page)
{
  gboolean comes = assay_page_annotate_is_seen (page) || page->leaving || assay_page_annotate_get_session (page) == NULL
                   || assay_picture_bench_is_loading (page->picture);
  if (comes)
    page->submit_row = assay_item_list_get_selected (page->items);
  assay_page_annotate_show_hint (page,
                                 !comes           ? "the picture cannot be read: skip the item, or mend its file"
                                 : assay_page_annotate_is_seen (page) ? "one moment: undoing, then it is submitted"
                                                  : "one moment: the item is being read, then it is submitted",
                                 FALSE);
}

static void
act_revise (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  gboolean submits = g_str_equal (action, "page.submit");
  if (assay_page_annotate_has_grid (page))
    {
      assay_tag_grid_submit (page->grid);
      return;
    }
  if (page->annotation == NULL)
    {
      assay_page_annotate_show_hint (page, "one moment: looking where you left; nothing is submitted yet", FALSE);
      return;
    }
  if (assay_annotation_is_handed_in (page->annotation) && !page->leaving)
    return;
  assay_page_annotate_flush (page); /* words still being typed belong to the answer */
  if (submits && (!assay_page_annotate_is_seen (page) || assay_annotation_is_busy (page->annotation)))
    submit_later (page);
  else if (page->leaving || assay_page_annotate_get_session (page) == NULL)
    assay_page_annotate_show_hint (page, "one moment: the item is being read", FALSE);
  else
    assay_annotation_revise (page->annotation, submits ? ASSAY_LABEL_SUBMITTED : ASSAY_LABEL_SKIPPED, NULL);
}

static void
act_recall (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  if (assay_page_annotate_get_session (page) != NULL)
    assay_annotation_recall (page->annotation);
}

/* A new annotator's answer, held against the known one on the writer's thread. */
typedef struct
{
  gint64 item_row;
  AssayTask *task;
  AssayAnnotator *annotator;
  AssayFeedback feedback;
} Test;

static void
test_free (gpointer data)
{
  Test *test = data;
  assay_task_free (test->task);
  assay_annotator_free (test->annotator);
  assay_feedback_clear (&test->feedback);
  g_free (test);
}

static gboolean
run_test (AssayProject *project, gpointer data, GError **error)
{
  Test *test = data;
  return assay_job_qualify (project->store, test->item_row, test->task, test->annotator, &test->feedback, error);
}

/* The answer is settled, as the known one is: both are seen. */
static void
on_notice_state (AssayPageAnnotate *page, int state, AssayItemNotice *notice)
{
  if (state != ASSAY_LABEL_SETTLED)
    return;
  g_signal_handlers_disconnect_by_func (notice, on_notice_state, page);
  assay_item_notice_toggle_compare (notice);
}

static void
on_tested (gpointer owner, gpointer data, const GError *error)
{
  AssayPageAnnotate *page = owner;
  const Test *test = data;
  gboolean open = page->annotation != NULL && assay_annotation_get_item_row (page->annotation) == test->item_row;
  if (error != NULL)
    assay_page_show_error (page, error);
  page->qualified = error == NULL && !test->feedback.marked && test->feedback.standing.passed;
  if (error != NULL || !test->feedback.marked || !open)
    {
      if (open)
        assay_item_list_step_todo (page->items);
      return;
    }
  g_autofree char *words = g_strdup_printf ("%s. N goes on", test->feedback.words);
  assay_page_toast (page, words);
  assay_page_annotate_show_hint (page, words, FALSE);
  g_signal_handlers_disconnect_by_func (page->notice, on_notice_state, page);
  if (assay_item_notice_get_state (page->notice) == ASSAY_LABEL_SETTLED)
    assay_item_notice_toggle_compare (page->notice);
  else
    g_signal_connect_object (page->notice, "state", G_CALLBACK (on_notice_state), page, G_CONNECT_SWAPPED);
}

void
assay_page_annotate_handed_in (AssayPageAnnotate *page)
{
  const AssayAnnotator *annotator = assay_page_annotate_get_annotator (page);
  Test *test = g_new0 (Test, 1);
  test->item_row = assay_annotation_get_item_row (page->annotation);
  test->task = assay_task_copy (assay_page_annotate_get_scene (page)->task);
  test->annotator = g_memdup2 (annotator, sizeof *annotator);
  test->annotator->name = g_strdup (annotator->name);
  assay_desk_run (page->desk, run_test, test, test_free, on_tested, page);
}

static void
on_stayed (AssayPageAnnotate *page, const GError *error, const char *end)
{
  if (page->annotation != NULL)
    assay_annotation_stay (page->annotation);
  if (error != NULL)
    assay_page_show_error (page, error);
  else
    {
      g_autofree char *words = g_strdup_printf ("Nothing is left: %s", end);
      assay_page_toast (page, words);
    }
}

static void
on_picture_shown (AssayPageAnnotate *page)
{
  assay_page_annotate_view_shown (page);
  assay_page_annotate_submit_wanted (page);
}

void
assay_page_annotate_install_answer (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_callback (class, on_stayed);
  gtk_widget_class_bind_template_callback (class, on_picture_shown);
  gtk_widget_class_install_action (class, "page.submit", NULL, act_revise);
  gtk_widget_class_install_action (class, "page.skip", NULL, act_revise);
  gtk_widget_class_install_action (class, "page.recall", NULL, act_recall);
}
