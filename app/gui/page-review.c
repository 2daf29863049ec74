/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/page-review.h"

#include "app/gui/agreement-panel.h"
#include "app/gui/canvas.h"
#include "app/gui/finding-view.h"
#include "app/gui/picture-load.h"
#include "app/gui/review-act.h"
#include "app/gui/review-case.h"
#include "app/gui/shortcuts.h"
#include "app/gui/swatch.h"
#include "app/gui/widget.h"
#include "app/job-check.h"

struct _AssayPageReview
{
  GtkWidget parent_instance;
  AssayDesk *desk;         /* NULL without a project */
  AssayReviewCase *review; /* what is shown; NULL = nothing */
  guint32 hidden;          /* bit i = answer i is not drawn */
  guint asked;             /* rises with each case that is asked for: only the newest answer counts */
  GCancellable *loading;   /* the picture on its way */
  AssayAct *settled;       /* what Undo takes back; NULL = nothing */

  GtkRevealer *left;
  AssayFindingView *findings;
  AssayAgreementPanel *agreement;
  GtkStack *stack, *media;
  GtkLabel *name, *truth, *why;
  AssayCanvas *canvas;
  GtkBox *texts, *answers;
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
  assay_canvas_set_marks (page->canvas, assay_review_case_list_marks (page->review, page->hidden), NULL);
  assay_canvas_set_description (page->canvas, words);
}

static void
on_answer_toggled (GtkToggleButton *button, AssayPageReview *page)
{
  guint i = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "index"));
  page->hidden = gtk_toggle_button_get_active (button) ? page->hidden & ~(1u << i) : page->hidden | 1u << i;
  draw_marks (page);
}

/* Name, colour and the key that takes the answer; pressing it shows and hides the outline. */
static GtkWidget *
answer_new (AssayPageReview *page, guint i)
{
  const AssayAnswerShown *answer = page->review->answers->pdata[i];
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *show = gtk_toggle_button_new ();
  GtkWidget *inner = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *swatch = assay_swatch_new ();
  assay_swatch_set_colour (ASSAY_SWATCH (swatch), answer->colour);
  GtkWidget *name = gtk_label_new (answer->name);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (name), 6);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 20);
  gtk_box_append (GTK_BOX (inner), swatch);
  gtk_box_append (GTK_BOX (inner), name);
  gtk_button_set_child (GTK_BUTTON (show), inner);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (show), TRUE);
  gtk_widget_set_focus_on_click (show, FALSE);
  gtk_widget_add_css_class (show, "flat");
  g_autofree char *tip = g_strdup_printf ("%s: %s", answer->name, answer->summary);
  gtk_widget_set_tooltip_text (show, tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (show), GTK_ACCESSIBLE_PROPERTY_LABEL, answer->name, -1);
  g_object_set_data (G_OBJECT (show), "index", GUINT_TO_POINTER (i));
  g_signal_connect_object (show, "toggled", G_CALLBACK (on_answer_toggled), page, 0);
  g_autofree char *label = g_strdup_printf ("⇧%u", i + 1);
  GtkWidget *take = gtk_button_new_with_label (answer->is_truth ? "✓" : label);
  g_autofree char *take_name = g_strdup_printf ("Take %s", answer->name);
  gtk_widget_set_tooltip_text (take, answer->is_truth ? "This is the truth" : take_name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (take), GTK_ACCESSIBLE_PROPERTY_LABEL, take_name, -1);
  gtk_widget_set_focus_on_click (take, FALSE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (take), "page.take-answer");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (take), "i", (int) i + 1);
  gtk_box_append (GTK_BOX (box), show);
  gtk_box_append (GTK_BOX (box), take);
  return box;
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
  gboolean sound = page->review->task->kind->media == ASSAY_MEDIA_SOUND;
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

static void
fill_whom (AssayPageReview *page)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  for (guint i = 0; i < page->review->answers->len; i++)
    gtk_string_list_append (names, ((AssayAnswerShown *) page->review->answers->pdata[i])->name);
  gtk_drop_down_set_model (page->back_whom, G_LIST_MODEL (names));
}

static void
update_actions (AssayPageReview *page)
{
  guint n = page->review != NULL ? page->review->answers->len : 0;
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
  gint64 old_task = page->review != NULL ? page->review->task->row : 0;
  /* The canvas borrows from the case that goes. */
  assay_canvas_set_marks (page->canvas, assay_marks_new (), NULL);
  g_clear_pointer (&page->review, assay_review_case_free);
  page->review = take_review;
  clear_box (page->answers);
  update_actions (page);
  gtk_stack_set_visible_child_name (page->stack, take_review != NULL ? "case" : "empty");
  if (take_review == NULL)
    {
      cancel_loading (page);
      return;
    }
  gboolean same_item = old_row == take_review->item->row;
  if (!same_item || old_task != take_review->task->row)
    page->hidden = 0;
  g_autofree char *name = g_strdup_printf ("%s · %s", take_review->item->name, take_review->task->name);
  gtk_label_set_text (page->name, name);
  gtk_label_set_text (page->truth, take_review->truth);
  for (guint i = 0; i < take_review->answers->len; i++)
    gtk_box_append (page->answers, answer_new (page, i));
  fill_whom (page);
  show_media (page, same_item);
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
  if (error == NULL)
    show_case (page, g_steal_pointer (&look->review));
}

