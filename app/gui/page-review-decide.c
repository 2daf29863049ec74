/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reviewer decides about the case in hand. */
#include "app/gui/page-review-private.h"
#include "app/gui/shortcuts.h"

void
assay_page_review_update_actions (AssayPageReview *page)
{
  const AssayReviewCase *review = assay_page_review_get_case (page);
  guint n = review != NULL ? review->answers->len : 0;
  gboolean writable = page->desk != NULL && !assay_desk_is_read_only (page->desk);
  gboolean finding = assay_finding_view_get_selected (page->findings) != NULL;
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.take-answer", writable && n > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.consensus", writable && n > 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.send-back", writable && n > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.remove", writable && finding);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.run-checks", writable);
  gtk_widget_set_sensitive (GTK_WIDGET (page->back_button), writable && n > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (page->dismiss_button), writable && finding);
}

/* NULL when its annotator has another by now. */
static const AssayAnswerShown *
find_answer (const AssayReviewCase *review, const AssayId *label)
{
  for (guint i = 0; review != NULL && i < review->answers->len; i++)
    if (assay_id_equal (&((AssayAnswerShown *) review->answers->pdata[i])->label->id, label))
      return review->answers->pdata[i];
  return NULL;
}

static const AssayAnswerShown *
get_whom (AssayPageReview *page)
{
  guint i = gtk_drop_down_get_selected (page->back_whom);
  return i < page->whom->len
             ? find_answer (assay_page_review_get_case (page), &g_array_index (page->whom, AssayId, i))
             : NULL;
}

/* Whoever was chosen stays so while others go on answering. A comment on an answer that is no more goes to nobody.
 */
void
assay_page_review_fill_whom (AssayPageReview *page)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  const AssayAnswerShown *chosen = get_whom (page);
  const GPtrArray *answers = page->review->answers;
  guint n_same = 0, at = 0;
  for (guint i = 0; i < answers->len; i++)
    {
      const AssayAnswerShown *answer = answers->pdata[i];
      n_same += i < page->whom->len && assay_id_equal (&g_array_index (page->whom, AssayId, i), &answer->label->id);
      at = answer == chosen ? i : at;
      gtk_string_list_append (names, answer->name);
    }
  if (n_same == answers->len && n_same == page->whom->len)
    return;
  g_array_set_size (page->whom, 0);
  for (guint i = 0; i < answers->len; i++)
    g_array_append_val (page->whom, ((AssayAnswerShown *) answers->pdata[i])->label->id);
  gtk_drop_down_set_model (page->back_whom, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (page->back_whom, at);
  if (chosen != NULL || !gtk_widget_get_visible (GTK_WIDGET (page->back_popover)))
    return;
  gtk_popover_popdown (page->back_popover);
  assay_page_toast (page, "That answer is another one by now: look at it before it is sent back");
}

static void
on_done (gpointer owner, gpointer data, const GError *error)
{
  AssayPageReview *page = owner;
  const AssayAct *act = data;
  assay_page_show_error (page, error);
  if (error != NULL)
    return;
  if (act->settlement.laid_aside != NULL && act->kind != ASSAY_ACT_RECALL)
    assay_page_toast_undo (page, act->said, "page.recall", assay_act_target_new (act));
  else
    assay_page_toast (page, act->said);
}

static void
decide (AssayPageReview *page, AssayAct *take_act, char *take_said)
{
  take_act->said = take_said;
  assay_act_do (page->desk, take_act, on_done, page);
}

static char *
say_settled (const AssayReviewCase *review, const char *what)
{
  g_autofree char *name = g_path_get_basename (review->item->name);
  return g_strdup_printf ("Settled: %s (%s)", what, name);
}

static void
take_answer (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  const AssayReviewCase *review = assay_page_review_get_case (page);
  guint i = (guint) g_variant_get_int32 (parameter) - 1;
  if (review == NULL || i >= review->answers->len)
    return;
  const AssayAnswerShown *answer = review->answers->pdata[i];
  decide (page, assay_act_new (ASSAY_ACT_TAKE, review, answer), say_settled (review, answer->name));
  assay_finding_view_step (page->findings, 1);
}

static void
take_consensus (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  const AssayReviewCase *review = assay_page_review_get_case (page);
  if (review == NULL)
    return;
  decide (page, assay_act_new (ASSAY_ACT_CONSENSUS, review, NULL), say_settled (review, "the consensus"));
  assay_finding_view_step (page->findings, 1);
}

static void
recall (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  if (page->desk != NULL)
    decide (page, assay_act_new_recall (parameter), g_strdup ("Taken back"));
}

static void
open_popover (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  gboolean back = g_str_equal (action, "page.send-back");
  gtk_editable_set_text (GTK_EDITABLE (back ? page->back_comment : page->dismiss_why), "");
  gtk_menu_button_popup (back ? page->back_button : page->dismiss_button);
  gtk_widget_grab_focus (GTK_WIDGET (back ? page->back_comment : page->dismiss_why));
}

static void
on_send_back (AssayPageReview *page)
{
  const AssayAnswerShown *answer = get_whom (page);
  const char *comment = gtk_editable_get_text (GTK_EDITABLE (page->back_comment));
  if (answer == NULL || *comment == '\0')
    return;
  AssayAct *act = assay_act_new (ASSAY_ACT_SEND_BACK, page->review, answer);
  act->words = g_strdup (comment);
  /* The annotator is shown what the reviewer was looking at. */
  AssayFindingRow *row = assay_finding_view_get_selected (page->findings);
  if (row != NULL && assay_finding_row_get_finding (row)->item_row == page->review->item->row)
    act->place = json_incref (assay_finding_row_get_finding (row)->where);
  decide (page, act, g_strdup_printf ("Sent back to %s", answer->name));
  gtk_popover_popdown (page->back_popover);
}

static void
on_dismiss (AssayPageReview *page)
{
  AssayFindingRow *row = assay_finding_view_get_selected (page->findings);
  const char *why = gtk_editable_get_text (GTK_EDITABLE (page->dismiss_why));
  if (row == NULL || *why == '\0')
    return;
  AssayAct *act = assay_act_new (ASSAY_ACT_DISMISS, NULL, NULL);
  act->finding = assay_finding_row_get_finding (row)->id;
  act->words = g_strdup (why);
  decide (page, act, g_strdup ("Dismissed"));
  gtk_popover_popdown (page->dismiss_popover);
}

void
assay_page_review_install_decisions (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_callback (class, on_dismiss);
  gtk_widget_class_bind_template_callback (class, on_send_back);
  gtk_widget_class_install_action (class, "page.take-answer", "i", take_answer);
  gtk_widget_class_install_action (class, "page.consensus", NULL, take_consensus);
  gtk_widget_class_install_action (class, "page.recall", "as", recall);
  gtk_widget_class_install_action (class, "page.send-back", NULL, open_popover);
  gtk_widget_class_install_action (class, "page.remove", NULL, open_popover);
}

void
assay_page_review_init_decisions (AssayPageReview *page)
{
  page->whom = g_array_new (FALSE, FALSE, sizeof (AssayId));
  assay_shortcuts_tip (GTK_WIDGET (page->back_button), "page.send-back", NULL);
  assay_shortcuts_tip (GTK_WIDGET (page->dismiss_button), "page.remove", NULL);
}
