/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reviewer decides about the case in hand. */
#include "app/gui/page-review-private.h"
#include "app/gui/shortcuts.h"

/* The finding that is chosen in the list, when it is about the case in hand: a case may have been opened from elsewhere. */
static const AssayFinding *
get_finding (AssayPageReview *page)
{
  AssayFindingRow *row = assay_finding_view_get_selected (page->findings);
  const AssayFinding *finding = row != NULL ? assay_finding_row_get_finding (row) : NULL;
  gboolean here = finding != NULL && finding->item_row == page->item_row
                  && (finding->item_row == 0 || finding->task_row == page->task_row);
  return here ? finding : NULL;
}

void
assay_page_review_update_actions (AssayPageReview *page)
{
  const AssayReviewCase *review = assay_page_review_get_case (page);
  static const char *const of_list[] = { "page.next", "page.previous", "page.view", "page.sweep" };
  guint n = review != NULL ? review->answers->len : 0;
  gboolean in_sight = !gtk_widget_get_visible (GTK_WIDGET (page->dashboard)); /* nothing is decided unseen */
  gboolean writable = in_sight && page->desk != NULL && !assay_desk_is_read_only (page->desk);
  gboolean finding = get_finding (page) != NULL;
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.take-answer", writable && n > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.consensus", writable && n > 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.merge", writable && n > 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.edit", writable && n > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.neither", writable && n > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.both", writable && n > 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.send-back", writable && n > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.remove", writable && finding);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.run-checks",
                                 page->desk != NULL && !assay_desk_is_read_only (page->desk));
  for (guint i = 0; i < G_N_ELEMENTS (of_list); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (page), of_list[i], in_sight);
  gtk_widget_set_sensitive (GTK_WIDGET (page->back_button), writable && n > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (page->dismiss_button), writable && finding);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.unclear",
                                 writable && review != NULL && review->task != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (page->unclear_button), writable && review != NULL && review->task != NULL);
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
  if (act->kind != ASSAY_ACT_RECALL)
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

void
assay_page_review_decide (AssayPageReview *page, AssayAct *take_act, const char *what)
{
  const AssayReviewCase *review = assay_page_review_get_case (page);
  g_autofree char *name = g_path_get_basename (review->item->name);
  decide (page, take_act, g_strdup_printf ("Settled: %s (%s)", what, name));
  assay_finding_view_step (page->findings, 1);
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
  assay_page_review_decide (page, assay_act_new (ASSAY_ACT_TAKE, review, answer), answer->name);
}

/* What needs no more than the case. */
static void
decide_case (GtkWidget *widget, const char *action, GVariant *parameter)
{
  static const struct
  {
    const char *action, *said;
    AssayActKind kind;
  } acts[] = { { "page.consensus", "the consensus", ASSAY_ACT_CONSENSUS },
               { "page.neither", "none will do, all go back", ASSAY_ACT_NEITHER },
               { "page.both", "any will do", ASSAY_ACT_BOTH } };
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  const AssayReviewCase *review = assay_page_review_get_case (page);
  for (guint i = 0; review != NULL && i < G_N_ELEMENTS (acts); i++)
    if (g_str_equal (action, acts[i].action))
      {
        assay_page_review_decide (page, assay_act_new (acts[i].kind, review, NULL), acts[i].said);
        return;
      }
}

static void
recall (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  if (page->desk != NULL)
    decide (page, assay_act_new_recall (parameter), g_strdup ("Taken back"));
}

/* Each asks for some words. */
static void
open_popover (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  gboolean back = g_str_equal (action, "page.send-back"), unclear = g_str_equal (action, "page.unclear");
  GtkEntry *entry = back ? page->back_comment : unclear ? page->unclear_question : page->dismiss_why;
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  gtk_menu_button_popup (back ? page->back_button : unclear ? page->unclear_button : page->dismiss_button);
  gtk_widget_grab_focus (GTK_WIDGET (entry));
}

/* Where the finding in hand is, when it is about this case. New reference, or NULL. */
static json_t *
dup_place (AssayPageReview *page)
{
  AssayFindingRow *row = assay_finding_view_get_selected (page->findings);
  return row != NULL && assay_finding_row_get_finding (row)->item_row == page->review->item->row
             ? json_incref (assay_finding_row_get_finding (row)->where)
             : NULL;
}