static void
ask_case (AssayPageReview *page, gint64 item_row, gint64 task_row)
{
  Look *look = g_new0 (Look, 1);
  look->asked = ++page->asked;
  look->item_row = item_row;
  look->task_row = task_row;
  assay_desk_read (page->desk, read_case, look, (GDestroyNotify) look_free, on_case_read, page);
}

static void
on_selected (AssayPageReview *page)
{
  AssayFindingRow *row = page->desk != NULL ? assay_finding_view_get_selected (page->findings) : NULL;
  const AssayFinding *finding = row != NULL ? assay_finding_row_get_finding (row) : NULL;
  gtk_label_set_text (page->why, finding != NULL ? finding->why : "");
  if (finding != NULL && finding->item_row != 0 && finding->task_row != 0)
    ask_case (page, finding->item_row, finding->task_row);
  else
    {
      page->asked++;
      show_case (page, NULL);
    }
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
  if (page->review != NULL)
    ask_case (page, page->review->item->row, page->review->task->row);
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
  gboolean can_undo = act->kind == ASSAY_ACT_TAKE;
  g_clear_pointer (&page->settled, assay_act_free);
  if (can_undo)
    {
      page->settled = g_new0 (AssayAct, 1);
      *page->settled = (AssayAct){ .kind = ASSAY_ACT_RECALL,
                                   .item_row = act->item_row,
                                   .task_row = act->task_row,
                                   .revision = act->revision,
                                   .said = g_strdup ("Taken back") };
    }
  assay_page_toast (page, act->said, can_undo ? "page.recall" : NULL);
}

static void
decide (AssayPageReview *page, AssayAct *take_act, char *take_said)
{
  take_act->said = take_said;
  assay_act_do (page->desk, take_act, on_done, page);
}

static void
take_answer (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  guint i = (guint) g_variant_get_int32 (parameter) - 1;
  if (page->review == NULL || i >= page->review->answers->len)
    return;
  const AssayAnswerShown *answer = page->review->answers->pdata[i];
  decide (page, assay_act_new (ASSAY_ACT_TAKE, page->review, answer),
          g_strdup_printf ("Settled: %s", answer->name));
  assay_finding_view_step (page->findings, 1);
}

static void
take_consensus (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  if (page->review == NULL)
    return;
  decide (page, assay_act_new (ASSAY_ACT_CONSENSUS, page->review, NULL), g_strdup ("Settled: the consensus"));
  assay_finding_view_step (page->findings, 1);
}

static void
recall (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  if (page->settled != NULL)
    assay_act_do (page->desk, g_steal_pointer (&page->settled), on_done, page);
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
  guint i = gtk_drop_down_get_selected (page->back_whom);
  const char *comment = gtk_editable_get_text (GTK_EDITABLE (page->back_comment));
  if (page->review == NULL || i >= page->review->answers->len || *comment == '\0')
    return;
  const AssayAnswerShown *answer = page->review->answers->pdata[i];
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
  assay_page_toast (page, text, NULL);
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
  g_clear_pointer (&page->settled, assay_act_free);
  page->asked++;
  g_set_object (&page->desk, desk);
  show_case (page, NULL);
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
  g_clear_pointer (&page->settled, assay_act_free);
  g_clear_object (&page->desk);
  assay_widget_clear (page, ASSAY_TYPE_PAGE_REVIEW);
  G_OBJECT_CLASS (assay_page_review_parent_class)->dispose (object);
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
  gtk_widget_class_bind_template_callback (class, on_dismiss);
  gtk_widget_class_bind_template_callback (class, on_send_back);
}

static void
assay_page_review_class_init (AssayPageReviewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_page_review_dispose;
  g_type_ensure (ASSAY_TYPE_FINDING_VIEW);
  g_type_ensure (ASSAY_TYPE_AGREEMENT_PANEL);
  g_type_ensure (ASSAY_TYPE_CANVAS);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/page-review.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "page.take-answer", "i", take_answer);
  gtk_widget_class_install_action (widget_class, "page.consensus", NULL, take_consensus);
  gtk_widget_class_install_action (widget_class, "page.recall", NULL, recall);
  gtk_widget_class_install_action (widget_class, "page.send-back", NULL, open_popover);
  gtk_widget_class_install_action (widget_class, "page.remove", NULL, open_popover);
  gtk_widget_class_install_action (widget_class, "page.run-checks", NULL, run_checks);
  gtk_widget_class_install_action (widget_class, "page.next", NULL, step);
  gtk_widget_class_install_action (widget_class, "page.previous", NULL, step);
  gtk_widget_class_install_action (widget_class, "page.fit", NULL, zoom);
  gtk_widget_class_install_action (widget_class, "page.zoom-in", NULL, zoom);
  gtk_widget_class_install_action (widget_class, "page.zoom-out", NULL, zoom);
  gtk_widget_class_install_action (widget_class, "page.toggle-left", NULL, toggle_left);
}

static void
assay_page_review_init (AssayPageReview *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  assay_shortcuts_tip (GTK_WIDGET (page->back_button), "page.send-back", NULL);
  assay_shortcuts_tip (GTK_WIDGET (page->dismiss_button), "page.remove", NULL);
  g_signal_connect_object (page->findings, "selected", G_CALLBACK (on_selected), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->findings, "activated", G_CALLBACK (on_activated), page, G_CONNECT_SWAPPED);
  update_actions (page);
}
