/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Merging on the Review page: one answer put together of several, by keys in the list or by clicks in the picture.
 */
#include "app/gui/page-review-private.h"

gboolean
assay_page_review_is_merging (AssayPageReview *page)
{
  return page->merge != NULL;
}

static void
show_list (AssayPageReview *page)
{
  assay_merge_list_show (page->merge_list, page->merge);
  gtk_revealer_set_reveal_child (page->right, page->merge != NULL);
}

void
assay_page_review_end_merge (AssayPageReview *page)
{
  if (page->merge == NULL)
    return;
  assay_merge_list_show (page->merge_list, NULL);
  g_clear_pointer (&page->merge, assay_review_merge_free);
  show_list (page);
  if (page->review != NULL)
    assay_page_review_show_media (page, FALSE);
  gtk_widget_grab_focus (assay_page_review_get_work (page));
}

/* The same answers, read again because something else changed: the choices so far stand. */
static gboolean
is_same (const AssayReviewCase *a, const AssayReviewCase *b)
{
  gboolean same = a->item->row == b->item->row
                  && assay_review_case_get_task_row (a) == assay_review_case_get_task_row (b)
                  && a->answers->len == b->answers->len;
  for (guint i = 0; same && i < a->answers->len; i++)
    same = assay_id_equal (&((AssayAnswerShown *) a->answers->pdata[i])->label->id,
                           &((AssayAnswerShown *) b->answers->pdata[i])->label->id);
  return same;
}

void
assay_page_review_renew_merge (AssayPageReview *page, const AssayReviewCase *after)
{
  if (page->merge == NULL)
    return;
  guint selected = assay_merge_list_get_selected (page->merge_list);
  g_autoptr (AssayReviewMerge) before = g_steal_pointer (&page->merge);
  assay_merge_list_show (page->merge_list, NULL);
  if (after != NULL && is_same (before->review, after))
    {
      page->merge = assay_review_merge_new (after);
      for (guint i = 0; i < page->merge->things->len; i++)
        assay_review_merge_choose (page->merge, i, before->whose[i]);
    }
  show_list (page);
  if (page->merge != NULL)
    assay_merge_list_select (page->merge_list, selected);
}

static void
act_merge (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  AssayReviewCase *review = assay_page_review_get_case (page);
  if (page->merge != NULL || review == NULL || review->task == NULL)
    {
      assay_page_review_end_merge (page);
      return;
    }
  page->merge = assay_review_merge_new (review);
  show_list (page);
  assay_page_review_show_media (page, FALSE);
}

/* What is chosen is on the screen at once. */
static void
on_merge_changed (AssayPageReview *page)
{
  if (page->merge != NULL)
    assay_page_review_show_media (page, FALSE);
}

static void
on_merge_settle (AssayPageReview *page)
{
  AssayReviewCase *review = assay_page_review_get_case (page);
  if (page->merge == NULL || review == NULL || page->merge->review != review)
    return;
  AssayAct *act = assay_act_new (ASSAY_ACT_OWN, review, NULL);
  act->objects = assay_review_merge_build (page->merge);
  act->tool = "merge";
  act->words = g_strdup ("merged by object");
  assay_page_review_decide (page, act, "merged by object");
  assay_page_review_end_merge (page);
}

static void
on_merge_give_up (AssayPageReview *page)
{
  assay_page_review_end_merge (page);
}

/* A click takes the thing below it from the next answer that has it. */
static gboolean
on_canvas_input (AssayPageReview *page, const AssayInput *input)
{
  guint thing;
  if (page->merge == NULL || input->kind != ASSAY_INPUT_PRESS || input->button != GDK_BUTTON_PRIMARY
      || (thing = assay_review_merge_find (page->merge, input->at)) == G_MAXUINT)
    return FALSE;
  assay_review_merge_cycle (page->merge, thing);
  assay_merge_list_update (page->merge_list);
  assay_merge_list_select (page->merge_list, thing);
  assay_page_review_show_media (page, FALSE);
  return TRUE;
}

void
assay_page_review_install_merge (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_callback (class, on_merge_changed);
  gtk_widget_class_bind_template_callback (class, on_merge_settle);
  gtk_widget_class_bind_template_callback (class, on_merge_give_up);
  gtk_widget_class_install_action (class, "page.merge", NULL, act_merge);
}

void
assay_page_review_init_merge (AssayPageReview *page)
{
  g_signal_connect_object (page->canvas, "input", G_CALLBACK (on_canvas_input), page, G_CONNECT_SWAPPED);
}