static void
on_unclear (AssayPageReview *page)
{
  const AssayReviewCase *review = assay_page_review_get_case (page);
  const char *question = gtk_editable_get_text (GTK_EDITABLE (page->unclear_question));
  if (review == NULL || *question == '\0')
    return;
  AssayAct *act = assay_act_new (ASSAY_ACT_UNCLEAR, review, NULL);
  act->words = g_strdup (question);
  act->place = dup_place (page);
  decide (page, act, g_strdup ("Asked: the answer will be an example in the guideline"));
  gtk_popover_popdown (page->unclear_popover);
}

static void
on_question_chosen (AssayPageReview *page, gint64 item_row, gint64 task_row)
{
  assay_page_review_show_case_of (page, item_row, task_row);
}

static void
on_question_answered (AssayPageReview *page, const char *said)
{
  assay_page_toast (page, said);
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
  act->place = dup_place (page); /* the annotator is shown what the reviewer was looking at */
  decide (page, act, g_strdup_printf ("Sent back to %s", answer->name));
  gtk_popover_popdown (page->back_popover);
}

static void
on_dismiss (AssayPageReview *page)
{
  const AssayFinding *finding = get_finding (page);
  const char *why = gtk_editable_get_text (GTK_EDITABLE (page->dismiss_why));
  if (finding == NULL || *why == '\0')
    return;
  AssayAct *act = assay_act_new (ASSAY_ACT_DISMISS, NULL, NULL);
  act->finding = finding->id;
  act->words = g_strdup (why);
  decide (page, act, g_strdup ("Dismissed"));
  gtk_popover_popdown (page->dismiss_popover);
}

void
assay_page_review_install_decisions (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_callback (class, on_dismiss);
  gtk_widget_class_bind_template_callback (class, on_send_back);
  gtk_widget_class_bind_template_callback (class, on_unclear);
  gtk_widget_class_bind_template_callback (class, on_question_chosen);
  gtk_widget_class_bind_template_callback (class, on_question_answered);
  gtk_widget_class_install_action (class, "page.unclear", NULL, open_popover);
  gtk_widget_class_install_action (class, "page.take-answer", "i", take_answer);
  gtk_widget_class_install_action (class, "page.consensus", NULL, decide_case);
  gtk_widget_class_install_action (class, "page.neither", NULL, decide_case);
  gtk_widget_class_install_action (class, "page.both", NULL, decide_case);
  gtk_widget_class_install_action (class, "page.recall", "s", recall);
  gtk_widget_class_install_action (class, "page.send-back", NULL, open_popover);
  gtk_widget_class_install_action (class, "page.remove", NULL, open_popover);
}

/* Each shows its key. */
static GtkWidget *
button_new (const char *title, const char *action, const char *tip)
{
  GtkWidget *button = gtk_button_new (), *inner = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6),
            *key = assay_shortcuts_label_new (action, NULL);
  gtk_widget_add_css_class (key, "keycap-small");
  gtk_box_append (GTK_BOX (inner), gtk_label_new (title));
  gtk_box_append (GTK_BOX (inner), key);
  gtk_button_set_child (GTK_BUTTON (button), inner);
  gtk_widget_add_css_class (button, "small-button");
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_set_tooltip_text (button, tip);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return button;
}

void
assay_page_review_init_decisions (AssayPageReview *page)
{
  static const char *const acts[][3] = {
    { "Consensus", "page.consensus", "Takes what most say" },
    { "Merge", "page.merge", "Takes each object from whoever has it best" },
    { "Edit", "page.edit", "Opens the tools on a copy, which you settle" },
    { "Any Will Do", "page.both",
      "All answers are acceptable: takes the consensus, and dismisses what is said of it" },
    { "None Will Do", "page.neither", "No answer is acceptable: all go back to their annotators" },
    { "Sweep", "page.sweep", "All objects of a class at a glance, and a fault that they share repaired at once" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    gtk_box_append (page->acts, button_new (acts[i][0], acts[i][1], acts[i][2]));
  page->whom = g_array_new (FALSE, FALSE, sizeof (AssayId));
  assay_shortcuts_tip (GTK_WIDGET (page->back_button), "page.send-back", NULL);
  assay_shortcuts_tip (GTK_WIDGET (page->dismiss_button), "page.remove", NULL);
  assay_shortcuts_tip (GTK_WIDGET (page->unclear_button), "page.unclear", NULL);
}
