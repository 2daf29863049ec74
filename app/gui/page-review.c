/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/page-review-private.h"
#include "app/gui/widget.h"
#include "app/job-check.h"

static void assay_page_review_implement (AssayPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayPageReview, assay_page_review, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PAGE, assay_page_review_implement))

AssayReviewCase *
assay_page_review_get_case (AssayPageReview *page)
{
  gboolean there = page->review != NULL && page->review->item->row == page->item_row
                   && assay_review_case_get_task_row (page->review) == page->task_row;
  return there ? page->review : NULL;
}

static void
show_case (AssayPageReview *page, AssayReviewCase *take_review)
{
  gint64 old_row = page->review != NULL ? page->review->item->row : 0;
  assay_page_review_clear_media (page);
  assay_page_review_renew_merge (page, take_review);
  g_clear_pointer (&page->review, assay_review_case_free);
  page->review = take_review;
  assay_answer_bar_show (page->answers, take_review);
  assay_page_review_update_actions (page);
  gtk_stack_set_visible_child_name (page->stack, take_review != NULL ? "case" : "empty");
  if (take_review == NULL)
    {
      gtk_popover_popdown (page->back_popover);
      assay_page_review_cancel_loading (page);
      return;
    }
  const char *task = take_review->task != NULL ? take_review->task->name : NULL;
  g_autofree char *name = g_strjoin (" · ", take_review->item->name, task, NULL);
  gtk_label_set_text (page->name, name);
  gtk_label_set_text (page->truth, take_review->truth);
  AssayFindingRow *row = assay_finding_view_get_selected (page->findings);
  const AssayFinding *finding = row != NULL ? assay_finding_row_get_finding (row) : NULL;
  /* Whose answers they are may be said by now. */
  if (finding != NULL && finding->item_row == page->item_row && finding->task_row == page->task_row)
    gtk_label_set_text (page->why, assay_finding_row_get_why (row));
  assay_page_review_fill_whom (page);
  assay_page_review_show_media (page, old_row != take_review->item->row);
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
  assay_page_review_update_actions (page);
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

void
assay_page_review_show_case_of (AssayPageReview *page, gint64 item_row, gint64 task_row)
{
  gtk_label_set_text (page->why, "");
  ask_case (page, item_row, task_row);
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
toggle_left (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  gtk_revealer_set_reveal_child (page->left, !gtk_revealer_get_reveal_child (page->left));
}

/* The dashboard covers the rest, which goes on as it is. */
static void
show_dashboard (AssayPageReview *page, gboolean shows)
{
  gboolean had = gtk_widget_get_visible (GTK_WIDGET (page->dashboard));
  gtk_widget_set_visible (gtk_widget_get_first_child (GTK_WIDGET (page)), !shows);
  gtk_widget_set_visible (GTK_WIDGET (page->dashboard), shows);
  assay_dashboard_set_shown (page->dashboard, shows && page->shown);
  assay_page_review_update_actions (page);
  if (shows != had)
    gtk_widget_grab_focus (shows ? GTK_WIDGET (page->dashboard) : GTK_WIDGET (page->findings));
}

static void
toggle_dashboard (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  show_dashboard (page, !gtk_widget_get_visible (GTK_WIDGET (page->dashboard)));
}

static void
on_dashboard_closed (AssayPageReview *page)
{
  show_dashboard (page, FALSE);
}

static void
on_dashboard_item (AssayPageReview *page, gint64 item_row, gint64 task_row)
{
  show_dashboard (page, FALSE);
  gtk_label_set_text (page->why, "Behind a number of the dashboard");
  if (page->desk != NULL)
    ask_case (page, item_row, task_row);
}

/* AssayPage */

static void
set_desk (AssayPage *base, AssayDesk *desk)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (base);
  if (page->desk != NULL)
    g_signal_handlers_disconnect_by_data (page->desk, page);
  ask_case (page, 0, 0);
  page->edit = NULL; /* nothing over the window outlives a project */
  g_set_object (&page->desk, desk);
  if (desk != NULL)
    g_signal_connect_object (desk, "changed", G_CALLBACK (on_changed), page, G_CONNECT_SWAPPED);
  assay_finding_view_set_desk (page->findings, desk);
  assay_question_list_widget_set_desk (page->questions, desk);
  assay_agreement_panel_set_desk (page->agreement, desk);
  assay_dashboard_set_desk (page->dashboard, desk);
  assay_page_review_update_actions (page);
}

static void
set_shown (AssayPage *base, gboolean shown)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (base);
  page->shown = shown;
  assay_agreement_panel_set_shown (page->agreement, shown);
  assay_dashboard_set_shown (page->dashboard, shown && gtk_widget_get_visible (GTK_WIDGET (page->dashboard)));
}

