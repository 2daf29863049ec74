/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sweep through a class, opened from the Review page, and the repair that it asks for. */
#include "app/gui/page-review-private.h"
#include "app/gui/sweep-page.h"

typedef struct
{
  gint64 task_row;
  AssayRepair repair;
  GHashTable *objects; /* of AssayId */
  char *by;
  AssayVerdict *verdict;
  guint n;
} Repairing;

static void
repairing_free (Repairing *repairing)
{
  g_hash_table_unref (repairing->objects);
  assay_verdict_free (repairing->verdict);
  g_free (repairing->by);
  g_free (repairing);
}

static gboolean
repair (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  Repairing *repairing = data;
  g_autoptr (AssayAnnotator) by
      = assay_annotator_ensure (project->store, repairing->by, ASSAY_ANNOTATOR_PERSON, error);
  g_autoptr (AssayTask) task = by != NULL ? assay_task_get_row (project->store, repairing->task_row, error) : NULL;
  return task != NULL
         && assay_repair_do (project, task, &repairing->repair, repairing->objects, by, progress,
                             repairing->verdict, &repairing->n, error);
}

static void
on_repaired (gpointer owner, gpointer data, const GError *error)
{
  AssayPageReview *page = owner;
  const Repairing *repairing = data;
  assay_page_show_error (page, error);
  if (error != NULL)
    return;
  g_autofree char *said = g_strdup_printf ("Repaired: %u object%s", repairing->n, repairing->n == 1 ? "" : "s");
  g_autofree char *text = assay_verdict_to_text (repairing->verdict);
  if (repairing->n > 0)
    assay_page_toast_undo (page, said, "page.recall", g_variant_new_string (text));
  else
    assay_page_toast (page, said);
}

static void
on_repair (AssayPageReview *page, const AssayRepair *wanted, GHashTable *objects)
{
  const AssayAnnotator *annotator = assay_desk_get_annotator (page->desk);
  Repairing *repairing = g_new0 (Repairing, 1);
  repairing->task_row = page->sweep_row;
  repairing->repair = *wanted;
  repairing->objects = g_hash_table_ref (objects);
  repairing->by = g_strdup (annotator != NULL ? annotator->name : g_get_user_name ());
  repairing->verdict = assay_verdict_new ();
  assay_page_end_over (page);
  assay_desk_start_job (page->desk, "Repairing", ASSAY_STORE_WRITE, repair, repairing,
                        (GDestroyNotify) repairing_free, on_repaired, page);
}

static void
on_open (AssayPageReview *page, gint64 item_row, gint64 task_row)
{
  assay_page_end_over (page);
  assay_page_review_show_case_of (page, item_row, task_row);
}

static void
on_closed (AssayPageReview *page)
{
  assay_page_end_over (page);
}

static void
on_failed (AssayPageReview *page, const GError *error)
{
  assay_page_show_error (page, error);
}

/* Of the task of the case in hand, else of the one that is chosen. */
static void
act_sweep (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  const AssayReviewCase *review = assay_page_review_get_case (page);
  const AssayTask *task = review != NULL && review->task != NULL ? review->task
                          : page->desk != NULL                   ? assay_desk_get_task (page->desk)
                                                                 : NULL;
  if (task == NULL || task->classes->len == 0 || task->kind->media == ASSAY_MEDIA_SOUND)
    {
      assay_page_toast (page, "There is nothing to sweep through: pictures with classes have crops");
      return;
    }
  GtkWidget *sweep = assay_sweep_page_new (page->desk, task);
  page->sweep_row = task->row;
  g_signal_connect_object (sweep, "repair", G_CALLBACK (on_repair), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (sweep, "open", G_CALLBACK (on_open), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (sweep, "closed", G_CALLBACK (on_closed), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (sweep, "failed", G_CALLBACK (on_failed), page, G_CONNECT_SWAPPED);
  assay_page_show_over (page, sweep);
}

void
assay_page_review_install_sweep (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "page.sweep", NULL, act_sweep);
}
