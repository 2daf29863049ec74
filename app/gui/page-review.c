/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/page-review.h"

#include "app/gui/agreement-panel.h"
#include "app/gui/answer-bar.h"
#include "app/gui/canvas.h"
#include "app/gui/finding-view.h"
#include "app/gui/picture-load.h"
#include "app/gui/review-act.h"
#include "app/gui/review-case.h"
#include "app/gui/shortcuts.h"
#include "app/gui/widget.h"
#include "app/job-check.h"

struct _AssayPageReview
{
  GtkWidget parent_instance;
  AssayDesk *desk;         /* NULL without a project */
  AssayReviewCase *review; /* what is shown; NULL = nothing */
  gint64 item_row, task_row; /* what is chosen: shown, or on its way; 0 = nothing */
  guint asked;             /* rises with each case that is asked for: only the newest answer counts */
  GCancellable *loading;   /* the picture on its way */
  GArray *whom;            /* of AssayId: the answers that can be sent back, as `back_whom` lists them */

  GtkRevealer *left;
  AssayFindingView *findings;
  AssayAgreementPanel *agreement;
  GtkStack *stack, *media;
  GtkLabel *name, *truth, *why;
  AssayCanvas *canvas;
  GtkBox *texts;
  AssayAnswerBar *answers;
  GtkPopover *dismiss_popover, *back_popover;
  GtkEntry *dismiss_why, *back_comment;
  GtkDropDown *back_whom;
  GtkMenuButton *dismiss_button, *back_button;
};

static void assay_page_review_implement (AssayPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayPageReview, assay_page_review, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PAGE, assay_page_review_implement))

/* What they say */

static void
clear_box (GtkBox *box)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static void
draw_marks (AssayPageReview *page)
{
  g_autofree char *words = g_strdup_printf ("%u answers", page->review->answers->len);
  assay_canvas_set_marks (page->canvas, assay_review_case_list_marks (page->review, assay_answer_bar_get_hidden (page->answers)),
                          NULL);
  assay_canvas_set_description (page->canvas, words);
}

static void
on_hidden (AssayPageReview *page)
{
  if (page->review != NULL)
    draw_marks (page);
}

static GtkWidget *
text_new (const AssayAnswerShown *answer)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *name = gtk_label_new (answer->name);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (name, "heading");
  GtkWidget *text = gtk_label_new (NULL);
  gtk_label_set_markup (GTK_LABEL (text), answer->markup);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_widget_add_css_class (text, "words-shown");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), text);
  return box;
}

static void
on_picture (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AssayPageReview) page = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPyramid) pyramid = assay_picture_load_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || page->review == NULL)
    return;
  if (error != NULL)
    {
      assay_page_show_error (page, error);
      return;
    }
  assay_canvas_set_pyramid (page->canvas, pyramid);
  draw_marks (page);
}

static void
cancel_loading (AssayPageReview *page)
{
  if (page->loading != NULL)
    g_cancellable_cancel (page->loading);
  g_clear_object (&page->loading);
}

static void
show_media (AssayPageReview *page, gboolean same_item)
{
  gboolean sound = page->review->item->media_kind == ASSAY_MEDIA_SOUND;
  gtk_stack_set_visible_child_name (page->media, sound ? "words" : "picture");
  clear_box (page->texts);
  for (guint i = 0; sound && i < page->review->answers->len; i++)
    gtk_box_append (page->texts, text_new (page->review->answers->pdata[i]));
  if (sound)
    return;
  draw_marks (page);
  if (same_item)
    return;
  cancel_loading (page);
  page->loading = g_cancellable_new ();
  assay_canvas_set_pyramid (page->canvas, NULL);
  assay_picture_load_async (page->review->item, page->review->path, page->loading, on_picture, g_object_ref (page));
}

/* What is decided is decided about what the reviewer sees: NULL while the case that was chosen is on its way. */
static AssayReviewCase *
get_case (AssayPageReview *page)
{
  gboolean there = page->review != NULL && page->review->item->row == page->item_row
                   && assay_review_case_get_task_row (page->review) == page->task_row;
  return there ? page->review : NULL;
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
  return i < page->whom->len ? find_answer (get_case (page), &g_array_index (page->whom, AssayId, i)) : NULL;
}

