/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Editing on the Review page: the answer that is best so far is copied to the reviewer's hand, and edited there. */
#include "app/gui/page-review-private.h"

typedef struct
{
  gint64 item_row, task_row;
  AssayId revision; /* what is copied */
  char *by;
  AssayAnnotator *hand;
} Copy;

static void
copy_free (Copy *copy)
{
  g_free (copy->by);
  assay_annotator_free (copy->hand);
  g_free (copy);
}

static gboolean
make_copy (AssayProject *project, gpointer data, GError **error)
{
  Copy *copy = data;
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, project->store, error))
    return FALSE;
  g_autoptr (AssayAnnotator) by = assay_annotator_ensure (project->store, copy->by, ASSAY_ANNOTATOR_PERSON, error);
  g_autoptr (AssayTask) task = by != NULL ? assay_task_get_row (project->store, copy->task_row, error) : NULL;
  g_autoptr (AssayItem) item = task != NULL ? assay_item_get_row (project->store, copy->item_row, error) : NULL;
  g_autoptr (AssayLabel) from
      = item != NULL ? assay_label_get_revision (project->store, &copy->revision, task, error) : NULL;
  if (from == NULL || (copy->hand = assay_verdict_ensure_hand (project->store, by, error)) == NULL)
    return FALSE;
  g_autoptr (AssayLabel) label = assay_label_new (item, task, copy->hand);
  assay_objects_free (label->objects);
  label->objects = assay_objects_copy (from->objects);
  label->state = ASSAY_LABEL_DRAFT;
  label->tool = g_strdup ("edit");
  return assay_label_save (project->store, label, NULL, error) && assay_transaction_commit (&transaction, error);
}

static void
end (AssayPageReview *page)
{
  page->edit = NULL;
  assay_page_end_over (page);
}

static void
on_settle (AssayPageReview *page)
{
  AssayReviewCase *review = assay_page_review_get_case (page);
  AssayObjects *objects = page->edit != NULL ? assay_review_edit_dup_objects (page->edit) : NULL;
  if (review == NULL || objects == NULL)
    {
      assay_objects_free (objects);
      return;
    }
  AssayAct *act = assay_act_new (ASSAY_ACT_OWN, review, NULL);
  act->objects = objects;
  act->tool = "edit";
  act->words = g_strdup ("edited in review");
  end (page); /* its draft is handed in first */
  assay_page_review_decide (page, act, "your edit");
}

static void
on_failed (AssayPageReview *page, const GError *error)
{
  assay_page_show_error (page, error);
}

static void
on_copied (gpointer owner, gpointer data, const GError *error)
{
  AssayPageReview *page = owner;
  const Copy *copy = data;
  AssayReviewCase *review = assay_page_review_get_case (page);
  assay_page_show_error (page, error);
  if (error != NULL || page->edit != NULL || review == NULL || review->item->row != copy->item_row
      || review->task == NULL || review->task->row != copy->task_row)
    return;
  g_autofree char *name = g_path_get_basename (review->item->name);
  g_autofree char *title = g_strdup_printf ("%s · %s", name, review->task->name);
  GtkWidget *edit = assay_review_edit_new (page->desk, copy->item_row, review->task, copy->hand, title);
  page->edit = ASSAY_REVIEW_EDIT (edit);
  g_signal_connect_object (edit, "settle", G_CALLBACK (on_settle), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (edit, "give-up", G_CALLBACK (end), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (edit, "failed", G_CALLBACK (on_failed), page, G_CONNECT_SWAPPED);
  assay_page_show_over (page, edit);
}

/* The truth's answer, else the first that is not hidden. */
static void
act_edit (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  const AssayReviewCase *review = assay_page_review_get_case (page);
  const AssayAnnotator *annotator = page->desk != NULL ? assay_desk_get_annotator (page->desk) : NULL;
  const AssayAnswerShown *from = NULL;
  for (guint i = 0; review != NULL && i < review->answers->len; i++)
    {
      const AssayAnswerShown *answer = review->answers->pdata[i];
      gboolean hidden
          = g_hash_table_contains (assay_answer_bar_get_hidden (page->answers), &answer->label->annotator_row);
      if (answer->is_truth || (from == NULL && !hidden))
        from = answer;
    }
  if (from == NULL)
    return;
  Copy *copy = g_new0 (Copy, 1);
  copy->item_row = review->item->row;
  copy->task_row = review->task->row;
  copy->revision = from->label->id;
  copy->by = g_strdup (annotator != NULL ? annotator->name : g_get_user_name ());
  assay_desk_run (page->desk, make_copy, copy, (GDestroyNotify) copy_free, on_copied, page);
}

void
assay_page_review_install_edit (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "page.edit", NULL, act_edit);
}