static guint
list_panes (AssayPage *base, GtkWidget **ret_panes)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (base);
  if (gtk_widget_get_visible (GTK_WIDGET (page->dashboard)))
    {
      ret_panes[0] = GTK_WIDGET (page->dashboard);
      return 1;
    }
  ret_panes[0] = GTK_WIDGET (page->findings);
  ret_panes[1] = assay_page_review_get_work (page);
  ret_panes[2] = GTK_WIDGET (page->answers);
  ret_panes[3] = GTK_WIDGET (page->merge_list);
  return assay_page_review_is_merging (page) ? 4 : 3;
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
  assay_page_review_cancel_loading (page);
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
  gtk_widget_class_bind_template_child (class, AssayPageReview, beside);
  gtk_widget_class_bind_template_child (class, AssayPageReview, right);
  gtk_widget_class_bind_template_child (class, AssayPageReview, merge_list);
  gtk_widget_class_bind_template_child (class, AssayPageReview, acts);
  gtk_widget_class_bind_template_child (class, AssayPageReview, questions);
  gtk_widget_class_bind_template_child (class, AssayPageReview, unclear_popover);
  gtk_widget_class_bind_template_child (class, AssayPageReview, unclear_button);
  gtk_widget_class_bind_template_child (class, AssayPageReview, unclear_question);
  gtk_widget_class_bind_template_child (class, AssayPageReview, sound);
  gtk_widget_class_bind_template_child (class, AssayPageReview, says);
  gtk_widget_class_bind_template_child (class, AssayPageReview, view_row);
  gtk_widget_class_bind_template_child (class, AssayPageReview, answers);
  gtk_widget_class_bind_template_child (class, AssayPageReview, dismiss_popover);
  gtk_widget_class_bind_template_child (class, AssayPageReview, back_popover);
  gtk_widget_class_bind_template_child (class, AssayPageReview, dismiss_why);
  gtk_widget_class_bind_template_child (class, AssayPageReview, back_comment);
  gtk_widget_class_bind_template_child (class, AssayPageReview, back_whom);
  gtk_widget_class_bind_template_child (class, AssayPageReview, dismiss_button);
  gtk_widget_class_bind_template_child (class, AssayPageReview, back_button);
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
  g_type_ensure (ASSAY_TYPE_MERGE_LIST);
  g_type_ensure (ASSAY_TYPE_QUESTION_LIST);
  g_type_ensure (ASSAY_TYPE_REVIEW_BESIDE);
  g_type_ensure (ASSAY_TYPE_REVIEW_SOUND);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/page-review.ui");
  bind_children (widget_class);
  assay_page_review_install_views (widget_class);
  assay_page_review_install_decisions (widget_class);
  assay_page_review_install_merge (widget_class);
  assay_page_review_install_edit (widget_class);
  assay_page_review_install_sweep (widget_class);
  gtk_widget_class_install_action (widget_class, "page.run-checks", NULL, run_checks);
  gtk_widget_class_install_action (widget_class, "page.next", NULL, step);
  gtk_widget_class_install_action (widget_class, "page.previous", NULL, step);
  gtk_widget_class_install_action (widget_class, "page.toggle-left", NULL, toggle_left);
  gtk_widget_class_install_action (widget_class, "page.dashboard", NULL, toggle_dashboard);
}

static void
assay_page_review_init (AssayPageReview *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  page->dashboard = ASSAY_DASHBOARD (assay_dashboard_new ());
  gtk_widget_set_visible (GTK_WIDGET (page->dashboard), FALSE);
  gtk_widget_set_parent (GTK_WIDGET (page->dashboard), GTK_WIDGET (page));
  g_signal_connect_object (page->dashboard, "closed", G_CALLBACK (on_dashboard_closed), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->dashboard, "open-item", G_CALLBACK (on_dashboard_item), page, G_CONNECT_SWAPPED);
  assay_page_review_init_views (page);
  assay_page_review_init_decisions (page);
  assay_page_review_init_merge (page);
  g_signal_connect_object (page->findings, "selected", G_CALLBACK (on_selected), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->findings, "activated", G_CALLBACK (on_activated), page, G_CONNECT_SWAPPED);
  assay_page_review_update_actions (page);
}