/* Whoever was chosen stays so while others go on answering. A comment on an answer that is no more goes to nobody. */
static void
fill_whom (AssayPageReview *page)
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
update_actions (AssayPageReview *page)
{
  const AssayReviewCase *review = get_case (page);
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

static void
show_case (AssayPageReview *page, AssayReviewCase *take_review)
{
  gint64 old_row = page->review != NULL ? page->review->item->row : 0;
  /* The canvas borrows from the case that goes. */
  assay_canvas_set_marks (page->canvas, assay_marks_new (), NULL);
  g_clear_pointer (&page->review, assay_review_case_free);
  page->review = take_review;
  assay_answer_bar_show (page->answers, take_review);
  update_actions (page);
  gtk_stack_set_visible_child_name (page->stack, take_review != NULL ? "case" : "empty");
  if (take_review == NULL)
    {
      gtk_popover_popdown (page->back_popover);
      cancel_loading (page);
      return;
    }
  const char *task = take_review->task != NULL ? take_review->task->name : NULL;
  g_autofree char *name = g_strjoin (" · ", take_review->item->name, task, NULL);
  gtk_label_set_text (page->name, name);
  gtk_label_set_text (page->truth, take_review->truth);
  fill_whom (page);
  show_media (page, old_row == take_review->item->row);
}

/* Reading */

typedef struct
{
  guint asked;
  gint64 item_row, task_row;
  AssayReviewCase *review;
} Look;

static void
look_free (Look *look)
{
  assay_review_case_free (look->review);
  g_free (look);
}

static gboolean
read_case (AssayProject *project, gpointer data, GError **error)
{
  Look *look = data;
  look->review = assay_review_case_read (project, look->item_row, look->task_row, error);
  return look->review != NULL;
}

static void
on_case_read (gpointer owner, gpointer data, const GError *error)
{
  AssayPageReview *page = owner;
  Look *look = data;
  if (look->asked != page->asked)
    return;
  assay_page_show_error (page, error);
  show_case (page, g_steal_pointer (&look->review));
}

/* 0: nothing is chosen. */
static void
ask_case (AssayPageReview *page, gint64 item_row, gint64 task_row)
{
  page->item_row = item_row;
  page->task_row = task_row;
  page->asked++;
  update_actions (page);
  if (item_row == 0)
    {
      show_case (page, NULL);
      return;
    }
  Look *look = g_new0 (Look, 1);
  look->asked = page->asked;
  look->item_row = item_row;
  look->task_row = task_row;
  assay_desk_read (page->desk, read_case, look, (GDestroyNotify) look_free, on_case_read, page);
}

/* What was being said was about the one before. */
static void
on_selected (AssayPageReview *page)
{
  AssayFindingRow *row = page->desk != NULL ? assay_finding_view_get_selected (page->findings) : NULL;
  const AssayFinding *finding = row != NULL ? assay_finding_row_get_finding (row) : NULL;
  gboolean of_item = finding != NULL && finding->item_row != 0;
  gtk_label_set_text (page->why, row != NULL ? assay_finding_row_get_why (row) : "");
  gtk_popover_popdown (page->dismiss_popover);
  ask_case (page, of_item ? finding->item_row : 0, of_item ? finding->task_row : 0);
}

static void
on_activated (AssayPageReview *page)
{
  AssayFindingRow *row = assay_finding_view_get_selected (page->findings);
  const AssayFinding *finding = row != NULL ? assay_finding_row_get_finding (row) : NULL;
  if (finding != NULL && finding->item_row != 0)
    assay_page_go_to (page, "annotate", finding->item_row, finding->task_row);
}

/* Somebody, here or elsewhere, changed what is shown. */
static void
on_changed (AssayPageReview *page)
{
  if (page->item_row != 0)
    ask_case (page, page->item_row, page->task_row);
}

/* Deciding */

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
  const AssayReviewCase *review = get_case (page);
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
  const AssayReviewCase *review = get_case (page);
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

/* Checks */

typedef struct
{
  char *by;
  AssayJobCheckCounts counts;
} Checking;

static void
checking_free (Checking *checking)
{
  g_free (checking->by);
  g_free (checking);
}

static gboolean
check (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  Checking *checking = data;
  g_autoptr (AssayAnnotator) by
      = assay_annotator_ensure (project->store, checking->by, ASSAY_ANNOTATOR_PERSON, error);
  return by != NULL && assay_job_check (project, NULL, NULL, by, progress, &checking->counts, error);
}

static void
on_checked (gpointer owner, gpointer data, const GError *error)
{
  AssayPageReview *page = owner;
  const Checking *checking = data;
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.run-checks", TRUE);
  assay_page_show_error (page, error);
  if (error != NULL)
    return;
  g_autofree char *text
      = g_strdup_printf ("Checked: %" G_GUINT64_FORMAT " answers looked at, %" G_GUINT64_FORMAT " unchanged",
                         checking->counts.looks.looked, checking->counts.looks.kept);
  assay_page_toast (page, text);
}

static void
run_checks (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  if (page->desk == NULL)
    return;
  const AssayAnnotator *annotator = assay_desk_get_annotator (page->desk);
  Checking *checking = g_new0 (Checking, 1);
  checking->by = g_strdup (annotator != NULL ? annotator->name : g_get_user_name ());
  gtk_widget_action_set_enabled (widget, "page.run-checks", FALSE);
  assay_desk_start_job (page->desk, "Running the checks", ASSAY_STORE_WRITE, check, checking,
                        (GDestroyNotify) checking_free, on_checked, page);
}

/* Moving about */

static void
step (GtkWidget *widget, const char *action, GVariant *parameter)
{
  assay_finding_view_step (ASSAY_PAGE_REVIEW (widget)->findings, g_str_equal (action, "page.next") ? 1 : -1);
}

static void
zoom (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  if (g_str_equal (action, "page.fit"))
    assay_canvas_fit (page->canvas);
  else if (g_str_equal (action, "page.zoom-100"))
    assay_canvas_zoom_by (page->canvas, 1 / assay_canvas_get_view (page->canvas)->zoom);
  else
    assay_canvas_zoom_by (page->canvas, g_str_equal (action, "page.zoom-in") ? 1.25 : 0.8);
}

static void
toggle_left (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  gtk_revealer_set_reveal_child (page->left, !gtk_revealer_get_reveal_child (page->left));
}

/* AssayPage */

static void
set_desk (AssayPage *base, AssayDesk *desk)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (base);
  if (page->desk != NULL)
    g_signal_handlers_disconnect_by_data (page->desk, page);
  ask_case (page, 0, 0);
  g_set_object (&page->desk, desk);
  if (desk != NULL)
    g_signal_connect_object (desk, "changed", G_CALLBACK (on_changed), page, G_CONNECT_SWAPPED);
  assay_finding_view_set_desk (page->findings, desk);
  assay_agreement_panel_set_desk (page->agreement, desk);
  update_actions (page);
}

