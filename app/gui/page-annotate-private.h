/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/page-annotate-private.h - what the page (page-annotate.c) and its actions (page-annotate-act.c) share. Main
 * thread. */
#include "app/gui/annotation.h"
#include "app/gui/class-list.h"
#include "app/gui/class-type.h"
#include "app/gui/guideline-pane.h"
#include "app/gui/history-list.h"
#include "app/gui/item-list.h"
#include "app/gui/item-notice.h"
#include "app/gui/object-list.h"
#include "app/gui/object-panel.h"
#include "app/gui/option-bar.h"
#include "app/gui/page-annotate.h"
#include "app/gui/picture-bench.h"
#include "app/gui/skip-reason.h"
#include "app/gui/sound-bench.h"
#include "app/gui/status-line.h"
#include "app/gui/tag-grid.h"
#include "app/gui/tag-strip.h"
#include "app/gui/track-strip.h"

#include <adwaita.h>

struct _AssayPageAnnotate
{
  GtkWidget parent_instance;
  AssayDesk *desk;             /* NULL without a project */
  AssayAnnotation *annotation; /* NULL without an item */
  AssayId current_class;       /* goes on from item to item */
  const AssayTool *tool;
  AssayOptions *options; /* of the tools: they go on from item to item, and from sitting to sitting */
  gboolean recalled;     /* the options are those of the last sitting */
  guint keep_options;    /* timeout: they are written a moment after the last change */
  gboolean breach_shown; /* the hint is a drawing rule's, and Alt+Enter applies its remedy */
  guint keep_view;       /* timeout: the place that is looked at is written a moment later */
  gboolean view_recalled; /* the first picture of the sitting has been shown as it was left, if it is the one */
  GHashTable *views;     /* AssayId of an item to AssayLeftView: as it was left in this sitting */
  AssayAids aids;        /* as they were written last */
  guint clock;           /* shows the active time once a second */
  gboolean shown;
  gint64 submit_row; /* this item is submitted as soon as it can be seen; 0 = none */
  gboolean qualified; /* this annotator has not to qualify for this task (core/qualification.h), as far as is known */
  gboolean leaving;  /* another item is selected: it opens as soon as this one is saved */
  gboolean to_grid;             /* leaving for the grid, and not for another item */
  gboolean stale;    /* the task or the annotator is another: the item opens anew as soon as it is saved */
  AssayPageMayClose may_close; /* whoever waits for an answer to that; NULL = nobody */
  gpointer close_data;

  AssayItemList *items;
  AssayItemNotice *notice;
  GtkRevealer *left, *right;
  GtkStack *stack, *benches;
  AdwStatusPage *empty;
  AssayOptionBar *options_bar;
  AssayPictureBench *picture;
  AssaySoundBench *sound;
  AssayTagStrip *tags;
  AssayTagGrid *grid;
  AssayTrackStrip *track;
  AssayClassList *classes;
  AssayObjectList *objects;
  GtkLabel *objects_title;
  AssayGuidelinePane *guideline;
  GtkExpander *guideline_expander;
  GtkMenuButton *object_menu;
  GtkPopoverMenu *context; /* the same menu, where the keys ask for it */
  GtkWidget *context_from; /* (nullable) had the focus then; weak */
  AssayObjectPanel *panel;
  AssayStatusLine *status;
  GtkWidget *foot; /* of the right panel: skip, submit */
  AssayClassType *class_type;
  AssaySkipReason *skip_reason;
  AssayHistoryList *history;
  GArray *recent;         /* of AssayId: classes, the one chosen last first */
  gboolean discuss, hard; /* is said of the item */
};

