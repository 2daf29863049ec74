/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/page-review-private.h - what the page (page-review.c), its views of a case (page-review-view.c) and its
 * decisions (page-review-decide.c) share. Main thread. */
#include "app/gui/agreement-panel.h"
#include "app/gui/answer-bar.h"
#include "app/gui/canvas.h"
#include "app/gui/dashboard.h"
#include "app/gui/finding-view.h"
#include "app/gui/merge-list.h"
#include "app/gui/page-review.h"
#include "app/gui/question-list.h"
#include "app/gui/review-act.h"
#include "app/gui/review-beside.h"
#include "app/gui/review-case.h"
#include "app/gui/review-difference.h"
#include "app/gui/review-edit.h"
#include "app/gui/review-sound.h"

typedef enum
{
  ASSAY_REVIEW_VIEW_OVERLAY,    /* every answer in its colour */
  ASSAY_REVIEW_VIEW_DIFFERENCE, /* where they differ */
  ASSAY_REVIEW_VIEW_BLINK,      /* one after the other */
  ASSAY_REVIEW_VIEW_BESIDE,     /* side by side */
  ASSAY_REVIEW_N_VIEWS
} AssayReviewView;

struct _AssayPageReview
{
  GtkWidget parent_instance;
  AssayDesk *desk;         /* NULL without a project */
  AssayReviewCase *review; /* what is shown; NULL = nothing */
  gint64 item_row, task_row; /* what is chosen: shown, or on its way; 0 = nothing */
  guint asked;             /* rises with each case that is asked for: only the newest answer counts */
  GCancellable *loading;   /* the picture on its way */
  GArray *whom;            /* of AssayId: the answers that can be sent back, as `back_whom` lists them */

  AssayReviewView view;
  AssayPyramid *pyramid;             /* of the item; NULL while it is on its way */
  AssayReviewDifference *difference; /* while it is shown */
  guint blink, blink_at;             /* timeout; which answer is seen */
  AssayReviewMerge *merge;           /* under way; NULL = none */
  AssayReviewEdit *edit;             /* over the window; NULL = none */
  gint64 sweep_row;                  /* the task that was swept through last */

  GtkRevealer *left, *right;
  AssayMergeList *merge_list;
  AssayFindingView *findings;
  AssayAgreementPanel *agreement;
  AssayDashboard *dashboard; /* in place of all the rest, while it is visible */
  gboolean shown;
  GtkStack *stack, *media;
  GtkLabel *name, *truth, *why;
  AssayCanvas *canvas;
  AssayReviewBeside *beside;
  AssayReviewSound *sound;
  AssayAnswerBar *answers;
  GtkLabel *says;    /* of the view, in words */
  GtkBox *view_row;  /* of the buttons */
  GtkToggleButton *views[ASSAY_REVIEW_N_VIEWS];
  GtkPopover *dismiss_popover, *back_popover;
  GtkEntry *dismiss_why, *back_comment;
  GtkDropDown *back_whom;
  GtkMenuButton *dismiss_button, *back_button, *unclear_button;
  GtkPopover *unclear_popover;
  GtkEntry *unclear_question;
  AssayQuestionList *questions;
  GtkBox *acts; /* the buttons of decisions */
};

/* Shows a case that no finding names. */
void assay_page_review_show_case_of (AssayPageReview *page, gint64 item_row, gint64 task_row);
/* What is decided is decided about what the reviewer sees: NULL while the case that was chosen is on its way. */
AssayReviewCase *assay_page_review_get_case (AssayPageReview *page);

/* page-review-view.c */
void assay_page_review_install_views (GtkWidgetClass *class);
void assay_page_review_init_views (AssayPageReview *page);
/* Another case, or the same one with other answers. `new_item`: its media are to be read. */
void assay_page_review_show_media (AssayPageReview *page, gboolean new_item);
/* The case goes: nothing that is drawn may borrow from it any more. */
void assay_page_review_clear_media (AssayPageReview *page);
void assay_page_review_cancel_loading (AssayPageReview *page);
GtkWidget *assay_page_review_get_work (AssayPageReview *page); /* what the keys are for */

/* page-review-decide.c */
void assay_page_review_install_decisions (GtkWidgetClass *class);
void assay_page_review_init_decisions (AssayPageReview *page);
void assay_page_review_update_actions (AssayPageReview *page);
/* Takes the act. Says what is settled, and goes on to the next finding. */
void assay_page_review_decide (AssayPageReview *page, AssayAct *take_act, const char *what);
/* Whom an answer can be sent back to. */
void assay_page_review_fill_whom (AssayPageReview *page);

/* page-review-merge.c */
void assay_page_review_install_merge (GtkWidgetClass *class);
void assay_page_review_init_merge (AssayPageReview *page);
gboolean assay_page_review_is_merging (AssayPageReview *page);
void assay_page_review_end_merge (AssayPageReview *page);
/* Before the case goes: what was chosen is chosen of `after` (nullable), when it has the same answers. */
void assay_page_review_renew_merge (AssayPageReview *page, const AssayReviewCase *after);

/* page-review-edit.c */
void assay_page_review_install_edit (GtkWidgetClass *class);

/* page-review-sweep.c */
void assay_page_review_install_sweep (GtkWidgetClass *class);