static void
set_shown (AssayPage *base, gboolean shown)
{
  assay_agreement_panel_set_shown (ASSAY_PAGE_REVIEW (base)->agreement, shown);
}

static guint
list_panes (AssayPage *base, GtkWidget **ret_panes)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (base);
  ret_panes[0] = GTK_WIDGET (page->findings);
  ret_panes[1] = GTK_WIDGET (page->canvas);
  ret_panes[2] = GTK_WIDGET (page->answers);
  return 3;
}

static void
assay_page_review_implement (AssayPageInterface *iface)
{
  iface->set_desk = set_desk;
  iface->set_shown = set_shown;
  iface->list_panes = list_panes;
}

/* GObject */

static void
assay_page_review_dispose (GObject *object)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (object);
  cancel_loading (page);
  if (page->canvas != NULL)
    show_case (page, NULL);
  g_clear_object (&page->desk);
  assay_widget_clear (page, ASSAY_TYPE_PAGE_REVIEW);
  G_OBJECT_CLASS (assay_page_review_parent_class)->dispose (object);
}

static void
assay_page_review_finalize (GObject *object)
{
  g_array_unref (ASSAY_PAGE_REVIEW (object)->whom);
  G_OBJECT_CLASS (assay_page_review_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_child (class, AssayPageReview, left);
  gtk_widget_class_bind_template_child (class, AssayPageReview, findings);
  gtk_widget_class_bind_template_child (class, AssayPageReview, agreement);
  gtk_widget_class_bind_template_child (class, AssayPageReview, stack);
  gtk_widget_class_bind_template_child (class, AssayPageReview, media);
  gtk_widget_class_bind_template_child (class, AssayPageReview, name);
  gtk_widget_class_bind_template_child (class, AssayPageReview, truth);
  gtk_widget_class_bind_template_child (class, AssayPageReview, why);
  gtk_widget_class_bind_template_child (class, AssayPageReview, canvas);
  gtk_widget_class_bind_template_child (class, AssayPageReview, texts);
  gtk_widget_class_bind_template_child (class, AssayPageReview, answers);
  gtk_widget_class_bind_template_child (class, AssayPageReview, dismiss_popover);
  gtk_widget_class_bind_template_child (class, AssayPageReview, back_popover);
  gtk_widget_class_bind_template_child (class, AssayPageReview, dismiss_why);
  gtk_widget_class_bind_template_child (class, AssayPageReview, back_comment);
  gtk_widget_class_bind_template_child (class, AssayPageReview, back_whom);
  gtk_widget_class_bind_template_child (class, AssayPageReview, dismiss_button);
  gtk_widget_class_bind_template_child (class, AssayPageReview, back_button);
  gtk_widget_class_bind_template_callback (class, on_hidden);
  gtk_widget_class_bind_template_callback (class, on_dismiss);
  gtk_widget_class_bind_template_callback (class, on_send_back);
}

static void
assay_page_review_class_init (AssayPageReviewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_page_review_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_page_review_finalize;
  g_type_ensure (ASSAY_TYPE_ANSWER_BAR);
  g_type_ensure (ASSAY_TYPE_FINDING_VIEW);
  g_type_ensure (ASSAY_TYPE_AGREEMENT_PANEL);
  g_type_ensure (ASSAY_TYPE_CANVAS);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/page-review.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "page.take-answer", "i", take_answer);
  gtk_widget_class_install_action (widget_class, "page.consensus", NULL, take_consensus);
  gtk_widget_class_install_action (widget_class, "page.recall", "as", recall);
  gtk_widget_class_install_action (widget_class, "page.send-back", NULL, open_popover);
  gtk_widget_class_install_action (widget_class, "page.remove", NULL, open_popover);
  gtk_widget_class_install_action (widget_class, "page.run-checks", NULL, run_checks);
  gtk_widget_class_install_action (widget_class, "page.next", NULL, step);
  gtk_widget_class_install_action (widget_class, "page.previous", NULL, step);
  gtk_widget_class_install_action (widget_class, "page.fit", NULL, zoom);
  gtk_widget_class_install_action (widget_class, "page.zoom-in", NULL, zoom);
  gtk_widget_class_install_action (widget_class, "page.zoom-out", NULL, zoom);
  gtk_widget_class_install_action (widget_class, "page.zoom-100", NULL, zoom);
  gtk_widget_class_install_action (widget_class, "page.toggle-left", NULL, toggle_left);
}

static void
assay_page_review_init (AssayPageReview *page)
{
  page->whom = g_array_new (FALSE, FALSE, sizeof (AssayId));
  gtk_widget_init_template (GTK_WIDGET (page));
  assay_shortcuts_tip (GTK_WIDGET (page->back_button), "page.send-back", NULL);
  assay_shortcuts_tip (GTK_WIDGET (page->dismiss_button), "page.remove", NULL);
  g_signal_connect_object (page->findings, "selected", G_CALLBACK (on_selected), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->findings, "activated", G_CALLBACK (on_activated), page, G_CONNECT_SWAPPED);
  update_actions (page);
}