AssaySession *assay_page_annotate_get_session (AssayPageAnnotate *page);   /* (nullable) */
const AssayScene *assay_page_annotate_get_scene (AssayPageAnnotate *page); /* (nullable) */
/* (nullable) Whose answer is open: the annotator's, or that of their second self (core/again.h). */
const AssayAnnotator *assay_page_annotate_get_annotator (AssayPageAnnotate *page);
gboolean assay_page_annotate_is_sound (AssayPageAnnotate *page);
gboolean assay_page_annotate_is_tags (AssayPageAnnotate *page);
gboolean assay_page_annotate_is_seen (AssayPageAnnotate *page); /* what an answer would be an answer to */
/* The class, the tool, or the selection is another: shows what follows. */
void assay_page_annotate_update_class (AssayPageAnnotate *page);
void assay_page_annotate_update_tool (AssayPageAnnotate *page);
/* An option of a tool is another: written a moment later. */
void assay_page_annotate_keep_options (AssayPageAnnotate *page);
void assay_page_annotate_update_bench (AssayPageAnnotate *page);
void assay_page_annotate_update_lists (AssayPageAnnotate *page);
void assay_page_annotate_show_hint (AssayPageAnnotate *page, const char *hint, gboolean of_rule);
/* Words that are being typed become edits. */
void assay_page_annotate_flush (AssayPageAnnotate *page);
/* The keys are the picture's, or the sound's. */
void assay_page_annotate_focus_work (AssayPageAnnotate *page);

/* Nothing is open afterwards. What is on its way is saved. */
void assay_page_annotate_leave (AssayPageAnnotate *page);
/* The selected item opens anew, as soon as what is open is saved. */
void assay_page_annotate_reopen (AssayPageAnnotate *page);
/* At once, or when the open item is saved. */
void assay_page_annotate_go_to_grid (AssayPageAnnotate *page);

/* page-annotate-grid.c */
void assay_page_annotate_install_grid (GtkWidgetClass *class);
void assay_page_annotate_init_grid (AssayPageAnnotate *page);
void assay_page_annotate_show_grid (AssayPageAnnotate *page); /* whatever is open is saved */
gboolean assay_page_annotate_has_grid (AssayPageAnnotate *page);
/* The class was chosen: TRUE = it was the grid's business. */
gboolean assay_page_annotate_grid_class (AssayPageAnnotate *page, guint index);

/* page-annotate-act.c */
void assay_page_annotate_update_menu (AssayPageAnnotate *page);
void assay_page_annotate_set_class (AssayPageAnnotate *page, guint index);
void assay_page_annotate_install_actions (GtkWidgetClass *class);
void assay_page_annotate_bind_lists (GtkWidgetClass *class);

/* page-annotate-answer.c */
void assay_page_annotate_handed_in (AssayPageAnnotate *page); /* on to the next, unless there is something to tell first */
void assay_page_annotate_install_answer (GtkWidgetClass *class);
void assay_page_annotate_submit_wanted (AssayPageAnnotate *page); /* it can be seen now: if that was waited for */

/* page-annotate-around.c */
void assay_page_annotate_read_around (AssayPageAnnotate *page); /* of the picture that is open */

/* page-annotate-desk.c */
void assay_page_annotate_install_desk (GtkWidgetClass *class);
void assay_page_annotate_init_desk (AssayPageAnnotate *page);
void assay_page_annotate_remember_class (AssayPageAnnotate *page); /* the current one was chosen */
void assay_page_annotate_update_flags (AssayPageAnnotate *page);   /* reads what is said of the item */

/* page-annotate-view.c: zoom or place is another; a picture is shown; it is left; another project is there. */
void assay_page_annotate_init_views (AssayPageAnnotate *page);
void assay_page_annotate_begin_views (AssayPageAnnotate *page);
void assay_page_annotate_view_changed (AssayPageAnnotate *page);
void assay_page_annotate_view_shown (AssayPageAnnotate *page);
void assay_page_annotate_view_left (AssayPageAnnotate *page);

/* page-annotate-menu.c */
void assay_page_annotate_install_menu (GtkWidgetClass *class);
void assay_page_annotate_init_menu (AssayPageAnnotate *page);

/* page-annotate-past.c */
void assay_page_annotate_install_past (GtkWidgetClass *class);
void assay_page_annotate_init_past (AssayPageAnnotate *page);
/* Active time is counted while the page is shown in the window in front. */
void assay_page_annotate_watch_window (AssayPageAnnotate *page, gboolean shown);
